"""The mark-up of the conversation: everything is escaped, nothing is shown twice."""

from __future__ import annotations

import re
from typing import Any

import pytest

from dipnot_ui import render
from dipnot_ui.context import Context, Note, find_context
from dipnot_ui.turns import Turn
from ui_parts import (
    HOSTILE,
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


@pytest.mark.parametrize("verdict", ["answered", "partial", "not_in_text", HOSTILE])
def test_nothing_from_outside_becomes_markup(verdict: str) -> None:
    hostile = citation(
        n=HOSTILE, quote=HOSTILE, title=HOSTILE, headings=[HOSTILE, HOSTILE], kind=HOSTILE,
        language=HOSTILE, page=HOSTILE, page_end=HOSTILE, start=HOSTILE, end=HOSTILE,
        attribution=[HOSTILE], voice=HOSTILE, highlight=[[0, 9], [5, 400]],
    )  # fmt: skip
    answer = answer_of(
        [hostile], verdict=verdict, answer="x " + HOSTILE, language=HOSTILE, generation=HOSTILE,
        hits=[{**hostile, "text": HOSTILE}],
    )  # fmt: skip
    note = Note(HOSTILE, HOSTILE, 3)
    turn = Turn(HOSTILE, answer, contexts=(Context(HOSTILE, 0, (2, 9), (note,)),), key=HOSTILE)
    seen = Reader(render.conversation("en", [turn], name_documents=True))
    assert seen.tags.keys().isdisjoint({"script", "img", "a"})
    assert not [name for name in seen.attributes if name.startswith("on")]
    assert HOSTILE in seen.text


def test_markdown_and_formulas_stay_as_they_stand() -> None:
    text = "*yıldız* _alt_ [1](x) $$x^2$$ `kod` # başlık"
    assert Reader(render.marked(text, [])).text == text
    assert "<mark>" not in render.marked(text, [])


@pytest.mark.parametrize(
    ("spans", "marked"),
    [
        ([[0, 5]], ["İĞNEı"]),
        ([[6, 9]], ["ş&ö"]),
        ([[0, 5], [3, 9]], ["İĞNEı ş&ö"]),
        ([[6, 9], [0, 2]], ["İĞ", "ş&ö"]),
        ([[-4, 2], [8, 900]], ["İĞ", "ö"]),
        ([[5, 5], [9, 4], [40, 50], "ab", [1], [None, 2], ["x", 3], 7], []),
        (None, []),
        ("12", []),
    ],
)
def test_highlights_mark_code_points_and_ignore_what_is_no_span(
    spans: object, marked: list[str]
) -> None:
    made = render.marked("İĞNEı ş&ö", spans)
    assert [Reader(found).text for found in re.findall("<mark>(.*?)</mark>", made)] == marked
    assert Reader(made).text == "İĞNEı ş&ö"


def test_a_lone_surrogate_can_be_sent() -> None:
    assert render.esc("a\ud800b").encode()


def test_the_opened_paragraph_marks_the_quotation_and_raises_the_notes_label() -> None:
    found = find_context(citation(), FakeBackend().page)
    assert found is not None
    made = render.paragraph(found)
    assert f"<mark>{QUOTE}</mark><sup" in made
    assert Reader(made).text == PARAGRAPHS[1].replace(QUOTE, QUOTE + "1")


def test_a_quotation_over_two_paragraphs_is_marked_in_both() -> None:
    made = render.paragraph(Context("Bir iki.\n\nÜç dört.", 100, (4, 12)))
    assert made == "<p>Bir <mark>iki.</mark></p><p><mark>Üç</mark> dört.</p>"


def test_an_answer_shows_the_quotation_its_place_and_its_folded_paragraph() -> None:
    made = shown(answer_of([citation(highlight=[[9, 21]])]))
    text = Reader(made).text
    assert "Yanıtlandı" in text
    assert "<mark>16 Mart 1921</mark>" in made
    assert "Kararsızlık Dönemi" in text
    assert "s. 1–2" in text
    assert f"karakter {QUOTE_START}–{QUOTE_END}" in text
    assert text.count(NOTE) == 2  # below the quotation, and in its paragraph
    assert "<details" in made
    assert "<details open" not in made


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


def test_the_document_is_named_only_where_there_are_several() -> None:
    assert "dn-title" not in shown(answer_of([citation()]))
    assert "dn-title" in shown(answer_of([citation()]), name_documents=True)


def test_a_partial_answer_says_that_part_may_stay_open() -> None:
    text = Reader(shown(answer_of([citation()], verdict="partial", answer=""), "en")).text
    assert "Partly" in text
    assert "may leave part of it open" in text


def test_what_the_text_does_not_say_is_said_and_the_nearest_places_are_folded_away() -> None:
    hit = {**citation(), "text": "En yakın cümle."}
    answer = answer_of([], verdict="not_in_text", answer="Metin bunu söylemiyor.", hits=[hit] * 9)
    made = shown(answer)
    assert 'data-verdict="not_in_text"' in made
    assert "dn-citation" not in made
    before, _, folded = made.partition("<details")
    assert "Metinde yok" in before
    assert "Metin bunu söylemiyor." in before
    assert "En yakın cümle." not in before
    assert "yanıt değildir" in folded
    assert folded.count("En yakın cümle.") == 5


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (f"“{QUOTE}” [1]", ""),
        (f"{QUOTE} [1]", ""),
        (f"Metin şöyle diyor: “{QUOTE}” [1]", "Metin şöyle diyor:"),
        ("Şu yerler soruya değiniyor: [1] [2]", "Şu yerler soruya değiniyor:"),
        ("Önce [1], sonra [2] söylüyor.", "Önce [1], sonra [2] söylüyor."),
        ("", ""),
    ],
)
def test_quotations_are_not_shown_twice(answer: str, said: str) -> None:
    assert render.framing(answer, [citation()]) == said


def test_a_pending_turn_shows_the_question_and_that_it_is_searched() -> None:
    text = Reader(render.conversation("en", [Turn("When?")])).text
    assert "When?" in text
    assert "Searching" in text
