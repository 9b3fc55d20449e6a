"""Rows of a PDF to paragraphs, told by position and size.

Owns: where a paragraph begins and ends, which rows are those of a table, and what goes on behind a
figure that stands inside it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median

from dipnot.formats.pdf.layout import Region
from dipnot.formats.pdf.rows import CELL_GAP, Row
from dipnot.types import Role

_BULLET = re.compile(r"[•▪■◦‣·*–—-]\s+\S|\(?(?:\d{1,2}|[a-zçğıöşü])\)\s+\S")
_SIGN = re.compile(r"[•▪■◦‣·]")
SENTENCE_END = re.compile(r"[.!?…:][”’\"')\]»]*$")
_ITEM = re.compile(
    r"[•▪■◦‣·*–—-]|[\[(]?(?:\d{1,3}|[a-zçğıöşü]|[ivxIVX]{1,5})(?:[.)\]]+)|\d{1,2}(?:\.\d{1,2})+\.?|\d{1,2}"
)
_FULL = 0.99
_NO_SPACE = 2.5  # sizes of the letters; no justified line has wider gaps throughout
_SHORT = 0.9
_HEAD_WORDS = 6


@dataclass(slots=True)
class Placed:
    """A row of the running text and where it stands."""

    page: int
    row: Row
    region: Region
    first: bool  # of its region


@dataclass(slots=True)
class Paragraph:
    """Rows of one paragraph; ``style`` is filled in, and ``role`` settled, in ``headings``."""

    rows: list[Placed]
    role: Role = "paragraph"
    level: int = 0
    style: tuple[float, bool, bool] = (0.0, False, False)
    table: bool = field(default=False)

    @property
    def text(self) -> str:
        """The words of the paragraph on one line."""
        return " ".join(placed.row.text for placed in self.rows)


def find_paragraphs(placed: Sequence[Placed], body: float) -> list[Paragraph]:
    """Put rows together into paragraphs; ``body`` is the usual size of letters, in points."""
    return _mend_interrupted(_paragraphs(placed), body, _leading(placed))


def _paragraphs(placed: Sequence[Placed]) -> list[Paragraph]:
    leading = _leading(placed)
    tables = _table_rows(placed)
    paragraphs: list[Paragraph] = []
    for i, item in enumerate(placed):
        table = i in tables
        current = paragraphs[-1] if paragraphs else None
        if current is None or table or current.table or _opens(current, item, leading):
            paragraphs.append(Paragraph([item], table=table))
        else:
            current.rows.append(item)
    return paragraphs


def _leading(placed: Sequence[Placed]) -> float:
    """Give the usual distance of two lines, in sizes of their letters."""
    gaps = [
        (a.row.y - b.row.y) / a.row.size
        for a, b in pairwise(placed)
        if not b.first and abs(a.row.size - b.row.size) < 0.05 * a.row.size and a.row.y > b.row.y
    ]
    return min(max(median(gaps), 0.9), 3.0) if gaps else 1.2


def _opens(current: Paragraph, item: Placed, leading: float) -> bool:
    """Tell whether a row opens a paragraph of its own."""
    before, row = current.rows[-1], item.row
    last = before.row
    if row.equation or last.equation:
        return not _carries_on(current, row)
    if len(current.rows) == 1 and row.x0 > last.x1 and _SIGN.fullmatch(last.text):
        return False  # a bullet whose text stands a little lower
    hyphened = last.words[-1].text.endswith("-") and row.text[:1].islower()
    if (last.bold != row.bold and not (hyphened or _is_bold_within(current, row))) or not (
        _is_as_large(last, row) or _runs_on(before, item, leading)
    ):
        return True
    apart = last.y - row.y > 1.3 * leading * row.size
    if apart and (not item.first or _is_lone_head(current, item)):
        return True
    ended = _is_ended(current)
    if last.words[-1].text.endswith("-") or (item.first and not ended and _goes_on(last, row)):
        return False
    fill = _fill(before, row)
    short = fill < _SHORT or (ended and fill < _FULL)
    return short or _is_item(last, row, ended=ended) or _is_indented(current, item, ended=ended)


def _is_bold_within(current: Paragraph, row: Row) -> bool:
    """Tell a line that is bold, or not, from end to end inside a sentence that changes before it.

    What stands on both sides of the seam is then set alike, and the line above is full.
    """
    last = current.rows[-1]
    alike = last.row.words[-1].bold == row.words[0].bold
    return alike and not _is_ended(current) and _fill(last, row) >= _FULL


def _is_lone_head(current: Paragraph, item: Placed) -> bool:
    """Tell a few words above a column, far from it, from a sentence that goes on in it."""
    before = current.rows[-1]
    few = len(current.rows) == 1 and len(before.row.words) <= _HEAD_WORDS
    return few and before.page == item.page and item.row.text[:1].isupper()


def _carries_on(current: Paragraph, row: Row) -> bool:
    """Tell an equation that ends what a paragraph says, or a line that goes on behind one."""
    last = current.rows[-1].row
    if row.equation:
        return bool(last.equation) or not _is_ended(current) or last.text.endswith(":")
    return row.text[:1].islower() or not (row.text[:1].isalnum() or _is_ended(current))


def _goes_on(last: Row, row: Row) -> bool:
    """Tell a sentence that a column or a page breaks off, however far its last line reached."""
    letter = row.text[:1]
    said = len(last.words) > 2
    return said and letter.islower() and not (_BULLET.match(row.text) or _hangs(row))


def _is_ended(paragraph: Paragraph) -> bool:
    """Tell whether the last row ends a sentence: `(Çakıcı, 2023, s.` does not."""
    near = " ".join(placed.row.text for placed in paragraph.rows[-3:])
    return bool(SENTENCE_END.search(near[-40:])) and near.rfind("(") <= near.rfind(")")


def _is_as_large(last: Row, row: Row) -> bool:
    return abs(last.size - row.size) <= 0.08 * max(last.size, row.size)


def _runs_on(before: Placed, item: Placed, leading: float) -> bool:
    """Tell a line of a paragraph that is mostly in other print, as code is, or changes inside."""
    last, row = before.row, item.row
    size = max(last.size, row.size)
    other = {word.font for word in last.words}.isdisjoint({word.font for word in row.words[:1]})
    mixed = abs(_largest(last) - _largest(row)) < 0.03 * size
    end, start = last.words[-1], row.words[0]
    same = end.font == start.font and abs(end.size - start.size) < 0.02 * size
    return (
        (other or mixed or same)
        and not item.first
        and abs(last.size - row.size) <= 0.2 * size
        and 0 < last.y - row.y <= 1.1 * leading * size
        and not SENTENCE_END.search(last.text)
        and _fill(before, row) >= _FULL
    )


def _largest(row: Row) -> float:
    return max(word.size for word in row.words)


def _is_item(last: Row, row: Row, *, ended: bool) -> bool:
    """Tell an item of a list by its label."""
    if _SIGN.match(row.text) or (ended and _BULLET.match(row.text)):
        return True
    return _hangs(row) and (ended or row.x0 < last.x0 - 0.5 * row.size or _hangs(last))


def _is_indented(current: Paragraph, item: Placed, *, ended: bool) -> bool:
    """Tell a first line by its indent, or by hanging out of an indented paragraph."""
    row, last = item.row, current.rows[-1].row
    step = 0.7 * row.size
    if item.first:  # of a column: the row above it stands elsewhere
        return ended and step < row.x0 - item.region.left < 4 * row.size
    opening = " ".join(placed.row.text for placed in current.rows[:2])
    if _BULLET.match(opening) or _hangs(current.rows[0].row):
        return row.x0 < current.rows[0].row.x0 - step
    if len(current.rows) == 1 and _stands_below(last, row):
        return False
    if row.x0 > last.x0 + step:
        return len(current.rows) > 1 or ended
    return len(current.rows) > 1 and row.x0 < last.x0 - step


def _fill(before: Placed, row: Row) -> float:
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


def _stands_below(item: Row, row: Row) -> bool:
    """Tell a row that begins where the text of an item does, behind its label."""
    if len(item.words) < 2 or not _ITEM.fullmatch(item.words[0].text):
        return False
    return abs(row.x0 - item.words[1].x0) < 0.1 * row.size


def _table_rows(placed: Sequence[Placed]) -> set[int]:
    """Find rows whose cells stand wide apart, and below those of the row above."""
    cells = [_cells(item) for item in placed]
    found: set[int] = set()
    for i, (above, below) in enumerate(pairwise(cells)):
        if any(abs(a - b) < 3 for a in above for b in below):
            found.update((i, i + 1))
    return found


def _cells(item: Placed) -> list[float]:
    """Where the cells of a row begin, but the first; justified lines, spaced evenly, have none."""
    row = item.row
    if row.equation:
        return []
    gaps = [(b.x0 - a.x1, b.x0) for a, b in pairwise(row.words) if b.space]
    widths = [width for width, _ in gaps]
    full = row.x1 > item.region.right - 0.5 * row.size
    usual = sorted(widths)[len(widths) // 4] if widths else 0.0
    if not gaps or (full and 0.6 * max(widths) < usual < _NO_SPACE * row.size):
        return []
    if full and max(widths) - min(widths) < 0.3 * row.size:
        return []
    wide = [x for width, x in gaps if width > CELL_GAP * row.size]
    return [] if wide == [row.words[1].x0] and _hangs(row) else wide


# --- interruptions -----------------------------------------------------------------------------


def _mend_interrupted(
    paragraphs: Sequence[Paragraph], body: float, leading: float
) -> list[Paragraph]:
    """Join a paragraph that a figure or a table interrupts, and let that stand beside it."""
    mended: list[Paragraph] = []
    floats: list[Paragraph] = []  # since the last paragraph of text
    for paragraph in paragraphs:
        if _is_float(paragraph, body):
            floats.append(paragraph)
            continue
        broken = mended[-1] if mended and floats else None
        if (
            broken is not None
            and not _are_quoted(broken, floats, paragraph, leading)
            and _resumes(broken, paragraph, floats, leading)
        ):
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


def _is_float(paragraph: Paragraph, body: float) -> bool:
    return paragraph.table or paragraph.rows[0].row.size < 0.95 * body


def _are_quoted(
    broken: Paragraph, between: Sequence[Paragraph], after: Paragraph, leading: float
) -> bool:
    """Tell a quotation that is set off in smaller print from a figure: it belongs where it stands.

    It is prose of two lines or more, indented, hardly farther from the text than its lines are from
    one another.
    """
    quoted = [item for part in between for item in part.rows]
    rows = [broken.rows[-1], *quoted, after.rows[0]]
    near = all(
        a.page == b.page
        and a.region is b.region
        and 0 < a.row.y - b.row.y <= 1.9 * leading * max(a.row.size, b.row.size)
        for a, b in pairwise(rows)
    )
    lines = [item.row for item in quoted]
    left = min(row.x0 for row in lines[1:] or lines)
    return (
        near
        and len(lines) > 1
        and not any(part.table for part in between)
        and all(row.x0 >= quoted[0].region.left + row.size for row in lines)
        and all(abs(row.x0 - left) < 0.5 * row.size for row in lines[1:])
        and all(row.x1 > left + 0.8 * (max(r.x1 for r in lines) - left) for row in lines[:-1])
    )


def _resumes(
    broken: Paragraph, paragraph: Paragraph, floats: Sequence[Paragraph], leading: float
) -> bool:
    """Tell whether a paragraph goes on with one that was broken off."""
    first, last = paragraph.rows[0], broken.rows[-1]
    if _is_ended(broken) or first.page > last.page + 1:
        return False
    if first.page > last.page and broken.rows[0].page < last.page:
        return all(part.rows[0].page == first.page for part in floats) and not _opens(
            broken, replace(first, first=True), leading
        )
    return not _opens(broken, replace(first, first=True), leading)
