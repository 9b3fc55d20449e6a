"""The text view in a real browser: the outline, the pages, their footnotes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from chromium import READY, choose, serving

pytestmark = [pytest.mark.browser, pytest.mark.model]

PAGES = 30


def open_text(context: BrowserContext, url: str) -> Page:
    opened = context.new_page()
    opened.goto(url)
    expect(opened.locator(".dn-chip").first).to_be_visible(timeout=READY)
    opened.locator("#dn-view input[value=text]").focus()
    opened.keyboard.press("Space")
    expect(opened.locator(".dn-leaf")).to_be_visible(timeout=30_000)
    return opened


def go_to(page: Page, number: int) -> None:
    page.locator("#dn-page-number input").fill(str(number))
    page.keyboard.press("Enter")
    expect(page.locator(f".dn-leaf[data-number='{number}']")).to_be_visible(timeout=30_000)


@pytest.fixture
def page(context: BrowserContext, url: str) -> Page:
    return open_text(context, url)


def test_a_footnote_stands_below_the_page_on_which_its_marker_is_raised(page: Page) -> None:
    go_to(page, 4)
    expect(page.locator(".dn-body sup")).to_have_text(["1"])
    expect(page.locator(".dn-page-notes li")).to_have_count(1)
    expect(page.locator(".dn-page-notes")).to_contain_text("Rusya’nın 2 Kasım 1914’de")
    page.locator(".dn-body sup a").press("Enter")
    expect(page.locator(".dn-page-notes li").first).to_be_in_viewport()


def test_the_outline_leads_to_a_heading_and_keeps_the_focus(page: Page) -> None:
    entry = page.locator(".dn-outline button", has_text="Kararsızlık Dönemi (1918-1923)")
    entry.press("Enter")
    expect(page.locator(".dn-leaf")).to_have_attribute("data-number", "8", timeout=30_000)
    expect(page.locator(".dn-body h4")).to_have_text("Kararsızlık Dönemi (1918-1923)")
    expect(page.locator(".dn-body h4")).to_be_in_viewport()
    expect(entry).to_have_attribute("aria-current", "true")
    expect(entry).to_be_focused()


def test_pages_are_turned_to_either_end_and_no_further(page: Page) -> None:
    back, on = page.locator("#dn-turner button").first, page.locator("#dn-turner button").last
    expect(back).to_be_disabled()
    on.click()
    expect(page.locator(".dn-page-of")).to_have_text(f"Sayfa 2 / {PAGES}", timeout=30_000)
    back.click()
    expect(page.locator(".dn-page-of")).to_have_text(f"Sayfa 1 / {PAGES}", timeout=30_000)
    page.locator("#dn-page-number input").fill("999")
    page.keyboard.press("Enter")
    expect(page.locator(".dn-page-of")).to_have_text(f"Sayfa {PAGES} / {PAGES}", timeout=30_000)
    expect(page.locator("#dn-page-number input")).to_have_value(str(PAGES))
    expect(on).to_be_disabled()


def test_the_language_changes_the_labels_and_not_the_page(page: Page) -> None:
    go_to(page, 7)
    choose(page, "#dn-lang", "en")
    expect(page.locator(".dn-page-of")).to_have_text(f"Page 7 of {PAGES}", timeout=30_000)
    expect(page.locator("#dn-turner button").last).to_have_text("Next page")
    expect(page.locator("#dn-question")).to_be_hidden()


def test_the_conversation_is_kept_while_the_text_is_read(context: BrowserContext, url: str) -> None:
    page = context.new_page()
    page.goto(url)
    page.locator(".dn-chip").first.click(timeout=READY)
    expect(page.locator(".dn-citation").first).to_be_visible(timeout=30_000)
    choose(page, "#dn-view", "text")
    expect(page.locator(".dn-leaf")).to_be_visible(timeout=30_000)
    expect(page.locator(".dn-citation").first).to_be_hidden()
    choose(page, "#dn-view", "ask")
    expect(page.locator(".dn-citation").first).to_be_visible()
    expect(page.locator(".dn-leaf")).to_be_hidden()


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 390, "height": 844})
    yield made
    made.close()


def test_a_phone_reads_a_page_without_scrolling_sideways(phone: BrowserContext, url: str) -> None:
    page = open_text(phone, url)
    for number in (4, 26):
        go_to(page, number)
        widths = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert widths[0] <= widths[1]


def test_of_several_documents_the_reader_chooses(context: BrowserContext, tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "a.txt").write_text("Değirmen 1902 yılında yandı.\n", "utf-8")
    (corpus / "b.txt").write_text("Köprü *1950* yılında <b>yapıldı</b>.\n", "utf-8")
    with serving(corpus, tmp_path / "index") as base:
        page = context.new_page()
        page.goto(base)
        expect(page.locator("#dn-view")).to_be_visible(timeout=READY)
        choose(page, "#dn-view", "text")
        expect(page.locator(".dn-body")).to_contain_text("Değirmen", timeout=30_000)
        page.locator("#dn-text-document input").click()
        page.get_by_role("option").nth(1).click()
        expect(page.locator(".dn-body")).to_have_text("Köprü *1950* yılında <b>yapıldı</b>.")
