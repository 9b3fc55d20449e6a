"""One conversation in several tabs of a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from chromium import READY, SOON, ask, can_be_asked, held, let_go, opened, send

pytestmark = pytest.mark.browser

QUESTIONS = (
    "Değirmen ne zaman yandı?", "Göl ne zaman kurutuldu?", "Değirmenin taşı nerede?",
    "Bekçi neyi haber vermedi?",
)  # fmt: skip
KEPT = """Object.keys(localStorage).filter(k => k.startsWith('dipnot.c.'))
  .map(k => JSON.parse(localStorage[k]).turns.map(t => [t.question, Boolean(t.answer)]))"""


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """With room for the margin."""
    made = browser.new_context(locale="tr-TR", viewport={"width": 1600, "height": 900})
    made.set_default_timeout(SOON)
    yield made
    made.close()


def shows(page: Page, *questions: str) -> None:
    """Wait until these are answered there, in this order, and no others."""
    asked = page.locator(".dn-turn:has(.dn-answer[data-verdict]) .dn-question")
    expect(asked).to_have_text([re.compile(re.escape(q)) for q in questions])
    expect(page.locator(".dn-turn")).to_have_count(len(questions))


def test_what_two_tabs_ask_in_one_conversation_is_kept_and_shown_in_both(
    context: BrowserContext, quick_url: str
) -> None:
    first, second, third, fourth = QUESTIONS
    one = opened(context, quick_url)
    ask(one, first)
    other = opened(context, one.url)
    shows(other, first)
    ask(other, second)
    shows(one, first, second)
    # Each asks while the other does not know of it.
    held(one)
    send(one, third)
    expect(one.locator(".dn-lost")).to_be_visible()
    send(other, fourth)
    expect(other.locator(".dn-answer[data-verdict]")).to_have_count(3)
    let_go(one)
    for tab in (one, other):
        shows(tab, first, second, third, fourth)
    assert one.evaluate(KEPT) == [[[question, True] for question in QUESTIONS]]
    # A name that one gave it outlasts what the other asks.
    one.locator("#dn-rail [data-do=rename]").click()
    one.locator(".dn-rename input").fill("Göl")
    one.keyboard.press("Enter")
    expect(other).to_have_title("Göl — Dipnot")
    ask(other, first)
    other.reload()
    can_be_asked(other)
    shows(other, *QUESTIONS, first)
    expect(other).to_have_title("Göl — Dipnot")


def test_a_conversation_deleted_in_one_tab_does_not_come_back_from_another(
    context: BrowserContext, quick_url: str
) -> None:
    one = opened(context, quick_url)
    ask(one, QUESTIONS[0])
    other = opened(context, one.url)
    shows(other, QUESTIONS[0])
    held(one)
    send(one, QUESTIONS[1])
    expect(one.locator(".dn-lost")).to_be_visible()
    for _ in range(2):
        other.locator("#dn-rail [data-do=remove]").click()
    expect(one.locator(".dn-turn")).to_have_count(0)
    let_go(one)
    expect(one.locator("#dn-stop")).to_be_hidden()
    assert one.evaluate(KEPT) == []
    # What is asked after it is a conversation of its own.
    send(one, QUESTIONS[2])
    shows(one, QUESTIONS[2])
    assert one.evaluate(KEPT) == [[[QUESTIONS[2], True]]]


def test_a_question_that_waits_in_one_tab_is_asked_by_another_only_when_that_is_gone(
    context: BrowserContext, quick_url: str
) -> None:
    one = opened(context, quick_url)
    held(one)
    send(one, QUESTIONS[0])
    expect(one.locator(".dn-lost")).to_be_visible()
    other = context.new_page()
    joined: list[str] = []
    other.on(
        "request", lambda r: joined.append(r.post_data or "") if "queue/join" in r.url else None
    )
    other.goto(one.url)
    can_be_asked(other)
    expect(other.locator(".dn-turn.dn-pending .dn-question")).to_contain_text(QUESTIONS[0])
    other.wait_for_timeout(1500)  # longer than it waits for another tab's word
    let_go(one)
    for tab in (one, other):
        shows(tab, QUESTIONS[0])
    assert not any(QUESTIONS[0] in told for told in joined)
    held(one)
    send(one, QUESTIONS[1])
    expect(one.locator(".dn-lost")).to_be_visible()
    expect(other.locator(".dn-turn.dn-pending")).to_have_count(1)
    one.close()
    expect(other.locator(".dn-answer[data-verdict]")).to_have_count(2, timeout=READY)
    assert other.evaluate(KEPT) == [[[question, True] for question in QUESTIONS[:2]]]
