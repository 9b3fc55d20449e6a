"""Scores of an engine on question sets: retrieval, citations and verdicts, with their spread.

Owns: asking the questions, the metrics and their bootstrap intervals. A metric is a mean of values
that a row gives (none where it does not concern the row), or a median of them.
"""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Protocol

import numpy as np
import numpy.typing as npt

from dipnot.evaluation.sets import Question
from dipnot.types import Answer, Document, Hit, Progress, Turn, Verdict

BUDGETS = (150, 300, 600, 1000)
RANKS = (1, 3, 5, 10)
RESAMPLES = 1000
_SEED = 20240229
_DEPTH = 10  # of MRR and nDCG


class Texts(Protocol):
    """The documents that hits and citations are cut from: an index."""

    @property
    def documents(self) -> Mapping[str, Document]:
        """Documents by id."""


class Asked(Protocol):
    """What is scored: an engine."""

    def ask(self, question: str, history: Sequence[Turn], k: int) -> tuple[Texts, Answer]:
        """Answer a question."""

    def search(self, query: str, k: int) -> tuple[Texts, Sequence[Hit]]:
        """Find passages."""


@dataclass(frozen=True, slots=True)
class Row:
    """What came of a question.

    ``rank`` (from 1) and ``words``: at which hit and after how many words of the hits the first
    evidence was read; None if never. ``quote_ranks``: the same rank for each quote. ``cited``: some
    evidence is cited; ``quotes_cited``: each quote; ``citations_hold``: each citation, whether it
    holds evidence. ``exact``: each hit and citation, whether its offsets give back its text.
    ``likeness``: the best dense score of the hits.
    """

    question: Question
    verdict: Verdict
    rank: int | None
    words: int | None
    quote_ranks: tuple[int | None, ...]
    cited: bool
    quotes_cited: tuple[bool, ...]
    citations_hold: tuple[bool, ...]
    quoted_words: int
    exact: tuple[bool, ...]
    likeness: float
    ms: float
    first_hit: Hit | None
    citations: tuple[str, ...]

    @property
    def answerable(self) -> bool:
        """Whether the texts answer the question."""
        return bool(self.question.evidence)

    @property
    def refused(self) -> bool:
        """Whether the verdict is one that an unanswerable question should get."""
        return self.verdict in self.question.accept

    @property
    def failed(self) -> bool:
        """Whether evidence there is was not cited, or a question without was not refused."""
        return not self.cited if self.answerable else not self.refused


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure, its 95 % bootstrap interval over questions, and over how many values it was taken.

    None: there was nothing to take it over.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int


Scores = dict[str, Estimate]


