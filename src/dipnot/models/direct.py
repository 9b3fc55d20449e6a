"""The bundled model run directly: what a question needs, and no more of it.

Owns: its embeddings and layers as one network without padding, made straight from the packed file.
Embeddings stay there in four bits, and a word's row is unpacked when it is looked up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from dipnot.models import arrays
from dipnot.models.packed import Packed, unpacked_blocks
from dipnot.types import Vectors

if TYPE_CHECKING:
    from dipnot.models.linear import Format

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

    def __init__(self, embeddings: Embeddings, run: arrays.Run) -> None:
        """Wrap what ``load_direct`` made."""
        self.embeddings = embeddings
        self._run = run

    def states(self, rows: Sequence[Sequence[int]]) -> list[Vectors]:
        """Run rows of pieces, special ones with them: an array of shape (pieces, 384) each."""
        return self._run([self.embeddings(np.array(row, np.int64)) for row in rows])


def load_direct(
    packed: Packed,
    tuned: Mapping[str, Vectors],
    number_format: Format | None = None,
    *,
    briefly: bool = False,
) -> Direct:
    """Make the network of published weights; ``tuned`` has layers that take another's place.

    ``number_format``: by default the quickest here. ``briefly``: little will be run, without torch.
    Raises KeyError or RuntimeError where tuned layers have other parts or shapes.
    """
    trained = {int(name.split(".", 1)[0]) for name in tuned}
    layers = [
        joined(partial(published, tuned, n) if n in trained else partial(_unpacked, packed, n))
        for n in range(packed.layers)
    ]

    def by_torch() -> arrays.Run:
        from dipnot.models import network  # noqa: PLC0415 - torch takes seconds; not for --help

        made = network.quicken(network.layers_of(layers), number_format)
        return partial(network.run, partial(network.stacked, made))

    brief = arrays.Brief(partial(arrays.stacked, layers), by_torch)
    return Direct(Embeddings(packed), brief if briefly else by_torch())


def joined(weight: Callable[[str, str], Vectors]) -> dict[str, Vectors]:
    """Name the weights of a layer as ours are; ``weight`` gives those of a published part."""
    return {
        f"{name}.{kind}": np.concatenate([weight(p, kind) for p in parts])
        for name, parts in _MAPS.items()
        for kind in ("weight", "bias")
    }


def published(weights: Mapping[str, Vectors], number: int, part: str, kind: str) -> Vectors:
    """Give the weights of a layer's part, of layers that are named as transformers does."""
    return weights[f"{number}.{_NAMES[part]}.{kind}"]


def _unpacked(packed: Packed, number: int, part: str, kind: str) -> Vectors:
    size, wide = packed.hidden, packed.ffn
    shapes = dict.fromkeys(_NAMES, (size, size)) | {"fi": (wide, size), "fo": (size, wide)}
    flat = packed.tensor(f"l{number}.{part}.{kind[0]}")
    return flat if kind == "bias" or part.endswith("ln") else flat.reshape(shapes[part])
