"""Where addresses lead in a real browser: back and forward, and those that lead nowhere."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, expect

from chromium import READY, ask, opened, violations

pytestmark = pytest.mark.browser

QUESTION = "Değirmen ne zaman yandı?"


def test_back_and_forward_lead_through_what_was_read_and_asked(
    context: BrowserContext, quick_url: str
) -> None:
    page = opened(context, quick_url)
    ask(page, QUESTION)
    source = page.locator("#dn-source")
    page.locator(".dn-citation .dn-page").first.click()
    expect(source.locator(".at").first).to_contain_text("1902")
    first = page.url
    page.locator(".dn-bar a[href='/verify']").click()
    expect(source.locator("textarea")).to_be_visible()
    page.locator(".dn-bar [data-do=new]").click()
    expect(page.locator(".dn-turn")).to_have_count(0)
    fresh = page.url
    page.go_back()
    expect(page.locator(".dn-turn")).to_have_count(1)
    expect(source.locator("textarea")).to_be_visible()
    page.go_back()
    expect(source.locator(".at").first).to_contain_text("1902")
    assert page.url == first
    page.go_forward()
    expect(source.locator("textarea")).to_be_visible()
    expect(page.locator(".dn-turn")).to_have_count(1)
    page.go_forward()
    expect(page.locator(".dn-turn")).to_have_count(0)
    assert page.url == fresh


def test_of_a_text_that_is_not_there_nothing_is_asked_unseen(
    context: BrowserContext, quick_url: str
) -> None:
    page = opened(context, f"{quick_url}/?q={QUESTION}&doc=nirgends")
    expect(page.locator(".dn-said")).to_contain_text("metin derlemde yok")
    expect(page.locator("#dn-question textarea")).to_have_value(QUESTION)
    expect(page.locator(".dn-turn")).to_have_count(0)
    # What stands beside it is a text that there is.
    expect(page.locator("#dn-source .sheet")).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Enter")
    expect(page.locator(".dn-quote").first).to_contain_text("1902")
    expect(page.locator(".dn-said")).to_have_text("")
    # A text that there is, is chosen and asked.
    known = opened(context, f"{quick_url}/?q={QUESTION}&doc=lake")
    expect(known.locator(".dn-quote").first).to_contain_text("1902")
    expect(known.locator("#dn-document")).to_have_value("lake")
    expect(known.locator(".dn-said")).to_have_count(0)


def test_beside_a_conversation_a_page_that_is_not_there_is_said_not_to_be(
    context: BrowserContext, quick_url: str
) -> None:
    page = opened(context, f"{quick_url}/#/text/lake/p99")
    expect(page.locator("#dn-source .dn-error")).to_contain_text("Bu adreste bir sayfa yok")
    expect(page.locator("#dn-source h1")).to_have_count(0)
    assert violations(page) == []


def test_an_address_that_leads_nowhere_says_so_and_leads_home(
    context: BrowserContext, quick_url: str
) -> None:
    page = context.new_page()
    answered = page.goto(f"{quick_url}/nonsense?x=1")
    assert answered is not None
    assert answered.status == 404
    expect(page.locator("html")).to_have_attribute("lang", "tr")
    expect(page.locator("main")).to_contain_text("Bu adreste bir şey yok.")
    assert violations(page) == []
    page.get_by_role("link", name="Soru sor").click()
    expect(page.locator("#dn-question textarea")).to_be_enabled(timeout=READY)
