"""A quotation: its words, its footnote, what can be done with it."""

from __future__ import annotations

from typing import Any

import pytest

from dipnot_ui.context import Context, find_context
from dipnot_ui.quotation import citation as written
from dipnot_ui.quotation import pages, paragraph
from ui_parts import (
    NOTE,
    PARAGRAPHS,
    QUOTE,
    QUOTE_END,
    QUOTE_START,
    FakeBackend,
    Reader,
    answer_of,
    citation,
    shown,
)


def test_the_paragraph_marks_the_quotation_and_raises_the_notes_label() -> None:
    found = find_context(citation(), FakeBackend().page)
    assert found is not None
    made = paragraph(found)
    assert f"<mark>{QUOTE}</mark><sup" in made
    assert Reader(made).text == PARAGRAPHS[1].replace(QUOTE, QUOTE + "1")


def test_a_quotation_over_two_paragraphs_is_marked_in_both() -> None:
    made = paragraph(Context("Bir iki.\n\nÜç dört.", 100, (4, 12)))
    assert made == "Bir <mark>iki.\n\nÜç</mark> dört."


def test_an_answer_shows_the_quotation_its_source_its_note_and_its_paragraph() -> None:
    made = shown(answer_of([citation(highlight=[[9, 21]], author="Ayaz", year=2022)]))
    text = Reader(made).text
    assert "Yanıtlandı" in text
    assert "<mark>16 Mart 1921</mark>" in made
    assert "Ayaz, Türk-Sovyet İlişkileri, 2022, s. 1–2" in text
    assert "Kararsızlık Dönemi" in text
    assert f"metnin 1 nolu notu: {NOTE}" in text
    assert f'href="/text/a/p1#c{QUOTE_START}-{QUOTE_END}"' in made
    assert 'role="tooltip"' in made


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"journal": "Taş Dergisi", "volume": "19", "issue": "4"}, "Taş Dergisi 19/4, 2022"),
        ({"journal": "Taş Dergisi", "volume": None, "issue": None}, "Taş Dergisi, 2022"),
        ({"journal": "<i>Taş</i>", "volume": "3"}, "<i>Taş</i> 3, 2022"),
    ],
)
def test_the_footnote_names_the_journal_its_volume_and_issue(
    told: dict[str, Any], words: str
) -> None:
    text = Reader(written("tr", citation(year=2022, **told), None, "k")).text
    assert f"Türk-Sovyet İlişkileri, {words}, s. 1–2" in text


def test_offsets_and_rare_forms_are_behind_the_ellipsis() -> None:
    before, _, menu = written("tr", citation(), None, "k").partition("<details")
    assert "karakter" not in before
    assert f"karakter {QUOTE_START}–{QUOTE_END}" in menu
    assert 'data-style="isnad"' in menu
    assert 'data-format="bibtex"' in menu


def test_a_quotation_that_fell_says_so_and_leads_nowhere() -> None:
    made = written("tr", citation(), None, "k", fallen=True)
    assert "artık bu biçimde" in made
    assert "href" not in made
    # Its place says something else now: nothing made of that place is offered.
    assert 'data-do="copy-quote"' in made
    assert 'data-do="cite"' not in made
    assert "<details" not in made


@pytest.mark.parametrize("bad", ["javascript:alert(1)", "//a.example/x"])
def test_an_address_that_a_browser_kept_is_never_followed(bad: str) -> None:
    assert bad not in written("tr", citation(url=bad), None, "k")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"page_end": 1}, "p. 1"),
        ({}, "pp. 1–2"),
        ({"kind": "summary"}, "summary"),
        ({"kind": "epigraph"}, "epigraph"),
        (
            {"voice": "cited", "attribution": ["Gürün, 1983, s. 40"]},
            "reporting a source: Gürün, 1983, s. 40",
        ),
        ({"voice": "quoted", "attribution": ["Aralov"]}, "quoted from: Aralov"),
    ],
)
def test_the_footnote_line_says_where_and_whose(changes: dict[str, Any], words: str) -> None:
    assert words in Reader(shown(answer_of([citation(**changes)]), "en")).text


@pytest.mark.parametrize(
    ("printed", "last", "words"),
    [("210", 1, "s. 210"), ("210", 2, "s. 210–211"), ("xiv", 2, "s. 1–2"), (None, 1, "s. 1")],
)
def test_the_printed_number_is_told_where_there_is_one(
    printed: str | None, last: int, words: str
) -> None:
    assert pages("tr", citation(label=printed, page_end=last)) == words
