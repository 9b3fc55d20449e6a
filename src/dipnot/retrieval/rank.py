"""A query to ranked passages: candidates of every leg, all scores of each, fused.

Owns: the fusion and its constants, filters, and the folding of overlapping windows. Pure functions
of an index and a query.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

import numpy as np

from dipnot.index.build import Index
from dipnot.index.late_interaction import context_begins, context_scores, passage_scores
from dipnot.index.legs import Leg
from dipnot.index.places import Places, expand
from dipnot.question.answer_type import years_in
from dipnot.question.exact import holds
from dipnot.retrieval.context import headers_of
from dipnot.types import (
    ABRIDGED,
    KINDS,
    LANGUAGES,
    AnswerKind,
    Filters,
    Hit,
    Kind,
    Query,
    Reading,
    Rows,
    Vectors,
)

_MANY = 20_000  # passages to show
_DEPTH_OF_MANY = 128  # 192 find no more among 100,000 and a million (benchmarks/LOG.md)

_ASKING = ThreadPoolExecutor(thread_name_prefix="leg")  # by which legs are asked at once

Kinds = frozenset[AnswerKind]


@dataclass(frozen=True, slots=True)
class Weights:
    """What each thing counts in a ranking; benchmarks/LOG.md shows how flat the figures are.

    Each leg is brought to mean 0 and deviation 1 over the candidates before it is weighed.

    ``depth``: how many rows each leg is asked for. They are the background that scores are measured
    against, so there must be many more than are ever shown. ``lexical``: what terms count beside
    vectors, ``lexical_across``: of passages in another language than the question's. ``reranked``:
    how many passages have their words matched one by one; ``late``: what these matches count,
    ``context``: those of a passage and what stands right before it; ``length``: what passages lose
    by the logarithm of their characters. ``preference``: what an abstract or summary loses, which
    is drawn nearer to every question than the text that it abridges, and what title block and
    keywords gain for questions about the text as a thing. ``named``: what the summary gains for who
    names it.
    ``year``: what a passage gains that names a year of the question, which vectors hardly tell from
    another; ``exact``, one that holds a string of the question as it is, which comes before all
    others. ``reader``: the reader's score of a passage.

    Of a single sentence, as log-odds that it is evidence (benchmarks/choice.py fits them):
    ``own``: its own match; ``around``: the score of the best passage around it; ``read``: that it
    was among what the reader read; ``span``: the reader's logit that words in it answer.
    """

    depth: int = 1024
    reranked: int = 48
    lexical: float = 0.3
    lexical_across: float = 0.6
    late: float = 0.4
    context: float = 0.8
    length: float = 0.3
    preference: float = 1.0
    named: float = 3.0
    year: float = 0.25
    exact: float = 20.0
    reader: float = 0.8
    own: float = 0.51
    around: float = 1.14
    read: float = 1.43
    span: float = 0.58


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
    found = _candidates(index, query, filters, _depth(index, weights))
    kinds = query.question.kinds
    scores = found.dense + _lexical_weight(index, query, found.rows, weights) * standard(
        found.lexical
    )
    scores += _preference(kinds, [KINDS[n] for n in index.places.kinds[found.rows]], weights)
    scores += weights.year * _year_named(index, query, found.rows)
    scores += weights.exact * _holds_exactly(index, query, found.rows)
    best = np.argsort(-scores, kind="stable")
    n = len(best[: weights.reranked])
    places, rows = index.places, found.rows[best[:n]]
    own = np.unique(expand(places.first[rows], places.last[rows]))
    before = np.unique(expand(context_begins(places, rows), places.last[rows]))
    known = _sentence_matches(index, query, before)
    matches = {s: known[s] for s in own.tolist()}
    ranking = Ranking(found.rows, scores, found.cosine, found.lexical, n, matches)
    return _reranked(index, query, ranking.in_order(best, scores), known, weights)


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


def _reranked(
    index: Index, query: Query, ranking: Ranking, known: Mapping[int, Vectors], weights: Weights
) -> Ranking:
    """Rank the passages to be reranked anew, by late interaction too; these stay before the others.

    ``known``: the matches of their sentences and of those before. Of two that match alike the
    shorter one is more to the point.
    """
    n = ranking.reranked
    rows, scores = ranking.rows[:n], ranking.scores.copy()
    if query.tokens is not None:
        counting = query.token_weights
        late = passage_scores(index.places, rows, known, counting)
        context = context_scores(index.places, rows, known, counting)
        scores[:n] += weights.late * standard(late) + weights.context * standard(context)
    lengths = _log_lengths(index.places, rows)
    scores[:n] -= weights.length * (lengths - lengths.mean() if n else lengths)
    order = np.arange(len(scores))
    order[:n] = np.argsort(-scores[:n], kind="stable")
    return ranking.in_order(order, scores)


def _log_lengths(places: Places, rows: Rows) -> Vectors:
    """The logarithm of how many characters each passage has."""
    ends, starts = places.ends[places.last[rows] - 1], places.starts[places.first[rows]]
    lengths: Vectors = np.log(np.maximum(ends - starts, 1)).astype(np.float32)
    return lengths


def _depth(index: Index, weights: Weights) -> int:
    """How many rows to ask of each leg: where there are very many, fewer are background enough."""
    return weights.depth if len(index.places.shown) <= _MANY else _DEPTH_OF_MANY


def _candidates(index: Index, query: Query, filters: Filters, depth: int) -> _Found:
    """Ask each leg for its best, and all of them for the scores of what any one found."""
    places, legs = index.places, index.legs
    found = _best_of_each(index, query, filters, depth)
    rows = places.shown_over(np.concatenate(found))
    rows = rows[places.allowed(rows, filters)]
    known = _with_windows(places, rows)  # one look at the vectors for all that is scored
    cosine = legs.dense.scores_of(query, known)
    return _Found(
        rows=rows,
        cosine=cosine[np.searchsorted(known, rows)],
        dense=_fuse_grains(places, rows, filters, known, cosine),
        lexical=legs.lexical.scores_of(query, rows),
    )


def _best_of_each(index: Index, query: Query, filters: Filters, depth: int) -> list[Rows]:
    """The best rows of every leg; where there are very many, the legs are asked at once."""

    def best(leg: Leg) -> Rows:
        return leg.candidates(query, depth, filters)[0]

    legs = [leg for _, leg in index.legs.named()]
    if len(index.places.shown) <= _MANY:
        return [best(leg) for leg in legs]
    return list(_ASKING.map(best, legs))


def _with_windows(places: Places, rows: Rows) -> Rows:
    """These rows and every window that overlaps one of them, ascending."""
    found = [rows]
    for grain in places.grains.values():
        ranges = grain.overlapping(places.first[rows], places.last[rows])
        found.append(grain.rows[expand(*ranges)])
    return np.unique(np.concatenate(found))


def _fuse_grains(
    places: Places, rows: Rows, filters: Filters, known: Rows, cosines: Vectors
) -> Vectors:
    """Score each passage by the best window of every grain that overlaps it, added up.

    ``known``: windows, ascending, of which ``cosines`` are.
    """
    total = np.zeros(len(rows), np.float32)
    for grain in places.grains.values():
        begins, ends = grain.overlapping(places.first[rows], places.last[rows])
        around = expand(begins, ends)
        windows, own = np.unique(around, return_inverse=True)
        allowed = places.allowed(grain.rows[windows], filters)
        scores = np.full(len(windows), -np.inf, np.float32)
        at = np.searchsorted(known, grain.rows[windows[allowed]])
        scores[allowed] = standard(cosines[at])
        best = np.full(len(rows), -np.inf, np.float32)
        np.maximum.at(best, np.repeat(np.arange(len(rows)), ends - begins), scores[own])
        total += np.where(np.isfinite(best), best, 0.0)
    return standard(total)


def _lexical_weight(index: Index, query: Query, rows: Rows, weights: Weights) -> Vectors:
    """What the terms of each passage count: more where another language is asked in.

    There vectors know less, and a term met through the word list is seldom met by chance.
    """
    language = query.question.language
    if language is None:
        return np.full(len(rows), weights.lexical, np.float32)
    own = index.places.languages[rows] == LANGUAGES.index(language)
    return np.where(own, weights.lexical, weights.lexical_across).astype(np.float32)


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
    named, years = np.zeros(len(rows), np.float32), query.question.years
    if years:
        own = replace(query, terms=tuple(sorted(years)), counterparts=())
        held = np.flatnonzero(index.legs.lexical.scores_of(own, rows) > 0)
        named[held] = [bool(years & years_in(index.text_of(row))) for row in rows[held].tolist()]
    return named


def _holds_exactly(index: Index, query: Query, rows: Rows) -> Vectors:
    """Which of these passages hold a string that must stand there as it is: 1 or 0 for each."""
    wanted = query.question.exact
    if not wanted:
        return np.zeros(len(rows), np.float32)
    return np.array([holds(index.text_of(row), wanted) for row in rows.tolist()], np.float32)


def _sentence_matches(index: Index, query: Query, numbers: Rows) -> dict[int, Vectors]:
    """For each of these sentences, how well each query token is met; see ``late``.

    The row of a table is met by the row that names its columns as well.
    """
    places, legs = index.places, index.legs
    headers = headers_of(index, numbers.tolist())
    asked = np.union1d(numbers, np.array(sorted(set(headers.values())), numbers.dtype))
    if query.tokens is None or legs.late is None:
        best = legs.dense.scores_of(query, places.sentences[asked])[:, None]
    else:
        best = legs.late.matches(query, asked)
    met = dict(zip(asked.tolist(), best, strict=True))
    return {n: _either(met[n], met.get(headers.get(n, -1))) for n in numbers.tolist()}


def _either(own: Vectors, above: Vectors | None) -> Vectors:
    return own if above is None else np.maximum(own, above)
