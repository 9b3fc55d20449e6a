"""Several `dipnot serve` processes over one engine: what one builds all serve, and its faults."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from dipnot.types import Address
from fakes import LAKE
from milvus_server import Door, Server, free_port

pytestmark = pytest.mark.cluster
ROOT = Path(__file__).parent.parent
ADMIN = {"Authorization": "Bearer secret"}


@dataclass(frozen=True)
class Serving:
    """A server as a process; ``errors``: what it says on its standard error."""

    url: str
    client: httpx.Client
    process: subprocess.Popen[bytes]
    errors: Path

    def ask(self, question: str = "Göl ne oldu?") -> httpx.Response:
        return self.client.post("/api/ask", json={"question": question})

    def generation(self) -> str:
        told = self.client.get("/api/health").json()
        return str(told.get("generation"))


def until(holds: Callable[[], Any], seconds: float = 600) -> None:
    """Wait for a state, however slow the machine is."""
    last = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < last
        threading.Event().wait(0.1)


def started(
    errors: Path, command: Sequence[str | Path], folder: Path, **env: str
) -> subprocess.Popen[bytes]:
    with errors.open("wb") as file:
        return subprocess.Popen(
            command, cwd=folder, stdout=subprocess.DEVNULL, stderr=file, env={**os.environ, **env}
        )


@contextmanager
def serving(folder: Path, address: Address, *, text: str | None = None) -> Iterator[Serving]:
    """Start a server; one that has no text has no corpus."""
    folder.mkdir()
    (folder / "corpus").mkdir()
    if text is not None:
        (folder / "corpus" / "lake.txt").write_text(text, "utf-8")
    port = free_port()
    errors = folder / "errors"
    process = started(
        errors, [sys.executable, ROOT / "tests" / "serving.py"], folder,
        PYTHONUTF8="1", DIPNOT_PORT=str(port), DIPNOT_INDEX=str(address),
        DIPNOT_ADMIN_TOKEN="secret", DIPNOT_INDEX_KEY="me:hush-hush",
    )  # fmt: skip
    url = f"http://127.0.0.1:{port}"
    with httpx.Client(base_url=url, trust_env=False, timeout=90) as client:
        made = Serving(url, client, process, errors)
        try:
            until(lambda: _listens(made))
            yield made
        finally:
            process.kill()
            process.wait()


def _listens(one: Serving) -> bool:
    assert one.process.poll() is None, one.errors.read_text()
    try:
        return one.client.get("/api/health/live").status_code == 200
    except httpx.TransportError:
        return False


def ready(one: Serving) -> bool:
    return one.client.get("/api/health").status_code == 200


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("servers")


@pytest.fixture(scope="module")
def two(folder: Path, milvus: Server) -> Iterator[tuple[Serving, Serving]]:
    """One server that builds, and one without a corpus; the tests use them one after the other."""
    database = milvus.new_database()
    with ExitStack() as stack:
        one = stack.enter_context(serving(folder / "one", database, text=LAKE))
        other = stack.enter_context(serving(folder / "other", database))
        until(lambda: ready(one) and ready(other))
        yield one, other


def test_a_rebuild_on_one_server_is_seen_by_all_and_so_is_going_back_on_another(
    two: tuple[Serving, Serving], folder: Path
) -> None:
    one, other = two
    first = one.generation()
    assert other.ask().json()["generation"] == first == one.ask().json()["generation"]
    lake = folder / "one" / "corpus" / "lake.txt"
    lake.write_text(f"{LAKE}\n\nGöl şimdi kayıptır.\n", "utf-8")
    assert one.client.post("/api/index/rebuild", headers=ADMIN).status_code == 202
    until(lambda: one.client.get("/api/index/rebuild").json()["state"] != "running")
    assert one.client.get("/api/index/rebuild").json()["report"]["changed"] == ["lake"]
    until(lambda: first not in (one.generation(), other.generation()))
    second = one.generation()
    for each in two:
        answer = each.ask("Göl kayıp mı?").json()
        assert answer["generation"] == second
        assert any("kayıptır" in citation["quote"] for citation in answer["citations"])
    text = other.client.get("/api/documents/lake/text").json()["text"]
    assert "kayıptır" in text, "a server without a corpus has its texts from the engine"
    assert other.client.post("/api/index/rollback", headers=ADMIN).status_code == 200
    until(lambda: one.generation() == first == other.generation())
    for each in two:
        hits = each.ask("Göl kayıp mı?").json()["hits"]
        assert hits
        assert not any("kayıptır" in hit["text"] for hit in hits)


@pytest.mark.skipif(shutil.which("caddy") is None, reason="has no proxy; apt-get install caddy")
def test_behind_the_proxy_a_reader_stays_with_one_server_and_another_takes_over(
    two: tuple[Serving, Serving], tmp_path: Path
) -> None:
    site = f"http://127.0.0.1:{free_port()}"
    servers = " ".join(each.url.removeprefix("http://") for each in two)
    file = str(ROOT / "deploy" / "Caddyfile")
    command = ["caddy", "run", "--config", file, "--adapter", "caddyfile"]
    proxy = started(
        tmp_path / "proxy", command, tmp_path, SITE=site, SERVERS=servers, BIND="127.0.0.1",
        XDG_DATA_HOME=str(tmp_path), XDG_CONFIG_HOME=str(tmp_path),
    )  # fmt: skip
    try:
        with httpx.Client(base_url=site, trust_env=False, timeout=90) as reader:
            through = Serving(site, reader, proxy, tmp_path / "proxy")
            until(lambda: _listens(through))
            before = [answers_of(each) for each in two]
            for _ in range(6):
                assert through.ask().status_code == 200
            asked = [answers_of(each) - n for each, n in zip(two, before, strict=True)]
            assert sorted(asked) == [0, 6], "all of a reader's with one"
            with reader.stream("POST", "/api/ask/stream", json={"question": "Göl?"}) as told:
                assert "event: done" in "\n".join(told.iter_lines())
            serving_one, spare = two if asked[0] else two[::-1]
            serving_one.process.kill()
            serving_one.process.wait()
            known = answers_of(spare)
            # Caddy 2.6 loses questions until it has seen that nobody is there; later ones send
            # them once more.
            until(lambda: through.ask().status_code == 200)
            assert through.ask().status_code == 200
            assert answers_of(spare) == known + 2
    finally:
        proxy.kill()
        proxy.wait()


def answers_of(one: Serving) -> int:
    lines = one.client.get("/metrics").text.splitlines()
    told = [line for line in lines if line.startswith("dipnot_answers_total{")]
    return sum(int(float(line.rpartition(" ")[2])) for line in told)


def test_an_engine_that_is_away_is_a_503_with_a_sentence_and_no_server_is_restarted(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Away at start, slow in mid-answer, gone in mid-answer; each time it comes back."""
    own = Server(tmp_path_factory.mktemp("own"))
    door = Door(own.port)
    address = Address("127.0.0.1", door.port, "test_away")
    try:
        with serving(tmp_path / "one", address, text=LAKE) as one:
            said = away(one, one.client.get("/api/health"), "cannot be reached|did not answer")
            own.start()
            with serving(tmp_path / "builder", address, text=LAKE) as builder:
                until(lambda: ready(builder))
            until(lambda: ready(one))
            assert one.ask().json()["citations"]
            door.hold()
            said += away(one, one.ask("Değirmen ne zaman yandı?"), "did not answer in time")
            door.let()
            until(lambda: one.ask("Değirmen ne zaman yandı?").status_code == 200)
            own.stop()
            said += away(one, one.ask("Bekçi ne yaptı?"), "cannot be reached|did not answer")
            own.start()
            until(lambda: one.ask("Bekçi ne yaptı?").status_code == 200)
            assert one.process.poll() is None
            logged = one.errors.read_text("utf-8")
        assert "hush" not in said + logged, "no key is ever told"
        assert "Traceback" not in logged
    finally:
        own.stop()
        door.close()


def sentence(one: Serving) -> str:
    return str(one.client.get("/api/health").json().get("detail", ""))


def away(one: Serving, response: httpx.Response, expected: str) -> str:
    """An error that a person understands: gives what it says."""
    until(lambda: "running" not in sentence(one))
    told = response.json() if response.status_code == 503 else one.client.get("/api/health").json()
    assert response.status_code == 503, response.text
    assert response.headers["content-type"] == "application/problem+json"
    return str(told["detail"])
