"""A real server and a real browser for the tests of the page."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect, sync_playwright

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
]  # fmt: skip
READY = 120_000  # until a server has loaded and the page is open
SOON = 60_000  # until what was asked is there, on a slow machine too
# What moves while the page is read, since the last time the reader did something.
SHIFTS = """
window.shifted = 0;
new PerformanceObserver((list) => {
  for (const shift of list.getEntries()) if (!shift.hadRecentInput) window.shifted += shift.value;
}).observe({type: 'layout-shift', buffered: true});
"""
_FAKE = str(Path(__file__).with_name("serving.py"))


@contextmanager
def launched() -> Iterator[Browser]:
    """Run Debian's Chromium until the block ends; skips the test where there is none, but in CI."""
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("CI has no Chromium: .ci/run installs it")
        pytest.skip("no Chromium is installed here")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Served:
    """A server in a process of its own."""

    url: str
    pid: int


@contextmanager
def serving(
    corpus: Path, index: Path, *, fake: bool = False, port: int | None = None, **env: str
) -> Iterator[Served]:
    """Run ``dipnot serve`` until the block ends; it must end cleanly, unless a test kills it.

    ``fake``: with the encoder of the tests, which is there at once and is enough where it does not
    matter what is answered.
    """
    port = port or free_port()
    places = {"DIPNOT_CORPUS": str(corpus), "DIPNOT_INDEX": str(index), "DIPNOT_PORT": str(port)}
    process = subprocess.Popen(
        [sys.executable, *((_FAKE,) if fake else ("-m", "dipnot", "serve"))],
        env={**os.environ, **places, **env},
        stdout=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: answers(f"{url}/api/openapi.json"))
        yield Served(url, process.pid)
    finally:
        if process.poll() != -signal.SIGKILL:
            process.send_signal(signal.SIGTERM)
            assert process.wait(90) == 0


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5):
            return True
    except OSError:
        return False


def wait_until(condition: object, seconds: float = 120) -> None:
    assert callable(condition)
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "the server did not come up"
        time.sleep(0.2)


def violations(page: Page) -> list[str]:
    """What axe finds against a page as it is now; the texts of a rule and of where it fails."""
    found = Axe().run(page).response["violations"]
    return [f"{v['id']}: {node['html'][:200]}" for v in found for node in v["nodes"]]


def opened(context: BrowserContext, url: str) -> Page:
    """Open the chat and wait until it can be asked."""
    context.set_default_timeout(SOON)
    page = context.new_page()
    page.goto(url)
    can_be_asked(page)
    return page


def can_be_asked(page: Page) -> None:
    """Wait until what stands in for the page is gone and its box takes a question."""
    expect(page.locator("#dn-question textarea")).to_be_enabled(timeout=READY)
    expect(page.locator(".dn-first")).to_have_count(0, timeout=READY)
    expect(page.locator("main h1")).to_be_visible(timeout=READY)


def send(page: Page, question: str) -> None:
    """Type a question and send it; the box is empty again when the page has taken it."""
    box = page.locator("#dn-question textarea")
    box.fill(question)
    page.keyboard.press("Enter")
    expect(box).to_have_value("", timeout=SOON)


def held(page: Page) -> None:
    """Let no question of a page through, so that what is asked waits; the page asks again."""

    def hold(route: Route) -> None:
        if '"history"' in (route.request.post_data or ""):
            route.fulfill(status=503, json={})
        else:
            route.continue_()

    page.route("**/queue/join*", hold)


def let_go(page: Page) -> None:
    page.unroute("**/queue/join*")


def ask(page: Page, question: str) -> None:
    """Ask a question and wait until it is answered, whatever was asked before."""
    answered = page.locator(".dn-turn:has(.dn-answer[data-verdict], .dn-error, .dn-stopped)")
    turns = page.locator(".dn-turn").count()
    expect(answered).to_have_count(turns, timeout=SOON)
    send(page, question)
    expect(answered).to_have_count(turns + 1, timeout=SOON)


def choose(page: Page, group: str, value: str) -> None:
    """Choose in a group of radio buttons, once what moves on the page has come to rest."""
    button = page.locator(f"input[value={value}]")
    chosen = page.locator(f"{group} label").filter(has=button)
    chosen.click()
    expect(chosen.locator(button)).to_be_checked()
