"""Tables and lists as things: the row that names the columns, and how many rows there are."""

from __future__ import annotations

import pytest

from answered import ask, considered
from dipnot.answer.found import candidate_of
from dipnot.answer.frames import said
from dipnot.answer.tables import counted, with_columns
from dipnot.engine import Engine
from dipnot.settings import Settings
from fakes import FakeEncoder

PARTS = """# Spare parts

The warehouse keeps these.

| Code | Part | Price |
|------|------|-------|
| P-1 | Elbow | 0.42 |
| P-2 | Socket | 0.28 |
| P-3 | Union | 2.35 |

Orders are sent on Mondays.

# Opening hours

- Monday from nine
- Friday from ten
"""


@pytest.fixture
def shop(settings: Settings, encoder: FakeEncoder) -> Engine:
    (settings.corpus / "parts.md").write_text(PARTS, "utf-8")
    engine = Engine(settings, encoder)
    engine.load()
    return engine


def test_a_row_is_quoted_with_the_row_that_names_its_columns(shop: Engine) -> None:
    index = shop.index
    rows = [candidate_of(index, o) for o in index.places.sentences_of("parts")]
    union = next(c for c in rows if "Union" in c.passage.text)
    elbow = next(c for c in rows if "Elbow" in c.passage.text)
    quoted = with_columns(index, [[union], [elbow]])
    assert [group[0].passage.text for group in quoted] == [
        "Code | Part | Price", "P-3 | Union | 2.35", "P-1 | Elbow | 0.42",
    ]  # fmt: skip


def test_prose_is_quoted_as_it_is(shop: Engine) -> None:
    index = shop.index
    prose = next(
        c
        for c in (candidate_of(index, o) for o in index.places.sentences_of("parts"))
        if c.passage.text.startswith("Orders")
    )
    assert with_columns(index, [[prose]]) == [[prose]]


def test_what_is_listed_is_counted_where_one_list_is_meant(shop: Engine) -> None:
    answer = ask(shop, "How many parts are listed?")
    assert answer.verdict == "not_in_text"
    assert "3 rows under “Spare parts”" in answer.text
    assert "2 rows under “Opening hours”" in ask(shop, "How many opening hours are listed?").text


@pytest.mark.parametrize(
    ("question", "told"),
    [("How many tables are there?", "1 table."), ("Kaç tablo var?", "1 tablo.")],
)
def test_tables_are_counted_themselves(shop: Engine, question: str, told: str) -> None:
    assert ask(shop, question).text.endswith(told)


def test_other_questions_for_a_number_are_not_counted(shop: Engine) -> None:
    assert counted(considered(shop, "How many elbows does a union need?")) is None
    assert counted(considered(shop, "How many ships are listed?")) is None


def test_a_comparison_quotes_rows_with_the_row_that_names_the_columns(shop: Engine) -> None:
    answer = ask(shop, "Compare the elbow and the union")
    quoted = [c.quote for c in answer.citations]
    assert quoted[0] == "Code | Part | Price"
    assert any("Elbow" in quote for quote in quoted)
    assert any("Union" in quote for quote in quoted)


def test_a_side_of_a_comparison_that_nothing_is_found_for_is_said_to_be_missing(
    shop: Engine,
) -> None:
    answer = ask(shop, "Compare Elbow and Zanzibar")
    assert answer.citations
    assert answer.text.startswith(said("parts", "en"))
