"""The best passages read with the question, by the trained reader.

Owns: which sentences are read, in which windows, what their readings say of a passage, and the
ranking of single sentences.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np
import numpy.typing as npt

from dipnot.index.build import Index
from dipnot.index.places import Places, expand
from dipnot.models.reader import Reader
from dipnot.retrieval.context import context_of
from dipnot.retrieval.rank import Ranking, Weights, standard
from dipnot.types import Query, Reading, Rows, Vectors

READ = 6  # passages: more cost more than they bring, see benchmarks/LOG.md
# Of their windows, those that hold the best matches: what is read of the others misleads as often
# as it helps, and takes a third of the time.
_MOST_WINDOWS = 5
# The span's logit says more of near misses, the sentence's more of reasons and lists.
_SPAN_WEIGHT = 0.5
# Longer windows, though trained on, are read worse: training/README.md.
_MOST_SENTENCES = 4
_MOST_WORDS = 40
_MOST_LINES = 4  # as good as 12 on five texts
LARGEST = 12.0  # logits beyond say nothing more


Readings = Mapping[int, Reading]


@dataclass(frozen=True, slots=True)
class SentenceScore:
    """A sentence considered for the answer; ``order``: its number among those of the index.

    ``score``: log-odds that it is evidence, but for a constant. ``match`` is the late-interaction
    cosine (the centred dense one without tokens). ``reading``: what the reader makes of it; None
    where it was not read.
    """

    order: int
    score: float
    match: float
    reading: Reading | None = None


def reread(
    index: Index, question: str, ranking: Ranking, reader: Reader, weights: Weights
) -> Ranking:
    """Have the best passages read with the question, and put them in the order of both."""
    best = ranking.rows[:READ]
    if not len(best):
        return ranking
    own = {s: float(match.mean()) for s, match in ranking.matches.items()}
    readings = read_best(index, reader, question, best, own)
    scores = ranking.scores.copy()
    read = standard(read_scores(index.places, best, readings))
    scores[:READ] = standard(scores[:READ]) + weights.reader * read
    # What was not read stays behind what was.
    rest = slice(READ, ranking.reranked)
    scores[rest] -= scores[rest].max(initial=0.0) - scores[:READ].min()
    order = np.arange(len(scores))
    order[:READ] = np.argsort(-scores[:READ], kind="stable")
    return replace(ranking.in_order(order, scores), readings=readings)


def rank_sentences(
    index: Index, ranking: Ranking, readings: Readings, weights: Weights
) -> tuple[SentenceScore, ...]:
    """Rank single sentences by their own match, the best passage around them, and the reader.

    ``ranking``: of passages, before they were read.
    """
    numbers, own, features = sentence_features(index, ranking, readings)
    scores = features @ np.array(
        [weights.own, weights.around, weights.read, weights.span], np.float32
    )
    return tuple(
        SentenceScore(numbers[i], float(scores[i]), float(own[i]), readings.get(numbers[i]))
        for i in np.argsort(-scores, kind="stable")
    )


def sentence_features(
    index: Index, ranking: Ranking, readings: Readings
) -> tuple[list[int], Vectors, Vectors]:
    """Give the sentences of the best passages: their numbers, matches, and what tells for each.

    The last has shape (sentences, 4), in the order of the weights ``own around read span``.
    """
    places = index.places
    around: dict[int, float] = {}
    reranked = ranking.rows[: ranking.reranked]
    for row, score in zip(reranked, ranking.scores, strict=False):
        for s in range(places.first[row], places.last[row]):
            around[s] = max(around.get(s, -np.inf), float(score))
    numbers = sorted(around)
    own = met = np.array([ranking.matches[s].mean() for s in numbers], np.float32)
    passages = np.array([around[s] for s in numbers], np.float32)
    read = np.array([s in readings for s in numbers], np.float32)
    alone = _read_alone(index, ranking, numbers, readings)
    others = (read > 0) & ~alone
    if others.any():
        met = np.where(alone, np.maximum(own, own[others].max()), own)
        passages = np.where(alone, np.maximum(passages, passages[others].mean()), passages)
    spans = [bounded(readings[s].span) if s in readings else 0.0 for s in numbers]
    columns = (standard(met), standard(passages), read, np.array(spans, np.float32))
    return numbers, own, np.stack(columns, axis=1)


def _read_alone(
    index: Index, ranking: Ranking, numbers: Sequence[int], readings: Readings
) -> npt.NDArray[np.bool_]:
    """Which sentences were read for being lines (``read_best``).

    What they leave unsaid stands over them: they are taken to meet a question as prose does.
    """
    rows, places = ranking.rows[:READ], index.places
    best = set(expand(places.first[rows], places.last[rows]).tolist())
    return np.array(
        [s in readings and (s not in best or context_of(index, s) is not None) for s in numbers],
        np.bool_,
    )


def oov_distance(query: Query, ranking: Ranking) -> float:
    """How far the farthest of the out-of-vocabulary names is from any word considered.

    0 to 2, and 0 where there is no such name. A name spelled otherwise in another language is near
    (`Moscow`, `Moskova`), or one for the same thing; a name of something that no text mentions is
    not.
    """
    if not query.oov_names or not ranking.matches:
        return 0.0
    best = np.stack(list(ranking.matches.values())).max(axis=0)
    return float(max(1 - best[list(tokens)].mean() for tokens in query.oov_names))


def read_best(
    index: Index, reader: Reader, question: str, rows: Rows, matches: Mapping[int, float]
) -> Readings:
    """Read the sentences of passages, adjoining ones together, and lines that stand elsewhere.

    Gives a reading by sentence number. ``matches``: how well each sentence considered meets the
    question, which says what is worth reading. Rows of tables and labelled lines say in three words
    what prose says in twelve, so that their likeness tells little of them; read with its header or
    title, a line is understood.
    """
    windows = sorted(_windows(index, rows), key=lambda w: -max(matches[s] for s in w))
    windows = windows[:_MOST_WINDOWS]
    above = [context_of(index, window[0]) for window in windows]
    unread = sorted(matches.keys() - {s for w in windows for s in w}, key=lambda s: -matches[s])
    lines = ((s, over) for s in unread if (over := context_of(index, s)) is not None)
    for line, over in islice(lines, _MOST_LINES):
        windows.append([line])
        above.append(over)
    texts = [
        [*([over] if over else []), *(index.sentence(s).text for s in window)]
        for over, window in zip(above, windows, strict=True)
    ]
    readings = reader.read(question, texts)
    return {
        sentence: reading
        for over, window, own in zip(above, windows, readings, strict=True)
        for sentence, reading in zip(window, own[bool(over) :], strict=True)
    }


def bounded(logit: float) -> float:
    """A logit without what says nothing more."""
    return max(min(logit, LARGEST), -LARGEST)


def read_score(reading: Reading) -> float:
    """How much a sentence looks like an answer, as one number."""
    return reading.evidence + _SPAN_WEIGHT * reading.span


def read_scores(places: Places, rows: Rows, readings: Readings) -> Vectors:
    """The score of each passage: that of its best sentence; the lowest of all if none was read."""
    scores = {sentence: read_score(reading) for sentence, reading in readings.items()}
    lowest = min(scores.values(), default=0.0)
    return np.array(
        [max(scores.get(s, lowest) for s in range(places.first[r], places.last[r])) for r in rows],
        np.float32,
    )


def cut_windows(words: Sequence[int], goes_on: Sequence[bool]) -> list[list[int]]:
    """Cut sentences into runs short enough to read: their numbers, from 0.

    ``words``: how many each has. ``goes_on``: whether it may be read with the one before it.
    """
    windows: list[list[int]] = []
    total = 0
    for number, (own, may) in enumerate(zip(words, goes_on, strict=True)):
        if windows and may and len(windows[-1]) < _MOST_SENTENCES and total + own <= _MOST_WORDS:
            windows[-1].append(number)
            total += own
        else:
            windows.append([number])
            total = own
    return windows


def _windows(index: Index, rows: Rows) -> list[list[int]]:
    """Cut the sentences of passages into runs of neighbours of a section."""
    places = index.places
    numbers = np.unique(expand(places.first[rows], places.last[rows])).tolist()
    passages = [index.sentence(n) for n in numbers]
    # A line is read by itself, with what stands over it.
    line = [context_of(index, n) is not None for n in numbers]
    section = [(p.doc_id, p.headings, p.language) for p in passages]
    goes_on = [
        i > 0
        and n == numbers[i - 1] + 1
        and section[i] == section[i - 1]
        and not (line[i] or line[i - 1])
        for i, n in enumerate(numbers)
    ]
    cut = cut_windows([len(p.text.split()) for p in passages], goes_on)
    return [[numbers[i] for i in window] for window in cut]
