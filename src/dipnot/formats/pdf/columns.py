"""The columns of a page: gutters between them, and the order in which the parts are read.

Owns: telling columns of text from cells of a table. A gutter is a tall white strip with lines of
prose on both sides. The file's own order decides where it can: a page whose text is drawn down
each column, has columns; one drawn across needs stronger signs.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from statistics import fmean, median

from dipnot.formats.pdf.gutters import LEAST_ROWS, Strip, strips_of
from dipnot.formats.pdf.letters import Word
from dipnot.formats.pdf.rows import CELL_GAP, Row, rows_of

_DEPTH = 8
_STRONG_ROWS = 6


@dataclass(slots=True)
class _Side:
    """Pieces of rows that stand next to a gutter, on one side of it."""

    pieces: list[list[Word]]
    width: float = 0.0
    size: float = 0.0
    widths: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.widths = [piece[-1].x1 - piece[0].x0 for piece in self.pieces]
        if self.widths:
            self.width = sorted(self.widths)[int(0.85 * (len(self.widths) - 1))]
            self.size = median(word.size for piece in self.pieces for word in piece)

    @property
    def full(self) -> list[list[Word]]:
        """Pieces that reach over the column."""
        return [p for p, w in zip(self.pieces, self.widths, strict=True) if w >= 0.8 * self.width]

    def is_prose(self, *, strong: bool) -> bool:
        """Tell lines of text from cells, labels and numbers."""
        full = self.full
        letters = sum(_letters(piece) for piece in self.pieces)
        if len(full) < (_STRONG_ROWS if strong else LEAST_ROWS) or not letters:
            return False
        if self.width < (10 if strong else 6) * self.size:
            return False
        share = sum(map(_letters, full)) / letters
        words = fmean(len(piece) for piece in full)
        if not strong:
            return share >= 0.4 and words >= 2
        return share >= 0.6 and words >= 3.5 and _is_aligned(self.pieces)


def _letters(piece: Sequence[Word]) -> int:
    return sum(sum(map(str.isalpha, word.text)) for word in piece)


def _is_aligned(pieces: Sequence[Sequence[Word]]) -> bool:
    """Tell whether most lines begin at one place."""
    starts = sorted(piece[0].x0 for piece in pieces)
    most = max(
        sum(abs(x - start) < 1.5 for x in starts) for start in starts[:: len(starts) // 9 or 1]
    )
    return most >= 0.5 * len(starts)


def split_columns(words: Sequence[Word], depth: int = 0) -> list[list[Row]]:
    """Cut the words of a page into rows of one column each, in reading order."""
    rows = rows_of(words)
    if not rows:
        return []
    if depth < _DEPTH:
        for strip in strips_of(rows):
            parts = _cut(rows, strip)
            if parts is not None:
                return [found for part in parts for found in _read(part, depth)]
    return [rows]


@dataclass(slots=True)
class _Part:
    words: list[Word]
    whole: bool = False  # rows of a table: not to be cut again


def _read(part: _Part, depth: int) -> list[list[Row]]:
    return [rows_of(part.words)] if part.whole else split_columns(part.words, depth + 1)


# --- cutting -----------------------------------------------------------------------------------


def _cut(rows: Sequence[Row], strip: Strip) -> list[_Part] | None:
    """Cut a page at a strip if it is a gutter; None if it is not."""
    inside = rows[strip.first : strip.last + 1]
    bands = _bands(inside, strip.middle)
    both = sum(row.x0 < strip.x0 and row.x1 > strip.x1 for row in inside)
    across = sum(band.is_one_row for band in bands)
    strong = both >= LEAST_ROWS and across > 0.5 * both
    sides = [_Side(pieces) for pieces in _sides(inside, strip)]
    prose = all(side.is_prose(strong=strong) for side in sides)
    if not (prose or _is_short_column(bands, sides) or _is_aside(bands, sides)):
        return None
    above = [word for row in rows[: strip.first] for word in row.words]
    below = [word for row in rows[strip.last + 1 :] for word in row.words]
    columns = list(_around_tables(inside, strip)) if strong else list(_in_order(bands))
    return [part for part in (_Part(above), *columns, _Part(below)) if part.words]


def _is_short_column(bands: Sequence[_Band], sides: Sequence[_Side]) -> bool:
    """Tell a column of a few lines, drawn beside the top of a long one and after its end."""
    tall_bands = [band for band in bands if not band.is_one_row]  # and heads of pages
    if len(tall_bands) != 1 or not (tall_bands[0].left and tall_bands[0].right):
        return False
    first, second = tall_bands[0].drawn
    one_by_one = tall_bands[0].is_one_by_one
    jump = max(word.y for word in second) - min(word.y for word in first)
    tall = max(sides, key=lambda side: len(side.pieces))
    return one_by_one and jump > 4 * tall.size and tall.is_prose(strong=False)


def _is_aside(bands: Sequence[_Band], sides: Sequence[_Side]) -> bool:
    """Tell notes in the margin, each drawn whole before or after the text beside it."""
    both = [band for band in bands if band.left and band.right]
    if not both or not any(side.is_prose(strong=False) for side in sides):
        return False
    return all(not b.is_one_row and b.is_one_by_one and _holds_aside(b) for b in both)


def _holds_aside(band: _Band) -> bool:
    """Tell a note by its rows or by its small print; a label of a list has neither."""
    sides = [rows_of(side) for side in (band.left, band.right)]
    short, tall = sorted(sides, key=len)
    sizes = [median(row.size for row in side) for side in (short, tall)]
    return len(short) >= 2 or sizes[0] <= 0.9 * sizes[1]


def _sides(rows: Sequence[Row], strip: Strip) -> tuple[list[list[Word]], list[list[Word]]]:
    """Give the pieces of rows next to a strip: what stands farther off is another column's."""
    lefts: list[list[Word]] = []
    rights: list[list[Word]] = []
    width = 0.8 * strip.x1 - 0.8 * strip.x0
    for row in rows:
        left = [word for word in row.words if word.x0 < strip.middle]
        right = [word for word in row.words if word.x0 >= strip.middle]
        limit = max(width, 1.5 * row.size)
        if left:
            lefts.append(_run(left[::-1], limit)[::-1])
        if right:
            rights.append(_run(right, limit))
    return lefts, rights


