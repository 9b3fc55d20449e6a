"""More questions than can wait are refused at once; everything else is let in."""

from __future__ import annotations

import asyncio
from typing import Any

from dipnot.server.admission import Admission


def scope_of(path: str) -> dict[str, Any]:
    return {"type": "http", "path": path, "method": "GET", "headers": []}


def test_what_cannot_wait_is_refused_at_once_and_let_in_again_afterwards() -> None:
    asyncio.run(_crowd())


async def _crowd() -> None:
    go = asyncio.Event()
    served: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        served.append(scope["path"])
        if scope["path"] != "/api/health":
            await go.wait()

    door = Admission(app, at_once=1)
    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request"}

    async def ask(path: str) -> None:
        await door(scope_of(path), receive, send)

    waiting = [asyncio.create_task(ask(p)) for p in ("/api/ask", "/api/search", "/api/ask/stream")]
    await asyncio.sleep(0)
    assert len(served) == 3
    await ask("/api/ask")
    assert (len(served), sent[0]["status"]) == (3, 429)
    assert dict(sent[0]["headers"])[b"retry-after"] == b"2"
    assert b"Try again" in sent[1]["body"]
    await ask("/api/health")
    assert served[-1] == "/api/health"
    go.set()
    await asyncio.gather(*waiting)
    await ask("/api/ask")
    assert served[-1] == "/api/ask"
