"""A text as rows of an engine, as it was at one time: a *version*.

Owns: what is written of a text and in which order, and reading it back. A version is whole when its
last row is there, which is told last; it is removed in such an order that the removal can be done
again. Its rows hold from one generation on, and once replaced until another.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace

import numpy as np
from pydantic import TypeAdapter

from dipnot.errors import IndexDamaged
from dipnot.index.centring import centred
from dipnot.index.late_interaction import Halves
from dipnot.index.milvus import Milvus
from dipnot.index.milvus_home import Basis, MilvusHome
from dipnot.index.milvus_legs import held_row, read_dense, read_tokens, term_weights, token_rows
from dipnot.index.milvus_tables import (
    ALWAYS,
    DENSE,
    LEXICAL,
    PART_BITS,
    ROW_BITS,
    TOKENS,
    VERSIONS,
    as_bytes,
    drop,
    get,
    keys_within,
    plain,
    put,
    token_keys_within,
)
from dipnot.index.places import make_places, place_arrays
from dipnot.index.prepared import Prepared, terms_of
from dipnot.types import LANGUAGES, Document, Passage, Vectors

PARTS = ("document", "places", "words")  # of a version, that are values in parts
_LONGEST_TEXT = 40_000  # bytes of a passage that stand in its row
_BATCH = 500
_DOCUMENT: TypeAdapter[Document] = TypeAdapter(Document)
_PASSAGE: TypeAdapter[Passage] = TypeAdapter(Passage)
_VERSION = (
    "key", "since", "until", "doc_id", "content_hash", "rows", "sentences", "words", "basis",
    "whole",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Version:
    """A text as it was at one time; ``words``: how many terms its passages have."""

    key: int
    since: int
    until: int
    doc_id: str
    content_hash: str
    rows: int
    sentences: int
    words: int
    basis: int
    whole: bool

    @property
    def values(self) -> list[str]:
        """The names of its values in parts."""
        return [f"v{self.key}/{name}" for name in PARTS]


def versions_in(home: MilvusHome) -> Iterator[Version]:
    """All versions that the engine holds."""
    for rows in home.engine.rows(VERSIONS, "key >= 0", _VERSION):
        yield from (Version(**{name: row[name] for name in _VERSION}) for row in rows)


def frequencies_of(engine: Milvus, key: int) -> dict[str, list[int]]:
    """The terms of a version: number and frequency of each."""
    name = f"v{key}/words"
    found: dict[str, list[int]] = json.loads(get(engine, [name])[name])
    return found


# --- writing -----------------------------------------------------------------------------------


def keep_version(engine: Milvus, version: Version) -> None:
    """Tell of a version."""
    engine.write(VERSIONS, plain([asdict(version)]))


def write_text(
    engine: Milvus, version: Version, text: Prepared, basis: Basis, number_of: Mapping[str, int]
) -> Version:
    """Write a text under a version, and tell that it is whole; ``number_of``: each of its terms."""
    keep_version(engine, version)
    _write_values(engine, version, text, number_of)
    _write_tokens(engine, version, text)
    _write_passages(engine, version, text, basis, number_of)
    whole = replace(version, whole=True)
    keep_version(engine, whole)
    return whole


def _write_values(
    engine: Milvus, version: Version, text: Prepared, number_of: Mapping[str, int]
) -> None:
    frequencies = Counter(term for terms in text.terms for term in set(terms))
    own = {term: [number_of[term], n] for term, n in frequencies.items()}
    counts = np.array([len(t) for t in text.tokens or [()] * text.sentences], np.int32)
    arrays = place_arrays(make_places(text.passages)) | {"tokens": counts}
    values = (
        _DOCUMENT.dump_json(text.document),
        as_bytes(arrays),
        json.dumps(own, ensure_ascii=False).encode(),
    )
    for name, value in zip(version.values, values, strict=True):
        put(engine, name, value)


def _write_tokens(engine: Milvus, version: Version, text: Prepared) -> None:
    first = version.key << ROW_BITS
    rows = [row for i, own in enumerate(text.tokens or ()) for row in token_rows(first | i, own)]
    engine.write(TOKENS, plain(rows), batch=200)


def _write_passages(
    engine: Milvus, version: Version, text: Prepared, basis: Basis, number_of: Mapping[str, int]
) -> None:
    first = version.key << ROW_BITS
    shared = [
        held_row(first | i, version.since, p.doc_id, p.language, p.kind)
        for i, p in enumerate(text.passages)
    ]
    weighed = [term_weights(t, basis.mean_length, number_of) for t in text.terms]
    # A row without terms has one that no question has: some releases take no empty vector.
    lexical = [{**row, "terms": w or {0: 1.0}} for row, w in zip(shared, weighed, strict=True)]
    engine.write(LEXICAL, lexical, batch=_BATCH)
    languages = [LANGUAGES.index(p.language) for p in text.passages]
    shifted = centred(text.vectors, basis.means.passages[languages])
    dense = [
        {**row, "vector": vector, "body": _body(passage)}
        for row, vector, passage in zip(shared, shifted, text.passages, strict=True)
    ]
    engine.write(DENSE, dense, batch=_BATCH)


def _body(passage: Passage) -> str:
    told = _PASSAGE.dump_python(passage, mode="json")
    if len(passage.text.encode()) > _LONGEST_TEXT:
        told["text"] = None
    return json.dumps(told, ensure_ascii=False)


def close_rows(engine: Milvus, version: Version) -> None:
    """Let the rows of a version hold until its ``until``."""
    for table, vector in ((DENSE, "vector"), (LEXICAL, "terms")):
        fields = ["key", "since", "until", "doc_id", "language", "kind", vector]
        fields += ["body"] if table == DENSE else []
        open_ = f"{keys_within(version.key)} and until == {ALWAYS}"
        rows = [row for some in engine.rows(table, open_, fields) for row in some]
        closed = [{**row, "until": version.until} for row in rows]
        engine.write(table, closed, batch=_BATCH)


def remove_version(engine: Milvus, version: Version) -> None:
    """Remove all of a version; the version itself last, so that it can be done again."""
    for table in (DENSE, LEXICAL):
        engine.delete(table, keys_within(version.key))
    engine.delete(TOKENS, token_keys_within(version.key))
    drop(engine, version.values)
    engine.delete(VERSIONS, f"key == {version.key}")


# --- reading -----------------------------------------------------------------------------------


def stored_text(home: MilvusHome, version: Version) -> Prepared:
    """A text with its vectors as the encoder gave them; raises IndexDamaged if it is not whole."""
    engine, name = home.engine, f"v{version.key}/document"
    document = _DOCUMENT.validate_json(get(engine, [name])[name])
    read = engine.rows(DENSE, keys_within(version.key), ["key", "vector", "body"])
    rows = sorted((row for some in read for row in some), key=lambda row: int(row["key"]))
    if len(rows) != version.rows:
        raise IndexDamaged(f"The engine holds {len(rows)} of {version.rows} rows of {name}.")
    found = [read_dense(row) for row in rows]
    passages = tuple(
        _PASSAGE.validate_python({**p, "text": document.text[slice(*p["span"])]}) for _, p in found
    )
    basis = home.basis(version.basis)
    shifted = np.array([vector for vector, _ in found], np.float32).reshape(len(rows), -1)
    languages = [LANGUAGES.index(p.language) for p in passages]
    vectors = uncentred(shifted, basis.means.passages[languages]) if rows else shifted
    tokens = _stored_tokens(home, version) if len(basis.means.tokens) else None
    return Prepared(document, passages, vectors, tokens, terms_of(passages), 0)


def uncentred(vectors: Vectors, means: Vectors) -> Vectors:
    """Undo ``centred``: the vectors were of length 1, so one length alone fits each direction."""
    along = (vectors * means).sum(axis=-1, keepdims=True)
    room = np.maximum(along**2 + 1 - (means**2).sum(axis=-1, keepdims=True), 0)
    back: Vectors = (means + (np.sqrt(room) - along) * vectors).astype(np.float32)
    return back


def _stored_tokens(home: MilvusHome, version: Version) -> tuple[Halves, ...]:
    parts: dict[int, list[bytes]] = {i: [] for i in range(version.sentences)}
    dimension = home.basis(version.basis).means.passages.shape[1]
    read = home.engine.rows(TOKENS, token_keys_within(version.key), ["key", "body"], batch=200)
    for row in sorted((row for some in read for row in some), key=lambda row: int(row["key"])):
        sentence = (int(row["key"]) >> PART_BITS) & ((1 << ROW_BITS) - 1)
        parts[sentence].append(read_tokens(row))
    return tuple(
        np.frombuffer(b"".join(part), np.float16).reshape(-1, dimension) for part in parts.values()
    )
