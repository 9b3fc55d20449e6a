"""The lexical leg: BM25 over index terms.

Owns: which sentences hold a term, the weights of BM25, their two constants and their files. A
sentence stands in six windows, so postings are kept of sentences alone: what a window holds is what
its sentences hold together, found by a search in the postings of each term asked for. A library
that weighs every window keeps six times as much, and sorts it for a question.
"""

from __future__ import annotations

import json
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from dipnot.errors import REBUILD, IndexDamaged
from dipnot.index.joined import Runs, Table, Within, join
from dipnot.index.places import Mask, Places, expand, make_places
from dipnot.index.recent import Recent
from dipnot.index.stored import open_rows
from dipnot.language.tokens import index_terms
from dipnot.types import Filters, Passage, Query, Rows, Vectors

# Robertson and Zaragoza's usual values; on THQuAD's paragraphs others changed little.
K1, B = 1.2, 0.75
_FEW = 65_536  # sentences: of so many it is faster to count a term in all than to look for some
_RECENT = 32  # terms: a question's are asked for by its words, and again by what other legs found
_MOST = 255  # times that a term is counted in a sentence
_VOCABULARY, _POSTINGS = "vocabulary.json", "postings.npy"
_ARRAYS = ("starts", "frequencies", "lengths")


@dataclass(frozen=True, slots=True)
class Postings:
    """Which sentences of a segment hold which terms; of an open index they stay on disk.

    ``vocabulary``: the terms in order; term i has the postings from starts[i] to starts[i + 1],
    and ``frequencies[i]`` rows hold it. ``table``: int32, shape (postings, 2): a sentence, and
    how often it has the term. ``removed``: how many rows of texts hold a term that stand in the
    segment and are no longer in the index. ``within``: where its sentences stand in the index,
    None: where they stand in the segment.
    """

    vocabulary: Sequence[str]
    starts: Rows
    frequencies: Rows
    table: Table
    removed: Mapping[str, int] = field(default_factory=dict)
    within: Within | None = None

    def frequency(self, term: str) -> int:
        """How many rows of the index that stand here hold a term."""
        number = self.find(term)
        held = 0 if number is None else int(self.frequencies[number])
        return held - self.removed.get(term, 0)

    def find(self, term: str) -> int | None:
        """The number of a term; None where there is none."""
        number = bisect_left(self.vocabulary, term)
        found = number < len(self.vocabulary) and self.vocabulary[number] == term
        return number if found else None

    def held(self, number: int) -> tuple[Rows, Rows]:
        """The sentences of the index that hold a term, and how often each has it."""
        part = np.asarray(self.table[int(self.starts[number]) : int(self.starts[number + 1])])
        sentences, counts = part[:, 0].astype(np.int64), part[:, 1].astype(np.int64)
        if self.within is None:
            return sentences, counts
        sentences = self.within.whole_of(sentences)
        there = sentences >= 0
        return sentences[there], counts[there]

    def starting(self, letters: str) -> Sequence[str]:
        """The terms that begin with these letters, in order."""
        begin = bisect_left(self.vocabulary, letters)
        end = bisect_left(self.vocabulary, f"{letters}\uffff")
        return self.vocabulary[begin:end]


