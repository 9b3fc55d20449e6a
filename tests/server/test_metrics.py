"""Figures for Prometheus: counted by route, and nothing of what was asked."""

from __future__ import annotations

import json
import logging
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from dipnot.engine import Engine
from dipnot.server.api import make_app
from dipnot.settings import Settings
from fake_endpoint import nothing, saying, serving, without_end
from fakes import FakeEncoder, FakeReader


def client_of(engine: Engine) -> TestClient:
    return TestClient(make_app(engine), raise_server_exceptions=False)


@pytest.fixture
def client(engine: Engine) -> TestClient:
    return client_of(engine)


def test_metrics_count_requests_by_route_and_hold_nothing_of_what_was_asked(
    client: TestClient,
) -> None:
    assert client.get("/api/search", params={"q": "gizli soru"}).status_code == 200
    assert client.get("/api/search", params={"q": ""}).status_code == 422
    assert client.get("/api/documents/lake").status_code == 200
    assert client.get("/api/gizli-yol").status_code == 404
    response = client.get("/metrics")
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/plain")
    lines = response.text.splitlines()
    assert 'dipnot_requests_total{route="/api/search",status="200"} 1.0' in lines
    assert 'dipnot_requests_total{route="/api/search",status="422"} 1.0' in lines
    assert 'dipnot_requests_total{route="/api/documents/{doc_id}",status="200"} 1.0' in lines
    assert 'dipnot_requests_total{route="other",status="404"} 1.0' in lines
    assert {"dipnot_ready 1.0", "dipnot_documents 1.0"} <= set(lines)
    assert "gizli" not in response.text


ASKED = {"question": "Değirmen ne zaman yandı?"}
HOLDS = "Değirmen 3 Mayıs 1902’de yandı [1]."


def test_metrics_and_log_tell_what_came_of_writing(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    with serving(saying(f"{HOLDS} Değirmeni Selim yaktı [1].")) as fake:
        told = replace(settings, llm_url=fake.url, llm_model="small", log="requests")
        engine = Engine(told, FakeEncoder(), FakeReader())
        engine.load()
        client = client_of(engine)
        with caplog.at_level(logging.INFO, "dipnot.requests"):
            client.post("/api/ask", json=ASKED)
            fake.reply = saying("Değirmeni Selim yaktı [1].")
            client.post("/api/ask", json=ASKED)
            fake.reply = nothing
            client.post("/api/ask/stream", json=ASKED)
            client.post("/api/ask", json=ASKED | {"mode": "extractive"})
            client.post("/api/ask", json={"question": "merhaba"})
            fake.reply = without_end(f"{HOLDS} Bekçi haber vermedi ve ")
            parts = engine.ask_stream(ASKED["question"])[1]
            assert next(p for p in parts if isinstance(p, str)) == f"{HOLDS} "
            parts.close()  # type: ignore[attr-defined]
        lines = client.get("/metrics").text.splitlines()
    for line in (
        'dipnot_stage_seconds_count{stage="answer"} 6.0',
        'dipnot_stage_seconds_count{stage="writing"} 4.0',
        "dipnot_written_sentences_total 1.0",
        'dipnot_struck_sentences_total{why="name"} 2.0',
        'dipnot_writing_fallbacks_total{reason="struck"} 1.0',
        'dipnot_writing_fallbacks_total{reason="broken"} 1.0',
    ):
        assert line in lines
    logged = [json.loads(r.getMessage()) for r in caplog.records if r.name == "dipnot.requests"]
    answers = [line for line in logged if line["event"] == "answer"]
    fields = ("sentences_shown", "sentences_struck", "writing_reason")
    assert [tuple(a.get(name) for name in fields) for a in answers] == [
        (1, 1, None), (0, 1, None), (0, 0, "broken"),
        (None, None, None), (None, None, None), (None, None, None),
    ]  # fmt: skip
    assert ["writing_ms" in a for a in answers] == [True, True, True, False, False, True]
    assert not [name for name in ("Selim", "k-secret", "ne zaman") if name in json.dumps(logged)]


def test_metrics_are_given_before_there_is_an_index(
    settings: Settings, encoder: FakeEncoder
) -> None:
    text = client_of(Engine(settings, encoder)).get("/metrics").text
    assert "dipnot_ready 0.0" in text.splitlines()


def test_metrics_tell_stages_verdicts_queue_build_and_generation(
    client: TestClient, engine: Engine
) -> None:
    engine.ask("Değirmen ne zaman yandı?")
    text = client.get("/metrics").text
    generation = engine.index.manifest.generation
    for line in (
        'dipnot_stage_seconds_count{stage="queue"} 1.0',
        'dipnot_stage_seconds_count{stage="retrieval"} 1.0',
        'dipnot_stage_seconds_count{stage="answer"} 1.0',
        f'dipnot_generation{{id="{generation}"}} 1.0',
        "dipnot_questions_running 0.0", "dipnot_questions_waiting 0.0",
        "dipnot_questions_refused 0.0", "dipnot_build_running 0.0", "dipnot_index_trouble 0.0",
        "dipnot_event_loop_lag_seconds_count 0.0",
    ):  # fmt: skip
        assert line in text.splitlines()
    assert 'dipnot_answers_total{verdict="' in text
