"""The legs over an engine: they search there, and fetch what they score.

Owns: what is searched and fetched for a question. Every search is limited to the rows that hold in
one generation. The engine gives candidates by approximate search; scores of rows that others found
are worked out here, from what is fetched by key, and are exact. The late leg is the house's own,
over tokens that are fetched.

BM25 is the house's too: a row of the engine holds what each term weighs in its passage (saturated
frequency, against a mean length that is fixed until all rows are written anew), the question holds
the rarity of each term in the generation, and the inner product of the two is BM25.
"""

from __future__ import annotations

import base64
import json
from bisect import bisect_left
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt

from dipnot.index.late_interaction import Halves
from dipnot.index.lexical import K1, B, weights_of
from dipnot.index.milvus import Milvus
from dipnot.index.milvus_tables import (
    ALWAYS,
    DENSE,
    LEXICAL,
    PART,
    PART_BITS,
    TOKENS,
    keys_of,
    numbers_of,
)
from dipnot.index.places import Places
from dipnot.language.tokens import index_terms
from dipnot.types import KINDS, LANGUAGES, RUNNING, Filters, Query, Rows, Vectors

_MOST = 16_384  # rows that the engine gives at once
_LEAST_EF = 256  # neighbours that its graph is searched for, however few are asked for
_HELD = {DENSE: 50_000, LEXICAL: 50_000, TOKENS: 20_000}  # rows that are kept in memory


class Fetched:
    """Values of a table by key, fetched once while they are asked for again. Any thread may ask."""

    def __init__(
        self, engine: Milvus, table: str, fields: Sequence[str], read: Callable[[Any], Any]
    ) -> None:
        """``read``: makes a value of a row."""
        self._engine, self._table, self._fields, self._read = engine, table, fields, read
        self._values: OrderedDict[int, Any] = OrderedDict()
        self._lock = Lock()

    def get(self, keys: Rows) -> list[Any]:
        """The values of these keys; None for a row that the engine has not."""
        wanted = keys.tolist()
        with self._lock:
            found = {k: self._values[k] for k in wanted if k in self._values}
        missing = [k for k in dict.fromkeys(wanted) if k not in found]
        if missing:
            fetched = self._fetch(missing)
            found |= fetched
            self._keep(fetched)
        return [found.get(k) for k in wanted]

    def _fetch(self, keys: Sequence[int]) -> dict[int, Any]:
        rows = self._engine.by_key(self._table, "key", keys, self._fields)
        return {key: self._read(row) for key, row in rows.items()}

    def _keep(self, fetched: Mapping[int, Any]) -> None:
        with self._lock:
            self._values |= fetched
            while len(self._values) > _HELD[self._table]:
                self._values.popitem(last=False)


@dataclass(frozen=True, slots=True)
class Held:
    """What holds in one generation: its number, and the versions of its texts in order."""

    engine: Milvus
    number: int
    versions: Rows
    places: Places

    def keys(self, rows: Rows) -> Rows:
        """Keys of passages by their rows."""
        return keys_of(self.versions, self.places.row_bounds, rows)

    def search(
        self, table: str, vector: str, sought: Any, k: int, filters: Filters
    ) -> tuple[Rows, Vectors]:
        """Search a table for rows that hold and that the filters allow, best first."""
        found = self.engine.call(
            "search", table, data=[sought], anns_field=vector, limit=min(k, _MOST),
            filter=_condition(self.number, filters), output_fields=["key"],
            search_params={"metric_type": "IP", "params": {"ef": max(_LEAST_EF, 4 * k)}}
            if table == DENSE else {"metric_type": "IP"},
        )[0]  # fmt: skip
        keys = np.array([hit["key"] for hit in found], np.int64)
        scores = np.array([hit["distance"] for hit in found], np.float32)
        rows = numbers_of(self.versions, self.places.row_bounds, keys)
        return rows, scores


def _condition(number: int, filters: Filters) -> str:
    parts = [f"since <= {number}", f"until > {number}"]
    if filters.doc_id is not None:
        parts.append(f'doc_id == "{filters.doc_id}"')
    if filters.language is not None:
        parts.append(f"language == {LANGUAGES.index(filters.language)}")
    if filters.kind is not None:
        kinds = RUNNING if filters.kind == "body" else (filters.kind,)
        parts.append(f"kind in {[KINDS.index(kind) for kind in kinds]}")
    return " and ".join(parts)


