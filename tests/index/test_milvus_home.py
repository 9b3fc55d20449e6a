"""Generations in an engine: records, the lease, and servers that share one."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from dipnot.building import home_in, update_index
from dipnot.engine import Engine
from dipnot.errors import IndexDamaged, IndexMismatch, IndexMissing
from dipnot.index.home import check_all
from dipnot.index.milvus_home import MilvusHome
from dipnot.index.milvus_tables import DENSE, RECORDS, TEXTS, plain
from dipnot.settings import Settings
from fakes import LAKE, FakeEncoder

pytestmark = pytest.mark.cluster


@pytest.fixture
def there(settings: Settings, database: object, encoder: FakeEncoder) -> Settings:
    made = replace(settings, engine=database)  # type: ignore[arg-type]
    update_index(made, encoder, lambda *_: None)
    return made


def home_at(settings: Settings) -> MilvusHome:
    home = home_in(settings)
    assert isinstance(home, MilvusHome)
    return home


def test_two_servers_over_one_engine_see_what_one_of_them_has_built(
    there: Settings, encoder: FakeEncoder
) -> None:
    one, other = Engine(there, encoder), Engine(there, encoder)
    one.load()
    other.load()
    (there.corpus / "lake.txt").write_text(f"{LAKE}\n\nGöl şimdi kayıptır.\n", "utf-8")
    report = update_index(there, encoder, lambda *_: None)
    for engine in (one, other):
        engine.catch_up()
        assert engine.ask("Göl kayıp mı?")[1].generation == report.generation
    one.roll_back()
    other.catch_up()
    assert other.index.manifest.generation == one.index.manifest.generation != report.generation


def test_a_server_needs_no_corpus(there: Settings, encoder: FakeEncoder, tmp_path: Path) -> None:
    alone = replace(there, corpus=tmp_path / "nowhere")
    engine = Engine(alone, encoder)
    engine.load()
    assert engine.ask("Göl ne oldu?")[1].citations
    assert engine.staleness() is None


def mended(there: Settings, encoder: FakeEncoder) -> None:
    """What every message says to type helps."""
    assert update_index(there, encoder, lambda *_: None).published
    home = home_at(there)
    assert check_all(home, home.open(encoder))
    engine = Engine(there, encoder)
    engine.reload()
    assert engine.ask("Göl ne oldu?")[1].citations


def test_what_is_damaged_in_the_engine_is_named_and_mended_by_a_build(
    there: Settings, encoder: FakeEncoder
) -> None:
    home = home_at(there)
    index = home.open(encoder)
    (row,) = home.engine.by_key(TEXTS, "key", ["v1/document#00000"], ["body"]).values()
    broken = {**row, "body": row["body"].replace(" ", "  ", 1)}
    home.engine.write(TEXTS, plain([broken]))
    with pytest.raises(IndexDamaged, match="v1/document"):
        check_all(home, home.open(encoder))
    home.engine.write(TEXTS, plain([row]))
    assert check_all(home, index)
    home.engine.write(TEXTS, plain([broken]))
    mended(there, encoder)
    home.engine.delete(DENSE, f"key == {(2 << 24) | 2}")
    with pytest.raises(IndexDamaged, match=r"missing|expected"):
        check_all(home, home.open(encoder))
    mended(there, encoder)
    home.engine.delete(TEXTS, 'key >= "g3/terms" and key < "g3/u"')
    with pytest.raises(IndexDamaged, match="no g3/te"):
        home.open(encoder)
    mended(there, encoder)
    home.engine.call("drop_collection", DENSE)
    with pytest.raises(IndexMissing, match=r"no index in milvus://.+dipnot build"):
        check_all(home, home.open(encoder))
    mended(there, encoder)


def test_records_of_another_format_or_none_are_refused(
    there: Settings, encoder: FakeEncoder
) -> None:
    home = home_at(there)
    name = "generation/000000001"
    told = home.records()[name]
    home.write({name: {**told, "format": 99}})
    with pytest.raises(IndexMismatch, match="format '99'"):
        home.open(encoder)
    home.write({name: {"format": 1}})
    with pytest.raises(IndexDamaged, match="not whole"):
        home.open(encoder)
    home.engine.delete(RECORDS, f'key == "{name}"')
    with pytest.raises(IndexDamaged, match="no record of generation 1"):
        home.open(encoder)
    assert json.dumps(told)
