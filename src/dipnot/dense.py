"""The dense leg: exact inner-product search over unit vectors.

Owns: the FAISS index and its file. The only importer of faiss. The metric is always named.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import faiss
import numpy as np
import numpy.typing as npt

from dipnot.errors import REBUILD, IndexDamaged
from dipnot.types import Vectors

METRIC = "inner_product"


def build_dense(vectors: Vectors) -> Any:
    """Index vectors of shape (n, dimension)."""
    index = faiss.IndexFlat(vectors.shape[1], faiss.METRIC_INNER_PRODUCT)
    index.add(np.ascontiguousarray(vectors, np.float32))
    return index


def search_dense(
    index: Any, query: Vectors, k: int, rows: npt.NDArray[np.int64] | None = None
) -> tuple[npt.NDArray[np.int64], Vectors]:
    """Find the ``k`` best rows for a query of shape (dimension,), best first.

    ``rows`` are the only ones searched; None searches all. Gives rows and inner products.
    """
    size = index.ntotal if rows is None else len(rows)
    k = min(k, size)
    if k == 0:
        return np.zeros(0, np.int64), np.zeros(0, np.float32)
    params = None
    if rows is not None:
        params = faiss.SearchParameters(sel=faiss.IDSelectorBatch(rows))  # type: ignore[call-arg]
    scores, found = index.search(query[None, :].astype(np.float32), k, params=params)
    known = found[0] >= 0
    return found[0][known], scores[0][known]


def save_dense(index: Any, path: Path) -> None:
    """Write the index to a file."""
    path.write_bytes(faiss.serialize_index(index).tobytes())


def open_dense(path: Path, size: int, dimension: int) -> Any:
    """Open a saved index and check its shape and metric; raises IndexDamaged."""
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
    return index
