"""The bundled model's layers inside a sentence-transformers model, without padding, on every core.

Owns: what stands there in the place of transformers' own. Imports torch and transformers, so it is
itself imported only where texts are embedded.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import torch
from torch import nn
from transformers.modeling_outputs import BaseModelOutputWithPastAndCrossAttentions

from dipnot.models.direct import joined, published
from dipnot.models.network import LAYERS, layers_of, quicken, run, stacked
from dipnot.types import Vectors


class Unpadded(nn.Module):
    """The layers of a BERT, to be called as transformers calls its own."""

    def __init__(self, layers: nn.ModuleList) -> None:
        """Take layers of ours."""
        super().__init__()
        self.layer = layers

    def forward(
        self, hidden_states: torch.Tensor, attention_mask: torch.Tensor | None = None, **_: object
    ) -> BaseModelOutputWithPastAndCrossAttentions:
        """Run embedded texts, shape (texts, tokens, dimension); of padding, zeros come out.

        ``attention_mask``: true where a token is seen, shape (texts, 1, tokens, tokens); None where
        all are.
        """
        count, longest, _size = hidden_states.shape
        lengths = [longest] * count
        if attention_mask is not None:
            lengths = attention_mask[:, 0, 0].sum(dim=1).tolist()
        rows = [own[:n].numpy() for own, n in zip(hidden_states, lengths, strict=True)]
        out = torch.zeros_like(hidden_states)
        for own, found in zip(out, run(partial(stacked, self.layer), rows), strict=True):
            own[: len(found)] = torch.from_numpy(found)
        return BaseModelOutputWithPastAndCrossAttentions(last_hidden_state=out)


def unpadded(weights: Mapping[str, Vectors]) -> Unpadded:
    """Make layers of weights that are named as transformers does."""
    layers = (joined(partial(published, weights, n)) for n in range(LAYERS))
    return Unpadded(quicken(layers_of(layers)))
