"""Figures for Prometheus: counted by route, and nothing of what was asked."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from dipnot.engine import Engine
from dipnot.server.api import make_app
from dipnot.settings import Settings
from fakes import FakeEncoder


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


def test_metrics_are_given_before_there_is_an_index(
    settings: Settings, encoder: FakeEncoder
) -> None:
    text = client_of(Engine(settings, encoder)).get("/metrics").text
    assert "dipnot_ready 0.0" in text.splitlines()
