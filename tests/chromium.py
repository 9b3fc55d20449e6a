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
from pathlib import Path

from playwright.sync_api import Page, expect

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
]  # fmt: skip
READY = 120_000


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(corpus: Path, index: Path, **env: str) -> Iterator[str]:
    """Run ``dipnot serve`` until the block ends; it must end cleanly."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "dipnot", "serve", "--corpus", str(corpus), "--index", str(index),
         "--port", str(port)],
        env={**os.environ, **env},
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: answers(f"{url}/api/openapi.json"))
        yield url
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


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


def choose(page: Page, group: str, value: str) -> None:
    """Choose in a group of radio buttons, once what moves on the page has come to rest."""
    button = page.locator(f"input[value={value}]")
    chosen = page.locator(f"{group} label").filter(has=button)
    chosen.click()
    expect(chosen.locator(button)).to_be_checked()
