"""Connections: how many there may be, how long each may take, and how they end.

Owns: what is handed to uvicorn, its protocol and its server. A client that sends or takes nothing
is dropped; where all places are taken the one that has kept its request back for longest makes
room, so that whoever asks properly is always heard.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import sys
from collections.abc import Callable
from typing import Any, ClassVar

import uvicorn
from anyio.to_thread import current_default_thread_limiter
from uvicorn.protocols.http.h11_impl import H11Protocol

log = logging.getLogger(__name__)

HEAD_SECONDS = 10.0  # until a request's head is there
STALLED_SECONDS = 60.0  # that a client may take nothing of its answer
GRACE_SECONDS = 100  # for answers in flight when the server is stopped, written ones too
MOST = 1000  # connections; fewer where the system allows few files
_BURST = 128
_FILES = 65536
_LOOK, _SETTLED = 0.05, 0.5  # seconds between two looks at what is in flight, and after the last
_OPEN_ENDED = ("/gradio_api/queue/data", "/gradio_api/heartbeat/", "/mcp")
_LAG = 0.1  # seconds between two looks at how late the event loop is
_OTHERS = 40  # threads for whatever is no question
# Seconds after which a thread that computes gives way. By default it is 5 ms, and a request comes
# by the interpreter several times, each time behind every thread that answers.
_TURN = 0.001


class Limited(H11Protocol):
    """A connection that is bounded in number and time."""

    most: ClassVar[int] = MOST

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take the connection, or let the oldest make room that waits for nothing but its head."""
        super().connection_made(transport)
        self._late: asyncio.TimerHandle | None = None
        self._stalled: asyncio.TimerHandle | None = None
        # Those that are being closed still count as connections until the loop comes round.
        others = [c for c in self.connections if isinstance(c, Limited) and c is not self]
        staying = [c for c in others if not c.transport.is_closing()]
        if len(staying) >= self.most:
            self._make_room(staying)
        self._expect_head()

    def data_received(self, data: bytes) -> None:
        """Read on; a head that is there waits no more."""
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._late = _cancel(self._late)
        else:
            self._expect_head()

    def pause_writing(self) -> None:
        """Give the client some time to take what it asked for."""
        super().pause_writing()
        self._stalled = self.loop.call_later(STALLED_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        """Go on."""
        super().resume_writing()
        self._stalled = _cancel(self._stalled)

    def connection_lost(self, exc: Exception | None) -> None:
        """Let go of the timers."""
        self._late, self._stalled = _cancel(self._late), _cancel(self._stalled)
        super().connection_lost(exc)

    def hang_up(self) -> None:
        """Close, unless a whole request is being answered and the answer has an end."""
        cycle = self.cycle
        if cycle is None or cycle.response_complete or cycle.more_body or self._is_open_ended():
            self.transport.close()

    def _is_open_ended(self) -> bool:
        return str(self.cycle.scope["path"]).startswith(_OPEN_ENDED)

    def _expect_head(self) -> None:
        if self._late is None and not self.transport.is_closing():
            self._late = self.loop.call_later(HEAD_SECONDS, self.transport.abort)

    def _make_room(self, others: list[Limited]) -> None:
        waiting = [(c._late.when(), c) for c in others if c._late is not None]  # noqa: SLF001 - its own kind
        _, first = min(waiting, key=lambda late: late[0], default=(0.0, self))
        first.transport.abort()


def _cancel(timer: asyncio.TimerHandle | None) -> asyncio.TimerHandle | None:
    """Stop a timer; gives what is left of it, which is nothing."""
    if timer is not None:
        timer.cancel()
    return None


class Server(uvicorn.Server):
    """A server that lets answers in flight come to their end, and measures its event loop."""

    def __init__(
        self,
        app: Any,
        is_busy: Callable[[], bool],
        saw_lag: Callable[[float], None],
        stopping: Callable[[], None],
        places: int,
    ) -> None:
        """``is_busy``: whether answers are in flight; ``saw_lag``: takes seconds.

        ``stopping`` is called when the server is told to stop. ``places``: how many questions run
        or wait, each in a thread that nothing else then waits for.
        """
        Limited.most, burst = _bounds()
        super().__init__(
            uvicorn.Config(
                app,
                http=Limited,
                log_level="warning",
                access_log=False,
                timeout_graceful_shutdown=GRACE_SECONDS,
                backlog=burst,
            )
        )
        self._is_busy = is_busy
        self._saw_lag = saw_lag
        self._stopping = stopping
        self._places = places
        self._tasks: list[asyncio.Task[None]] = []

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and begin to measure."""
        sys.setswitchinterval(_TURN)
        current_default_thread_limiter().total_tokens = self._places + _OTHERS
        await super().startup(sockets)
        self._tasks.append(asyncio.create_task(self._measure()))

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take nothing new, finish what is in flight, and then hang up on pages that are open."""
        self._stopping()
        logging.getLogger("uvicorn.error").addFilter(_is_no_cancellation)
        self._tasks.append(asyncio.create_task(self._hang_up_when_done()))
        try:
            await super().shutdown(sockets)
        finally:
            logging.getLogger("uvicorn.error").removeFilter(_is_no_cancellation)
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _hang_up_when_done(self) -> None:
        quiet = 0.0
        while quiet < _SETTLED:
            await asyncio.sleep(_LOOK)
            quiet = 0.0 if self._is_busy() else quiet + _LOOK
        while True:
            for connection in list(self.server_state.connections):
                if isinstance(connection, Limited):
                    connection.hang_up()
            await asyncio.sleep(_LOOK)

    async def _measure(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            begun = loop.time()
            await asyncio.sleep(_LAG)
            self._saw_lag(max(0.0, loop.time() - begun - _LAG))


def _is_no_cancellation(record: logging.LogRecord) -> bool:
    """Whether a line of the log is worth printing while the server stops."""
    kind = record.exc_info[0] if record.exc_info else None
    return kind is None or not issubclass(kind, asyncio.CancelledError)


def _bounds() -> tuple[int, int]:
    """How many connections there may be, and how many are taken before any can be turned away.

    Both leave some of the files that may be open to everything else.
    """
    if sys.platform == "win32":
        return MOST, _BURST
    import resource  # noqa: PLC0415 - not everywhere

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _FILES if hard == resource.RLIM_INFINITY else min(hard, _FILES)
    if soft < wanted:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            soft = wanted
    return max(8, min(MOST, soft // 3)), max(4, min(_BURST, soft // 10))
