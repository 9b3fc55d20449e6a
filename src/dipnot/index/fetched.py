"""Documents and passages of an index in an engine, fetched as they are asked for.

Owns: what is kept of them in memory. Seen from above they are a mapping and a sequence, as those
that are read whole from files.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import cast, overload

import numpy as np
from pydantic import TypeAdapter

from dipnot.errors import REBUILD, IndexDamaged
from dipnot.index.milvus import Milvus
from dipnot.index.milvus_legs import Fetched, Held
from dipnot.index.milvus_tables import get
from dipnot.index.recent import Recent
from dipnot.types import Document, Passage, Span

_KEPT = 256  # documents in memory
_AT_A_TIME = 1_000  # rows that are fetched in one go where all are walked through
_DOCUMENT: TypeAdapter[Document] = TypeAdapter(Document)
_PASSAGE: TypeAdapter[Passage] = TypeAdapter(Passage)


class FetchedDocuments(Mapping[str, Document]):
    """Documents by their ids, in the order of the generation."""

    def __init__(self, engine: Milvus, versions: Mapping[str, int]) -> None:
        """``versions``: the number of each text's version."""
        self._engine, self._versions = engine, versions
        self._recent: Recent[str, Document] = Recent(_KEPT)

    def __getitem__(self, doc_id: str) -> Document:
        """Fetch a document; raises KeyError for an unknown one."""
        return self._recent.get(doc_id, self._fetch)

    def _fetch(self, doc_id: str) -> Document:
        name = f"v{self._versions[doc_id]}/document"
        return _DOCUMENT.validate_json(get(self._engine, [name])[name])

    def __iter__(self) -> Iterator[str]:
        """Go through the ids; nothing is fetched."""
        return iter(self._versions)

    def __len__(self) -> int:
        """How many documents there are."""
        return len(self._versions)

    def __contains__(self, doc_id: object) -> bool:
        """Whether there is such a document; nothing is fetched."""
        return doc_id in self._versions


class FetchedPassages(Sequence[Passage]):
    """Passages by their rows."""

    def __init__(self, held: Held, fetched: Fetched, documents: FetchedDocuments) -> None:
        """``fetched``: rows of the dense table, which hold the passages."""
        self._held, self._fetched, self.documents = held, fetched, documents

    def __len__(self) -> int:
        """How many there are, of all grains."""
        return len(self._held.places.first)

    @overload
    def __getitem__(self, row: int) -> Passage: ...
    @overload
    def __getitem__(self, row: slice) -> list[Passage]: ...
    def __getitem__(self, row: int | slice) -> Passage | list[Passage]:
        """Fetch one, or several; raises IndexError, or IndexDamaged where one is not there."""
        if isinstance(row, slice):
            return self._of(range(*row.indices(len(self))))
        if not -len(self) <= row < len(self):
            raise IndexError(row)
        return self._of(range(row % len(self), row % len(self) + 1))[0]

    def __iter__(self) -> Iterator[Passage]:
        """Go through all of them, fetched some at a time."""
        for begin in range(0, len(self), _AT_A_TIME):
            yield from self[begin : begin + _AT_A_TIME]

    def rows_of(self, doc_id: str) -> range:
        """The rows of a document."""
        return self._held.places.rows_of(doc_id)

    def _of(self, rows: range) -> list[Passage]:
        keys = self._held.keys(np.arange(rows.start, rows.stop, rows.step, dtype=np.int64))
        found = self._fetched.get(keys)
        return [self._passage(f[1] if f is not None else None) for f in found]

    def _passage(self, told: dict[str, object] | None) -> Passage:
        if told is None:
            raise IndexDamaged(f"A passage is missing in the engine. {REBUILD}")
        if told["text"] is None:  # too long for a row
            span = Span(*cast(list[int], told["span"]))
            text = self.documents[str(told["doc_id"])].text[slice(*span)]
            told = {**told, "text": text}
        return _PASSAGE.validate_python(told)
