"""Connections of a real server: how many, how long, and what becomes of them at its end."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from dipnot.models.cores import cores
from dipnot.server import connections
from fake_endpoint import saying_once_let, serving
from fakes import LAKE

pytestmark = pytest.mark.skipif(os.name != "posix", reason="ends by signal")
SLOW = {"question": "Değirmen yavaş yavaş ne zaman yandı?"}


@dataclass
class Running:
    """A server that answers; ``hold``: makes slow questions be answered."""

    process: subprocess.Popen[str]
    port: int
    folder: Path
    client: httpx.Client

    def hold(self) -> None:
        (self.folder / "go").touch()

    def ask(self) -> httpx.Response:
        return self.client.post("/api/ask", json=SLOW)

    def metric(self, name: str) -> float:
        text = self.client.get("/metrics").text
        found = re.search(rf"^dipnot_{name} (\S+)$", text, re.MULTILINE)
        assert found, name
        return float(found.group(1))

    def end(self, number: int = signal.SIGTERM) -> tuple[int, str, str]:
        self.process.send_signal(number)
        said, errors = self.process.communicate(timeout=60)
        return self.process.returncode, said, errors

    def raw(self, data: bytes) -> socket.socket:
        made = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        made.sendall(data)
        return made


@contextmanager
def running(folder: Path, *, ready: bool = True, **told: str) -> Iterator[Running]:
    (folder / "corpus").mkdir()
    (folder / "corpus" / "lake.txt").write_text(LAKE, "utf-8")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, str(Path(__file__).parents[1] / "serving.py")],
        cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1", "DIPNOT_PORT": str(port),
             "FAKE_ASK": str(folder / "go"), **told},
    )  # fmt: skip
    limits = httpx.Limits(max_keepalive_connections=0)
    client = httpx.Client(
        base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=60, limits=limits
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("Dipnot is at ")
        if ready:
            assert process.stdout.readline().startswith("Ready after ")
        yield Running(process, port, folder, client)
    finally:
        client.close()
        process.kill()
        process.communicate()


def test_under_full_load_all_else_answers_and_at_the_end_answers_in_flight_are_finished(
    tmp_path: Path,
) -> None:
    with (
        running(tmp_path, DIPNOT_MAX_CONCURRENT="8") as server,
        ThreadPoolExecutor(60) as pool,
    ):
        asked = [pool.submit(server.ask) for _ in range(60)]
        while server.metric("questions_refused") < 52:
            assert server.client.get("/api/health").status_code == 200
        begun = int(server.metric("questions_running"))
        assert begun + server.metric("questions_waiting") == 8
        refused = server.ask()
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "2")
        # Reading waits behind nobody, nor does an admin, nor the page.
        assert server.client.get("/api/documents/lake/text").status_code == 200
        assert server.client.post("/api/index/rebuild").status_code == 403
        assert server.client.get("/").status_code == 200
        assert server.metric("event_loop_lag_seconds_count") >= 1
        page = server.raw(b"GET /gradio_api/heartbeat/abc HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert b" 200 " in page.recv(1000)
        half = server.raw(
            b"POST /api/ask HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99\r\n\r\n{"
        )
        server.process.send_signal(signal.SIGTERM)
        while True:  # nobody is let in any more
            try:
                socket.create_connection(("127.0.0.1", server.port), timeout=60).close()
            except OSError:
                break
        server.hold()
        answers = [future.result() for future in asked]
        said, errors = server.process.communicate(timeout=60)
        page.close()
        half.close()
    told = [200] * begun + [429] * 52 + [503] * (8 - begun)
    assert sorted(answer.status_code for answer in answers) == told
    assert (server.process.returncode, said, errors) == (0, "Dipnot has stopped.\n", "")


def test_at_the_end_questions_that_wait_are_refused_at_once_and_those_begun_are_finished(
    tmp_path: Path,
) -> None:
    """None of those that wait is begun: each might take as long as all that the server has left."""
    places = cores() + 3
    with (
        running(tmp_path, DIPNOT_MAX_CONCURRENT=str(places)) as server,
        ThreadPoolExecutor(places) as pool,
    ):
        asked = {pool.submit(server.ask) for _ in range(places)}
        while server.metric("questions_waiting") < 3:
            pass
        server.process.send_signal(signal.SIGTERM)
        refused: set[Future[httpx.Response]] = set()
        begun = asked
        while len(refused) < 3:  # nothing that was begun has come to its end
            now, begun = wait(begun, return_when=FIRST_COMPLETED)
            refused |= now
        for one in refused:
            answer = one.result()
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["code"] == "stopping"
        assert server.process.poll() is None
        server.hold()
        assert [one.result().status_code for one in begun] == [200] * (places - 3)
        said, errors = server.process.communicate(timeout=60)
    assert (server.process.returncode, said, errors) == (0, "Dipnot has stopped.\n", "")


def over_the_page(server: Running, question: str) -> Iterator[str]:
    """Ask as the page does; gives the lines of its queue."""
    calls = server.client.get("/config").json()["dependencies"]
    ((number, target),) = [(c["id"], t[0]) for c in calls for t in c["targets"] if t[1] == "ask"]
    joined = server.client.post(
        "/gradio_api/queue/join",
        json={
            "data": ["tr"], "fn_index": number, "trigger_id": target, "session_hash": "abc",
            "event_data": {"key": "k", "question": question, "lang": "tr", "history": []},
        },
    )  # fmt: skip
    assert joined.status_code == 200, joined.text
    with server.client.stream("GET", "/gradio_api/queue/data?session_hash=abc") as told:
        yield from told.iter_lines()


def stop_listening(server: Running) -> None:
    """Have the server stop, and be quiet for longer than it waits for what is in flight."""
    server.process.send_signal(signal.SIGTERM)
    time.sleep(3 * connections._SETTLED)


def test_at_the_end_an_answer_over_the_page_is_finished(tmp_path: Path) -> None:
    with running(tmp_path) as server, ThreadPoolExecutor(1) as pool:
        told = pool.submit(lambda: list(over_the_page(server, SLOW["question"])))
        while server.metric("questions_running") < 1:
            pass
        stop_listening(server)
        server.hold()
        lines = told.result()
        said, errors = server.process.communicate(timeout=60)
    assert any("process_completed" in line and "data-verdict" in line for line in lines)
    assert (server.process.returncode, said, errors) == (0, "Dipnot has stopped.\n", "")


@pytest.mark.parametrize("path", ["/gradio_api/queue/data", "/api/ask", "/api/ask/stream"])
def test_at_the_end_what_is_being_written_is_finished(tmp_path: Path, path: str) -> None:
    """The writer is no question that is being answered: its place was given back."""
    go, holds = threading.Event(), "Değirmen 3 Mayıs 1902’de yandı [1]."
    with (
        serving(saying_once_let(go, "Değirmen 3 Mayıs", " 1902’de yandı [1].")) as fake,
        running(
            tmp_path, FAKE_READ="there", DIPNOT_LLM_URL=fake.url, DIPNOT_LLM_MODEL="small"
        ) as server,
        ThreadPoolExecutor(1) as pool,
    ):
        question = "Değirmen ne zaman yandı?"
        wanted = holds if path.startswith("/api") else "dn-written"
        if path.startswith("/api"):
            told = pool.submit(lambda: server.client.post(path, json={"question": question}).text)
        else:
            told = pool.submit(lambda: "".join(over_the_page(server, question)))
        while not fake.bodies or server.metric("questions_running"):
            pass
        stop_listening(server)
        assert not told.done()
        go.set()
        assert wanted in told.result()
        said, errors = server.process.communicate(timeout=60)
    assert (server.process.returncode, said, errors) == (0, "Dipnot has stopped.\n", "")


def test_a_server_that_loads_its_models_ends_at_once(tmp_path: Path) -> None:
    with running(tmp_path, ready=False, FAKE_LOAD=str(tmp_path / "never")) as server:
        while server.client.get("/api/health/live").status_code != 200:
            pass
        assert server.client.get("/api/health").status_code == 503
        assert server.end() == (0, "Dipnot has stopped.\n", "")


def test_who_keeps_a_request_back_makes_room_for_who_asks(tmp_path: Path) -> None:
    """With so few files that a thousand half requests would take them all."""
    with running(tmp_path, FAKE_FILES="120") as server, contextlib.ExitStack() as cleanup:
        for _ in range(150):
            cleanup.enter_context(server.raw(b"GET /api/health HTTP/1.1\r\nHost: loc"))
        for _ in range(5):
            assert server.client.get("/api/health").status_code == 200
        server.hold()
        assert server.ask().status_code == 200
        assert server.end() == (0, "Dipnot has stopped.\n", "")


def test_who_keeps_half_a_request_or_takes_no_answer_is_dropped(tmp_path: Path) -> None:
    with running(tmp_path, FAKE_HEAD="0.2") as server:
        half = server.raw(b"GET /api/health HTTP/1.1\r\n")
        assert half.recv(100) == b"", "the server hung up"
        whole = server.raw(b"GET /api/health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert b" 200 " in whole.recv(1000)
        whole.sendall(b"GET /api")
        rest = b""
        with contextlib.suppress(ConnectionResetError):
            while part := whole.recv(1000):
                rest += part
        half.close()
        whole.close()
        slow = server.raw(
            b"POST /api/ask HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99\r\n\r\n{"
        )
        assert slow.recv(100).startswith(b"HTTP/1.1 408 ")
        slow.close()
        if sys.platform == "linux":
            takes_nothing(server)
        assert server.client.get("/api/health").status_code == 200
        assert server.end() == (0, "Dipnot has stopped.\n", "")


ADMIN = b"Authorization: Bearer gizli\r\n"


def upload(size: int, key: bytes = b"") -> bytes:
    head = f"PUT /api/documents/yeni.txt HTTP/1.1\r\nHost: localhost\r\nContent-Length: {size}\r\n"
    return head.encode() + key + b"\r\nx"


@pytest.mark.parametrize(("key", "status"), [(b"", b"401"), (ADMIN, b"408")])
def test_an_upload_that_falls_silent_is_refused_and_hung_up_on(
    tmp_path: Path, key: bytes, status: bytes
) -> None:
    """Without a token too: the answer waits for what the client sends, but not for good."""
    with running(tmp_path, FAKE_HEAD="0.2", DIPNOT_ADMIN_TOKEN="gizli") as server:
        with server.raw(upload(1_000_000, key)) as silent:
            told = b""
            while part := silent.recv(10_000):
                told += part
        assert told.split()[1] == status
        assert b"\r\nconnection: close\r\n" in told.lower()
        assert [p.name for p in (tmp_path / "corpus").iterdir()] == ["lake.txt"]
        assert server.end() == (0, "Dipnot has stopped.\n", "")


def test_an_upload_that_is_broken_off_leaves_nothing_behind_and_is_no_failure(
    tmp_path: Path,
) -> None:
    with running(tmp_path, DIPNOT_ADMIN_TOKEN="gizli") as server:
        for key in (b"", ADMIN):
            with server.raw(upload(1_000_000, key)):
                pass
        while 'status="400"' not in server.client.get("/metrics").text:
            pass
        assert [p.name for p in (tmp_path / "corpus").iterdir()] == ["lake.txt"]
        assert server.end() == (0, "Dipnot has stopped.\n", "")


def takes_nothing(server: Running) -> None:
    """Ask for more than all buffers between hold, and read none of it until it is given up."""
    size = len(server.client.get("/api/docs/swagger-ui-bundle.js").content)
    asked = b"GET /api/docs/swagger-ui-bundle.js HTTP/1.1\r\nHost: localhost\r\n\r\n"
    stalled = server.raw(asked * 20)
    got = len(stalled.recv(1000))
    while is_held(server.port, stalled.getsockname()[1]):
        pass
    with contextlib.suppress(ConnectionResetError):
        while part := stalled.recv(1 << 20):
            got += len(part)
    stalled.close()
    assert got < 20 * size


def is_held(port: int, client: int) -> bool:
    """Whether a process still holds the server's end of a connection."""
    rows = [row.split() for row in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    ends = (f":{port:04X}", f":{client:04X}")
    return any(r[1].endswith(ends[0]) and r[2].endswith(ends[1]) and r[9] != "0" for r in rows)


def test_a_head_over_64_kib_is_refused_and_the_server_goes_on(tmp_path: Path) -> None:
    """It is refused as soon as so much has come without its end, not kept."""
    most = 64 * 1024
    begin = b"GET /api/health HTTP/1.1\r\nHost: localhost\r\nX: "
    with running(tmp_path) as server:
        with server.raw(begin + b"a" * (most - 1024) + b"\r\n\r\n") as client:
            assert client.recv(100).split()[1] == b"200"
        with server.raw(begin + b"a" * most) as client:
            assert client.recv(100).split()[1] == b"400"
            assert client.recv(10_000)[-1:] != b"a"
        assert server.client.get("/api/health").status_code == 200


@pytest.mark.skipif(sys.platform != "linux", reason="reads what processes were begun with")
def test_no_token_stands_in_the_log_or_in_what_others_see_of_the_processes(tmp_path: Path) -> None:
    told = {"DIPNOT_ADMIN_TOKEN": "gizli-bir", "DIPNOT_READ_TOKEN": "gizli-iki"}
    told |= {"DIPNOT_LOG": "questions", "FAKE_HOLD": str(tmp_path / "go")}
    with running(tmp_path, ready=False, **told) as server:
        seen = Path(f"/proc/{server.process.pid}/cmdline").read_bytes()
        (tmp_path / "go").touch()
        assert server.process.stdout is not None
        assert server.process.stdout.readline().startswith("Ready after ")
        (tmp_path / "go").unlink()
        (tmp_path / "corpus" / "lake.txt").write_text(LAKE + "\nSon.\n", "utf-8")
        for token, status in (("gizli-yanlış", 401), ("gizli-bir", 202), ("gizli-bir", 409)):
            bearer = {b"Authorization": f"Bearer {token}".encode()}
            assert server.client.post("/api/index/rebuild", headers=bearer).status_code == status
        children = [p for p in Path("/proc").glob("[0-9]*") if is_child(p, server.process.pid)]
        seen += b"".join((child / "cmdline").read_bytes() for child in children)
        builds = [c for c in children if b"builder.py" in (c / "cmdline").read_bytes()]
        assert builds, "one is under way"
        told_to_them = b"".join((build / "environ").read_bytes() for build in builds)
        assert re.findall(rb"[^\0]*gizli[^\0]*", seen + told_to_them) == []
        reader = {"Authorization": "Bearer gizli-iki"}
        assert server.client.post("/api/ask", json={"question": "Göl?"}, headers=reader).is_success
        (tmp_path / "go").touch()
        _, said, errors = server.end()
        assert "gizli" not in said + errors


def is_child(process: Path, parent: int) -> bool:
    with contextlib.suppress(OSError):
        return f"PPid:\t{parent}\n" in (process / "status").read_text()
    return False
