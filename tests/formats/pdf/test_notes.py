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
