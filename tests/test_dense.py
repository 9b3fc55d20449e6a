"""The dense leg: exact, filtered, and saved."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dipnot.dense import build_dense, open_dense, save_dense, search_dense
from dipnot.errors import IndexDamaged
from dipnot.types import Vectors


def unit(rows: int, dimension: int = 16, seed: int = 1) -> Vectors:
    made = np.random.default_rng(seed).normal(size=(rows, dimension)).astype(np.float32)
    scaled: Vectors = made / np.linalg.norm(made, axis=1, keepdims=True)
    return scaled


@given(st.integers(0, 40), st.integers(1, 60), st.integers(0, 99), st.booleans())
def test_scores_and_order_equal_brute_force(
    rows: int,
    k: int,
    seed: int,
    filtered: bool,
) -> None:
    vectors, query = unit(rows, seed=seed), unit(1, seed=seed + 1)[0]
    allowed = np.arange(0, rows, 3) if filtered else np.arange(rows)
    found, scores = search_dense(build_dense(vectors), query, k, allowed if filtered else None)
    expected = vectors[allowed] @ query
    order = np.argsort(-expected, kind="stable")[:k]
    assert found.tolist() == allowed[order].tolist()
    np.testing.assert_allclose(scores, expected[order], atol=1e-6)


def test_scores_are_inner_products_and_not_distances() -> None:
    vectors = np.array([[1, 0], [3, 0]], np.float32)
    found, scores = search_dense(build_dense(vectors), np.array([1, 0], np.float32), 2)
    assert (found.tolist(), scores.tolist()) == ([1, 0], [3.0, 1.0])


def test_a_saved_index_gives_the_same(tmp_path: Path) -> None:
    vectors, query = unit(30), unit(1, seed=5)[0]
    index = build_dense(vectors)
    save_dense(index, tmp_path / "d")
    again = open_dense(tmp_path / "d", 30, 16)
    before, after = search_dense(index, query, 9), search_dense(again, query, 9)
    np.testing.assert_array_equal(before[0], after[0])
    np.testing.assert_array_equal(before[1], after[1])


@pytest.mark.parametrize("data", [None, b"", b"junk", b"IxFI" + b"\xff" * 40])
def test_a_file_that_is_no_index_is_named(data: bytes | None, tmp_path: Path) -> None:
    if data is not None:
        (tmp_path / "d").write_bytes(data)
    with pytest.raises(IndexDamaged, match=r"/d cannot be opened: .*\. Run `\.venv/bin/dipnot"):
        open_dense(tmp_path / "d", 1, 1)


def test_an_index_of_another_size_dimension_or_metric_is_refused(tmp_path: Path) -> None:
    import faiss

    save_dense(build_dense(unit(3)), tmp_path / "d")
    for size, dimension in ((4, 16), (3, 8)):
        with pytest.raises(IndexDamaged, match=r"holds 3 vectors of 16 .*Run"):
            open_dense(tmp_path / "d", size, dimension)
    other = faiss.IndexFlatL2(16)
    other.add(unit(3))
    save_dense(other, tmp_path / "d")
    with pytest.raises(IndexDamaged, match="by metric 1, expected"):
        open_dense(tmp_path / "d", 3, 16)
