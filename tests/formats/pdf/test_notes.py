"""Footnotes of a PDF: small rows below the text under the label that hangs in it."""

from __future__ import annotations

from dipnot.document.build import make_document
from dipnot.formats.pdf.reading import read
from dipnot.types import Document, Source
from format_files import lines, pdf

BODY = (
    "The lake dried up and the villagers moved",
    "away from it in the year of the war",
    "at last.",
)


def read_drawn(*drawn: str) -> Document:
    return make_document(Source("a.pdf", "a"), read("a.pdf", pdf(["\n".join(drawn)])))


def raised(label: str) -> str:
    return f"BT /F 6 Tf 82 480 Td ({label}) Tj ET"


def test_a_small_row_below_the_text_is_the_note_of_the_raised_figure_in_it() -> None:
    note = lines("1 A note on the lake.", top=100, size=8)
    document = read_drawn(lines(*BODY), raised("1"), note)
    (found,) = document.footnotes
    assert document.text[slice(*found.span)] == "A note on the lake."
    assert document.text[: found.marker].endswith("at last.")


def test_text_of_the_bodys_size_is_no_note() -> None:
    document = read_drawn(lines(*BODY), lines("1 A note on the lake.", top=100))
    assert document.footnotes == ()
    assert "A note on the lake." in document.text


def test_a_line_of_a_note_that_begins_with_a_date_opens_none_where_labels_are_raised() -> None:
    def small(label: str, y: int) -> str:
        return f"BT /F 5 Tf 72 {y + 3} Td ({label}) Tj ET"

    document = read_drawn(
        lines(*BODY),
        raised("1"),
        "BT /F 6 Tf 120 466 Td (2) Tj ET",
        small("1", 100),
        "BT /F 8 Tf 78 100 Td (A letter on the lake, Ankara,) Tj ET",
        "BT /F 8 Tf 72 90 Td (2 May 1950, p. 4.) Tj ET",
        small("2", 80),
        "BT /F 8 Tf 78 80 Td (The map of the shore.) Tj ET",
    )
    told = [(note.label, document.text[slice(*note.span)]) for note in document.footnotes]
    assert told == [
        ("1", "A letter on the lake, Ankara, 2 May 1950, p. 4."),
        ("2", "The map of the shore."),
    ]


def items(top: int) -> str:
    texts = ("1. The wells are cleaned.", "2. The meadow is shared.", "3. No house is built.")
    return lines(*texts, top=top, size=8)


def read_pages_drawn(*drawn: str) -> Document:
    return make_document(Source("a.pdf", "a"), read("a.pdf", pdf(drawn)))


def test_a_numbered_list_in_small_print_is_text_where_no_marker_leads_to_it() -> None:
    full = lines(*BODY * 6)
    document = read_pages_drawn(full, full, "\n".join((lines(*BODY), items(440))))
    assert document.footnotes == ()
    assert "2. The meadow is shared." in document.text


def test_an_appendix_in_small_print_has_no_notes_though_its_items_count_on() -> None:
    noted = (lines(*BODY * 6), raised("1"), lines("1 A note on the lake.", top=100, size=8))
    document = read_pages_drawn("\n".join(noted), items(500))
    assert [note.label for note in document.footnotes] == ["1"]
    assert "2. The meadow is shared." in document.text


def test_notes_whose_markers_are_not_seen_stay_notes_where_the_pages_end() -> None:
    body, notes = lines(*BODY * 6), ("1 A letter on the lake.", "2 The map of the shore.")
    drawn = ("\n".join((body, lines(note, "Ankara.", top=100, size=8))) for note in notes)
    assert [note.label for note in read_pages_drawn(*drawn).footnotes] == ["1", "2"]
