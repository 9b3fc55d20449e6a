"""Where passages and sentences stand: sorted arrays that are searched, never walked through.

Owns: the numbers of rows and sentences, and every way from one to the other. A *row* is the number
of a passage of any grain; a *sentence number* counts the single sentences of all documents in
reading order. Looking something up costs a binary search, whatever the size of the corpus.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import numpy as np
import numpy.typing as npt

from dipnot.index.passages import GRAINS, SHOWN_GRAIN
from dipnot.types import KINDS, LANGUAGES, RUNNING, Filters, Kind, Passage, Rows, Span

Codes = npt.NDArray[np.int8]
Counts = npt.NDArray[np.int32]
Bits = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Grain:
    """The windows of one length, as rows in ascending order.

    Both ends of windows ascend, so that what overlaps a range of sentences is a range of windows.
    ``begun``: how many of them begin before each sentence, and in all; ``ended``: how many end
    before it. int32, shape (sentences + 1,): to look there costs one step where a search costs
    twenty.
    """

    rows: Rows
    begun: Counts
    ended: Counts

    def overlapping(self, first: Rows, last: Rows) -> tuple[Rows, Rows]:
        """Half-open ranges, into ``rows``, of the windows that overlap ranges of sentences."""
        return self.ended[first].astype(np.int64), self.begun[last].astype(np.int64)


@dataclass(frozen=True, slots=True)
class Places:
    """Where everything stands; derived from the passages alone.

    ``doc_ids``: in order of their rows; ``row_bounds`` and ``sentence_bounds``: where each
    document begins, shape (documents + 1,). ``first`` and ``last``: half-open range of sentences of
    each row. ``sentences``: the row of each single sentence; ``starts`` and ``ends``: its offsets
    in its document. ``kinds`` and ``languages``: of each row, as numbers of ``KINDS`` and
    ``LANGUAGES``; ``bitmaps``: the same by value, a bit a row, the lowest first.
    """

    doc_ids: tuple[str, ...]
    row_bounds: Rows
    sentence_bounds: Rows
    first: Rows
    last: Rows
    sentences: Rows
    starts: Rows
    ends: Rows
    kinds: Codes
    languages: Codes
    grains: Mapping[int, Grain]
    bitmaps: Mapping[str, Bits]
    numbers: Mapping[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Number the documents."""
        object.__setattr__(self, "numbers", {d: n for n, d in enumerate(self.doc_ids)})

    @property
    def shown(self) -> Rows:
        """The rows that a search may show."""
        return self.grains[SHOWN_GRAIN].rows

    def rows_of(self, doc_id: str) -> range:
        """The rows of a document; none for an unknown one."""
        return self._of(doc_id, self.row_bounds)

    def doc_of(self, row: int) -> str:
        """The document that a row is of."""
        return self.doc_ids[int(np.searchsorted(self.row_bounds, row, side="right")) - 1]

    def sentences_of(self, doc_id: str, span: Span | None = None) -> range:
        """Numbers of the sentences of a document, or of those that a range of it overlaps."""
        whole = self._of(doc_id, self.sentence_bounds)
        if span is None:
            return whole
        part = slice(whole.start, whole.stop)
        first = int(np.searchsorted(self.ends[part], span.start, side="right"))
        last = int(np.searchsorted(self.starts[part], span.end, side="left"))
        return range(whole.start + first, whole.start + max(first, last))

    def shown_of(self, doc_id: str) -> int:
        """How many passages of a document a search may show."""
        rows = self.rows_of(doc_id)
        first, last = np.searchsorted(self.shown, (rows.start, rows.stop))
        return int(last - first)

    def row_over(self, first: int, last: int) -> int:
        """The row of exactly these sentences; of the first of them where there is none."""
        grain = self.grains.get(last - first)
        if grain is not None:
            row = int(grain.rows[min(grain.begun[first], len(grain.rows) - 1)])
            if (self.first[row], self.last[row]) == (first, last):
                return row
        return int(self.sentences[first])

    def shown_over(self, rows: Rows) -> Rows:
        """The rows to show that overlap any of these rows, ascending, each once."""
        grain = self.grains[SHOWN_GRAIN]
        begins, ends = grain.overlapping(self.first[rows], self.last[rows])
        return grain.rows[np.unique(expand(begins, ends))]

    def allowed(self, rows: Rows, filters: Filters) -> Mask:
        """Which of these rows the filters let through."""
        passes = np.ones(len(rows), dtype=bool)
        if filters.doc_id is not None:
            own = self.rows_of(filters.doc_id)
            passes &= (rows >= own.start) & (rows < own.stop)
        if filters.language is not None:
            passes &= self.languages[rows] == LANGUAGES.index(filters.language)
        if filters.kind is not None:
            passes &= np.isin(self.kinds[rows], _codes_of(filters.kind))
        return passes

    def count_of(self, value: str) -> int:
        """How many rows are of a kind or a language, as a filter by it has it."""
        return int(np.bitwise_count(self.bitmaps[value]).sum())

    def _of(self, doc_id: str, bounds: Rows) -> range:
        number = self.numbers.get(doc_id)  # in one step, however many documents there are
        if number is None:
            return range(0)
        return range(int(bounds[number]), int(bounds[number + 1]))


def expand(begins: Rows, ends: Rows) -> Rows:
    """All numbers of half-open ranges, one range after another."""
    counts = np.maximum(ends - begins, 0)
    offsets = np.repeat(begins - np.cumsum(counts) + counts, counts)
    return offsets + np.arange(int(counts.sum()), dtype=np.int64)


