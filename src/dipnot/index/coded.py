"""Vectors of passages that stay on disk as codes.

Owns: which rows are stored and which are put together. Of windows longer than what a search shows
nothing is stored: their vector is the mean of the two shown windows inside each.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from dipnot.index.centring import normed
from dipnot.index.codec import Codec, Codes
from dipnot.index.joined import JoinedRows, Table
from dipnot.index.passages import SHOWN_GRAIN
from dipnot.index.places import Counts, Places
from dipnot.types import Rows, Vectors


@dataclass(frozen=True, slots=True, eq=False)
class CodedVectors:
    """Vectors by row, of length 1.

    ``codes``: of the rows that are ``stored``, as ``stored_rows`` gives them. ``numbers``: of each
    row the place of its codes, or of those before it, int32, shape (rows,).
    """

    codes: Codes | Table | JoinedRows
    codec: Codec
    places: Places
    stored: Rows
    numbers: Counts = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Number what is stored."""
        held = np.zeros(len(self.places.first), np.bool_)
        held[self.stored] = True
        object.__setattr__(self, "numbers", np.cumsum(held, dtype=np.int32) - 1)

    @property
    def shape(self) -> tuple[int, int]:
        """How many rows of how many numbers."""
        return len(self.places.first), len(self.codec.mean)

    def __getitem__(self, rows: Rows) -> Vectors:
        """The vectors of these rows, float32, shape (n, dimension)."""
        found, first, second = self._parts(rows)
        vectors: Vectors = found[first]
        composed = np.flatnonzero(first != second)
        if len(composed):
            vectors[composed] = normed(vectors[composed] + found[second[composed]])
        return vectors

    def products(self, rows: Rows, vectors: Vectors) -> Vectors:
        """Inner products of these rows with vectors of shape (k, dimension): shape (n, k).

        As of ``self[rows] @ vectors.T``, but no vector of a window is put together for it.
        """
        found, first, second = self._parts(rows)
        own = found @ vectors.T
        products: Vectors = own[first]
        composed = np.flatnonzero(first != second)
        one, other = first[composed], second[composed]
        # The sum of two vectors of length 1 has the squared length 2 + 2 cos.
        cosines = np.einsum("ij,ij->i", found[one], found[other])
        products[composed] += own[other]
        products[composed] /= np.sqrt(np.maximum(2 + 2 * cosines, 1e-18))[:, None]
        return products

    def _parts(self, rows: Rows) -> tuple[Vectors, Rows, Rows]:
        """What is stored of these rows, and of each row the two places there that it is made of."""
        one, other = parts_of(rows, self.places)
        wanted, back = np.unique(np.concatenate([one, other]), return_inverse=True)
        return self.codec.restore(self.codes_of(wanted)), back[: len(rows)], back[len(rows) :]

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> npt.NDArray[Any]:
        """All of them."""
        return np.asarray(self[np.arange(self.shape[0])], dtype)

    def codes_of(self, rows: Rows) -> Codes:
        """The codes of stored rows."""
        codes: Codes = self.codes[self.numbers[rows].astype(np.int64)]
        return codes


def stored_rows(places: Places) -> Rows:
    """The rows that have vectors of their own, ascending."""
    return np.flatnonzero(places.last - places.first <= SHOWN_GRAIN)


def parts_of(rows: Rows, places: Places) -> tuple[Rows, Rows]:
    """The two rows whose mean each of these rows is; a stored row is both by itself."""
    composed = np.flatnonzero(places.last[rows] - places.first[rows] > SHOWN_GRAIN)
    one, other = rows.copy(), rows.copy()
    pairs = places.grains[SHOWN_GRAIN]
    first = pairs.begun[places.first[rows[composed]]]
    one[composed], other[composed] = pairs.rows[first], pairs.rows[first + 1]
    return one, other
