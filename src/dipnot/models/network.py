"""The reader's network: the encoder's layers, trained to read question and text together.

Owns: its shape and its forward pass. Imports torch, so it is itself imported only where something
is read or trained.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures.thread import BrokenThreadPool
from contextlib import suppress
from functools import cache
from heapq import heapreplace
from typing import TypeVar

import numpy as np
import torch
from torch import nn
from torch.nn.functional import pad, scaled_dot_product_attention

from dipnot.models.cores import cores
from dipnot.models.linear import (
    Format,
    Int8Linear,
    Make,
    PackedLinear,
    in_integers,
    quickest,
    replace_linear,
)
from dipnot.models.weightfile import SCALE, Packed, unpacked
from dipnot.types import Vectors

Made = TypeVar("Made", bound=nn.Module)
LAYERS = 12
DIMENSION = 384
_HEADS = 12
_INNER = 1536
_FEW_SHAPES = 16
_PART = 256  # tokens: of more, what lies between two maps leaves a core's own memory
_PAIRED = 32  # numbers of a token that tell which start goes with which end


def _attention(joined: torch.Tensor) -> torch.Tensor:
    """Give what a window's tokens gather of each other, shape (tokens, dimension).

    ``joined``: query, key and value, shape (tokens, 3, heads, size of a head).
    """
    query, key, value = joined.permute(1, 2, 0, 3)[:, None]
    seen = scaled_dot_product_attention(query, key, value)
    return seen[0].transpose(0, 1).flatten(1)


class Layer(nn.Module):
    """One layer of BERT: attention, then two linear maps, each added to what went in and normed."""

    def __init__(self) -> None:
        """Make an untrained layer."""
        super().__init__()
        self.attention_in = nn.Linear(DIMENSION, 3 * DIMENSION)
        self.attention_out = nn.Linear(DIMENSION, DIMENSION)
        self.attention_norm = nn.LayerNorm(DIMENSION, eps=1e-12)
        self.inner = nn.Linear(DIMENSION, _INNER)
        self.activation: nn.Module = nn.GELU()
        self.outer = nn.Linear(_INNER, DIMENSION)
        self.norm = nn.LayerNorm(DIMENSION, eps=1e-12)

    def forward(self, x: torch.Tensor, lengths: Sequence[int]) -> torch.Tensor:
        """Give the next states, of the shape of ``x``: (tokens of all windows, dimension)."""
        joined = self.attention_in(x).view(-1, 3, _HEADS, DIMENSION // _HEADS)
        seen = torch.cat([_attention(own) for own in joined.split(lengths)])
        x = self.attention_norm(x + self.attention_out(seen))
        added: torch.Tensor = self.norm(x + self.outer(self.activation(self.inner(x))))
        return added


def stacked(layers: nn.ModuleList, embedded: torch.Tensor, lengths: Sequence[int]) -> torch.Tensor:
    """Run windows that lie end to end through layers, one after another; the shape stays.

    Products of bfloat16 are compiled for every number of rows that torch has not met, in 10 ms or
    more: a window of nothing behind the others brings them to one of few.
    """
    read, many = embedded, list(lengths)
    spare = -len(embedded) % _FEW_SHAPES
    if spare and isinstance(layers[0].inner, PackedLinear):
        read, many = pad(embedded, (0, 0, 0, spare)), [*lengths, spare]
    for layer in layers:
        read = layer(read, many)
    return read[: len(embedded)]


class Network(nn.Module):
    """Layers over the encoder's token embeddings, with a head for each output."""

    def __init__(self) -> None:
        """Make an untrained network."""
        super().__init__()
        self.layers = nn.ModuleList([Layer() for _ in range(LAYERS)])
        self.span = nn.Linear(DIMENSION, 2)
        self.paired = nn.Linear(DIMENSION, 2 * _PAIRED)
        self.evidence = nn.Linear(DIMENSION, 1)

    def forward(self, embedded: torch.Tensor, lengths: Sequence[int]) -> torch.Tensor:
        """Give what ``spans`` and the evidence are read from: shape (tokens, outputs).

        ``embedded``: windows end to end, shape (tokens, dimension), of ``lengths`` tokens each.
        The outputs: the logits of evidence, start and end, then what pairs starts with ends.
        """
        read = stacked(self.layers, embedded, lengths)
        return torch.cat([self.evidence(read), self.span(read), self.paired(read)], -1)


OUTPUTS = 3 + 2 * _PAIRED


def spans(outputs: torch.Tensor) -> torch.Tensor:
    """Give the logit of each start with each end, from the outputs of the tokens of a window.

    Shape (..., tokens, OUTPUTS) to (..., tokens, tokens). A start and an end that are likely each
    by itself may be of two answers: so a span has one score (Lee et al. 2016, RaSoR).
    """
    start, end = outputs[..., 1, None], outputs[..., None, :, 2]
    first, last = outputs[..., 3:].chunk(2, -1)
    together: torch.Tensor = first @ last.transpose(-1, -2) * _PAIRED**-0.5
    return start + end + together


