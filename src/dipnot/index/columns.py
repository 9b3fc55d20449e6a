"""Passages and documents as columns of numbers that stay on disk.

    passages/windows.npy    int32, (rows, 4): first and last sentence, kind, language
    passages/hashes.npy     uint8, (rows, 16): of what is embedded
    passages/again.npy      uint32, (rows, 1): which of the same passages of its document it is
    passages/sentences.npy  int64, (sentences, 7): start and end, the same in bytes of texts.utf8,
                            first page and last, number of its headings
    passages/texts.utf8     the texts of all documents, one behind another
    passages/names.json     headings; ids of the documents, where each begins in documents.jsonl,
                            and how many rows each has

Owns: those files. A passage is put together when it is asked for, and a document is read then; what
is in memory is what ``Places`` holds. A generation has one such folder, or several: a document
stands in the newest of those that hold one of its id.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, overload

import numpy as np
import numpy.typing as npt
from pydantic import TypeAdapter

from dipnot.errors import REBUILD, IndexDamaged, listed
from dipnot.index.headed import Headed
from dipnot.index.joined import JoinedBytes, JoinedRows, Runs, Table, join
from dipnot.index.passages import SHOWN_GRAIN
from dipnot.index.places import Places, places_of_columns
from dipnot.index.recent import Recent
from dipnot.index.stored import StoredBytes, open_bytes, open_rows
from dipnot.types import KINDS, LANGUAGES, Document, Passage, Rows, Span

_FOLDER, _DOCUMENTS = "passages", "documents.jsonl"
_DOCUMENT: TypeAdapter[Document] = TypeAdapter(Document)
_HASH_BYTES = 16
_IN_MEMORY = 64  # documents; more are read as they are asked for
_RECENT = 1024  # passages in memory: a question asks for the same ones several times
_AT_ONCE = 262_144  # hashes read at once
_ENCODING = ("utf-8", "surrogatepass")
_NAMES = ("windows", "hashes", "again", "sentences")
_Rows = Table | JoinedRows


@dataclass(frozen=True, slots=True, eq=False)
class StoredPassages(Sequence[Passage]):
    """The passages of a generation, by row."""

    places: Places
    hashes: _Rows
    again: _Rows
    sentences: _Rows
    texts: StoredBytes | bytes | JoinedBytes
    headings: tuple[tuple[str, ...], ...]
    recent: Recent[int, Passage] = field(
        default_factory=lambda: Recent(_RECENT), init=False, repr=False
    )

    def __len__(self) -> int:
        """How many there are."""
        return len(self.places.first)

    @overload
    def __getitem__(self, row: int) -> Passage: ...
    @overload
    def __getitem__(self, row: slice) -> tuple[Passage, ...]: ...
    def __getitem__(self, row: int | slice) -> Passage | tuple[Passage, ...]:
        """Put a passage together; raises IndexError, or IndexDamaged where files were cut short."""
        if isinstance(row, slice):
            return tuple(self._made(r) for r in range(*row.indices(len(self))))
        return self.recent.get(range(len(self))[row], self._made)

    def _made(self, row: int) -> Passage:
        own = self._sentences(row)
        doc_id = self.places.doc_of(row)
        content_hash = self.hashes[row].tobytes().hex()
        again = int(self.again[row][0])
        return Passage(
            passage_id=f"{doc_id}.{content_hash[:12]}" + (f"-{again}" if again > 1 else ""),
            doc_id=doc_id,
            span=Span(own[0][0], own[-1][1]),
            text=self._text(own),
            kind=KINDS[self.places.kinds[row]],
            language=LANGUAGES[self.places.languages[row]],
            headings=self.headings[own[0][6]],
            page=own[0][4],
            page_end=own[-1][5],
            sentences=tuple(Span(sentence[0], sentence[1]) for sentence in own),
            content_hash=content_hash,
        )

    def __iter__(self) -> Iterator[Passage]:
        """All of them, one after another."""
        return (self._made(row) for row in range(len(self)))

    def headed(self) -> Headed:
        """Their headings, to be asked for words; nothing is read before."""
        return Headed(self.places, self.headings, lambda: self.sentences[:][:, 6])

    def text_of(self, row: int) -> str:
        """The text of a passage alone."""
        return self._text(self._sentences(row))

    def all_hashes(self) -> list[str]:
        """Of every passage the hash of what is embedded."""
        together = np.asarray(self.hashes[:]).tobytes().hex()
        size = 2 * _HASH_BYTES
        return [together[at : at + size] for at in range(0, len(together), size)]

    def rows_with(self, hashes: Sequence[str]) -> dict[str, int]:
        """Of those of these hashes that are there, a row that has it."""
        wanted = set(hashes)
        heads = np.unique(_heads(b"".join(bytes.fromhex(own) for own in hashes)))
        found: dict[str, int] = {}
        for begin in range(0, len(self) if len(heads) else 0, _AT_ONCE):
            part = np.asarray(self.hashes[begin : begin + _AT_ONCE])
            own = _heads(part.tobytes())
            at = np.minimum(np.searchsorted(heads, own), len(heads) - 1)
            for row in np.flatnonzero(heads[at] == own).tolist():
                content_hash = part[row].tobytes().hex()
                if content_hash in wanted:
                    found[content_hash] = begin + row
        return found

    def row_of(self, passage_id: str) -> int | None:
        """The row of a passage by its id; None where there is none."""
        doc_id, _, name = passage_id.rpartition(".")
        rows = self.places.rows_of(doc_id)
        digest = name.partition("-")[0]
        if not rows or len(digest) != 12 or not set(digest) <= set("0123456789abcdef"):
            return None
        wanted = np.frombuffer(bytes.fromhex(digest), np.uint8)
        own = np.asarray(self.hashes[rows.start : rows.stop])[:, : len(wanted)]
        found = rows.start + np.flatnonzero((own == wanted).all(axis=1))
        return next((int(r) for r in found if self[int(r)].passage_id == passage_id), None)

    def _sentences(self, row: int) -> list[list[int]]:
        first, last = int(self.places.first[row]), int(self.places.last[row])
        numbers: list[list[int]] = self.sentences[first:last].tolist()
        return numbers

    def _text(self, sentences: list[list[int]]) -> str:
        return self.texts[sentences[0][2] : sentences[-1][3]].decode(*_ENCODING)


class StoredDocuments(Mapping[str, Document]):
    """The documents of a generation; some are kept that were read."""

    def __init__(
        self,
        lines: StoredBytes | bytes | JoinedBytes,
        bounds: Mapping[str, tuple[int, int]],
    ) -> None:
        """``bounds``: where the line of each begins and ends among ``lines``."""
        self._lines, self._bounds = lines, bounds
        self._recent: Recent[str, Document] = Recent(_IN_MEMORY)

    def __len__(self) -> int:
        """How many there are."""
        return len(self._bounds)

    def __iter__(self) -> Iterator[str]:
        """Their ids, in the order of their rows."""
        return iter(self._bounds)

    def __contains__(self, doc_id: object) -> bool:
        """Whether there is one of this id; none is read for it."""
        return doc_id in self._bounds

    def __getitem__(self, doc_id: str) -> Document:
        """Read a document; raises KeyError, or IndexDamaged where it cannot be read."""
        return self._recent.get(doc_id, self._read)

    def _read(self, doc_id: str) -> Document:
        return _DOCUMENT.validate_json(self._lines[slice(*self._bounds[doc_id])])


def save_columns(
    folder: Path, documents: Sequence[Document], passages: Sequence[Passage], places: Places
) -> None:
    """Write documents and passages into the folder of a generation."""
    (folder / _FOLDER).mkdir()
    ends = _write_documents(folder / _DOCUMENTS, documents)
    windows = np.stack([places.first, places.last, places.kinds, places.languages], axis=1)
    hashes = b"".join(bytes.fromhex(p.content_hash) for p in passages)
    seen: Counter[tuple[str, str]] = Counter()
    again = np.zeros((len(passages), 1), np.uint32)
    for row, passage in enumerate(passages):
        seen[passage.doc_id, passage.content_hash] += 1
        again[row] = seen[passage.doc_id, passage.content_hash]
    headings: dict[tuple[str, ...], int] = {}
    sentences = [passages[row] for row in places.sentences]
    numbers = [headings.setdefault(p.headings, len(headings)) for p in sentences]
    told = zip(sentences, numbers, strict=True)
    spans = np.array([(*p.span, *p.span, p.page, p.page_end, n) for p, n in told], np.int64)
    spans = spans.reshape(len(sentences), 7)
    _write_texts(folder / _FOLDER / "texts.utf8", documents, places, spans)
    arrays: dict[str, npt.NDArray[Any]] = {
        "windows": windows.astype(np.int32),
        "hashes": np.frombuffer(hashes, np.uint8).reshape(-1, _HASH_BYTES),
        "again": again,
        "sentences": spans,
    }
    for name, array in arrays.items():
        np.save(folder / _FOLDER / f"{name}.npy", array, allow_pickle=False)
    names = {
        "headings": list(headings),
        "documents": [d.doc_id for d in documents],
        "ends": ends,
        "rows": [len(places.rows_of(d.doc_id)) for d in documents],
    }
    (folder / _FOLDER / "names.json").write_text(json.dumps(names), "ascii")


def _write_documents(path: Path, documents: Sequence[Document]) -> list[int]:
    ends, at = [], 0
    with path.open("wb") as file:
        for document in documents:
            at += file.write(_DOCUMENT.dump_json(document) + b"\n")
            ends.append(at)
    return ends


def _write_texts(path: Path, documents: Sequence[Document], places: Places, spans: Rows) -> None:
    """Write the texts, and fill in where each sentence stands among their bytes."""
    begin = 0
    with path.open("wb") as file:
        for document in documents:
            points = np.frombuffer(document.text.encode("utf-32-le", "surrogatepass"), np.uint32)
            widths = 1 + (points >= 0x80) + (points >= 0x800) + (points >= 0x10000)
            at = begin + np.concatenate([[0], np.cumsum(widths)])
            own = places.sentences_of(document.doc_id)
            spans[own.start : own.stop, 2:4] = at[spans[own.start : own.stop, :2]]
            begin += file.write(document.text.encode(*_ENCODING))


@dataclass(frozen=True, slots=True)
class Columns:
    """Passages and documents of a generation, and the ranges of its segments that it is made of.

    Of ``rows``, of ``sentences``, and of ``stored`` rows, those that have vectors of their own.
    ``segments``: the number of the one that each document stands in.
    """

    documents: Mapping[str, Document]
    passages: StoredPassages
    segments: Mapping[str, int]
    rows: Runs
    sentences: Runs
    stored: Runs


def open_columns(folders: Sequence[Path], doc_ids: Sequence[str] | None = None) -> Columns:
    """Open segments, the oldest first, as one; a few documents are read at once.

    ``doc_ids``: of the generation, in its order; None: those of the only segment, of which no
    document is read. Raises IndexDamaged, or what reading a file raises.
    """
    parts = [_open_part(folder, with_documents=doc_ids is not None) for folder in folders]
    where = {d: (n, i) for n, part in enumerate(parts) for i, d in enumerate(part.doc_ids)}
    own = list(where) if doc_ids is None else list(doc_ids)
    missing = [doc_id for doc_id in own if doc_id not in where]
    if missing:
        raise IndexDamaged(f"{folders[0]} does not hold {listed(missing)}. {REBUILD}")
    chosen = np.array([where[d] for d in own], np.int64).reshape(len(own), 2)
    bounds = np.array([parts[n].row_bounds[i : i + 2] for n, i in chosen.tolist()], np.int64)
    bounds = bounds.reshape(len(own), 2)
    held = tuple(len(part.windows) for part in parts)
    rows = Runs(chosen[:, 0], bounds[:, 0], bounds[:, 1], held).merged()
    sizes = [part.windows[:, 1] - part.windows[:, 0] for part in parts]
    sentences = rows.mapped([_counted(own == 1) for own in sizes])
    windows = join([p.windows for p in parts], rows, _shifts(sentences, 4, (0, 1)))
    texts, lines = (JoinedBytes([p.texts for p in parts]), JoinedBytes([p.lines for p in parts]))
    headings = np.cumsum([0, *(len(p.headings) for p in parts)])
    further = np.zeros((len(sentences.segments), 7), np.int64)
    further[:, 2:4] = np.array(texts.befores)[sentences.segments][:, None]
    further[:, 6] = headings[sentences.segments]
    spans = join([p.spans for p in parts], sentences)
    passages = StoredPassages(
        places_of_columns(own, np.diff(bounds)[:, 0].tolist(), windows[:], spans[:]),
        join([p.tables["hashes"] for p in parts], rows),
        join([p.tables["again"] for p in parts], rows),
        join([p.tables["sentences"] for p in parts], sentences, further),
        texts,
        tuple(heading for part in parts for heading in part.headings),
    )
    ends = {d: (lines.befores[n] + parts[n].ends[i], lines.befores[n] + parts[n].ends[i + 1])
            for d, (n, i) in zip(own, chosen.tolist(), strict=True)}  # fmt: skip
    documents = StoredDocuments(lines, ends)
    return Columns(
        documents=_read_at_once(documents) if doc_ids is not None else documents,
        passages=passages,
        segments={doc_id: where[doc_id][0] for doc_id in own},
        rows=rows,
        sentences=sentences,
        stored=rows.mapped([_counted(own <= SHOWN_GRAIN) for own in sizes]),
    )


def _read_at_once(documents: StoredDocuments) -> Mapping[str, Document]:
    return dict(documents) if len(documents) <= _IN_MEMORY else documents


@dataclass(frozen=True, slots=True)
class _Part:
    """The columns of one segment; ``row_bounds`` and ``ends``: where each document begins."""

    doc_ids: Sequence[str]
    row_bounds: Rows
    ends: Sequence[int]
    headings: Sequence[tuple[str, ...]]
    windows: Rows
    spans: Rows
    tables: Mapping[str, Table]
    texts: StoredBytes | bytes
    lines: StoredBytes | bytes


def _open_part(folder: Path, *, with_documents: bool) -> _Part:
    names = json.loads((folder / _FOLDER / "names.json").read_bytes())
    tables = {name: open_rows(folder / _FOLDER / f"{name}.npy") for name in _NAMES}
    texts = open_bytes(folder / _FOLDER / "texts.utf8")
    windows, spans = np.asarray(tables["windows"][:]), np.asarray(tables["sentences"][:])
    shapes = [table.shape for table in tables.values()]
    rows, count = len(windows), len(spans)
    fitting = [(rows, 4), (rows, _HASH_BYTES), (rows, 1), (count, 7)]
    if shapes != fitting or not _fit(windows, spans, names, len(texts)):
        raise IndexDamaged(
            f"{folder / _FOLDER} holds columns of the shapes {shapes}, which do not fit each "
            f"other. {REBUILD}"
        )
    return _Part(
        names["documents"], np.cumsum([0, *names["rows"]]).astype(np.int64), [0, *names["ends"]],
        [tuple(own) for own in names["headings"]], windows, spans, tables, texts,
        open_bytes(folder / _DOCUMENTS) if with_documents else b"",
    )  # fmt: skip


def _counted(which: npt.NDArray[np.bool_]) -> Rows:
    """Of how many before each, and in all, it is so."""
    return np.concatenate([[0], np.cumsum(which)]).astype(np.int64)


def _shifts(runs: Runs, width: int, columns: Sequence[int]) -> Rows:
    """What makes numbers within a segment, in these columns, numbers within the whole."""
    made = np.zeros((len(runs.segments), width), np.int64)
    made[:, columns] = (runs.starts - runs.begins)[:, None]
    return made


def _heads(digests: bytes) -> npt.NDArray[np.uint64]:
    """The first halves of digests, as numbers that can be searched."""
    return np.frombuffer(digests, np.uint64)[::2]


def _fit(windows: Rows, sentences: Rows, names: Any, size: int) -> bool:
    """Whether the columns lead nowhere outside each other."""
    if sum(names["rows"]) != len(windows) or len(names["rows"]) != len(names["documents"]):
        return False
    if not len(windows):
        return not len(sentences)
    first, last, kinds, languages = windows.T
    alone = int((last - first == 1).sum())
    inside = first.min() >= 0 and (last > first).all() and last.max() <= len(sentences) == alone
    named = kinds.min() >= 0 and kinds.max() < len(KINDS) and languages.min() >= 0
    known = languages.max() < len(LANGUAGES) and sentences.min() >= 0
    ends = sentences[:, 3].max() <= size and sentences[:, 6].max() < len(names["headings"])
    return bool(inside and named and known and ends)
