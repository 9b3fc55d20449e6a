"""What is taken away from the page, or left: citations, answers, conversations, feedback."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from chromium import (
    READY,
    Served,
    answers,
    ask,
    can_be_asked,
    opened,
    serving,
    violations,
    wait_until,
)
from fakes import LAKE

pytestmark = [pytest.mark.browser]

QUESTION = "Değirmen ne zaman yandı?"
QUOTE = "Kıyıdaki değirmen 3 Mayıs 1902’de yandı."


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A small text, with feedback on."""
    folder = tmp_path_factory.mktemp("taking")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "lake.txt").write_text(LAKE, "utf-8")
    with serving(
        folder / "corpus", folder / "index", fake=True, DIPNOT_FEEDBACK=str(folder / "said.jsonl")
    ) as made:
        wait_until(lambda: answers(f"{made.url}/api/health"))
        SAID[made.url] = folder / "said.jsonl"
        yield made


SAID: dict[str, Path] = {}


def changed(page: Page, change: str) -> None:
    """Change what the browser keeps of the conversation, by a script, and open it again."""
    page.evaluate(
        f"""() => {{
          const [key] = Object.keys(localStorage).filter((k) => k.startsWith('dipnot.c.'));
          const kept = JSON.parse(localStorage.getItem(key));
          {change}
          localStorage.setItem(key, JSON.stringify(kept));
        }}"""
    )
    page.reload()
    can_be_asked(page)


def test_of_a_quotation_that_fell_nothing_is_taken_but_its_words(
    context: BrowserContext, served: Served
) -> None:
    page = opened(context, served.url)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, QUESTION)
    turn = page.locator(".dn-turn")
    turn.locator("[data-do=cite]").first.click()
    expect(page.locator(".dn-said")).to_have_text("Kopyalandı.")
    assert "Göl ve Kıyısı" in page.evaluate("navigator.clipboard.readText()")
    # The text changes while the page is open: the page finds out when it asks for a citation.
    page.route(
        "**/api/cite",
        lambda route: route.fulfill(
            status=409, content_type="application/problem+json", body='{"code": "text-changed"}'
        ),
    )
    turn.locator("[data-do=cite]").first.click()
    expect(page.locator(".dn-said")).to_contain_text("Metin değişmiş")
    # And when it is opened again.
    changed(page, "kept.turns[0].answer.citations[0].quote += ' Artık değil.';")
    expect(turn.locator(".dn-fallen")).to_have_count(1, timeout=READY)
    expect(turn.locator("[data-do=helpful]")).to_have_count(0)
    expect(turn.locator(".dn-citation").first.locator("[data-do]")).to_have_count(1)
    turn.locator("[data-do=copy-answer]").click()
    expect(page.locator(".dn-said")).to_have_text("Kopyalandı.")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(QUESTION)
    assert QUOTE in copied
    assert "artık bu biçimde" in copied
    assert "[1]" not in copied


def test_a_conversation_is_saved_plainly_or_not_at_all_and_why_is_told(
    context: BrowserContext, served: Served
) -> None:
    page = opened(context, served.url)
    ask(page, QUESTION)
    page.locator(".dn-bar [data-do=rail]").click()
    menu = page.locator("#dn-rail .dn-exports")
    page.route("**/api/export", refusing("too-large"))
    menu.locator("summary").click()
    menu.locator("[data-format=bibtex]").click()
    expect(page.locator(".dn-said")).to_contain_text("Dışa aktarılamadı. Gönderilen")
    menu.locator("summary").click()
    with page.expect_download() as coming:
        menu.locator("[data-format=markdown]").click()
    expect(page.locator(".dn-said")).to_contain_text("Yalın biçimde")
    assert QUOTE in Path(coming.value.path()).read_text("utf-8")
    page.unroute("**/api/export")
    # A text that is gone costs its own footnotes, and not the rest.
    ask(page, "Kıyıda ne vardı?")
    changed(page, "for (const c of kept.turns[1].answer.citations) c.doc_id = 'gone';")
    expect(page.locator(".dn-fallen").first).to_be_visible(timeout=READY)
    page.locator(".dn-bar [data-do=rail]").click()
    menu.locator("summary").click()
    with page.expect_download() as coming:
        menu.locator("[data-format=markdown]").click()
    text = Path(coming.value.path()).read_text("utf-8")
    assert "[^1]: " in text
    assert "artık bu biçimde" in text


def refusing(code: str) -> Callable[[Route], None]:
    return lambda route: route.fulfill(status=429, body=json.dumps({"code": code}))


def test_a_word_on_an_answer_is_sent_and_what_is_in_the_way_is_told(
    context: BrowserContext, served: Served
) -> None:
    page = opened(context, served.url)
    ask(page, QUESTION)
    turn = page.locator(".dn-turn")
    turn.locator("[data-do=unhelpful]").click()
    form = turn.locator(".dn-feedback")
    form.get_by_role("button", name="Vazgeç").click()
    expect(form).to_have_count(0)
    turn.locator("[data-do=unhelpful]").click()
    form.locator("textarea").fill("Eksik.")
    for code, words in (
        ("too-often", "bir dakika sonra"), ("too-large", "çok büyük"), ("other", "ters gitti"),
    ):  # fmt: skip
        page.route("**/api/feedback", refusing(code))
        form.locator("button:not([data-do])").click()
        expect(form.locator("[role=status]")).to_contain_text(words)
        page.unroute("**/api/feedback")
    page.route("**/api/feedback", lambda route: route.abort())
    form.locator("button:not([data-do])").click()
    expect(form.locator("[role=status]")).to_contain_text("Sunucu yanıt vermiyor")
    page.unroute("**/api/feedback")
    assert violations(page) == []
    # What was written is still there, and goes once it can: once, however often that is pressed.
    form.locator("button:not([data-do])").dblclick()
    expect(turn).to_contain_text("Teşekkürler.")
    (line,) = SAID[served.url].read_text("utf-8").splitlines()
    kept = json.loads(line)
    assert (kept["helpful"], kept["comment"], kept["question"]) == (False, "Eksik.", QUESTION)
    assert QUOTE in kept["citations"][0]["quote"]


def test_the_form_for_a_word_is_not_under_the_question_box(
    browser: Browser, served: Served
) -> None:
    context = browser.new_context(
        locale="tr-TR", viewport={"width": 390, "height": 700}, reduced_motion="reduce"
    )
    page = opened(context, served.url)
    for question in (QUESTION, "Göl ne zaman kurutuldu?"):
        ask(page, question)
    page.locator("[data-do=unhelpful]").last.evaluate("button => button.click()")
    form = page.locator(".dn-feedback")
    expect(form.locator("textarea")).to_be_focused()
    bottom = float(form.locator("button").first.evaluate("e => e.getBoundingClientRect().bottom"))
    assert bottom <= float(
        page.locator("#dn-composer").evaluate("e => e.getBoundingClientRect().top")
    )
    context.close()


def test_where_feedback_is_off_the_page_does_not_ask_for_it(
    context: BrowserContext, quick_url: str
) -> None:
    page = opened(context, quick_url)
    ask(page, QUESTION)
    expect(page.locator("[data-do=copy-answer]")).to_be_visible()
    expect(page.locator("[data-do=helpful]")).to_have_count(0)
