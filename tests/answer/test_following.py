"""What stands by the sentences quoted last, read with a follow-up question as it was asked."""

from __future__ import annotations

from answered import considered
from dipnot.answer.following import leans, read_on
from dipnot.engine import Engine
from dipnot.question.understanding import understand
from dipnot.types import Turn
from fakes import FakeReader


def order_of(engine: Engine, begins: str) -> int:
    index = engine.index
    orders = index.places.sentences_of("lake")
    return next(o for o in orders if index.sentence(o).text.startswith(begins))


def test_sentences_by_the_quotation_are_read_with_the_words_that_were_asked(
    engine: Engine,
) -> None:
    quoted = order_of(engine, "Kıyıdaki değirmen")
    found = considered(engine, "Bekçi kime haber verdi?")
    reader = FakeReader()
    ranked = read_on(found, found.sentences, found.sentences, [quoted], reader)
    before = {s.order: s.score for s in found.sentences}
    behind = order_of(engine, "Bekçi yangını")
    after = next(s for s in ranked if s.order == behind)
    assert after.score > before[behind]
    assert after.reading is not None
    assert [s.score for s in ranked] == sorted((s.score for s in ranked), reverse=True)


def test_where_one_thing_took_the_place_of_another_only_the_whole_question_counts(
    engine: Engine,
) -> None:
    quoted = order_of(engine, "Kıyıdaki değirmen")
    found = considered(engine, "Bekçi kime haber verdi?")
    ranked = read_on(found, found.sentences, [], [quoted], FakeReader())
    far = [s for s in found.sentences if abs(s.order - quoted) > 6]
    scores = {s.order: s.score for s in ranked}
    assert all(scores[s.order] == s.score for s in far)


def test_a_question_leans_that_is_searched_for_behind_other_words() -> None:
    turns = [Turn("Değirmen ne zaman yandı?", "…")]
    assert leans(understand("Peki neden?", turns))
    assert not leans(understand("Değirmen ne zaman yandı?"))
    assert not leans(understand("Peki köprü?", turns))
