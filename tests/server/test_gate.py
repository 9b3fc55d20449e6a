"""Who may call the server, what every answer carries, and compression."""

from __future__ import annotations

import hmac
from base64 import b64encode
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from dipnot.engine import Engine
from dipnot.server.api import make_app
from dipnot.server.gate import hosts_of
from dipnot.settings import Settings


def client_of(engine: Engine, **changed: object) -> TestClient:
    engine.settings = replace(engine.settings, **changed)  # type: ignore[arg-type]
    return TestClient(make_app(engine), raise_server_exceptions=False)


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:7860", "127.0.0.1:1", "[::1]:80", "[::1]", "testserver"]
)
def test_the_server_answers_for_its_own_names_on_any_port(engine: Engine, host: str) -> None:
    response = client_of(engine).get("/api/health", headers={"Host": host})
    assert response.status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "", "[::2]", "a@b"])
@pytest.mark.parametrize("path", ["/api/health", "/text/lake/p1", "/metrics"])
def test_another_host_is_refused(engine: Engine, host: str, path: str) -> None:
    response = client_of(engine).get(path, headers={"Host": host})
    assert (response.status_code, response.json()["code"]) == (403, "wrong-host")
    assert response.headers["x-request-id"]


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://testserver:81", "http://[", "testserver"]
)
def test_a_page_of_another_origin_is_refused(engine: Engine, origin: str) -> None:
    response = client_of(engine).post(
        "/api/ask", json={"question": "göl"}, headers={"Origin": origin}
    )
    assert (response.status_code, response.json()["code"]) == (403, "wrong-origin")
    assert "access-control-allow-origin" not in response.headers


def test_pages_of_our_own_may_call_and_others_when_they_are_allowed(engine: Engine) -> None:
    assert _asked(client_of(engine), "http://testserver") == (200, None)
    allowed = client_of(engine, cors_origins=("https://a.example",))
    assert _asked(allowed, "https://a.example") == (200, "https://a.example")
    assert _asked(allowed, "https://b.example") == (403, None)
    preflight = allowed.options(
        "/api/ask",
        headers={
            "Origin": "https://a.example",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type",
        },
    )
    assert preflight.status_code == 200
    assert "POST" in preflight.headers["access-control-allow-methods"]


def _asked(client: TestClient, origin: str) -> tuple[int, str | None]:
    response = client.get("/api/health", headers={"Origin": origin})
    return response.status_code, response.headers.get("access-control-allow-origin")


def test_a_server_that_is_open_to_others_answers_for_any_name_unless_some_are_named() -> None:
    assert hosts_of(Settings(host="0.0.0.0")) is None
    named = hosts_of(Settings(host="0.0.0.0", allowed_hosts=("dipnot.example",)))
    assert named is not None
    assert "dipnot.example" in named
    assert hosts_of(Settings(host="::1")) == hosts_of(Settings())


@pytest.mark.parametrize(("given", "kept"), [("a-1.B_2", True), ("a b", False), ("x" * 65, False)])
def test_every_answer_has_an_id_which_a_client_may_choose(
    engine: Engine, given: str, kept: bool
) -> None:
    client = client_of(engine)
    for path in ("/api/health", "/api/nope", "/api/documents/x"):
        answered = client.get(path, headers={"X-Request-ID": given}).headers["x-request-id"]
        assert (answered == given) is kept
        assert len(answered) <= 64


def test_a_failure_says_its_id_where_the_log_says_more(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(engine, "document", fail)
    response = client_of(engine).get("/api/documents/lake", headers={"X-Request-ID": "mine"})
    assert (response.status_code, response.headers["x-request-id"]) == (500, "mine")
    assert "(mine)" in caplog.text


def test_long_answers_are_compressed_and_events_are_not(engine: Engine) -> None:
    client = client_of(engine)
    packed = client.get("/api/openapi.json", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    plain = client.get("/api/openapi.json", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.json() == packed.json()
    stream = client.post(
        "/api/ask/stream", json={"question": "göl"}, headers={"Accept-Encoding": "gzip"}
    )
    assert "content-encoding" not in stream.headers


# --- a key to read -------------------------------------------------------------------------------


def basic(key: str) -> str:
    return "Basic " + b64encode(f"anybody:{key}".encode()).decode()


@pytest.mark.parametrize("path", ["/api/search?q=g", "/text/lake/p1", "/metrics", "/api/docs"])
def test_where_readers_need_a_key_nothing_is_read_without_it(engine: Engine, path: str) -> None:
    client = client_of(engine, read_token="okuyucu")
    for header in ("", "Bearer", "Bearer x", "Bearer okuyuc", "Digest okuyucu", "okuyucu",
                   "Basic %%", basic("x"), "Basic " + b64encode(b"okuyucu").decode()):  # fmt: skip
        refused = client.get(path, headers={"Authorization": header})
        assert (refused.status_code, refused.json()["code"]) == (401, "reading-is-closed")
        assert refused.headers["www-authenticate"].startswith("Basic ")
    for header in ("Bearer okuyucu", "bearer  okuyucu ", basic("okuyucu"), "Bearer secret"):
        assert client.get(path, headers={"Authorization": header}).status_code == 200


def test_the_key_to_read_is_compared_in_a_time_that_says_nothing_of_it(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[bytes] = []

    def compare(given: bytes, key: bytes) -> bool:
        compared.append(key)
        return False

    client = client_of(engine, read_token="okuyucu")
    monkeypatch.setattr(hmac, "compare_digest", compare)
    refused = client.get("/api/search?q=g", headers={"Authorization": "Bearer okuyucu"})
    assert refused.status_code == 401  # it is right: nothing but that comparison decides
    assert compared == [b"okuyucu", b"secret"]


def test_whether_the_server_is_there_is_said_without_a_key(engine: Engine) -> None:
    client = client_of(engine, read_token="okuyucu")
    assert client.get("/api/health").status_code == 200
    assert client.get("/api/health/live").json() == {"status": "live"}


def test_the_key_to_read_opens_no_admin_call(engine: Engine) -> None:
    client = client_of(engine, read_token="okuyucu")
    answered = client.post("/api/index/rebuild", headers={"Authorization": "Bearer okuyucu"})
    assert (answered.status_code, answered.json()["code"]) == (401, "not-authorized")
