"""Sentences of a language model in a real browser: each stands on the page as soon as it holds."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

import chromium
from chromium import answers, opened, send, wait_until
from fake_endpoint import saying_once_let, serving
from fakes import LAKE

pytestmark = pytest.mark.browser

HOLDS = "Değirmen 3 Mayıs 1902’de yandı [1]."


def test_a_written_sentence_is_on_the_page_while_the_model_still_writes(
    context: BrowserContext, tmp_path: Path
) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "lake.txt").write_text(LAKE, "utf-8")
    go = threading.Event()
    with (
        serving(saying_once_let(go, f"{HOLDS} Değirmeni", " Selim yaktı [1].")) as fake,
        chromium.serving(
            tmp_path / "corpus", tmp_path / "index", fake=True, FAKE_READ="there",
            DIPNOT_LLM_URL=fake.url, DIPNOT_LLM_MODEL="small", DIPNOT_FEEDBACK="off",
        ) as served,
    ):  # fmt: skip
        wait_until(lambda: answers(f"{served.url}/api/health"))
        page = opened(context, served.url)
        send(page, "Değirmen ne zaman yandı?")
        turn = page.locator(".dn-turn")
        expect(turn.locator(".dn-written")).to_have_text(HOLDS)
        expect(turn.locator(".dn-quote").first).to_contain_text("3 Mayıs 1902")
        expect(turn.locator("[data-verdict]")).to_have_count(0)
        go.set()
        expect(turn.locator(".dn-answer[data-verdict]")).to_have_count(1)
        expect(turn.locator(".dn-written")).to_have_text(HOLDS)
        expect(turn.locator(".dn-aside").first).to_contain_text("bir cümlesi çıkarıldı")
