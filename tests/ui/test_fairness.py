"""The page's queue is shared: who has too much waiting is refused, all others are answered."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import fastapi
import httpx
import pytest

import dipnot_ui
from dipnot_ui.fairness import AT_ALL, OF_A_SESSION, OF_AN_ADDRESS
from dipnot_ui.labels import Lang
from ui_parts import FakeBackend

RUNNING = 8
BUSY = {"tr": "çok soru soruluyor", "en": "Many questions are being asked"}


class Held(FakeBackend):
    """Answers once it may."""

    def __init__(self) -> None:
        super().__init__()
        self.go = threading.Event()

    def ask(
        self,
        question: str,
        history: Sequence[Mapping[str, str]],
        doc_id: str | None = None,
        lang: Lang = "en",
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        assert self.go.wait(60)
        return super().ask(question, history, doc_id, lang)


def reader(app: fastapi.FastAPI, address: str, lang: str = "tr") -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, client=(address, 5000))
    told = {"Accept-Language": lang}
    return httpx.AsyncClient(
        transport=transport, base_url="http://localhost", headers=told, timeout=60
    )


async def join(client: httpx.AsyncClient, session: str) -> httpx.Response:
    config = (await client.get("/config")).json()
    asking = next(d["id"] for d in config["dependencies"] if d["targets"][0][1] == "ask")
    asked = {"question": "Ne zaman?", "key": "k"}
    body = {"data": ["tr"], "event_data": asked, "fn_index": asking, "session_hash": session}
    return await client.post("/gradio_api/queue/join", json=body)


async def fill(client: httpx.AsyncClient, sessions: Iterator[str]) -> tuple[int, httpx.Response]:
    """Ask until it is refused; gives how many were taken, and the refusal."""
    for taken, session in enumerate(sessions):
        if (got := await join(client, session)).status_code != 200:
            return taken, got
        await asyncio.sleep(0.01)  # what can begin does
    raise AssertionError("nothing was refused")


# Gradio counts its events with pandas, in ways that pandas gives up.
@pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")
@pytest.mark.parametrize(
    ("lang", "own", "most"), [("tr", True, OF_A_SESSION), ("en", False, OF_AN_ADDRESS)]
)
def test_a_reader_who_asks_without_end_is_refused_and_another_is_answered(
    lang: str, own: bool, most: int
) -> None:
    backend = Held()
    app = dipnot_ui.mount(fastapi.FastAPI(), backend)

    async def run() -> None:
        async with (
            app.router.lifespan_context(app),
            reader(app, "10.0.0.1", lang) as greedy,
            reader(app, "10.0.0.2") as other,
        ):
            sessions = ("s" if own else f"s{n}" for n in range(AT_ALL))
            taken, refused = await fill(greedy, sessions)
            assert most <= taken <= most + RUNNING
            assert refused.status_code == 429
            assert refused.headers["retry-after"] == "2"
            assert BUSY[lang] in refused.json()["detail"]
            assert (await join(other, "other")).status_code == 200
            backend.go.set()
            heard = await other.get("/gradio_api/queue/data", params={"session_hash": "other"})
            assert "process_completed" in heard.text
            assert "16 Mart 1921" in heard.text

    asyncio.run(run())
