"""The reader's network: the same logits in every number format it may run in, padded or not."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from dipnot.network import DIMENSION, OUTPUTS, Network, make_network, run, spans
from dipnot.types import Vectors
from dipnot.weightfile import Packed, packed


@pytest.fixture(scope="module")
def weights() -> Packed:
    torch.manual_seed(5)
    return packed({name: w.numpy() for name, w in Network().state_dict().items()})


def embedded(windows: int, tokens: int) -> Vectors:
    return np.random.default_rng(3).normal(size=(windows, tokens, DIMENSION)).astype(np.float32)


@pytest.mark.parametrize(
    ("able", "part"),
    [("avx512_vnni", torch.int8), ("avx512_bf16", torch.bfloat16), ("", torch.float32)],
)
def test_every_number_format_gives_nearly_the_same(
    weights: Packed, monkeypatch: pytest.MonkeyPatch, able: str, part: torch.dtype
) -> None:
    text, padding = embedded(2, 24), np.zeros((2, 24), bool)
    monkeypatch.setattr(torch.cpu, "get_capabilities", dict)
    exact = run(make_network(weights), text, padding)
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {able: True})
    network = make_network(weights)
    assert network.layers[0].inner.weight.dtype == part  # type: ignore[union-attr]
    found = run(network, text, padding)
    assert found.shape == (2, 24, OUTPUTS)
    assert np.abs(found - exact).max() < 0.05 * np.abs(exact).max() + 0.02


def test_padding_changes_nothing(weights: Packed) -> None:
    network = make_network(weights)
    text = embedded(1, 10)
    alone = run(network, text, np.zeros((1, 10), bool))
    wide = np.concatenate([text, embedded(1, 6)], axis=1)
    beside = run(network, wide, np.arange(16)[None] >= 10)
    np.testing.assert_allclose(beside[:, :10], alone, atol=0.05)


def test_a_span_is_scored_as_a_whole() -> None:
    half = (OUTPUTS - 3) // 2
    outputs = torch.zeros(4, OUTPUTS)
    outputs[:, 1] = torch.tensor([0.0, 3.0, 3.0, 0.0])  # two likely starts
    outputs[:, 2] = torch.tensor([0.0, 2.0, 0.0, 2.5])  # two likely ends
    assert spans(outputs).argmax() == 1 * 4 + 3
    outputs[1, 3] = outputs[1, 3 + half] = 2.0 * half**0.25  # 1 begins and ends one answer
    assert spans(outputs)[1, 1] == pytest.approx(3 + 2 + 4)
    assert spans(outputs).argmax() == 1 * 4 + 1
