"""A way from clients that speak httpx to an app in the same process."""

from __future__ import annotations

import httpx
from fastapi.testclient import TestClient

from dipnot.engine import Engine
from dipnot.server.api import make_app


class Bridge(httpx.BaseTransport):
    """Hands requests to an app in this process, and keeps nothing."""

    def __init__(self, engine: Engine) -> None:
        self._client = TestClient(make_app(engine), raise_server_exceptions=False)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answered = self._client.request(
            request.method,
            str(request.url),
            content=request.read(),
            headers={"Content-Type": "application/json"},
        )
        return httpx.Response(
            answered.status_code,
            content=answered.content,
            headers={"Content-Type": answered.headers["content-type"]},
        )
