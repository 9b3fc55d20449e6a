"""Figures of a running server for Prometheus, at ``GET /metrics``.

Owns: which figures there are and how requests are counted. Counts how often and how long, never
what was asked.
"""

from __future__ import annotations

import time
from typing import TypeGuard

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

_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5, 10.0)


def serve_metrics(app: FastAPI, engine: Engine) -> None:
    """Count the API's requests, and give the figures in Prometheus' text format."""
    registry = CollectorRegistry()
    ready = Gauge("dipnot_ready", "1 when an index is open and answering", registry=registry)
    documents = Gauge("dipnot_documents", "Documents in the index", registry=registry)
    passages = Gauge("dipnot_passages", "Passages that a search may show", registry=registry)
    app.add_middleware(_Counted, registry=registry)

    @app.get("/metrics", include_in_schema=False)
    def metrics() -> Response:
        ready.set(engine.is_ready)
        if engine.is_ready:
            index = engine.index
            documents.set(len(index.documents))
            passages.set(len(index.places.shown))
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


def _is_ours(route: object) -> TypeGuard[str]:
    return isinstance(route, str) and "{path:" not in route


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
        status = 500
        begun = time.perf_counter()

        async def seen(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, seen)
        finally:
            # The route's template, so that no id or path from outside makes a figure of its own.
            route = getattr(scope.get("route"), "path", None)
            known = f"/api{route.removeprefix('/api')}" if _is_ours(route) else "other"
            self._requests.labels(known, status).inc()
            self._seconds.labels(known).observe(time.perf_counter() - begun)
