"""The dense leg: inner products of centred unit vectors, found by FAISS.

Owns: the vectors of passages, the FAISS index over them, and their files. The only importer of
faiss. The metric is always named.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import faiss
import numpy as np

from dipnot.errors import REBUILD, IndexDamaged
from dipnot.index.centring import centred
from dipnot.index.codec import open_codec
from dipnot.index.coded import CodedVectors, stored_rows
from dipnot.index.passages import SHOWN_GRAIN
from dipnot.index.places import Places
from dipnot.index.stored import StoredRows, open_rows
from dipnot.types import Filters, Query, Rows, Vectors

METRIC = "inner_product"
_VECTORS, _INDEX = "vectors.npy", "index.faiss"
_AT_ONCE = 65_536  # vectors added to an index at once
_FEWEST_LISTS, _LISTS_SEARCHED = 128, 8  # at least so many, and one in so many
_MORE = 4  # times as many as are wanted are found by one bit each, and scored by all
_FEW = 16_384  # rows: so many are scored one by one where a filter leaves no more


@dataclass(frozen=True, slots=True)
class DenseLeg:
    """Vectors of all passages, of every grain, aligned with them by row.

    ``vectors``: as the encoder gave them, float32, shape (rows, dimension): what a later build
    takes over. ``index``: FAISS over the same vectors, centred, by row. Of a corpus so large that
    its vectors are codes, FAISS holds one bit of each number of what is stored, in lists of which
    it looks into the nearest; what it finds is scored by the codes. ``means``: of each language.
    """

    vectors: Vectors | StoredRows | CodedVectors
    index: Any
    places: Places
    means: Vectors

    def candidates(self, query: Query, k: int, filters: Filters) -> tuple[Rows, Vectors]:
        """Find the ``k`` rows nearest to a query, best first: rows and inner products."""
        k = min(k, self.index.ntotal)
        if k == 0:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        if not isinstance(self.vectors, CodedVectors):
            return self._found(query, k, filters)
        few = _few_allowed(self.places, filters)
        rows = self._found(query, _MORE * k, filters)[0] if few is None else few
        scores = self.scores_of(query, rows)
        best = np.argsort(-scores, kind="stable")[:k]
        return rows[best], scores[best]

    def scores_of(self, query: Query, rows: Rows) -> Vectors:
        """Inner products of a query with these rows, float32, shape (len(rows),)."""
        if not len(rows):
            return np.zeros(0, np.float32)
        if isinstance(self.vectors, CodedVectors):
            return self._by_codes(self.vectors, query.vector, rows)
        products: Vectors = self.index.reconstruct_batch(rows) @ query.vector
        return products

    def _by_codes(self, vectors: CodedVectors, asked: Vectors, rows: Rows) -> Vectors:
        """The same by codes; without its mean a row has the square 1 - 2 row·mean + mean²."""
        products = vectors.products(rows, np.vstack([asked[None, :], self.means]))
        languages = self.places.languages[rows]
        along = products[np.arange(len(rows)), 1 + languages]
        squares = np.einsum("ij,ij->i", self.means, self.means)[languages]
        scores: Vectors = products[:, 0] - (self.means @ asked)[languages]
        scores /= np.sqrt(np.maximum(1 - 2 * along + squares, 1e-18))
        return scores

    def save(self, folder: Path) -> None:
        """Write vectors and index into a folder."""
        if isinstance(self.vectors, CodedVectors):
            self.vectors.codec.save(folder)
        kept = self.vectors.codes if isinstance(self.vectors, CodedVectors) else self.vectors
        np.save(folder / _VECTORS, np.asarray(kept), allow_pickle=False)
        (folder / _INDEX).write_bytes(faiss.serialize_index(self.index).tobytes())

    def _found(self, query: Query, k: int, filters: Filters) -> tuple[Rows, Vectors]:
        selector = _selector(self.places, filters)
        params = _parameters(self.index, selector)
        scores, found = self.index.search(query.vector[None, :], k, params=params)
        known = found[0] >= 0
        return found[0][known], scores[0][known]


def build_dense(vectors: Vectors | CodedVectors, means: Vectors, places: Places) -> DenseLeg:
    """Index vectors of shape (rows, dimension) by what is left of them without the means."""
    if isinstance(vectors, CodedVectors):
        return _build_lists(vectors, means, places)
    index = faiss.IndexFlat(vectors.shape[1], faiss.METRIC_INNER_PRODUCT)
    index.add(centred(vectors, means[places.languages]))
    return DenseLeg(vectors, index, places, means)


def _build_lists(vectors: CodedVectors, means: Vectors, places: Places) -> DenseLeg:
    """Index what is stored, in about four times as many lists as the root of its number."""
    stored, dimension = vectors.stored, vectors.shape[1]
    lists = max(1, min(4 * int(len(stored) ** 0.5), len(stored) // 40))
    quantizer = faiss.IndexFlat(dimension, faiss.METRIC_INNER_PRODUCT)
    index = faiss.IndexIVFRaBitQ(quantizer, dimension, lists, faiss.METRIC_INNER_PRODUCT)
    index.cp.niter, index.cp.max_points_per_centroid, index.cp.spherical = 8, 48, True
    sample = np.unique(np.linspace(0, len(stored) - 1, 48 * lists).astype(np.int64))
    index.train(_centred(vectors, means, places, stored[sample]))
    for begin in range(0, len(stored), _AT_ONCE):
        rows = stored[begin : begin + _AT_ONCE]
        index.add_with_ids(_centred(vectors, means, places, rows), rows)
    return DenseLeg(vectors, index, places, means)


def open_dense(folder: Path, places: Places, means: Vectors) -> DenseLeg:
    """Open a saved leg and check its shapes and metric; raises IndexDamaged."""
    path, dimension = folder / _INDEX, means.shape[1]
    try:
        index = faiss.deserialize_index(np.frombuffer(path.read_bytes(), np.uint8))
    except (OSError, RuntimeError) as error:
        reason = str(error).strip().split("\n")[0][:200]
        raise IndexDamaged(f"{path} cannot be opened: {reason}. {REBUILD}") from None
    codec = open_codec(folder, dimension)
    stored = np.arange(len(places.first)) if codec is None else stored_rows(places)
    found = (index.ntotal, index.d, index.metric_type)
    if found != (len(stored), dimension, faiss.METRIC_INNER_PRODUCT):
        raise IndexDamaged(
            f"{path} holds {found[0]} vectors of {found[1]} by metric {found[2]}, expected "
            f"{len(stored)} of {dimension} by {METRIC}. {REBUILD}"
        )
    vectors = open_rows(folder / _VECTORS)
    width = dimension if codec is None else len(codec.spread)
    if vectors.shape != (len(stored), width):
        raise IndexDamaged(
            f"{folder / _VECTORS} holds vectors of shape {vectors.shape}, expected {len(stored)} "
            f"of {width}. {REBUILD}"
        )
    if codec is not None:
        return DenseLeg(CodedVectors(vectors, codec, places, stored), index, places, means)
    return DenseLeg(vectors, index, places, means)


def _centred(vectors: CodedVectors, means: Vectors, places: Places, rows: Rows) -> Vectors:
    return centred(vectors[rows], means[places.languages[rows]])


def _parameters(index: Any, selector: Any) -> Any:
    """How FAISS is to search: of few lists all, of many a part."""
    if hasattr(index, "nlist"):
        nprobe = min(index.nlist, max(_FEWEST_LISTS, index.nlist // _LISTS_SEARCHED))
        kind: Any = faiss.IVFRaBitQSearchParameters
        return kind(sel=selector, nprobe=nprobe, qb=8)
    return faiss.SearchParameters(sel=selector) if selector else None  # type: ignore[call-arg]


def _few_allowed(places: Places, filters: Filters) -> Rows | None:
    """The stored rows that filters allow where they are few enough to score all; else None."""
    if filters == Filters():
        return None
    own = range(len(places.first)) if filters.doc_id is None else places.rows_of(filters.doc_id)
    values = [v for v in (filters.language, filters.kind) if v is not None]
    if len(own) > _FEW and (not values or min(map(places.count_of, values)) > _FEW):
        return None
    rows = np.arange(own.start, own.stop)
    rows = rows[places.allowed(rows, filters)]
    return rows[places.last[rows] - places.first[rows] <= SHOWN_GRAIN]


def _selector(places: Places, filters: Filters) -> Any:
    """What FAISS may return; None is everything. Nothing here grows with the corpus."""
    selectors: list[Any] = []
    if filters.doc_id is not None:
        rows = places.rows_of(filters.doc_id)
        selectors.append(faiss.IDSelectorRange(rows.start, rows.stop))
    selectors += [
        faiss.IDSelectorBitmap(places.bitmaps[value])  # type: ignore[call-arg, arg-type]
        for value in (filters.language, filters.kind)
        if value is not None
    ]
    chosen = None
    for selector in selectors:
        chosen = faiss.IDSelectorAnd(chosen, selector) if chosen else selector
    return chosen
