"""The log of requests: JSON, and nothing that a reader typed unless it is asked for."""

from __future__ import annotations

import json
import logging
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from dipnot.engine import Engine
from dipnot.server import logs
from dipnot.server.api import make_app


def lines_of(
    engine: Engine, told: str, caplog: pytest.LogCaptureFixture
) -> list[dict[str, object]]:
    engine.settings = replace(engine.settings, log=told)
    client = TestClient(make_app(engine), raise_server_exceptions=False)
    with caplog.at_level(logging.INFO, "dipnot.requests"):
        client.post("/api/ask", json={"question": "Gizli değirmen?"}, headers={"X-Request-ID": "a"})
        client.get("/api/search", params={"q": "gizli"})
        client.get("/api/documents/gizli")
        client.get("/gizli")
    return [json.loads(r.getMessage()) for r in caplog.records if r.name == "dipnot.requests"]


def test_requests_are_logged_without_what_was_asked(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    lines = lines_of(engine, "requests", caplog)
    answer, *requests = lines
    assert answer["event"] == "answer"
    assert answer["generation"] == engine.index.manifest.generation
    assert {"verdict", "queue_ms", "retrieval_ms", "answer_ms"} <= set(answer)
    assert [(r["method"], r["route"], r["status"]) for r in requests] == [
        ("POST", "/api/ask", 200), ("GET", "/api/search", 200),
        ("GET", "/api/documents/{doc_id}", 404), ("GET", "other", 404),
    ]  # fmt: skip
    assert requests[0]["id"] == "a"
    assert "izli" not in json.dumps(lines)


def test_questions_are_logged_where_that_is_asked_for(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    assert lines_of(engine, "questions", caplog)[0]["question"] == "Gizli değirmen?"


def test_nothing_is_logged_by_default(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    assert lines_of(engine, "off", caplog) == []


def test_lines_are_printed_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    before = logs.log.handlers[:], logs.log.propagate, logs.log.level
    try:
        logs.print_log()
        logs.log.setLevel(logging.INFO)
        logs.log.info("%s", '{"ş": 1}')
        assert capsys.readouterr().err == '{"ş": 1}\n'
    finally:
        logs.log.handlers[:], logs.log.propagate = before[:2]
        logs.log.setLevel(before[2])
