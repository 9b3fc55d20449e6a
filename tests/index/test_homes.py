"""What every home of an index does: the same claims for one in files and one in an engine."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dipnot.building import home_in, update_index
from dipnot.engine import Engine
from dipnot.errors import BuildRunning, IndexMismatch, IndexMissing, NotFound
from dipnot.index.home import check_all
from dipnot.settings import Settings
from dipnot.types import BuildReport, Filters
from fakes import LAKE, LIGHTHOUSE, RAILWAY, FakeEncoder


def build(settings: Settings, encoder: FakeEncoder) -> BuildReport:
    return update_index(settings, encoder, lambda *_: None)


@pytest.fixture
def three(settings: Settings) -> Settings:
    (settings.corpus / "lighthouse.txt").write_text(LIGHTHOUSE, "utf-8")
    (settings.corpus / "railway.txt").write_text(RAILWAY, "utf-8")
    return settings


def test_an_index_is_opened_as_it_was_built_and_checked_whole(
    three: Settings, encoder: FakeEncoder
) -> None:
    home = home_in(three)
    with pytest.raises(IndexMissing, match="no index"):
        home.open(encoder)
    report = build(three, encoder)
    index = home.open(encoder)
    assert index.manifest.generation == report.generation == home.current()
    assert list(index.documents) == ["lake", "lighthouse", "railway"]
    assert len(index.passages) == report.passages == len(index.places.first)
    for row, passage in enumerate(index.passages):
        assert index.documents[passage.doc_id].text[slice(*passage.span)] == passage.text
        assert index.row_of(passage.passage_id) == row
    assert check_all(home, index)
    again = build(three, encoder)
    assert (again.published, again.generation) == (False, report.generation)


def test_only_what_changed_is_embedded_and_each_answer_is_of_the_generation_it_names(
    three: Settings, encoder: FakeEncoder
) -> None:
    build(three, encoder)
    engine = Engine(three, encoder)
    engine.reload()
    old = engine.index
    encoder.passages.clear()
    (three.corpus / "lake.txt").write_text(f"{LAKE}\n\nGöl şimdi kayıptır.\n", "utf-8")
    (three.corpus / "railway.txt").unlink()
    report = build(three, encoder)
    assert (report.changed, report.removed, report.reused) == (
        ("lake",), ("railway",), ("lighthouse",),
    )  # fmt: skip
    assert 0 < report.embedded < 5
    assert engine.ask("Göl kayıp mı?")[1].generation == old.manifest.generation
    engine.catch_up()
    index, answer = engine.ask("Göl kayıp mı?")
    assert answer.generation == report.generation == index.manifest.generation
    assert any("kayıptır" in citation.quote for citation in answer.citations)
    assert not any("kayıptır" in p.text for p in old.passages), "the old generation is as it was"
    assert {p.doc_id for p in old.passages} == {"lake", "lighthouse", "railway"}
    rows, _ = index.legs.lexical.best(["demiryolu"], 10, Filters())
    assert not len(rows), "what was removed is not found"


def test_one_step_goes_back_and_what_is_gone_back_to_stays(
    three: Settings, encoder: FakeEncoder
) -> None:
    home = home_in(three)
    first = build(three, encoder).generation
    with home.lock(), pytest.raises(NotFound, match="no generation before"):
        home.roll_back(None, encoder)
    (three.corpus / "lake.txt").write_text(f"{LAKE}\n\nGöl şimdi kayıptır.\n", "utf-8")
    second = build(three, encoder).generation
    with home.lock():
        assert home.roll_back(None, encoder) == first
    assert home.is_held()
    assert [(g.generation, g.current) for g in home.generations()] == [
        (second, False), (first, True),
    ]  # fmt: skip
    index = home.open(encoder)
    assert not any("kayıptır" in p.text for p in index.passages)
    assert check_all(home, index)
    with home.lock(), pytest.raises(NotFound, match="no generation 'x'"):
        home.roll_back("x", encoder)
    with home.lock():
        assert home.roll_back(second, encoder) == second
    assert not home.is_held(), "the newest is not gone back to"
    with home.lock():
        home.roll_back(None, encoder)
    changed = (three.corpus / "lake.txt").read_text("utf-8")
    (three.corpus / "lake.txt").write_text(LAKE, "utf-8")
    assert not build(three, encoder).published
    assert not home.is_held(), "a build was asked for"
    (three.corpus / "lake.txt").write_text(changed, "utf-8")
    third = build(three, encoder)
    assert third.published
    assert not home.is_held()
    assert sum("kayıptır" in p.text for p in home.open(encoder).passages) > 0


def test_what_no_kept_generation_needs_is_removed(three: Settings, encoder: FakeEncoder) -> None:
    keep_two = replace(three, keep_generations=2)
    made = []
    for step in range(4):
        (three.corpus / "lake.txt").write_text(f"{LAKE}\n\nAdım {step} atıldı.\n", "utf-8")
        made.append(build(keep_two, encoder).generation)
    home = home_in(three)
    assert [g.generation for g in home.generations()] == made[:1:-1]
    assert check_all(home, home.open(encoder))


def test_one_builds_at_a_time(settings: Settings) -> None:
    home = home_in(settings)
    with home.lock(), pytest.raises(BuildRunning, match="Another process"), home.lock():
        pass
    with home_in(settings).lock():
        pass


def test_an_index_of_another_model_is_refused(settings: Settings, encoder: FakeEncoder) -> None:
    build(settings, encoder)
    other = FakeEncoder("other", "0" * 32)
    with pytest.raises(IndexMismatch, match="was built with the encoder 'fake'"):
        home_in(settings).open(other)
    report = build(settings, other)
    assert report.embedded > 0
    assert home_in(settings).open(other).manifest.encoder == "other"


def test_a_model_without_token_vectors_has_no_late_leg(settings: Settings) -> None:
    encoder = FakeEncoder(with_tokens=False)
    build(settings, encoder)
    index = home_in(settings).open(encoder)
    assert index.legs.late is None
