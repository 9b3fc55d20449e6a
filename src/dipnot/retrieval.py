"""A question to fused hits: dense at several grains, late interaction, BM25, then the reader.

Owns: the fusion and its constants, filters, and the folding of overlapping windows. Pure functions
of an index and an encoded question.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dipnot.asking import asked_for, names_in, years_in
from dipnot.centring import centred, mean_of
from dipnot.dense import search_dense
from dipnot.folding import fold
from dipnot.index import Index
from dipnot.language import question_language
from dipnot.reader import Reader
from dipnot.rerank import READ, Readings, passage_scores, read_passages, read_score
from dipnot.types import (
    ABRIDGED,
    RUNNING,
    Encoded,
    Filters,
    Hit,
    Kind,
    Language,
    Reading,
    Rows,
    Vectors,
)

# Each leg is brought to mean 0 and deviation 1 over the passages in question before it is weighed.
# benchmarks/README.md shows how flat the figures are around these.
_LATE_WEIGHT = 1.0
_LEXICAL_WEIGHT = 0.2
_READER_WEIGHT = 0.8
_SENTENCE_READER_WEIGHT = 0.5
_RERANKED = 64
_UNREAD = -1.0  # what a sentence gets that was not read, in deviations of those that were
# A passage that the dense leg does not return gets the lowest score that it did return. So many
# are asked for that this happens in large corpora only.
_DENSE_DEPTH = 4096
# An abstract or summary is drawn nearer to every question than the text that it abridges, most of
# all to questions in its own language; it is ranked lower unless the question names it.
_NAMES_ABRIDGED = re.compile(r"\b(?:ozet\w*|oz (?:kism|bolum)\w*|abstract\w*|summar\w*)")
# Title block and keywords are ranked higher for questions about the text as a thing.
_PREFERENCE = 1.0
_NAMED_PREFERENCE = 3.0  # who names the summary wants it first
# What a passage gets that names a year of the question, which vectors hardly tell from another.
_YEAR_PREFERENCE = 0.25


@dataclass(frozen=True, slots=True)
class Query:
    """An encoded question: its text with what a follow-up leaves out, its vector and tokens.

    ``strangers``: the tokens of each of its names that stands nowhere in the index.
    """

    text: str
    language: Language | None
    vector: Vectors
    tokens: Vectors | None
    strangers: tuple[tuple[int, ...], ...] = ()


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
    manifest = index.manifest
    vector = centred(encoded.vectors[0], _mean(manifest.question_means, language))
    if encoded.tokens is None or index.tokens is None or not len(encoded.tokens[0]):
        return Query(text, language, vector, None)
    tokens = centred(encoded.tokens[0], _mean(manifest.question_token_means, language))
    places = encoded.places[0] if encoded.places else ()
    unknown = [n for n in names_in(text) if not index.lexical.knows(text[n.start : n.end])]
    strangers = [tuple(i for i, p in enumerate(places) if p.overlaps(name)) for name in unknown]
    return Query(text, language, vector, tokens, tuple(s for s in strangers if s))


def _mean(means: Mapping[str, Sequence[float]], language: Language | None) -> Vectors:
    return mean_of({name: np.array(v, np.float32) for name, v in means.items()}, language)


def rank(
    index: Index,
    query: Query,
    k: int,
    filters: Filters,
    reader: Reader | None = None,
) -> Ranking:
    """Rank the passages that the filters allow; at most ``k`` hits in as many different places."""
    allowed = _allowed(index, filters)
    layout = index.layout
    shown = np.flatnonzero(allowed[layout.shown])
    if not len(shown):
        return Ranking((), ())
    cosine = _dense_scores(index, query, allowed)
    lexical = index.lexical.scores(query.text)
    rows = layout.shown[shown]
    dense = _fuse_grains(index, cosine, allowed, shown)
    base = dense + _LEXICAL_WEIGHT * _standard(lexical[rows])
    base += _preference(query.text, [index.passages[r].kind for r in rows])
    base += _YEAR_PREFERENCE * _year_named(index, query.text)[rows]
    candidates = np.argsort(-base, kind="stable")[:_RERANKED]
    scores = base.copy()
    matches = _sentence_matches(index, query, rows[candidates], cosine)
    own = {s: float(match.mean()) for s, match in matches.items()}
    if query.tokens is not None:
        late = _late_scores(index, rows[candidates], matches)
        scores[candidates] += _LATE_WEIGHT * late
    candidates = candidates[np.argsort(-scores[candidates], kind="stable")]
    readings: Readings = {}
    if reader is not None:
        best, rest = candidates[:READ], candidates[READ:]
        readings = read_passages(index, reader, query.text, rows[best], own)
        read = _standard(passage_scores(index, rows[best], readings))
        scores[best] = _standard(scores[best]) + _READER_WEIGHT * read
        # What was not read stays behind what was.
        scores[rest] -= scores[rest].max(initial=0.0) - scores[best].min()
        candidates = candidates[np.argsort(-scores[candidates], kind="stable")]
    # Reranked passages go first: the others have no late score to compare with.
    inside = set(candidates.tolist())
    order = [*candidates]
    order += [i for i in np.argsort(-base, kind="stable") if int(i) not in inside]
    hits = _fold_overlaps(index, rows, order, scores, cosine, lexical, k)
    sentences = _rank_sentences(index, rows[candidates], scores[candidates], own, lexical, readings)
    return Ranking(tuple(hits), tuple(sentences), _strange(query, matches))


def _strange(query: Query, matches: Mapping[int, Vectors]) -> float:
    """How far the farthest of the names that the index lacks is from any word considered.

    A name spelled otherwise in another language is near (`Moscow`, `Moskova`), or one for the same
    thing; a name of something that no text mentions is not.
    """
    if not query.strangers:
        return 0.0
    best = np.stack(list(matches.values())).max(axis=0)
    return float(max(1 - best[list(tokens)].mean() for tokens in query.strangers))


def _allowed(index: Index, filters: Filters) -> npt.NDArray[np.bool_]:
    if filters == Filters():
        return np.ones(len(index.passages), dtype=bool)
    kinds = RUNNING if filters.kind == "body" else (filters.kind,)
    return np.array(
        [
            (filters.doc_id is None or p.doc_id == filters.doc_id)
            and (filters.language is None or p.language == filters.language)
            and (filters.kind is None or p.kind in kinds)
            for p in index.passages
        ],
        dtype=bool,
    )


def _dense_scores(index: Index, query: Query, allowed: npt.NDArray[np.bool_]) -> Vectors:
    rows = None if allowed.all() else np.flatnonzero(allowed)
    found, scores = search_dense(index.dense, query.vector, _DENSE_DEPTH, rows)
    cosine = np.full(len(index.passages), scores.min() if len(scores) else 0.0, np.float32)
    cosine[found] = scores
    return cosine


def _standard(values: Vectors) -> Vectors:
    """Bring to mean 0 and deviation 1; all zeros where the values do not differ."""
    deviation = float(values.std())
    if deviation < 1e-9:
        return np.zeros_like(values)
    standard: Vectors = (values - values.mean()) / deviation
    return standard


def _fuse_grains(
    index: Index, cosine: Vectors, allowed: npt.NDArray[np.bool_], shown: Rows
) -> Vectors:
    """Score each shown passage by the best window of every grain that overlaps it, added up."""
    total = np.zeros(len(shown), np.float32)
    for grain, rows in index.layout.grain_rows.items():
        inside = rows[allowed[rows]]
        standard = np.full(len(cosine), -np.inf, np.float32)
        standard[inside] = _standard(cosine[inside])
        best = standard[index.layout.support[grain][shown]].max(axis=1)
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


def _year_named(index: Index, question: str) -> Vectors:
    """Which passages name a year that the question names: 1 or 0 for each of the index."""
    named = np.zeros(len(index.passages), np.float32)
    years = years_in(question)
    if years:
        for row in np.flatnonzero(index.lexical.scores(" ".join(years))):
            named[row] = bool(years & years_in(index.passages[row].text))
    return named


def _sentence_matches(
    index: Index, query: Query, rows: Rows, cosine: Vectors
) -> dict[int, Vectors]:
    """For each sentence of the passages, how well each query token is met; see ``late``."""
    layout = index.layout
    numbers = np.array(
        sorted({s for r in rows for s in range(layout.first[r], layout.last[r])}), np.int64
    )
    if query.tokens is None or index.tokens is None:
        return {int(s): cosine[layout.sentences[s] : layout.sentences[s] + 1] for s in numbers}
    best = index.tokens.best_matches(query.tokens, numbers)
    return {int(s): row for s, row in zip(numbers, best, strict=True)}


def _late_scores(index: Index, rows: Rows, matches: dict[int, Vectors]) -> Vectors:
    """Late interaction with the whole passage and with its best single sentence, added up."""
    layout = index.layout
    whole, single = [], []
    for row in rows:
        parts = np.stack([matches[s] for s in range(layout.first[row], layout.last[row])])
        whole.append(parts.max(axis=0).mean())
        single.append(parts.mean(axis=1).max())
    return _standard(
        _standard(np.array(whole, np.float32)) + _standard(np.array(single, np.float32))
    )


def _fold_overlaps(
    index: Index,
    rows: Rows,
    order: Sequence[int],
    scores: Vectors,
    cosine: Vectors,
    lexical: Vectors,
    k: int,
) -> list[Hit]:
    taken: set[int] = set()
    hits: list[Hit] = []
    for i in order:
        row = int(rows[i])
        sentences = range(index.layout.first[row], index.layout.last[row])
        if taken.intersection(sentences):
            continue
        taken.update(sentences)
        hits.append(
            Hit(
                passage=index.passages[row],
                rank=len(hits) + 1,
                score=float(scores[i]),
                dense_score=float(cosine[row]),
                lexical_score=float(lexical[row]),
            )
        )
        if len(hits) == k:
            break
    return hits


def _rank_sentences(
    index: Index,
    rows: Rows,
    scores: Vectors,
    matches: Mapping[int, float],
    lexical: Vectors,
    readings: Readings,
) -> list[SentenceScore]:
    """Rank single sentences by their own match and that of the best passage around them."""
    layout = index.layout
    around: dict[int, float] = {}
    for row, score in zip(rows, scores, strict=True):
        for s in range(layout.first[row], layout.last[row]):
            around[s] = max(around.get(s, -np.inf), float(score))
    numbers = sorted(around)
    own = np.array([matches[s] for s in numbers], np.float32)
    terms = lexical[layout.sentences[numbers]]
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
