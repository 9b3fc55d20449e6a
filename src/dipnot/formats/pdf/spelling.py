"""Letters as they are printed to words.

Owns: what a word is. Glyphs come from ``glyphs``; knows nothing of lines or columns.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from unicodedata import bidirectional, normalize

from dipnot.formats.pdf.accents import compose
from dipnot.formats.pdf.layers import once
from dipnot.formats.pdf.letters import Glyph, Style, Word
from dipnot.formats.pdf.spacing import close_up

# Between letters, in sizes of them:
_CLOSE = 0.04
_NARROW = 0.12  # a space at least
_SELDOM = 0.01  # of the letters of a page


def words_of(glyphs: Sequence[Glyph]) -> list[Word]:
    """Put letters together until a space, a jump or another size."""
    composed = list(compose(glyphs))
    _find_narrow_spaces(composed)
    words = close_up(list(_pieced(_words(composed))))
    for order, word in enumerate(words):
        word.order = order
    words = once(words)
    _mirror(words)
    return words


def _find_narrow_spaces(glyphs: Sequence[Glyph]) -> None:
    """Find spaces that a tight line has left narrow, where letters stand right beside each other.

    On a page with letters set apart such a gap tells nothing.
    """
    apart: list[tuple[Glyph, float]] = []
    for before, glyph in pairwise(glyphs):
        gap = glyph.x0 - before.x1
        if gap > _CLOSE * glyph.style.size and not glyph.space and _are_letters(before, glyph):
            apart.append((glyph, gap / glyph.style.size))
    if len(apart) <= _SELDOM * len(glyphs):
        for glyph, gap in apart:
            glyph.space = gap > _NARROW


def _are_letters(before: Glyph, glyph: Glyph) -> bool:
    same = before.style is glyph.style and before.y == glyph.y
    return same and glyph.text < "\u0590" and before.text.isalnum() and glyph.text.isalnum()


def _pieced(words: Iterator[Word]) -> Iterator[Word]:
    """Put together words in right-to-left script that the file draws in pieces from the left."""
    last: Word | None = None
    for word in words:
        joins = last is not None and last.rtl and word.rtl and not word.typed
        if joins and last is not None and _is_beside(last, word):
            last.text, last.x1 = word.text + last.text, word.x1
            continue
        if last is not None:
            yield last
        last = word
    if last is not None:
        yield last


def _is_beside(word: Word, right: Word) -> bool:
    near = abs(right.x0 - word.x1) < 0.1 * word.size and abs(right.y - word.y) < 0.4 * word.size
    return near and abs(right.size - word.size) <= 0.05 * word.size


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


def _words(glyphs: Sequence[Glyph]) -> Iterator[Word]:
    word: Word | None = None
    drawn: Style | None = None  # how the letter before was set: one object for each piece of text
    for glyph in glyphs:
        style, before = glyph.style, drawn
        drawn = style
        if word is not None and style is before and _is_next(word, glyph):
            word.text += glyph.text
            word.x1 = max(word.x1, glyph.x1)
            continue
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


def _is_next(word: Word, glyph: Glyph) -> bool:
    """Tell the usual case: the next letter of the same piece of text."""
    return (
        not glyph.space
        and not word.rtl
        and glyph.text < "\u0590"
        and glyph.y == word.y
        and word.x0 <= glyph.x0 <= word.x1 + 0.2 * word.size
    )


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
    """Tell a letter that leaves no room for a space, raised and lowered ones too."""
    size = max(word.size, new.size)
    even = abs(new.y - word.y) < 0.05 * size and abs(new.size - word.size) < 0.05 * size
    script = min(word.size, new.size) < 0.86 * size and abs(new.y - word.y) < 0.6 * size
    both = abs(new.size - word.size) < 0.05 * size and 0.2 * size < abs(new.y - word.y) < 0.9 * size
    return (even or script or both) and -0.08 * size < new.x0 - word.x1 < 0.08 * size


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
