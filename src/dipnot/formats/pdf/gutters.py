"""White strips down a page, which may part its columns.

Owns: finding them. Whether one is a gutter is told in ``columns``.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from dipnot.formats.pdf.rows import Row

LEAST_ROWS = 3  # beside a gutter
_TRIED = 6  # strips of a page, the tallest first
_ACTIVE = 40  # strips followed at a time
_TALL = 8  # rows beside a column of fewer than the least
_GAP = 0.7  # of a gutter, in sizes of the letters
_WIDEST = 10_000.0  # points; a page that is wider holds no text to be read


@dataclass(frozen=True, slots=True)
class Strip:
    """A white strip over the rows from ``first`` to ``last``."""

    x0: float
    x1: float
    first: int
    last: int

    @property
    def middle(self) -> float:
        """Where the strip is cut."""
        return (self.x0 + self.x1) / 2


def strips_of(rows: Sequence[Row]) -> list[Strip]:
    """Find white strips with text on both sides, those beside the most text first."""
    left, right = min(row.x0 for row in rows), max(row.x1 for row in rows)
    size = median(row.size for row in rows)
    if len(rows) < LEAST_ROWS or right - left < 16 * size or right - left > _WIDEST:
        return []
    found = {strip: _support(rows, strip) for strip in _white(rows, _GAP * size)}
    strips = sorted(found, key=lambda strip: (-min(found[strip]), strip.first - strip.last))
    likely = [strip for strip in strips if min(found[strip]) >= LEAST_ROWS]
    short = [strip for strip in strips if min(found[strip]) in range(1, LEAST_ROWS)]
    tall = [strip for strip in short if max(found[strip]) >= _TALL]
    return [*likely[:_TRIED], *tall[:_TRIED]]


def _white(rows: Sequence[Row], width: float) -> Iterator[Strip]:
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
                yield Strip(a, b, first, i - 1)
        for gap in gaps:
            following.setdefault(gap, i)
        oldest = sorted(following, key=following.__getitem__)[:_ACTIVE]
        active = {gap: following[gap] for gap in oldest}
    for (a, b), first in active.items():
        if math.isfinite(a) and math.isfinite(b):
            yield Strip(a, b, first, len(rows) - 1)


def _gaps(row: Row, width: float) -> list[tuple[float, float]]:
    """Give the white of a row, what lies left and right of it too."""
    gaps = [(-math.inf, row.x0)]
    reach = row.words[0].x1
    for word in row.words[1:]:
        if word.x0 - reach >= width:
            gaps.append((reach, word.x0))
        reach = max(reach, word.x1)
    return [*gaps, (reach, math.inf)]


def _support(rows: Sequence[Row], strip: Strip) -> tuple[int, int]:
    """Count the rows beside a strip, on the left and on the right."""
    inside = rows[strip.first : strip.last + 1]
    left = sum(row.x0 < strip.x0 for row in inside)
    return left, sum(row.x1 > strip.x1 for row in inside)
