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
from dipnot.index.places import Places
from dipnot.types import Filters, Query, Rows, Vectors

METRIC = "inner_product"
_VECTORS, _INDEX = "vectors.npy", "index.faiss"


@dataclass(frozen=True, slots=True)
class DenseLeg:
    """Vectors of all passages, of every grain, aligned with them by row.

    ``vectors``: as the encoder gave them, float32, shape (rows, dimension): what a later build
    takes over. ``index``: FAISS over the same vectors, centred.
    """

    vectors: Vectors
    index: Any
    places: Places

    def candidates(self, query: Query, k: int, filters: Filters) -> tuple[Rows, Vectors]:
        """Find the ``k`` rows nearest to a query, best first: rows and inner products."""
        k = min(k, self.index.ntotal)
        if k == 0:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        selector = _selector(self.places, filters)
        params = faiss.SearchParameters(sel=selector) if selector else None  # type: ignore[call-arg]
        scores, found = self.index.search(query.vector[None, :], k, params=params)
        known = found[0] >= 0
        return found[0][known], scores[0][known]

    def scores_of(self, query: Query, rows: Rows) -> Vectors:
        """Inner products of a query with these rows, float32, shape (len(rows),)."""
        if not len(rows):
            return np.zeros(0, np.float32)
        products: Vectors = self.index.reconstruct_batch(rows) @ query.vector
        return products

    def save(self, folder: Path) -> None:
        """Write vectors and index into a folder."""
        np.save(folder / _VECTORS, self.vectors, allow_pickle=False)
        (folder / _INDEX).write_bytes(faiss.serialize_index(self.index).tobytes())


def build_dense(vectors: Vectors, centred: Vectors, places: Places) -> DenseLeg:
    """Index vectors of shape (rows, dimension) by what is left of them when centred."""
    index = faiss.IndexFlat(centred.shape[1], faiss.METRIC_INNER_PRODUCT)
    index.add(np.ascontiguousarray(centred, np.float32))
    return DenseLeg(vectors, index, places)


def open_dense(folder: Path, places: Places, dimension: int) -> DenseLeg:
    """Open a saved leg and check its shapes and metric; raises IndexDamaged."""
    size = len(places.first)
    path = folder / _INDEX
    try:
        index = faiss.deserialize_index(np.frombuffer(path.read_bytes(), np.uint8))
    except (OSError, RuntimeError) as error:
        reason = str(error).strip().split("\n")[0][:200]
        raise IndexDamaged(f"{path} cannot be opened: {reason}. {REBUILD}") from None
    found = (index.ntotal, index.d, index.metric_type)
    if found != (size, dimension, faiss.METRIC_INNER_PRODUCT):
        raise IndexDamaged(
            f"{path} holds {found[0]} vectors of {found[1]} by metric {found[2]}, expected {size} "
            f"of {dimension} by {METRIC}. {REBUILD}"
        )
    vectors = np.load(folder / _VECTORS, mmap_mode="r", allow_pickle=False)
    if vectors.shape != (size, dimension):
        raise IndexDamaged(
            f"{folder / _VECTORS} holds vectors of shape {vectors.shape}, expected {size} of "
            f"{dimension}. {REBUILD}"
        )
    return DenseLeg(vectors, index, places)


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
