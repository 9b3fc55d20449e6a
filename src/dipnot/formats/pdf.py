"""PDF with a text layer: paragraphs, headings and footnotes, told by position and size.

Owns: what a row of print is. Words and their places come from ``pdfwords``, lines and columns
from ``pdflayout``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median

from dipnot.formats.pdfendnotes import lift_endnotes
from dipnot.formats.pdflayout import PageLayout, Region, lay_out, widen
from dipnot.formats.pdfmarkers import CELL_GAP, Note, by_marker, take_marks
from dipnot.formats.pdfnotes import lift_notes
from dipnot.formats.pdfrows import Row
from dipnot.formats.pdfwords import read_words
from dipnot.language.folding import fold
from dipnot.types import Line, Mark, Role, SourcePage

_BULLET = re.compile(r"[•▪■◦‣·*–—-]\s+\S|\(?(?:\d{1,2}|[a-zçğıöşü])\)\s+\S")
_SIGN = re.compile(r"[•▪■◦‣·]")
_SENTENCE_END = re.compile(r"[.!?…:][”’\"')\]»]*$")
_ITEM = re.compile(
    r"[•▪■◦‣·*–—-]|[\[(]?(?:\d{1,3}|[a-zçğıöşü]|[ivxIVX]{1,5})(?:[.)\]]+)|\d{1,2}(?:\.\d{1,2})+\.?|\d{1,2}"
)
_LOST = (
    "{:.0%} of the words are set in fonts that do not tell their letters; give the file a text "
    "layer, with `ocrmypdf --force-ocr -l tur+eng` for instance"
)
_DOUBTFUL = 0.02  # of the words of a page
_FULL = 0.99
_SHORT = 0.9
_HEADING_ROWS = 4
_HEADING_WORDS = 25


@dataclass(slots=True)
class _Placed:
    """A row of the running text and where it stands."""

    page: int
    row: Row
    region: Region
    first: bool  # of its region


@dataclass(slots=True)
class _Paragraph:
    rows: list[_Placed]
    role: Role = "paragraph"
    level: int = 0
    style: tuple[float, bool, bool] = (0.0, False, False)
    table: bool = field(default=False)

    @property
    def text(self) -> str:
        return " ".join(placed.row.text for placed in self.rows)


def read(name: str, data: bytes) -> tuple[SourcePage, ...]:
    """Read the bytes of a PDF into pages of lines whose structure is known."""
    printed = read_words(name, data)
    layouts = lay_out(printed.sheets)
    body = _body_size(layouts)
    notes = lift_notes(layouts, body)
    notes += lift_endnotes(layouts, notes)
    widen(layouts)
    placed = [
        _Placed(index, row, region, first=at == 0)
        for index, layout in enumerate(layouts)
        for region in layout.regions
        for at, row in enumerate(region.rows)
    ]
    paragraphs = _mend_interrupted(_paragraphs(placed), body, _leading(placed))
    _find_headings(paragraphs, body, printed.outline)
    return tuple(_pages(layouts, paragraphs, notes))


def _body_size(layouts: Sequence[PageLayout]) -> float:
    sizes: Counter[float] = Counter()
    for layout in layouts:
        for region in layout.regions:
            for row in region.rows:
                sizes[round(row.size, 1)] += len(row.text)
    return sizes.most_common(1)[0][0] if sizes else 1.0


# --- paragraphs --------------------------------------------------------------------------------


def _paragraphs(placed: Sequence[_Placed]) -> list[_Paragraph]:
    leading = _leading(placed)
    tables = _table_rows(placed)
    paragraphs: list[_Paragraph] = []
    for i, item in enumerate(placed):
        table = i in tables
        current = paragraphs[-1] if paragraphs else None
        if current is None or table or current.table or _opens(current, item, leading):
            paragraphs.append(_Paragraph([item], table=table))
        else:
            current.rows.append(item)
    return paragraphs


def _leading(placed: Sequence[_Placed]) -> float:
    """Give the usual distance of two lines, in sizes of their letters."""
    gaps = [
        (a.row.y - b.row.y) / a.row.size
        for a, b in pairwise(placed)
        if not b.first and abs(a.row.size - b.row.size) < 0.05 * a.row.size and a.row.y > b.row.y
    ]
    return min(max(median(gaps), 0.9), 3.0) if gaps else 1.2


def _opens(current: _Paragraph, item: _Placed, leading: float) -> bool:
    """Tell whether a row opens a paragraph of its own."""
    before, row = current.rows[-1], item.row
    last = before.row
    if abs(last.size - row.size) > 0.08 * max(last.size, row.size) or last.bold != row.bold:
        return True
    if not item.first and last.y - row.y > 1.3 * leading * row.size:
        return True
    if last.words[-1].text.endswith("-"):
        return False
    fill = _fill(before, row)
    ended = bool(_SENTENCE_END.search(last.text))
    if fill < _SHORT or (ended and fill < _FULL):
        return True
    return _is_item(last, row, ended=ended) or _is_indented(current, item, ended=ended)


def _is_item(last: Row, row: Row, *, ended: bool) -> bool:
    """Tell an item of a list by its label."""
    if _SIGN.match(row.text) or (ended and _BULLET.match(row.text)):
        return True
    return _hangs(row) and (ended or row.x0 < last.x0 - 0.5 * row.size or _hangs(last))


def _is_indented(current: _Paragraph, item: _Placed, *, ended: bool) -> bool:
    """Tell a first line by its indent, or by hanging out of an indented paragraph."""
    row, last = item.row, current.rows[-1].row
    step = 0.7 * row.size
    if item.first:  # of a column: the row above it stands elsewhere
        return ended and step < row.x0 - item.region.left < 4 * row.size
    if _BULLET.match(current.text) or _hangs(current.rows[0].row):
        return row.x0 < current.rows[0].row.x0 - step
    if row.x0 > last.x0 + step:
        return len(current.rows) > 1 or ended
    return len(current.rows) > 1 and row.x0 < last.x0 - step


def _fill(before: _Placed, row: Row) -> float:
    """How far a line would reach with the next word behind it, as a share of its column."""
    first = row.words[0]
    column = before.region.right - before.region.left
    reach = before.row.x1 + 0.25 * row.size + (first.x1 - first.x0) - before.region.left
    return reach / column if column > 0 else 1.0


def _hangs(row: Row) -> bool:
    """Tell an item of a list by its label, which stands apart from the text: `2.    Tavalar …`."""
    if len(row.words) < 2 or not _ITEM.fullmatch(row.words[0].text):
        return False
    gap = row.words[1].x0 - row.words[0].x1
    others = [b.x0 - a.x1 for a, b in pairwise(row.words[1:]) if b.space]
    return gap > 0.5 * row.size and gap > 1.6 * (median(others) if others else 0.3 * row.size)


def _table_rows(placed: Sequence[_Placed]) -> set[int]:
    """Find rows whose cells stand wide apart, and below those of the row above."""
    cells = [_cells(item) for item in placed]
    found: set[int] = set()
    for i, (above, below) in enumerate(pairwise(cells)):
        if any(abs(a - b) < 3 for a in above for b in below):
            found.update((i, i + 1))
    return found


def _cells(item: _Placed) -> list[float]:
    """Where the cells of a row begin, but the first; justified lines, spaced evenly, have none."""
    row = item.row
    gaps = [(b.x0 - a.x1, b.x0) for a, b in pairwise(row.words) if b.space]
    widths = [width for width, _ in gaps]
    full = row.x1 > item.region.right - 0.5 * row.size
    if not gaps or (full and sorted(widths)[len(widths) // 4] > 0.6 * max(widths)):
        return []
    if full and max(widths) - min(widths) < 0.3 * row.size:
        return []
    wide = [x for width, x in gaps if width > CELL_GAP * row.size]
    return [] if wide == [row.words[1].x0] and _hangs(row) else wide


# --- interruptions -----------------------------------------------------------------------------


def _mend_interrupted(
    paragraphs: Sequence[_Paragraph], body: float, leading: float
) -> list[_Paragraph]:
    """Join a paragraph that a figure or a table interrupts, and let that stand beside it."""
    mended: list[_Paragraph] = []
    floats: list[_Paragraph] = []  # since the last paragraph of text
    for paragraph in paragraphs:
        if _is_float(paragraph, body):
            floats.append(paragraph)
            continue
        broken = mended[-1] if mended and floats else None
        if broken is not None and _resumes(broken, paragraph, floats, leading):
            at = broken.rows[-1].page
            early = [
                part for part in floats if part.rows[0].page < paragraph.rows[0].page == at + 1
            ]
            mended[-1:] = [*early, broken]
            broken.rows.extend(paragraph.rows)
            floats = [part for part in floats if not any(part is other for other in early)]
            continue
        mended.extend(floats)
        mended.append(paragraph)
        floats = []
    return [*mended, *floats]


def _is_float(paragraph: _Paragraph, body: float) -> bool:
    return paragraph.table or paragraph.rows[0].row.size < 0.95 * body


def _resumes(
    broken: _Paragraph, paragraph: _Paragraph, floats: Sequence[_Paragraph], leading: float
) -> bool:
    """Tell whether a paragraph goes on with one that was broken off."""
    first, last = paragraph.rows[0], broken.rows[-1]
    if _SENTENCE_END.search(last.row.text) or first.page > last.page + 1:
        return False
    if first.page > last.page and broken.rows[0].page < last.page:
        return all(part.rows[0].page == first.page for part in floats) and not _opens(
            broken, replace(first, first=True), leading
        )
    return not _opens(broken, replace(first, first=True), leading)


# --- headings ----------------------------------------------------------------------------------


def _find_headings(
    paragraphs: Sequence[_Paragraph], body: float, outline: Sequence[tuple[str, int, int]]
) -> None:
    """Tell headings from paragraphs, by the bookmarks of the file or by their print.

    Levels follow the bookmarks where there are some; else the larger and bolder the higher.
    """
    bookmarks = {(_letters(title), page): level for title, level, page in outline}
    styles: dict[tuple[float, bool, bool], Counter[int]] = {}
    found: list[_Paragraph] = []
    for paragraph in paragraphs:
        row = paragraph.rows[0].row
        paragraph.style = (round(row.size), row.bold, paragraph.text.isupper())
        level = bookmarks.get((_letters(paragraph.text), paragraph.rows[0].page))
        if level is not None:
            styles.setdefault(paragraph.style, Counter())[level] += 1
        if paragraph.table:
            paragraph.role = "table"
        elif level is not None or _is_heading(paragraph, body):
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


def _is_heading(paragraph: _Paragraph, body: float) -> bool:
    text, row = paragraph.text, paragraph.rows[0].row
    if (
        len(paragraph.rows) > _HEADING_ROWS
        or len(text.split()) > _HEADING_WORDS
        or sum(map(str.isalpha, text)) < 3
        or text[-1] in ",;-"
    ):
        return False
    if row.size >= 1.12 * body:
        return True
    capitals = text.isupper() and len(text.split()) <= 12 and sum(map(str.isalpha, text)) >= 4
    if row.size < 0.95 * body or not (row.bold or capitals):
        return False
    return not _SENTENCE_END.search(text) and (text[0].isupper() or text[0].isdigit())


def _title(paragraphs: Sequence[_Paragraph], found: Sequence[_Paragraph]) -> _Paragraph | None:
    """Find the title: larger than every heading, before all of them, used once."""
    first = found[0] if found else None
    if first is None or first.rows[0].page > 0 or len(found) < 2:
        return None
    larger = all(first.style[0] > other.style[0] for other in found[1:])
    return first if larger and first in paragraphs[:4] else None


def _is_quotation(paragraph: _Paragraph) -> bool:
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


# --- pages -------------------------------------------------------------------------------------


def _pages(
    layouts: Sequence[PageLayout], paragraphs: Sequence[_Paragraph], notes: Sequence[Note]
) -> Iterator[SourcePage]:
    """Write the rows as lines, with the markers that hang on them."""
    lines: list[list[Line]] = [[] for _ in layouts]
    foot: list[list[Line]] = [[] for _ in layouts]
    tied = by_marker(notes)
    number = 0
    for paragraph in paragraphs:
        for i, item in enumerate(paragraph.rows):
            number += 1
            text, marks = take_marks(item.row, item.page, tied, cells=paragraph.table)
            early = tuple(mark for mark in marks if not text or (i > 0 and mark.column == 0))
            if early and lines[item.page]:
                last = lines[item.page][-1]
                hung = tuple(mark._replace(column=len(last.text)) for mark in early)
                lines[item.page][-1] = replace(last, marks=last.marks + hung)
                marks = marks[len(early) :]
            if text:
                line = Line(text, number, role=paragraph.role, level=paragraph.level)
                lines[item.page].append(replace(line, joins=i > 0, marks=marks))
    for note in notes:
        for i, (page, row) in enumerate(note.rows):
            number += 1
            opens = Mark(note.key, note.label) if i == 0 else None
            text, _ = take_marks(row, page, {})
            foot[page].append(Line(text, number, role="paragraph", joins=i > 0, note=opens))
    for layout, body, below in zip(layouts, lines, foot, strict=True):
        doubt = _LOST.format(layout.lost) if layout.lost > _DOUBTFUL else None
        yield SourcePage(tuple(body), tuple(below), layout.label, doubt)
