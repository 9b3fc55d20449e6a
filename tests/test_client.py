"""The client against the API itself: the same values sync, async and streamed, and its errors."""

from __future__ import annotations

import asyncio
import inspect
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, fields, replace
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient

from bridge import Bridge
from dipnot import client as module
from dipnot.client import Answer, AsyncDipnot, Citation, Dipnot, Event, Problem, Writing, _made
from dipnot.engine import Engine
from dipnot.server.api import make_app
from dipnot.server.schemas.answers import WritingShape
from fake_endpoint import saying, serving
from fakes import FakeEncoder, FakeReader

QUESTION = "Değirmen ne zaman yandı?"


@pytest.fixture
def client(engine: Engine) -> Iterator[Dipnot]:
    with Dipnot("http://localhost", transport=Bridge(engine)) as made:
        yield made


def test_the_public_names_are_these_and_sorted() -> None:
    public = [
        name
        for name, value in vars(module).items()
        if not name.startswith("_") and getattr(value, "__module__", None) == module.__name__
    ]
    assert sorted({*public, "Event"}) == module.__all__


def test_answers_searches_checks_and_pages_are_what_the_api_gives(
    client: Dipnot, engine: Engine
) -> None:
    api = TestClient(make_app(engine))
    answer = client.ask(QUESTION, k=3)
    assert timeless(asdict(answer)) == timeless(
        tupled(api.post("/api/ask", json={"question": QUESTION, "k": 3}).json())
    )
    assert isinstance(answer.citations[0], Citation)
    found = client.search("göl", 2, offset=1, language="tr")
    params: dict[str, str | int] = {"q": "göl", "k": 2, "offset": 1, "language": "tr"}
    assert timeless(asdict(found)) == timeless(tupled(api.get("/api/search", params=params).json()))
    check = client.verify("Bekçi yangını herkese haber verdi", "lake", 1)
    body = {"quote": "Bekçi yangını herkese haber verdi", "doc_id": "lake", "page": 1}
    assert asdict(check) == tupled(api.post("/api/verify", json=body).json())
    assert [d.doc_id for d in client.documents()] == ["lake"]
    assert client.page("lake", 1).text == engine.document("lake").text
    assert client.health().generation == answer.generation


def timeless(value: dict[str, Any]) -> dict[str, Any]:
    return {**value, "took_ms": 0}


def tupled(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: tupled(inner) for key, inner in value.items()}
    return tuple(map(tupled, value)) if isinstance(value, list) else value


def test_a_stream_ends_with_the_whole_and_can_be_asked_on(client: Dipnot) -> None:
    hits, *middle, whole = client.stream(QUESTION, k=3)
    assert isinstance(whole, Answer)
    assert hits == whole.hits
    assert middle == [*whole.citations, whole.answer]
    followed = client.ask("Peki neden?", [whole])
    assert followed.resolved_question == "Değirmen: Peki neden?"


def test_what_the_server_refuses_is_a_problem_with_its_code(client: Dipnot) -> None:
    calls: list[Any] = [
        lambda: client.search(""),
        lambda: client.page("x", 1),
        lambda: client.page("../a b", 1),
        lambda: list(client.stream("")),
    ]
    codes = []
    for call in calls:
        with pytest.raises(Problem, match=r"\.") as refused:
            call()
        codes.append((refused.value.status, refused.value.code))
    assert codes == [(422, "invalid-input"), (404, "not-found"), (404, "not-found"),
                     (422, "invalid-input")]  # fmt: skip


def test_an_error_in_the_middle_of_a_stream_and_another_server_are_problems() -> None:
    problem = '{"status": 500, "code": "failed", "detail": "It failed."}'
    stream = f'event: text\ndata: {{"text": "a"}}\n\nevent: error\ndata: {problem}\n\n'

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200 if "stream" in request.url.path else 502, text=stream)

    with Dipnot(transport=httpx.MockTransport(answer)) as client:
        parts = client.stream("a")
        assert next(parts) == "a"
        with pytest.raises(Problem, match="It failed"):
            next(parts)
        with pytest.raises(Problem, match="HTTP 502"):
            client.health()


