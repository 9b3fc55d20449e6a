"""From the first key to a pasted footnote with the keyboard alone: Tab, Enter, Esc, own keys."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from chromium import ask, opened

pytestmark = pytest.mark.browser

QUESTION = "Değirmen ne zaman yandı?"
QUOTE = "Kıyıdaki değirmen 3 Mayıs 1902’de yandı."


def go_to(page: Page, wanted: Locator, key: str = "Tab") -> None:
    """Press a key until something has the focus, as somebody does who sees where it is."""
    for _ in range(80):
        if wanted.evaluate("e => e === document.activeElement"):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{wanted} cannot be reached with {key}")


def copied(page: Page) -> str:
    expect(page.locator(".dn-said")).to_have_text("Kopyalandı.")
    return str(page.evaluate("navigator.clipboard.readText()"))


def test_a_question_is_asked_checked_cited_judged_and_found_again_with_keys_alone(
    context: BrowserContext, quick_url: str
) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = opened(context, quick_url)
    page.keyboard.press("Control+k")
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    citation = page.locator(".dn-citation").first
    expect(citation.locator(".dn-quote")).to_have_text(QUOTE)
    # Back from the box to the page of the quotation, and to the sentence in its place.
    go_to(page, citation.locator(".dn-page"), "Shift+Tab")
    expect(citation.locator(".dn-peek")).to_be_visible()
    page.keyboard.press("Enter")
    source = page.locator("#dn-source")
    expect(source).to_be_focused()
    expect(source.locator(".at")).to_have_text(QUOTE)
    go_to(page, source.locator(".acts button").last)
    page.keyboard.press("Enter")
    expect(source.locator(".acts .said")).to_have_text("Kopyalandı.")
    assert page.evaluate("navigator.clipboard.readText()").startswith(f"“{QUOTE}” “Göl ve Kıyısı”")
    # The page is searched, and left.
    go_to(page, source.locator(".find input[type=search]"), "Shift+Tab")
    page.keyboard.type("bekçi")
    page.keyboard.press("Enter")
    expect(source.locator(".found li")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(source).to_be_hidden()
    expect(citation.locator(".dn-page")).to_be_focused()
    # The footnote in the style that was chosen.
    go_to(page, citation.locator(".dn-menu summary"))
    page.keyboard.press("Enter")
    go_to(page, citation.locator(".dn-menu [data-style^=apa]"))
    page.keyboard.press("Enter")
    assert copied(page).startswith("(Göl ve Kıyısı, t.y., s. 1)")
    # The question is asked again, otherwise; and found in the margin.
    go_to(page, page.locator("[data-do=edit]").first, "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#dn-editing")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#dn-editing")).to_have_count(0)
    page.keyboard.type("Göl ne zaman kurutuldu?")
    page.keyboard.press("Enter")
    expect(page.locator(".dn-answer[data-verdict]")).to_have_count(2)
    number = page.locator(".dn-slim li a").first
    page.evaluate("document.activeElement.blur()")
    go_to(page, number, "Shift+Tab")
    expect(number.locator("span")).to_have_text(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator(".dn-question").first).to_be_focused()
    # The conversation is named in the margin, and another one begun.
    page.evaluate("document.activeElement.blur()")
    go_to(page, page.locator(".dn-slim button"), "Shift+Tab")
    page.keyboard.press("Enter")
    rail = page.locator("#dn-rail")
    go_to(page, rail.locator("[data-do=rename]"))
    page.keyboard.press("Enter")
    page.keyboard.press("Control+a")
    page.keyboard.type("Değirmen")
    page.keyboard.press("Enter")
    expect(page).to_have_title(re.compile("^Değirmen"))
    expect(rail.locator("[data-do=rename]")).to_be_focused()
    go_to(page, rail.locator("[data-do=new]"), "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".dn-turn")).to_have_count(0)
    expect(page.locator("#dn-question textarea")).to_be_focused()


def test_the_focus_stays_in_a_turn_that_is_drawn_anew(
    context: BrowserContext, quick_url: str
) -> None:
    page = opened(context, quick_url)
    ask(page, QUESTION)
    ask(page, "Göl ne zaman kurutuldu?")
    # Another language: the same button.
    retry = page.locator(".dn-turn").first.locator("[data-do=retry]")
    retry.focus()
    page.evaluate("window.dipnotPage.speak('en')")
    expect(retry).to_have_text("Ask again")
    expect(retry).to_be_focused()
    # Where there is no such button any more, its question.
    key = page.locator(".dn-turn").first.get_attribute("data-key")
    page.keyboard.press("Enter")
    question = page.locator(".dn-turn").first.locator(".dn-question")
    expect(page.locator(f"#dn-turn-{key}")).to_have_count(0)
    expect(question).to_be_focused()
    expect(page.locator(".dn-answer[data-verdict]")).to_have_count(2)
    expect(question).to_be_focused()
