"""What axe says of every state of the page, wide and on a phone, light and dark."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from chromium import (
    Served,
    answers,
    ask,
    opened,
    send,
    serving,
    violations,
    wait_until,
)
from fakes import LAKE

pytestmark = pytest.mark.browser

QUESTION = "Değirmen ne zaman yandı?"
NOT_THERE = "Mercimek çorbası nasıl pişirilir?"
SLOWLY_READ = "Değirmen usul usul ne zaman yandı?"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Path]]:
    """A small text, with feedback on and a reader that reads slow questions once it may."""
    tmp_path = tmp_path_factory.mktemp("states")
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "lake.txt").write_text(LAKE, "utf-8")
    may_read = tmp_path / "read"
    with serving(
        tmp_path / "corpus", tmp_path / "index", fake=True, FAKE_READ=str(may_read),
        DIPNOT_FEEDBACK=str(tmp_path / "said.jsonl"),
    ) as made:  # fmt: skip
        wait_until(lambda: answers(f"{made.url}/api/health"))
        try:
            yield made, may_read
        finally:
            may_read.touch()


@pytest.mark.parametrize(
    ("width", "scheme"), [(390, "light"), (390, "dark"), (1280, "light"), (1600, "dark")]
)
def test_axe_finds_nothing_in_any_state(
    browser: Browser, served: tuple[Served, Path], width: int, scheme: Literal["light", "dark"]
) -> None:
    server, may_read = served
    may_read.unlink(missing_ok=True)
    context = browser.new_context(
        locale="tr-TR", viewport={"width": width, "height": 800}, color_scheme=scheme,
        has_touch=width < 1000, reduced_motion="reduce",
    )  # fmt: skip
    page = opened(context, server.url)
    found: dict[str, list[str]] = {}

    def look(state: str) -> None:
        page.wait_for_timeout(100)
        widths = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        found[state] = violations(page) + (["it scrolls sideways"] if widths[0] > widths[1] else [])

    look("empty")
    send(page, SLOWLY_READ)
    expect(page.locator(".dn-checking .dn-quote")).to_be_visible()
    look("checking")
    may_read.touch()
    expect(page.locator(".dn-answer[data-verdict]")).to_have_count(1)
    look("answered")
    page.locator(".dn-citation .dn-menu summary").first.click()
    expect(page.locator(".dn-citation .dn-menu-body").first).to_be_visible()
    look("menu of a quotation")
    page.keyboard.press("Escape")
    page.locator("[data-do=unhelpful]").last.click()
    expect(page.locator(".dn-feedback textarea")).to_be_focused()
    look("form for a word")
    page.locator("[data-do=edit]").last.click()
    expect(page.locator("#dn-editing")).to_be_visible()
    look("editing")
    page.locator("[data-do=no-edit]").click()
    ask(page, NOT_THERE)
    nearest = page.locator(".dn-turn").last.locator(".dn-nearest summary")
    if nearest.count():
        nearest.click()
    look("not in the text")
    page.route("**/gradio_api/queue/join*", lambda route: route.fulfill(status=500, body="{}"))
    send(page, "Göl ne zaman kurutuldu?")
    expect(page.locator(".dn-lost")).to_be_visible()
    look("the server does not answer")
    page.locator("#dn-stop").click()
    expect(page.locator(".dn-stopped")).to_be_visible()
    look("stopped")
    page.unroute("**/gradio_api/queue/join*")
    ask(page, "Göl \u0007 ne zaman kurutuldu?")
    expect(page.locator(".dn-error")).to_be_visible()
    look("refused")
    _rail(page, look)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    expect(page.locator("#dn-keys")).to_be_visible()
    look("keys")
    page.keyboard.press("Escape")
    page.locator(".dn-citation .dn-page").first.click()
    expect(page.locator("#dn-source .at").first).to_be_visible()
    look("source")
    page.locator("#dn-source .outline summary").click()
    look("outline") if page.locator("#dn-source .outline").count() else None
    page.locator("#dn-source .find input[type=search]").fill("göl")
    page.keyboard.press("Enter")
    expect(page.locator("#dn-source .found")).to_be_visible()
    look("search in the text")
    page.locator("#dn-source [data-do=close-source]").click()
    page.locator(".dn-bar a[href='/verify']").click()
    expect(page.locator("#dn-source textarea")).to_be_visible()
    look("check of a quotation")
    assert {state: told for state, told in found.items() if told} == {}
    context.close()


def _rail(page: Page, look: object) -> None:
    assert callable(look)
    slim = page.locator(".dn-slim li a")
    if slim.first.is_visible():
        slim.first.focus()
        expect(slim.first.locator("span")).to_be_visible()
        look("slim margin")
    wide = page.locator(".dn-bar [data-do=rail]").is_hidden()
    if not wide:
        page.locator(".dn-bar [data-do=rail]").click()
    rail = page.locator("#dn-rail")
    rail.locator(".dn-exports summary").click()
    look("menu of the margin")
    rail.locator("[data-do=rename]").first.click()
    look("renaming")
    page.keyboard.press("Escape")
    rail.locator("[data-do=remove]").first.click()
    expect(rail.locator("[data-do=remove]").first).to_have_attribute(
        "aria-label", re.compile("Silinsin mi")
    )
    look("deleting")
    if not wide:
        page.keyboard.press("Escape")
        expect(rail).not_to_have_class(re.compile("dn-open"))
