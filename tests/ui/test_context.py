"""The paragraph around a quotation, found across page breaks, and its footnotes."""

from __future__ import annotations

from dipnot_ui.context import find_context
from ui_parts import (
    NOTE,
    NOTE_START,
    PARAGRAPHS,
    QUOTE,
    TEXT,
    FakeBackend,
    citation,
)


def test_a_paragraph_is_found_whole_across_page_breaks_with_the_quotation_in_it() -> None:
    found = find_context(citation(), FakeBackend().page)
    assert found is not None
    assert found.text == PARAGRAPHS[1]
    assert found.text[slice(*found.mark)] == QUOTE
    assert found.start == TEXT.index(PARAGRAPHS[1])


def test_a_paragraph_begun_on_the_page_before_is_shown_from_its_beginning() -> None:
    quote = "IĞDIR’da biter."
    start = TEXT.index(quote)
    place = citation(quote=quote, page=3, page_end=3, start=start, end=start + len(quote))
    found = find_context(place, FakeBackend().page)
    assert found is not None
    assert found.text == PARAGRAPHS[1]
    assert found.text[slice(*found.mark)] == quote


def test_the_first_and_the_last_paragraph_end_where_the_document_does() -> None:
    for number, text in ((1, PARAGRAPHS[0]), (3, PARAGRAPHS[2])):
        start = TEXT.index(text)
        place = citation(quote=text, page=number, page_end=number, start=start)
        found = find_context(place, FakeBackend().page)
        assert found is not None
        assert (found.text, found.mark) == (text, (0, len(text)))


def test_the_footnote_that_hangs_on_a_quotation_comes_with_it() -> None:
    found = find_context(citation(), FakeBackend().page)
    assert found is not None
    assert [note.text for note in found.notes_of_quote()] == [NOTE]


def test_a_footnote_elsewhere_in_the_paragraph_is_not_the_quotations() -> None:
    place = citation(quote="Birinci cümle.", page_end=1, start=TEXT.index("Birinci"))
    found = find_context(place, FakeBackend().page)
    assert found is not None
    assert found.notes_of_quote() == ()
    assert [note.text for note in found.notes] == [NOTE]


def test_a_quoted_footnote_is_its_own_paragraph() -> None:
    place = citation(kind="footnote", quote="bkz. Soysal", page=2, page_end=2)
    place["start"] = NOTE_START + NOTE.index("bkz.")
    found = find_context(place, FakeBackend().page)
    assert found is not None
    assert found.text == NOTE
    assert found.text[slice(*found.mark)] == "bkz. Soysal"


def test_a_quotation_that_the_pages_do_not_hold_gets_no_paragraph() -> None:
    assert find_context(citation(quote="Başka bir cümle."), FakeBackend().page) is None
