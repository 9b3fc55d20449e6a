"""A request's limit of time: the client is told, and what comes late is dropped."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from dipnot.engine import Engine
from dipnot.models.endpoint import Limits
from dipnot.server import time_limit
from dipnot.server.api import make_app
from dipnot.server.time_limit import limit_time
from dipnot.settings import Settings
from fake_endpoint import dribbling, event, serving
from fakes import FakeEncoder, FakeReader

ASKED = "Değirmen ne zaman yandı?"


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> tuple[TestClient, threading.Event]:
    """An app that answers once it may."""
    app, go = FastAPI(), threading.Event()

    @app.get("/slow")
    @app.get("/api/index/slow")
    def wait() -> str:
        go.wait(60)
        return "late"

    @app.get("/broken")
    def broken() -> str:
        go.wait(60)
        raise ValueError

    limit_time(app)
    monkeypatch.setattr(time_limit, "REQUEST_SECONDS", 0.05)
    return TestClient(app), go


@pytest.mark.parametrize("path", ["/slow", "/broken"])
def test_who_gets_no_answer_in_time_is_told_so_and_what_comes_late_is_dropped(
    slow: tuple[TestClient, threading.Event], path: str
) -> None:
    client, go = slow
    with client:
        response = client.get(path)
        go.set()
    assert response.status_code == 504
    assert response.json()["code"] == "took-too-long"


def test_what_has_a_bound_of_its_own_is_waited_for(
    slow: tuple[TestClient, threading.Event],
) -> None:
    client, go = slow
    threading.Timer(0.2, go.set).start()
    assert client.get("/api/index/slow").json() == "late"


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"


@pytest.fixture
def dribbled(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """A server whose language model never comes to an end; all limits a twentieth of what holds."""
    of = 1 / 20
    limits = Limits(pause=Limits().pause * of, whole=Limits().whole * of)
    monkeypatch.setattr(time_limit, "REQUEST_SECONDS", time_limit.REQUEST_SECONDS * of)
    with serving(dribbling(HEAD, event("x"))) as fake:
        told = replace(settings, llm_url=fake.url, llm_model="small")
        engine = Engine(told, FakeEncoder(), FakeReader())
        engine.load()
        assert engine.endpoint is not None
        engine.endpoint = replace(engine.endpoint, limits=limits)
        yield TestClient(make_app(engine), base_url="http://localhost")


def test_where_a_language_model_dribbles_the_quotations_come_in_time(dribbled: TestClient) -> None:
    asked = dribbled.post("/api/ask", json={"question": ASKED})
    assert asked.status_code == 200
    answer = asked.json()
    assert (answer["mode"], answer["writing"]["reason"]) == ("extractive", "slow")
    assert answer["citations"]
    task = {"model": "dipnot", "messages": [{"role": "user", "content": ASKED}]}
    chat = dribbled.post("/v1/chat/completions", json=task)
    assert chat.status_code == 200
    assert answer["citations"][0]["quote"] in chat.json()["choices"][0]["message"]["content"]


@pytest.mark.parametrize("path", ["/api/ask", "/api/ask/stream"])
def test_an_answer_that_takes_too_long_is_given_up_between_two_stages(
    engine: Engine, path: str
) -> None:
    engine.admission.longest = -1
    response = TestClient(make_app(engine), base_url="http://localhost").post(
        path, json={"question": "Değirmen ne zaman yandı?"}
    )
    assert response.status_code == 504
    assert response.json()["code"] == "took-too-long"
    assert engine.admission.running == 0, "its place is free again"
