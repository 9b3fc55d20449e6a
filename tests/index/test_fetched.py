"""Documents and passages that are fetched; over an engine they are compared in test_homes."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import pytest

from dipnot.errors import IndexDamaged
from dipnot.index.fetched import FetchedDocuments, FetchedPassages
from dipnot.index.milvus_legs import Fetched, Held
from dipnot.index.milvus_tables import DENSE


class Counted:
    """An engine that holds no row and counts what it is asked."""

    def __init__(self) -> None:
        self.asked: list[Any] = []

    def by_key(self, table: str, key: str, keys: Any, fields: Any) -> dict[Any, Any]:
        self.asked += keys
        return {k: {key: k, "n": k * 2} for k in keys if k < 100}


def test_a_value_is_fetched_once_and_one_that_is_not_there_is_none() -> None:
    engine = Counted()
    fetched = Fetched(cast(Any, engine), DENSE, ["n"], lambda row: row["n"])
    assert fetched.get(np.array([3, 1, 3, 100])) == [6, 2, 6, None]
    assert fetched.get(np.array([1, 3])) == [2, 6]
    assert engine.asked == [3, 1, 100]


def test_ids_are_known_without_fetching_and_a_missing_passage_is_damage() -> None:
    engine = cast(Any, Counted())
    documents = FetchedDocuments(engine, {"a": 1})
    assert (list(documents), len(documents), "a" in documents, "b" in documents) == (
        ["a"], 1, True, False,
    )  # fmt: skip
    passages = FetchedPassages(cast(Held, None), cast(Fetched, None), documents)
    with pytest.raises(IndexDamaged, match="missing"):
        passages._passage(None)