def make_network(packed: Packed) -> Network:
    """Make a network that only reads, of weights as they are shipped."""
    network = filled(Network, unpacked(packed))

    def as_shipped(name: str, part: nn.Linear) -> nn.Module:
        full = f"layers.{name}.weight"
        weight, scale = (torch.from_numpy(packed[n]) for n in (full, full + SCALE))
        return Int8Linear(weight, scale, part.bias.detach())

    quicken(network.layers, in_integers=as_shipped)
    return network.eval()


def filled(make: Callable[[], Made], weights: Mapping[str, Vectors]) -> Made:
    """Make a network of weights; the random ones that it would begin with are never drawn.

    Raises RuntimeError where weights do not fit.
    """
    with torch.device("meta"):
        network = make()
    given = {n: torch.from_numpy(np.ascontiguousarray(w, np.float32)) for n, w in weights.items()}
    network.load_state_dict(given, assign=True)
    return network


def layers_of(weights: Iterable[Mapping[str, Vectors]]) -> nn.ModuleList:
    """Make a layer of each set of weights; raises RuntimeError where they do not fit."""
    return nn.ModuleList([filled(Layer, own) for own in weights])


def quicken(
    layers: nn.ModuleList, number_format: Format | None = None, in_integers: Make = in_integers
) -> nn.ModuleList:
    """Have layers that only answer compute in a number format; gives the same layers.

    ``number_format``: by default the quickest here. ``in_integers`` rounds a map.
    """
    number_format = number_format or quickest()
    if number_format == "bfloat16":
        for layer in layers:
            layer.activation = nn.Identity()
        replace_linear(layers, lambda name, part: PackedLinear(part, gelu="inner" in name))
    elif number_format == "int8":
        replace_linear(layers, in_integers)
    return layers.eval()


def run(
    network: Callable[[torch.Tensor, Sequence[int]], torch.Tensor], embedded: Sequence[Vectors]
) -> list[Vectors]:
    """Run rows of embedded tokens, shape (tokens, dimension) each, to what comes of each token."""

    def of_part(part: Sequence[int]) -> list[Vectors]:
        lengths = [len(embedded[i]) for i in part]
        given = torch.from_numpy(np.concatenate([embedded[i] for i in part]))
        return np.split(network(given, lengths).numpy(), np.cumsum(lengths)[:-1])

    return computed(of_part, [len(own) for own in embedded])


def computed(
    compute: Callable[[Sequence[int]], Iterable[Vectors]], lengths: Sequence[int]
) -> list[Vectors]:
    """Compute what belongs to each of some items, on every core one part of them at a time.

    ``lengths``: of each item, in tokens. ``compute`` is given the numbers of a part's items, and
    gives an array for each. Cores that share each product wait for each other thousands of times a
    question.
    """

    def alone(part: Sequence[int]) -> Iterable[Vectors]:
        with torch.inference_mode():
            return compute(part)

    def shared() -> list[Vectors]:
        threads, many = _threads()
        parts = _parts(lengths, many)
        under_way = [threads.submit(alone, part) for part in parts]
        found: dict[int, Vectors] = {}
        for part, own in zip(parts, under_way, strict=True):
            found.update(zip(part, own.result(), strict=True))
        return [found[i] for i in range(len(lengths))]

    try:
        return shared()
    except BrokenThreadPool:  # one of its threads did not come about; no other ever would
        _threads.cache_clear()
        return shared()


def _parts(lengths: Sequence[int], cores: int) -> list[list[int]]:
    """Share items out: parts of like size, of few tokens, as many as keep the cores busy."""
    count = min(max(1, -(-sum(lengths) // (_PART * cores))) * cores, len(lengths))
    parts: list[list[int]] = [[] for _ in range(count)]
    sizes = [(0, part) for part in range(count)]  # a heap: the least on top
    for i in sorted(range(len(lengths)), key=lambda i: -lengths[i]):
        size, least = sizes[0]
        parts[least].append(i)
        heapreplace(sizes, (size + lengths[i], least))
    return [part for part in parts if part]


@cache
def _threads() -> tuple[ThreadPoolExecutor, int]:
    """Give the threads that compute, and how many they are: one for each core.

    For each thread that ever computed, torch and oneDNN keep tens of megabytes: in the threads of a
    server's fifty readers that came to 2 GB.
    """
    many = min(torch.get_num_threads(), cores())
    return ThreadPoolExecutor(many, "network", _keep_to_one_core, (many,)), many


def _keep_to_one_core(many: int) -> None:
    """Have this thread compute by itself."""
    torch.get_num_threads()  # a thread that never asked takes the number of all once more
    torch.set_num_threads(1)
    # That was for all threads to come as well.
    undoing = threading.Thread(target=torch.set_num_threads, args=(many,))
    with suppress(RuntimeError):  # no more threads may be started: what raises here ends the pool
        undoing.start()
        undoing.join()
