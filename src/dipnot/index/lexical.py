"""The lexical leg: BM25 over index terms.

Owns: the BM25 weights, their two constants and their files. The only importer of bm25s, which
weighs every term of every passage once (Lù, arXiv 2407.03618); a question then only adds up the
postings of its own terms.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bm25s
import numpy as np

from dipnot.errors import REBUILD, IndexDamaged
from dipnot.index.places import Places
from dipnot.language.tokens import index_terms
from dipnot.types import Filters, Query, Rows, Vectors

# Robertson and Zaragoza's usual values; on THQuAD's paragraphs others changed little.
_K1, _B = 1.2, 0.75
_NO_TERM = " "  # stands in for a vocabulary; no text or query gives it


@dataclass(frozen=True, slots=True)
class LexicalLeg:
    """BM25 over passages, aligned with them by row."""

    retriever: Any
    places: Places

    def candidates(self, query: Query, k: int, filters: Filters) -> tuple[Rows, Vectors]:
        """Find the ``k`` rows with the highest BM25, best first; only rows that share a term."""
        return self.best(query.terms, k, filters)

    def best(self, terms: Sequence[str], k: int, filters: Filters) -> tuple[Rows, Vectors]:
        """The same for terms, each given once."""
        postings = [self._postings(term) for term in terms]
        if not postings:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        held, weights = (np.concatenate(part) for part in zip(*postings, strict=True))
        rows, places = np.unique(held, return_inverse=True)
        scores = np.bincount(places, weights).astype(np.float32)
        passing = self.places.allowed(rows, filters)
        rows, scores = rows[passing].astype(np.int64), scores[passing]
        best = np.argsort(-scores, kind="stable")[:k]
        return rows[best], scores[best]

    def scores_of(self, query: Query, rows: Rows) -> Vectors:
        """BM25 of these rows, float32, shape (len(rows),); 0 where no term is shared."""
        scores = np.zeros(len(rows), np.float32)
        for term in query.terms:
            held, weights = self._postings(term)
            if len(held):
                at = np.minimum(np.searchsorted(held, rows), len(held) - 1)
                scores += np.where(held[at] == rows, weights[at], 0)
        return scores

    def frequency(self, term: str) -> int:
        """How many passages hold a term."""
        return len(self._postings(term)[0])

    def knows(self, text: str) -> bool:
        """Whether every term of a text stands in some passage."""
        return all(term in self.retriever.vocab_dict for term in index_terms(text))

    def save(self, folder: Path) -> None:
        """Write arrays and JSON into a folder."""
        self.retriever.save(folder, show_progress=False)

    def _postings(self, term: str) -> tuple[Rows, Vectors]:
        """The rows that hold a term, ascending, and what it weighs in each."""
        number = self.retriever.vocab_dict.get(term)
        columns = self.retriever.scores
        begin, end = (0, 0) if number is None else columns["indptr"][number : number + 2]
        return columns["indices"][begin:end], columns["data"][begin:end]


def build_lexical(texts: Sequence[str], places: Places) -> LexicalLeg:
    """Index texts, one a row."""
    retriever = bm25s.BM25(method="lucene", k1=_K1, b=_B)
    terms = [index_terms(text) for text in texts]
    if not any(terms):  # the library divides by the mean length
        terms = [[_NO_TERM] for _ in texts] or [[_NO_TERM]]
    retriever.index(terms, show_progress=False)
    return LexicalLeg(retriever, places)


def open_lexical(folder: Path, places: Places) -> LexicalLeg:
    """Open a saved leg; raises IndexDamaged."""
    size = len(places.first)
    try:
        retriever = bm25s.BM25.load(folder, show_progress=False)
        found = int(retriever.scores["num_docs"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexDamaged(f"{folder} cannot be opened: {error}. {REBUILD}") from None
    if found != max(size, 1):
        raise IndexDamaged(f"{folder} holds {found} passages, expected {size}. {REBUILD}")
    return LexicalLeg(retriever, places)
