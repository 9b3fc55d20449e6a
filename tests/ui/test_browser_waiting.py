"""What the page shows until an answer is whole: a first place, silence, faults."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from chromium import (
    READY,
    Served,
    answers,
    ask,
    can_be_asked,
    free_port,
    opened,
    send,
    serving,
    violations,
    wait_until,
)
from dipnot.models.cores import cores
from fakes import LAKE

pytestmark = pytest.mark.browser

QUESTION = "Değirmen ne zaman yandı?"
SLOWLY_FOUND = "Değirmen yavaş yavaş ne zaman yandı?"
SLOWLY_READ = "Değirmen usul usul ne zaman yandı?"

# What changes in places that a screen reader reads out, but for what is hidden from it.
READ_OUT = """() => {
  window.readOut = [];
  new MutationObserver((seen) => {
    for (const { target } of seen) {
      const at = target.parentElement && target.nodeType === 3 ? target.parentElement : target;
      if (!at.closest("[aria-hidden=true]")) window.readOut.push(at.outerHTML);
    }
  }).observe(document.querySelector(".dn-waiting"), {
    childList: true, characterData: true, subtree: true,
  });
}"""


class Slow:
    """A server that searches and reads slow questions once it may."""

    def __init__(self, folder: Path) -> None:
        self.may_find, self.may_read = folder / "find", folder / "read"
        self._folder, self._port = folder, free_port()
        (folder / "corpus").mkdir()
        (folder / "corpus" / "lake.txt").write_text(LAKE, "utf-8")

    @contextmanager
    def serve(self, **told: str) -> Iterator[Served]:
        """Serve at the same address each time; a server that still waits could not end."""
        with serving(
            self._folder / "corpus", self._folder / "index", fake=True, port=self._port,
            FAKE_ASK=str(self.may_find), FAKE_READ=str(self.may_read), **told,
        ) as served:  # fmt: skip
            try:
                yield served
            finally:
                self.may_find.touch()
                self.may_read.touch()


@pytest.fixture
def slow(tmp_path: Path) -> Slow:
    return Slow(tmp_path)


def until_ready(served: Served) -> None:
    wait_until(lambda: answers(f"{served.url}/api/health"))


def newest(page: Page) -> str:
    return page.locator(".dn-turn").last.inner_text()


def test_the_first_place_is_shown_while_it_is_read_marked_as_unsure_and_can_be_stopped(
    context: BrowserContext, slow: Slow
) -> None:
    with slow.serve() as served:
        page = opened(context, served.url)
        send(page, SLOWLY_READ)
        unsure = page.locator(".dn-checking")
        expect(unsure.locator(".dn-quote")).to_contain_text("1902")
        expect(unsure).to_contain_text("henüz denetleniyor")
        expect(page.locator("#dn-stop")).to_be_visible()
        # After a second it says what it waits for; what is shown stays marked.
        expect(unsure.locator(".dn-waiting")).to_have_text(re.compile(r"okuyor: \d+ sn"))
        expect(unsure).to_contain_text("henüz denetleniyor")
        assert violations(page) == []
        page.locator("#dn-stop").click()
        expect(page.locator(".dn-turn")).to_contain_text("Durduruldu")
        expect(page.locator("#dn-stop")).to_be_hidden()
        expect(unsure).to_have_count(0)
        # What was stopped stays so, and is asked again when the reader wants it.
        slow.may_read.touch()
        ask(page, QUESTION)
        expect(page.locator(".dn-turn").first).to_contain_text("Durduruldu")
        page.locator("[data-do=retry]").first.click()
        expect(page.locator(".dn-answer[data-verdict]")).to_have_count(2)
        expect(page.locator(".dn-error")).to_have_count(0)


def test_after_a_second_of_silence_the_page_says_what_it_waits_for(
    context: BrowserContext, slow: Slow
) -> None:
    with slow.serve() as served:
        page = opened(context, served.url)
        send(page, SLOWLY_FOUND)
        waiting = page.locator(".dn-turn .dn-waiting")
        expect(page.locator(".dn-turn .dn-question")).to_contain_text(SLOWLY_FOUND)
        expect(waiting).to_have_text(re.compile(r"aldı, metinde arıyor: \d+ sn"))
        assert violations(page) == []
        # Its seconds go on, and nothing of that is read out.
        page.evaluate(READ_OUT)
        seconds = waiting.locator("span[aria-hidden=true]")
        first = seconds.inner_text()
        expect(seconds).not_to_have_text(first)
        assert page.evaluate("window.readOut") == []
        slow.may_find.touch()
        expect(page.locator(".dn-quote").first).to_contain_text("1902")
        expect(waiting).to_have_count(0)


def test_a_question_refused_because_others_are_answered_is_asked_again_by_itself(
    context: BrowserContext, slow: Slow
) -> None:
    with slow.serve(DIPNOT_MAX_CONCURRENT="1") as served:
        page, other = (opened(context, served.url) for _ in range(2))
        send(other, SLOWLY_FOUND)
        expect(other.locator(".dn-turn .dn-waiting")).to_contain_text("arıyor")
        send(page, QUESTION)
        expect(page.locator(".dn-lost")).to_contain_text("başka soruları yanıtlıyor")
        slow.may_find.touch()
        for each in (page, other):
            expect(each.locator(".dn-quote").first).to_contain_text("1902")
            expect(each.locator(".dn-lost")).to_have_count(0)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_question_that_does_not_get_through_is_asked_again_by_itself(
    context: BrowserContext, quick_url: str, status: int
) -> None:
    page = opened(context, quick_url)
    refused: list[str] = []

    def refuse(route: Route) -> None:
        refused.append(route.request.url)
        route.fulfill(status=status, json={"detail": "Not now."})

    page.route("**/queue/join*", refuse)
    send(page, QUESTION)
    expect(page.locator(".dn-lost")).to_contain_text("kendiliğinden yeniden sorulacak")
    assert refused
    page.unroute("**/queue/join*")
    expect(page.locator(".dn-quote").first).to_contain_text("1902")
    expect(page.locator(".dn-turn")).to_have_count(1)


def test_a_question_that_waits_when_the_server_stops_is_asked_again_when_it_is_back(
    context: BrowserContext, slow: Slow
) -> None:
    """As many are answered at once as there are cores; those are finished, and none is begun."""
    places = cores()
    with (
        slow.serve(DIPNOT_MAX_CONCURRENT=str(places + 1)) as served,
        httpx.Client(base_url=served.url, trust_env=False, timeout=READY / 1000) as client,
        ThreadPoolExecutor(places) as pool,
    ):
        until_ready(served)
        page = opened(context, served.url)
        told = {"question": SLOWLY_FOUND}
        begun = [pool.submit(client.post, "/api/ask", json=told) for _ in range(places)]
        wait_until(lambda: f"dipnot_questions_running {places}.0" in client.get("/metrics").text)
        send(page, QUESTION)
        wait_until(lambda: "dipnot_questions_waiting 1.0" in client.get("/metrics").text)
        os.kill(served.pid, signal.SIGTERM)
        expect(page.locator(".dn-lost")).to_contain_text("sorulacak")
        slow.may_find.touch()
        assert [each.result().status_code for each in begun] == [200] * places
    with slow.serve():
        expect(page.locator(".dn-answer[data-verdict]")).to_have_count(1, timeout=READY)
        expect(page.locator(".dn-lost, .dn-error")).to_have_count(0)


@pytest.mark.parametrize("found", [True, False], ids=["read", "searched"])
def test_a_server_killed_in_mid_answer_is_waited_for_and_everything_is_kept(
    context: BrowserContext, slow: Slow, *, found: bool
) -> None:
    with slow.serve() as served:
        until_ready(served)
        page = opened(context, served.url)
        ask(page, QUESTION)
        send(page, SLOWLY_READ if found else SLOWLY_FOUND)
        expect(page.locator(".dn-turn .dn-waiting")).to_contain_text("sn")
        page.locator("#dn-question textarea").fill("Bekçi neyi")
        os.kill(served.pid, signal.SIGKILL)
        expect(page.locator(".dn-lost")).to_contain_text("yanıt vermiyor")
        expect(page.locator(".dn-quote").first).to_contain_text("1902")
    with slow.serve():
        expect(page.locator(".dn-answer[data-verdict]")).to_have_count(2, timeout=READY)
        expect(page.locator(".dn-turn")).to_have_count(2)
        expect(page.locator(".dn-lost")).to_have_count(0)
        assert "usul" in newest(page) or "yavaş" in newest(page)
        can_be_asked(page)
        expect(page.locator("#dn-question textarea")).to_have_value("Bekçi neyi")


def test_a_server_frozen_in_mid_answer_says_so_in_english_too_and_the_answer_comes(
    context: BrowserContext, slow: Slow
) -> None:
    with slow.serve() as served:
        page = opened(context, served.url)
        page.locator("#dn-lang label").last.click()
        expect(page.locator("#dn-send")).to_have_text("Ask")
        send(page, SLOWLY_READ)
        expect(page.locator(".dn-checking .dn-waiting")).to_contain_text("is reading")
        slow.may_read.touch()
        os.kill(served.pid, signal.SIGSTOP)
        try:
            expect(page.locator(".dn-lost")).to_contain_text("does not answer")
            expect(page.locator(".dn-checking .dn-quote")).to_contain_text("1902")
        finally:
            os.kill(served.pid, signal.SIGCONT)
        expect(page.locator(".dn-answer[data-verdict]")).to_have_count(1)
        expect(page.locator(".dn-lost")).to_have_count(0)
