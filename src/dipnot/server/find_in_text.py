"""Searching inside one text for words as they stand: every place, in order.

Owns: what counts as the same (case, diacritics, spaces and line breaks do not matter), and on
which page a place is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from dipnot.language.folding import Folded, fold, fold_with_map
from dipnot.types import Document, Span

_LONGEST = 200  # characters
_MOST = 2000  # places


@dataclass(frozen=True, slots=True)
class Found:
    """Places in a document's text in order, and the page of each."""

    spans: tuple[Span, ...]
    pages: tuple[int, ...]


def find_in_text(document: Document, words: str) -> Found:
    """Find words wherever they occur, in the running text and in the notes."""
    sought = fold(words[:_LONGEST]).split()
    if not sought:
        return Found((), ())
    folded = _folded(document.text)
    pattern = re.compile(r"\s+".join(map(re.escape, sought)))
    spans: list[Span] = []
    for match in pattern.finditer(folded.text):
        spans.append(folded.span(*match.span()))
        if len(spans) == _MOST:
            break
    return Found(tuple(spans), tuple(_page_of(document, span.start) for span in spans))


@lru_cache(maxsize=8)
def _folded(text: str) -> Folded:
    """Folding a whole text takes longer than searching it."""
    return fold_with_map(text)


def _page_of(document: Document, offset: int) -> int:
    for page in document.pages:
        if page.span.start <= offset < page.span.end:
            return page.number
    for note in document.footnotes:
        if note.span.start <= offset < note.span.end:
            return note.page
    return len(document.pages)
