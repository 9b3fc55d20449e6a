"""Letters as they are printed to words: accents, ligatures, spacing, direction, double print.

Owns: what a word is. Glyphs come from ``pdfglyphs``; knows nothing of lines or columns.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from unicodedata import bidirectional, normalize

# Old TeX fonts print an accent beside its letter, in the file before or behind it.
_ACCENTS = dict(
    zip(
        "¨˘¸˙ˆ´ˇ˜˚",
        "\u0308\u0306\u0327\u0307\u0302\u0301\u030c\u0303\u030a",
        strict=True,
    )
)
_STOPS = frozenset(".,;:!?’'”\"")


@dataclass(frozen=True, slots=True)
class Style:
    """How letters are set; ``hidden``: not drawn, as the text behind a scan is."""

    size: float
    weight: int
    turns: int
    font: str = ""
    hidden: bool = False


@dataclass(slots=True)
class Glyph:
    """A letter and its place; ``space``: one stands before, ``typed``: as a letter of its own."""

    text: str
    x0: float
    x1: float
    y: float
    style: Style
    space: bool
    typed: bool = False


@dataclass(slots=True)
class Word:
    """Letters of one size without a space; ``y`` is the baseline, ``space``: one stands before."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    weight: int
    space: bool
    bold: bool = False
    order: int = 0  # in the file
    font: str = ""
    hidden: bool = False
    typed: bool = False  # the space before it is in the file
    rtl: bool = False  # right-to-left


def words_of(glyphs: Sequence[Glyph]) -> list[Word]:
    """Put letters together until a space, a jump or another size."""
    words = _once(_close_up(list(_words(_compose(glyphs)))))
    _mirror(words)
    for order, word in enumerate(words):
        word.order = order
    return words


def _mirror(words: Sequence[Word]) -> None:
    """Turn a page in right-to-left script over, so that its lines begin on the left.

    Then ``rtl`` marks the words that run against it.
    """
    left = sum(len(word.text) for word in words if word.rtl)
    letters = sum(map(str.isalpha, "".join(word.text for word in words)))
    if left <= 0.5 * letters or not left:
        return
    for word in words:
        word.x0, word.x1 = -word.x1, -word.x0
        word.rtl = not word.rtl and any(map(str.isalpha, word.text))


# --- accents -----------------------------------------------------------------------------------


