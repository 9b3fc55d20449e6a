"""What the page bears, in a real browser: two people, long conversations, odd text, odd servers."""

from __future__ import annotations

import os
import re
import shutil
import signal
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Route, expect

from chromium import READY, ask, can_be_asked, free_port, opened, send, serving
from fakes import LAKE

pytestmark = pytest.mark.browser

QUESTION = "Değirmen ne zaman yandı?"


def test_hostile_questions_and_a_store_tampered_with_or_full_are_borne(
    context: BrowserContext, quick_url: str
) -> None:
    page = opened(context, quick_url)
    # Marks that turn the direction of writing do so in their own line alone.
    ask(page, "Değirmen \u202enamaz en\u202c yandı \u2067؟\u2069 \u200f")
    heading = page.locator("h2.dn-question")
    assert heading.evaluate("h => getComputedStyle(h).unicodeBidi") == "isolate"
    expect(page).to_have_title("Değirmen namaz en yandı ؟ \u200f — Dipnot")
    steal = "document.title='hacked'"
    ask(page, f'<img src=x onerror="{steal}"><script>{steal}</script> **kim** $x$')
    expect(page.locator("h2.dn-question").last).to_contain_text("<script>")
    ask(page, "😀😀😀")
    page.evaluate(
        """() => {
          const [key] = Object.keys(localStorage).filter((k) => k.startsWith('dipnot.c.'));
          const kept = JSON.parse(localStorage.getItem(key));
          kept.turns[0].answer = {verdict: '<b>', citations: [{quote: '<img src=x onerror=x>',
            doc_id: 'x', start: 1, end: 2, page: 1, n: 1, url: 'javascript:x'}]};
          kept.turns.push(null, 3, {question: 'q', key: 'k1', answer: 7});
          localStorage.setItem(key, JSON.stringify(kept));
          localStorage.setItem('dipnot.c.broken', '{');
          localStorage.setItem('dipnot.c.odd', '[]');
          try { for (let i = 0; ; i++) localStorage.setItem('full' + i, 'x'.repeat(200000)); }
          catch { /* full */ }
          try { for (let i = 0; ; i++) localStorage.setItem('f' + i, 'x'.repeat(50)); } catch {}
        }"""
    )
    page.reload()
    expect(page.locator(".dn-fallen")).to_have_count(1, timeout=READY)
    expect(page.locator(".dn-turn")).to_have_count(4)
    ask(page, QUESTION)
    expect(page.locator(".dn-said")).to_contain_text("dolu")
    assert page.title() != "hacked"


def test_two_people_ask_at_once_and_each_sees_their_own(browser: Browser, quick_url: str) -> None:
    people = [browser.new_context(locale=tongue) for tongue in ("tr-TR", "en-GB")]
    pages = [opened(person, quick_url) for person in people]
    questions = [QUESTION, "Who rebuilt the mill in 1905?"]
    for page, question in zip(pages, questions, strict=True):
        send(page, question)
    for page, question, said in zip(pages, questions, ("1902", "1905"), strict=True):
        expect(page.locator(".dn-answer[data-verdict]")).to_have_count(1)
        expect(page.locator(".dn-turn .dn-question")).to_contain_text(question)
        expect(page.locator(".dn-quote").first).to_contain_text(said)
    assert [page.evaluate("document.documentElement.lang") for page in pages] == ["tr", "en"]
    for person in people:
        person.close()


def test_a_question_that_is_refused_for_now_is_asked_again(
    context: BrowserContext, quick_url: str
) -> None:
    page = opened(context, quick_url)
    refused: list[str] = []

    def once(route: Route) -> None:
        if refused:
            route.continue_()
        else:
            refused.append(route.request.url)
            route.fulfill(status=429, json={"detail": "Şu anda çok soru soruluyor."})

    page.route("**/gradio_api/queue/join*", once)
    send(page, QUESTION)
    expect(page.locator(".dn-lost")).to_contain_text("başka soruları yanıtlıyor")
    expect(page.locator(".dn-answer[data-verdict]")).to_have_count(1)
    assert len(refused) == 1


