"""What opening the page costs: requests, bytes, first paint, layout shift, and what is Gradio's.

    .venv/bin/python benchmarks/page.py http://127.0.0.1:7860

Opens the chat of a running server in Debian's Chromium, once as fast as it goes and once over a
line of 1.6 Mbit/s with 150 ms there and back, each time with an empty cache; writes `page.md`.
"""

from __future__ import annotations

import argparse
import shutil
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
    parser.add_argument("url", nargs="?", default="http://127.0.0.1:7860")
    url = parser.parse_args().url
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        measure(browser, url, None)  # the first page of a browser waits for the browser
        rows = {name: measure(browser, url, line) for name, line in LINES.items()}
        browser.close()
    table = as_table(rows)
    print(table)
    (HERE / "page.md").write_text(f"# Opening the page\n\n{_ABOUT}\n\n{table}", "utf-8")


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
