"""A query to ranked passages: candidates of every leg, all scores of each, fused.

Owns: the fusion and its constants, filters, and the folding of overlapping windows. Pure functions
of an index and a query.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from dipnot.index.build import Index
from dipnot.index.late_interaction import passage_scores
from dipnot.index.places import expand
from dipnot.question.answer_type import years_in
from dipnot.types import (
    ABRIDGED,
    AnswerKind,
    Filters,
    Hit,
    Kind,
    Query,
    Reading,
    Rows,
    Vectors,
)

Kinds = frozenset[AnswerKind]


@dataclass(frozen=True, slots=True)
class Weights:
    """What each thing counts in a ranking; benchmarks/README.md shows how flat the figures are.

    Each leg is brought to mean 0 and deviation 1 over the candidates before it is weighed.

    ``depth``: how many rows each leg is asked for. They are the background that scores are
    measured against, so there must be many more than are ever shown. ``reranked``: how many
    passages have their words matched one by one. ``preference``: what an abstract or summary loses,
    which is drawn nearer to every question than the text that it abridges, and what title block
    and keywords gain for questions about the text as a thing. ``named``: what the summary gains for
    who names it. ``year``: what a passage gains that names a year of the question, which vectors
    hardly tell from another. ``reader`` and ``sentence_reader``: the reader's score of a passage,
    and of a single sentence. ``unread``: what a sentence gets that was not read, in deviations of
    those that were.
    """

    depth: int = 1024
    reranked: int = 64
    lexical: float = 0.2
    late: float = 1.0
    preference: float = 1.0
    named: float = 3.0
    year: float = 0.25
    reader: float = 0.8
    sentence_reader: float = 0.5
    unread: float = -1.0


WEIGHTS = Weights()


@dataclass(frozen=True, slots=True)
class Ranking:
    """The passages considered for a query, best first.

    ``rows`` to show, with ``scores``; ``cosine`` and ``lexical``: of each by itself. The first
    ``reranked`` had their words matched one by one: ``matches``, of each of their sentences how
    well each query token is met. ``readings``: of the sentences that were read.
    """

    rows: Rows
    scores: Vectors
    cosine: Vectors
    lexical: Vectors
    reranked: int
    matches: Mapping[int, Vectors]
    readings: Mapping[int, Reading] = field(default_factory=dict)

    def in_order(self, order: Rows, scores: Vectors) -> Ranking:
        """The same passages with other scores, in another order; both are of the rows as here."""
        return replace(
            self,
            rows=self.rows[order],
            scores=scores[order],
            cosine=self.cosine[order],
            lexical=self.lexical[order],
        )


@dataclass(frozen=True, slots=True)
class _Found:
    """The passages that any leg found, as rows to show, with what the legs make of each.

    ``cosine`` is that of the passage itself, ``dense`` of its windows of all grains taken together.
    """

    rows: Rows
    cosine: Vectors
    dense: Vectors
    lexical: Vectors


def rank(index: Index, query: Query, filters: Filters, weights: Weights = WEIGHTS) -> Ranking:
    """Rank the passages that the filters allow."""
    found = _candidates(index, query, filters, weights.depth)
    kinds = query.question.kinds
    scores = found.dense + weights.lexical * standard(found.lexical)
    scores += _preference(kinds, [index.passages[r].kind for r in found.rows], weights)
    scores += weights.year * _year_named(index, query, found.rows)
    best = np.argsort(-scores, kind="stable")
    matches = _sentence_matches(index, query, found.rows[best[: weights.reranked]])
    ranking = Ranking(
        found.rows, scores, found.cosine, found.lexical, len(best[: weights.reranked]), matches
    ).in_order(best, scores)
    return ranking if query.tokens is None else _with_late(index, ranking, weights.late)


def hits_of(index: Index, ranking: Ranking, k: int) -> tuple[Hit, ...]:
    """Make at most ``k`` hits, best first, leaving out what overlaps one before."""
    taken: set[int] = set()
    hits: list[Hit] = []
    for i, row in enumerate(ranking.rows.tolist()):
        sentences = range(index.places.first[row], index.places.last[row])
        if taken.intersection(sentences):
            continue
        taken.update(sentences)
        hits.append(
            Hit(
                passage=index.passages[row],
                rank=len(hits) + 1,
                score=float(ranking.scores[i]),
                dense_score=float(ranking.cosine[i]),
                lexical_score=float(ranking.lexical[i]),
            )
        )
        if len(hits) == k:
            break
    return tuple(hits)


def standard(values: Vectors) -> Vectors:
    """Bring to mean 0 and deviation 1; all zeros where the values do not differ."""
    deviation = float(values.std()) if len(values) else 0.0
    if deviation < 1e-9:
        return np.zeros_like(values)
    brought: Vectors = (values - values.mean()) / deviation
    return brought


def _with_late(index: Index, ranking: Ranking, weight: float) -> Ranking:
    """Add late interaction to the passages to be reranked; these stay before the others."""
    n = ranking.reranked
    scores = ranking.scores.copy()
    late = passage_scores(index.places, ranking.rows[:n], ranking.matches)
    scores[:n] += weight * standard(late)
    order = np.arange(len(scores))
    order[:n] = np.argsort(-scores[:n], kind="stable")
    return ranking.in_order(order, scores)


def _candidates(index: Index, query: Query, filters: Filters, depth: int) -> _Found:
    """Ask each leg for its best, and all of them for the scores of what any one found."""
    places, legs = index.places, index.legs
    found = [leg.candidates(query, depth, filters)[0] for _, leg in legs.named()]
    rows = places.shown_over(np.concatenate(found))
    rows = rows[places.allowed(rows, filters)]
    return _Found(
        rows=rows,
        cosine=legs.dense.scores_of(query, rows),
        dense=_fuse_grains(index, query, rows, filters),
        lexical=legs.lexical.scores_of(query, rows),
    )


def _fuse_grains(index: Index, query: Query, rows: Rows, filters: Filters) -> Vectors:
    """Score each passage by the best window of every grain that overlaps it, added up."""
    places = index.places
    total = np.zeros(len(rows), np.float32)
    for grain in places.grains.values():
        begins, ends = grain.overlapping(places.first[rows], places.last[rows])
        around = expand(begins, ends)
        windows, own = np.unique(around, return_inverse=True)
        allowed = places.allowed(grain.rows[windows], filters)
        scores = np.full(len(windows), -np.inf, np.float32)
        cosine = index.legs.dense.scores_of(query, grain.rows[windows[allowed]])
        scores[allowed] = standard(cosine)
        best = np.full(len(rows), -np.inf, np.float32)
        np.maximum.at(best, np.repeat(np.arange(len(rows)), ends - begins), scores[own])
        total += np.where(np.isfinite(best), best, 0.0)
    return standard(total)


def _preference(kinds: Kinds, of: Sequence[Kind], weights: Weights) -> Vectors:
    """What a question adds to passages for the part of the text that they are of."""
    bonus: dict[Kind, float] = dict.fromkeys(ABRIDGED, -weights.preference)
    if "abridged" in kinds:
        bonus = dict.fromkeys(ABRIDGED, weights.named)
    if "front" in kinds:
        bonus["front"] = weights.preference
    return np.array([bonus.get(kind, 0.0) for kind in of], np.float32)


def _year_named(index: Index, query: Query, rows: Rows) -> Vectors:
    """Which of these passages name a year that the question names: 1 or 0 for each."""
    years = query.question.years
    named = [bool(years and years & years_in(index.passages[row].text)) for row in rows]
    return np.array(named, np.float32)


def _sentence_matches(index: Index, query: Query, rows: Rows) -> dict[int, Vectors]:
    """For each sentence of the passages, how well each query token is met; see ``late``."""
    places, legs = index.places, index.legs
    numbers = np.unique(expand(places.first[rows], places.last[rows]))
    if query.tokens is None or legs.late is None:
        best = legs.dense.scores_of(query, places.sentences[numbers])[:, None]
    else:
        best = legs.late.matches(query, numbers)
    return dict(zip(numbers.tolist(), best, strict=True))