def test_a_question_is_edited_asked_again_and_asked_alone_in_its_place(
    context: BrowserContext, quick_url: str
) -> None:
    page = opened(context, quick_url)
    box, turns = page.locator("#dn-question textarea"), page.locator(".dn-turn")
    answered = page.locator(".dn-answer[data-verdict]")
    ask(page, QUESTION)
    page.locator("[data-do=edit]").click()
    expect(box).to_have_value(QUESTION)
    send(page, "Değirmenin taşı nerede?")
    expect(turns.locator(".dn-question")).to_have_text(re.compile("Değirmenin taşı nerede"))
    expect(answered).to_have_count(1)
    expect(page.locator(".dn-quote").first).to_contain_text("müzede")
    key = turns.get_attribute("data-key")
    page.locator("[data-do=retry]").click()
    expect(page.locator(f"#dn-turn-{key}")).to_have_count(0)
    expect(answered).to_have_count(1)
    expect(turns).to_have_count(1)
    ask(page, "Peki ne zaman yandı?")
    # Where a follow-up was read with what it leaves out, one click asks it as it stands.
    last = turns.last
    expect(last.locator(".dn-resolved q")).to_contain_text("taşı")
    last.locator("[data-do=alone]").click()
    expect(answered).to_have_count(3)
    expect(turns.last.locator(".dn-resolved")).to_have_count(0)
    # Stop leaves the question; the box recalls it.
    page.keyboard.press("Control+k")
    expect(box).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(box).to_have_value("Peki ne zaman yandı?")


def test_as_many_turns_as_are_kept_are_drawn_and_asked_on(
    context: BrowserContext, quick_url: str
) -> None:
    page = opened(context, quick_url)
    ask(page, QUESTION)
    page.evaluate(
        """() => {
          const [key] = Object.keys(localStorage).filter((k) => k.startsWith('dipnot.c.'));
          const kept = JSON.parse(localStorage.getItem(key));
          const [one] = kept.turns;
          kept.turns = Array.from({length: 260}, (_, i) => ({...one, key: `k${i}`}));
          localStorage.setItem(key, JSON.stringify(kept));
        }"""
    )
    page.reload()
    can_be_asked(page)
    expect(page.locator(".dn-answer[data-verdict]")).to_have_count(260, timeout=READY)
    ask(page, "Kıyıda ne vardı?")
    expect(page.locator(".dn-turn")).to_have_count(261)
    expect(page.locator(".dn-turn").last).to_be_in_viewport()
    expect(page.locator("#dn-rail .dn-questions li")).to_have_count(261)


def test_a_conversation_that_is_full_loses_nothing_another_is_begun(
    context: BrowserContext, quick_url: str
) -> None:
    page = opened(context, quick_url)
    ask(page, QUESTION)
    page.evaluate(
        """() => {
          const [key] = Object.keys(localStorage).filter((k) => k.startsWith('dipnot.c.'));
          const kept = JSON.parse(localStorage.getItem(key));
          const error = {code: 'stopped', sentence: null};
          kept.turns = Array.from({length: 500}, (_, i) => ({key: `k${i}`, question: 'q', error}));
          localStorage.setItem(key, JSON.stringify(kept));
        }"""
    )
    page.reload()
    can_be_asked(page)
    expect(page.locator(".dn-turn")).to_have_count(500, timeout=READY)
    send(page, QUESTION)
    expect(page.locator(".dn-answer[data-verdict]")).to_have_count(1)
    expect(page.locator(".dn-turn")).to_have_count(1)
    expect(page.locator(".dn-said")).to_contain_text("yeni bir konuşma başladı")
    assert sorted(
        page.evaluate(
            """() => Object.keys(localStorage).filter((k) => k.startsWith('dipnot.c.'))
          .map((k) => JSON.parse(localStorage.getItem(k)).turns.length)"""
        )
    ) == [1, 500]
    page.go_back()
    expect(page.locator(".dn-turn")).to_have_count(500)


