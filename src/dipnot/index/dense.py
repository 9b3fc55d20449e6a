"""The dense leg: inner products of centred unit vectors, found by FAISS.

Owns: the vectors of passages, the FAISS index over them, and their files. The only importer of
faiss. The metric is always named.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import numpy.typing as npt

from dipnot.errors import REBUILD, IndexDamaged
from dipnot.index.centring import centred, centred_cosines
from dipnot.index.codec import open_codec
from dipnot.index.coded import CodedVectors, stored_rows
from dipnot.index.joined import JoinedRows, Runs, Table, join
from dipnot.index.passages import SHOWN_GRAIN
from dipnot.index.places import Bits, Places
from dipnot.index.stored import open_rows
from dipnot.types import Filters, Query, Rows, Vectors

Lists = npt.NDArray[np.int32]
METRIC = "inner_product"
_VECTORS, _INDEX, _LISTS, _BITS = "vectors.npy", "index.faiss", "lists.npy", "bits.npy"
_AT_ONCE = 65_536  # vectors added to an index at once
_FEWEST_LISTS, _LISTS_SEARCHED = 128, 10  # at least so many, and one in so many
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

    vectors: Vectors | Table | JoinedRows | CodedVectors
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
        """The same by codes, whose vectors have length 1."""
        products = vectors.products(rows, np.vstack([asked[None, :], self.means]))
        languages = self.places.languages[rows]
        scores: Vectors = centred_cosines(products, 1.0, asked[None, :], self.means, languages)
        return scores[:, 0]

    def save(self, folder: Path, *, added: bool = False) -> None:
        """Write vectors and index into a folder.

        Of lists, each vector's number of its list and its bits are written, and the index without
        them; ``added``: to a segment that has that index, and the codec.
        """
        if not isinstance(self.vectors, CodedVectors):
            np.save(folder / _VECTORS, np.asarray(self.vectors), allow_pickle=False)
            (folder / _INDEX).write_bytes(faiss.serialize_index(self.index).tobytes())
            return
        np.save(folder / _VECTORS, np.asarray(self.vectors.codes), allow_pickle=False)
        numbers, bits = _entries(self.index, self.vectors.stored)
        np.save(folder / _LISTS, numbers, allow_pickle=False)
        np.save(folder / _BITS, bits, allow_pickle=False)
        if not added:
            self.vectors.codec.save(folder)
            (folder / _INDEX).write_bytes(faiss.serialize_index(_empty(self.index)).tobytes())

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


def add_dense(vectors: CodedVectors, means: Vectors, places: Places, before: DenseLeg) -> DenseLeg:
    """Index vectors in the lists of another leg, and these alone."""
    return _filled(_empty(before.index), vectors, means, places)


def _build_lists(vectors: CodedVectors, means: Vectors, places: Places) -> DenseLeg:
    """Index what is stored, in about four times as many lists as the root of its number."""
    stored, dimension = vectors.stored, vectors.shape[1]
    lists = max(1, min(4 * int(len(stored) ** 0.5), len(stored) // 40))
    quantizer = faiss.IndexFlat(dimension, faiss.METRIC_INNER_PRODUCT)
    index = faiss.IndexIVFRaBitQ(quantizer, dimension, lists, faiss.METRIC_INNER_PRODUCT)
    index.cp.niter, index.cp.max_points_per_centroid, index.cp.spherical = 8, 48, True
    sample = np.unique(np.linspace(0, len(stored) - 1, 48 * lists).astype(np.int64))
    index.train(_centred(vectors, means, places, stored[sample]))
    return _filled(index, vectors, means, places)


def _filled(index: Any, vectors: CodedVectors, means: Vectors, places: Places) -> DenseLeg:
    for begin in range(0, len(vectors.stored), _AT_ONCE):
        rows = vectors.stored[begin : begin + _AT_ONCE]
        index.add_with_ids(_centred(vectors, means, places, rows), rows)
    return DenseLeg(vectors, index, places, means)


def _empty(index: Any) -> Any:
    """The same lists with nothing in them."""
    quantizer = faiss.clone_index(index.quantizer)
    kind, lists = faiss.IndexIVFRaBitQ, index.nlist
    empty = kind(quantizer, index.d, lists, faiss.METRIC_INNER_PRODUCT)
    empty.is_trained = True
    return empty


def _entries(index: Any, stored: Rows) -> tuple[Lists, Bits]:
    """Of each stored row the number of its list, shape (n, 1), and its bits."""
    numbers = np.zeros((len(stored), 1), np.int32)
    bits = np.zeros((len(stored), index.code_size), np.uint8)
    for number in range(index.nlist):
        size = index.invlists.list_size(number)
        if size:
            ids = faiss.rev_swig_ptr(index.invlists.get_ids(number), size)
            own = faiss.rev_swig_ptr(index.invlists.get_codes(number), size * index.code_size)
            at = np.searchsorted(stored, ids)
            numbers[at], bits[at] = number, own.reshape(size, -1)
    return numbers, bits


def _put_entries(index: Any, numbers: Lists, bits: Bits, stored: Rows) -> None:
    """Put back what ``_entries`` gave, into lists with nothing in them."""
    order = np.argsort(numbers, kind="stable")
    bounds = np.searchsorted(numbers[order], np.arange(index.nlist + 1))
    ids, laid = np.ascontiguousarray(stored[order], np.int64), bits[order]
    for number in np.flatnonzero(np.diff(bounds)).tolist():
        begin, end = int(bounds[number]), int(bounds[number + 1])
        own, codes = faiss.swig_ptr(ids[begin:end]), faiss.swig_ptr(laid[begin:end])
        index.invlists.add_entries(number, end - begin, own, codes)
    index.ntotal = len(stored)


def open_dense(
    folders: Sequence[Path], places: Places, means: Vectors, rows: Runs, stored: Runs
) -> DenseLeg:
    """Open what was saved of segments as one leg; raises IndexDamaged where it does not fit.

    ``rows`` and ``stored``: their ranges, of all rows and of those that have vectors of their own.
    """
    path, dimension = folders[0] / _INDEX, means.shape[1]
    try:
        index: Any = faiss.deserialize_index(np.frombuffer(path.read_bytes(), np.uint8))
    except (OSError, RuntimeError) as error:
        reason = str(error).strip().split("\n")[0][:200]
        raise IndexDamaged(f"{path} cannot be opened: {reason}. {REBUILD}") from None
    codec = open_codec(folders[0], dimension)
    runs, held = (rows, len(places.first)) if codec is None else (stored, 0)
    found = (index.ntotal, index.d, index.metric_type)
    if found != (held, dimension, faiss.METRIC_INNER_PRODUCT):
        raise IndexDamaged(
            f"{path} holds {found[0]} vectors of {found[1]} by metric {found[2]}, expected "
            f"{held} of {dimension} by {METRIC}. {REBUILD}"
        )
    width = dimension if codec is None else len(codec.spread)
    vectors = _tables(folders, _VECTORS, runs, width)
    if codec is None:
        return DenseLeg(vectors, index, places, means)
    numbers = _tables(folders, _LISTS, runs, 1)[:][:, 0]
    if len(numbers) and not 0 <= numbers.min() <= numbers.max() < index.nlist:
        raise IndexDamaged(f"{folders[0]} names lists that {path} has not. {REBUILD}")
    bits = _tables(folders, _BITS, runs, index.code_size)[:]
    own = stored_rows(places)
    _put_entries(index, numbers, bits, own)
    return DenseLeg(CodedVectors(vectors, codec, places, own), index, places, means)


def _tables(folders: Sequence[Path], name: str, runs: Runs, width: int) -> Table | JoinedRows:
    tables = [open_rows(folder / name) for folder in folders]
    for folder, table, size in zip(folders, tables, runs.sizes, strict=True):
        if table.shape != (size, width):
            raise IndexDamaged(
                f"{folder / name} holds vectors of shape {table.shape}, expected {size} "
                f"of {width}. {REBUILD}"
            )
    return join(tables, runs)


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
