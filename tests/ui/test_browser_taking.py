"""What is taken away from the page, or left: citations, answers, conversations, feedback."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from chromium import READY, Served, answers, ask, can_be_asked, opened, serving, wait_until
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
        yield made


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


def said(page: Page) -> str:
    expect(page.locator(".dn-said")).not_to_be_empty()
    return page.locator(".dn-said").inner_text()


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
