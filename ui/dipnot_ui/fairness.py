"""How many events one reader may have waiting, so that nobody fills the page's queue alone.

Owns: the bounds by session, which a browser names as it likes, and by address, which several may
share. Gradio only bounds the queue as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gradio as gr
from fastapi import HTTPException, Request

from dipnot_ui.labels import label
from dipnot_ui.served import language_of

OF_A_SESSION = 8
OF_AN_ADDRESS = 40  # a class behind one router, or all readers behind a proxy that names none
AT_ALL = 200
_AGAIN = 2  # seconds


def share(blocks: gr.Blocks) -> None:
    """Refuse an event with 429, in the reader's language, where too many of theirs wait."""
    queue: Any = blocks._queue  # noqa: SLF001 - there is no other way to it
    push = queue.push

    async def fair(body: Any, request: Request, username: str | None) -> Any:
        waiting = list(_waiting(queue))
        of_session = sum(session == body.session_hash for session, _ in waiting)
        of_address = sum(address == _address(request) for _, address in waiting)
        if of_session >= OF_A_SESSION or of_address >= OF_AN_ADDRESS:
            told = label(language_of(request.headers), "error_too_many_at_once")
            raise HTTPException(429, told, {"Retry-After": str(_AGAIN)})
        return await push(body=body, request=request, username=username)

    queue.push = fair


def _waiting(queue: Any) -> Iterator[tuple[str, str]]:
    """Session and address of each event that waits."""
    for events in queue.event_queue_per_concurrency_id.values():
        yield from ((e.session_hash, _address(e.request)) for e in events.queue)


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
