"""The browser and the server of the shipped article, for every test of a file."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from chromium import CHROMIUM, FLAGS, answers, serving, wait_until
from dipnot.settings import Settings


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("CI has no Chromium: .ci/run installs it")
        pytest.skip("no Chromium is installed here")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def url(article_settings: Settings) -> Iterator[str]:
    with serving(article_settings.corpus, article_settings.index) as base:
        wait_until(lambda: answers(f"{base}/api/health"))
        yield base


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(locale="tr-TR", viewport={"width": 1280, "height": 900})
    yield made
    made.close()
