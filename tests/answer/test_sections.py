"""Sections and numbered articles that a question names: what they say, what they list."""

from __future__ import annotations

import pytest

from answered import ask, considered
from dipnot.answer.sections import (
    articles_counted,
    heading_named,
    listed_under,
    section_named,
)
from dipnot.engine import Engine
from dipnot.settings import Settings
from dipnot.types import Turn
from fakes import FakeEncoder

MACHINE = """# The press

## Foreword by the maker

This press was built to last. It is sold in three towns.

## 2. Faults

The lamp flashes. The belt has torn.

## 3. Upkeep (yearly)

Oil the wheel in spring.
"""

RULES = """KULÜP YÖNETMELİĞİ

MADDE 1 – Kuruluş. Kulüp köyde kuruldu.

MADDE 2 – Denetim kurulu. Üç üyesi vardır. Defterleri her ay inceler.

Kurul raporunu kışın verir.

MADDE 3 – Üyeler akşam kulüpten çıkarken kapıyı ve pencereleri açık bırakmaz.
"""


@pytest.fixture
def shelf(settings: Settings, encoder: FakeEncoder) -> Engine:
    (settings.corpus / "press.md").write_text(MACHINE, "utf-8")
    (settings.corpus / "kulup.txt").write_text(RULES, "utf-8")
    engine = Engine(settings, encoder)
    engine.load()
    return engine


@pytest.mark.parametrize(
    ("question", "doc_id", "heading"),
    [
        ("What does the section on faults say?", "press", "2. Faults"),
        ("What is in section 3?", "press", "3. Upkeep (yearly)"),
        ("What does the foreword say?", "press", "Foreword by the maker"),
        ("Summarise the upkeep section", "press", "3. Upkeep (yearly)"),
        ("What does the section on prices say?", "press", None),
        ("2. madde ne diyor?", "kulup", "MADDE 2 – Denetim kurulu"),
        ("Madde 3 ne diyor?", "kulup", "MADDE 3"),
        ("Kuruluş maddesinde ne yazıyor?", "kulup", "MADDE 1 – Kuruluş"),
        ("What is the last section about?", "press", "3. Upkeep (yearly)"),
        ("What does the first chapter say?", "press", "Foreword by the maker"),
        ("2. bölümde ne anlatılıyor?", "press", "2. Faults"),
        ("Son bölümde ne deniyor?", "press", "3. Upkeep (yearly)"),
        ("What does the ninth section say?", "press", None),
    ],
)
def test_a_part_is_found_by_its_heading_or_its_number(
    shelf: Engine, question: str, doc_id: str, heading: str | None
) -> None:
    found = considered(shelf, question, doc_id)
    assert heading_named(found, shelf.index.documents[doc_id]) == heading


def test_of_a_section_its_beginning_and_its_end_are_quoted(shelf: Engine) -> None:
    found = considered(shelf, "What does the section on faults say?", "press")
    groups = section_named(found, shelf.index.documents["press"])
    assert [c.passage.text for g in groups for c in g] == [
        "The lamp flashes.",
        "The belt has torn.",
    ]


def test_an_article_goes_on_to_the_next_one(shelf: Engine) -> None:
    answer = ask(shelf, "Madde 2 ne diyor?")
    quoted = " ".join(c.quote for c in answer.citations)
    assert "Kurul raporunu kışın verir." in quoted
    assert "Üyeler" not in quoted
    assert "MADDE 2 – Denetim kurulu" in answer.text


def test_an_open_question_is_answered_by_what_stands_under_its_heading(shelf: Engine) -> None:
    told = listed_under(considered(shelf, "Which faults can occur?", "press"))
    assert told is not None
    assert [c.passage.text for g in told.groups for c in g] == [
        "The lamp flashes.", "The belt has torn.",
    ]  # fmt: skip
    assert listed_under(considered(shelf, "Denetim kurulunun görevleri neler?", "kulup"))


def test_a_question_that_asks_for_more_than_a_heading_is_left_to_the_texts_words(
    shelf: Engine,
) -> None:
    for question in ("Which faults of the press did the inspector see?", "Which towns are named?"):
        assert listed_under(considered(shelf, question, "press")) is None


def test_a_part_that_is_not_there_is_no_other_one(shelf: Engine) -> None:
    answer = ask(shelf, "Madde 9 ne diyor?")
    assert answer.verdict == "not_in_text"
    assert not answer.citations
    assert "9" in answer.text


@pytest.mark.parametrize("question", ["Kaç madde var?", "Yönetmelikte kaç madde var?"])
def test_numbered_articles_are_counted(shelf: Engine, question: str) -> None:
    told = articles_counted(considered(shelf, question, "kulup"))
    assert told is not None
    assert "3" in told.text


def test_what_a_text_tells_is_not_counted(shelf: Engine) -> None:
    for question in ("Denetim kurulunun kaç üyesi var?", "Kaç üye var?", "Madde 2 ne diyor?"):
        assert articles_counted(considered(shelf, question, "kulup")) is None


def test_asked_for_a_source_rules_name_the_article_of_what_was_quoted(shelf: Engine) -> None:
    history = [Turn("Defterleri kim inceler?", "“Defterleri her ay inceler.” [1]")]
    answer = shelf.ask("kaynağı ne?", history)[1]
    assert answer.verdict == "partial"
    assert answer.citations[0].quote.startswith("MADDE 2 – Denetim kurulu.")


def test_what_stands_in_no_article_names_none(shelf: Engine) -> None:
    history = [Turn("How long will it last?", "“This press was built to last.” [1]")]
    answer = shelf.ask("source?", history)[1]
    assert [c.quote for c in answer.citations] == ["This press was built to last."]


def test_what_stands_under_a_heading_that_is_the_question_is_told(
    settings: Settings, encoder: FakeEncoder
) -> None:
    text = (
        "# The press\n\n## 1. What is in the box\n\n- a wheel\n- a lamp\n\n## 2. Care\n\nOil it.\n"
    )
    (settings.corpus / "press.md").write_text(text, "utf-8")
    engine = Engine(settings, encoder)
    engine.load()
    told = listed_under(considered(engine, "What is in the box?"))
    assert told is not None
    assert [c.passage.text for group in told.groups for c in group] == ["a wheel", "a lamp"]
    assert listed_under(considered(engine, "What is in the lamp?")) is None
