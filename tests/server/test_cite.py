"""Citations, exports and feedback over HTTP and by the client."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient

from dipnot.client import AsyncDipnot, Dipnot, Problem
from dipnot.engine import Engine
from dipnot.server.api import make_app
from dipnot.server.feedback import read_feedback

PLACE = {"doc_id": "lake", "start": 24, "end": 51}


@pytest.fixture
def client(engine: Engine) -> TestClient:
    return TestClient(make_app(engine), raise_server_exceptions=False)


def reported(engine: Engine) -> dict[str, Any]:
    """The range of the sentence that reports a source."""
    text = engine.document("lake").text
    start = text.index("Köylüler")
    return {"doc_id": "lake", "start": start, "end": text.index(")", start) + 2}


@pytest.mark.parametrize("style", ["chicago", "apa", "isnad", "mla"])
@pytest.mark.parametrize("lang", ["tr", "en"])
def test_a_range_is_cited_in_every_style_and_language(
    client: TestClient, engine: Engine, style: str, lang: str
) -> None:
    body = {"citations": [reported(engine)], "style": style, "lang": lang}
    response = client.post("/api/cite", json=body)
    assert response.status_code == 200, response.text
    text = response.json()["text"]
    assert "Göl ve Kıyısı" in text
    assert f"{'Kaynak aktarımı' if lang == 'tr' else 'Citing'}: Yılmaz, 1990, s. 12." in text


def test_a_conversation_is_exported_with_a_name_for_its_file(
    client: TestClient, engine: Engine
) -> None:
    turns = [
        {"question": "Köy ne yaptı?", "answer": "“…” [1]", "citations": [reported(engine)]},
        {"question": "Ay?", "answer": "Metin bunu söylemiyor."},
    ]
    for format_, ending in (("markdown", "md"), ("text", "txt"), ("bibtex", "bib"), ("ris", "ris")):
        told = client.post("/api/export", json={"turns": turns, "format": format_}).json()
        assert told["filename"] == f"koy-ne-yapti.{ending}"
        assert "Göl ve Kıyısı" in told["text"]


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"citations": []}, 422, "citations"),
        ({"citations": [PLACE] * 201}, 422, "citations"),
        ({"citations": [PLACE | {"end": 10**9}]}, 422, "citations.0"),
        ({"citations": [PLACE | {"start": 60}]}, 422, "citations.0"),
        ({"citations": [PLACE | {"start": -1}]}, 422, "citations.0.start"),
        ({"citations": [PLACE | {"doc_id": "../x"}]}, 404, None),
        ({"style": "harvard"}, 422, "style"),
        ({"lang": "de"}, 422, "lang"),
        ({"format": "pdf"}, 422, "format"),
        ({"more": 1}, 422, "more"),
    ],
)
def test_what_cannot_be_cited_is_a_problem_that_names_the_field(
    client: TestClient, change: dict[str, Any], status: int, field: str | None
) -> None:
    response = client.post("/api/cite", json={"citations": [PLACE]} | change)
    assert response.status_code == status, response.text
    assert response.json().get("field") == field


def test_too_many_citations_in_all_turns_are_refused(client: TestClient) -> None:
    turn = {"question": "a", "answer": "b", "citations": [PLACE] * 101}
    response = client.post("/api/export", json={"turns": [turn] * 15})
    assert (response.status_code, response.json()["field"]) == (422, "turns")
    response = client.post("/api/export", json={"turns": [{**turn, "citations": []}] * 501})
    assert (response.status_code, response.json()["field"]) == (422, "turns")


@pytest.mark.parametrize("format_", ["text", "bibtex"])
def test_a_conversation_of_as_many_turns_as_a_browser_keeps_is_exported_whole(
    client: TestClient, format_: str
) -> None:
    turn = {"question": "Köy?", "answer": "[1] [2]", "citations": [PLACE] * 2}
    response = client.post("/api/export", json={"turns": [turn] * 500, "format": format_})
    assert response.status_code == 200, response.text
    if format_ == "text":
        assert "\n[1000] " in response.json()["text"]


def test_words_that_no_longer_stand_there_are_neither_cited_exported_nor_judged(
    client: TestClient, engine: Engine
) -> None:
    place = reported(engine)
    quote = engine.document("lake").text[place["start"] : place["end"]]
    turn = {"question": "Köy?", "answer": "[1]"}
    told = {"question": "Köy?", "verdict": "answered", "helpful": True}
    for words, status in ((quote, 200), (quote[:-1], 409)):
        asked = [place | {"quote": words}]
        sent = [
            client.post("/api/cite", json={"citations": asked}),
            client.post("/api/export", json={"turns": [turn | {"citations": asked}]}),
            client.post("/api/feedback", json=told | {"citations": asked}),
        ]
        assert [r.status_code for r in sent] == [status, status, 204 if status == 200 else 409]
        assert status == 200 or {r.json()["code"] for r in sent} == {"text-changed"}
    assert sent[1].json()["field"] == "turns.0.citations.0"
    # Beyond the end of a text that became shorter, too.
    beyond = place | {"start": 10**8, "end": 10**8 + 5, "quote": quote}
    assert client.post("/api/cite", json={"citations": [beyond]}).status_code == 409
    file = engine.settings.feedback_file
    assert file is not None
    assert len(list(read_feedback(file))) == 1


def test_feedback_is_kept_with_the_words_that_were_quoted(
    client: TestClient, engine: Engine
) -> None:
    body = {
        "question": "Köyü kim yaptı?", "verdict": "answered", "citations": [reported(engine)],
        "helpful": True, "comment": "Tam yeri.",
    }  # fmt: skip
    assert client.get("/api/index").json()["feedback"] is True
    response = client.post("/api/feedback", json=body)
    assert (response.status_code, response.content) == (204, b"")
    file = engine.settings.feedback_file
    assert file is not None
    (kept,) = read_feedback(file)
    assert (kept.question, kept.helpful, kept.comment) == ("Köyü kim yaptı?", True, "Tam yeri.")
    assert kept.citations[0]["quote"] == ("Köylüler kıyıya yeni evler yaptı (Yılmaz, 1990, s. 12).")
    assert kept.generation == engine.index.manifest.generation
    for wrong in ({"helpful": "yes"}, {"verdict": "good"}, {"comment": "x" * 2001}, {"who": "me"}):
        assert client.post("/api/feedback", json=body | wrong).status_code == 422
    assert client.post("/api/feedback", json=body | {"question": "\0"}).status_code == 422
    assert len(list(read_feedback(file))) == 1


def test_where_feedback_is_off_nothing_is_kept(engine: Engine) -> None:
    from dataclasses import replace

    engine.settings = replace(engine.settings, feedback="off")
    client = TestClient(make_app(engine))
    assert client.get("/api/index").json()["feedback"] is False
    body = {"question": "a", "verdict": "answered", "helpful": False}
    assert client.post("/api/feedback", json=body).status_code == 404
    assert list(engine.settings.index.parent.glob("*.jsonl")) == []


def test_the_client_cites_exports_and_tells_what_it_thinks(engine: Engine) -> None:
    app = make_app(engine)
    http = TestClient(app)

    def answer_of(request: httpx.Request) -> httpx.Response:
        told = http.request(
            request.method, request.url.raw_path.decode(), content=request.content,
            headers={"content-type": "application/json"},
        )  # fmt: skip
        return httpx.Response(told.status_code, content=told.content)

    with Dipnot("http://testserver", transport=httpx.MockTransport(answer_of)) as dipnot:
        answer = dipnot.ask("Göl ne zaman kurutuldu?")
        assert "Göl ve Kıyısı" in dipnot.cite(answer.citations, "isnad")
        items = json.loads(dipnot.cite(answer.citations, format="csl-json"))
        assert items[0]["id"] == "lake"
        assert dipnot.export([answer], lang="en").filename == "gol-ne-zaman-kurutuldu.md"
        dipnot.feedback(answer, helpful=False, comment="Eksik.")
        with pytest.raises(Problem, match="citations"):
            dipnot.cite([])
    file = engine.settings.feedback_file
    assert file is not None
    assert [f.comment for f in read_feedback(file)] == ["Eksik."]

    async def same() -> str:
        transport = httpx.MockTransport(answer_of)
        async with AsyncDipnot("http://testserver", transport=transport) as dipnot_:
            await dipnot_.feedback(answer, helpful=True)
            assert (await dipnot_.export([answer])).text.startswith("# ")
            return await dipnot_.cite(answer.citations, "mla")

    assert "Göl ve Kıyısı" in asyncio.run(same())
