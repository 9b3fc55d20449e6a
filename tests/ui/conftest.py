"""A browser, and servers of the shipped article, for every test of a file."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from chromium import SOON, answers, launched, serving, wait_until
from dipnot.settings import Settings
from fakes import LAKE


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as made:
        expect.set_options(timeout=SOON)
        yield made
        expect.set_options(timeout=5_000)


@pytest.fixture(scope="module")
def url(article_settings: Settings) -> Iterator[str]:
    """The article with the real model."""
    with serving(article_settings.corpus, article_settings.index) as served:
        wait_until(lambda: answers(f"{served.url}/api/health"))
        yield served.url


@pytest.fixture(scope="session")
def quick_url(
    pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The article and a small text, for all that does not depend on what is found."""
    folder = tmp_path_factory.mktemp("quick")
    shutil.copytree(pytestconfig.rootpath / "corpus", folder / "corpus")
    (folder / "corpus" / "lake.txt").write_text(LAKE, "utf-8")
    with serving(folder / "corpus", folder / "index", fake=True, DIPNOT_FEEDBACK="off") as served:
        wait_until(lambda: answers(f"{served.url}/api/health"))
        yield served.url


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(locale="tr-TR", viewport={"width": 1280, "height": 900})
    made.set_default_timeout(SOON)
    yield made
    made.close()
