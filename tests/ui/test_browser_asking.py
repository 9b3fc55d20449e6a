"""Asking in a real browser: where a question stands, what is shown until its answer is whole."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from chromium import SHIFTS, ask, opened, violations

pytestmark = pytest.mark.browser

QUESTION = "Değirmen ne zaman yandı?"


@pytest.mark.parametrize("size", [(1400, 900), (390, 844)], ids=["wide", "phone"])
def test_the_newest_question_stands_at_the_top_of_the_window_while_it_is_answered(
    browser: Browser, quick_url: str, size: tuple[int, int]
) -> None:
    context = browser.new_context(
        locale="tr-TR", viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce"
    )
    context.add_init_script(SHIFTS)
    page = opened(context, quick_url)
    ask(page, QUESTION)
    # One question alone takes no more room than it needs: the head stays in sight.
    expect(page.locator("main h1")).to_be_in_viewport()
    for question in ("Değirmenin taşı nerede?", "Göl ne zaman kurutuldu?"):
        ask(page, question)
        newest = page.locator(".dn-turn").last
        top = newest.evaluate("turn => turn.getBoundingClientRect().top")
        assert 0 <= top <= 12
        # Below it there is its answer and the box, and nothing to scroll to.
        left = page.evaluate("document.documentElement.scrollHeight - scrollY - innerHeight")
        assert left <= 24 or newest.evaluate("turn => turn.offsetHeight") > size[1] - 120
        expect(page.locator("#dn-composer")).to_be_in_viewport(ratio=0.9)
    assert page.evaluate("window.shifted") < 0.05
    assert violations(page) == []
    # On paper there is no window to fill.
    page.emulate_media(media="print")
    assert newest.evaluate("turn => getComputedStyle(turn).minHeight") in ("auto", "0px")
    context.close()
