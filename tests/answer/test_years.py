"""Years and strings that a question names: what the text has of them, and what it has not."""

from __future__ import annotations

import pytest

from answered import ask, considered
from dipnot.answer.years import (
    bears_on,
    by_year,
    fitting,
    happened,
    named_years,
    not_there,
    rows_holding,
)
from dipnot.engine import Engine
from dipnot.settings import Settings
from fakes import FakeEncoder


def test_a_year_that_the_text_does_not_have_is_not_answered_with_its_neighbours(
    engine: Engine,
) -> None:
    answer = ask(engine, "1903'te ne yandı?")
    assert answer.verdict == "not_in_text"
    assert "1903" in answer.text


def test_what_happened_in_a_year_gives_the_sentences_that_name_it(engine: Engine) -> None:
    answer = ask(engine, "1902'de ne oldu?")
    assert [c.quote for c in answer.citations] == ["Kıyıdaki değirmen 3 Mayıs 1902’de yandı."]


def test_years_from_one_to_another_come_in_order_of_time(engine: Engine) -> None:
    quotes = [c.quote for c in ask(engine, "What happened between 1880 and 1910?").citations]
    assert [next(y for y in ("1887", "1902", "1905") if y in q) for q in quotes] == [
        "1887", "1902", "1905",
    ]  # fmt: skip


def test_the_year_of_a_source_is_no_year_of_the_text(engine: Engine) -> None:
    assert ask(engine, "1990'da ne oldu?").verdict == "not_in_text"


def test_a_string_that_no_text_holds_is_refused_by_its_letters(engine: Engine) -> None:
    told = not_there(considered(engine, "“dün müzededir” nerede geçiyor?"))
    assert told is not None
    assert told.verdict == "not_in_text"
    assert "dün müzededir" in told.text
    assert not_there(considered(engine, "“bugün müzededir” nerede geçiyor?")) is None


def test_rows_hold_a_string_as_it_is_and_not_only_its_words(engine: Engine) -> None:
    found = considered(engine, "Değirmenin taşı nerede?")
    passages = engine.index.passages
    rows = rows_holding(found, "bugün müzededir")
    assert rows
    assert all("bugün müzededir" in passages[row].text for row in rows)
    assert rows_holding(found, "müzededir bugün") == []


def test_sentences_of_other_years_are_left_out_and_those_of_none_stay(engine: Engine) -> None:
    found = considered(engine, "1902'de değirmen neden yandı?")
    index = engine.index
    kept = [index.sentence(s.order) for s in fitting(found)]
    assert len(kept) < len(found.sentences)
    assert {year for passage in kept for year in named_years(index, passage)} == {"1902"}
    assert any(not named_years(index, passage) for passage in kept)


def test_what_happened_to_somebody_in_a_year_names_the_year(engine: Engine) -> None:
    told = happened(considered(engine, "What happened in 1902 to the mill?"))
    assert told is not None
    assert [c.passage.text for g in told.groups for c in g] == [
        "Kıyıdaki değirmen 3 Mayıs 1902’de yandı."
    ]
    assert happened(considered(engine, "Who built the mill in 1905?")) is None


def test_places_that_bear_on_a_year_are_shown_for_follow_ups_only(engine: Engine) -> None:
    assert bears_on(considered(engine, "1902'de değirmeni kim gördü?")) is None


def test_a_sentence_that_points_back_is_of_the_year_of_the_one_before(
    settings: Settings, encoder: FakeEncoder
) -> None:
    text = "Değirmen 1902 yılında yandı. Bu olay köyü sarstı. Köyde 1905 yılında okul açıldı.\n"
    (settings.corpus / "koy.txt").write_text(f"Köy\n\n{text}", "utf-8")
    engine = Engine(settings, encoder)
    engine.load()
    found = considered(engine, "1905'te köyde ne oldu?")
    kept = {found.index.sentence(s.order).text for s in fitting(found)}
    assert "Köyde 1905 yılında okul açıldı." in kept
    assert "Bu olay köyü sarstı." not in kept
    found = considered(engine, "1902'de köyde ne oldu?")
    assert "Bu olay köyü sarstı." in {found.index.sentence(s.order).text for s in fitting(found)}


@pytest.mark.parametrize("question", ["1902'de kim görevlendirildi?", "1902'de ne gönderildi?"])
def test_a_verb_that_begins_as_one_of_another_language_is_not_what_happened(
    engine: Engine, question: str
) -> None:
    assert by_year(considered(engine, question)) is None


def test_how_old_somebody_was_is_not_what_happened(engine: Engine) -> None:
    assert happened(considered(engine, "How old was the mill in 1902?")) is None
    assert happened(considered(engine, "What happened in 1902 to the mill?")) is not None


def test_a_count_that_looks_like_a_year_is_not_refused(
    settings: Settings, encoder: FakeEncoder
) -> None:
    (settings.corpus / "bridge.txt").write_text("The bridge cost 1,850 pounds.\n", "utf-8")
    engine = Engine(settings, encoder)
    engine.load()
    assert not_there(considered(engine, "What cost 1850 pounds?")) is None
    assert not_there(considered(engine, "What happened in 1851?")) is not None
