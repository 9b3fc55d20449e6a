"""The dense leg: exact, filtered, and saved."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dipnot.errors import IndexDamaged
from dipnot.index.dense import DenseLeg, build_dense, open_dense
from dipnot.index.joined import plain
from dipnot.types import LANGUAGES, Filters, Vectors
from fakes import places_of, query_of


def unit(rows: int, dimension: int = 16, seed: int = 1) -> Vectors:
    made = np.random.default_rng(seed).normal(size=(rows, dimension)).astype(np.float32)
    scaled: Vectors = made / np.linalg.norm(made, axis=1, keepdims=True)
    return scaled


def leg_of(vectors: Vectors) -> DenseLeg:
    return build_dense(vectors, no_means(vectors.shape[1]), places_of(len(vectors)))


def no_means(dimension: int = 16) -> Vectors:
    return np.zeros((len(LANGUAGES), dimension), np.float32)


@pytest.mark.parametrize(
    "filters",
    [Filters(), Filters("d1"), Filters(None, "en"), Filters("d0", "tr"),
     Filters(None, None, "list"), Filters("d2", "en", "body"), Filters("nobody")],
)  # fmt: skip
@given(rows=st.integers(0, 40), k=st.integers(1, 60), seed=st.integers(0, 99))
def test_scores_and_order_equal_brute_force(rows: int, k: int, seed: int, filters: Filters) -> None:
    vectors, query = unit(rows, seed=seed), unit(1, seed=seed + 1)[0]
    leg = leg_of(vectors)
    allowed = np.flatnonzero(leg.places.allowed(np.arange(rows), filters))
    found, scores = leg.candidates(query_of(vector=query), k, filters)
    expected = vectors[allowed] @ query
    order = np.argsort(-expected, kind="stable")[:k]
    assert found.tolist() == allowed[order].tolist()
    np.testing.assert_allclose(scores, expected[order], atol=1e-6)
    again = leg.scores_of(query_of(vector=query), found)
    np.testing.assert_allclose(again, scores, atol=1e-6)


def test_scores_are_inner_products_and_not_distances() -> None:
    leg = leg_of(np.array([[0.6, 0.8], [1, 0]], np.float32))
    found, scores = leg.candidates(query_of(vector=np.array([1, 0], np.float32)), 2, Filters())
    assert (found.tolist(), scores.tolist()) == ([1, 0], pytest.approx([1.0, 0.6]))


def opened(folder: Path, size: int, dimension: int = 16) -> DenseLeg:
    runs = plain(size)
    return open_dense([folder], places_of(size), no_means(dimension), runs, runs)


def test_a_saved_leg_gives_the_same(tmp_path: Path) -> None:
    leg, query = leg_of(unit(30)), query_of(vector=unit(1, seed=5)[0])
    leg.save(tmp_path)
    again = opened(tmp_path, 30)
    before, after = leg.candidates(query, 9, Filters()), again.candidates(query, 9, Filters())
    np.testing.assert_array_equal(before[0], after[0])
    np.testing.assert_array_equal(before[1], after[1])
    np.testing.assert_array_equal(leg.vectors, again.vectors)


@pytest.mark.parametrize("data", [None, b"", b"junk", b"IxFI" + b"\xff" * 40])
def test_a_file_that_is_no_index_is_named(data: bytes | None, tmp_path: Path) -> None:
    if data is not None:
        (tmp_path / "index.faiss").write_bytes(data)
    with pytest.raises(IndexDamaged, match=r"faiss cannot be opened: .*\. Run `\.venv/bin/dipnot"):
        opened(tmp_path, 1, 1)


def test_an_index_of_another_size_dimension_or_metric_is_refused(tmp_path: Path) -> None:
    import faiss

    leg_of(unit(3)).save(tmp_path)
    for size, dimension in ((4, 16), (3, 8)):
        with pytest.raises(IndexDamaged, match=r"holds 3 vectors of 16 .*Run"):
            opened(tmp_path, size, dimension)
    other = faiss.IndexFlatL2(16)
    other.add(unit(3))
    DenseLeg(unit(3), other, places_of(3), no_means()).save(tmp_path)
    with pytest.raises(IndexDamaged, match="by metric 1, expected"):
        opened(tmp_path, 3)
    leg_of(unit(3)).save(tmp_path)
    np.save(tmp_path / "vectors.npy", unit(2))
    with pytest.raises(IndexDamaged, match=r"shape \(2, 16\), expected 3 of 16.*Run"):
        opened(tmp_path, 3)


def test_the_places_of_these_tests_have_every_kind_and_language() -> None:
    assert set(places_of(30).languages.tolist()) == set(range(len(LANGUAGES)))
