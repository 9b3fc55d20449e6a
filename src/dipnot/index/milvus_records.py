"""Records of an engine: small values by name; and the lease of whoever builds, which is one.

    record lease/<who>           who builds, and until when unless it is renewed

Owns: reading and writing records, and that one builds at a time.
"""

from __future__ import annotations

import json
import os
import secrets
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from threading import Event, Thread
from typing import Any

from dipnot.errors import BuildRunning, IndexUnusable
from dipnot.index.milvus import Milvus
from dipnot.index.milvus_tables import RECORDS, make_tables, plain

_LEASE = 60.0  # seconds after which a builder that says nothing is taken for dead
_TRIES = 5  # to get the lease, where several ask at the same moment


def read_records(engine: Milvus) -> dict[str, Any]:
    """All records by their names; raises IndexMissing where there is no index."""
    found: dict[str, Any] = {}
    for rows in engine.rows(RECORDS, 'key >= " "', ["key", "body"]):
        for row in rows:
            with suppress(ValueError):
                found[row["key"]] = json.loads(row["body"])
    return found


def write_records(engine: Milvus, records: Mapping[str, Any]) -> None:
    """Write records by their names."""
    rows = [{"key": name, "body": json.dumps(told)} for name, told in records.items()]
    engine.write(RECORDS, plain(rows))


def forget_record(engine: Milvus, name: str) -> None:
    """Delete a record."""
    engine.delete(RECORDS, f'key == "{name}"')


@contextmanager
def held_lease(engine: Milvus) -> Iterator[None]:
    """Hold the one right to build; raises BuildRunning.

    Whoever wants it says so first and looks then who else does: of two that ask at once, at
    least one sees the other. One that dies is forgotten after a minute, or at once by a
    builder on the same machine. Their clocks may differ by less than that minute.
    """
    make_tables(engine, 0, (RECORDS,))
    name = f"lease/{socket.gethostname()}/{os.getpid()}/{secrets.token_hex(4)}"
    for tries in range(_TRIES):
        _say(engine, name)
        others = other_builders(engine, name)
        if not others:
            break
        forget_record(engine, name)
        time.sleep(secrets.randbelow(100) / 500 if tries < _TRIES - 1 else 0)
    else:
        raise BuildRunning(
            f"Another process is building the index in {engine.address} "
            f"({', '.join(o.split('/')[1] for o in others)}). Wait until it is done."
        )
    done = Event()
    renewing = Thread(target=_renew, args=(engine, name, done), name="lease", daemon=True)
    renewing.start()
    try:
        yield
    finally:
        done.set()
        renewing.join()
        with suppress(IndexUnusable):  # it runs out by itself
            forget_record(engine, name)


def other_builders(engine: Milvus, name: str) -> list[str]:
    """The leases of others that are alive; those that are not are forgotten."""
    others = []
    for other, told in read_records(engine).items():
        if other.startswith("lease/") and other != name:
            if told["until"] > time.time() and not _is_dead(other):
                others.append(other)
            else:
                forget_record(engine, other)
    return others


def _renew(engine: Milvus, name: str, done: Event) -> None:
    while not done.wait(_LEASE / 4):
        with suppress(IndexUnusable):
            _say(engine, name)


def _say(engine: Milvus, name: str) -> None:
    write_records(engine, {name: {"until": time.time() + _LEASE}})


def _is_dead(lease: str) -> bool:
    """Whether the process that a lease names ran on this machine, and runs no more."""
    _, host, pid, _ = lease.split("/")
    if host != socket.gethostname() or os.name == "nt":
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False
