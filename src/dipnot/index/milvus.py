"""The connection to a Milvus engine, and its errors as sentences.

Owns: connecting, time limits, and what each refusal of the engine means. The only importer of
pymilvus. A connection that broke is made again by the next call, so nobody has to be restarted.
"""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

from dipnot.errors import REBUILD, IndexAway, IndexDamaged, IndexMissing, shown
from dipnot.types import Address

OLDEST = (2, 4)  # the first release with sparse vectors, and with several indexes in a search
ASKING, WRITING = 10.0, 120.0  # seconds that one call may take
_AT_A_TIME = 1_000  # rows of one call
# Each call has a time limit, so pings need not find out that an engine is gone. A server closes the
# connection of a client that pings an idle one more often than every five minutes (gRPC's default).
_CHANNEL = {"grpc.keepalive_time_ms": 330_000, "grpc.keepalive_permit_without_calls": False}
_MISSING = re.compile(
    r"(collection|database).{0,80}(not found|not exist|can't find)", re.IGNORECASE
)
_AWAY = {  # what the engine says, in the order in which it is looked for
    r"unauthenticated|auth check|missing authorization|credential|permission|privilege": (
        "refuses the credentials. Put `user:password` or a token into the file that "
        "index_key_file names, or into DIPNOT_INDEX_KEY."
    ),
    r"quota|no space|disk full|force deny|resource exhausted": (
        "takes no more: a disk or its memory is full. Make room there; the index is as it was."
    ),
    r"released|not loaded": "is starting. Try again shortly.",
    r"deadline|timeout|timed out": "did not answer in time. Try again shortly.",
    r"connect|unavailable": "cannot be reached. Start it, or name another with --index.",
}