def test_what_is_kept_is_looked_up_in_the_text_once_the_index_is_there(
    context: BrowserContext, tmp_path: Path
) -> None:
    """A page that was open comes back while the server starts again with another text."""
    corpus, port = tmp_path / "corpus", free_port()
    corpus.mkdir()
    (corpus / "lake.txt").write_text(LAKE, "utf-8")
    with serving(corpus, tmp_path / "index", fake=True, port=port) as served:
        page = opened(context, served.url)
        ask(page, QUESTION)
    (corpus / "lake.txt").write_text(LAKE.replace("3 Mayıs", "4 Mayıs"), "utf-8")
    shutil.rmtree(tmp_path / "index")
    go = tmp_path / "go"
    with serving(corpus, tmp_path / "index", fake=True, port=port, FAKE_HOLD=str(go)):
        page.reload()
        turn = page.locator(".dn-turn")
        expect(turn).to_contain_text("henüz karşılaştırılmadı", timeout=READY)
        expect(turn.locator(".dn-quote")).to_have_count(0)
        go.touch()
        expect(turn.locator(".dn-fallen")).to_have_count(1, timeout=READY)
        expect(page.locator(".dn-unchecked")).to_have_count(0)


def test_what_is_not_drawn_anew_keeps_its_quotations_and_does_not_blame_the_server(
    context: BrowserContext, quick_url: str
) -> None:
    page = opened(context, quick_url)
    ask(page, QUESTION)
    page.route("**/component_server**", lambda route: route.abort())
    page.reload()
    can_be_asked(page)
    turn = page.locator(".dn-turn")
    expect(turn).to_contain_text("saklanan alıntılar", timeout=READY)
    expect(turn.locator(".dn-quote").first).to_contain_text("1902")
    expect(turn).not_to_contain_text("yanıt vermiyor")


def test_a_file_that_is_dropped_does_not_take_the_place_of_the_page(
    context: BrowserContext, quick_url: str
) -> None:
    page = opened(context, quick_url)
    stopped = page.evaluate(
        """() => ['dragover', 'drop'].map((kind) => {
          const data = new DataTransfer();
          data.items.add(new File(['x'], 'x.pdf'));
          const event = new DragEvent(kind, {dataTransfer: data, bubbles: true, cancelable: true});
          document.body.dispatchEvent(event);
          return event.defaultPrevented;
        })"""
    )
    assert stopped == [True, True]


def test_a_server_that_freezes_or_stops_is_waited_for(
    context: BrowserContext, tmp_path: Path
) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "lake.txt").write_text(LAKE, "utf-8")
    (corpus / "corpus.toml").write_text(
        f'[[document]]\nfile = "lake.txt"\nexamples = ["{QUESTION}"]\n', "utf-8"
    )
    with serving(corpus, tmp_path / "index", fake=True) as served:
        page = context.new_page()
        page.goto(served.url)
        # A first start shows its progress, and then the chat.
        expect(page.locator(".dn-progress, .dn-chip:visible").first).to_be_visible(timeout=READY)
        can_be_asked(page)
        page.locator(".dn-chip:visible").first.click()
        # The first place found may be there while the turn is still under way.
        expect(page.locator(".dn-answer[data-verdict]")).to_have_count(1)
        expect(page.locator(".dn-quote").first).to_contain_text("1902")
        page.locator("#dn-question textarea").fill("Bekçi neyi gördü?")
        os.kill(served.pid, signal.SIGSTOP)
        try:
            page.keyboard.press("Enter")
            expect(page.locator(".dn-lost")).to_contain_text("yanıt vermiyor")
            expect(page.locator("#dn-stop")).to_be_visible()
        finally:
            os.kill(served.pid, signal.SIGCONT)
        expect(page.locator(".dn-answer[data-verdict]")).to_have_count(2)
    page.locator("#dn-question textarea").fill("Değirmen nerede?")
    page.keyboard.press("Enter")
    expect(page.locator(".dn-lost")).to_contain_text("yanıt vermiyor")
    page.locator("#dn-stop").click()
    expect(page.locator(".dn-turn").last).to_contain_text("Durduruldu")
    expect(page.locator(".dn-quote").first).to_contain_text("1902")
