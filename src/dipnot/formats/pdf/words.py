"""The words of a PDF: what is printed, where on which page, how large; page labels, bookmarks.

Owns: a whole file opened with PDFium, and its bounds. Knows nothing of lines or columns.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pypdfium2 as pdfium

from dipnot.errors import CorpusError, shown
from dipnot.formats.pdf.codes import drop_unreadable, joined_names, mend_codes
from dipnot.formats.pdf.glyphs import Bounds, Rule, glyphs_of, rules_of
from dipnot.formats.pdf.letters import Word
from dipnot.formats.pdf.skew import straightened
from dipnot.formats.pdf.spelling import words_of

MAX_PAGES = 2000
MAX_TEXT = 30_000_000
_PASSWORD = 4  # PDFium's error code


@dataclass(slots=True)
class Sheet:
    """One page of words in the order of the file; ``lost``: the share of them not readable."""

    label: str | None
    words: list[Word] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    lost: float = 0.0


@dataclass(slots=True)
class Printed:
    """A whole file; ``outline`` holds title, level from 0 and page index of each bookmark."""

    sheets: list[Sheet]
    outline: list[tuple[str, int, int]]


def read_words(name: str, data: bytes) -> Printed:
    """Take the words out of a PDF. Raises CorpusError naming the file."""
    try:
        with pdfium.PdfDocument(data) as document:
            return _read(name, document, joined_names(data))
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) == _PASSWORD:
            raise CorpusError(
                f"{shown(name)} is encrypted: it opens with a password only. Save a copy without."
            ) from None
        raise CorpusError(
            f"{shown(name)} cannot be read as a PDF ({str(error).rstrip('.')}). Get a whole copy, "
            "or open it in a viewer and print it to a new PDF."
        ) from None


def _read(name: str, document: Any, names: Mapping[int, str]) -> Printed:
    count = len(document)
    if count > MAX_PAGES:
        raise CorpusError(
            f"{shown(name)} has {count:,} pages; at most {MAX_PAGES:,} are read. Split the file."
        )
    sheets: list[Sheet] = []
    letters = 0
    for index in range(count):
        sheets.append(_sheet(document, index, names))
        letters += sum(len(word.text) for word in sheets[-1].words)
        if letters > MAX_TEXT:
            raise CorpusError(
                f"{shown(name)} holds more than {MAX_TEXT:,} letters. Split the file."
            )
    if not letters:
        raise CorpusError(
            f"{shown(name)} holds {count:,} page{'s' * (count != 1)} and no text: it is probably a "
            "scan. Give it a text layer first, with `ocrmypdf -l tur+eng` for instance."
        )
    mend_codes([word for sheet in sheets for word in sheet.words])
    for sheet in sheets:
        sheet.words, sheet.lost = drop_unreadable(sheet.words)
    _mark_bold(sheets)
    return Printed(sheets, list(_outline(document, count)))


def _outline(document: Any, count: int) -> Iterator[tuple[str, int, int]]:
    for number, bookmark in enumerate(document.get_toc(max_depth=6)):
        if number >= 10_000:
            return
        destination = bookmark.get_dest()
        page = destination.get_index() if destination else None
        if page is not None and 0 <= page < count:
            yield bookmark.get_title() or "", bookmark.level, page


def _sheet(document: Any, index: int, names: Mapping[int, str]) -> Sheet:
    """Read a page; one that PDFium cannot open is a page without text."""
    label = document.get_page_label(index) or None
    try:
        page = document[index]
    except pdfium.PdfiumError:
        return Sheet(label)
    sheet = Sheet(label)
    try:
        text = page.get_textpage()
        try:
            words = words_of(glyphs_of(text, names, index, _shown(page)))
            sheet.words, sheet.rules = straightened(words, rules_of(page))
        finally:
            text.close()
    except pdfium.PdfiumError:
        return sheet
    finally:
        page.close()
    return sheet


def _shown(page: Any) -> Bounds | None:
    """Give the part of a page that is cropped out of it; None where all of it is shown."""
    media, crop = page.get_mediabox(), page.get_cropbox()
    left, bottom = max(media[0], crop[0]), max(media[1], crop[1])
    right, top = min(media[2], crop[2]), min(media[3], crop[3])
    whole = max(left - media[0], bottom - media[1], media[2] - right, media[3] - top) < 1
    return None if whole or left >= right or bottom >= top else (left, bottom, right, top)


def _mark_bold(sheets: Sequence[Sheet]) -> None:
    weights: Counter[int] = Counter()
    for sheet in sheets:
        for word in sheet.words:
            weights[word.weight] += len(word.text)
    usual = weights.most_common(1)[0][0] if weights else 0
    for sheet in sheets:
        for word in sheet.words:
            word.bold = word.weight > usual + 150
