"""Asking in a real browser: where a question stands, what is shown until its answer is whole."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, expect

from chromium import READY, SHIFTS, ask, held, let_go, opened, send, violations

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


def test_an_edited_question_goes_on_from_its_place_and_the_old_conversation_is_kept(
    context: BrowserContext, quick_url: str
) -> None:
    page = opened(context, quick_url)
    asked, box = page.locator(".dn-turn .dn-question"), page.locator("#dn-question textarea")
    old = [QUESTION, "Değirmenin taşı nerede?", "Göl ne zaman kurutuldu?"]
    for question in old:
        ask(page, question)

    def questions() -> list[str]:
        return [text.removeprefix("Soru:").strip() for text in asked.all_inner_texts()]

    # What will happen is said before, and nothing happens if the reader thinks better of it.
    page.locator("[data-do=edit]").nth(1).click()
    expect(box).to_have_value(old[1])
    told = page.locator("#dn-editing")
    expect(told).to_contain_text("listede kalır")
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(told).to_have_count(0)
    expect(box).to_have_value("")
    page.locator("[data-do=edit]").nth(1).click()
    told.locator("button").click()
    expect(box).to_have_value("")
    page.locator("[data-do=edit]").nth(1).click()
    expect(box).to_have_value(old[1])
    send(page, "Bekçi neyi haber vermedi?")
    expect(asked).to_have_count(2)
    expect(page.locator(".dn-answer[data-verdict]")).to_have_count(2)
    new = [QUESTION, "Bekçi neyi haber vermedi?"]
    assert questions() == new
    expect(page.locator(".dn-said")).to_contain_text("önceki hâli konuşmalar listesinde")
    assert violations(page) == []
    # Both are kept; Back, and a click, lead to the one before.
    page.reload()
    expect(page.locator(".dn-answer[data-verdict]")).to_have_count(2, timeout=READY)
    assert questions() == new
    page.go_back()
    expect(page.locator(".dn-answer[data-verdict]")).to_have_count(3, timeout=READY)
    assert questions() == old
    page.locator("[data-do=edit]").first.click()
    expect(box).to_have_value(QUESTION)
    send(page, "Değirmen kimindi?")
    expect(asked).to_have_count(1)
    page.locator(".dn-said a").click()
    expect(asked).to_have_count(3)
    assert questions() == old
    expect(page.locator(".dn-said")).to_have_text("")
    expect(page.locator("#dn-rail .dn-list li")).to_have_count(3)


def test_the_last_question_edited_takes_the_place_of_the_old_one_which_can_be_brought_back(
    context: BrowserContext, quick_url: str
) -> None:
    page = opened(context, quick_url)
    asked, box = page.locator(".dn-turn .dn-question"), page.locator("#dn-question textarea")
    ask(page, QUESTION)
    quote = page.locator(".dn-quote").first.inner_text()
    page.locator("[data-do=edit]").click()
    expect(page.locator("#dn-editing")).to_contain_text("eskisinin yerine")
    expect(box).to_have_value(QUESTION)
    send(page, "Değirmenin taşı nerede?")
    expect(asked).to_contain_text("taşı nerede")
    page.locator(".dn-said button").click()
    expect(asked).to_contain_text(QUESTION)
    expect(page.locator(".dn-quote").first).to_have_text(quote)
    expect(page.locator(".dn-turn")).to_have_count(1)
    # A question of its own is none that is edited any more.
    page.locator("[data-do=edit]").click()
    expect(box).to_have_value(QUESTION)
    page.locator(".dn-bar [data-do=new]").click()
    expect(page.locator("#dn-editing")).to_have_count(0)


@pytest.mark.parametrize("again", [True, False], ids=["asked again", "edited"])
def test_an_answer_stays_where_no_new_one_takes_its_place(
    context: BrowserContext, quick_url: str, *, again: bool
) -> None:
    page = opened(context, quick_url)
    turn, box = page.locator(".dn-turn"), page.locator("#dn-question textarea")
    ask(page, QUESTION)
    quote = page.locator(".dn-quote").first.inner_text()

    def ask_anew(question: str) -> None:
        page.locator("[data-do=retry]" if again else "[data-do=edit]").click()
        if not again:
            expect(box).to_have_value(QUESTION)
            send(page, question)

    def stands() -> None:
        expect(turn.locator(".dn-question")).to_contain_text(QUESTION)
        expect(turn.locator(".dn-answer[data-verdict] .dn-quote").first).to_have_text(quote)
        expect(page.locator(".dn-said")).to_contain_text("Önceki yanıt yerinde duruyor")
        expect(turn).to_have_count(1)

    held(page)
    ask_anew("Değirmen kimindi?")
    expect(page.locator(".dn-lost")).to_be_visible()
    # What waits outlasts loading the page anew, and so does what it would take the place of.
    page.reload()
    expect(page.locator(".dn-lost")).to_be_visible(timeout=READY)
    page.locator("#dn-stop").click()
    stands()
    expect(box).to_have_value("" if again else "Değirmen kimindi?")
    let_go(page)
    page.reload()
    expect(turn.locator(".dn-quote").first).to_have_text(quote, timeout=READY)
    if not again:
        ask_anew("Göl \u0007 ne zaman kurutuldu?")
        stands()
        expect(page.locator(".dn-said")).to_contain_text("Yanıt alınamadı")


def test_the_old_answer_is_brought_back_from_another_conversation_too(
    context: BrowserContext, quick_url: str
) -> None:
    page = opened(context, quick_url)
    asked = page.locator(".dn-turn .dn-question")
    ask(page, QUESTION)
    old = page.url
    page.locator("[data-do=retry]").click()
    back = page.locator(".dn-said [data-do=put-back]")
    expect(back).to_be_visible()
    page.locator("[data-do=edit]").click()
    expect(page.locator("#dn-question textarea")).to_have_value(QUESTION)
    send(page, "Değirmenin taşı nerede?")
    expect(asked).to_contain_text("taşı nerede")
    expect(back).to_be_visible()
    page.locator(".dn-bar [data-do=new]").click()
    expect(asked).to_have_count(0)
    back.click()
    expect(asked).to_contain_text(QUESTION)
    expect(page.locator(".dn-answer[data-verdict]")).to_have_count(1)
    assert page.url.partition("#")[0] == old.partition("#")[0]


def test_what_rises_over_the_conversation_stays_within_the_window(
    browser: Browser, quick_url: str
) -> None:
    def within(rising: Locator) -> None:
        expect(rising).to_be_visible()
        expect(rising).to_be_in_viewport(ratio=1)

    for width, height in ((1000, 500), (390, 700)):
        context = browser.new_context(
            locale="tr-TR", viewport={"width": width, "height": height}, reduced_motion="reduce"
        )
        page = opened(context, quick_url)
        ask(page, QUESTION)
        citation = page.locator(".dn-citation").first
        link, peek = citation.locator(".dn-page"), citation.locator(".dn-peek")
        for at in (40, height - 170):
            for anchor, rising in (("summary", ".dn-menu-body"), (".dn-page", ".dn-peek")):
                # There may be too little below a conversation to scroll to.
                page.locator(".dn-log").evaluate("log => { log.style.paddingBottom = '90vh'; }")
                place = citation.locator(anchor)
                place.evaluate(
                    "(link, at) => scrollBy(0, link.getBoundingClientRect().top - at)", at
                )
                place.click() if anchor == "summary" else place.hover()
                within(citation.locator(rising))
                if anchor == "summary":
                    page.keyboard.press("Escape")
                page.mouse.move(2, 2)
        # Once the page is open the paragraph is not shown over the conversation as well.
        link.hover()
        expect(peek).to_be_visible()
        link.click()
        expect(page.locator("#dn-source .at").first).to_be_visible()
        expect(peek).to_be_hidden()
        page.keyboard.press("Escape")
        expect(page.locator("#dn-source")).to_be_hidden()
        expect(link).to_be_focused()
        expect(peek).to_be_hidden()
        context.close()


def test_what_gets_the_focus_is_not_under_the_question_box(
    browser: Browser, quick_url: str
) -> None:
    context = browser.new_context(
        locale="tr-TR", viewport={"width": 390, "height": 700}, reduced_motion="reduce"
    )
    page = opened(context, quick_url)
    for question in (QUESTION, "Göl ne zaman kurutuldu?"):
        ask(page, question)

    def bottom(element: Locator) -> float:
        return float(element.evaluate("e => e.getBoundingClientRect().bottom"))

    composer = page.locator("#dn-composer")
    box = float(composer.evaluate("e => e.getBoundingClientRect().top"))
    # Tab by Tab through a conversation, from its top.
    page.evaluate("scrollTo(0, 0)")
    page.locator(".dn-turn button").first.focus()
    for _ in range(12):
        page.keyboard.press("Tab")
        focused = page.locator(".dn-log :focus")
        assert bottom(focused) <= box + 1
    context.close()
