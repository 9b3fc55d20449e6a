"""A page of a text in a real browser: by itself and beside a conversation."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Literal

import pypdfium2
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from chromium import READY, ask, opened, violations

pytestmark = pytest.mark.browser

PLACE = "/text/turk-sovyet-iliskileri/p10"


def test_a_place_is_marked_asked_about_and_copied_on_a_page_of_its_own(
    context: BrowserContext, quick_url: str
) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{quick_url}{PLACE}#c19531-19735")
    marked = page.locator(".s.at")
    expect(marked).to_contain_text("16 Mart 1921")
    expect(marked).to_be_in_viewport()
    assert violations(page) == []
    page.locator(".acts button", has_text="Kaynağıyla kopyala").click()
    expect(page.locator(".acts .said")).to_have_text("Kopyalandı.")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("“İki ülke arasında")
    assert f"{PLACE}#c19531-19735" in copied
    # What is selected goes before what is marked, and whole sentences are taken.
    page.locator(".sheet .s", has_text="Moskova’ya geri dönen").first.evaluate(
        "s => getSelection().setBaseAndExtent(s, s.childNodes.length - 1, s, s.childNodes.length)"
    )
    expect(page.locator(".acts .what")).to_contain_text("Moskova’ya geri dönen")
    page.locator(".acts button", has_text="Bunu sor").click()
    box = page.locator("#dn-question textarea")
    expect(box).to_have_value(re.compile("Moskova’ya geri dönen"), timeout=READY)


def test_beside_a_conversation_pages_are_turned_outlined_and_searched(
    context: BrowserContext, quick_url: str
) -> None:
    page = context.new_page()
    page.goto(f"{quick_url}/#{PLACE}")
    source = page.locator("#dn-source")
    expect(source.locator(".folio")).to_contain_text("10", timeout=READY)
    source.locator("a[rel=next]").first.click()
    expect(source.locator(".folio")).to_contain_text("11")
    source.locator(".outline summary").click()
    source.locator(".outline a", has_text="Kararsızlık Dönemi (1918-1923)").click()
    expect(source.locator(".sheet :is(h2, h3)", has_text="Kararsızlık")).to_be_in_viewport()
    source.locator(".find input[type=search]").fill("bogaz")
    page.keyboard.press("Enter")
    expect(source.locator(".found li").first).to_be_visible(timeout=30_000)
    assert violations(page) == []
    source.locator(".found li a").first.click()
    expect(source.locator(".sheet mark.hit").first).to_be_in_viewport(timeout=30_000)
    source.locator(".marker a").first.click()
    expect(source.locator(".notes p").first).to_be_in_viewport(timeout=30_000)


def test_a_quotation_is_checked_beside_the_conversation_and_what_was_asked_is_taken_away(
    context: BrowserContext, quick_url: str
) -> None:
    page = opened(context, quick_url)
    source = page.locator("#dn-source")
    page.locator(".dn-bar a", has_text="Alıntı denetimi").click()
    source.get_by_label("Alıntı", exact=True).fill("BEKÇİ YANGINI KİMSEYE HABER VERMEDİ")
    source.get_by_role("button", name="Denetle").click()
    expect(source.locator(".verdict")).to_have_attribute("data-stands", "true")
    expect(source.locator(".checked blockquote")).to_contain_text("Bekçi yangını kimseye")
    assert violations(page) == []
    checked = page.url
    assert "#/verify?quote=" in checked
    source.locator(".foot a").click()
    expect(source.locator(".sheet .at")).to_contain_text("Bekçi yangını")
    page.go_back()
    expect(source.locator(".verdict")).to_be_visible()
    assert page.url == checked
    source.get_by_label("Alıntı", exact=True).fill("Bekçi yangını herkese haber verdi")
    source.get_by_role("button", name="Denetle").click()
    expect(source.locator(".verdict")).to_have_attribute("data-stands", "false")
    expect(source.locator("del").first).to_have_text("herkese")
    expect(source.locator("ins").first).to_have_text("kimseye")
    assert violations(page) == []
    # The same by itself.
    alone = context.new_page()
    alone.goto(f"{quick_url}{checked.partition('#')[2]}")
    expect(alone.locator(".verdict")).to_have_attribute("data-stands", "true")
    assert violations(alone) == []
    alone.close()
    # What is copied with the mouse reads like what is seen; a conversation goes in five forms.
    ask(page, "Değirmen ne zaman yandı?")
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator(".dn-turn").evaluate("turn => getSelection().selectAllChildren(turn)")
    page.keyboard.press("Control+c")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("Değirmen ne zaman yandı?\n")
    assert "\n“Kıyıdaki değirmen 3 Mayıs 1902’de yandı.”\nGöl ve Kıyısı, s. 1\n" in copied
    assert "Düzenle" not in copied
    page.locator(".dn-bar [data-do=rail]").click()
    for form, name, held in (
        ("markdown", "md", "[^1]: "), ("text", "txt", "[1] "), ("bibtex", "bib", "@"),
        ("ris", "ris", "TY  - "), ("csl-json", "json", '"type"'),
    ):  # fmt: skip
        menu = page.locator("#dn-rail .dn-exports")
        menu.locator("summary").click()
        with page.expect_download() as coming:
            menu.locator(f"[data-format={form}]").click()
        assert coming.value.suggested_filename == f"degirmen-ne-zaman-yandi.{name}"
        text = Path(coming.value.path()).read_text("utf-8")
        assert held in text
        assert form != "csl-json" or json.loads(text)


def hold(page: Page, pattern: str) -> list[Route]:
    """Hold back what is asked for at addresses like this."""
    held: list[Route] = []

    def keep(route: Route) -> None:
        held.append(route)

    page.route(re.compile(pattern), keep)
    return held


def until_held(page: Page, held: list[Route], number: int) -> None:
    for _ in range(100):
        if len(held) == number:
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"{len(held)} pages were asked for, not {number}")


def test_of_two_pages_asked_for_at_once_the_one_asked_for_last_is_shown(
    context: BrowserContext, quick_url: str
) -> None:
    page = context.new_page()
    page.goto(f"{quick_url}/#{PLACE}")
    source = page.locator("#dn-source")
    expect(source.locator(".folio")).to_contain_text("10", timeout=READY)
    place = page.url
    held = hold(page, r"/text/.*/p(9|11)\b")
    source.locator("a[rel=next]").first.click()
    until_held(page, held, 1)
    expect(page.locator(".dn-said")).to_have_text("Sayfa açılıyor…")
    source.locator("a[rel=prev]").first.click()
    until_held(page, held, 2)
    held[1].continue_()
    expect(source.locator(".folio")).to_contain_text("9")
    expect(page.locator(".dn-said")).to_have_text("")
    held[0].continue_()
    page.wait_for_timeout(500)
    expect(source.locator(".folio")).to_contain_text("9")
    # The other way about: the first comes first, and is not drawn either.
    page.goto(place)
    page.reload()
    expect(source.locator(".folio")).to_contain_text("10", timeout=READY)
    source.locator("a[rel=next]").first.click()
    until_held(page, held, 3)
    source.locator("a[rel=prev]").first.click()
    until_held(page, held, 4)
    held[2].continue_()
    page.wait_for_timeout(500)
    expect(source.locator(".folio")).to_contain_text("10")
    held[3].continue_()
    expect(source.locator(".folio")).to_contain_text("9")


def test_a_source_that_was_closed_while_it_came_stays_closed(
    context: BrowserContext, quick_url: str
) -> None:
    page = context.new_page()
    held = hold(page, r"/text/.*/p\d+\b")
    page.goto(f"{quick_url}/#{PLACE}")
    until_held(page, held, 1)
    page.keyboard.press("Escape")
    held[0].continue_()
    page.wait_for_timeout(500)
    source = page.locator("#dn-source")
    expect(source).to_be_hidden()
    # The conversation has the room, and the address says what is shown.
    expect(page.locator("body.dn-has-source")).to_have_count(0)
    expect(page.locator("body.dn-started")).to_have_count(1, timeout=READY)
    page.evaluate("place => { location.hash = place; }", PLACE)
    until_held(page, held, 2)
    held[1].continue_()
    expect(source.locator(".folio")).to_be_visible()
    link = source.locator("a[rel=next]").first
    link.click()
    until_held(page, held, 3)
    page.keyboard.press("Escape")
    expect(source).to_be_hidden()
    held[2].continue_()
    page.wait_for_timeout(500)
    expect(source).to_be_hidden()
    assert "#" not in page.url
    # What could not be fetched is fetched anew the next time.
    page.locator(".dn-text-link").click()  # a text of one page
    until_held(page, held, 4)
    held[3].abort()
    expect(source.locator(".dn-error")).to_contain_text("yanıt vermiyor")
    page.locator(".dn-text-link").click()
    until_held(page, held, 5)
    held[4].continue_()
    expect(source.locator(".folio")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_conversation_is_printed_whole_in_black_on_white(
    browser: Browser, quick_url: str, tmp_path: Path, scheme: Literal["light", "dark"]
) -> None:
    context = browser.new_context(
        locale="tr-TR", viewport={"width": 1400, "height": 900}, color_scheme=scheme
    )
    page = opened(context, quick_url)
    for question in ("Değirmen ne zaman yandı?", "Göl ne zaman kurutuldu?") * 3:
        ask(page, question)
    expect(page.locator("#dn-source")).to_be_visible()
    page.pdf(path=tmp_path / "page.pdf", format="A5")
    with pypdfium2.PdfDocument(tmp_path / "page.pdf") as printed:
        texts = [sheet.get_textpage().get_text_range() for sheet in printed]
        darkest = [sheet.render().to_pil().convert("L").getextrema()[0] for sheet in printed]
    assert len(texts) > 1
    assert "".join(texts).count("1902") >= 3
    assert "Düzenle" not in "".join(texts)
    assert max(darkest) < 64
    # A page of a text, too.
    page.goto(f"{quick_url}{PLACE}")
    page.pdf(path=tmp_path / "text.pdf")
    with pypdfium2.PdfDocument(tmp_path / "text.pdf") as printed:
        assert printed[0].render().to_pil().convert("L").getextrema() == (0, 255)
    context.close()


def test_what_is_chosen_in_the_source_is_copied_and_asked_about_and_nothing_else(
    context: BrowserContext, quick_url: str
) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{quick_url}/#{PLACE}#c19531-19735")
    acts = page.locator("#dn-source .acts")
    acts.locator("button", has_text="Kaynağıyla kopyala").click(timeout=READY)
    expect(acts.locator(".said")).to_have_text("Kopyalandı.")
    acts.locator("button", has_text="Bunu sor").click()
    expect(page.locator("#dn-question textarea")).to_have_value(re.compile("İki ülke arasında"))
    expect(page.locator(".dn-turn")).to_have_count(0)


def test_on_a_phone_a_sentence_that_is_chosen_is_asked_about_and_copied(
    browser: Browser, quick_url: str
) -> None:
    context = browser.new_context(
        locale="tr-TR", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = opened(context, quick_url)
    ask(page, "Değirmen ne zaman yandı?")
    page.locator(".dn-citation .dn-page").first.tap()
    sheet = page.get_by_role("dialog")
    expect(sheet.locator(".at").first).to_be_in_viewport()
    # As a finger does that rests on a word: the word is selected, and its sentence is what counts.
    word = sheet.locator(".sheet .s", has_text="Bekçi yangını")
    word.evaluate(
        "s => getSelection().setBaseAndExtent(s.lastChild, 2, s.lastChild, s.lastChild.length - 3)"
    )
    acts = sheet.locator(".acts")
    expect(acts.locator(".what")).to_have_text("Bekçi yangını kimseye haber vermedi.")
    expect(acts.locator("button").first).to_be_in_viewport(ratio=1)
    assert violations(page) == []
    acts.locator("button", has_text="Kaynağıyla kopyala").tap()
    expect(acts.locator(".said")).to_have_text("Kopyalandı.")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("“Bekçi yangını kimseye haber vermedi.” “Göl ve Kıyısı”")
    acts.locator("button", has_text="Bunu sor").tap()
    expect(page.locator("#dn-source")).to_be_hidden()
    expect(page.locator("#dn-question textarea")).to_have_value(re.compile("^Bekçi yangını"))
    expect(page.locator(".dn-turn")).to_have_count(1)
    context.close()


def test_of_a_text_that_has_changed_nothing_is_copied_with_words_of_now(
    context: BrowserContext, quick_url: str
) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{quick_url}{PLACE}#c19531-19735")
    sent: list[str] = []
    page.on("request", lambda r: sent.append(r.post_data or "") if "/api/cite" in r.url else None)
    copy, said = page.locator(".acts button").last, page.locator(".acts .said")
    copy.click()
    expect(said).to_have_text("Kopyalandı.")
    assert json.loads(sent[0])["citations"][0]["quote"].startswith("İki ülke arasında")
    page.evaluate("navigator.clipboard.writeText('')")
    # The page is as it was loaded; the text there is another one now.
    page.locator(".s.at").evaluate(
        "s => { s.append(' Bu cümle artık yok.'); getSelection().empty(); }"
    )
    copy.click()
    expect(said).to_contain_text("Metin değişmiş")
    # The text changes between being looked up and being cited.
    page.reload()
    page.route(
        "**/api/cite",
        lambda route: route.fulfill(
            status=409, content_type="application/problem+json", body='{"code": "text-changed"}'
        ),
    )
    copy.click()
    expect(said).to_contain_text("Metin değişmiş")
    assert page.evaluate("navigator.clipboard.readText()") == ""
