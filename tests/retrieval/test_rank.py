"""Retrieval: hits in different places, filters, and questions that lean on earlier ones."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dipnot.engine import Engine
from dipnot.question.understanding import understand
from dipnot.retrieval import rank as ranking_room
from dipnot.retrieval.query import make_query
from dipnot.retrieval.rank import Weights, _year_named, hits_of, rank
from dipnot.types import Filters, Query
from fakes import FakeEncoder


def query_for(engine: Engine, encoder: FakeEncoder, text: str) -> Query:
    return make_query(understand(text), encoder, engine.index)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Değirmen ne zaman yandı?", "Kıyıdaki değirmen 3 Mayıs 1902’de yandı."),
        ("degirmen ne zaman yandi", "Kıyıdaki değirmen 3 Mayıs 1902’de yandı."),
        ("DEĞİRMEN MAYIS 1902 YANDI", "Kıyıdaki değirmen 3 Mayıs 1902’de yandı."),
        ("İstasyon şefi yolculara ne ikram ederdi?", "İstasyon şefi yolculara çay ikram ederdi."),
        ("What did the lamp burn?", "Its lamp burned olive oil for twenty years."),
    ],
)
def test_the_sentence_that_shares_the_questions_words_is_found(
    three: Engine, question: str, sentence: str
) -> None:
    _, hits = three.search(question, 3)
    assert any(sentence in hit.passage.text for hit in hits)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(question=st.text(min_size=1, max_size=40), k=st.integers(1, 100))
def test_hits_are_at_most_k_in_different_places_best_first(
    three: Engine, question: str, k: int
) -> None:
    question = f"göl {''.join(c for c in question if c.isprintable())}"
    _, hits = three.search(question, k)
    assert 1 <= len(hits) <= k
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert np.isfinite(scores).all()
    places = [(h.passage.doc_id, s) for h in hits for s in h.passage.sentences]
    assert len(places) == len(set(places))


def test_more_hits_begin_with_the_fewer(three: Engine) -> None:
    many = [hit.passage for hit in three.search("değirmen", 8)[1]]
    assert [hit.passage for hit in three.search("değirmen", 3)[1]] == many[:3]


@pytest.mark.parametrize(
    ("doc_id", "language", "kind"),
    [("railway", None, None), (None, "en", None), (None, None, "front"), ("lake", "en", "body"),
     ("railway", "en", None)],
)  # fmt: skip
def test_filters_leave_only_what_they_name(
    three: Engine, doc_id: str | None, language: str | None, kind: str | None
) -> None:
    index, hits = three.search("demiryolu mill", 100, doc_id=doc_id, language=language, kind=kind)
    fitting = [
        p
        for row, p in enumerate(index.passages)
        if row in index.places.shown
        and doc_id in (None, p.doc_id)
        and language in (None, p.language)
        and kind in (None, p.kind)
    ]
    assert {h.passage.passage_id for h in hits} <= {p.passage_id for p in fitting}
    assert bool(hits) == bool(fitting)


@pytest.mark.parametrize("year", ["1911", "1950"])
def test_a_year_that_a_question_names_speaks_for_the_passages_that_name_it(
    three: Engine, encoder: FakeEncoder, year: str
) -> None:
    def lead(weights: Weights) -> float:
        query = query_for(three, encoder, f"Bu bölgede {year} yılında ne oldu?")
        hits = hits_of(three.index, rank(three.index, query, Filters(), weights), 20)
        return next(h.score for h in hits if year in h.passage.text) - hits[-1].score

    assert lead(Weights()) > lead(Weights(year=0.0))


def test_the_year_of_a_source_is_no_year_of_the_text(three: Engine) -> None:
    index = three.index
    query = query_for(three, FakeEncoder(), "1990 yılında ne oldu?")
    assert any("1990" in p.text for p in index.passages)
    assert not _year_named(index, query, np.arange(len(index.passages))).any()


def test_of_what_matches_alike_the_shorter_comes_first(three: Engine, encoder: FakeEncoder) -> None:
    def words(weights: Weights) -> float:
        query = query_for(three, encoder, "Değirmen ve göl")
        hits = hits_of(three.index, rank(three.index, query, Filters(), weights), 6)
        return sum(len(hit.passage.text.split()) / hit.rank for hit in hits)

    assert words(Weights(length=3.0)) < words(Weights(length=0.0)) < words(Weights(length=-3.0))


def test_a_token_that_counts_more_speaks_for_the_passages_that_have_its_word(
    three: Engine, encoder: FakeEncoder
) -> None:
    alike = replace(query_for(three, encoder, "Göl müzededir"), token_weights=None)
    query = replace(alike, token_weights=np.array([0.2, 1.8], np.float32))

    def lead(asked: Query) -> float:
        weights = Weights(lexical=0.0, length=0.0, late=5.0)
        hits = hits_of(three.index, rank(three.index, asked, Filters(), weights), 20)
        best = next(h.score for h in hits if "müzededir" in h.passage.text)
        return best - next(h.score for h in hits if "1887" in h.passage.text)

    assert lead(query) > lead(alike)


def test_legs_that_are_asked_at_once_find_what_they_find_one_after_another(
    three: Engine, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = query_for(three, encoder, "Değirmen ne zaman yandı?")
    assert three.index is not None
    after = rank(three.index, query, Filters())
    monkeypatch.setattr(ranking_room, "_MANY", 0)
    monkeypatch.setattr(ranking_room, "_DEPTH_OF_MANY", Weights().depth)
    once = rank(three.index, query, Filters())
    np.testing.assert_array_equal(once.rows, after.rows)
    np.testing.assert_array_equal(once.scores, after.scores)
