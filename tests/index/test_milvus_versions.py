"""A text as rows of an engine; what is written and read back is in test_milvus_build."""

from __future__ import annotations

import numpy as np

from dipnot.index.centring import centred
from dipnot.index.milvus_versions import uncentred


def test_centring_can_be_undone() -> None:
    chance = np.random.default_rng(5)
    vectors = chance.normal(size=(50, 32)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    means = np.repeat(0.8 * vectors[:1], 50, axis=0)
    again = uncentred(centred(vectors, means), means)
    np.testing.assert_allclose(again, vectors, atol=1e-5)
