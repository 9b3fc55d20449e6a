"""Values in parts, and keys that are found by arithmetic."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dipnot.errors import IndexDamaged
from dipnot.index.milvus_tables import as_arrays, as_bytes, keys_of, numbers_of, pack, unpack


@given(st.binary(max_size=200_000))
def test_a_value_comes_back_out_of_its_parts(value: bytes) -> None:
    parts = list(pack(value))
    assert all(len(part) < 65_000 for part in parts)
    assert unpack("it", parts) == value


def test_a_part_that_is_missing_or_altered_is_seen() -> None:
    value = np.random.default_rng(1).bytes(150_000)
    parts = list(pack(value))
    assert len(parts) > 1
    head = parts[0].split(" ", 2)
    summed = " ".join([head[0], "0" * 64, head[2]])
    for wrong in (parts[:-1], [], [*parts[:-1], parts[-1][::-1]], [summed, *parts[1:]]):
        with pytest.raises(IndexDamaged):
            unpack("it", wrong)


def test_arrays_come_back_with_their_types_and_shapes() -> None:
    arrays: dict[str, Any] = {
        "a": np.arange(6, dtype=np.int64).reshape(2, 3),
        "b": np.zeros((0, 4), np.float32),
    }
    again = as_arrays(as_bytes(arrays))
    for name, array in arrays.items():
        assert again[name].dtype == array.dtype
        np.testing.assert_array_equal(again[name], array)


@given(st.lists(st.integers(1, 9), min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_a_row_is_found_by_its_key_and_its_key_by_the_row(
    counts: list[int], chance: object
) -> None:
    versions = np.array(chance.sample(range(1, 10**6), len(counts)), np.int64)  # type: ignore[attr-defined]
    bounds = np.cumsum([0, *counts])
    rows = np.arange(bounds[-1])
    keys = keys_of(versions, bounds, rows)
    assert len(set(keys.tolist())) == len(rows)
    np.testing.assert_array_equal(numbers_of(versions, bounds, keys), rows)
