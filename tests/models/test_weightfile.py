"""Weights as they are shipped: what packing keeps, and what is read back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dipnot.models.weightfile import ENCODER, READER, packed, read_weights, unpacked, write_weights


@given(arrays(np.float32, (3, 5), elements=st.floats(-9, 9, width=32)))
def test_packing_keeps_weights_to_half_a_step_of_their_rows_range(weight: Any) -> None:
    back = unpacked(packed({"w": weight, "b": weight[0]}))
    step = np.abs(weight).max(axis=1, keepdims=True) / 127
    assert set(back) == {"w", "b"}
    assert (np.abs(back["w"] - weight) <= step * 0.51 + 1e-6).all()
    assert np.allclose(back["b"], weight[0], atol=0.01)


def test_what_is_written_is_read_back_with_what_is_told(tmp_path: Path) -> None:
    weights = {"a": np.array([[1.0, -0.5], [0.0, 0.25]], np.float32), "b": np.ones(2, np.float32)}
    path = tmp_path / "deeper" / "w.safetensors"
    write_weights(path, weights, {"license": "MIT"})
    tensors, told = read_weights(path)
    assert told == {"license": "MIT"}
    assert tensors["a"].dtype == np.int8
    for name, own in unpacked(tensors).items():
        assert np.allclose(own, weights[name], atol=0.005)


def test_what_is_shipped_is_of_one_model_and_small() -> None:
    told = [read_weights(path)[1] for path in (ENCODER, READER)]
    assert told[0] == told[1]
    assert ENCODER.stat().st_size + READER.stat().st_size < 40e6
