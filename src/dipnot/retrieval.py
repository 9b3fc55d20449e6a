"""A question to fused hits: dense at several grains, late interaction, BM25, then the reader.

Owns: the fusion and its constants, filters, and the folding of overlapping windows. Pure functions
of an index and an encoded question.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from dipnot.asking import asked_for, names_in, years_in
from dipnot.centring import centred, mean_of
from dipnot.folding import fold
from dipnot.index import Index
from dipnot.language import question_language
from dipnot.late import passage_scores
from dipnot.places import expand
from dipnot.reader import Reader
from dipnot.rerank import READ, Readings, read_passages, read_score, read_scores
from dipnot.tokens import index_terms
from dipnot.types import (
    ABRIDGED,
    Encoded,
    Filters,
    Hit,
    Kind,
    Query,
    Reading,
    Rows,
    Vectors,
)

# Each leg is brought to mean 0 and deviation 1 over the candidates before it is weighed.
# benchmarks/README.md shows how flat the figures are around these.
_LATE_WEIGHT = 1.0
_LEXICAL_WEIGHT = 0.2
_READER_WEIGHT = 0.8
_SENTENCE_READER_WEIGHT = 0.5
_RERANKED = 64
_UNREAD = -1.0  # what a sentence gets that was not read, in deviations of those that were
# How many rows each leg is asked for. They are the background that scores are measured against,
# so there must be many more than are ever shown.
_DEPTH = 1024
# An abstract or summary is drawn nearer to every question than the text that it abridges, most of
# all to questions in its own language; it is ranked lower unless the question names it.
_NAMES_ABRIDGED = re.compile(r"\b(?:ozet\w*|oz (?:kism|bolum)\w*|abstract\w*|summar\w*)")
# Title block and keywords are ranked higher for questions about the text as a thing.
_PREFERENCE = 1.0
_NAMED_PREFERENCE = 3.0  # who names the summary wants it first
# What a passage gets that names a year of the question, which vectors hardly tell from another.
_YEAR_PREFERENCE = 0.25


@dataclass(frozen=True, slots=True)
class SentenceScore:
    """A sentence considered for the answer; ``order``: its number among those of the index.

    ``match`` is the late-interaction cosine (the centred dense one without tokens). ``reading``:
    what the reader makes of it; None where it was not read.
    """

    order: int
    score: float
    match: float
    reading: Reading | None = None


@dataclass(frozen=True, slots=True)
class Ranking:
    """The hits of a question, best first, and the sentences of the passages considered.

    ``strange``: how far the farthest of the question's names that stand nowhere in the index is
    from any word of these sentences, 0 to 2; 0 where it has no such name.
    """

    hits: tuple[Hit, ...]
    sentences: tuple[SentenceScore, ...]
    strange: float = 0.0


def make_query(text: str, encoded: Encoded, index: Index) -> Query:
    """Centre an encoded question by the mean of its language's questions."""
    language = question_language(text)
    vector = centred(encoded.vectors[0], mean_of(index.means.questions, language))
    terms = tuple(dict.fromkeys(index_terms(text)))
    if encoded.tokens is None or index.legs.late is None or not len(encoded.tokens[0]):
        return Query(text, language, vector, None, terms)
    tokens = centred(encoded.tokens[0], mean_of(index.means.question_tokens, language))
    places = encoded.places[0] if encoded.places else ()
    unknown = [n for n in names_in(text) if not index.legs.lexical.knows(text[n.start : n.end])]
    strangers = [tuple(i for i, p in enumerate(places) if p.overlaps(name)) for name in unknown]
    return Query(text, language, vector, tokens, terms, tuple(s for s in strangers if s))


@dataclass(frozen=True, slots=True)
class _Found:
    """The passages that any leg found, as rows to show, with what the legs make of each.

    ``cosine`` is that of the passage itself, ``dense`` of its windows of all grains taken together.
    """

    rows: Rows
    cosine: Vectors
    dense: Vectors
    lexical: Vectors


def rank(
    index: Index, query: Query, k: int, filters: Filters, reader: Reader | None = None
) -> Ranking:
    """Rank the passages that the filters allow; at most ``k`` hits in as many different places."""
    found = _candidates(index, query, filters)
    if not len(found.rows):
        return Ranking((), ())
    base = found.dense + _LEXICAL_WEIGHT * _standard(found.lexical)
    base += _preference(query.text, [index.passages[r].kind for r in found.rows])
    base += _YEAR_PREFERENCE * _year_named(index, query, found.rows)
    by_base = np.argsort(-base, kind="stable")
    candidates, others = by_base[:_RERANKED], by_base[_RERANKED:]
    scores = base.copy()
    rows = found.rows[candidates]
    matches = _sentence_matches(index, query, rows)
    own = {s: float(match.mean()) for s, match in matches.items()}
    if query.tokens is not None:
        late = passage_scores(index.places, rows, matches)
        scores[candidates] += _LATE_WEIGHT * _standard(late)
    candidates = candidates[np.argsort(-scores[candidates], kind="stable")]
    readings: Readings = {}
    if reader is not None:
        best, rest = candidates[:READ], candidates[READ:]
        readings = read_passages(index, reader, query.text, found.rows[best], own)
        read = _standard(read_scores(index.places, found.rows[best], readings))
        scores[best] = _standard(scores[best]) + _READER_WEIGHT * read
        # What was not read stays behind what was.
        scores[rest] -= scores[rest].max(initial=0.0) - scores[best].min()
        candidates = candidates[np.argsort(-scores[candidates], kind="stable")]
    # Reranked passages go first: the others have no late score to compare with.
    hits = _fold_overlaps(index, found, np.concatenate([candidates, others]), scores, k)
    sentences = _rank_sentences(
        index, query, found.rows[candidates], scores[candidates], own, readings
    )
    return Ranking(tuple(hits), tuple(sentences), _strange(query, matches))


