"""The lease of whoever builds into an engine; that one builds at a time is in test_homes."""

from __future__ import annotations

import os
import socket
import time

import pytest

from dipnot.index.milvus import Milvus
from dipnot.index.milvus_records import _is_dead, held_lease, read_records, write_records
from dipnot.index.milvus_tables import RECORDS, make_tables
from dipnot.types import Address


@pytest.mark.cluster
def test_a_builder_that_died_here_is_forgotten_at_once_and_elsewhere_after_its_time(
    database: Address,
) -> None:
    engine = Milvus(database, None)
    make_tables(engine, 0, (RECORDS,))
    gone, elsewhere = f"lease/{socket.gethostname()}/{2**22 + 1}/a", "lease/far/1/b"
    there = {gone: {"until": time.time() + 60}, elsewhere: {"until": time.time() - 1}}
    write_records(engine, there)
    with held_lease(engine):
        mine = [name for name in read_records(engine) if name.startswith("lease/")]
    assert len(mine) == 1
    assert f"/{os.getpid()}/" in mine[0]
    assert not _is_dead(mine[0])
    assert not read_records(engine)


def test_a_process_of_another_machine_is_not_taken_for_dead() -> None:
    assert not _is_dead("lease/far/1/b")
    assert _is_dead(f"lease/{socket.gethostname()}/{2**22 + 1}/a")
