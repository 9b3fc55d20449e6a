"""Page numbers of a text file that does not mark its pages: lines by themselves, or inside lines.

Owns: which numbers count pages there, and cutting the text at them.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from dipnot.formats.furniture import (
    ENDED,
    FEW_CUT,
    NUMBER,
    YEARS,
    Found,
    Sheet,
    letters,
    readings,
    roman_value,
    strip_furniture,
)
from dipnot.types import Line

_INLINE = re.compile(
    rf"\s?(?:\[\s*(?:pg|page|p|sayfa|s)\b\.?\s*{NUMBER}\s*\]"
    r"|(?<![^\W\d_]|[_^\\}])\{(?:(?:pg|page|p|sayfa|s)\b\.?\s*)?"
    rf"{NUMBER.replace('number', 'braced')}\}})",
    re.IGNORECASE,
)
_GUTENBERG = re.compile(r"\s?\[Pg\s")  # no text cites a page so
_FEW_PAGES = 4
_STOP = re.compile(r"[^\W\d_][.!?…][”’\"')\]\d]*(?=\s|$)")
_LONG = 500  # letters: no stanza or entry of a chronology, hardly a page
_NEARLY = 0.8
_SKIPPED = 3  # a page with a picture bears no number


def split_at_numbers(lines: list[Line]) -> list[Sheet]:
    """Cut a text at lines that are nothing but page numbers, at the foot or the head of a page."""
    chain = _chain(lines)
    if not chain:
        return _split_inside(lines)
    texts = [i for i, line in enumerate(lines) if line.text]
    on_top = chain[0].line == texts[0] or bool(chain[0].rest)
    sheets: list[Sheet] = [Sheet([])]
    at = 0
    for found in chain:
        sheets[-1].lines.extend(lines[at : found.line])
        at = found.line + 1
        if on_top and not any(line.text for line in sheets[-1].lines):
            sheets[-1] = Sheet([], found.label)
        elif on_top:
            sheets.append(Sheet([], found.label))
        else:
            sheets[-1].label = found.label
            sheets.append(Sheet([]))
    sheets[-1].lines.extend(lines[at:])
    if not any(line.text for line in sheets[-1].lines):
        sheets.pop()
    stripped = strip_furniture([sheet.lines for sheet in sheets])  # heads beside the numbers
    return [replace(s, label=f.label or s.label) for s, f in zip(stripped, sheets, strict=True)]


def _chain(lines: Sequence[Line]) -> list[Found]:
    """Find lines whose numbers count on by one and that interrupt the text as pages do."""
    heads = Counter(
        letters(f.rest) for i, line in enumerate(lines) for f in readings(i, i, line.text)
    )
    candidates = [
        f
        for i, line in enumerate(lines)
        for f in readings(i, i, line.text)
        if not f.roman and (not f.rest or (len(letters(f.rest)) > 3 and heads[letters(f.rest)] > 1))
    ]
    best = _longest(candidates)
    return _extended(candidates, best) if len(best) > 1 and _interrupt(lines, best) else []


def _extended(candidates: Sequence[Found], chain: list[Found]) -> list[Found]:
    """Go on at both ends of a row where a few pages bear no number, by how long a page is."""
    page = median(b.line - a.line for a, b in pairwise(chain))
    ahead = [f for f in candidates if not f.rest or chain[0].rest]

    def fits(a: Found, b: Found) -> bool:
        step = b.number - a.number
        return 1 <= step <= _SKIPPED and 0.5 * page * step < b.line - a.line < 1.5 * page * step

    row = chain[::-1]
    for found in reversed(ahead):
        if fits(found, row[-1]):
            row.append(found)
    row.reverse()
    for found in ahead:
        if fits(row[-1], found):
            row.append(found)
    return row


def _longest(candidates: Sequence[Found]) -> list[Found]:
    """Find the longest row of candidates whose numbers count on by one."""
    lengths: list[int] = []
    before: list[int | None] = []
    ends: dict[int, int] = {}  # by number, the candidate that ends the longest row so far
    for i, found in enumerate(candidates):
        last = ends.get(found.number - 1)
        before.append(last)
        lengths.append(1 if last is None else lengths[last] + 1)
        if found.number not in ends or lengths[i] >= lengths[ends[found.number]]:
            ends[found.number] = i
    at = max(range(len(lengths)), key=lengths.__getitem__, default=None)
    row: list[Found] = []
    while at is not None:
        row.append(candidates[at])
        at = before[at]
    return row[::-1]


def _interrupt(lines: Sequence[Line], chain: Sequence[Found]) -> bool:
    """Tell page numbers from those of chapters, stanzas, years and rows.

    Some pages end inside a sentence, and a page is long, or its number stands amid unparted lines.
    """
    said = Counter(letters(line.text) for line in lines if line.text)
    printed = [i for i, line in enumerate(lines) if line.text]
    cuts = 0
    for found in chain:
        at = bisect_left(printed, found.line)
        before = lines[printed[at - 1]].text if at else ""
        behind = (lines[i].text for i in printed[at + 1 : at + 3])
        after = next((t for t in behind if t[0].islower() or said[letters(t)] == 1), "")  # no head
        cuts += bool(before and after and _goes_on(before, after))
    if chain[0].number >= YEARS and not cuts:
        return False
    pages = [[li.text for li in lines[a.line + 1 : b.line] if li.text] for a, b in pairwise(chain)]
    stops = median(sum(bool(_STOP.search(text)) for text in page) for page in pages)  # no verse
    long = median(sum(map(len, page)) for page in pages) >= _LONG
    if cuts * FEW_CUT >= len(chain) and long and stops:
        return True
    parted = printed[-1] - printed[0] >= len(printed)  # empty lines stand between
    dressed = all(not lines[found.line].text.strip(" .").isdigit() for found in chain)
    first = [line.text for line in lines[: chain[0].line] if line.text]
    amid = not parted and median(map(len, pages)) > 1
    amid = amid and (cuts >= max(1, len(chain) // FEW_CUT) or _are_pages(first, pages))
    sure = amid or (dressed and len(chain) > 2)  # `- 21 -`: chapters are not named so
    begins = chain[0].number > 1 or (dressed and chain[-1].line == printed[-1])  # nothing follows
    return sure and begins and not chain[0].rest


def _are_pages(first: Sequence[str], pages: Sequence[Sequence[str]]) -> bool:
    """Tell whether a few numbers stand at the feet of pages of prose, though none cuts a sentence.

    The first of them has a page above it, too.
    """
    prose = all(any(_goes_on(a, b) for a, b in pairwise(page)) for page in (first, *pages))
    return prose and len(pages) + 1 < _FEW_PAGES and len(first) >= median(map(len, pages))


def _goes_on(line: str, following: str) -> bool:
    return not ENDED.search(line[-40:]) and following[0].islower()


def _split_inside(lines: list[Line]) -> list[Sheet]:
    """Cut a text at page numbers inside its lines: `… below [Pg 12] the bridge`, `{12}`."""
    marks = [m for line in lines for m in _INLINE.finditer(line.text)]
    bracketed = [m["number"] for m in marks if m["number"]]
    braced = [int(m["braced"]) for m in marks if m["braced"] and m["braced"].isdigit()]
    if not _count_on(bracketed) or not all(b == a + 1 for a, b in pairwise(braced)):
        return [Sheet(lines)]
    if not bracketed and len(braced) < 2:  # `{C}` may be anything
        return [Sheet(lines)]
    sure = all(_GUTENBERG.match(m.group()) for m in marks)
    if not sure and _between(lines, braces=not bracketed) < _LONG:
        return [Sheet(lines)]
    sheets = [Sheet([])]
    for line in lines:
        at = 0
        for match in _INLINE.finditer(line.text):
            end = match.end()
            word = re.match(r"\w*", line.text[end:]) if line.text[match.start()] != " " else None
            tail = word.group() if word else ""
            _add_part(sheets[-1], line, line.text[at : match.start()] + tail)
            sheets.append(Sheet([], match["number"] or match["braced"]))
            at = end + len(tail)
        if at and not line.text[at:].strip():
            continue
        _add_part(sheets[-1], line, line.text[at:])
    first_is_empty = not any(line.text for line in sheets[0].lines)
    return sheets[1:] if first_is_empty and len(sheets) > 1 else sheets


def _between(lines: Sequence[Line], *, braces: bool) -> float:
    """Give how many letters stand between two marks; of bracketed ones there must be three."""
    text = "\n".join(line.text for line in lines)
    starts = [match.start() for match in _INLINE.finditer(text)]
    return median(b - a for a, b in pairwise(starts)) if len(starts) > 2 - braces else 0.0


def _count_on(labels: Sequence[str]) -> bool:
    """Tell numbers of pages from those that a text cites, `[s. 45]`, which go up and down."""
    numbers = [int(label) if label.isdigit() else roman_value(label) for label in labels]
    steps = [0 < b - a <= _SKIPPED for a, b in pairwise(numbers)]
    return not labels or (bool(steps) and sum(steps) >= _NEARLY * len(steps))


def _add_part(sheet: Sheet, line: Line, text: str) -> None:
    if text.strip() or text == line.text:
        sheet.lines.append(replace(line, text=text.strip()))