@dataclass(frozen=True, slots=True)
class LexicalLeg:
    """BM25 over passages, aligned with them by row.

    ``parts``: the postings of each segment. ``before``: how many terms stand before each sentence,
    and in all. ``mean``: terms of a row. ``short``: see ``_shortness``, of each sentence, float32.
    ``recent``: the postings of terms asked for last.
    """

    places: Places
    parts: tuple[Postings, ...]
    before: Rows
    mean: float
    short: Vectors = field(init=False, repr=False, compare=False)
    recent: Recent[str, tuple[Rows, Rows]] = field(
        default_factory=lambda: Recent(_RECENT), init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        """Find out how much each sentence is damped."""
        short = _shortness(np.diff(self.before), self.mean).astype(np.float32)
        object.__setattr__(self, "short", short)

    def candidates(self, query: Query, k: int, filters: Filters) -> tuple[Rows, Vectors]:
        """Find the ``k`` rows with the highest BM25, best first; only rows that share a term.

        They are looked for around the ``k`` best sentences, by themselves and with the next one.
        """
        return self._best(weights_of(query), k, filters)

    def best(self, terms: Sequence[str], k: int, filters: Filters) -> tuple[Rows, Vectors]:
        """The same for terms, each given once."""
        return self._best(dict.fromkeys(terms, 1.0), k, filters)

    def scores_of(self, query: Query, rows: Rows) -> Vectors:
        """BM25 of these rows, float32, shape (len(rows),); 0 where no term is shared."""
        return self._scores(self._asked(weights_of(query)), rows)

    def frequency(self, term: str) -> int:
        """How many passages hold a term."""
        return sum(part.frequency(term) for part in self.parts)

    def starting(self, letters: str) -> Sequence[str]:
        """The terms of the index that begin with these letters, in order."""
        if len(self.parts) == 1 and not self.parts[0].removed:
            return self.parts[0].starting(letters)
        terms = sorted({term for part in self.parts for term in part.starting(letters)})
        return [term for term in terms if self.frequency(term)]

    def rows_with_rarest(self, terms: Sequence[str]) -> Rows:
        """The rows that hold the term of these which fewest rows hold, ascending."""
        rarest = min(terms, key=self.frequency, default=None)
        return np.zeros(0, np.int64) if rarest is None else self._around(self._held(rarest)[0])

    def knows(self, text: str) -> bool:
        """Whether every term of a text stands in some passage."""
        return all(self.frequency(term) for term in index_terms(text))

    def save(self, folder: Path, *, added: bool = False) -> None:  # noqa: ARG002 - one protocol
        """Write arrays and JSON into a folder, which is made where it is missing."""
        (own,) = self.parts
        folder.mkdir(exist_ok=True)
        (folder / _VOCABULARY).write_text(json.dumps(list(own.vocabulary)), "ascii")
        np.save(folder / _POSTINGS, np.asarray(own.table[:]), allow_pickle=False)
        for name, array_ in zip(
            _ARRAYS, (own.starts, own.frequencies, np.diff(self.before)), strict=True
        ):
            np.save(folder / f"{name}.npy", array_, allow_pickle=False)

    def _held(self, term: str) -> tuple[Rows, Rows]:
        """The sentences that hold a term, ascending, and how often each has it."""
        return self.recent.get(term, self._read)

    def _read(self, term: str) -> tuple[Rows, Rows]:
        numbers = ((part, part.find(term)) for part in self.parts)
        held = [part.held(number) for part, number in numbers if number is not None]
        if not held:
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        if len(self.parts) == 1 and self.parts[0].within is None:
            return held[0]
        sentences, counts = (np.concatenate(own) for own in zip(*held, strict=True))
        if (sentences[1:] > sentences[:-1]).all():
            return sentences, counts
        order = np.argsort(sentences, kind="stable")  # of runs in order, which it merges
        return sentences[order], counts[order]

    def _asked(self, weights: Mapping[str, float]) -> list[tuple[float, Rows, Rows]]:
        """Of each known term: its weight by its rarity, and its postings."""
        known = ((t, weight, self.frequency(t)) for t, weight in weights.items())
        return [
            (weight * self._rarity(frequency), *self._held(term))
            for term, weight, frequency in known
            if frequency
        ]

    def _rarity(self, frequency: int) -> float:
        held = float(frequency)
        return float(np.log(1 + (len(self.places.first) - held + 0.5) / (held + 0.5)))

    def _scores(self, asked: Sequence[tuple[float, Rows, Rows]], rows: Rows) -> Vectors:
        first, last = self.places.first[rows], self.places.last[rows]
        short = _shortness(self.before[last] - self.before[first], self.mean)
        few = len(self.before) <= _FEW
        if not few:  # rows overlap: where they begin and end is looked for in the postings once
            bounds, at = np.unique(np.concatenate([first, last]), return_inverse=True)
            first, last = at[: len(rows)], at[len(rows) :]
        scores = np.zeros(len(rows), np.float64)
        for weight, held, counts in asked:
            if few:
                sums = np.zeros(len(self.before), np.int64)
                sums[held + 1] = counts
                sums = np.cumsum(sums)
            else:
                sums = np.concatenate([[0], np.cumsum(counts)])[np.searchsorted(held, bounds)]
            times = sums[last] - sums[first]
            scores += weight * times / (times + short)
        return scores.astype(np.float32)

    def _best(self, weights: Mapping[str, float], k: int, filters: Filters) -> tuple[Rows, Vectors]:
        asked = self._asked(weights)
        if not asked:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        sought = k
        while True:
            sentences, all_of_them = self._best_sentences(asked, sought, filters)
            rows = self._around(sentences)
            rows = rows[self.places.allowed(rows, filters)]
            scores = self._scores(asked, rows)
            rows, scores = rows[scores > 0], scores[scores > 0]
            if len(rows) >= k or all_of_them:
                break
            sought *= 4  # of the rows around those sentences the filters allow too few
        best = np.argsort(-scores, kind="stable")[:k]
        return rows[best], scores[best]

    def _best_sentences(
        self, asked: Sequence[tuple[float, Rows, Rows]], k: int, filters: Filters
    ) -> tuple[Rows, bool]:
        """The sentences around which the best rows stand; whether there are no more."""
        # Of memory that is zero until it is written only what the postings touch costs anything.
        scores = np.zeros(len(self.before), np.float32)
        found = []
        for weight, held, counts in asked:
            before = scores[held]
            found.append(held[before == 0])
            scores[held] = before + weight * counts / (counts + self.short[held])
        sentences = np.concatenate(found)
        if filters != Filters():
            sentences = sentences[self._near_allowed(sentences, filters)]
        if len(sentences) <= k:
            return sentences, True
        alone = scores[sentences]
        pairs = alone + scores[sentences + 1]
        chosen = [np.argpartition(-own, k)[:k] for own in (alone, pairs)]
        return sentences[np.unique(np.concatenate(chosen))], False

    def _near_allowed(self, sentences: Rows, filters: Filters) -> Mask:
        """Which sentences stand in a row that the filters may allow: one that begins near."""
        near = (np.maximum(sentences - back, 0) for back in range(max(self.places.grains)))
        allowed = [self.places.allowed(self.places.sentences[own], filters) for own in near]
        either: Mask = np.logical_or.reduce(allowed)
        return either

    def _around(self, sentences: Rows) -> Rows:
        """All rows that hold any of these sentences, ascending."""
        found = []
        for grain in self.places.grains.values():
            begins, ends = grain.overlapping(sentences, sentences + 1)
            found.append(grain.rows[expand(begins, ends)])
        return np.unique(np.concatenate(found))


def weights_of(query: Query) -> dict[str, float]:
    """What each term counts: 1; of several counterparts each one by the root of their number."""
    weights = dict.fromkeys(query.terms, 1.0)
    for terms in query.counterparts:
        for term in terms:
            weights[term] = max(weights.get(term, 0.0), len(terms) ** -0.5)
    return weights


def _shortness(lengths: Rows, mean: float) -> npt.NDArray[np.floating[Any]]:
    """By how much a text of so many terms damps how often it has one."""
    return K1 * (1 - B + B * lengths / max(mean, 1e-9))


def build_lexical(texts: Sequence[str], places: Places) -> LexicalLeg:
    """Index the texts of all sentences."""
    numbers: dict[str, int] = {}
    terms, sentences, counts, lengths = array("i"), array("i"), array("i"), array("i")
    for sentence, text in enumerate(texts):
        own = index_terms(text)
        lengths.append(len(own))
        for term, count in Counter(own).items():
            terms.append(numbers.setdefault(term, len(numbers)))
            sentences.append(sentence)
            counts.append(min(count, _MOST))
    vocabulary = sorted(numbers)
    ranks = np.empty(len(vocabulary), np.int64)
    ranks[[numbers[term] for term in vocabulary]] = np.arange(len(vocabulary))
    of = ranks[np.array(terms, np.int64)]
    order = np.argsort(of, kind="stable")
    postings = np.stack([np.array(sentences, np.int32), np.array(counts, np.int32)], axis=1)[order]
    starts = np.searchsorted(of[order], np.arange(len(vocabulary) + 1)).astype(np.int64)
    frequencies = _frequencies(starts, postings[:, 0].astype(np.int64), places)
    part = Postings(vocabulary, starts, frequencies, postings)
    return _leg(places, (part,), np.array(lengths, np.int64))


def _frequencies(starts: Rows, held: Rows, places: Places) -> Rows:
    """How many rows hold each term: those around its sentences, none counted twice."""
    total = np.zeros(len(held) + 1, np.int64)
    opening = np.zeros(len(held), bool)
    opening[starts[:-1]] = True
    for size in places.grains:
        rows = np.flatnonzero(places.last - places.first == size)
        begins = np.searchsorted(places.last[rows], held, side="right")
        ends = np.searchsorted(places.first[rows], held + 1, side="left")
        already = np.where(opening, 0, np.concatenate([[0], ends[:-1]])[: len(held)])
        total[1:] += np.maximum(0, ends - np.maximum(begins, already))
    sums = np.cumsum(total)
    return (sums[starts[1:]] - sums[starts[:-1]]).astype(np.int64)


def _leg(places: Places, parts: tuple[Postings, ...], lengths: Rows) -> LexicalLeg:
    before = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    own = before[places.last] - before[places.first]
    mean = float(own.mean()) if len(own) else 0.0
    return LexicalLeg(places, parts, before, mean)


def frequencies_in(passages: Sequence[Passage]) -> dict[str, int]:
    """How many of these passages hold each term; those of a document must follow one another."""
    places = make_places(passages)
    (own,) = build_lexical([passages[r].text for r in places.sentences], places).parts
    return dict(zip(own.vocabulary, own.frequencies.tolist(), strict=True))


def open_lexical(
    folders: Sequence[Path],
    places: Places,
    sentences: Runs,
    removed: Sequence[Mapping[str, int]] = (),
) -> LexicalLeg:
    """Open what was saved of segments as one leg; raises IndexDamaged.

    ``sentences``: their ranges. ``removed``: of each, see ``Postings``; none where nothing was.
    """
    opened = [_open_part(folder) for folder in folders]
    for folder, (_, own), expected in zip(folders, opened, sentences.sizes, strict=True):
        if len(own) != expected:
            raise IndexDamaged(
                f"{folder} holds {len(own)} sentences, expected {expected}. {REBUILD}"
            )
    if sentences.is_plain:
        return _leg(places, (opened[0][0],), opened[0][1])
    lengths = join([own[:, None] for _, own in opened], sentences)[:][:, 0]
    gone = removed or [{}] * len(opened)
    parts = [
        replace(part, removed=own, within=sentences.of(number))
        for number, ((part, _), own) in enumerate(zip(opened, gone, strict=True))
    ]
    return _leg(places, tuple(parts), lengths)


def _open_part(folder: Path) -> tuple[Postings, Rows]:
    """The postings of a segment, and how many terms each of its sentences has."""
    try:
        vocabulary = json.loads((folder / _VOCABULARY).read_bytes())
        starts, frequencies, lengths = (
            np.load(folder / f"{name}.npy", allow_pickle=False) for name in _ARRAYS
        )
        postings = open_rows(folder / _POSTINGS)
        shapes = [starts.shape, frequencies.shape, postings.shape]
        terms = len(vocabulary)
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise IndexDamaged(f"{folder} cannot be opened: {error}. {REBUILD}") from None
    if shapes != [(terms + 1,), (terms,), (int(starts[-1]), 2)] or lengths.ndim != 1:
        raise IndexDamaged(
            f"{folder} cannot be opened: {terms} terms have arrays of shapes {shapes}. {REBUILD}"
        )
    return Postings(vocabulary, starts, frequencies, postings), lengths