def documents_like(index: Index, text: str) -> list[str]:
    """The documents whose passages share most words with a text, the likeliest first."""
    terms = tuple(dict.fromkeys(index_terms(text)))
    rows, _ = index.legs.lexical.best(terms, _RERANKED, Filters())
    return list(dict.fromkeys(index.passages[row].doc_id for row in rows))


def _strange(query: Query, matches: Mapping[int, Vectors]) -> float:
    """How far the farthest of the names that the index lacks is from any word considered.

    A name spelled otherwise in another language is near (`Moscow`, `Moskova`), or one for the same
    thing; a name of something that no text mentions is not.
    """
    if not query.strangers:
        return 0.0
    best = np.stack(list(matches.values())).max(axis=0)
    return float(max(1 - best[list(tokens)].mean() for tokens in query.strangers))


def _candidates(index: Index, query: Query, filters: Filters) -> _Found:
    """Ask each leg for its best, and all of them for the scores of what any one found."""
    places, legs = index.places, index.legs
    found = [leg.candidates(query, _DEPTH, filters)[0] for _, leg in legs.named()]
    rows = places.shown_over(np.concatenate(found))
    rows = rows[places.allowed(rows, filters)]
    return _Found(
        rows=rows,
        cosine=legs.dense.scores_of(query, rows),
        dense=_fuse_grains(index, query, rows, filters),
        lexical=legs.lexical.scores_of(query, rows),
    )


def _standard(values: Vectors) -> Vectors:
    """Bring to mean 0 and deviation 1; all zeros where the values do not differ."""
    deviation = float(values.std()) if len(values) else 0.0
    if deviation < 1e-9:
        return np.zeros_like(values)
    standard: Vectors = (values - values.mean()) / deviation
    return standard


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
        scores[allowed] = _standard(cosine)
        best = np.full(len(rows), -np.inf, np.float32)
        np.maximum.at(best, np.repeat(np.arange(len(rows)), ends - begins), scores[own])
        total += np.where(np.isfinite(best), best, 0.0)
    return _standard(total)


def _preference(question: str, kinds: Sequence[Kind]) -> Vectors:
    """What a question adds to passages for the part of the text that they are of."""
    bonus: dict[Kind, float] = dict.fromkeys(ABRIDGED, -_PREFERENCE)
    if _NAMES_ABRIDGED.search(fold(question)):
        bonus = dict.fromkeys(ABRIDGED, _NAMED_PREFERENCE)
    if asked_for(question).front:
        bonus["front"] = _PREFERENCE
    return np.array([bonus.get(kind, 0.0) for kind in kinds], np.float32)


def _year_named(index: Index, query: Query, rows: Rows) -> Vectors:
    """Which of these passages name a year that the question names: 1 or 0 for each."""
    years = years_in(query.text)
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


def _fold_overlaps(index: Index, found: _Found, order: Rows, scores: Vectors, k: int) -> list[Hit]:
    """Make hits of candidates in their order, leaving out what overlaps one before."""
    taken: set[int] = set()
    hits: list[Hit] = []
    for i in order:
        row = int(found.rows[i])
        sentences = range(index.places.first[row], index.places.last[row])
        if taken.intersection(sentences):
            continue
        taken.update(sentences)
        hits.append(
            Hit(
                passage=index.passages[row],
                rank=len(hits) + 1,
                score=float(scores[i]),
                dense_score=float(found.cosine[i]),
                lexical_score=float(found.lexical[i]),
            )
        )
        if len(hits) == k:
            break
    return hits


def _rank_sentences(
    index: Index,
    query: Query,
    rows: Rows,
    scores: Vectors,
    matches: Mapping[int, float],
    readings: Readings,
) -> list[SentenceScore]:
    """Rank single sentences by their own match and that of the best passage around them."""
    places = index.places
    around: dict[int, float] = {}
    for row, score in zip(rows, scores, strict=True):
        for s in range(places.first[row], places.last[row]):
            around[s] = max(around.get(s, -np.inf), float(score))
    numbers = sorted(around)
    own = np.array([matches[s] for s in numbers], np.float32)
    terms = index.legs.lexical.scores_of(query, places.sentences[numbers])
    fused = (
        _standard(own)
        + _LEXICAL_WEIGHT * _standard(terms)
        + _standard(np.array([around[s] for s in numbers], np.float32))
    )
    read = [i for i, s in enumerate(numbers) if s in readings]
    if read:
        fused += _SENTENCE_READER_WEIGHT * _UNREAD
        scored = np.array([read_score(readings[numbers[i]]) for i in read], np.float32)
        fused[read] += _SENTENCE_READER_WEIGHT * (_standard(scored) - _UNREAD)
    ranked = []
    for i in np.argsort(-fused, kind="stable"):
        reading = readings.get(numbers[i])
        ranked.append(SentenceScore(numbers[i], float(fused[i]), float(own[i]), reading))
    return ranked
