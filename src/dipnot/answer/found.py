"""What was found for a question, and the sentences of an index as candidates for quoting.

Owns: the value that the ways of answering share, and looking sentences up for them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from dipnot.answer.choice import Candidate
from dipnot.index.build import Index
from dipnot.language.folding import fold
from dipnot.language.known import noun
from dipnot.language.tokens import index_terms
from dipnot.models.reader import Reader
from dipnot.retrieval.query import documents_like
from dipnot.retrieval.rerank import SentenceScore
from dipnot.types import Document, Filters, Hit, Language, Query, Question, Span, Verdict

_WORK = re.compile(noun(lambda own: own.works))
_WORD = re.compile(r"\w+")
_MOST_QUOTES = 60  # of earlier answers; a history comes from outside and may be anything

Groups = list[list[Candidate]]


@dataclass(frozen=True, slots=True)
class Told:
    """An answer in short: its verdict, what is said, what is quoted."""

    verdict: Verdict
    text: str
    groups: Groups = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Considered:
    """One question to one index, with what was found for it.

    ``coverage``: the share of the question's words that the index has.
    """

    index: Index
    query: Query
    filters: Filters
    hits: tuple[Hit, ...]
    sentences: tuple[SentenceScore, ...]
    oov_distance: float = 0.0
    coverage: float = 1.0

    @property
    def question(self) -> Question:
        """The question, in the reading that stands."""
        return self.query.question

    @property
    def language(self) -> Language:
        """In which the answer is framed."""
        return self.question.language or self.question.reader


def candidate_of(index: Index, order: int, score: SentenceScore | None = None) -> Candidate:
    """The sentence of a number, with its score if it has one."""
    passage = index.sentence(order)
    return Candidate(
        document=index.documents[passage.doc_id],
        passage=passage,
        order=order,
        score=score.score if score else 0.0,
        reading=score.reading if score else None,
    )


def candidates_of(index: Index, first: int, last: int) -> list[Candidate]:
    """The sentences of a half-open range of numbers, as far as there are any."""
    orders = range(max(first, 0), min(last, len(index.places.sentences)))
    return [candidate_of(index, order) for order in orders]


def notes_of(index: Index, candidate: Candidate) -> list[int]:
    """Numbers of the sentences of the footnotes that hang on a sentence."""
    span = candidate.passage.span
    return [
        order
        for note in candidate.document.footnotes
        if span.start <= note.marker <= span.end
        for order in index.places.sentences_of(candidate.document.doc_id, note.span)
    ]


def read_now(found: Considered, orders: Sequence[int], reader: Reader) -> Considered:
    """Have sentences read that were not worth it before; each by itself."""
    texts = [[found.index.sentence(order).text] for order in orders]
    read = reader.read(found.question.standalone, texts)
    own = {order: readings[0] for order, readings in zip(orders, read, strict=True)}
    sentences = (replace(s, reading=own.get(s.order, s.reading)) for s in found.sentences)
    return replace(found, sentences=tuple(sentences))


def places_of(index: Index, quotes: Sequence[str]) -> list[int]:
    """Numbers of the sentences that were quoted, in that order, as far as they still stand."""
    orders: list[int] = []
    for quote in quotes[:_MOST_QUOTES]:
        for doc_id in documents_like(index, quote):
            start = index.documents[doc_id].text.find(quote)
            if start >= 0:
                orders += index.places.sentences_of(doc_id, Span(start, start + len(quote)))
                break
    return list(dict.fromkeys(orders))


def sentences_over(index: Index, rows: Iterable[int]) -> list[int]:
    """Numbers of the sentences of rows, each once, as the rows have them."""
    first, last = index.places.first, index.places.last
    return list(dict.fromkeys(s for row in rows for s in range(int(first[row]), int(last[row]))))


def passage_over(index: Index, first: int, last: int) -> str:
    """Id of the passage of exactly these sentences; of the first of them where there is none."""
    return index.passages[index.places.row_over(first, last)].passage_id


def matches_of(found: Considered, orders: Sequence[int]) -> dict[int, float]:
    """How well each of these sentences meets the question, in cosines."""
    if not orders:
        return {}
    legs, places = found.index.legs, found.index.places
    numbers = np.array(orders, np.int64)
    if found.query.tokens is None or legs.late is None:
        scores = legs.dense.scores_of(found.query, places.sentences[numbers])
        return dict(zip(orders, scores.tolist(), strict=True))
    rows = legs.late.matches(found.query, numbers)
    return {order: float(row.mean()) for order, row in zip(orders, rows, strict=True)}


def sentences_in(index: Index, document: Document, span: Span | None = None) -> list[Candidate]:
    """The sentences of a document, or of a span of it, in reading order."""
    orders = index.places.sentences_of(document.doc_id, span)
    return [candidate_of(index, order) for order in orders]


def documents_meant(found: Considered) -> list[Document]:
    """The documents that a question is about: the one it is limited to, those named, or found."""
    documents = found.index.documents
    if found.filters.doc_id is not None:
        return [documents[found.filters.doc_id]]
    nearest = dict.fromkeys(hit.passage.doc_id for hit in found.hits)
    named = [d for d in documents.values() if _is_named(found.question.text, d)]
    return named or [documents[doc_id] for doc_id in nearest]


def documents_called(found: Considered) -> list[Document]:
    """Of the documents meant, the one whose title alone has a word of the question, if any."""
    documents = documents_meant(found)
    words = (w for w in _WORD.findall(fold(found.question.standalone)) if not _WORK.fullmatch(w))
    asked = {term for term in index_terms(" ".join(words)) if term.isalpha()}
    titled = [asked.intersection(index_terms(f"{d.title} {d.title_en or ''}")) for d in documents]
    shared = Counter(term for own in titled for term in own)
    pairs = zip(documents, titled, strict=True)
    named = [d for d, own in pairs if any(shared[term] == 1 for term in own)]
    return named if len(named) == 1 else documents


def _is_named(question: str, document: Document) -> bool:
    """Whether a question has most words of a title."""
    title = set(index_terms(document.title))
    return len(title) > 1 and len(title & set(index_terms(question))) * 2 > len(title)
