"""Layers inside a sentence-transformers model: the same without padding as with it."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from dipnot.models.network import DIMENSION, Layer
from dipnot.models.unpadded import Unpadded


def made() -> Unpadded:
    torch.manual_seed(7)
    return Unpadded(nn.ModuleList([Layer(), Layer()]).eval())


def mask_of(lengths: list[int]) -> torch.Tensor:
    seen = torch.arange(max(lengths))[None, :] < torch.tensor(lengths)[:, None]
    return seen[:, None, None, :].expand(-1, 1, max(lengths), -1)


def test_a_text_has_the_same_states_beside_a_longer_one_and_padding_none() -> None:
    encoder, lengths = made(), [5, 9]
    texts = torch.randn(2, 9, DIMENSION)
    with torch.inference_mode():
        beside = encoder(texts, attention_mask=mask_of(lengths)).last_hidden_state
        for text, own, length in zip(texts, beside, lengths, strict=True):
            alone = encoder(text[None, :length]).last_hidden_state[0]
            np.testing.assert_allclose(own[:length].numpy(), alone.numpy(), atol=1e-5)
            assert not own[length:].any()


def test_what_transformers_passes_beside_is_taken_and_left() -> None:
    with torch.inference_mode():
        out = made()(torch.zeros(1, 3, DIMENSION), None, past_key_values=None, position_ids=None)
    assert out.last_hidden_state.shape == (1, 3, DIMENSION)
    assert out.past_key_values is None
