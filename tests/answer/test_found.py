"""The sentences of an index as candidates for quoting."""

from __future__ import annotations

import pytest

from answered import considered
from dipnot.answer.found import (
    candidate_of,
    candidates_of,
    matches_of,
    notes_of,
    passage_over,
    places_of,
)
from dipnot.engine import Engine
from dipnot.settings import Settings
from fakes import FakeEncoder


def order_of(engine: Engine, text: str) -> int:
    size = len(engine.index.places.sentences)
    return next(n for n in range(size) if engine.index.sentence(n).text.startswith(text))


def test_a_range_of_sentences_is_given_as_far_as_there_are_any(engine: Engine) -> None:
    size = len(engine.index.places.sentences)
    assert [c.order for c in candidates_of(engine.index, -3, 2)] == [0, 1]
    assert [c.order for c in candidates_of(engine.index, size - 1, size + 9)] == [size - 1]


def test_what_was_quoted_is_found_again_in_its_order_and_once(engine: Engine) -> None:
    stone, lake = "Değirmenin taşı bugün müzededir.", "Göl 1887 yılında kurutuldu."
    orders = [order_of(engine, stone), order_of(engine, lake)]
    assert places_of(engine.index, [stone, lake, stone]) == orders
    assert places_of(engine.index, ["Değirmenin taşı dün müzededir."]) == []


def test_the_notes_of_a_sentence_are_those_whose_marker_hangs_in_it(
    settings: Settings, encoder: FakeEncoder
) -> None:
    text = "Göl kurudu.[1] Kıyı kaldı.\n\n[1] Bekçi defteri, 1887.\n"
    (settings.corpus / "lake.txt").write_text(text, "utf-8")
    engine = Engine(settings, encoder)
    engine.load()
    dry, shore = (candidate_of(engine.index, order_of(engine, t)) for t in ("Göl", "Kıyı"))
    (note,) = notes_of(engine.index, dry)
    assert engine.index.sentence(note).text == "Bekçi defteri, 1887."
    assert notes_of(engine.index, shore) == []


def test_a_passage_over_sentences_is_the_one_that_spans_them(engine: Engine) -> None:
    index = engine.index
    places = {p.passage_id: p for p in index.passages}
    whole = next(p for p in index.passages if len(p.sentences) > 1)
    orders = index.places.sentences_of(whole.doc_id, whole.span)
    assert places[passage_over(index, orders[0], orders[-1] + 1)].span == whole.span


@pytest.mark.parametrize("with_tokens", [True, False])
def test_the_sentence_of_the_questions_words_meets_it_best(
    settings: Settings, *, with_tokens: bool
) -> None:
    engine = Engine(settings, FakeEncoder(with_tokens=with_tokens))
    engine.load()
    found = considered(engine, "Değirmenin taşı bugün müzede mi?")
    match = matches_of(found, range(len(engine.index.places.sentences)))
    best = max(match, key=lambda order: match[order])
    assert engine.index.sentence(best).text == "Değirmenin taşı bugün müzededir."
    assert matches_of(found, []) == {}
