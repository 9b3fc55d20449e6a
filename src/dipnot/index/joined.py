"""Tables of several segments, seen as one: rows, and bytes, in the order of a generation.

Owns: which range of which segment stands where, and the reading through it. A segment is a folder
of columns that is never changed. A text that was removed, or changed, leaves a gap in its segment,
which is passed over: seen from above there are no gaps, and rows have the numbers that they would
have if all had been written in one go.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import numpy as np
import numpy.typing as npt

from dipnot.index.stored import StoredBytes, StoredRows
from dipnot.types import Rows

Table = StoredRows | npt.NDArray[Any]
_FEW = 64  # ranges that are read one by one; more are read segment by segment


@dataclass(frozen=True, slots=True)
class Runs:
    """Ranges of segments, one behind another; they are of documents, or of what these hold.

    ``segments``: the number of each one's segment. ``begins`` and ``ends``: half-open ranges in it.
    ``sizes``: how much each segment holds, what is passed over too.
    """

    segments: Rows
    begins: Rows
    ends: Rows
    sizes: tuple[int, ...]

    @property
    def starts(self) -> Rows:
        """Where each stands in the whole."""
        sizes = self.ends - self.begins
        return np.asarray(np.cumsum(sizes) - sizes, np.int64)

    def merged(self) -> Runs:
        """The same in as few ranges as can be; none of them empty."""
        filled = np.flatnonzero(self.ends > self.begins)
        own, begins, ends = self.segments[filled], self.begins[filled], self.ends[filled]
        follows = np.zeros(len(filled), bool)
        follows[1:] = (own[1:] == own[:-1]) & (begins[1:] == ends[:-1])
        heads = np.flatnonzero(~follows)
        lasts = np.append(heads[1:], len(filled))[: len(heads)] - 1
        return Runs(own[heads], begins[heads], ends[lasts], self.sizes)

    def mapped(self, before: Sequence[Rows]) -> Runs:
        """The ranges of what stands in these: ``before[segment][n]`` of it before the nth."""
        both = np.zeros((2, len(self.segments)), np.int64)
        for segment, counts in enumerate(before):
            own = np.flatnonzero(self.segments == segment)
            both[:, own] = counts[self.begins[own]], counts[self.ends[own]]
        return Runs(self.segments, both[0], both[1], tuple(int(own[-1]) for own in before))

    def of(self, segment: int) -> Within:
        """Where what stands in a segment stands in the whole."""
        own = np.flatnonzero(self.segments == segment)
        own = own[np.argsort(self.begins[own], kind="stable")]
        return Within(self.begins[own], self.ends[own], self.starts[own])

    @property
    def is_plain(self) -> bool:
        """Whether it is one segment, whole and in its order."""
        ranges = list(zip(self.begins.tolist(), self.ends.tolist(), strict=True))
        return len(self.sizes) == 1 and ranges == [(0, size) for size in self.sizes if size]


@dataclass(frozen=True, slots=True)
class Within:
    """The ranges of one segment, ascending, and where each of them starts in the whole."""

    begins: Rows
    ends: Rows
    starts: Rows

    def whole_of(self, numbers: Rows) -> Rows:
        """The numbers in the whole of what has these in the segment; -1 for what is not there."""
        made = np.full(len(numbers), -1, np.int64)
        if len(self.begins):
            at = np.maximum(np.searchsorted(self.begins, numbers, side="right") - 1, 0)
            inside = (numbers >= self.begins[at]) & (numbers < self.ends[at])
            made[inside] = (numbers - self.begins[at] + self.starts[at])[inside]
        return made


def plain(size: int) -> Runs:
    """One segment of a size, whole."""
    zero = np.zeros(1, np.int64)
    return Runs(zero, zero, zero + size, (size,)).merged()


class JoinedRows:
    """Rows of several tables, indexed as those of one; ``dtype`` and ``shape`` are the whole's."""

    def __init__(self, tables: Sequence[Table], runs: Runs, shifts: Rows | None = None) -> None:
        """``shifts``: of each range what is added to its rows, shape (ranges, width)."""
        self._tables, self._runs, self._starts = tables, runs, runs.starts
        self.dtype = tables[0].dtype
        self._shifts = None if shifts is None else shifts.astype(self.dtype)
        count = int((runs.ends - runs.begins).sum())
        self.shape: tuple[int, int] = (count, tables[0].shape[1])

    def __len__(self) -> int:
        """How many rows there are."""
        return self.shape[0]

    def __getitem__(self, rows: int | slice | Rows) -> npt.NDArray[Any]:
        """Read one row, a range of rows, or rows by their numbers; raises IndexDamaged."""
        if isinstance(rows, slice):
            begin, end, _ = rows.indices(len(self))
            return self._range(begin, max(begin, end))
        if isinstance(rows, np.ndarray):
            return self._some(rows)
        row: npt.NDArray[Any] = self._range(int(rows), int(rows) + 1)[0]
        return row

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> npt.NDArray[Any]:
        """Read all of it."""
        return np.asarray(self[:], dtype)

    def _range(self, begin: int, end: int) -> npt.NDArray[Any]:
        run = max(0, int(np.searchsorted(self._starts, begin, side="right")) - 1)
        if int(np.searchsorted(self._starts, end)) - run > _FEW:
            return self._some(np.arange(begin, end))
        made = np.empty((end - begin, self.shape[1]), self.dtype)
        at = begin
        while at < end:
            start = int(self._starts[run])
            first = int(self._runs.begins[run]) + at - start
            last = min(int(self._runs.ends[run]), first + end - at)
            part = made[at - begin : at - begin + last - first]
            part[:] = self._tables[int(self._runs.segments[run])][first:last]
            if self._shifts is not None:
                part += self._shifts[run]
            at, run = at + last - first, run + 1
        return made

    def _some(self, rows: Rows) -> npt.NDArray[Any]:
        made = np.empty((len(rows), self.shape[1]), self.dtype)
        run = np.searchsorted(self._starts, rows, side="right") - 1
        segments = self._runs.segments[run]
        there = rows - self._starts[run] + self._runs.begins[run]
        for segment in np.unique(segments).tolist():
            own = np.flatnonzero(segments == segment)
            made[own] = self._tables[segment][there[own]]
        if self._shifts is not None:
            made += self._shifts[run]
        return made


class JoinedBytes:
    """Bytes of several files, one behind another."""

    def __init__(self, parts: Sequence[StoredBytes | bytes]) -> None:
        """``befores``: where each begins."""
        self._parts = parts
        self.befores = [0, *accumulate(map(len, parts))]

    def __len__(self) -> int:
        """How many bytes there are."""
        return self.befores[-1]

    def __getitem__(self, part: slice) -> bytes:
        """Read a range that lies in one file; raises IndexDamaged."""
        begin, end, _ = part.indices(len(self))
        if end <= begin:
            return b""
        number = bisect_right(self.befores, begin) - 1
        before = self.befores[number]
        return self._parts[number][begin - before : end - before]


def join(tables: Sequence[Table], runs: Runs, shifts: Rows | None = None) -> Table | JoinedRows:
    """See tables as one; a table that is all of it stays what it is. Raises ValueError."""
    sizes = tuple(len(table) for table in tables)
    if sizes != runs.sizes or len({table.shape[1] for table in tables}) > 1:
        raise ValueError(f"tables of {sizes} rows are no segments of {runs.sizes}")
    if runs.is_plain and (shifts is None or not shifts.any()):
        return tables[0]
    return JoinedRows(tables, runs, shifts)
