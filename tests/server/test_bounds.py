"""Gradio's own routes: what the page needs is open, the rest closed; and every answer's headers."""

from __future__ import annotations

import json

import pytest
from fastapi.testclient import TestClient

from dipnot.engine import Engine
from dipnot.server.bounds import is_closed
from dipnot.server.problems import BODY_LIMIT
from dipnot.server.serve import make_server_app
from dipnot.settings import Settings
from fakes import LAKE, FakeEncoder


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    """One app for all: the page takes seconds to make."""
    folder = tmp_path_factory.mktemp("bounds")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "lake.txt").write_text(LAKE, "utf-8")
    told = Settings(folder / "corpus", folder / "index", allowed_hosts=("testserver",))
    engine = Engine(told, FakeEncoder())
    engine.load()
    return TestClient(make_server_app(engine), raise_server_exceptions=False)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/gradio_api/upload"), ("GET", "/gradio_api/file=/etc/passwd"),
        ("GET", "/gradio_api/file/etc/passwd"), ("GET", "/gradio_api/proxy=http://127.0.0.1:1/"),
        ("POST", "/gradio_api/call/asked"), ("POST", "/gradio_api/run/asked"),
        ("POST", "/gradio_api/api/asked"), ("POST", "/gradio_api/component_server/x"),
        ("GET", "/gradio_api/deep_link"), ("POST", "/gradio_api/process_recording"),
        ("GET", "/gradio_api/stream/a/b/1/playlist.m3u8"),
        ("GET", "/gradio_api/run-history/records"),
        ("GET", "/gradio_api/profiling/traces"), ("POST", "/gradio_api/vibe-edit"),
        ("GET", "/gradio_api/custom_component/a/b/c/d"), ("GET", "/gradio_api/dev/reload"),
        ("POST", "/login"), ("GET", "/logout"), ("GET", "/monitoring/summary"),
        ("GET", "/svelte/x"),
        ("GET", "/gradio_api/heartbeat/a/b"), ("GET", "/gradio_api/whatever-comes-next"),
    ],
)  # fmt: skip
def test_what_the_page_does_not_use_is_closed(client: TestClient, method: str, path: str) -> None:
    answered = client.request(method, path)
    assert (answered.status_code, answered.json()["code"]) == (404, "not-found")


def test_every_route_of_gradio_is_open_or_closed_on_purpose(client: TestClient) -> None:
    """A new release that brings a route of a new kind fails here, and somebody decides."""
    apps = [getattr(route, "app", None) for route in client.app.routes]  # type: ignore[attr-defined]
    routes = [route for app in apps for route in getattr(app, "routes", ())]
    paths = {str(getattr(route, "path", "")) for route in routes}
    open_ = {path for path in paths if path and not is_closed(path)}
    assert open_ == {
        "/", "/config", "/config/", "/static/{path:path}", "/assets/{path:path}", "/favicon.ico",
        "/theme.css", "/robots.txt", "/manifest.json",
    }  # fmt: skip


@pytest.mark.parametrize("path", ["/", "/config", "/theme.css", "/gradio_api/info"])
def test_what_the_page_uses_is_open_and_has_the_headers(client: TestClient, path: str) -> None:
    answered = client.get(path)
    assert answered.status_code == 200
    assert answered.headers["x-content-type-options"] == "nosniff"
    assert answered.headers["x-frame-options"] == "SAMEORIGIN"
    assert "object-src 'none'" in answered.headers["content-security-policy"]


@pytest.mark.parametrize("path", ["/api/health", "/api/nope", "/text/lake/p1", "/metrics"])
def test_every_answer_has_the_headers_and_a_stricter_policy_stays(
    client: TestClient, path: str
) -> None:
    headers = client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert ("default-src 'none'" in headers["content-security-policy"]) is path.startswith("/text")


@pytest.mark.parametrize("path", ["/gradio_api/queue/join", "/", "/v1/chat/completions", "/x"])
def test_no_path_whatever_takes_a_body_over_the_limit(client: TestClient, path: str) -> None:
    assert client.post(path, content=b" " * (BODY_LIMIT + 1)).status_code == 413


@pytest.mark.parametrize("path", ["queue/join", "cancel", "reset"])
@pytest.mark.parametrize(
    "body",
    [
        b'"\\ud800"', b"NaN", b'{"data":[NaN],"fn_index":NaN,"event_id":1}', b"[", b"5", b"",
        b'{"data":[1],"fn_index":99999,"session_hash":5}', b'{"data":"\\udfff"}',
        b'{"data":[1],"fn_index":99999,"session_hash":"a"}',
    ],
)  # fmt: skip
def test_what_the_page_cannot_use_is_refused_and_not_repeated(
    client: TestClient, path: str, body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    """Gradio's own refusal repeats it, and fails where it cannot: 500 and a hundred lines."""
    answered = client.post(
        f"/gradio_api/{path}", content=body, headers={"Content-Type": "application/json"}
    )
    assert (answered.status_code, answered.json()["code"]) == (422, "invalid-input")
    assert not [record for record in caplog.records if record.exc_info]


def test_a_whole_history_is_taken(client: TestClient) -> None:
    turns = [{"question": "Göl ne oldu?", "answer": "Göl 1887 yılında kurutuldu. " * 285}] * 50
    told = {"Content-Type": "application/json"}
    body = json.dumps({"question": "Göl ne oldu?", "history": turns}).encode()
    assert BODY_LIMIT / 3 < len(body) < BODY_LIMIT
    assert client.post("/api/ask", content=body, headers=told).status_code == 200
    more = json.dumps({"question": "Göl ne oldu?", "history": [turns[0]] * 51}).encode()
    assert client.post("/api/ask", content=more, headers=told).status_code == 422


def test_a_body_that_does_not_say_how_long_it_is_has_the_limit(client: TestClient) -> None:
    parts = (b" " * 1024 for _ in range(BODY_LIMIT // 1024 + 1))
    assert client.post("/api/ask", content=parts).status_code == 413
