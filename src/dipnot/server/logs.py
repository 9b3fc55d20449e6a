"""A log of requests, one JSON object a line on standard error, where it is asked for.

Owns: what a line holds. Without `log = "questions"` no line holds anything that a reader typed:
neither the text of a question nor a query string nor an id from an address.

    {"time", "event": "request", "id", "method", "route", "status", "ms"}
    {"time", "event": "answer", "verdict", "generation", "queue_ms", "retrieval_ms", "answer_ms"}
"""

from __future__ import annotations

import json
import logging
import sys
import time
from datetime import UTC, datetime
from typing import Any

from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from dipnot.engine import Engine
from dipnot.server.metrics import route_of, watched
from dipnot.types import Observation

log = logging.getLogger("dipnot.requests")


def log_requests(app: FastAPI, engine: Engine) -> None:
    """Log each request and answer, as far as the settings ask for it."""
    told = engine.settings.log
    if told == "off":
        return
    log.setLevel(logging.INFO)
    app.add_middleware(_Logged)

    def answered(seen: Observation) -> None:
        took: dict[str, Any] = {
            f"{stage}_ms": round(s * 1e3, 1) for stage, s in seen.seconds.items()
        }
        if (written := seen.written) is not None:
            took |= {
                "sentences_shown": len(written.sentences),
                "sentences_struck": len(written.struck),
                "writing_reason": written.reason,
            }
        asked = {"question": seen.question} if told == "questions" else {}
        _say("answer", verdict=seen.verdict, generation=seen.generation, **took, **asked)

    engine.observers.append(answered)


def print_log() -> None:
    """Print what is logged, each line as it is."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(message)s"))
    log.handlers[:] = [handler]
    log.propagate = False


def _say(event: str, **what: Any) -> None:
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    log.info("%s", json.dumps({"time": now, "event": event, **what}, ensure_ascii=False))


class _Logged:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = time.perf_counter()
        # 499: the client left before its answer began
        seen, status = watched(send, otherwise=499)

        try:
            await self._app(scope, receive, seen)
        finally:
            _say(
                "request",
                id=scope.get("state", {}).get("request_id"),
                method=scope["method"],
                route=route_of(scope),
                status=status(),
                ms=round((time.perf_counter() - begun) * 1e3, 1),
            )
