"""Figures of a running server for Prometheus, at ``GET /metrics``.

Owns: which figures there are and how requests are counted. Counts how often and how long, never
what was asked.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from fastapi import FastAPI, Response
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client import Counter as Count
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dipnot.engine import Engine
from dipnot.types import Observation

_LAGS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0)
_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0, 60.0)


class Figures:
    """What is counted of questions, the event loop and builds."""

    def __init__(self, registry: CollectorRegistry, engine: Engine) -> None:
        """Count what ``engine`` answers from now on."""
        self._engine = engine
        gauges = {
            "ready": "1 when an index is open and answering",
            "documents": "Documents in the index",
            "passages": "Passages that a search may show",
            "questions_running": "Questions that are being answered",
            "questions_waiting": "Questions that wait for their turn",
            "questions_refused": "Questions that found no place since the start",
            "build_running": "1 while an index is built",
            "build_done": "How far the build is",
            "build_total": "How far it has to go",
            "build_failed": "1 when the last build failed",
            "index_trouble": "1 when the index on disk is damaged or unfit, and another is served",
        }
        self._gauges = {n: Gauge(f"dipnot_{n}", d, registry=registry) for n, d in gauges.items()}
        self._generation = Gauge(
            "dipnot_generation", "The generation that answers", ["id"], registry=registry
        )
        self._stages = Histogram(
            "dipnot_stage_seconds", "Seconds of a question by stage", ["stage"],
            buckets=_BUCKETS, registry=registry,
        )  # fmt: skip
        self._verdicts = Count(
            "dipnot_answers", "Questions answered, by verdict", ["verdict"], registry=registry
        )
        self._shown = Count(
            "dipnot_written_sentences", "Sentences of a language model that were shown",
            registry=registry,
        )  # fmt: skip
        self._struck = Count(
            "dipnot_struck_sentences", "Sentences of a language model that were left out", ["why"],
            registry=registry,
        )  # fmt: skip
        self._fallen_back = Count(
            "dipnot_writing_fallbacks", "Answers of which nothing written was shown", ["reason"],
            registry=registry,
        )  # fmt: skip
        self._lag = Histogram(
            "dipnot_event_loop_lag_seconds", "How late the event loop is",
            buckets=_LAGS, registry=registry,
        )  # fmt: skip
        engine.observers.append(self._answered)

    def saw_lag(self, seconds: float) -> None:
        """Take how late the event loop was."""
        self._lag.observe(seconds)

    def look(self) -> None:
        """Look at what is only known at the moment."""
        engine, index = self._engine, self._engine.index if self._engine.is_ready else None
        building = [s for s in (engine.loading, engine.rebuild) if s.state == "running"]
        build = building[-1] if building else engine.rebuild
        now = {
            "ready": index is not None,
            "documents": 0 if index is None else len(index.documents),
            "passages": 0 if index is None else len(index.places.shown),
            "questions_running": engine.admission.running,
            "questions_waiting": engine.admission.waiting,
            "questions_refused": engine.admission.refused,
            "build_running": bool(building),
            "build_done": build.done,
            "build_total": build.total,
            "build_failed": build.state == "failed",
            "index_trouble": engine.trouble is not None,
        }
        for name, value in now.items():
            self._gauges[name].set(value)
        self._generation.clear()
        if index is not None:
            self._generation.labels(index.manifest.generation).set(1)

    def _answered(self, seen: Observation) -> None:
        self._verdicts.labels(seen.verdict).inc()
        for stage, seconds in seen.seconds.items():
            self._stages.labels(stage).observe(seconds)
        if (written := seen.written) is not None:
            self._shown.inc(len(written.sentences))
            for why in written.struck:
                self._struck.labels(why).inc()
            if not written.sentences:
                self._fallen_back.labels(written.reason or "struck").inc()


def serve_metrics(app: FastAPI, engine: Engine) -> None:
    """Count the API's requests, and give the figures in Prometheus' text format."""
    registry = CollectorRegistry()
    figures = app.state.figures = Figures(registry, engine)
    app.add_middleware(_Counted, registry=registry)

    @app.get("/metrics", include_in_schema=False)
    async def metrics() -> Response:  # never behind those who wait for a thread
        figures.look()
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


def route_of(scope: Scope) -> str:
    """The template of a request's route: no id or path from outside makes one of its own."""
    route = getattr(scope.get("route"), "path", None)
    if not isinstance(route, str) or "{path:" in route:
        return "other"
    return f"/api{route.removeprefix('/api')}" if scope["path"].startswith("/api") else route


def watched(send: Send, otherwise: int) -> tuple[Send, Callable[[], int]]:
    """Send through, and tell the status that was sent; ``otherwise``: while none was."""
    status = otherwise

    async def seen(message: Message) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
        await send(message)

    return seen, lambda: status


class _Counted:
    """Counts the requests to routes under /api and the seconds until their answers ended."""

    def __init__(self, app: ASGIApp, registry: CollectorRegistry) -> None:
        self._app = app
        self._requests = Count(
            "dipnot_requests", "Requests answered", ["route", "status"], registry=registry
        )
        self._seconds = Histogram(
            "dipnot_request_seconds",
            "Seconds until a request was answered",
            ["route"],
            buckets=_BUCKETS,
            registry=registry,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith("/api"):
            await self._app(scope, receive, send)
            return
        begun = time.perf_counter()
        seen, status = watched(send, otherwise=500)

        try:
            await self._app(scope, receive, seen)
        finally:
            known = route_of(scope)
            self._requests.labels(known, status()).inc()
            self._seconds.labels(known).observe(time.perf_counter() - begun)
