"""Serving: chat and API in one, the checks before a port is had, and a clean end."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import get_args

import httpx
import pytest
from fastapi.testclient import TestClient

from dipnot.building import update_index
from dipnot.engine import Engine
from dipnot.errors import ServerError
from dipnot.server.serve import ChatBackend, _address_left, _load, _prepare, make_server_app, serve
from dipnot.settings import Settings
from dipnot.types import Language
from dipnot_ui import BackendError
from fake_endpoint import saying_once_let, serving
from fakes import LAKE, RAILWAY, FakeEncoder, FakeReader


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
    return port


# --- before a port is had ------------------------------------------------------------------------


def test_a_taken_port_is_said_with_another_to_take(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        with pytest.raises(ServerError, match=rf"Port {port} on .* in use.*--port {port + 1}"):
            serve(replace(settings, port=port))


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.7", "::", "example.org"])
def test_a_host_that_others_can_reach_is_refused_unless_it_is_meant(
    host: str, settings: Settings
) -> None:
    with pytest.raises(ServerError, match=r"other machines.*DIPNOT_ALLOW_PUBLIC=1.*127\.0\.0\.1"):
        serve(replace(settings, host=host))


@pytest.mark.parametrize("host", ["a" * 300, "..", "a\0b"])
def test_a_host_that_is_none_is_a_sentence(host: str, settings: Settings) -> None:
    with pytest.raises(ServerError, match="cannot be had") as caught:
        serve(replace(settings, host=host, allow_public=True))
    assert str(caught.value).isprintable()


# --- what is served ------------------------------------------------------------------------------


def test_the_chat_is_at_the_root_and_the_api_beside_it(engine: Engine) -> None:
    with TestClient(make_server_app(engine), raise_server_exceptions=False) as client:
        page = client.get("/")
        assert page.status_code == 200
        assert page.headers["content-type"].startswith("text/html")
        assert client.get("/api/health").json()["status"] == "ok"
        assert client.post("/api/ask", json={"question": "göl"}).status_code == 200
        for method, path, status in (
            ("GET", "/api/nope", 404), ("GET", "/api", 404), ("POST", "/api", 404),
            ("DELETE", "/api/search", 405), ("BREW", "/api/ask", 405), ("GET", "/api/ask", 405),
        ):  # fmt: skip
            response = client.request(method, path)
            assert response.status_code == status, (method, path)
            assert response.headers["content-type"] == "application/problem+json"


def test_what_was_loaded_is_left_alone_by_the_garbage_collector(engine: Engine) -> None:
    """Looking at it took a quarter of a second each time, in which nothing was answered."""
    engine.begin_to_close()
    try:
        _load(engine, "")
        assert gc.get_freeze_count() > 10_000
    finally:
        gc.unfreeze()


def test_the_chat_gets_what_the_api_answers(engine: Engine) -> None:
    backend = ChatBackend(engine)
    client = TestClient(make_server_app(engine))
    question = "Değirmen ne zaman yandı?"
    (first, found), (last, told) = backend.ask(question, [])
    assert (first, last, len(found["hits"])) == ("hits", "done", 1)
    answered = client.post("/api/ask", json={"question": question}).json()
    assert {**told, "took_ms": 0} == {**answered, "took_ms": 0}
    assert backend.page("lake", 1) == client.get("/api/documents/lake/pages/1").json()
    (listed,) = client.get("/api/documents").json()["documents"]
    (document,) = backend.documents()
    assert {key: document[key] for key in listed} == listed
    assert document["examples"][0] == "Bu metin neyi anlatıyor?"


def test_the_chat_is_given_what_a_language_model_wrote_before_it_ends(settings: Settings) -> None:
    go = threading.Event()
    first, second = "Değirmen 3 Mayıs 1902’de yandı [1]. ", "Değirmen 1902’de yandı [1]."
    with serving(saying_once_let(go, f"{first}Değirmen", second[8:])) as fake:
        told = replace(settings, llm_url=fake.url, llm_model="small")
        engine = Engine(told, FakeEncoder(), FakeReader())
        engine.load()
        parts = ChatBackend(engine).ask("Değirmen ne zaman yandı?", [])
        got = [next(parts)]
        while got[-1][0] != "text":
            got.append(next(parts))
        assert got[-1][1]["text"] == first, "while the model is silent"
        go.set()
        got += parts
    names = [name for name, _ in got]
    texts = [data["text"] for name, data in got if name == "text"]
    whole = got[-1][1]
    assert list(dict.fromkeys(names)) == ["hits", "citation", "text", "done"]
    assert [data for name, data in got if name == "citation"] == whole["citations"]
    assert texts[1] == f"{second} "
    assert "".join(texts) == whole["answer"]


@pytest.mark.parametrize("question", ["1936", "ok", "1936?"])
def test_what_is_in_neither_language_is_answered_in_the_pages(
    engine: Engine, question: str
) -> None:
    backend = ChatBackend(engine)
    for lang in get_args(Language):
        *_, (_, told) = backend.ask(question, [], None, lang)
        assert told["language"] == lang
    history = [{"question": "Değirmen ne zaman yandı?", "answer": "1902’de."}]
    *_, (_, told) = backend.ask(question, history, None, "tr")
    assert told["language"] == "tr"
    # A question that is in one of them is answered in that one.
    *_, (_, told) = backend.ask("When was the lighthouse built?", [], None, "tr")
    assert told["language"] == "en"


def test_the_chat_is_told_whether_a_quotation_stands(engine: Engine) -> None:
    backend = ChatBackend(engine)
    text = engine.document("lake").text
    assert backend.stands("lake", 2, 9, text[2:9])
    for doc_id, start, end in (("lake", 1, 8), ("x", 2, 9), ("lake", 9, 2), ("lake", -5, -1)):
        assert not backend.stands(doc_id, start, end, text[2:9])


def test_the_nearest_passage_in_another_language_is_of_the_abstract_or_summary(
    engine: Engine,
) -> None:
    backend = ChatBackend(engine)
    found = backend.nearest("lake", "en", "lake")
    assert found is None or (found["language"], found["kind"]) in (
        ("en", "abstract"), ("en", "summary"),
    )  # fmt: skip
    assert backend.nearest("lake", "tr", "no-such") is None


def test_the_chat_gets_every_error_as_a_sentence(engine: Engine, settings: Settings) -> None:
    backend = ChatBackend(engine)
    for call in (
        lambda: list(backend.ask("", [])),
        lambda: list(backend.ask("göl", [], "x")),
        lambda: list(backend.ask("göl", [{"question": "a", "answer": "b"}] * 51)),
        lambda: backend.page("x", 1),
        lambda: backend.page("lake", 99),
        lambda: ChatBackend(Engine(settings)).documents(),
    ):
        with pytest.raises(BackendError, match=r"\w+ .*\."):
            call()


def test_the_chat_is_told_how_things_stand(engine: Engine, settings: Settings) -> None:
    status = ChatBackend(engine).status()
    assert status["feedback"] is True
    off = Engine(replace(settings, feedback="off"))
    assert ChatBackend(off).status()["feedback"] is False
    assert (status["ready"], status["stage"]) == (True, "idle")
    assert status["generation"] == engine.index.manifest.generation
    unready = ChatBackend(Engine(settings)).status()
    assert (unready["ready"], unready["generation"]) == (False, None)


def test_the_chat_says_that_the_newest_index_is_damaged_and_an_older_one_answers(
    engine: Engine, settings: Settings
) -> None:
    backend = ChatBackend(engine)
    assert backend.status()["damaged"] is False
    served = engine.index.manifest.generation
    (settings.corpus / "railway.txt").write_text(RAILWAY, "utf-8")
    made = update_index(settings, FakeEncoder(), lambda *_: None).generation
    (settings.index / "generations" / made / "dense" / "vectors.npy").write_bytes(b"")
    engine.catch_up()
    status = backend.status()
    assert (status["ready"], status["generation"], status["damaged"]) == (True, served, True)


def test_before_there_is_an_index_the_page_opens_and_the_api_says_503(settings: Settings) -> None:
    client = TestClient(make_server_app(Engine(settings, FakeEncoder())))
    assert client.get("/").status_code == 200
    assert client.get("/api/health").status_code == 503


# --- the whole of it -----------------------------------------------------------------------------


def test_the_address_that_is_left_goes_with_the_server_and_not_with_another(
    settings: Settings,
) -> None:
    file = settings.address_file
    assert file is not None
    with _address_left(replace(settings, host="::"), 8123):
        assert file.read_text("utf-8") == "http://127.0.0.1:8123"
    assert not file.exists()
    with _address_left(settings, 8123), _address_left(settings, 8124):
        pass
    assert not file.exists()
    with _address_left(settings, 8123):
        file.write_text("http://127.0.0.1:8124", "utf-8")
    assert file.exists()
    unwritable = replace(settings, index=settings.corpus / "lake.txt")
    with _address_left(unwritable, 8123):
        pass


@contextmanager
def running(folder: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """`dipnot serve` in a folder, from its first line on."""
    process = subprocess.Popen(
        [sys.executable, "-m", "dipnot", "serve", "--port", str(port)],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
    try:
        assert process.stdout is not None
        url = f"http://127.0.0.1:{port}"
        expected = f"Dipnot is at {url} (API at {url}/api/docs). Ctrl-C stops it.\n"
        assert process.stdout.readline() == expected
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.mark.model
@pytest.mark.skipif(os.name != "posix", reason="ends by signal")
def test_serve_builds_answers_and_ends_on_sigterm_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "lake.txt").write_text(LAKE, "utf-8")
    port = free_port()
    with running(tmp_path, port) as process, httpx.Client(trust_env=False, timeout=60) as client:
        url = f"http://127.0.0.1:{port}"
        statuses = []
        while process.poll() is None:
            try:
                health = client.get(f"{url}/api/health")
            except httpx.TransportError:
                time.sleep(0.1)
                continue
            statuses.append(health.status_code)
            if health.status_code == 200:
                break
            assert health.json()["detail"].startswith("The index is being prepared: ")
            time.sleep(0.1)
        assert statuses[0] == 503
        assert statuses[-1] == 200
        assert process.stdout is not None
        assert process.stdout.readline().startswith("Ready after ")
        assert client.get(url).status_code == 200
        answer = client.post(f"{url}/api/ask", json={"question": "Değirmen ne zaman yandı?"})
        assert any("3 Mayıs 1902" in hit["text"] for hit in answer.json()["hits"][:3])
        # A terminal finds it there, whatever port it is at.
        left = tmp_path / "index" / "SERVED_AT"
        assert left.read_text("utf-8") == url
        process.send_signal(signal.SIGTERM)
        said, errors = process.communicate(timeout=30)
    assert (process.returncode, said, errors) == (0, "Dipnot has stopped.\n", "")
    assert not left.exists()


@pytest.mark.model
@pytest.mark.skipif(os.name != "posix", reason="ends by signal")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_serve_ends_while_it_still_prepares_the_index(
    number: signal.Signals, tmp_path: Path
) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "lake.txt").write_text(LAKE, "utf-8")
    with running(tmp_path, free_port()) as process:
        process.send_signal(number)
        said, errors = process.communicate(timeout=30)
    assert (process.returncode, said, errors) == (0, "Dipnot has stopped.\n", "")
    assert not (tmp_path / "index" / "CURRENT").exists()


@pytest.mark.model
@pytest.mark.skipif(os.name != "posix", reason="ends by signal")
def test_serve_ends_in_the_middle_of_embedding_and_leaves_nothing_half_done(
    tmp_path: Path,
) -> None:
    (tmp_path / "corpus").mkdir()
    text = "".join(f"Değirmen {year} yılında yandı ve yeniden yapıldı. " for year in range(3000))
    (tmp_path / "corpus" / "long.txt").write_text(text, "utf-8")
    port = free_port()
    with running(tmp_path, port) as process, httpx.Client(trust_env=False, timeout=60) as client:
        for _ in range(600):
            with contextlib.suppress(httpx.TransportError):
                if "embedding (" in client.get(f"http://127.0.0.1:{port}/api/health").text:
                    break
            time.sleep(0.1)
        process.send_signal(signal.SIGTERM)
        said, errors = process.communicate(timeout=30)
    assert (process.returncode, said, errors) == (0, "Dipnot has stopped.\n", "")
    assert not (tmp_path / "index" / "CURRENT").exists()


def test_a_disk_that_is_full_at_the_first_start_is_a_sentence(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full() -> None:
        raise OSError(28, "No space left on device", "/cache/model")

    engine = Engine(settings)
    monkeypatch.setattr(engine, "load", full)
    _prepare(engine, "http://x")
    said = capsys.readouterr().err
    assert said == "dipnot: [Errno 28] No space left on device: '/cache/model'.\n"
