"""Codes of vectors: nearly the vectors in a fraction of their bytes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from dipnot.errors import IndexDamaged
from dipnot.index.codec import learn_codec, open_codec
from dipnot.types import Vectors


def unit(rows: int, dimension: int = 64) -> Vectors:
    rng = np.random.default_rng(3)
    made = rng.normal(size=(rows, dimension)) * np.linspace(2, 0.1, dimension) + 0.3
    scaled: Vectors = (made / np.linalg.norm(made, axis=1)[:, None]).astype(np.float32)
    return scaled


@pytest.mark.parametrize(
    ("axes", "bits", "size", "least"), [(64, 8, 64, 0.9995), (64, 2, 16, 0.9), (48, 2, 12, 0.85)]
)
def test_what_is_restored_is_nearly_what_was_coded(
    axes: int, bits: int, size: int, least: float
) -> None:
    vectors = unit(400)
    codec = learn_codec(vectors[:200], axes, bits)
    codes = codec.encode(vectors)
    assert codes.dtype == np.uint8
    assert codes.shape == (400, size)
    restored = codec.restore(codes)
    np.testing.assert_allclose(np.linalg.norm(restored, axis=1), 1, atol=1e-5)
    assert (restored * vectors).sum(axis=1).mean() > least
    drawn = codec.drawn(vectors - codec.mean)
    assert np.corrcoef(drawn.ravel(), codec.decode(codes).ravel())[0, 1] > 0.9


def test_no_rows_give_no_codes() -> None:
    codec = learn_codec(unit(50), 64, 2)
    assert codec.encode(unit(0)).shape == (0, 16)
    assert codec.restore(codec.encode(unit(0))).shape == (0, 64)


def test_a_saved_codec_codes_the_same_and_one_of_another_dimension_is_refused(
    tmp_path: Path,
) -> None:
    assert open_codec(tmp_path, 64) is None
    vectors = unit(60)
    codec = learn_codec(vectors, 32, 2)
    codec.save(tmp_path)
    opened = open_codec(tmp_path, 64)
    assert opened is not None
    np.testing.assert_array_equal(opened.encode(vectors), codec.encode(vectors))
    with pytest.raises(IndexDamaged, match=r"holds a codec of the shapes.*Run"):
        open_codec(tmp_path, 32)
