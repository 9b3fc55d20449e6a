"""What opening the page costs: requests, bytes, first paint, layout shift, and what is Gradio's.

    .venv/bin/python benchmarks/page.py [URL] [--throttled]

Opens the chat of a running server, or of one that it starts and stops itself, in Debian's
Chromium, once as fast as it goes and once over a line of 1.6 Mbit/s with 150 ms there and back,
each time with an empty cache; writes `page.md`. With `--throttled` the slow line
alone is measured, and nothing is written.
"""

from __future__ import annotations

import argparse
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, sync_playwright

HERE = Path(__file__).parent
LINES = {"as fast as it goes": None, "1.6 Mbit/s, 150 ms": (1.6e6 / 8, 150)}
OURS = ("/ui/", "/look/", "/api/", "/text/", "/corpus", "/verify")
_SHIFTS = """
window.shifted = 0;
new PerformanceObserver((list) => {
  for (const s of list.getEntries()) if (!s.hadRecentInput) window.shifted += s.value;
}).observe({type: 'layout-shift', buffered: true});
"""


_ABOUT = """Written by `benchmarks/page.py`: an empty cache, a window of 1280 × 900, the text beside
the conversation. What is first painted is ours (`served.py`); it stands until Gradio's scripts have
run. *All there*: the box takes a question and the text is shown."""


def main() -> None:
    """Measure, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("url", nargs="?", help="of a running server; else one is started")
    parser.add_argument("--throttled", action="store_true", help="the slow line alone, to look at")
    told = parser.parse_args()
    lines = {k: v for k, v in LINES.items() if v is not None or not told.throttled}
    with sync_playwright() as playwright, served(told.url) as url:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        measure(browser, url, None)  # the first page of a browser waits for the browser
        rows = {name: measure(browser, url, line) for name, line in lines.items()}
        browser.close()
    table = as_table(rows)
    print(table)
    if told.throttled:
        return
    (HERE / "page.md").write_text(f"# Opening the page\n\n{_ABOUT}\n\n{table}", "utf-8")


@contextmanager
def served(url: str | None) -> Iterator[str]:
    """Give the address of a server that answers; one that is started here ends with the block."""
    if url is not None:
        yield url
        return
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "dipnot", "serve", "--port", str(port)]
    with subprocess.Popen(command, cwd=HERE.parent) as process:
        try:
            while not _answers(f"http://127.0.0.1:{port}/api/health"):
                if process.poll() is not None:
                    raise SystemExit("The server ended before it answered.")
                time.sleep(0.5)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5):
            return True
    except OSError:
        return False


def measure(browser: Browser, url: str, line: tuple[float, int] | None) -> dict[str, Any]:
    """Open the page once with an empty cache; bytes are those that came over the line."""
    context = browser.new_context(locale="tr-TR", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.add_init_script(_SHIFTS)
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    if line is not None:
        bytes_a_second, latency = line
        network.send(
            "Network.emulateNetworkConditions",
            {"offline": False, "latency": latency, "downloadThroughput": bytes_a_second,
             "uploadThroughput": bytes_a_second},
        )  # fmt: skip
    paths: dict[str, str] = {}
    sizes: dict[str, float] = {}
    network.on(
        "Network.requestWillBeSent", lambda e: paths.update({e["requestId"]: e["request"]["url"]})
    )
    network.on(
        "Network.loadingFinished", lambda e: sizes.update({e["requestId"]: e["encodedDataLength"]})
    )
    page.goto(url)
    page.locator("#dn-first").wait_for(state="detached", timeout=300_000)
    page.locator("#dn-question textarea:enabled").wait_for(timeout=300_000)
    page.locator("#dn-source .sheet").wait_for(timeout=300_000)
    page.evaluate("document.fonts.ready.then(() => true)")
    paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    usable = page.evaluate("performance.now()")
    shifted = page.evaluate("window.shifted")
    context.close()
    told = {"first paint, s": paint / 1e3, "all there, s": usable / 1e3, "layout shift": shifted}
    for owner in ("ours", "Gradio's"):
        own = [key for key, path in paths.items() if owner_of(path) == owner and key in sizes]
        told[f"requests, {owner}"] = len(own)
        told[f"kB, {owner}"] = sum(sizes[key] for key in own) / 1e3
    return told


def owner_of(address: str) -> str:
    """Tell whose a request is; the page itself is written by Gradio and rewritten by us."""
    path = urlsplit(address).path
    return "ours" if path == "/" or path.startswith(OURS) else "Gradio's"


def as_table(rows: dict[str, dict[str, Any]]) -> str:
    """Write the figures for Markdown, a line to a column."""
    names = list(next(iter(rows.values())))
    lines = [f"| opening the page | {' | '.join(rows)} |", "|---|" + "---|" * len(rows)]
    for name in names:
        shown = (_figure(told[name]) for told in rows.values())
        lines.append(f"| {name} | {' | '.join(shown)} |")
    return "\n".join(lines) + "\n"


def _figure(value: float) -> str:
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:.3f}" if value < 1 else f"{value:,.1f}"


if __name__ == "__main__":
    main()
