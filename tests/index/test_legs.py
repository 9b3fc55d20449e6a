"""The legs behind one protocol: each finds candidates, and scores what others found alike."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from dipnot.engine import Engine
from dipnot.index.legs import open_legs, save_legs
from dipnot.question.understanding import understand
from dipnot.retrieval.query import make_query
from dipnot.settings import Settings
from dipnot.types import Filters
from fakes import LIGHTHOUSE, FakeEncoder


@pytest.fixture
def two(settings: Settings, encoder: FakeEncoder) -> Engine:
    (settings.corpus / "lighthouse.txt").write_text(LIGHTHOUSE, "utf-8")
    engine = Engine(settings, encoder)
    engine.load()
    return engine


@pytest.mark.parametrize("name", ["dense", "lexical"])
@pytest.mark.parametrize("filters", [Filters(), Filters("lake"), Filters(language="en")])
def test_a_leg_finds_the_best_first_and_scores_them_as_it_found_them(
    two: Engine, encoder: FakeEncoder, name: str, filters: Filters
) -> None:
    index = two.index
    leg = dict(index.legs.named())[name]
    query = make_query(understand("Değirmen ne zaman yandı, the keeper?"), encoder, index)
    rows, scores = leg.candidates(query, 5, filters)
    assert 0 < len(rows) == len(scores) <= 5
    assert (np.diff(scores) <= 1e-6).all()
    for row in rows:
        passage = index.passages[row]
        assert filters.doc_id in (None, passage.doc_id)
        assert filters.language in (None, passage.language)
    np.testing.assert_allclose(leg.scores_of(query, rows), scores, atol=1e-3)


@pytest.mark.parametrize("home", ["files"])
def test_legs_are_opened_as_they_were_saved_each_in_its_folder(
    two: Engine, encoder: FakeEncoder, tmp_path: Path
) -> None:
    index = two.index
    folder = tmp_path / "legs"
    folder.mkdir()
    save_legs(index.legs, folder)
    assert {path.name for path in folder.iterdir()} == {name for name, _ in index.legs.named()}
    assert index.columns is not None
    opened = dict(open_legs([folder], index.columns, index.means).named())
    query = make_query(understand("Göl ne oldu?"), encoder, index)
    for name, leg in index.legs.named():
        rows, scores = leg.candidates(query, 5, Filters())
        again, same = opened[name].candidates(query, 5, Filters())
        np.testing.assert_array_equal(rows, again)
        np.testing.assert_allclose(scores, same, atol=1e-6)
        shown = index.places.shown
        own = opened[name].scores_of(query, shown)
        np.testing.assert_allclose(leg.scores_of(query, shown), own, atol=1e-3)


def test_without_token_vectors_there_is_no_late_interaction(settings: Settings) -> None:
    engine = Engine(settings, FakeEncoder(with_tokens=False))
    engine.load()
    assert [name for name, _ in engine.index.legs.named()] == ["dense", "lexical"]