@pytest.mark.parametrize("status", [302, 307])
def test_a_redirect_is_no_answer(client: Dipnot, status: int) -> None:
    answer = client.ask(QUESTION)

    def redirect(_: httpx.Request) -> httpx.Response:
        return httpx.Response(status, headers={"Location": "https://a.example/login"})

    with Dipnot(transport=httpx.MockTransport(redirect)) as away:
        for call in (
            lambda: away.feedback(answer, helpful=True),
            away.documents,
            lambda: list(away.stream(QUESTION)),
        ):
            with pytest.raises(Problem, match=f"HTTP {status}") as caught:
                call()
            assert caught.value.status == status


def test_what_is_no_answer_has_the_status_that_it_came_with() -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(203, text="<html>"))
    with Dipnot(transport=transport) as client, pytest.raises(Problem, match="release") as caught:
        client.health()
    assert caught.value.status == 203


def test_a_stream_that_ends_inside_the_whole_broke_off(client: Dipnot, engine: Engine) -> None:
    sent = TestClient(make_app(engine)).post("/api/ask/stream", json={"question": QUESTION})
    whole = sent.text
    assert isinstance(list(client.stream(QUESTION))[-1], Answer)
    for cut in (whole.rstrip("\n"), whole[: whole.index("event: done") + 12], whole[:-200]):
        transport = httpx.MockTransport(lambda _, cut=cut: httpx.Response(200, text=cut))
        with Dipnot(transport=transport) as away, pytest.raises(httpx.RemoteProtocolError):
            list(away.stream(QUESTION))


@pytest.mark.parametrize("end", ["\x85", "\u2028", "\u2029"])
def test_a_stream_is_read_by_its_line_feeds_whatever_the_question_holds(
    engine: Engine, end: str
) -> None:
    api = TestClient(make_app(engine))
    question = f"Değirmen ne{end}zaman yandı?"
    sent = api.post("/api/ask/stream", json={"question": question}).text
    assert not set(sent) & set("\x85\u2028\u2029")
    raw = sent.replace("Değirmen", f"Değirmen{end}")

    def cut(request: httpx.Request) -> httpx.Response:
        pieces = (raw.encode()[at : at + 7] for at in range(0, len(raw.encode()), 7))
        return httpx.Response(200, content=pieces, headers={"Content-Type": "text/event-stream"})

    async def later() -> list[Event]:
        transport = httpx.MockTransport(lambda request: httpx.Response(200, text=raw))
        async with AsyncDipnot("http://localhost", transport=transport) as client:
            return [part async for part in client.stream(question)]

    with Dipnot("http://localhost", transport=httpx.MockTransport(cut)) as client:
        parts = list(client.stream(question))
    assert isinstance(parts[-1], Answer)
    assert parts == asyncio.run(later())


def test_what_a_language_model_wrote_comes_in_pieces_with_who_wrote_it(engine: Engine) -> None:
    with serving(saying("Değirmen 3 Mayıs 1902’de yandı [1]. Selim yaktı [1].")) as fake:
        settings = replace(engine.settings, llm_url=fake.url, llm_model="small")
        writing = Engine(settings, FakeEncoder(), FakeReader())
        writing.load()
        client = Dipnot("http://localhost", transport=Bridge(writing))
        _, *middle, whole = client.stream("Değirmen ne zaman yandı?")
        plain = client.ask("Değirmen ne zaman yandı?", mode="extractive")
    assert isinstance(whole, Answer)
    assert "".join(part for part in middle if isinstance(part, str)) == whole.answer
    assert whole.mode == "written"
    assert whole.writing is not None
    assert [s.citations for s in whole.writing.sentences] == [(1,)]
    assert (whole.writing.model, whole.writing.struck) == ("small", ("name",))
    assert (plain.mode, plain.writing) == ("extractive", None)


