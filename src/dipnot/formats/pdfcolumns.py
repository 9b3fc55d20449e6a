"""The columns of a page: gutters between them, and the order in which the parts are read.

Owns: telling columns of text from cells of a table. A gutter is a tall white strip with lines of
prose on both sides. The file's own order decides where it can: a page whose text is drawn down
each column, has columns; one drawn across needs stronger signs.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from statistics import fmean, median

from dipnot.formats.pdfrows import Row, rows_of
from dipnot.formats.pdfspelling import Word

_DEPTH = 8
_TRIED = 6  # strips of a page, the tallest first
_ACTIVE = 40  # strips followed at a time
_TALL = 8  # rows beside a column of fewer than the least
_LEAST_ROWS = 3
_STRONG_ROWS = 6
_GAP = 0.7  # of a gutter, in sizes of the letters
_WIDEST = 10_000.0  # points; a page that is wider holds no text to be read


@dataclass(frozen=True, slots=True)
class _Strip:
    """A white strip over the rows from ``first`` to ``last``."""

    x0: float
    x1: float
    first: int
    last: int

    @property
    def middle(self) -> float:
        return (self.x0 + self.x1) / 2


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
        if len(full) < (_STRONG_ROWS if strong else _LEAST_ROWS) or not letters:
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
        for strip in _strips(rows):
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


# --- strips ------------------------------------------------------------------------------------


def _strips(rows: Sequence[Row]) -> list[_Strip]:
    """Find white strips with text on both sides, those beside the most text first."""
    left, right = min(row.x0 for row in rows), max(row.x1 for row in rows)
    size = median(row.size for row in rows)
    if len(rows) < _LEAST_ROWS or right - left < 16 * size or right - left > _WIDEST:
        return []
    found = {strip: _support(rows, strip) for strip in _white(rows, _GAP * size)}
    strips = sorted(found, key=lambda strip: (-min(found[strip]), strip.first - strip.last))
    likely = [strip for strip in strips if min(found[strip]) >= _LEAST_ROWS]
    short = [strip for strip in strips if min(found[strip]) in range(1, _LEAST_ROWS)]
    tall = [strip for strip in short if max(found[strip]) >= _TALL]
    return [*likely[:_TRIED], *tall[:_TRIED]]


def _white(rows: Sequence[Row], width: float) -> Iterator[_Strip]:
    """Follow gaps down the rows, as long as the white between them stays wide enough."""
    active: dict[tuple[float, float], int] = {}
    for i, row in enumerate(rows):
        gaps = _gaps(row, width)
        following: dict[tuple[float, float], int] = {}
        for (a, b), first in active.items():
            kept = False
            for c, d in gaps:
                x0, x1 = max(a, c), min(b, d)
                if x1 - x0 >= width:
                    following[x0, x1] = min(first, following.get((x0, x1), first))
                    kept = kept or (x0, x1) == (a, b)
            if not kept and math.isfinite(a) and math.isfinite(b):
                yield _Strip(a, b, first, i - 1)
        for gap in gaps:
            following.setdefault(gap, i)
        oldest = sorted(following, key=following.__getitem__)[:_ACTIVE]
        active = {gap: following[gap] for gap in oldest}
    for (a, b), first in active.items():
        if math.isfinite(a) and math.isfinite(b):
            yield _Strip(a, b, first, len(rows) - 1)


def _gaps(row: Row, width: float) -> list[tuple[float, float]]:
    """Give the white of a row, what lies left and right of it too."""
    gaps = [(-math.inf, row.x0)]
    reach = row.words[0].x1
    for word in row.words[1:]:
        if word.x0 - reach >= width:
            gaps.append((reach, word.x0))
        reach = max(reach, word.x1)
    return [*gaps, (reach, math.inf)]


def _support(rows: Sequence[Row], strip: _Strip) -> tuple[int, int]:
    """Count the rows beside a strip, on the left and on the right."""
    inside = rows[strip.first : strip.last + 1]
    left = sum(row.x0 < strip.x0 for row in inside)
    return left, sum(row.x1 > strip.x1 for row in inside)


# --- cutting -----------------------------------------------------------------------------------


def _cut(rows: Sequence[Row], strip: _Strip) -> list[_Part] | None:
    """Cut a page at a strip if it is a gutter; None if it is not."""
    inside = rows[strip.first : strip.last + 1]
    bands = _bands(inside, strip.middle)
    both = sum(row.x0 < strip.x0 and row.x1 > strip.x1 for row in inside)
    across = sum(band.is_one_row for band in bands)
    strong = both >= _LEAST_ROWS and across > 0.5 * both
    sides = [_Side(pieces) for pieces in _sides(inside, strip)]
    prose = all(side.is_prose(strong=strong) for side in sides)
    if not prose and not _is_short_column(bands, sides):
        return None
    above = [word for row in rows[: strip.first] for word in row.words]
    below = [word for row in rows[strip.last + 1 :] for word in row.words]
    if strong:
        columns = [_Part(side) for side in _halves(inside, strip.middle)]
    else:
        columns = list(_in_order(bands))
    return [part for part in (_Part(above), *columns, _Part(below)) if part.words]


def _is_short_column(bands: Sequence[_Band], sides: Sequence[_Side]) -> bool:
    """Tell a column of a few lines, drawn beside the top of a long one and after its end."""
    tall_bands = [band for band in bands if not band.is_one_row]  # and heads of pages
    if len(tall_bands) != 1 or not (tall_bands[0].left and tall_bands[0].right):
        return False
    band, short = tall_bands[0], min(sides, key=lambda side: len(side.pieces))
    tall = max(sides, key=lambda side: len(side.pieces))
    top = max(piece[0].y for piece in short.pieces)
    orders = [[word.order for word in side] for side in (band.left, band.right)]
    one_by_one = max(orders[0]) < min(orders[1]) or max(orders[1]) < min(orders[0])
    lowest = min(piece[0].y for piece in tall.pieces)
    return tall.is_prose(strong=False) and top - lowest > 4 * tall.size and one_by_one


def _sides(rows: Sequence[Row], strip: _Strip) -> tuple[list[list[Word]], list[list[Word]]]:
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
        if one_row:
            yield _Part([w for band in run for w in (*band.left, *band.right)], whole=True)
            continue
        for band in run:
            yield from (_Part(side) for side in (band.left, band.right) if side)
