"""The chat and the API's page in a real browser, over the real server, model and index."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from chromium import READY, SHIFTS, ask, choose, opened, violations

pytestmark = [pytest.mark.browser, pytest.mark.model]

QUESTION = "Moskova Antlaşması ne zaman imzalandı?"


def test_an_example_is_answered_and_the_source_beside_it_shows_the_sentence(
    context: BrowserContext, url: str
) -> None:
    seen: list[str] = []
    context.on("request", lambda request: seen.append(request.url))
    page = context.new_page()
    problems: list[str] = []
    page.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.add_init_script(SHIFTS)
    page.goto(url)
    expect(page.locator(".dn-first")).to_have_count(0, timeout=READY)
    expect(page.locator("main h1")).to_be_visible()
    assert violations(page) == []
    page.locator(".dn-chip", has_text=QUESTION).click(timeout=READY)
    expect(page.locator(".dn-answer[data-verdict]")).to_have_count(1)
    citation = page.locator(".dn-citation").first
    expect(citation.locator(".dn-quote mark")).to_contain_text("16 Mart 1921")
    expect(citation.locator(".dn-page")).to_contain_text("10")
    expect(citation.locator(".dn-section, .dn-footrest").first).to_contain_text(
        "Kararsızlık Dönemi (1918-1923)"
    )
    expect(citation.locator(".dn-notes li").first).to_contain_text("Soysal, 2000")
    marked = page.locator("#dn-source .at")
    expect(marked).to_contain_text("16 Mart 1921")
    expect(marked).to_be_in_viewport()
    # A date and a range of years are not broken at the end of a line.
    expect(marked.locator(".whole").first).to_have_text("16 Mart 1921")
    expect(page.locator("#dn-source .folio")).to_contain_text("10")
    expect(page.locator("#dn-source .notes")).to_contain_text("Gürün, 1983")
    expect(page).to_have_title(f"{QUESTION} — Dipnot")
    assert page.evaluate("window.shifted") < 0.05
    assert page.locator("meta[property^='og:']").count() == 0
    citation.locator(".dn-page").hover()
    expect(citation.locator(".dn-peek mark")).to_be_visible()
    page.keyboard.press("Escape")
    expect(citation.locator(".dn-peek")).to_be_hidden()
    assert violations(page) == []
    # Back, forward and reload lead where they should; a question leads the source along.
    page.mouse.move(5, 5)
    place = page.url
    page.locator(".dn-number a").nth(1).click()
    expect(page.locator("#dn-source .folio")).not_to_contain_text("10")
    page.go_back()
    expect(page.locator("#dn-source .folio")).to_contain_text("10")
    assert page.url == place
    page.reload()
    expect(page.locator(".dn-citation").first).to_be_visible(timeout=READY)
    expect(marked).to_contain_text("16 Mart 1921")
    hosts = {urlsplit(u).hostname for u in seen if urlsplit(u).scheme not in ("data", "blob")}
    assert hosts == {"127.0.0.1"}
    assert problems == []


def test_an_address_asks_its_question_once_however_it_is_put(
    context: BrowserContext, url: str
) -> None:
    page = context.new_page()
    for question in (
        "moskova antlasmasi ne zaman imzalandi",
        "When was the Treaty of Moscow signed?",
    ):
        page.goto(f"{url}/?q={question}&page=10&x=%00")
        expect(page.locator(".dn-answer[data-verdict]")).to_have_count(1, timeout=READY)
        quotes = " ".join(page.locator(".dn-quote").all_inner_texts())
        assert re.search(r"16 Mart 1921 .*Moskova Antlaşması", quotes)
        assert "q=" not in page.url
        expect(page.locator(".dn-turn")).to_have_count(1)
    # An English reader of a Turkish text is offered what it says in English.
    expect(page.locator(".dn-other .dn-near")).to_have_attribute("lang", "en")


def test_a_conversation_is_followed_up_kept_renamed_found_and_deleted(
    context: BrowserContext, url: str
) -> None:
    page = opened(context, url)
    ask(page, "Dostluk ve Tarafsızlık Antlaşması hangi tarihli?")
    quote = page.locator(".dn-quote").first.inner_text()
    ask(page, "Peki kimler imzaladı?")
    last = page.locator(".dn-turn").last
    expect(last).to_contain_text("Tevfik Rüştü Aras")
    expect(last.locator(".dn-resolved q")).to_contain_text("Tarafsızlık")
    expect(last.locator(".dn-resolved [data-do=alone]")).to_be_visible()
    page.locator(".dn-turn").last.locator(".dn-follow button", has_text="Kaynağı ne?").click()
    expect(page.locator(".dn-answer[data-verdict]")).to_have_count(3)
    expect(page.locator(".dn-follow:visible")).to_have_count(1)
    choose(page, "#dn-lang", "en")
    # How sure it is, is not what is tested here.
    expect(page.locator(".dn-verdict").first).to_have_text(re.compile("^(Answered|Partly)$"))
    expect(page.locator(".dn-turn")).to_have_count(3)
    choose(page, "#dn-lang", "tr")
    # Another one beside it; the first is as it was.
    page.locator(".dn-bar [data-do=new]").click()
    expect(page.locator(".dn-turn")).to_have_count(0)
    ask(page, "Mercimek çorbası nasıl yapılır?")
    expect(page.locator(".dn-answer")).to_have_attribute("data-verdict", "not_in_text")
    expect(page.locator("details.dn-nearest")).not_to_have_attribute("open", "")
    page.locator(".dn-bar [data-do=rail]").click()
    rail = page.locator("#dn-rail")
    expect(rail.locator(".dn-list li")).to_have_count(2)
    assert violations(page) == []
    rail.locator("input[type=search]").fill("TARAFSIZLIK")
    expect(rail.locator(".dn-list li")).to_have_count(1)
    rail.locator("[data-do=rename]").click()
    rail.locator(".dn-rename input").fill("Dostluk")
    page.keyboard.press("Enter")
    rail.locator(".dn-list a", has_text="Dostluk").click()
    expect(page.locator(".dn-quote").first).to_have_text(quote)
    expect(page).to_have_title("Dostluk — Dipnot")
    page.locator(".dn-bar [data-do=rail]").click()
    for _ in range(2):
        rail.locator("[data-do=clear]").click()
    expect(page.locator(".dn-turn")).to_have_count(0)
    assert (
        page.evaluate("Object.keys(localStorage).filter(k => k.startsWith('dipnot.c')).length") == 0
    )


def test_all_can_be_done_with_the_keyboard_alone(context: BrowserContext, url: str) -> None:
    page = opened(context, url)
    box = page.locator("#dn-question textarea")
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("/")
    expect(box).to_be_focused()
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator(".dn-turn .dn-question")).to_contain_text(QUESTION)
    expect(page.locator(".dn-citation").first).to_be_visible(timeout=30_000)
    expect(box).to_have_value("")
    page.keyboard.press("ArrowUp")
    expect(box).to_have_value(QUESTION)
    link = page.locator(".dn-citation .dn-page").nth(1)
    link.focus()
    expect(page.locator(".dn-citation").nth(1).locator(".dn-peek")).to_be_visible()
    page.keyboard.press("Enter")
    # The page may stand open beside the answer already: it has been opened anew with the focus.
    expect(page.locator("#dn-source:focus")).to_be_visible(timeout=30_000)
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.locator("#dn-source")).to_be_hidden()
    expect(link).to_be_focused()
    page.keyboard.press("Control+k")
    expect(box).to_be_focused()
    link.focus()
    page.keyboard.press("?")
    expect(page.locator("#dn-keys")).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(page.locator("#dn-keys")).to_be_hidden()


def test_on_a_phone_the_source_is_a_sheet_that_closes_to_where_one_was(
    browser: Browser, url: str
) -> None:
    made = browser.new_context(
        viewport={"width": 390, "height": 844}, locale="tr-TR", has_touch=True, color_scheme="dark"
    )
    phone = opened(made, url)
    assert violations(phone) == []
    ask(phone, QUESTION)
    link = phone.locator(".dn-page").nth(1)
    link.click()
    sheet = phone.get_by_role("dialog")
    expect(sheet.locator(".at").first).to_be_in_viewport()
    before = phone.evaluate("scrollY")
    widths = phone.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert widths[0] <= widths[1]
    assert violations(phone) == []
    phone.emulate_media(color_scheme="light")
    assert violations(phone) == []
    phone.go_back()
    expect(phone.locator("#dn-source")).to_be_hidden()
    assert phone.evaluate("scrollY") == before
    made.close()


def test_the_page_of_the_api_works_without_the_net(context: BrowserContext, url: str) -> None:
    seen: list[str] = []
    context.on("request", lambda request: seen.append(request.url))
    page = context.new_page()
    page.goto(f"{url}/api/docs")
    expect(page.locator(".opblock").first).to_be_visible(timeout=READY)
    page.locator("#operations-questions-verify_api_verify_post .opblock-summary-control").click()
    page.locator(".opblock .execute").click()
    expect(page.locator(".live-responses-table tbody .response-col_status").first).to_contain_text(
        "200"
    )
    hosts = {urlsplit(u).hostname for u in seen if urlsplit(u).scheme not in ("data", "blob")}
    assert hosts == {"127.0.0.1"}