def _run(words: Sequence[Word], limit: float) -> list[Word]:
    """Give the words from the first on until a gap that is wider than ``limit``."""
    run = [words[0]]
    for word in words[1:]:
        gap = max(word.x0 - run[-1].x1, run[-1].x0 - word.x1)
        if gap > limit:
            break
        run.append(word)
    return run


def _around_tables(rows: Sequence[Row], strip: Strip) -> Iterator[_Part]:
    """Give two columns that are drawn across; a table that runs over the gutter stays whole."""
    celled = [_has_cells(row, strip) for row in rows]
    last = 0
    for whole, group in groupby(range(len(rows)), key=celled.__getitem__):
        run = list(group)
        if not whole or len(run) < LEAST_ROWS:
            continue
        first = run[0] - _is_caption(rows, run[0], strip)
        yield from map(_Part, _halves(rows[last:first], strip.middle))
        last = run[-1] + 1
        yield _Part([word for row in rows[first:last] for word in row.words], whole=True)
    yield from map(_Part, _halves(rows[last:], strip.middle))


def _has_cells(row: Row, strip: Strip) -> bool:
    """Tell a row that has wide gaps on both sides of the gutter, too."""
    sides = _halves([row], strip.middle)
    return all(any(b.x0 - a.x1 > CELL_GAP * row.size for a, b in pairwise(side)) for side in sides)


def _is_caption(rows: Sequence[Row], at: int, strip: Strip) -> bool:
    """Tell whether the row above a table belongs to it: it stands alone, off what is above."""
    if at < 2 or all(_halves(rows[at - 1 : at], strip.middle)):
        return False
    return rows[at - 2].y - rows[at - 1].y > 1.2 * (rows[at].y - rows[at + 1].y)


def _halves(rows: Sequence[Row], x: float) -> tuple[list[Word], list[Word]]:
    words = [word for row in rows for word in row.words]
    return [w for w in words if w.x0 < x], [w for w in words if w.x0 >= x]


@dataclass(slots=True)
class _Band:
    """Words that the file draws in a row: left of the gutter, then right of it."""

    left: list[Word] = field(default_factory=list)
    right: list[Word] = field(default_factory=list)
    bottom: float = math.inf
    top: float = -math.inf

    def add(self, words: Sequence[Word], *, left: bool) -> None:
        (self.left if left else self.right).extend(words)
        self.top = max(self.top, *(word.y for word in words), -math.inf)
        self.bottom = min(self.bottom, *(word.y for word in words), math.inf)

    @property
    def is_one_row(self) -> bool:
        """Tell a row that is drawn across."""
        size = max(word.size for word in (*self.left, *self.right))
        return bool(self.left and self.right) and self.top - self.bottom < 0.8 * size

    @property
    def opens_notes(self) -> bool:
        """Tell notes of two columns, each of one row: both sides begin with a raised label."""
        return all(_begins_raised(side) for side in (self.left, self.right))

    @property
    def drawn(self) -> tuple[list[Word], list[Word]]:
        """The sides as the file draws them."""
        sides = sorted((self.left, self.right), key=lambda side: min(w.order for w in side))
        return sides[0], sides[1]

    @property
    def is_one_by_one(self) -> bool:
        """Tell whether the file ends one side before it begins the other."""
        first, second = self.drawn
        return max(word.order for word in first) < min(word.order for word in second)


def _begins_raised(side: Sequence[Word]) -> bool:
    first, *others = sorted(side, key=lambda word: word.x0)
    size = max((word.size for word in others), default=first.size)
    return first.size <= 0.86 * size and first.y > min(word.y for word in side)


def _bands(rows: Sequence[Row], x: float) -> list[_Band]:
    """Follow the file: it draws a band whole before it goes on below."""
    words = sorted((word for row in rows for word in row.words), key=lambda word: word.order)
    bands: list[_Band] = []
    for left, group in groupby(words, key=lambda word: word.x0 < x):
        run = list(group)
        size = max(word.size for word in run)
        if not bands or max(word.y for word in run) < bands[-1].bottom - 0.5 * size:
            bands.append(_Band())
        bands[-1].add(run, left=left)
    return bands


def _in_order(bands: Sequence[_Band]) -> Iterator[_Part]:
    """Give the columns of each band; rows drawn across stay whole."""
    for one_row, group in groupby(bands, key=lambda band: band.is_one_row):
        run = list(group)
        if one_row and not all(band.opens_notes for band in run):
            yield _Part([w for band in run for w in (*band.left, *band.right)], whole=True)
            continue
        for band in run:
            yield from (_Part(side) for side in (band.left, band.right) if side)
