"""Routes that read texts: what a client has already is not sent again."""

from __future__ import annotations

import time

from fastapi.testclient import TestClient

from dipnot.engine import Engine
from dipnot.server.api import make_app
from dipnot.server.reading import milliseconds_since
from fakes import FakeReader


def test_a_client_that_has_the_generation_already_is_sent_nothing(engine: Engine) -> None:
    client = TestClient(make_app(engine))
    first = client.get("/api/documents")
    assert engine.index.manifest.generation in first.headers["etag"]
    again = client.get("/api/documents", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get("/api/documents", headers={"If-None-Match": "x"}).status_code == 200


def test_what_another_reader_may_have_put_in_another_order_is_sent_again(engine: Engine) -> None:
    client = TestClient(make_app(engine))
    tags: set[str] = set()
    for fingerprint in (None, "a" * 64, "b" * 64):
        if fingerprint is not None:
            engine._reader = FakeReader()
            engine._reader.fingerprint = fingerprint
        for tag in tags:
            found = client.get("/api/search?q=göl", headers={"If-None-Match": tag})
            assert found.status_code == 200
        tags.add(client.get("/api/search?q=göl").headers["etag"])
    assert len(tags) == 3


def test_what_is_not_there_is_not_called_unchanged(engine: Engine) -> None:
    client = TestClient(make_app(engine))
    for there, none, status in (
        ("/api/documents/lake", "/api/documents/x", 404),
        ("/api/documents/lake/pages/1", "/api/documents/lake/pages/9", 404),
        ("/api/search?q=göl", "/api/search?q=", 422),
        ("/text/lake/p1", "/text/lake/p9", 404),
    ):
        tag = {"If-None-Match": client.get(there).headers["etag"]}
        assert client.get(there, headers=tag).status_code == 304
        assert client.get(none, headers=tag).status_code == status


def test_milliseconds_are_counted_from_a_beginning() -> None:
    assert 1000 <= milliseconds_since(time.perf_counter() - 1) < 60_000
