"""A true Milvus engine (the package `milvus`), asked by our own client; run as a process.

usage: unshare --net sh -c 'ip link set lo up; exec python tests/true_engine.py FOLDER'

It listens on all interfaces, so it is run where there are none but loopback. It is of a release
before sparse vectors: dense search, filters, publishing and refusals are what it can show. Says
what it saw as one JSON object.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from dipnot.errors import IndexUnusable
from dipnot.index import milvus
from dipnot.index.milvus import Milvus
from dipnot.index.milvus_home import MilvusHome
from dipnot.index.milvus_legs import Held, held_row
from dipnot.index.milvus_records import other_builders
from dipnot.index.milvus_tables import ALWAYS, DENSE, RECORDS, ROW_BITS, make_tables
from dipnot.index.places import make_places
from dipnot.types import Address, Filters

KEY = "root:Milvus"
DIMENSION, ROWS = 64, 5_000
SERVER = Path(sys.executable).parent / "milvus-server"


def refused(key: str, oldest: tuple[int, int] | None = None) -> str:
    """What is said to somebody with this key."""
    before = milvus.OLDEST
    milvus.OLDEST = oldest or before
    try:
        Milvus(Address("127.0.0.1", 19530, "default"), key).call("list_collections")
    except IndexUnusable as error:
        return str(error)
    finally:
        milvus.OLDEST = before
    return ""


def wait() -> None:
    for _ in range(600):
        with suppress(Exception):
            engine = Milvus(Address("127.0.0.1", 19530, "default"), KEY)
            engine.call("list_collections")
            return
        time.sleep(0.5)
    raise SystemExit("the engine did not start")


def show() -> dict[str, Any]:
    """Write, search, filter, publish and go back."""
    seen: dict[str, Any] = {}
    milvus.OLDEST = (2, 3)
    wait()
    seen["wrong credentials"] = refused("root:secret-of-nobody", (2, 3))
    seen["too old"] = refused(KEY, (2, 4))
    engine = Milvus(Address("127.0.0.1", 19530, "dipnot"), KEY, seconds=30)
    make_tables(engine, DIMENSION, (RECORDS, DENSE))
    home = MilvusHome(engine)
    vectors = np.random.default_rng(7).normal(size=(ROWS, DIMENSION)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    rows = [
        {**held_row((1 << ROW_BITS) | i, 1, "ab"[i % 2], "tr", "body"), "vector": v, "body": "{}"}
        for i, v in enumerate(vectors)
    ]
    engine.write(DENSE, rows)
    home.serve(1)
    seen["rows"] = engine.count(DENSE, "since <= 1 and until > 1")
    places = make_places([])
    bounds = np.array([0, ROWS])
    held = Held(engine, 1, np.array([1]), _with_bounds(places, bounds))
    asked = vectors[:50] + 0.3 * vectors[50:100]
    found = [held.search(DENSE, "vector", v, 10, Filters())[0].tolist() for v in asked]
    best = [np.argsort(-(vectors @ v))[:10].tolist() for v in asked]
    seen["recall"] = float(
        np.mean([len({*f} & {*b}) / 10 for f, b in zip(found, best, strict=True)])
    )
    only = held.search(DENSE, "vector", asked[0], 10, Filters("b"))[0]
    seen["filtered"] = [int(row) % 2 for row in only]
    # A second generation has one row less and one more; the first stays whole.
    engine.write(DENSE, [{**rows[0], "until": 2}, {**rows[0], "key": 2 << ROW_BITS, "since": 2}])
    both = [engine.count(DENSE, f"since <= {n} and until > {n} and key >= 0") for n in (1, 2)]
    seen["generations"] = both
    seen["open"] = engine.count(DENSE, f"until == {ALWAYS}")
    home.serve(2)
    seen["served"] = [home.served()[0]]
    home.serve(1, held=True)
    seen["served"] += [home.served()[0], home.is_held()]
    with home.lock():
        seen["lease"] = bool(other_builders(engine, "lease/me/1/x"))
    engine.delete(DENSE, "until <= 2")
    seen["collected"] = engine.count(DENSE, "key >= 0")
    return seen


def _with_bounds(places: Any, bounds: Any) -> Any:
    from dataclasses import replace

    return replace(places, doc_ids=("a",), row_bounds=bounds)


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    started = subprocess.Popen(
        [SERVER, "--data", folder, "--proxy-port", "19530", "--authorization-enabled", "1"],
        stdout=(folder / "out.txt").open("w"), stderr=subprocess.STDOUT, start_new_session=True,
    )  # fmt: skip
    try:
        seen = show()
        os.killpg(started.pid, signal.SIGKILL)
        started.wait()
        seen["gone"] = refused(KEY)
        print(json.dumps(seen))
    finally:
        with suppress(ProcessLookupError):
            os.killpg(started.pid, signal.SIGKILL)  # what it starts does not end with it
        started.wait()
