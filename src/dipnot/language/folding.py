"""Turkish-safe folding of case, diacritics and apostrophes, with a map back to the original.

Owns: the one form in which texts and questions are compared. `İ` lower-cases to two code
points in Python, so offsets taken on lowered text drift; here every folded code point knows the
original one it came from. Dotted and dotless i fold together, because readers type
`antlasmasi` for `antlaşması`.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import NamedTuple

from dipnot.types import Span

_APOSTROPHES = "'’‘ʼ`´′＇"
_QUOTES = '"“”„«»'


class Folded(NamedTuple):
    """Folded text; ``origin[i]`` is where ``text[i]`` stands in the original.

    ``origin`` has one more entry than ``text``: the length of the original.
    """

    text: str
    origin: tuple[int, ...]

    def span(self, start: int, end: int) -> Span:
        """Map a range of the folded text to the original range that gave it."""
        if start >= end:
            return Span(self.origin[start], self.origin[start])
        return Span(self.origin[start], self.origin[end - 1] + 1)


@lru_cache(maxsize=4096)
def _fold_char(char: str) -> str:
    if char in _APOSTROPHES:
        return "'"
    if char in _QUOTES:
        return '"'
    decomposed = unicodedata.normalize("NFKD", char)
    kept = "".join(c for c in decomposed if not unicodedata.combining(c))
    return unicodedata.normalize("NFKD", kept.casefold()).replace("ı", "i")


def fold(text: str) -> str:
    """Fold case and diacritics the Turkish way: ``İLİŞKİLERİ`` and ``iliskileri`` are equal."""
    return "".join(_fold_char(c) for c in text)


def letters(text: str) -> str:
    """Fold a text and keep its letters and figures alone."""
    return "".join(c for c in fold(text) if c.isalnum())


def fold_with_map(text: str) -> Folded:
    """Fold like ``fold`` and keep where each folded code point came from."""
    out: list[str] = []
    origin: list[int] = []
    for i, char in enumerate(text):
        folded = _fold_char(char)
        out.append(folded)
        origin.extend([i] * len(folded))
    origin.append(len(text))
    return Folded("".join(out), tuple(origin))
