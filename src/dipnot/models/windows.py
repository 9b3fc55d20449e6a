"""The vector of a window, out of the tokens of its two sentences.

Owns: the layer that puts them together, trained after the encoder (``training/windows.py``). Read
again as one text, every sentence would go through twelve layers three times: alone, with the one
before and with the one behind. Imports torch, so it is itself imported only where texts are
embedded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import torch
from torch import nn
from torch.nn.functional import normalize

from dipnot.models.network import DIMENSION, Layer, computed, filled, quicken, stacked
from dipnot.types import Pair, Vectors

_LENGTH = DIMENSION**0.5  # of a token's states: a layer takes numbers of about 1


class WindowNetwork(nn.Module):
    """One layer over the tokens of two sentences, added to the mean of the tokens as they are."""

    def __init__(self) -> None:
        """Make a network whose weights are yet to be given."""
        super().__init__()
        self.which = nn.Embedding(2, DIMENSION, _weight=torch.zeros(2, DIMENSION))
        self.layers = nn.ModuleList([Layer()])
        self.out = nn.Linear(DIMENSION, DIMENSION)

    def forward(
        self, tokens: torch.Tensor, which: torch.Tensor, lengths: Sequence[int]
    ) -> torch.Tensor:
        """Give unit vectors, shape (windows, dimension).

        ``tokens``: unit vectors of those of all windows end to end, shape (tokens, dimension), of
        ``lengths`` each. ``which``: 0 for one of a window's first sentence, 1 for its second.
        """
        states = stacked(self.layers, tokens * _LENGTH + self.which(which), lengths).float()
        return normalize(self.out(_means(states, lengths)) + _means(tokens, lengths), dim=-1)


def _means(rows: torch.Tensor, lengths: Sequence[int]) -> torch.Tensor:
    counts = torch.tensor(lengths)
    owner = torch.repeat_interleave(torch.arange(len(counts)), counts)
    total = torch.zeros(len(counts), rows.shape[1]).index_add(0, owner, rows)
    return total / counts.clamp(min=1)[:, None]


def end_to_end(windows: Iterable[Pair]) -> tuple[torch.Tensor, torch.Tensor, list[int]]:
    """Lay the tokens of windows out as the network takes them."""
    own = list(windows)
    which = [np.repeat((0, 1), [len(first), len(second)]) for first, second in own]
    tokens = np.concatenate([part for window in own for part in window], dtype=np.float32)
    return (
        torch.from_numpy(tokens),
        torch.from_numpy(np.concatenate(which)),
        [len(first) + len(second) for first, second in own],
    )


def make_windows(weights: Mapping[str, Vectors]) -> WindowNetwork:
    """Make a network that only embeds; raises RuntimeError where weights do not fit."""
    network = filled(WindowNetwork, weights)
    quicken(network.layers)
    return network.eval()


def embed_windows(network: WindowNetwork, windows: Sequence[Pair]) -> Vectors:
    """Embed windows: float32, shape (windows, dimension), rows of length 1."""

    def of_part(part: Sequence[int]) -> Iterable[Vectors]:
        vectors: Vectors = network(*end_to_end(windows[i] for i in part)).numpy()
        return vectors

    vectors = computed(of_part, [len(first) + len(second) for first, second in windows])
    return np.array(vectors, np.float32).reshape(-1, DIMENSION)
