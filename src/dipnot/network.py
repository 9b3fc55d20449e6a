"""The reader's network: the encoder's layers, trained to read question and text together.

Owns: its shape, its forward pass, and the number format it runs in. Imports torch, so it is itself
imported only where something is read or trained.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from dipnot.types import Vectors

LAYERS = 12
DIMENSION = 384
_HEADS = 12
_INNER = 1536


class Network(nn.Module):
    """Transformer layers over the encoder's token embeddings, with a head for each output."""

    def __init__(self) -> None:
        """Make an untrained network."""
        super().__init__()
        layer = nn.TransformerEncoderLayer(
            DIMENSION,
            _HEADS,
            _INNER,
            dropout=0.0,
            activation="gelu",
            layer_norm_eps=1e-12,
            batch_first=True,
        )
        self.layers = nn.TransformerEncoder(layer, LAYERS, enable_nested_tensor=False)
        self.span = nn.Linear(DIMENSION, 2)
        self.evidence = nn.Linear(DIMENSION, 1)

    def forward(self, embedded: torch.Tensor, padding: torch.Tensor) -> torch.Tensor:
        """Give logits of starts, of ends and of evidence: shape (3, windows, tokens).

        ``embedded``: shape (windows, tokens, dimension). ``padding``: true where there is none.
        """
        read = self.layers(embedded, src_key_padding_mask=padding)
        start, end = self.span(read).unbind(-1)
        return torch.stack([start, end, self.evidence(read).squeeze(-1)])


def make_network(weights: Mapping[str, Vectors]) -> Network:
    """Make a network that only reads, in bfloat16 where the processor multiplies in it."""
    # On a CPU torch's fused path for inference is slower than its plain one: 169 ms for 108.
    torch.backends.mha.set_fastpath_enabled(False)
    network = Network()
    network.load_state_dict({name: torch.from_numpy(w) for name, w in weights.items()})
    able: dict[str, Any] = getattr(torch.cpu, "get_capabilities", dict)()
    if able.get("avx512_bf16") or able.get("amx_bf16"):
        network = network.bfloat16()
    return network.eval()


def run(network: Network, embedded: Vectors, padding: npt.NDArray[np.bool_]) -> Vectors:
    """Run a batch: embeddings of shape (windows, tokens, dimension) to logits, windows second."""
    kind = next(network.parameters()).dtype
    with torch.inference_mode():
        out = network(torch.from_numpy(embedded).to(kind), torch.from_numpy(padding))
    logits: Vectors = out.float().numpy()
    return logits
