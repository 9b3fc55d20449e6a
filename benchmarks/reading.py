"""How long a PDF of 1,000 pages takes to read, and how much memory.

usage: .venv/bin/python benchmarks/reading.py [--pages 1000] [FILE.pdf]

Without a file, one is printed by Chromium: the shipped article again and again, each page with a
running header, a printed number from 101 on, and two footnotes under a rule.
"""

from __future__ import annotations

import argparse
import html
import itertools
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from dipnot.corpus import read_text, scan_corpus
from dipnot.document.build import make_document
from dipnot.formats import read_pages
from dipnot.types import Source

HEADER = "Uzun Bir Kitabın Koşan Başlığı"
NOTES = 2
WORDS = 200
FIRST_LABEL = 101
STYLE = """
@page { size: A5; margin: 0 }
body { margin: 0; font: 9.5pt/1.35 serif }
div { position: relative; width: 148mm; height: 209.5mm; break-after: page; overflow: hidden }
header, main, aside, footer { position: absolute; left: 18mm; right: 18mm }
header { top: 9mm; font-size: 8pt; text-align: center } footer { bottom: 7mm; text-align: center }
main { top: 18mm } p { margin: 0; text-indent: 6mm; text-align: justify }
aside { bottom: 15mm; font-size: 7.5pt; border-top: .3mm solid; padding-top: 1mm }
sup { font-size: 6pt; line-height: 0 }
"""


def words() -> Iterator[tuple[str, bool]]:
    """The words of the article without end; whether each opens a paragraph."""
    document = read_text(scan_corpus(Path("corpus")).texts[0])
    paragraphs = [
        document.text[p.span.start : p.span.end].split()
        for p in document.paragraphs
        if p.kind == "body"
    ]
    for paragraph in itertools.cycle(paragraphs):
        for i, word in enumerate(paragraph):
            yield html.escape(word), i == 0


def make_html(pages: int) -> str:
    stream, of_notes = words(), itertools.islice(words(), 5_000, None)
    made: list[str] = []
    note = itertools.count(1)
    for page in range(pages):
        labels = [next(note) for _ in range(NOTES)]
        body = ""
        for i, (word, opens) in enumerate(itertools.islice(stream, WORDS)):
            hangs = {100: labels[0], 200: labels[1]}.get(i)
            body += f"{'</p><p>' if opens and i else ''}{word}"
            body += f"<sup>{hangs}</sup> " if hangs else " "
        notes = ""
        for n in labels:  # a text of its own each: what every page repeats is no note
            text = " ".join(word for word, _ in itertools.islice(of_notes, 20))
            notes += f"<p><sup>{n}</sup> {text} (Yazar, {1900 + n % 100}, s. {n}).</p>"
        made.append(
            f"<div><header>{HEADER}</header><main><p>{body}</p></main>"
            f"<aside>{notes}</aside><footer>{page + FIRST_LABEL}</footer></div>"
        )
    return f"<!doctype html><meta charset=utf-8><style>{STYLE}</style>{''.join(made)}"


def make_pdf(folder: Path, pages: int) -> Path:
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("chromium was not found. Install Debian's, or name a PDF: reading.py FILE.pdf")
    page, pdf = folder / "long.html", folder / "long.pdf"
    page.write_text(make_html(pages), "utf-8")
    subprocess.run(
        [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
         f"--print-to-pdf={pdf}", page.as_uri()],
        check=True, capture_output=True, timeout=570,
    )  # fmt: skip
    return pdf


def measure(path: Path) -> None:
    """Read a file; the reader works in a process of its own, whose memory counts apart."""
    data = path.read_bytes()
    print(f"{'file':34} {len(data) / 2**20:8.1f} MiB")
    begun = time.perf_counter()
    pages = read_pages(path.name, data)
    read = time.perf_counter()
    document = make_document(Source(path.name, "long"), pages)
    made = time.perf_counter()
    print(f"{'pages of lines (readers)':34} {read - begun:8.1f} s")
    print(f"{'lines to a document':34} {made - read:8.1f} s")
    for name, who in (
        ("the reader", resource.RUSAGE_CHILDREN),
        ("ourselves", resource.RUSAGE_SELF),
    ):
        used = resource.getrusage(who)
        print(f"{'processor time of ' + name:34} {used.ru_utime + used.ru_stime:8.1f} s")
        print(f"{'peak memory of ' + name:34} {used.ru_maxrss / 1024:8.0f} MiB")  # KiB on Linux
    labels = sum(page.label == str(i + FIRST_LABEL) for i, page in enumerate(document.pages))
    kinds = Counter(paragraph.kind for paragraph in document.paragraphs)
    print(
        f"{len(document.pages)} pages, {labels} with their printed number, {len(document.text):,}"
    )
    print(f"characters, {len(document.footnotes)} footnotes, {len(document.references)} citations,")
    print(f"{document.text.count(HEADER)} running headers left; paragraphs {dict(kinds)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--pages", type=int, default=1000)
    given = parser.parse_args()
    if given.file:
        measure(given.file)
        return
    with tempfile.TemporaryDirectory() as folder:
        pdf = make_pdf(Path(folder), given.pages)
        # Anew, so that Chromium's memory is not taken for the reader's.
        subprocess.run([sys.executable, __file__, str(pdf)], check=True)


if __name__ == "__main__":
    main()
