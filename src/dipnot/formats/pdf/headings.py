"""Headings of a PDF: told by the bookmarks of the file or by their print.

Owns: which paragraph is a heading, of what level, which is the title, which is a quotation.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from itertools import pairwise

from dipnot.formats.pdf.paragraphs import SENTENCE_END, Paragraph
from dipnot.language.folding import fold

_HEADING_ROWS = 4
_HEADING_WORDS = 25
_STOP = re.compile(r"[.!…][”’\"')\]»]*$")
_SENTENCE = 6  # words
_NUMBERED = re.compile(r"\d{1,2}(?:\.\d{1,2})*[.)]\s")


def find_headings(
    paragraphs: Sequence[Paragraph], body: float, outline: Sequence[tuple[str, int, int]]
) -> None:
    """Tell headings from paragraphs, by the bookmarks of the file or by their print.

    Levels follow the bookmarks where there are some; else the larger and bolder the higher.
    """
    bookmarks = {(_letters(title), page): level for title, level, page in outline}
    styles: dict[tuple[float, bool, bool], Counter[int]] = {}
    found: list[Paragraph] = []
    for paragraph in paragraphs:
        row = paragraph.rows[0].row
        paragraph.style = (round(row.size), row.bold, paragraph.text.isupper())
    prose = _prose(paragraphs)
    for paragraph in paragraphs:
        level = None
        if bookmarks and len(paragraph.rows) <= _HEADING_ROWS:
            level = bookmarks.get((_letters(paragraph.text), paragraph.rows[0].page))
        if level is not None:
            styles.setdefault(paragraph.style, Counter())[level] += 1
        if paragraph.table:
            paragraph.role = "table"
        elif level is not None or _is_heading(paragraph, body, prose):
            paragraph.role, paragraph.level = "heading", -1 if level is None else level + 1
            found.append(paragraph)
        elif _is_quotation(paragraph):
            paragraph.role = "quotation"
    ranks = sorted({p.style for p in found if p.style not in styles}, reverse=True)
    deepest = max((level for votes in styles.values() for level in votes), default=-1) + 1
    title = _title(paragraphs, found)
    for paragraph in found:
        if paragraph is title:
            paragraph.role = "title"
        elif paragraph.level < 0 and paragraph.style in styles:
            paragraph.level = styles[paragraph.style].most_common(1)[0][0] + 1
        elif paragraph.level < 0:
            above = [style for style in ranks if title is None or style != title.style]
            place = above.index(paragraph.style) if paragraph.style in above else 0
            paragraph.level = min(deepest + 1 + place, 6)


def _prose(paragraphs: Sequence[Paragraph]) -> set[tuple[float, bool]]:
    """Find the print in which most paragraphs say sentences, and stand behind one another."""
    every: Counter[tuple[float, bool]] = Counter(p.style[:2] for p in paragraphs)
    says: Counter[tuple[float, bool]] = Counter()
    for before, paragraph in pairwise(paragraphs):
        if before.style[:2] == paragraph.style[:2] and _is_said(before) and _is_said(paragraph):
            says[paragraph.style[:2]] += 1
    return {style for style, count in says.items() if 2 * (count + 1) > every[style]}


def _is_said(paragraph: Paragraph) -> bool:
    """Tell a paragraph that ends with a sentence of some words."""
    text = paragraph.text
    said = len(text.split()) >= _SENTENCE and not text.isupper()
    return said and bool(_STOP.search(text))


def _is_heading(paragraph: Paragraph, body: float, prose: AbstractSet[tuple[float, bool]]) -> bool:
    text, row = paragraph.text, paragraph.rows[0].row
    if (
        any(placed.row.equation for placed in paragraph.rows)
        or len(paragraph.rows) > _HEADING_ROWS
        or len(text.split()) > _HEADING_WORDS
        or sum(map(str.isalpha, text)) < 3
        or text[-1] in ",;-"
    ):
        return False
    said = paragraph.style[:2] in prose and _STOP.search(text)
    if row.size >= 1.12 * body and not said:
        return True
    capitals = text.isupper() and len(text.split()) <= 12 and sum(map(str.isalpha, text)) >= 4
    if row.size < 0.95 * body or not (row.bold or capitals):
        return False
    return not SENTENCE_END.search(text) and (text[0].isupper() or text[0].isdigit())


def _title(paragraphs: Sequence[Paragraph], found: Sequence[Paragraph]) -> Paragraph | None:
    """Find the title: larger than every heading, before all of them, used once."""
    first = found[0] if found else None
    if first is None or first.rows[0].page > 0 or len(found) < 2 or _NUMBERED.match(first.text):
        return None
    larger = all(first.style[0] > other.style[0] for other in found[1:])
    return first if larger and first in paragraphs[:4] else None


def _is_quotation(paragraph: Paragraph) -> bool:
    """Several rows that all keep away from both margins."""
    rows = paragraph.rows
    return (
        len(rows) > 1
        and all(
            item.row.x0 > item.region.left + item.row.size
            and item.row.x1 < item.region.right - 0.8 * item.row.size
            for item in rows
        )
        and len({round(item.row.x0 / item.row.size) for item in rows}) <= 2
    )


def _letters(text: str) -> str:
    return "".join(char for char in fold(text) if char.isalnum())
