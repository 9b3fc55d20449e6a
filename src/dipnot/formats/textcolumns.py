"""Columns of plain text: lines that a program has set beside each other with spaces between them.

Owns: telling columns of prose from tables and from lines that are spaced out, and the order in
which they are read.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

_LEAST = 6  # lines with text on both sides
_SHARE = 0.5  # of the lines of a band
_WORDS = 3  # of a line of prose
_TRIED = 4  # places where the right column may begin
_DEPTH = 4
_TAIL = 40  # of a line, where it is looked at how it ends
_RIGHT = re.compile(r"(?<=\S)\s{2,}(?=\S)")
_ENDED = re.compile(r"[.!?…:][”’\"')\]\d]*$")


def in_reading_order(lines: Sequence[str]) -> list[str]:
    """Give lines again, what stands in columns column by column; form feeds part pages."""
    ordered: list[str] = []
    page: list[str] = []
    for line in lines:
        if "\f" in line and page:
            ordered.extend(_ordered(page))
            page = []
        page.append(line)
    return [*ordered, *_ordered(page)]


def _ordered(lines: Sequence[str], depth: int = 0) -> list[str]:
    """Order the lines of a page, or of a part of it."""
    starts = Counter(m.end() for line in lines for m in _RIGHT.finditer(line))
    for start, count in starts.most_common(_TRIED) if depth < _DEPTH else ():
        if count < _LEAST:
            break
        bands = [b for b in _bands(lines, start) if _is_prose(lines[slice(*b)], start)]
        if bands:
            return list(_in_columns(lines, bands, start, depth + 1))
    return list(lines)


def _in_columns(
    lines: Sequence[str], bands: Sequence[tuple[int, int]], start: int, depth: int
) -> Iterator[str]:
    """Give each band column by column, and what stands between them."""
    at = 0
    for first, last in bands:
        yield from _ordered(lines[at:first], depth)
        band, at = lines[first:last], last
        left = _trimmed(_ordered([line[:start].rstrip() for line in band], depth))
        right = _trimmed(_ordered([line[start:] for line in band], depth))
        ended = bool(left) and _ENDED.search(left[-1][-_TAIL:]) is not None
        yield from [*left, *([""] if ended else []), *right, ""]
    yield from _ordered(lines[at:], depth)


def _trimmed(lines: Sequence[str]) -> Sequence[str]:
    said = [i for i, line in enumerate(lines) if line.strip()]
    return lines[said[0] : said[-1] + 1] if said else []


def _bands(lines: Sequence[str], start: int) -> Iterator[tuple[int, int]]:
    """Give the ranges of lines that all leave white before a place where others begin."""
    both: list[int] = []
    for at in range(len(lines) + 1):
        if at < len(lines) and not lines[at][max(0, start - 2) : start].strip():
            both += [at] if _is_both(lines[at], start) else []
            continue
        if len(both) >= _LEAST:
            yield both[0], _end(lines, both[-1] + 1, at, start)
        both = []


def _end(lines: Sequence[str], end: int, limit: int, start: int) -> int:
    """Find where the longer of two columns ends, behind the last line that they share."""
    while end < limit and lines[end].strip():
        end += 1
    for at in range(end, limit):  # paragraphs of the right column alone
        if lines[at][:start].strip():
            break
        end = at + 1 if lines[at].strip() else end
    return end


def _is_both(line: str, start: int) -> bool:
    return bool(line[:start].strip() and line[start : start + 1].strip())


def _is_prose(band: Sequence[str], start: int) -> bool:
    """Tell columns of sentences from a table: their lines are full of words and go on."""
    said = [line for line in band if line.strip()]
    if sum(_is_both(line, start) for line in said) < _SHARE * len(said):
        return False
    for side in ([line[:start] for line in said], [line[start:] for line in said]):
        pieces = [piece.strip() for piece in side if piece.strip()]
        goes_on = sum(not _ENDED.search(a[-_TAIL:]) and b[0].islower() for a, b in pairwise(pieces))
        if median(len(piece.split()) for piece in pieces) < _WORDS or goes_on < 0.3 * len(pieces):
            return False
    return True