def letters(text: str) -> str:
    """Keep what quotes are compared by: letters and digits, NFKC, case-folded."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


# --- asking ------------------------------------------------------------------------------------


def evaluate(engine: Asked, questions: Sequence[Question], k: int, progress: Progress) -> list[Row]:
    """Search for and ask every question, as a program and a reader would, and note what came.

    A follow-up has no search by itself: its hits are those of its answer.
    """
    rows = []
    for done, question in enumerate(questions):
        progress("asking", done, len(questions))
        begun = time.perf_counter()
        index, answer = engine.ask(question.text, question.history, k)
        ms = (time.perf_counter() - begun) * 1e3
        hits = answer.hits if question.history else engine.search(question.text, k)[1]
        rows.append(make_row(question, index, answer, hits, ms))
    return rows


def make_row(
    question: Question, index: Texts, answer: Answer, hits: Sequence[Hit], ms: float
) -> Row:
    """Compare what came of a question with its evidence."""
    texts = [hit.passage.text for hit in hits]
    quotes = [letters(citation.quote) for citation in answer.citations]
    evidence = [letters(quote) for quote in question.evidence]
    accepted = evidence + [letters(quote) for quote in question.alternatives] if evidence else []
    rank, words = first_met(texts, accepted)
    # Alternatives stand for the whole answer, not for one part of several.
    parts = [accepted] if len(evidence) == 1 else [[quote] for quote in evidence]
    exact = [_exact(index, h.passage.doc_id, h.passage.span, h.passage.text) for h in hits]
    exact += [_exact(index, c.doc_id, c.span, c.quote) for c in answer.citations]
    return Row(
        question=question,
        verdict=answer.verdict,
        rank=rank,
        words=words,
        quote_ranks=tuple(first_met(texts, part)[0] for part in parts),
        cited=any(e in quote for quote in quotes for e in accepted),
        quotes_cited=tuple(any(e in quote for quote in quotes) for e in evidence),
        citations_hold=tuple(any(e in quote for e in accepted) for quote in quotes),
        quoted_words=sum(len(citation.quote.split()) for citation in answer.citations),
        exact=tuple(exact),
        likeness=max((hit.dense_score for hit in hits), default=-1.0),
        ms=ms,
        first_hit=hits[0] if hits else None,
        citations=tuple(citation.quote for citation in answer.citations),
    )


def _exact(index: Texts, doc_id: str, span: tuple[int, int], text: str) -> bool:
    return index.documents[doc_id].text[span[0] : span[1]] == text


def first_met(texts: Sequence[str], evidence: Sequence[str]) -> tuple[int | None, int | None]:
    """Find the first text that holds a quote: its rank from 1, and the words read up to its end.

    ``evidence`` is in ``letters``.
    """
    read = 0
    for rank, text in enumerate(texts, start=1):
        words = [letters(word) for word in text.split()]
        joined = "".join(words)
        ends = [joined.index(quote) + len(quote) for quote in evidence if quote in joined]
        if ends:
            lengths = np.cumsum([len(word) for word in words])
            return rank, read + int(np.searchsorted(lengths, min(ends))) + 1
        read += len(words)
    return None, None


def unfindable(index: Texts, questions: Sequence[Question]) -> list[str]:
    """List the ids of questions with a quote that stands in no document, so is never found."""
    texts = [letters(document.text) for document in index.documents.values()]
    return [
        q.question_id
        for q in questions
        if not all(any(letters(quote) in text for text in texts) for quote in q.evidence)
    ]


# --- metrics -----------------------------------------------------------------------------------


def reciprocal_rank(rank: int | None) -> float:
    """Give 1 / rank within the first ten, else 0."""
    return 1 / rank if rank is not None and rank <= _DEPTH else 0.0


def ndcg(ranks: Sequence[int | None]) -> float:
    """Give nDCG@10 of the quotes' ranks; every distinct quote counts once, where first met.

    DCG = Σ 1 / log2(1 + place) over the quotes met in the first ten hits, divided by the same sum
    for quotes at the places 1, 2, 3 … A quote's place is the rank of the first hit that holds it;
    of quotes in one hit each takes the next free place, so that the value stays at most 1.
    """
    places: list[int] = []
    for rank in sorted(r for r in ranks if r is not None and r <= _DEPTH):
        places.append(max(rank, places[-1] + 1 if places else 1))
    ideal = _gain(range(1, min(len(ranks), _DEPTH) + 1))
    return _gain([p for p in places if p <= _DEPTH]) / ideal


def _gain(places: Sequence[int]) -> float:
    return float(sum(1 / np.log2(1 + place) for place in places))


def _within(row: Row, budget: int) -> bool:
    return row.words is not None and row.words <= budget


def _ranked(row: Row, k: int) -> bool:
    return row.rank is not None and row.rank <= k


def _if_answerable(row: Row, value: Callable[[Row], float]) -> Sequence[float]:
    return [value(row)] if row.answerable else []


def _yes(value: Callable[[Row], float]) -> Callable[[Row], Sequence[float]]:
    return partial(_if_answerable, value=value)


_MEANS: dict[str, Callable[[Row], Sequence[float]]] = {
    **{f"R@{b}w": _yes(partial(_within, budget=b)) for b in BUDGETS},
    **{f"R@{k}": _yes(partial(_ranked, k=k)) for k in RANKS},
    "MRR@10": _yes(lambda r: reciprocal_rank(r.rank)),
    "nDCG@10": _yes(lambda r: ndcg(r.quote_ranks)),
    "cited": _yes(lambda r: r.cited),
    "cited_all": lambda r: r.quotes_cited,
    "citation_precision": lambda r: r.citations_hold if r.answerable else [],
    "refused": lambda r: [] if r.answerable else [r.refused],
    "false_refusals": _yes(lambda r: r.verdict == "not_in_text"),
    "answered_precision": lambda r: [r.cited] if r.verdict == "answered" else [],
    "answered_share": _yes(lambda r: r.verdict == "answered"),
    "exact": lambda r: r.exact,
}
_MEDIANS: dict[str, Callable[[Row], Sequence[float]]] = {
    "words": lambda r: [r.quoted_words] if r.answerable and r.verdict != "not_in_text" else [],
    "ask_p50_ms": lambda r: [r.ms],
}
METRICS = (*_MEANS, *_MEDIANS)


def score(rows: Sequence[Row], names: Sequence[str] = METRICS) -> Scores:
    """Take metrics over rows."""
    return {
        name: _mean(rows, _MEANS[name]) if name in _MEANS else _median(rows, _MEDIANS[name])
        for name in names
    }


def group(rows: Sequence[Row], key: Callable[[Row], str]) -> dict[str, list[Row]]:
    """Part rows by a key, in the order of its values."""
    groups: dict[str, list[Row]] = {name: [] for name in sorted({key(row) for row in rows})}
    for row in rows:
        groups[key(row)].append(row)
    return groups


def recall_curve(rows: Sequence[Row], budgets: Sequence[int]) -> list[Estimate]:
    """Give R@Nw for each number of words."""
    return [_mean(rows, _yes(partial(_within, budget=budget))) for budget in budgets]


@dataclass(frozen=True, slots=True)
class Operating:
    """How many answerable questions get an answer, and how often an answer is right."""

    coverage: float
    precision: float


def operating_points(rows: Sequence[Row]) -> list[Operating]:
    """Answer fewer and fewer of the questions that were not refused, by likeness; fewest first.

    Questions that are equally alike come in together.
    """
    answerable = sum(row.answerable for row in rows)
    answered = sorted(
        (row for row in rows if row.verdict != "not_in_text"), key=lambda r: -r.likeness
    )
    points, right, given = [], 0, 0
    for n, row in enumerate(answered, start=1):
        right += row.cited
        given += row.answerable
        if n == len(answered) or answered[n].likeness < row.likeness:
            points.append(Operating(given / max(answerable, 1), right / n))
    return points


GROUPED: dict[str, tuple[Callable[[Row], str], bool, tuple[str, ...]]] = {
    "type": (lambda r: r.question.type, True, ("R@300w", "R@1", "MRR@10", "cited")),
    "language": (lambda r: r.question.lang, True, ("R@300w", "R@1", "MRR@10", "cited")),
    "kind": (lambda r: r.question.kind, False, ("refused",)),
}
"""How rows are parted, whether answerable or unanswerable ones, and what is taken of each part."""


def grouped(rows: Sequence[Row], by: str) -> dict[str, Scores]:
    """Score the parts of the rows; ``by`` is a key of GROUPED."""
    key, answerable, names = GROUPED[by]
    concerned = [row for row in rows if row.answerable == answerable]
    return {name: score(part, names) for name, part in group(concerned, key).items()}


# --- spread ------------------------------------------------------------------------------------


@lru_cache(maxsize=16)
def _resamples(n: int) -> npt.NDArray[np.int32]:
    """Draw n of n questions with replacement, RESAMPLES times; the same for the same n."""
    return np.random.default_rng(_SEED).integers(0, n, (RESAMPLES, n), dtype=np.int32)


def _mean(rows: Sequence[Row], values: Callable[[Row], Sequence[float]]) -> Estimate:
    concerned = [found for found in map(values, rows) if len(found)]
    if not concerned:
        return Estimate(None, None, None, 0)
    sums = np.array([float(sum(found)) for found in concerned])
    counts = np.array([len(found) for found in concerned])
    drawn = _resamples(len(concerned))
    spread = sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1)
    return _estimate(float(sums.sum() / counts.sum()), spread, int(counts.sum()))


def _median(rows: Sequence[Row], values: Callable[[Row], Sequence[float]]) -> Estimate:
    found = np.array([value for row in rows for value in values(row)], float)
    if not len(found):
        return Estimate(None, None, None, 0)
    spread = np.median(found[_resamples(len(found))], axis=1)
    return _estimate(float(np.median(found)), spread, len(found))


def _estimate(value: float, spread: npt.NDArray[np.float64], n: int) -> Estimate:
    low, high = np.percentile(spread, [2.5, 97.5])
    return Estimate(value, float(low), float(high), n)
