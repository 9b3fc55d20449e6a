"""Tables seen as one: whatever is asked of them is what one table would give."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dipnot.index.joined import JoinedBytes, JoinedRows, Runs, join, plain
from dipnot.index.stored import open_bytes, open_rows
from dipnot.types import Rows

SIZES = (7, 4, 1)
ranges = st.lists(
    st.sampled_from(range(len(SIZES))).flatmap(
        lambda n: st.tuples(st.just(n), st.integers(0, SIZES[n]), st.integers(0, SIZES[n]))
    ),
    max_size=6,
)


def runs_of(told: list[tuple[int, int, int]]) -> Runs:
    array = np.array([(n, *sorted(own)) for n, *own in told], np.int64).reshape(len(told), 3)
    return Runs(array[:, 0], array[:, 1], array[:, 2], SIZES)


def tables() -> list[Rows]:
    return [np.arange(2 * size).reshape(size, 2) + 100 * n for n, size in enumerate(SIZES)]


@given(ranges, st.lists(st.integers(0, 40), max_size=9), st.booleans())
def test_rows_are_those_of_the_ranges_one_behind_another(
    told: list[tuple[int, int, int]], asked: list[int], shifted: bool
) -> None:
    runs = runs_of(told).merged()
    shifts = np.arange(len(runs.segments) * 2).reshape(-1, 2) * 1000 if shifted else None
    with TemporaryDirectory() as name:
        own = tables()
        for n, table in enumerate(own):
            np.save(Path(name) / f"{n}.npy", table)
        files = [open_rows(Path(name) / f"{n}.npy") for n in range(len(own))]
        joined = JoinedRows(files, runs, shifts)
        parts = [own[n][b:e] for n, b, e in zip(runs.segments, runs.begins, runs.ends, strict=True)]
        if shifts is not None:
            parts = [part + shifts[i] for i, part in enumerate(parts)]
        whole = np.concatenate([own[0][:0], *parts])
        assert joined.shape == whole.shape
        np.testing.assert_array_equal(joined[:], whole)
        np.testing.assert_array_equal(np.asarray(joined), whole)
        if len(whole):
            rows = np.array(asked, np.int64) % len(whole)
            np.testing.assert_array_equal(joined[rows], whole[rows])
            for row in rows.tolist():
                np.testing.assert_array_equal(joined[row], whole[row])
                np.testing.assert_array_equal(joined[row : row + 3], whole[row : row + 3])


def test_many_ranges_are_read_segment_by_segment_and_are_the_same() -> None:
    table = np.arange(400).reshape(200, 2)
    order = np.random.default_rng(1).permutation(200)
    runs = Runs(np.zeros(200, np.int64), order, order + 1, (200,))
    np.testing.assert_array_equal(JoinedRows([table], runs)[3:180], table[order[3:180]])


@given(ranges)
def test_ranges_that_follow_one_another_are_merged_and_hold_the_same(
    told: list[tuple[int, int, int]],
) -> None:
    runs = runs_of(told)
    merged = runs.merged()
    np.testing.assert_array_equal(JoinedRows(tables(), runs)[:], JoinedRows(tables(), merged)[:])
    assert (merged.ends > merged.begins).all()


def test_a_number_of_a_segment_has_one_in_the_whole_where_it_is_there() -> None:
    runs = runs_of([(0, 4, 7), (1, 0, 2), (0, 0, 1)])
    assert runs.of(0).whole_of(np.arange(7)).tolist() == [5, -1, -1, -1, 0, 1, 2]
    assert runs.of(1).whole_of(np.arange(4)).tolist() == [3, 4, -1, -1]
    assert runs.of(2).whole_of(np.arange(1)).tolist() == [-1]


def test_ranges_are_told_of_what_stands_in_them() -> None:
    runs = runs_of([(0, 4, 7), (1, 0, 2)])
    counts = [np.arange(size + 1) * 10 for size in SIZES]
    of = runs.mapped(counts)
    assert (of.begins.tolist(), of.ends.tolist(), of.sizes) == ([40, 0], [70, 20], (70, 40, 10))


def test_a_table_that_is_all_of_it_stays_what_it_is_and_another_size_is_refused() -> None:
    table = tables()[0]
    assert join([table], plain(7)) is table
    assert len(join([table[:0]], plain(0))) == 0
    assert isinstance(join([table], plain(7), np.ones((1, 2), np.int64)), JoinedRows)
    with pytest.raises(ValueError, match="no segments"):
        join([table], plain(6))


def test_bytes_of_several_files_are_read_by_where_they_stand_in_all(tmp_path: Path) -> None:
    parts = [b"abc", b"", b"defg"]
    for n, part in enumerate(parts):
        (tmp_path / str(n)).write_bytes(part)
    joined = JoinedBytes([open_bytes(tmp_path / str(n)) for n in range(3)])
    assert joined.befores == [0, 3, 3, 7]
    assert [joined[0:3], joined[1:2], joined[3:7], joined[4:4]] == [b"abc", b"b", b"defg", b""]
