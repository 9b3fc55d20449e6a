"""Ways of answering beside quoting what ranks first: the text itself, sources, years, strings."""

from __future__ import annotations

import pytest

from dipnot.engine import Engine
from dipnot.types import Answer, Turn


def ask(engine: Engine, question: str, *history: Turn) -> Answer:
    answer = engine.ask(question, history)[1]
    for citation in answer.citations:
        text = engine.index.documents[citation.doc_id].text
        assert text[slice(*citation.span)] == citation.quote
    return answer


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


@pytest.mark.parametrize("question", ["Yılmaz (1990) ne diyor?", "What is cited from Yılmaz 1990?"])
def test_a_source_gives_the_sentences_that_cite_it(engine: Engine, question: str) -> None:
    answer = ask(engine, question)
    assert answer.verdict == "answered"
    assert [c.quote[:8] for c in answer.citations] == ["Köylüler"]


def test_a_quotation_is_found_where_it_stands_or_is_said_not_to_stand(engine: Engine) -> None:
    answer = ask(engine, "“bugün müzededir” nerede geçiyor?")
    assert answer.citations[0].quote == "Değirmenin taşı bugün müzededir."
    assert ask(engine, "“dün müzededir” nerede geçiyor?").verdict == "not_in_text"
    hits = engine.search("“bugün müzededir”")[1]
    assert "bugün müzededir" in hits[0].passage.text


def test_catalogue_data_is_said_and_not_quoted(engine: Engine) -> None:
    answer = ask(engine, "Bu metin kaç sayfa?")
    assert (answer.verdict, answer.citations) == ("not_in_text", ())
    assert "1 sayfa" in answer.text
    assert "katalog" in ask(engine, "Hangi dergide yayımlanmış?").text


def test_a_footnote_that_is_not_there_is_said_not_to_be(engine: Engine) -> None:
    assert "7" in ask(engine, "7. dipnotta ne yazıyor?").text


def test_a_text_without_an_abstract_says_what_it_is_by_how_it_begins(engine: Engine) -> None:
    answer = ask(engine, "Bu metin ne anlatıyor?")
    assert answer.citations[0].quote.startswith("Göl 1887")


def test_the_resolved_question_is_what_was_searched_for(engine: Engine) -> None:
    answer = ask(engine, "Ne zaman yandı?", Turn("Değirmen nerede?", "…"))
    assert answer.question == "Ne zaman yandı?"
    assert answer.resolved_question == "Değirmen nerede? Ne zaman yandı?"
