"""Accents that are letters of their own, put on the letters that they stand over.

Owns: which accent belongs to which letter, and the spaces that it leaves behind.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from unicodedata import normalize

from dipnot.formats.pdf.letters import Glyph

# Old TeX fonts print an accent beside its letter, in the file before or behind it.
_ACCENTS = dict(
    zip(
        "¨˘¸˙ˆ´ˇ˜˚`¯˝˛",
        "\u0308\u0306\u0327\u0307\u0302\u0301\u030c\u0303\u030a\u0300\u0304\u030b\u0328",
        strict=True,
    )
)
_ACCENTS |= {mark: mark for mark in _ACCENTS.values()}


def compose(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """Put accents that are glyphs of their own on the letters that they stand over."""
    if _ACCENTS.keys().isdisjoint([glyph.text for glyph in glyphs]):
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
