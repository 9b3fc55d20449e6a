"""The bundled network run directly: rows alone or together, and layers that do not fit."""

from __future__ import annotations

import numpy as np
import pytest

from dipnot.models.direct import Direct, Embeddings, load_direct
from dipnot.models.packed import Packed, open_packed

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def packed() -> Packed:
    return open_packed()


@pytest.fixture(scope="module")
def network(packed: Packed) -> Direct:
    return load_direct(packed, {})


def test_embeddings_are_normed_and_know_their_place(packed: Packed) -> None:
    embeddings = Embeddings(packed)
    rows = embeddings(np.array([[0, 77, 77], [77, 5, 2]], np.int64))
    assert rows.shape == (2, 3, packed.hidden)
    assert rows.dtype == np.float32
    assert np.abs(rows[0, 1] - rows[0, 2]).max() > 0.01  # one word at two places
    np.testing.assert_array_equal(rows[0], embeddings(np.array([0, 77, 77], np.int64)))


def test_a_row_has_the_same_states_alone_and_beside_others(network: Direct) -> None:
    rows = [[0, 5, 77, 2], list(range(4, 90)), [0, 2]]
    together = network.states(rows)
    assert [own.shape for own in together] == [(4, 384), (86, 384), (2, 384)]
    for own, row in zip(together, rows, strict=True):
        (alone,) = network.states([row])
        cosines = (own * alone).sum(axis=1)
        cosines /= np.linalg.norm(own, axis=1) * np.linalg.norm(alone, axis=1)
        assert cosines.min() > 0.999
    assert network.states([]) == []


def test_trained_layers_with_other_parts_are_refused(packed: Packed) -> None:
    with pytest.raises(KeyError):
        load_direct(packed, {"6.x": np.ones((2, 2), np.float32)})