class Milvus:
    """One engine's database. Any thread may call; nothing is connected before the first call."""

    def __init__(self, address: Address, key: str | None, seconds: float = ASKING) -> None:
        """``key``: `user:password` or a token; ``seconds``: that a question's call may take."""
        self.address = address
        self._key = key
        self._seconds = seconds
        self._client: Any = None
        self._lock = threading.Lock()

    def call(self, name: str, *given: Any, seconds: float | None = None, **named: Any) -> Any:
        """Call a method of the client; raises IndexAway, IndexMissing or IndexDamaged."""
        limit = self._seconds if seconds is None else seconds
        client = self._connected(limit)
        return self._told(lambda: getattr(client, name)(*given, timeout=limit, **named))

    def rows(
        self, table: str, condition: str, fields: Sequence[str], batch: int = _AT_A_TIME
    ) -> Iterator[list[dict[str, Any]]]:
        """Read the rows that a condition holds of, some at a time, in the order of their keys."""
        client = self._connected(self._seconds)
        more = self._told(
            lambda: client.query_iterator(
                table, batch_size=batch, filter=condition, output_fields=list(fields),
                timeout=WRITING,
            )
        )  # fmt: skip
        while found := self._told(more.next):
            yield [dict(row) for row in found]
        self._told(more.close)

    def by_key(
        self, table: str, key: str, keys: Sequence[Any], fields: Sequence[str]
    ) -> dict[Any, dict[str, Any]]:
        """Read rows by their keys; what is not there is left out."""
        found: dict[Any, dict[str, Any]] = {}
        for begin in range(0, len(keys), _AT_A_TIME):
            part = list(keys[begin : begin + _AT_A_TIME])
            rows = self.call("get", table, ids=part, output_fields=[key, *fields])
            found |= {row[key]: dict(row) for row in rows}
        return found

    def count(self, table: str, condition: str) -> int:
        """Count the rows that a condition holds of."""
        (row,) = self.call("query", table, filter=condition, output_fields=["count(*)"])
        return int(row["count(*)"])

    def write(self, table: str, rows: Sequence[dict[str, Any]], batch: int = _AT_A_TIME) -> None:
        """Write rows over those of the same key; what was written is there for every later read."""
        for begin in range(0, len(rows), batch):
            part = list(rows[begin : begin + batch])
            self.call("upsert", table, part, seconds=WRITING)

    def delete(self, table: str, condition: str) -> None:
        """Delete the rows that a condition holds of."""
        self.call("delete", table, filter=condition, seconds=WRITING)

    def make_database(self) -> None:
        """Make the database where there is none."""
        self._known("create_database", "list_databases", self.address.database)

    def make_table(
        self,
        table: str,
        columns: Mapping[str, type],
        vector: str,
        dimension: int | None,
        index: str,
        params: Mapping[str, Any] | None = None,
    ) -> None:
        """Make a table, the key its first column; a vector without a dimension is a sparse one.

        Every read of it sees every write before. Vectors are compared by their inner product.
        """
        self._connected(WRITING)
        from pymilvus import CollectionSchema, DataType, FieldSchema  # noqa: PLC0415 - an extra
        from pymilvus.milvus_client import IndexParams  # noqa: PLC0415 - an extra

        kinds = {int: DataType.INT64, str: DataType.VARCHAR, bool: DataType.BOOL}
        fields = [
            FieldSchema(
                name, kinds[of], is_primary=i == 0, **({"max_length": 65_535} if of is str else {})
            )
            for i, (name, of) in enumerate(columns.items())
        ]
        sparse = FieldSchema(vector, DataType.SPARSE_FLOAT_VECTOR)
        full = FieldSchema(vector, DataType.FLOAT_VECTOR, dim=dimension or 1)
        indexes = IndexParams()
        indexes.add_index(vector, index_type=index, metric_type="IP", params=dict(params or {}))
        self.call(
            "create_collection", table,
            schema=CollectionSchema([*fields, full if dimension else sparse]),
            index_params=indexes, consistency_level="Strong", seconds=WRITING,
        )  # fmt: skip

    def close(self) -> None:
        """Let go of the connection."""
        client, self._client = self._client, None
        if client is not None:
            with suppress(Exception):  # whatever it has to say of a connection that is gone
                client.close()

    def _known(self, make: str, names: str, name: str) -> None:
        client = self._opened("", ASKING)
        if name not in self._told(lambda: getattr(client, names)(timeout=ASKING)):
            self._told(lambda: getattr(client, make)(name, timeout=WRITING))

    def _connected(self, seconds: float) -> Any:
        with self._lock:
            if self._client is None:
                first = self._opened("", seconds)
                self._check_version(self._told(lambda: first.get_server_version(timeout=seconds)))
                self._client = self._loaded(self._opened(self.address.database, seconds))
            return self._client

    def _loaded(self, client: Any) -> Any:
        """Have all tables in the engine's memory; some releases come back without them."""
        for table in self._told(lambda: client.list_collections(timeout=self._seconds)):
            self._told(partial(client.load_collection, table, timeout=WRITING))
        return client

    def _opened(self, database: str, seconds: float) -> Any:
        client_class = _client_class()
        return self._told(
            lambda: client_class(
                uri=self.address.uri, token=self._key or "", db_name=database, timeout=seconds,
                grpc_options=_CHANNEL,
            )
        )  # fmt: skip

    def _check_version(self, told: str) -> None:
        numbers = re.search(r"(?<!\d)(\d+)\.(\d+)", told)
        if numbers is None or (int(numbers[1]), int(numbers[2])) < OLDEST:
            raise IndexAway(
                f"The engine at {self.address} is Milvus {shown(told)}; expected {OLDEST[0]}."
                f"{OLDEST[1]} or later, which has sparse vectors. Bring the engine up to date."
            )

    def _told(self, call: Callable[[], Any]) -> Any:
        """Call, and turn what the library raises into a sentence, in which no key ever stands."""
        try:
            return call()
        except Exception as error:
            if not type(error).__module__.startswith(("pymilvus", "grpc")):
                raise
            told = self._sentence(_said(error))
            if isinstance(told, IndexAway):
                self.close()  # one that waits for its next try would keep the next call waiting
            raise told from None

    def _sentence(self, said: str) -> Exception:
        said = said.replace(self._key, "…") if self._key else said
        if _MISSING.search(said):
            return IndexMissing(f"There is no index in {self.address} yet. {REBUILD}")
        for pattern, sentence in _AWAY.items():
            if re.search(pattern, said, re.IGNORECASE):
                return IndexAway(f"The engine at {self.address} {sentence}")
        return IndexDamaged(f"The engine at {self.address} refused: {said[:300]}.")


def _said(error: BaseException) -> str:
    """What an error of the library says, and what it was raised from, on one line."""
    told = [str(error)]
    cause = error.__cause__ or error.__context__
    if cause is not None and cause is not error:
        told.append(str(cause))
    return " ".join(" ".join(told).split())


def _client_class() -> Any:
    try:
        from pymilvus import MilvusClient  # noqa: PLC0415 - an extra, and slow to import
    except ImportError:
        raise IndexAway(
            "An index in Milvus needs its client. Type `.venv/bin/python -m pip install "
            "'dipnot[milvus]'`."
        ) from None
    # It logs each error with what was sent; we say it in a sentence.
    logging.getLogger("pymilvus").setLevel(logging.CRITICAL)
    return MilvusClient
