"""The margin with the conversation's questions at every width, and the theme."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, expect

from chromium import ask, can_be_asked, held, let_go, opened, send

pytestmark = pytest.mark.browser

QUESTIONS = ("Değirmen ne zaman yandı?", "Göl ne zaman kurutuldu?", "Değirmenin taşı nerede?")


@pytest.mark.parametrize("width", [1100, 1440])
def test_where_there_is_little_room_a_slim_margin_lists_the_questions_beside_the_source(
    browser: Browser, quick_url: str, width: int
) -> None:
    context = browser.new_context(
        locale="tr-TR", viewport={"width": width, "height": 700}, reduced_motion="reduce"
    )
    page = opened(context, quick_url)
    for question in QUESTIONS:
        ask(page, question)
    slim, source = page.locator(".dn-slim"), page.locator("#dn-source")
    numbers = slim.locator("li a")
    expect(numbers).to_have_count(3)
    expect(source).to_be_visible()
    first = page.locator(".dn-turn").first
    expect(first.locator(".dn-question")).not_to_be_in_viewport()
    numbers.first.hover()
    expect(numbers.first.locator("span")).to_be_visible()
    expect(numbers.first.locator("span")).to_have_text(QUESTIONS[0])
    numbers.first.click()
    expect(first.locator(".dn-question")).to_be_in_viewport()
    expect(first.locator(".dn-question")).to_be_focused()
    # Opened, it lies over the conversation and hides nothing of the source.
    slim.locator("button").click()
    rail = page.locator("#dn-rail")
    expect(rail.locator(".dn-questions li")).to_have_text(list(QUESTIONS))
    edges = [one.bounding_box() for one in (rail, source)]
    assert edges[0] is not None
    assert edges[1] is not None
    assert edges[0]["x"] + edges[0]["width"] <= edges[1]["x"]
    page.keyboard.press("Escape")
    expect(rail).not_to_have_class(re.compile("dn-open"))
    expect(slim.locator("button")).to_be_focused()
    context.close()


def test_where_there_is_room_the_margin_stands_beside_the_conversation(
    browser: Browser, quick_url: str
) -> None:
    context = browser.new_context(locale="tr-TR", viewport={"width": 1600, "height": 800})
    page = opened(context, quick_url)
    ask(page, QUESTIONS[0])
    expect(page.locator("#dn-rail .dn-questions li")).to_have_text([QUESTIONS[0]])
    expect(page.locator(".dn-slim")).to_be_hidden()
    expect(page.locator(".dn-bar [data-do=rail]")).to_be_hidden()
    context.close()


def test_the_theme_is_chosen_kept_and_shared_with_the_pages_of_texts(
    context: BrowserContext, quick_url: str
) -> None:
    page = opened(context, quick_url)
    shade = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(shade)
    toggle = page.locator(".dn-bar [data-do=theme]")
    toggle.click()
    expect(page.locator(".dn-said")).to_have_text("Açık görünüm")
    assert page.evaluate(shade) == light
    toggle.click()
    expect(page.locator(".dn-said")).to_have_text("Koyu görünüm")
    dark = page.evaluate(shade)
    assert dark != light
    page.reload()
    can_be_asked(page)
    assert page.evaluate(shade) == dark
    for path in ("/text/lake/p1", "/corpus", "/verify"):
        other = context.new_page()
        other.goto(f"{quick_url}{path}")
        expect(other.locator("html")).to_have_attribute("data-theme", "dark")
        other.close()
    page.locator(".dn-bar [data-do=theme]").click()
    expect(page.locator(".dn-said")).to_have_text("Sistemin görünümü")
    assert page.evaluate(shade) == light
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(shade) == dark


def test_what_is_typed_in_the_margin_stays_when_an_answer_comes_or_another_tab_asks(
    browser: Browser, quick_url: str
) -> None:
    context = browser.new_context(locale="tr-TR", viewport={"width": 1600, "height": 800})
    page, other = opened(context, quick_url), opened(context, quick_url)
    ask(page, QUESTIONS[0])
    rail = page.locator("#dn-rail")
    search = rail.locator("input[type=search]")
    held(page)
    send(page, QUESTIONS[1])
    expect(page.locator(".dn-lost")).to_be_visible()
    search.press_sequentially("değ")
    let_go(page)
    expect(page.locator(".dn-answer[data-verdict]")).to_have_count(2)
    page.keyboard.type("irmen/")
    expect(search).to_have_value("değirmen/")
    search.fill("")
    rail.locator("[data-do=rename]").click()
    name = rail.locator(".dn-rename input")
    name.fill("Gölün adı")
    page.keyboard.press("Home")
    page.keyboard.press("Shift+End")
    # What is asked there goes to the top of the list, and the name that is written goes down.
    ask(other, QUESTIONS[2])
    expect(rail.locator(".dn-list li").first).to_contain_text(QUESTIONS[2])
    expect(name).to_be_focused()
    expect(name).to_have_value("Gölün adı")
    assert name.evaluate("e => [e.selectionStart, e.selectionEnd]") == [0, 9]
    page.keyboard.press("Enter")
    expect(rail.locator(".dn-here a")).to_have_text("Gölün adı")
    context.close()


def test_a_menu_of_the_margin_stays_open_when_an_answer_comes(
    browser: Browser, quick_url: str
) -> None:
    context = browser.new_context(locale="tr-TR", viewport={"width": 1600, "height": 800})
    page = opened(context, quick_url)
    ask(page, QUESTIONS[0])
    held(page)
    send(page, QUESTIONS[1])
    expect(page.locator(".dn-lost")).to_be_visible()
    page.locator(".dn-exports summary").click()
    let_go(page)
    expect(page.locator(".dn-answer[data-verdict]")).to_have_count(2)
    expect(page.locator(".dn-exports [data-format=ris]")).to_be_visible()
    expect(page.locator(".dn-exports summary")).to_be_focused()
    context.close()


def test_after_a_deletion_the_focus_is_at_what_is_next_and_never_lost(
    context: BrowserContext, quick_url: str
) -> None:
    page = opened(context, quick_url)
    page.set_viewport_size({"width": 1600, "height": 900})
    for n in range(3):
        page.locator("#dn-rail .dn-new").click()
        ask(page, f"Değirmen ne zaman yandı{'?' * (n + 1)}")
    entries = page.locator("#dn-rail .dn-list li")
    expect(entries).to_have_count(3)

    def delete(entry: Locator) -> None:
        for _ in range(2):
            entry.locator("[data-do=remove]").focus()
            page.keyboard.press("Enter")

    delete(entries.nth(1))
    expect(entries).to_have_count(2)
    expect(entries.nth(1).locator("a")).to_be_focused()
    delete(entries.first)  # the one that is shown
    expect(entries).to_have_count(1)
    expect(page.locator(".dn-turn")).to_have_count(0)
    expect(entries.first.locator("a")).to_be_focused()
    delete(entries.first)
    expect(entries).to_have_count(0)
    expect(page.locator("#dn-rail input[type=search]")).to_be_focused()
    ask(page, "Değirmen ne zaman yandı?")
    for _ in range(2):
        page.locator("#dn-rail [data-do=clear]").focus()
        page.keyboard.press("Enter")
    expect(entries).to_have_count(0)
    expect(page.locator("#dn-rail .dn-new")).to_be_focused()
