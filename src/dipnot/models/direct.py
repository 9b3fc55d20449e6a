"""The bundled model run directly: what a question needs, and no more of it.

Owns: its embeddings and layers as one network without padding, made straight from the packed file.
Embeddings stay there in four bits, and a word's row is unpacked when it is looked up. Imports
torch, so it is itself imported only where something is embedded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from dipnot.models.linear import Format, PackedLinear, in_integers, quickest, replace_linear
from dipnot.models.network import LAYERS, Layer, computed, stacked
from dipnot.models.packed import Packed, unpacked_blocks
from dipnot.types import Vectors

_EPSILON = 1e-12
# What a layer of ours takes, and of which of the published ones; q, k and v are one map here.
_MAPS = {
    "attention_in": ("q", "k", "v"),
    "attention_out": ("ao",),
    "attention_norm": ("aln",),
    "inner": ("fi",),
    "outer": ("fo",),
    "norm": ("oln",),
}
_NAMES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


class Embeddings:
    """The input embeddings: of words, unpacked when they are looked up, and of positions."""

    def __init__(self, packed: Packed) -> None:
        """Take what does not change; the words' rows stay in the file."""
        size = packed.hidden
        blocks = packed.blocks("emb.word")
        self._words = blocks.reshape(packed.vocab, -1, blocks.shape[-1])
        self._places = packed.tensor("emb.pos").reshape(-1, size)
        self._places += packed.tensor("emb.type").reshape(-1, size)[0]
        self._scale, self._shift = packed.tensor("emb.ln.w"), packed.tensor("emb.ln.b")

    def __call__(self, numbers: npt.NDArray[np.int64]) -> Vectors:
        """Embed pieces, shape (…, pieces), each at its place; one dimension more."""
        words = unpacked_blocks(self._words[numbers]).reshape(*numbers.shape, -1)
        words += self._places[: numbers.shape[-1]]
        words -= words.mean(axis=-1, keepdims=True)
        deviations = np.sqrt(np.square(words).mean(axis=-1, keepdims=True) + _EPSILON)
        embedded: Vectors = words / deviations * self._scale + self._shift
        return embedded


class Direct:
    """The network: rows of pieces to the last states of each piece."""

    def __init__(self, embeddings: Embeddings, layers: nn.ModuleList) -> None:
        """Wrap what ``load_direct`` made."""
        self.embeddings = embeddings
        self._layers = layers

    def states(self, rows: Sequence[Sequence[int]]) -> list[Vectors]:
        """Run rows of pieces, special ones with them: an array of shape (pieces, 384) each."""
        if not rows:
            return []
        embedded = np.concatenate([self.embeddings(np.array(row, np.int64)) for row in rows])
        lengths = [len(row) for row in rows]
        out = computed(stacked, self._layers, torch.from_numpy(embedded), lengths)
        return np.split(out, np.cumsum(lengths)[:-1])


def load_direct(
    packed: Packed, tuned: Mapping[str, Vectors], number_format: Format | None = None
) -> Direct:
    """Make the network of published weights; ``tuned`` has layers that take another's place.

    ``number_format``: by default bfloat16 where it is the quickest, else float32. Integers are
    hardly quicker than that, and less exact. Raises KeyError or RuntimeError where tuned layers
    have other parts or shapes.
    """
    layers = nn.ModuleList([_layer(packed, number, tuned) for number in range(LAYERS)])
    if number_format == "int8":
        replace_linear(layers, lambda _, part: in_integers(part))
    elif (number_format or quickest()) == "bfloat16":
        for layer in layers:
            layer.activation = nn.Identity()
        replace_linear(layers, lambda name, part: PackedLinear(part, gelu="inner" in name))
    return Direct(Embeddings(packed), layers.eval())


def _layer(packed: Packed, number: int, tuned: Mapping[str, Vectors]) -> Layer:
    ours = f"{number}."
    is_tuned = any(name.startswith(ours) for name in tuned)

    def weight(short: str, part: str) -> Vectors:
        if is_tuned:
            return tuned[f"{ours}{_NAMES[short]}.{part}"]
        flat = packed.tensor(f"l{number}.{short}.{part[0]}")
        return flat if part == "bias" or short.endswith("ln") else flat.reshape(shapes[short])

    size, wide = packed.hidden, packed.ffn
    shapes = dict.fromkeys(_NAMES, (size, size)) | {"fi": (wide, size), "fo": (size, wide)}
    layer = Layer()
    layer.load_state_dict(
        {
            f"{name}.{part}": torch.from_numpy(np.concatenate([weight(s, part) for s in shorts]))
            for name, shorts in _MAPS.items()
            for part in ("weight", "bias")
        }
    )
    return layer