def held_row(version_key: int, since: int, doc_id: str, language: str, kind: str) -> dict[str, Any]:
    """The columns that both tables of passages have."""
    return {
        "key": version_key,
        "since": since,
        "until": ALWAYS,
        "doc_id": doc_id,
        "language": LANGUAGES.index(language),
        "kind": KINDS.index(kind),
    }


# --- dense -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MilvusDense:
    """Inner products of centred vectors; ``fetched``: (vector, passage as JSON) by key."""

    held: Held
    fetched: Fetched

    def candidates(self, query: Query, k: int, filters: Filters) -> tuple[Rows, Vectors]:
        """Find the ``k`` rows nearest to a query, best first: rows and inner products."""
        if not len(self.held.places.first):
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        return self.held.search(DENSE, "vector", query.vector, k, filters)

    def scores_of(self, query: Query, rows: Rows) -> Vectors:
        """Inner products of a query with these rows, float32, shape (len(rows),)."""
        if not len(rows):
            return np.zeros(0, np.float32)
        products: Vectors = self.vectors_of(rows) @ query.vector
        return products

    def vectors_of(self, rows: Rows) -> Vectors:
        """The centred vectors of rows."""
        found = self.fetched.get(self.held.keys(rows))
        none = np.zeros(1, np.float32)
        width = next((len(f[0]) for f in found if f is not None), 1)
        return np.stack([none.repeat(width) if f is None else f[0] for f in found])


def read_dense(row: Any) -> tuple[Vectors, Any]:
    """A row's vector, and its passage in plain data."""
    return np.asarray(row["vector"], np.float32), json.loads(row["body"])


# --- lexical -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Words:
    """The index terms of a generation: ``terms`` in order, each one's number, and its frequency.

    Frequency counts passages of any grain. A term keeps its number in every generation.
    """

    terms: Sequence[str]
    numbers: Rows
    frequencies: Rows

    def at(self, term: str) -> int | None:
        """Where a term stands; None for one that no passage has."""
        at = bisect_left(self.terms, term)
        return at if at < len(self.terms) and self.terms[at] == term else None


@dataclass(frozen=True, slots=True)
class MilvusLexical:
    """BM25 over passages."""

    held: Held
    words: Words
    fetched: Fetched

    def candidates(self, query: Query, k: int, filters: Filters) -> tuple[Rows, Vectors]:
        """Find the ``k`` rows with the highest BM25, best first; only rows that share a term."""
        return self._best(weights_of(query), k, filters)

    def best(self, terms: Sequence[str], k: int, filters: Filters) -> tuple[Rows, Vectors]:
        """The same for terms, each given once."""
        return self._best(dict.fromkeys(terms, 1.0), k, filters)

    def scores_of(self, query: Query, rows: Rows) -> Vectors:
        """BM25 of these rows, float32, shape (len(rows),); 0 where no term is shared."""
        asked = self._asked(weights_of(query))
        found = self.fetched.get(self.held.keys(rows)) if asked else []
        if not found:
            return np.zeros(len(rows), np.float32)
        scores = [sum(w * asked.get(n, 0.0) for n, w in (row or {}).items()) for row in found]
        return np.array(scores, np.float32)

    def frequency(self, term: str) -> int:
        """How many passages hold a term."""
        at = self.words.at(term)
        return 0 if at is None else int(self.words.frequencies[at])

    def starting(self, letters: str) -> Sequence[str]:
        """The terms of the index that begin with these letters, in order."""
        begin = bisect_left(self.words.terms, letters)
        end = bisect_left(self.words.terms, f"{letters}\uffff")
        return self.words.terms[begin:end]

    def rows_with_rarest(self, terms: Sequence[str]) -> Rows:
        """The rows that hold the term of these which fewest rows hold, ascending.

        At most as many as the engine gives at once: a term that more hold tells little.
        """
        rarest = min(terms, key=self.frequency, default="")
        at = self.words.at(rarest)
        if at is None:
            return np.zeros(0, np.int64)
        sought = {int(self.words.numbers[at]): 1.0}
        k = int(self.words.frequencies[at])
        return np.sort(self.held.search(LEXICAL, "terms", sought, k, Filters())[0])

    def knows(self, text: str) -> bool:
        """Whether every term of a text stands in some passage."""
        return all(self.words.at(term) is not None for term in index_terms(text))

    def _best(self, weights: Mapping[str, float], k: int, filters: Filters) -> tuple[Rows, Vectors]:
        asked = self._asked(weights)
        if not asked or k < 1:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        rows, scores = self.held.search(LEXICAL, "terms", asked, k, filters)
        shared = scores > 0
        return rows[shared], scores[shared]

    def _asked(self, weights: Mapping[str, float]) -> dict[int, float]:
        """A question's side of the inner product: what each of its terms counts, by number."""
        total = len(self.held.places.first)
        asked = {}
        for term, weight in weights.items():
            at = self.words.at(term)
            if at is not None:
                rarity = rarity_of(int(self.words.frequencies[at]), total)
                asked[int(self.words.numbers[at])] = weight * rarity
        return asked


