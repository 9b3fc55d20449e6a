"""The connection to an engine, and what is said where it is not there or refuses."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dipnot.building import home_in, update_index
from dipnot.engine import Engine
from dipnot.errors import DipnotError, IndexAway, IndexDamaged, IndexMissing
from dipnot.index import milvus as module
from dipnot.index.home import check_all
from dipnot.index.milvus import Milvus
from dipnot.settings import Settings
from dipnot.types import Address, Answer
from fakes import FakeEncoder
from milvus_server import Door, Server, can_have_a_disk, free_port

NOWHERE = Address("127.0.0.1", 1, "dipnot")


def test_without_its_client_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pymilvus", None)
    with pytest.raises(IndexAway, match=r"dipnot\[milvus\]"):
        Milvus(NOWHERE, None).call("list_collections")


@pytest.mark.parametrize(
    ("said", "kind", "sentence"),
    [
        ("auth check failure, please check username and password", IndexAway, "credentials"),
        ("Fail connecting to server on 127.0.0.1:1", IndexAway, "cannot be reached"),
        ("DEADLINE_EXCEEDED: Deadline Exceeded", IndexAway, "did not answer in time"),
        ("Collection 'a' is in state 'released'; call load()", IndexAway, "is starting"),
        ("UNAUTHENTICATED", IndexAway, "refuses the credentials"),
        ("disk quota exceeded, please allocate more", IndexAway, "Make room there"),
        ("collection not found[collection=dipnot_records]", IndexMissing, "no index"),
        ("database not found[database=dipnot]", IndexMissing, "no index"),
        ("something new: me:s3cret", IndexDamaged, "refused"),
    ],
)
def test_each_refusal_is_a_sentence_that_never_holds_the_key(
    said: str, kind: type[DipnotError], sentence: str
) -> None:
    engine = Milvus(NOWHERE, "me:s3cret")
    error = engine._sentence(f"{said} me:s3cret")
    assert isinstance(error, kind)
    assert sentence in str(error)
    assert "s3cret" not in str(error)
    assert "s3cret" not in repr(Settings(index_key="me:s3cret"))


@pytest.mark.parametrize(("told", "fits"), [("2.3.5", False), ("v2.4.0", True), ("lite-3.2", True)])
def test_an_engine_before_sparse_vectors_is_refused(told: str, *, fits: bool) -> None:
    engine = Milvus(NOWHERE, None)
    if fits:
        engine._check_version(told)
        return
    with pytest.raises(IndexAway, match=r"2\.4 or later"):
        engine._check_version(told)


@pytest.fixture
def door(milvus: Server) -> Iterator[Door]:
    made = Door(milvus.port)
    yield made
    made.close()


@pytest.mark.cluster
def test_an_engine_that_is_not_there_is_said_at_once(
    settings: Settings, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "ASKING", 1.0)
    engine = Milvus(Address("127.0.0.1", free_port(), "dipnot"), None, seconds=1)
    with pytest.raises(IndexAway, match=r"milvus://127.0.0.1:\d+/dipnot cannot be reached"):
        engine.call("list_collections")


@pytest.mark.cluster
def test_one_that_is_too_slow_in_mid_answer_is_an_error_and_is_used_again_later(
    settings: Settings, encoder: FakeEncoder, database: Address, door: Door,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    through = replace(settings, engine=replace(database, port=door.port))
    update_index(through, encoder, lambda *_: None)
    engine = Engine(through, encoder)
    engine.reload()
    assert engine.ask("Göl ne oldu?")[1].citations
    home = home_in(through)
    monkeypatch.setattr(engine.index.legs.dense.held.engine, "_seconds", 1.0)  # type: ignore[attr-defined]
    door.hold()
    with pytest.raises(IndexAway, match="did not answer in time"):
        engine.ask("Değirmen ne zaman yandı?")
    engine.catch_up()
    assert engine.is_ready
    assert "did not answer in time" in str(engine.trouble)
    door.let()
    engine.catch_up()
    assert engine.trouble is None
    assert home.current() == engine.index.manifest.generation
    assert engine.ask("Değirmen ne zaman yandı?")[1].citations


def answered_at_last(engine: Engine) -> Answer:
    """Ask until the engine's client has connected again, which it does in its own time."""
    until = time.monotonic() + 600
    while True:
        try:
            return engine.ask("Göl ne oldu?")[1]
        except IndexAway:
            assert time.monotonic() < until
            threading.Event().wait(0.2)


@pytest.mark.cluster
def test_one_that_was_killed_is_used_again_when_it_is_back(
    settings: Settings, encoder: FakeEncoder, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with Server(tmp_path_factory.mktemp("own")) as own:
        there = replace(settings, engine=own.new_database())
        update_index(there, encoder, lambda *_: None)
        engine = Engine(there, encoder)
        engine.reload()
        engine.index.legs.dense.held.engine._seconds = 2.0  # type: ignore[attr-defined]
        own.stop()
        with pytest.raises(IndexAway):
            engine.ask("Göl ne oldu?")
        own.start()
        assert answered_at_last(engine).citations


@pytest.mark.cluster
def test_a_disk_that_is_full_at_the_engine_leaves_what_is_served_and_a_later_build_goes_on(
    settings: Settings, encoder: FakeEncoder, tmp_path: Path
) -> None:
    (tmp_path / "disk").mkdir()
    if not can_have_a_disk(tmp_path / "disk"):
        pytest.skip("no disk of a few megabytes can be made here")
    with Server(tmp_path / "disk", room=4) as own:
        there = replace(settings, engine=own.new_database())
        served = update_index(there, encoder, lambda *_: None).generation
        for n in range(30):
            lines = (f"Bu {n}-{i} numaralı cümledir ve uzundur." for i in range(150))
            (there.corpus / f"t{n}.txt").write_text(f"Metin {n}\n\n{' '.join(lines)}", "utf-8")
        with pytest.raises(IndexAway, match=r"takes no more: a disk .+ Make room there"):
            update_index(there, encoder, lambda *_: None)
        home = home_in(there)
        assert home.current() == served
        assert check_all(home, home.open(encoder))
        own.make_room(64)
        for n in range(2, 30):
            (there.corpus / f"t{n}.txt").unlink()
        assert update_index(there, encoder, lambda *_: None).added == ("t0", "t1")
        assert check_all(home, home.open(encoder))
