"""How long a request may take until its answer begins.

Owns: that limit. An answer gives itself up between two of its stages (``Admission.begin``); here
the client is told in any case. A thread in native code cannot be ended: it goes on, what it gives
is dropped, and its place is taken until then.
"""

from __future__ import annotations

import asyncio
import logging

from fastapi import FastAPI
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dipnot.server.problems import refusal

log = logging.getLogger(__name__)

REQUEST_SECONDS = 150.0  # those of the queue, an answer and its writing, and some to check that
# What reads or writes files of the corpus and the index has bounds of its own.
_LONG = ("/api/corpus", "/api/documents/", "/api/index")


def limit_time(app: FastAPI) -> None:
    """Answer 504 where no answer has begun in time."""
    app.add_middleware(_Timely)


class _Timely:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._late: set[asyncio.Task[None]] = set()  # a task that nobody holds may vanish

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(_LONG):
            await self._app(scope, receive, send)
            return
        begun = given_up = False

        async def timely(message: Message) -> None:
            nonlocal begun
            if not given_up:
                begun = True
                await send(message)

        async def answer() -> None:
            await self._app(scope, receive, timely)

        task = asyncio.create_task(answer())
        try:
            await asyncio.wait({task}, timeout=REQUEST_SECONDS)
        except asyncio.CancelledError:
            task.cancel()
            raise
        if begun or task.done():
            await task
            return
        given_up = True
        self._late.add(task)
        task.add_done_callback(self._ended)
        told = f"There was no answer after {REQUEST_SECONDS:.0f} seconds. Try again later."
        await refusal("Took too long", told, 504)(scope, receive, send)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._late.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("An answer that was given up failed.", exc_info=error)
