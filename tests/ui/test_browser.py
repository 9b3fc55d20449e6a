"""The chat and the API's page in a real browser, over the real server, model and index."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from chromium import READY, choose, serving

pytestmark = [pytest.mark.browser, pytest.mark.model]

QUESTION = "Moskova Antlaşması ne zaman imzalandı?"


@pytest.fixture
def page(context: BrowserContext, url: str) -> Page:
    opened = context.new_page()
    opened.goto(url)
    expect(opened.locator(".dn-chip").first).to_be_visible(timeout=READY)
    return opened


def ask(page: Page, question: str) -> None:
    answers = page.locator(".dn-answer, .dn-error")
    before = answers.count()
    page.locator("#dn-question textarea").fill(question)
    page.keyboard.press("Enter")
    expect(answers).to_have_count(before + 1, timeout=30_000)


def test_an_example_is_answered_with_the_quoted_sentence_its_page_and_section(page: Page) -> None:
    page.locator(".dn-chip", has_text=QUESTION).click()
    citation = page.locator(".dn-citation").first
    expect(citation).to_be_visible(timeout=30_000)
    expect(citation.locator(".dn-quote mark")).to_contain_text("16 Mart 1921")
    expect(citation.locator(".dn-page")).to_contain_text("10")
    expect(citation.locator(".dn-section")).to_contain_text("Kararsızlık Dönemi (1918-1923)")


@pytest.mark.parametrize(
    "question",
    [QUESTION, "moskova antlasmasi ne zaman imzalandi", "When was the Treaty of Moscow signed?"],
)
def test_the_treaty_is_dated_however_it_is_asked_for(page: Page, question: str) -> None:
    ask(page, question)
    quotes = " ".join(page.locator(".dn-quote").all_inner_texts())
    assert re.search(r"16 Mart 1921 .*Moskova Antlaşması", quotes)


def test_a_source_opens_to_its_paragraph_with_the_quote_marked(page: Page) -> None:
    ask(page, QUESTION)
    citation = page.locator(".dn-citation").first
    quote = citation.locator(".dn-quote").inner_text()
    citation.locator("details.dn-context > summary").click()
    paragraph = citation.locator(".dn-paragraph")
    expect(paragraph).to_be_visible()
    assert quote in paragraph.inner_text()
    marked = "".join(paragraph.locator("mark").all_inner_texts())
    assert marked.startswith(quote[:40])


def test_the_footnote_that_hangs_on_a_quote_is_shown_with_it(page: Page) -> None:
    ask(page, QUESTION)
    expect(page.locator(".dn-citation > .dn-notes li").first).to_contain_text("Soysal, 2000")


def test_off_topic_questions_are_refused_and_the_nearest_places_folded_away(page: Page) -> None:
    ask(page, "Mercimek çorbası nasıl yapılır?")
    expect(page.locator(".dn-answer")).to_have_attribute("data-verdict", "not_in_text")
    expect(page.locator(".dn-citation")).to_have_count(0)
    expect(page.locator("details.dn-nearest")).not_to_have_attribute("open", "")


def test_a_follow_up_is_answered_from_the_turn_before(page: Page) -> None:
    ask(page, "Dostluk ve Tarafsızlık Antlaşması hangi tarihli?")
    ask(page, "Peki kimler imzaladı?")
    last = page.locator(".dn-answer").last
    expect(last).to_contain_text("Tevfik Rüştü Aras")


def test_the_last_answer_is_asked_for_its_source_and_for_more_with_a_click(page: Page) -> None:
    expect(page.locator("#dn-follow")).to_have_count(0)
    ask(page, QUESTION)
    quote = page.locator(".dn-quote").first.inner_text()
    page.locator("#dn-follow button", has_text="Kaynağı ne?").click()
    answers = page.locator(".dn-answer")
    expect(answers).to_have_count(2, timeout=30_000)
    expect(answers.last).to_contain_text(quote[:40])
    expect(answers.last).to_contain_text("Soysal, 2000")
    page.locator("#dn-follow button", has_text="Daha fazla").click()
    expect(answers).to_have_count(3, timeout=30_000)
    assert quote not in " ".join(answers.last.locator(".dn-quote").all_inner_texts())
    ask(page, "Mercimek çorbası nasıl yapılır?")
    expect(page.locator("#dn-follow")).to_have_count(0)


def test_labels_follow_the_browser_and_the_switch(page: Page) -> None:
    expect(page.locator("#dn-send")).to_have_text("Sor")
    choose(page, "#dn-lang", "en")
    expect(page.locator("#dn-send")).to_have_text("Ask")


def test_a_hostile_question_stays_text(page: Page) -> None:
    steal = "document.title='hacked'"
    ask(page, f'<img src=x onerror="{steal}"><script>{steal}</script> **kim** $x$')
    expect(page.locator("h2.dn-question")).to_contain_text("<script>")
    assert page.locator(".dn-log script, .dn-log img").count() == 0
    assert page.title() == "Dipnot"


def test_too_long_a_question_gets_a_sentence_not_a_trace(page: Page) -> None:
    page.locator("#dn-question textarea").evaluate(
        "(box, text) => { box.removeAttribute('maxlength'); box.value = text;"
        " box.dispatchEvent(new Event('input', {bubbles: true})); }",
        "neden " * 500,
    )
    page.locator("#dn-question textarea").press("Enter")
    expect(page.locator(".dn-error")).to_contain_text("2", timeout=30_000)
    assert "Traceback" not in page.content()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_all_without_scrolling_sideways(
    browser: Browser, url: str, scheme: str
) -> None:
    made = browser.new_context(
        viewport={"width": 390, "height": 844}, color_scheme="dark" if scheme == "dark" else "light"
    )
    phone = made.new_page()
    phone.goto(url)
    expect(phone.locator(".dn-chip").first).to_be_visible(timeout=READY)
    ask(phone, QUESTION)
    phone.locator("details.dn-context > summary").first.click()
    widths = phone.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert widths[0] <= widths[1]
    made.close()


@pytest.mark.parametrize("path", ["/", "/api/docs"])
def test_nothing_but_loopback_is_asked_for(context: BrowserContext, url: str, path: str) -> None:
    seen: list[str] = []
    context.on("request", lambda request: seen.append(request.url))
    opened = context.new_page()
    problems: list[str] = []
    opened.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)
    opened.goto(f"{url}{path}")
    mark = ".dn-chip" if path == "/" else ".opblock"
    expect(opened.locator(mark).first).to_be_visible(timeout=READY)
    if path == "/":
        ask(opened, QUESTION)
    opened.wait_for_timeout(1000)
    hosts = {urlsplit(u).hostname for u in seen if urlsplit(u).scheme not in ("data", "blob")}
    assert hosts == {"127.0.0.1"}
    assert problems == []


def test_a_first_start_shows_its_progress_and_then_the_chat(
    context: BrowserContext, tmp_path: Path
) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    text = "Değirmen 1902 yılında yandı. Bekçi yangını gördü.\n"
    (corpus / "degirmen.txt").write_text(text, "utf-8")
    (corpus / "corpus.toml").write_text(
        '[[document]]\nfile = "degirmen.txt"\nexamples = ["Değirmen ne zaman yandı?"]\n', "utf-8"
    )
    with serving(corpus, tmp_path / "index") as base:
        opened = context.new_page()
        opened.goto(base)
        expect(opened.locator(".dn-progress, .dn-chip:visible").first).to_be_visible(timeout=READY)
        expect(opened.locator(".dn-chip").first).to_be_visible(timeout=READY)
        opened.locator(".dn-chip").first.click()
        expect(opened.locator(".dn-quote").first).to_contain_text("1902", timeout=30_000)