def rarity_of(frequency: int, passages: int) -> float:
    """Inverse document frequency, as in the home of files."""
    return float(np.log1p((passages - frequency + 0.5) / (frequency + 0.5)))


def term_weights(
    terms: Sequence[str], mean_length: float, number_of: Mapping[str, int]
) -> dict[int, float]:
    """A passage's side of the inner product: what each of its terms weighs in it, by number."""
    bound = K1 * (1 - B + B * len(terms) / mean_length)
    counted = Counter(terms)
    return {number_of[term]: n / (n + bound) for term, n in counted.items()}


def read_terms(row: Any) -> dict[int, float]:
    """A row's terms by number."""
    return {int(number): float(weight) for number, weight in row["terms"].items()}


# --- tokens ------------------------------------------------------------------------------------


class FetchedTokens:
    """Token vectors of all sentences, as ``LateLeg`` reads them; they are fetched by sentence."""

    def __init__(self, held: Held, offsets: Rows, dimension: int, fetched: Fetched) -> None:
        """``offsets``: as in ``LateLeg``."""
        self._held, self._offsets, self._fetched = held, offsets, fetched
        self.dtype: npt.DTypeLike = np.float16
        self.shape = (int(offsets[-1]), dimension)

    def __len__(self) -> int:
        """How many there are."""
        return self.shape[0]

    def __getitem__(self, rows: slice | Rows) -> Halves:
        """Fetch tokens by their numbers."""
        if isinstance(rows, slice):
            rows = np.arange(*rows.indices(len(self)))
        sentences, own = np.unique(
            np.searchsorted(self._offsets, rows, side="right") - 1, return_inverse=True
        )
        tokens = self.of(sentences)
        begins = np.cumsum([0, *map(len, tokens)])
        laid = np.concatenate([np.zeros((0, self.shape[1]), np.float16), *tokens])
        made: Halves = laid[begins[own] + rows - self._offsets[sentences[own]]]
        return made

    def of(self, sentences: Rows) -> list[Halves]:
        """The tokens of each of these sentences."""
        counts = self._offsets[sentences + 1] - self._offsets[sentences]
        width = self.shape[1] * 2
        parts = [token_parts(int(count) * width) for count in counts]
        keys = keys_of(self._held.versions, self._held.places.sentence_bounds, sentences)
        wanted = [
            (int(key) << PART_BITS) | part
            for key, n in zip(keys, parts, strict=True)
            for part in range(n)
        ]
        found = iter(self._fetched.get(np.array(wanted, np.int64)))
        bodies = [b"".join(next(found) or b"" for _ in range(n)) for n in parts]
        return [np.frombuffer(body, np.float16).reshape(-1, self.shape[1]) for body in bodies]


_PART_BYTES = PART // 4 * 3


def token_parts(size: int) -> int:
    """How many rows the tokens of a sentence take, of so many bytes."""
    return -(-size // _PART_BYTES)


def token_rows(sentence_key: int, tokens: Halves) -> Iterable[dict[str, Any]]:
    """The tokens of a sentence as rows."""
    body = np.ascontiguousarray(tokens, np.float16).tobytes()
    for part in range(token_parts(len(body))):
        piece = body[part * _PART_BYTES : (part + 1) * _PART_BYTES]
        text = base64.b64encode(piece).decode("ascii")
        yield {"key": (sentence_key << PART_BITS) | part, "body": text}


def read_tokens(row: Any) -> bytes:
    """The bytes of a row of tokens."""
    return base64.b64decode(row["body"])