def test_the_async_client_gives_the_same(engine: Engine) -> None:
    async def ask() -> None:
        transport = httpx.ASGITransport(make_app(engine))
        async with AsyncDipnot("http://localhost", transport=transport) as client:
            answer = await client.ask(QUESTION)
            parts = [part async for part in client.stream(QUESTION)]
            assert isinstance(parts[-1], Answer)
            assert timeless(asdict(parts[-1])) == timeless(asdict(answer))
            assert (await client.search("göl", 1)).hits[0].rank == 1
            assert (await client.verify("Göl 1887 yılında")).stands
            assert (await client.page("lake", 1)).number == 1
            assert (await client.health()).documents == len(await client.documents())
            with pytest.raises(Problem):
                await client.ask("")
            with pytest.raises(Problem):
                [part async for part in client.stream("")]

    asyncio.run(ask())


def test_importing_it_brings_in_nothing_of_the_server() -> None:
    code = "import sys, dipnot.client; print(*{m.split('.')[0] for m in sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"torch", "numpy", "fastapi", "starlette", "gradio"} & set(done.stdout.split())


def test_a_key_to_read_is_sent_and_none_is_not() -> None:
    sent: list[str | None] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request.headers.get("authorization"))
        return httpx.Response(503, json={})

    for token in ("okuyucu", None):
        with Dipnot(token=token, transport=httpx.MockTransport(answer)) as client:
            assert client.reachable() is None
    assert sent == ["Bearer okuyucu", None]


def test_a_host_whose_name_cannot_be_looked_up_is_not_reachable() -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        raise UnicodeError("label empty or too long")

    with Dipnot(transport=httpx.MockTransport(answer)) as client:
        assert client.reachable() is None


@pytest.mark.parametrize("head", [b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nX: "])
def test_a_server_that_drips_is_not_waited_for(head: bytes) -> None:
    def drip() -> None:
        with listening.accept()[0] as taken:
            taken.recv(4096)
            taken.sendall(head)
            while not done.wait(0.2):
                taken.sendall(b"x")

    done = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        dripping = threading.Thread(target=drip)
        dripping.start()
        begun = time.monotonic()
        with Dipnot(f"http://127.0.0.1:{listening.getsockname()[1]}") as client:
            assert client.reachable() is None
        assert time.monotonic() - begun < 4
        done.set()
        dripping.join()


def test_an_endless_answer_about_health_is_not_read_to_its_end() -> None:
    read: list[bytes] = []

    def parts() -> Iterator[bytes]:
        while len(read) < 1000:
            read.append(b" " * 10_000)
            yield read[-1]

    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=parts()))
    with Dipnot(transport=transport) as client:
        assert client.reachable() is None
    assert len(read) < 20


def test_writing_is_told_as_the_api_tells_it_and_an_older_server_is_understood() -> None:
    assert {f.name for f in fields(Writing)} == set(WritingShape.model_fields)
    told: dict[str, Any] = {
        "endpoint": "e",
        "model": "m",
        "sentences": [],
        "struck": [],
        "trouble": None,
    }
    assert _made(Writing, told) == Writing("e", "m", (), (), None)
    assert _made(Writing, told | {"reason": "slow", "notes": ["a"]}).notes == ("a",)


def test_both_clients_have_the_same_methods_with_the_same_words_and_parameters() -> None:
    names = {name for name in vars(Dipnot) if not name.startswith("_")} - {"reachable"}
    assert names == {name for name in vars(AsyncDipnot) if not name.startswith("_")}
    for name in names:
        one, other = getattr(Dipnot, name), getattr(AsyncDipnot, name)
        assert one.__name__ == other.__name__ == name
        assert one.__doc__ == other.__doc__
        assert list(inspect.signature(one).parameters) == list(inspect.signature(other).parameters)
    assert list(inspect.signature(Dipnot().ask).parameters) == [
        "question", "history", "k", "doc_id", "mode",
    ]  # fmt: skip


def test_what_asks_nothing_was_not_searched_for(client: Dipnot) -> None:
    assert client.ask("Merhaba!").resolved_question is None


def test_what_is_not_to_be_reranked_is_not_read(engine: Engine) -> None:
    reader = FakeReader()
    read = Engine(engine.settings, FakeEncoder(), reader)
    read.load()
    with Dipnot("http://localhost", transport=Bridge(read)) as client:
        assert client.search(QUESTION, rerank=False).hits
        assert reader.read_windows == []
        assert client.search(QUESTION).hits
        assert len(reader.read_windows) == 1
