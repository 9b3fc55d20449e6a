"""The networks run by NumPy: for a command that embeds or reads a little, and ends.

Owns: the forward pass of ``network`` and ``windows`` on arrays, in float32. To import torch takes
longer than to read a question's passages so; for many texts torch is quicker by far.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from dipnot.types import Pair, Vectors

LITTLE = 2_000  # tokens: of more, torch has won back what its import takes
_HEADS = 12
_EPSILON = 1e-12
# erf by formula 7.1.26 of Abramowitz and Stegun; off by 1.5e-7 at most.
_ERF = (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592)
_ERF_STEP = 0.3275911

Weights = Mapping[str, Vectors]
Compute = Callable[[Vectors, Sequence[int]], Vectors]


Run = Callable[[Sequence[Vectors]], list[Vectors]]


class Brief:
    """A network run by NumPy until there is much to run: then by torch, and from then on."""

    def __init__(self, compute: Compute, by_torch: Callable[[], Run]) -> None:
        """``by_torch`` makes what runs it then; it is called once."""
        self._compute = compute
        self._by_torch = by_torch
        self._made: Run | None = None
        self._lock = threading.Lock()

    def __call__(self, embedded: Sequence[Vectors]) -> list[Vectors]:
        """Run rows of embedded tokens to what comes of each token."""
        with self._lock:
            if self._made is None and sum(map(len, embedded)) > LITTLE:
                self._made = self._by_torch()
            made = self._made
        return run(self._compute, embedded) if made is None else made(embedded)


def run(network: Compute, embedded: Sequence[Vectors]) -> list[Vectors]:
    """Run rows of embedded tokens, shape (tokens, dimension) each, to what comes of each token."""
    lengths = [len(own) for own in embedded]
    return np.split(network(np.concatenate(embedded), lengths), np.cumsum(lengths)[:-1])


def part_of(weights: Weights, prefix: str) -> Weights:
    """Give the weights whose names begin so, without it."""
    return {n.removeprefix(prefix): w for n, w in weights.items() if n.startswith(prefix)}


def stacked(layers: Sequence[Weights], tokens: Vectors, lengths: Sequence[int]) -> Vectors:
    """Run windows that lie end to end through layers, one after another; the shape stays."""
    for layer in layers:
        tokens = _layer(layer, tokens, lengths)
    return tokens


def read(weights: Weights, tokens: Vectors, lengths: Sequence[int]) -> Vectors:
    """Give the outputs of the reader's ``Network`` of these weights."""
    count = 1 + max(int(n.split(".")[1]) for n in weights if n.startswith("layers."))
    layers = [part_of(weights, f"layers.{n}.") for n in range(count)]
    states = stacked(layers, tokens, lengths)
    return np.concatenate([linear(weights, n, states) for n in ("evidence", "span", "paired")], -1)


def embed_windows(weights: Weights, windows: Sequence[Pair]) -> Vectors:
    """Embed windows as ``windows`` does; float32, shape (windows, dimension), rows of length 1."""
    layer = part_of(weights, "layers.0.")
    size = len(weights["out.bias"])
    vectors = np.zeros((len(windows), size), np.float32)
    for row, parts in enumerate(windows):
        tokens = np.concatenate(parts, dtype=np.float32)
        if not len(tokens):
            continue
        which = np.repeat((0, 1), [len(part) for part in parts])
        states = _layer(layer, tokens * size**0.5 + weights["which.weight"][which], [len(tokens)])
        vector = linear(weights, "out", states.mean(axis=0)) + tokens.mean(axis=0)
        vectors[row] = vector / max(float(np.linalg.norm(vector)), _EPSILON)
    return vectors


def _layer(own: Weights, x: Vectors, lengths: Sequence[int]) -> Vectors:
    joined = np.split(linear(own, "attention_in", x), np.cumsum(lengths)[:-1])
    seen = np.concatenate([_attention(window) for window in joined])
    x = _normed(own, "attention_norm", x + linear(own, "attention_out", seen))
    return _normed(own, "norm", x + linear(own, "outer", _gelu(linear(own, "inner", x))))


def _attention(joined: Vectors) -> Vectors:
    query, key, value = joined.reshape(len(joined), 3, _HEADS, -1).transpose(1, 2, 0, 3)
    likeness = query @ key.transpose(0, 2, 1) * np.float32(query.shape[-1] ** -0.5)
    likeness = np.exp(likeness - likeness.max(axis=-1, keepdims=True))
    seen = likeness / likeness.sum(axis=-1, keepdims=True) @ value
    out: Vectors = seen.transpose(1, 0, 2).reshape(len(joined), -1)
    return out


def linear(own: Weights, name: str, x: Vectors) -> Vectors:
    """Map the last dimension by a part's weights."""
    out: Vectors = x @ own[f"{name}.weight"].T + own[f"{name}.bias"]
    return out


def _normed(own: Weights, name: str, x: Vectors) -> Vectors:
    x = x - x.mean(axis=-1, keepdims=True)
    deviation = np.sqrt(np.square(x).mean(axis=-1, keepdims=True) + _EPSILON)
    out: Vectors = x / deviation * own[f"{name}.weight"] + own[f"{name}.bias"]
    return out


def _gelu(x: Vectors) -> Vectors:
    far = np.abs(x) * np.float32(2**-0.5)
    step = 1 / (1 + np.float32(_ERF_STEP) * far)
    series = np.zeros_like(step)
    for factor in _ERF:
        series = (series + np.float32(factor)) * step
    beyond = series * np.exp(-far * far)  # 1 - erf of the distance
    out: Vectors = x * np.where(x < 0, beyond, 2 - beyond) / 2
    return out
