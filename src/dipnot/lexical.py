"""The lexical leg: BM25 over index terms.

Owns: the BM25 index, its two constants and its files. The only importer of bm25s.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import bm25s
import numpy as np

from dipnot.errors import REBUILD, IndexDamaged
from dipnot.tokens import index_terms
from dipnot.types import Vectors

# Robertson and Zaragoza's usual values; on THQuAD's paragraphs others changed little.
_K1, _B = 1.2, 0.75
_NO_TERM = " "  # stands in for a vocabulary; no text or query gives it


class LexicalIndex:
    """BM25 over passages, aligned with them by position."""

    def __init__(self, retriever: Any, size: int) -> None:
        """Wrap an index; ``build_lexical`` and ``open_lexical`` make one."""
        self._retriever = retriever
        self.size = size

    def scores(self, query: str) -> Vectors:
        """BM25 of every passage for a query; shape (size,), 0 where no term is shared."""
        terms = [t for t in dict.fromkeys(index_terms(query)) if t in self._retriever.vocab_dict]
        if not terms or not self.size:
            return np.zeros(self.size, np.float32)
        scores: Vectors = self._retriever.get_scores(terms)
        return scores

    def knows(self, text: str) -> bool:
        """Whether some passage has every term of a text."""
        return all(term in self._retriever.vocab_dict for term in index_terms(text))

    def save(self, folder: Path) -> None:
        """Write arrays and JSON into a folder."""
        self._retriever.save(folder, show_progress=False)


def build_lexical(texts: Sequence[str]) -> LexicalIndex:
    """Index texts."""
    retriever = bm25s.BM25(method="lucene", k1=_K1, b=_B)
    terms = [index_terms(text) for text in texts]
    if not any(terms):  # the library divides by the mean length
        terms = [[_NO_TERM] for _ in texts] or [[_NO_TERM]]
    retriever.index(terms, show_progress=False)
    return LexicalIndex(retriever, len(texts))


def open_lexical(folder: Path, size: int) -> LexicalIndex:
    """Open a saved index of ``size`` passages; raises IndexDamaged."""
    try:
        retriever = bm25s.BM25.load(folder, show_progress=False)
        found = int(retriever.scores["num_docs"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexDamaged(f"{folder} cannot be opened: {error}. {REBUILD}") from None
    if found != max(size, 1):
        raise IndexDamaged(f"{folder} holds {found} passages, expected {size}. {REBUILD}")
    return LexicalIndex(retriever, size)
