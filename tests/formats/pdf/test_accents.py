"""Accents that are letters of their own."""

from __future__ import annotations

from dipnot.document.build import make_document
from dipnot.formats import read_pages
from dipnot.formats.pdf.accents import compose
from dipnot.types import Source
from format_files import pdf
from glyphs import letters


def test_accents_printed_beside_their_letters_are_put_on_them() -> None:
    content = r"BT /F 10 Tf 50 500 Td [(T) (\250) 333 (urk tarihi.)] TJ ET"
    pages = read_pages("a.pdf", pdf([content]))
    assert make_document(Source("a.pdf", "a"), pages).text == "Türk tarihi."


def test_an_accent_that_stands_over_no_letter_is_kept() -> None:
    alone = letters("go") + letters("¨", x=200.0)
    assert [glyph.text for glyph in compose(alone)] == ["g", "o", "¨"]


def test_an_accent_drawn_elsewhere_in_the_file_finds_its_letter() -> None:
    drawn = [*letters("gol"), *letters("¨", x=55.0)]
    assert [glyph.text for glyph in compose(drawn)] == ["g", "ö", "l"]
