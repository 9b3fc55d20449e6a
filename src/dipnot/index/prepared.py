"""A text that is cut and embedded, before it is written into an engine.

Owns: what there is of such a text, and how it comes about: out of a document, in this process or in
a worker's, or out of an index in files. Knows nothing of engines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from dipnot.index.build import Index
from dipnot.index.embedding import embed
from dipnot.index.kept import Known
from dipnot.index.late_interaction import Halves
from dipnot.index.passages import make_passages
from dipnot.index.places import make_places
from dipnot.language.tokens import index_terms
from dipnot.types import Document, Encoder, FileFailure, Passage, Progress, Vectors


@dataclass(frozen=True, slots=True)
class Prepared:
    """A text that is ready to be written.

    ``vectors``: as the encoder gave them, one for each passage; ``tokens``: for each single
    sentence, None for a model without. ``terms``: of each passage. ``embedded``: how many passages
    were embedded.
    """

    document: Document
    passages: tuple[Passage, ...]
    vectors: Vectors
    tokens: tuple[Halves, ...] | None
    terms: tuple[tuple[str, ...], ...]
    embedded: int

    @property
    def sentences(self) -> int:
        """How many of its passages are single sentences."""
        return sum(map(is_single, self.passages))


@dataclass(frozen=True, slots=True)
class Task:
    """A text to be prepared, and what is known of its passages."""

    doc_id: str
    known: Known


Work = Callable[[Iterable[Task]], Iterator[Prepared | FileFailure]]
"""Prepares texts, in any order, each once."""


def prepare(document: Document, encoder: Encoder, known: Known, progress: Progress) -> Prepared:
    """Cut and embed a text; what is known is not embedded. The same in one process or in many."""
    passages = make_passages(document)
    exact = len(passages)  # the engine compresses what it holds, or does not
    made = embed(passages, make_places(passages), encoder, None, known, progress, exact)
    own = None if made.tokens is None else tuple(t.astype(np.float16) for t in made.tokens)
    vectors = np.asarray(made.vectors, np.float32)
    return Prepared(document, tuple(passages), vectors, own, terms_of(passages), made.fresh)


def taken_over(index: Index, doc_id: str) -> Prepared:
    """A text out of an index in files, with all that was embedded of it."""
    rows = index.places.rows_of(doc_id)
    passages = tuple(index.passages[rows.start : rows.stop])
    late, tokens = index.legs.late, None
    if late is not None:
        tokens = tuple(late.tokens_of(n) for n in index.places.sentences_of(doc_id))
    vectors = np.asarray(index.legs.dense.vectors[np.arange(rows.start, rows.stop)], np.float32)
    return Prepared(index.documents[doc_id], passages, vectors, tokens, terms_of(passages), 0)


def is_single(passage: Passage) -> bool:
    """Whether a passage is one sentence."""
    return len(passage.sentences) == 1


def terms_of(passages: Iterable[Passage]) -> tuple[tuple[str, ...], ...]:
    """The index terms of each passage."""
    return tuple(tuple(index_terms(p.text)) for p in passages)
