"""Rows that stay on disk: what is read is what was written, and what is gone is an error."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dipnot.errors import IndexDamaged
from dipnot.index.stored import StoredRows, open_bytes, open_rows

ROWS = np.arange(60, dtype=np.float16).reshape(20, 3)
WIDE = np.arange(20, dtype=np.float16)[:, None].repeat(5_000, 1)  # 10 kB a row


@pytest.fixture(scope="session")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("rows") / "rows.npy"
    np.save(made, ROWS)
    np.save(made.with_name("wide.npy"), WIDE)
    return made


@given(numbers=st.lists(st.integers(0, 19)))
def test_rows_by_their_numbers_are_those_that_were_written(path: Path, numbers: list[int]) -> None:
    rows = np.array(numbers, np.int64)
    np.testing.assert_array_equal(open_rows(path)[rows], ROWS[rows])
    np.testing.assert_array_equal(open_rows(path.with_name("wide.npy"))[rows], WIDE[rows])


@given(begin=st.integers(-30, 30), end=st.integers(-30, 30))
def test_a_range_of_rows_is_the_one_that_was_written(path: Path, begin: int, end: int) -> None:
    np.testing.assert_array_equal(open_rows(path)[begin:end], ROWS[begin:end])


def test_a_row_and_all_rows_are_those_that_were_written(path: Path) -> None:
    stored = open_rows(path)
    np.testing.assert_array_equal(stored[7], ROWS[7])
    np.testing.assert_array_equal(np.asarray(stored), ROWS)
    assert (len(stored), stored.shape, stored.dtype) == (20, (20, 3), ROWS.dtype)


@pytest.mark.parametrize(
    "wrong", [np.zeros(3), np.zeros((2, 2), order="F"), np.zeros((1, 2, 3)), b"", b"\x93NUMPY"]
)
def test_a_file_of_another_shape_is_refused(tmp_path: Path, wrong: object) -> None:
    path = tmp_path / "x.npy"
    path.write_bytes(wrong) if isinstance(wrong, bytes) else np.save(path, wrong)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"\S"):
        StoredRows(path)


@pytest.mark.parametrize("size", [0, 10, 140, 247])
def test_a_file_that_is_not_whole_is_refused(tmp_path: Path, size: int) -> None:
    path = tmp_path / "x.npy"
    np.save(path, ROWS)
    os.truncate(path, size)
    with pytest.raises(ValueError, match=r"\S"):
        StoredRows(path)


@pytest.mark.skipif(not hasattr(os, "preadv"), reason="mapped there")
def test_a_file_that_is_cut_short_while_it_is_read_is_an_error_and_kills_nothing(
    tmp_path: Path,
) -> None:
    path = tmp_path / "x.npy"
    np.save(path, np.zeros((100_000, 3)))
    stored = open_rows(path)
    os.truncate(path, 1000)
    assert not stored[2].any()
    for rows in (slice(90_000, 90_001), np.array([99_999]), slice(None)):
        with pytest.raises(IndexDamaged, match=r"x\.npy was cut short .*Run `\.venv/bin/dipnot"):
            stored[rows]


def test_a_file_that_is_removed_is_read_on(tmp_path: Path) -> None:
    path = tmp_path / "x.npy"
    np.save(path, ROWS)
    stored = open_rows(path)
    path.unlink()
    np.testing.assert_array_equal(stored[5:8], ROWS[5:8])


def test_bytes_are_read_by_ranges_and_a_file_that_is_cut_short_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "texts"
    path.write_bytes(b"akarsu")
    stored = open_bytes(path)
    assert (len(stored), stored[1:3], stored[4:99], stored[5:2]) == (6, b"ka", b"su", b"")
    os.truncate(path, 2)
    with pytest.raises(IndexDamaged, match=r"was cut short while it was served.*Run"):
        _ = stored[1:5]