def make_places(passages: Sequence[Passage]) -> Places:
    """Find out where passages stand; those of a document must follow one another."""
    sentences = np.array([i for i, p in enumerate(passages) if len(p.sentences) == 1], np.int64)
    number = {(passages[r].doc_id, passages[r].span.start): n for n, r in enumerate(sentences)}
    first = np.array([number[p.doc_id, p.sentences[0].start] for p in passages], np.int64)
    sizes = np.array([len(p.sentences) for p in passages], np.int64)
    kinds = np.array([KINDS.index(p.kind) for p in passages], np.int64)
    languages = np.array([LANGUAGES.index(p.language) for p in passages], np.int64)
    spans = [passages[r].span for r in sentences]
    counted = [(d, len(list(own))) for d, own in groupby(passages, lambda p: p.doc_id)]
    return places_of_columns(
        [doc_id for doc_id, _ in counted],
        [rows for _, rows in counted],
        np.stack([first, first + sizes, kinds, languages], axis=1),
        np.array(spans, np.int64).reshape(len(spans), 2),
    )


def join_places(parts: Sequence[Places]) -> Places:
    """Where everything stands in texts that follow one another, of where it stands in each."""
    if not parts:
        return make_places([])
    before = np.cumsum([0, *(len(part.sentences) for part in parts)]).tolist()
    columns = [_columns(part, n) for part, n in zip(parts, before, strict=False)]
    return places_of_columns(
        [doc_id for part in parts for doc_id in part.doc_ids],
        [n for part in parts for n in np.diff(part.row_bounds).tolist()],
        np.concatenate([windows for windows, _ in columns]),
        np.concatenate([sentences for _, sentences in columns]),
    )


def place_arrays(places: Places) -> dict[str, Any]:
    """What must be kept of one text's places to have them again."""
    windows, sentences = _columns(places, 0)
    return {"windows": windows, "sentences": sentences}


def places_from(doc_id: str, arrays: Mapping[str, Any]) -> Places:
    """One text's places again."""
    return places_of_columns([doc_id], [len(arrays["windows"])], **arrays)


def _columns(places: Places, before: int) -> tuple[Rows, Rows]:
    """Places as columns, behind so many sentences; see ``places_of_columns``."""
    first, last = places.first + before, places.last + before
    windows = np.stack([first, last, places.kinds, places.languages], axis=1)
    return windows, np.stack([places.starts, places.ends], axis=1)


def places_of_columns(
    doc_ids: Sequence[str], counts: Sequence[int], windows: Rows, sentences: Rows
) -> Places:
    """Find out where passages stand by their columns.

    ``counts``: rows of each document. ``windows``, shape (rows, 4): first and last sentence, kind,
    language. ``sentences``, shape (sentences, 2 or more): start and end in the document.
    """
    first, last, kinds, languages = (np.ascontiguousarray(column) for column in windows.T)
    first, last = first.astype(np.int64), last.astype(np.int64)
    kinds, languages = kinds.astype(np.int8), languages.astype(np.int8)
    singles = np.flatnonzero(last - first == 1)
    filled = [(doc_id, count) for doc_id, count in zip(doc_ids, counts, strict=True) if count]
    row_bounds = np.cumsum([0, *(count for _, count in filled)]).astype(np.int64)
    return Places(
        doc_ids=tuple(doc_id for doc_id, _ in filled),
        row_bounds=row_bounds,
        sentence_bounds=np.searchsorted(singles, row_bounds).astype(np.int64),
        first=first,
        last=last,
        sentences=singles,
        starts=np.ascontiguousarray(sentences[:, 0], np.int64),
        ends=np.ascontiguousarray(sentences[:, 1], np.int64),
        kinds=kinds,
        languages=languages,
        grains=_grains(first, last, len(singles)),
        bitmaps=_bitmaps(kinds, languages),
    )


def _grains(first: Rows, last: Rows, sentences: int) -> dict[int, Grain]:
    """Sort rows by their length; a run of sentences too short for a grain stands there whole."""
    sizes = last - first
    longest = np.zeros(sentences, np.int64)  # window over each sentence
    for size in GRAINS:
        rows = np.flatnonzero(sizes == size)
        longest[expand(first[rows], last[rows])] = size
    run = longest[first] if len(first) else longest
    grains = {}
    for size in GRAINS:
        rows = np.flatnonzero((sizes == size) | ((sizes < size) & (run == sizes)))
        grains[size] = Grain(
            rows, _up_to(first[rows] + 1, sentences), _up_to(last[rows], sentences)
        )
    return grains


def _up_to(numbers: Rows, most: int) -> Counts:
    """How many of these numbers are at most 0, at most 1 and so on, up to ``most``."""
    counted: Counts = np.cumsum(np.bincount(numbers, minlength=most + 1), dtype=np.int32)
    return counted


def _bitmaps(kinds: Codes, languages: Codes) -> dict[str, Bits]:
    by_value: dict[str, Mask] = {kind: np.isin(kinds, _codes_of(kind)) for kind in KINDS}
    by_value |= {name: languages == code for code, name in enumerate(LANGUAGES)}
    return {value: np.packbits(mask, bitorder="little") for value, mask in by_value.items()}


def _codes_of(kind: Kind) -> list[int]:
    """Numbers of the kinds that a filter by one lets through: the text itself is one kind."""
    return [KINDS.index(k) for k in (RUNNING if kind == "body" else (kind,))]
