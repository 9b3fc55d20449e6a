"""Vectors in fewer bytes: turned at random, and each number kept in a few bits.

Owns: that coding and its file. For two bits a number, vectors are drawn onto their principal axes,
as many as are kept, and these are turned at random, so that every number carries as much as every
other: then two bits of 192 lose less than four bits of 96, and less than product quantisation in as
many bytes (benchmarks/growth.md). For eight bits they are taken as they are. A corpus that is small
is not coded at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from dipnot.errors import REBUILD, IndexDamaged
from dipnot.types import Vectors

Codes = npt.NDArray[np.uint8]
EXACT = 20_000  # sentences: a corpus of no more is kept as the encoder gave it
SAMPLE = 4096  # sentences whose vectors tell the axes
TOKEN_AXES, TOKEN_BITS = 192, 2
VECTOR_BITS = 8
_FILE = "codec.npz"
# Where two bits of a normally distributed number are best cut, and what stands for each part (Max,
# 1960); eight bits are cut evenly.
_CUTS = np.array([-0.9816, 0.0, 0.9816], np.float32)
_LEVELS = np.array([-1.510, -0.4528, 0.4528, 1.510], np.float32)
_REACH = 4.5  # deviations


@dataclass(frozen=True, slots=True)
class Codec:
    """Codes of vectors of one kind.

    ``mean``: float32, shape (dimension,). ``axes``, shape (dimension, kept), or (dimension, 0) for
    numbers as they are; how far vectors are ``spread`` along each, shape (kept,). ``bits`` of each
    number: 2 or 8.
    """

    mean: Vectors
    axes: Vectors
    spread: Vectors
    bits: int

    def drawn(self, vectors: Vectors) -> Vectors:
        """Draw vectors onto the axes, without taking a mean off them."""
        drawn: Vectors = vectors @ self.axes if self.axes.shape[1] else vectors
        return drawn

    def encode(self, vectors: npt.NDArray[np.floating[Any]]) -> Codes:
        """Code vectors, uint8, shape (n, kept * bits / 8)."""
        numbers = self.drawn(vectors.astype(np.float32) - self.mean) / self.spread
        if self.bits == 8:
            parts = np.rint((numbers / _REACH + 1) * 127.5)
            coded: Codes = np.clip(parts, 0, 255).astype(np.uint8)
            return coded
        two = (
            np.searchsorted(_CUTS, numbers)
            .astype(np.uint8)
            .reshape(len(vectors), numbers.shape[1] // 4, 4)
        )
        four = two[:, :, 0] | two[:, :, 1] << 2 | two[:, :, 2] << 4 | two[:, :, 3] << 6
        return four.astype(np.uint8)

    def decode(self, codes: npt.NDArray[Any]) -> Vectors:
        """What the codes stand for on the axes, without the mean: float32, shape (n, kept)."""
        # In place wherever it can be: each pass over all of it is what a search waits for.
        if self.bits == 8:
            decoded: Vectors = codes * (self.spread * np.float32(_REACH / 127.5))
            decoded -= np.float32(_REACH) * self.spread
        else:
            decoded = _FOURS.take(codes, axis=0).reshape(len(codes), len(self.spread))
            decoded *= self.spread
        return decoded

    def restore(self, codes: npt.NDArray[Any]) -> Vectors:
        """The vectors again, as far as they were kept: float32, shape (n, dimension), length 1."""
        decoded = self.decode(codes)
        vectors: Vectors = decoded @ self.axes.T if self.axes.shape[1] else decoded
        vectors += self.mean
        vectors /= lengths_of(vectors)[:, None]
        return vectors

    def save(self, folder: Path) -> None:
        """Write it into the folder of a leg."""
        with (folder / _FILE).open("wb") as file:
            np.savez(
                file, mean=self.mean, axes=self.axes, spread=self.spread, bits=np.array(self.bits)
            )


def lengths_of(vectors: Vectors) -> Vectors:
    """The lengths of the rows, none of them 0."""
    lengths: Vectors = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
    return np.maximum(lengths, 1e-9)


_FOURS = np.stack([_LEVELS[np.arange(256) >> shift & 3] for shift in (0, 2, 4, 6)], axis=1)


def learn_codec(sample: npt.NDArray[np.floating[Any]], axes: int, bits: int) -> Codec:
    """Learn the axes of vectors, at most so many, from some of them."""
    vectors = sample.astype(np.float32)
    mean = vectors.mean(axis=0)
    if bits == 8:
        spread = np.maximum((vectors - mean).std(axis=0), 1e-6)
        return Codec(mean, np.zeros((len(mean), 0), np.float32), spread, bits)
    kept = min(axes, vectors.shape[1]) // 4 * 4
    _, principal = np.linalg.eigh((vectors - mean).T @ (vectors - mean))
    turn = np.linalg.qr(np.random.default_rng(19).normal(size=(kept, kept)))[0]
    drawn = np.ascontiguousarray(principal[:, ::-1][:, :kept] @ turn, np.float32)
    spread = np.maximum(((vectors - mean) @ drawn).std(axis=0), 1e-6).astype(np.float32)
    return Codec(mean, drawn, spread, bits)


def open_codec(folder: Path, dimension: int) -> Codec | None:
    """Open the codec of a leg, None where nothing was coded; raises IndexDamaged or ValueError."""
    path = folder / _FILE
    if not path.exists():
        return None
    with np.load(path, allow_pickle=False) as kept:
        codec = Codec(kept["mean"], kept["axes"], kept["spread"], int(kept["bits"]))
    shapes = (codec.mean.shape, codec.axes.shape, codec.spread.shape)
    kept = dimension if codec.bits == 8 else len(codec.spread)
    wanted = ((dimension,), (dimension, 0 if codec.bits == 8 else kept), (kept,))
    if shapes != wanted or codec.bits not in (2, 8):
        raise IndexDamaged(f"{path} holds a codec of the shapes {shapes}. {REBUILD}")
    return codec
