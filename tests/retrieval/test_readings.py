"""Two readings of a question, by itself and with the turns before it: which one stands."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from dipnot.engine import Engine
from dipnot.question.understanding import understand
from dipnot.retrieval import readings
from dipnot.retrieval.query import make_query
from dipnot.retrieval.rank import WEIGHTS, rank
from dipnot.retrieval.readings import met, settle
from dipnot.types import Filters, Question, Turn
from fakes import FakeEncoder

HISTORY = [Turn("Değirmen nerede?", "…")]


@pytest.fixture
def two() -> Question:
    """A question in two readings."""
    joined = understand("Değirmen nerede? Taşı nerede?")
    return replace(joined, alone=understand("Taşı nerede?"))


def test_a_question_of_one_reading_is_encoded_once(engine: Engine) -> None:
    encoder = FakeEncoder()
    query, _ = settle(engine.index, encoder, understand("Göl ne zaman kurudu?"), Filters(), WEIGHTS)
    assert query.question.alone is None
    assert encoder.queries == ["Göl ne zaman kurudu?"]


@pytest.mark.parametrize(
    ("joined", "alone", "leans"),
    [(0.9, 0.1, True), (0.1, 0.9, False), (0.2, 0.2, False)],
)
def test_the_reading_whose_words_are_met_better_stands(
    engine: Engine, two: Question, monkeypatch: pytest.MonkeyPatch, joined: float, alone: float,
    *, leans: bool,
) -> None:  # fmt: skip
    given = iter((joined, alone))
    monkeypatch.setattr(readings, "met", lambda *_: next(given))
    query, ranking = settle(engine.index, FakeEncoder(), two, Filters(), WEIGHTS)
    stands = two if leans else two.alone
    assert stands is not None
    assert query.question == stands
    own = rank(engine.index, make_query(stands, FakeEncoder(), engine.index), Filters(), WEIGHTS)
    np.testing.assert_array_equal(ranking.rows, own.rows)


def test_only_the_last_words_count_where_all_are_met_best(engine: Engine, two: Question) -> None:
    query = make_query(two, FakeEncoder(), engine.index)
    ranking = rank(engine.index, query, Filters(), WEIGHTS)
    row = np.array([0.0, 0.2, 0.8], np.float32)
    ranking = replace(ranking, matches={0: row})
    assert met(ranking, 1) == pytest.approx(0.8)
    assert met(ranking, 2) == pytest.approx(0.5)


def test_nothing_found_meets_nothing(engine: Engine, two: Question) -> None:
    query = make_query(two, FakeEncoder(), engine.index)
    ranking = replace(rank(engine.index, query, Filters(), WEIGHTS), matches={})
    assert met(ranking, 3) == -1.0
