"""The tables of an index in Milvus: their columns, and long values in parts.

    dipnot_records    what generations there are, which is served, who may build
    dipnot_versions   one row for each text as it was at one time: a *version*, with its number
    dipnot_texts      documents, where their passages stand, words: values in parts with a checksum
    dipnot_dense      one row for each passage of any grain: its centred vector, and the passage
    dipnot_lexical    one row for each passage of any grain: its terms with their BM25 weights
    dipnot_tokens     one row or more for each sentence: its token vectors

Owns: those tables, and how rows are numbered: the key of a passage is the number of its version and
its own number in it, so that a row is found by arithmetic.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from dipnot.errors import REBUILD, IndexDamaged
from dipnot.index.milvus import Milvus
from dipnot.types import Rows

RECORDS, VERSIONS, TEXTS = "dipnot_records", "dipnot_versions", "dipnot_texts"
DENSE, LEXICAL, TOKENS = "dipnot_dense", "dipnot_lexical", "dipnot_tokens"
TABLES = (RECORDS, VERSIONS, TEXTS, DENSE, LEXICAL, TOKENS)
ALWAYS = 2**62  # until when a row holds that nothing has replaced
ROW_BITS, PART_BITS = 24, 8  # of a key: a passage in its version, a part of its tokens
PART = 60_000  # characters; Milvus takes 65,535 bytes
_NOTHING = [0.0, 0.0]  # some releases take no table without a vector
_HNSW = {"M": 32, "efConstruction": 256}


def make_tables(engine: Milvus, dimension: int, tables: Sequence[str] = TABLES) -> None:
    """Make the tables that are not there yet."""
    engine.make_database()
    there = engine.call("list_collections")
    for table in tables:
        if table not in there:
            _make(engine, table, dimension)


def _make(engine: Milvus, table: str, dimension: int) -> None:
    columns, vector = _columns(table)
    if vector == "terms":
        engine.make_table(table, columns, vector, None, "SPARSE_INVERTED_INDEX")
    elif vector == "vector":
        engine.make_table(table, columns, vector, dimension, "HNSW", _HNSW)
    else:
        engine.make_table(table, columns, "nothing", len(_NOTHING), "FLAT")


def _columns(table: str) -> tuple[dict[str, type], str]:
    """The columns of a table, the key first, and its vector."""
    held = {"since": int, "until": int}
    if table in (DENSE, LEXICAL):
        about = {"doc_id": str, "language": int, "kind": int}
        body: dict[str, type] = {"body": str} if table == DENSE else {}
        return {"key": int, **held, **about, **body}, "vector" if table == DENSE else "terms"
    if table == VERSIONS:
        counts = {"rows": int, "sentences": int, "words": int, "basis": int, "whole": bool}
        return {"key": int, **held, "doc_id": str, "content_hash": str, **counts}, ""
    return {"key": int if table == TOKENS else str, "body": str}, ""


def plain(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of a table that is never searched by a vector."""
    return [{**row, "nothing": _NOTHING} for row in rows]


# --- keys --------------------------------------------------------------------------------------


def keys_within(version: int) -> str:
    """The condition that a row is of a version, in the tables of passages."""
    return f"key >= {version << ROW_BITS} and key < {(version + 1) << ROW_BITS}"


def token_keys_within(version: int) -> str:
    """The same in the table of tokens."""
    bits = ROW_BITS + PART_BITS
    return f"key >= {version << bits} and key < {(version + 1) << bits}"


# --- long values -------------------------------------------------------------------------------


def pack(value: bytes) -> Iterator[str]:
    """Cut bytes into parts of text; the first says how many there are, and their checksum."""
    text = base64.b64encode(zlib.compress(value, 6)).decode("ascii")
    parts = [text[i : i + PART] for i in range(0, len(text), PART)] or [""]
    yield f"{len(parts)} {hashlib.sha256(value).hexdigest()} {parts[0]}"
    yield from parts[1:]


def unpack(name: str, parts: Sequence[str]) -> bytes:
    """Put parts together again; raises IndexDamaged where one is missing or was altered."""
    count, summed, first = [*parts[:1], "0  "][0].split(" ", 2)
    try:
        if int(count) != len(parts):
            raise IndexDamaged(f"The engine holds {len(parts)} of {count} parts of {name}.")
        value = zlib.decompress(base64.b64decode("".join([first, *parts[1:]]), validate=True))
    except (ValueError, zlib.error):
        raise IndexDamaged(f"{name} cannot be read from the engine. {REBUILD}") from None
    if hashlib.sha256(value).hexdigest() != summed:
        raise IndexDamaged(f"{name} was altered in the engine. {REBUILD}")
    return value


def put(engine: Milvus, name: str, value: bytes) -> None:
    """Write a value under a name."""
    rows = [{"key": f"{name}#{i:05}", "body": part} for i, part in enumerate(pack(value))]
    engine.write(TEXTS, plain(rows), batch=100)


def get(engine: Milvus, names: Sequence[str]) -> dict[str, bytes]:
    """Read values by their names; raises IndexDamaged for one that is not there or not whole."""
    first = engine.by_key(TEXTS, "key", [f"{name}#00000" for name in names], ["body"])
    found = {}
    for name in names:
        head = first.get(f"{name}#00000")
        if head is None:
            raise IndexDamaged(f"The engine holds no {name}. {REBUILD}")
        count = int(str(head["body"]).split(" ", 1)[0])
        keys = [f"{name}#{i:05}" for i in range(1, count)]
        rest = engine.by_key(TEXTS, "key", keys, ["body"])
        found[name] = unpack(name, [head["body"], *(rest[k]["body"] for k in keys if k in rest)])
    return found


def drop(engine: Milvus, names: Sequence[str]) -> None:
    """Delete values by their names."""
    for name in names:
        engine.delete(TEXTS, f'key >= "{name}#" and key < "{name}$"')


def as_bytes(arrays: dict[str, Any]) -> bytes:
    """Arrays of numbers as bytes: their names, types and shapes as JSON, then what they hold."""
    laid = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    head = json.dumps({n: [a.dtype.str, list(a.shape)] for n, a in laid.items()}).encode()
    return b"\n".join([head, b"".join(a.tobytes() for a in laid.values())])


def as_arrays(value: bytes) -> dict[str, Any]:
    """The arrays again."""
    head, _, rest = value.partition(b"\n")
    arrays, at = {}, 0
    for name, (kind, shape) in json.loads(head).items():
        count = int(np.prod(shape))
        arrays[name] = np.frombuffer(rest, np.dtype(kind), count, at).reshape(shape)
        at += arrays[name].nbytes
    return arrays


def keys_of(versions: Rows, bounds: Rows, numbers: Rows) -> Rows:
    """Keys of rows or sentences by their numbers in a generation; ``bounds``: as in ``Places``."""
    texts = np.searchsorted(bounds, numbers, side="right") - 1
    return (versions[texts] << ROW_BITS) | (numbers - bounds[texts])


def numbers_of(versions: Rows, bounds: Rows, keys: Rows) -> Rows:
    """The numbers in a generation again; the keys must be of its versions."""
    order = np.argsort(versions)
    texts = order[np.searchsorted(versions, keys >> ROW_BITS, sorter=order)]
    return bounds[texts] + (keys & ((1 << ROW_BITS) - 1))
