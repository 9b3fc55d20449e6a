"""Displayed equations of a PDF: rows of signs and single letters, written on one line.

Owns: telling them from text by their fonts, signs and place, and how what stands above and below
the line of an equation is written beside it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from dipnot.formats.equations import grouped, high, low
from dipnot.formats.pdf.layout import PageLayout, Region
from dipnot.formats.pdf.letters import Word
from dipnot.formats.pdf.rows import Row, rows_of

# TeX calls its fonts for italics, signs and large signs so: `cmmi10`, `lmsy10`, `txexa`.
_OF_MATH = re.compile(r"math|symbol|(?:^|\+)[a-z]{2,6}(?:mi|mib|sy|sys|bsy|ex)[as]?\d*$")
_LARGE = re.compile(r"(?:^|\+)[a-z]{2,6}ex[as]?\d*$")  # whose signs hang from their line
_OF_CODE = re.compile(r"mono|courier|typewriter|consol|cmtt|\btt\b")
_NUMBER = re.compile(r"\(([A-Z]\.?)?\d{1,3}([.-]\d{1,3}){0,2}[a-z]?\)")
_RELATIONS = frozenset("=<>≤≥≈≠≡∼≃≅∝→⇒⟹↦≪≫⊂⊆∈≔⩽⩾←↔⇔⟶")
_FUNCTIONS = frozenset(
    "sin cos tan cot sinh cosh tanh arctan log exp lim max min inf sup det arg dim deg mod".split()
)
_LONG = re.compile(r"[^\W\d_]{5}")  # no product of letters
_BULLETS = frozenset("•▪■◦‣")
_WIDE = 3.0  # sizes between the parts of an equation; the cells of a table stand further apart
_LARGE_SIGNS = frozenset("∑∏∫∮∬⋃⋂√")
_PRIMES = frozenset("′″‴'")
_WORD = 3  # letters
_FEW = 0.34  # of the letters of an equation: `if`, `otherwise`
_NEAR = 2.2  # sizes between the rows of one equation
_ROWS = 30
_AXIS = 0.22  # sizes from the line of an equation
_SCRIPT = 0.55
_SMALL = 0.85


def settle_equations(layouts: Sequence[PageLayout]) -> None:
    """Make one row of each line of a displayed equation, and remember which rows are such."""
    for layout in layouts:
        for region in layout.regions:
            region.rows = list(_settled(region))


def _settled(region: Region) -> Iterator[Row]:
    run: list[Row] = []
    for row in [*region.rows, None]:
        near = not run or (
            row is not None and run[-1].y - row.y < _NEAR * max(row.size, run[-1].size)
        )
        if row is not None and near and len(run) < _ROWS and _may_belong(row):
            run.append(row)
            continue
        yield from _lines(run, region)
        run = []
        if row is not None and _may_belong(row):
            run = [row]
        elif row is not None:
            yield row


def _lines(rows: list[Row], region: Region) -> Iterable[Row]:
    """Give the lines of an equation; rows that are none are given back."""
    words = [word for row in rows for word in row.words]
    numbers = [word for word in words if _is_number(word, words, region.right)]
    rest = [word for word in words if word not in numbers]
    axes = _axes(rest)
    if not axes or not _is_displayed(rest, region, numbered=bool(numbers)):
        return rows
    lines: dict[float, list[Word]] = {axis: [] for axis in axes}
    for word in words:
        lines[min(axes, key=lambda axis: abs(axis - word.y))].append(word)
    return [
        _row(axis, [w for w in line if w not in numbers], [w for w in line if w in numbers])
        for axis, line in lines.items()
    ]


class _UnclearError(Exception):
    """Signs stand where nothing is known to bear them."""


def _row(axis: float, words: list[Word], numbers: list[Word]) -> Row:
    size = max(word.size for word in words)
    first = min(words, key=lambda word: word.x0)
    try:
        text = _written(words, axis)
    except _UnclearError:  # then line by line, as they stand
        text = " ".join(row.text for row in rows_of(words))
    whole = replace(
        first, text=text, x1=max(word.x1 for word in words), y=axis, size=size, space=True
    )  # fmt: skip
    row = Row([whole, *(replace(number, y=axis, size=size, space=True) for number in numbers)])
    row.equation = text
    return row


# --- which rows --------------------------------------------------------------------------------


def _may_belong(row: Row) -> bool:
    """Tell a row that holds hardly a word, and is no item of a list."""
    if row.words[0].text in _BULLETS:
        return False
    said = sum(len(word.text) for word in row.words if _is_word(word))
    signs = sum(len(word.text) for word in row.words if is_math(word))
    return said == 0 if not signs else said <= _FEW * (said + signs)


def is_math(word: Word) -> bool:
    """Tell what is set in a font of mathematics, or is made of its signs."""
    if _OF_MATH.search(word.font):
        return True
    signs = any(unicodedata.category(char) == "Sm" for char in word.text)
    return signs and not _is_word(word)


def _is_word(word: Word) -> bool:
    if word.text in _FUNCTIONS:
        return False
    if _OF_MATH.search(word.font):
        return bool(_LONG.search(word.text))
    return sum(map(str.isalpha, word.text)) >= _WORD


def _is_number(word: Word, words: Sequence[Word], right: float) -> bool:
    """Tell the number of an equation: in brackets, at the margin or apart from all else."""
    if not _NUMBER.fullmatch(word.text):
        return False
    others = [w for w in words if w is not word]
    others = [w for w in others if not _NUMBER.fullmatch(w.text) or w.x0 < word.x0 - w.size]
    gap = word.x0 - max((w.x1 for w in others), default=word.x0)
    return gap > word.size or (gap > 0 and word.x1 > right - 0.3 * word.size)


def _axes(words: Sequence[Word]) -> list[float]:
    """Find the heights of the lines of an equation: where signs such as `=` stand in full size.

    Without any, a sum or an integral makes one too.
    """
    if not words:
        return []
    size = max((w.size for w in words if is_math(w)), default=0.0)
    found: list[float] = []
    for word in sorted(words, key=lambda word: -word.y):
        relates = word.size > _SMALL * size and _RELATIONS.intersection(word.text)
        if relates and (not found or found[-1] - word.y > 0.8 * size):
            found.append(word.y)
    if not found and any(_LARGE_SIGNS.intersection(word.text) for word in words):
        plain = [w.y for w in words if w.size > _SMALL * size and not _is_large(w)]
        found = [max(plain, key=plain.count)] if plain else []
    return found


def _is_displayed(words: Sequence[Word], region: Region, *, numbered: bool) -> bool:
    """Tell an equation from a line of code, a row of a table and the last line of a paragraph."""
    if any(_OF_CODE.search(word.font) for word in words):
        return False
    size = max(word.size for word in words)
    left = min(word.x0 for word in words) - region.left
    right = region.right - max(word.x1 for word in words)
    math = sum(len(w.text) for w in words if _OF_MATH.search(w.font))
    across = sorted(words, key=lambda w: w.x0)
    if any(b.x0 - a.x1 > _WIDE * size for a, b in pairwise(across)) or not any(
        char.isalnum() for word in words for char in word.text
    ):
        return False
    if not math:
        centred = left > 2 * size and abs(left - right) < 1.5 * size
        return centred or (numbered and left > size)
    whole = sum(len(w.text) for w in words)
    alone = all(word in words for row in region.rows for word in row.words)
    return math > 0.2 * whole and (numbered or left > size or alone)


# --- on one line -------------------------------------------------------------------------------


def _written(words: Sequence[Word], axis: float | None = None) -> str:
    """Write words that stand on several heights beside each other."""
    size = max(word.size for word in words)
    if axis is None:
        full = [word for word in words if word.size > _SMALL * size]
        axis = sorted(word.y for word in full)[len(full) // 2]
    on = [w for w in words if abs(w.y - axis) <= _AXIS * size or _hangs(w, axis)]
    on = [w for w in on if w.size > _SMALL * size or not _has_base(w, on)] or list(words)
    kept = {id(word) for word in on}
    boxes = _boxes([w for w in words if id(w) not in kept], on, size)
    parts: list[tuple[float, float, str, bool]] = [(w.x0, w.x1, w.text, True) for w in on]
    for box in boxes:
        x0, x1 = min(w.x0 for w in box), max(w.x1 for w in box)
        above = [w for w in box if w.y > axis]
        below = [w for w in box if w.y <= axis]
        small = all(w.size <= _SMALL * size for w in box)
        base = _base(on, x0, x1, size, small=small)
        stray = base is None and not (above and below)
        if stray or (base is not None and not small):
            raise _UnclearError
        if base is None:
            text = f"{grouped(_written(above))}/{grouped(_written(below))}"
            parts.append((x0, x1, text, True))
        else:
            text = (low(_written(below)) if below else "") + _raised(above)
            parts.append((max(x0, base.x1) if base else x0, x1, text, base is None))
    return _joined(sorted(parts), size)


def _raised(words: Sequence[Word]) -> str:
    text = _written(words) if words else ""
    return text if _PRIMES.issuperset(text) else high(text)


def _hangs(word: Word, axis: float) -> bool:
    """Tell a large sign, which reaches far above and below the line."""
    return _is_large(word) and abs(word.y - axis) < 1.6 * word.size


def _is_large(word: Word) -> bool:
    return bool(_LARGE.search(word.font)) or _LARGE_SIGNS.issuperset(word.text)


def _has_base(word: Word, words: Sequence[Word]) -> bool:
    """Tell a small sign right behind a larger one."""
    return any(
        w.x0 <= word.x0
        and -0.3 * w.size < word.x0 - w.x1 < 0.2 * w.size
        and word.size < _SMALL * w.size
        for w in words
    )


def _base(on: Sequence[Word], x0: float, x1: float, size: float, *, small: bool) -> Word | None:
    """Find the sign that bears what stands from ``x0`` to ``x1``: below it, or right before."""
    middle = (x0 + x1) / 2
    for word in on:
        if word.x0 - 0.1 * size <= middle <= word.x1 + 0.1 * size:
            return word
    close = [w for w in on if small and w.x0 < x0 and x0 - w.x1 < 0.1 * size]
    return max(close, key=lambda w: w.x1) if close else None


def _boxes(words: list[Word], on: Sequence[Word], size: float) -> list[list[Word]]:
    """Put together what stands above and below one place."""
    boxes: list[list[Word]] = []
    bearer: Word | None = None
    for word in sorted(words, key=lambda w: w.x0):
        last = boxes[-1] if boxes else None
        reach = max(w.x1 for w in last) if last else 0.0
        base = _base(on, word.x0, word.x1, size, small=word.size <= _SMALL * size)
        between = any(reach <= (w.x0 + w.x1) / 2 <= word.x0 for w in on)
        if last and word.x0 - reach < 0.5 * size and not between and base in (bearer, None):
            last.append(word)
        else:
            boxes.append([word])
            bearer = base
    return boxes


def _joined(parts: Sequence[tuple[float, float, str, bool]], size: float) -> str:
    text = ""
    end = None
    for x0, x1, piece, apart in parts:
        gap = end is not None and apart and x0 - end > 0.12 * size
        whole = grouped(piece) if text.endswith("√") and "/" in piece else piece
        text += (" " if gap else "") + whole
        end = x1 if end is None else max(end, x1)
    return text