def _compose(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """Put accents that are glyphs of their own on the letters that they stand over."""
    if not any(glyph.text in _ACCENTS for glyph in glyphs):
        return list(glyphs)
    letters = [glyph for glyph in glyphs if glyph.text not in _ACCENTS]
    rows: dict[int, list[Glyph]] = {}
    for letter in letters:
        if letter.text[-1].isalpha():
            rows.setdefault(round(letter.y / 4), []).append(letter)
    lost: set[int] = set()
    kept: list[Glyph] = []
    for i, glyph in enumerate(glyphs):
        if glyph.text not in _ACCENTS:
            kept.append(glyph)
            continue
        near = [*glyphs[i + 1 : i + 2], *reversed(glyphs[max(0, i - 1) : i])]
        bearer = next((g for g in near if _bears(g, glyph)), None)
        bearer = bearer or _bearer(rows, glyph)
        if bearer is None:
            kept.append(glyph)
            continue
        base = "i" if bearer.text == "ı" and glyph.text != "˙" else bearer.text
        bearer.text = normalize("NFC", base + _ACCENTS[glyph.text])
        lost.update(id(g) for g in glyphs[i + 1 : i + 2])
        if glyphs[i + 1 : i + 2] == [bearer]:
            bearer.space, bearer.typed = glyph.space, glyph.typed
            lost.discard(id(bearer))
    _mend_spaces(kept, lost)
    return kept


def _bears(letter: Glyph, accent: Glyph) -> bool:
    """Tell whether an accent stands over, under or through a letter."""
    middle = (accent.x0 + accent.x1) / 2
    return (
        letter.text[-1:].isalpha()
        and letter.x0 - 0.5 <= middle <= letter.x1 + 0.5
        and abs(letter.y - accent.y) < 0.6 * letter.style.size
    )


def _bearer(rows: dict[int, list[Glyph]], accent: Glyph) -> Glyph | None:
    """Look for the letter under an accent that the file draws elsewhere."""
    step = round(accent.y / 4)
    near = (g for k in range(step - 2, step + 3) for g in rows.get(k, ()) if _bears(g, accent))
    middle = (accent.x0 + accent.x1) / 2
    return min(near, key=lambda g: abs((g.x0 + g.x1) / 2 - middle), default=None)


def _mend_spaces(glyphs: Sequence[Glyph], lost: set[int]) -> None:
    """Judge anew, by their distance, the spaces behind accents that are gone."""
    for before, glyph in pairwise(glyphs):
        if id(glyph) in lost and glyph.space and not glyph.typed:
            gap = glyph.x0 - before.x1
            near = abs(glyph.y - before.y) < 0.2 * glyph.style.size
            glyph.space = not (near and -0.2 * glyph.style.size < gap < 0.15 * glyph.style.size)


# --- words -------------------------------------------------------------------------------------


def _words(glyphs: Sequence[Glyph]) -> Iterator[Word]:
    word: Word | None = None
    drawn: Style | None = None  # how the letter before was set: one object for each piece of text
    for glyph in glyphs:
        style, before = glyph.style, drawn
        drawn = style
        new = Word(
            glyph.text, glyph.x0, glyph.x1, glyph.y, style.size, style.weight, glyph.space,
            font=style.font, hidden=style.hidden, typed=glyph.typed, rtl=_runs_left(glyph.text),
        )  # fmt: skip
        if word is not None and new.space and not new.typed and _adjoins(word, new):
            new.space = False  # PDFium takes what follows a hyphen for a line of its own
        if word is not None and style is not before and _is_twice(word, new):
            continue
        if word is not None and _goes_on(word, new):
            _append(word, new)
            continue
        if word is not None:
            yield _finished(word)
            new.space = new.space or not _touches(word, new)
        word = new
    if word is not None:
        yield _finished(word)


def _is_twice(word: Word, new: Word) -> bool:
    """Tell a letter printed over itself to look bold."""
    width = new.x1 - new.x0
    return (
        word.text.endswith(new.text)
        and not new.rtl
        and abs(word.x1 - new.x1) < 0.35 * min(width, 0.4 * new.size)
        and abs(word.y - new.y) < 0.15 * new.size
    )


def _adjoins(word: Word, new: Word) -> bool:
    """Tell a letter that leaves no room for a space."""
    return (
        abs(new.y - word.y) < 0.05 * word.size
        and abs(new.size - word.size) < 0.05 * word.size
        and -0.08 * word.size < new.x0 - word.x1 < 0.08 * word.size
    )


def _append(word: Word, new: Word) -> None:
    """Go on with a letter; of right-to-left script the file may give the last one first."""
    if word.rtl and new.rtl and new.x0 >= word.x1 - 0.2 * new.size:
        word.text = new.text + word.text
    else:
        word.text += new.text
    word.x0, word.x1 = min(word.x0, new.x0), max(word.x1, new.x1)


def _goes_on(word: Word, new: Word) -> bool:
    return (
        not new.space
        and abs(new.size - word.size) <= 0.05 * word.size
        and abs(new.y - word.y) <= (0.4 if word.rtl else 0.08) * word.size
        and (word.rtl == new.rtl or not new.text[-1:].isalnum())
        and _touches(word, new)
    )


def _touches(word: Word, new: Word) -> bool:
    size = max(word.size, new.size)
    if word.rtl and new.x0 < word.x0 and -0.6 * size <= word.x0 - new.x1 <= 0.2 * size:
        return True
    return word.x0 - 0.1 * size <= new.x0 <= word.x1 + 0.2 * size


def _runs_left(text: str) -> bool:
    return text > "\u0590" and bidirectional(text[0]) in ("R", "AL")


def _finished(word: Word) -> Word:
    """Compose what the file decomposed; a soft hyphen counts at the end only."""
    soft = word.text.endswith("\xad")
    word.text = normalize("NFC", word.text.replace("\xad", "")) + "-" * soft
    return word


# --- spacing -----------------------------------------------------------------------------------


def _close_up(words: list[Word]) -> list[Word]:
    """Join the letters of a word that is set with space between them."""
    closed: list[Word] = []
    run: list[Word] = []
    for word in words:
        if run and not (len(word.text) == 1 and _follows(run[-1], word)):
            closed.extend(_joined(run))
            run = []
        if len(word.text) == 1:
            run.append(word)
        else:
            closed.append(word)
    return [*closed, *_joined(run)]


def _follows(before: Word, word: Word) -> bool:
    size = word.size
    return (
        abs(before.y - word.y) < 0.1 * size
        and abs(before.size - size) < 0.1 * size
        and 0 < word.x0 - before.x1 < 1.6 * size
    )


def _joined(run: list[Word]) -> list[Word]:
    """Cut a run of single letters at wider gaps and join what stands evenly."""
    if sum(word.text.isalpha() for word in run) < 3:
        return run
    gaps = [b.x0 - a.x1 for a, b in pairwise(run)]
    unit = sorted(gaps)[len(gaps) // 4]
    words, group = [], [run[0]]
    for gap, word in zip(gaps, run[1:], strict=True):
        if gap > 1.45 * unit + 0.02 * word.size or (word.typed and gap > 1.2 * unit):
            words.extend(_one_word(group, unit))
            group = []
        group.append(word)
    return [*words, *_one_word(group, unit)]


def _one_word(group: list[Word], unit: float) -> list[Word]:
    letters = sum(word.text.isalpha() for word in group)
    signs = sum(not word.text.isalpha() and word.text not in _STOPS for word in group)
    typed = sum(word.typed for word in group[1:])
    if letters < 3 or signs or unit > 0.7 * group[0].size or typed > 0.2 * len(group):
        return group
    first = group[0]
    first.text = normalize("NFC", "".join(word.text for word in group))
    first.x1 = group[-1].x1
    return [first]


# --- double print ------------------------------------------------------------------------------


def _once(words: list[Word]) -> list[Word]:
    """Drop words that the file prints a second time at the same place."""
    seen: dict[tuple[str, int], list[tuple[float, float]]] = {}
    kept: list[Word] = []
    for word in words:
        near, step = 0.2 * word.size, round(word.y / 8)
        places = (at for k in (step - 1, step, step + 1) for at in seen.get((word.text, k), ()))
        if not any(abs(x - word.x0) < near and abs(y - word.y) < near for x, y in places):
            seen.setdefault((word.text, step), []).append((word.x0, word.y))
            kept.append(word)
    if any(word.hidden for word in kept):
        kept = _visible(kept)
    if len(words) - len(kept) > 0.25 * len(kept):  # a second layer, here and there misread
        kept = _uncovered(kept, kept)
    return kept


def _visible(words: list[Word]) -> list[Word]:
    """Drop words behind a picture where others are printed over them."""
    shown = [word for word in words if not word.hidden]
    hidden = [word for word in words if word.hidden]
    free = {id(word) for word in _uncovered(hidden, shown)}
    return [word for word in words if not word.hidden or id(word) in free]


def _uncovered(words: Sequence[Word], over: Sequence[Word]) -> list[Word]:
    """Give the words whose middle no earlier one of the others covers."""
    rows: dict[int, list[Word]] = {}
    for word in over:
        rows.setdefault(round(word.y / 4), []).append(word)
    return [word for word in words if not _is_covered(word, rows)]


def _is_covered(word: Word, rows: dict[int, list[Word]]) -> bool:
    middle, step = (word.x0 + word.x1) / 2, round(word.y / 4)
    return any(
        other is not word
        and (other.order or 0) <= (word.order or 0)
        and other.x0 <= middle <= other.x1
        and abs(other.y - word.y) < 0.3 * word.size
        and 0.7 < other.size / word.size < 1.4
        for k in (step - 1, step, step + 1)
        for other in rows.get(k, ())
    )
