"""How many questions are let in at once; the others are told at once to come back.

Owns: that bound. Questions wait in threads, of which there is a fixed number: those that are let in
leave some for texts, and health and figures never wait behind questions.
"""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from dipnot.errors import Busy
from dipnot.server.problems import refuse

_ASKING = (
    "/api/ask", "/api/ask/stream", "/api/search", "/api/verify", "/v1/chat/completions",
)  # fmt: skip
_WAITING = 2  # times as many as are answered at once


class Admission:
    """Lets in as many questions as are answered at once and twice as many that wait."""

    def __init__(self, app: ASGIApp, at_once: int) -> None:
        """Wrap an app; ``at_once``: how many questions are answered at once."""
        self._app = app
        self._most = at_once * (1 + _WAITING)
        self._inside = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse with 429."""
        if scope["type"] != "http" or scope["path"] not in _ASKING:
            await self._app(scope, receive, send)
            return
        if self._inside >= self._most:
            busy = Busy(f"{self._inside} questions are being answered or wait. Try again.")
            await refuse(busy, scope, receive, send)
            return
        self._inside += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._inside -= 1
