"""Words of a PDF: letters with their place and size, in the order of the file."""

from __future__ import annotations

import pytest

from dipnot.errors import CorpusError
from dipnot.formats.pdf.words import read_words
from format_files import lines, pdf


def test_words_have_the_place_and_size_they_are_drawn_with() -> None:
    printed = read_words("a.pdf", pdf([lines("The lake", top=500, left=50, size=12)]))
    (sheet,) = printed.sheets
    the, lake = sheet.words
    assert (the.text, lake.text) == ("The", "lake")
    assert the.x0 == pytest.approx(50, abs=1)
    assert the.x1 <= lake.x0
    assert the.y == pytest.approx(500, abs=1)
    assert the.size == pytest.approx(12, abs=0.5)
    assert lake.space
    assert printed.outline == []


def test_each_page_has_its_words() -> None:
    printed = read_words("a.pdf", pdf([lines("one"), lines("two")]))
    assert [[word.text for word in sheet.words] for sheet in printed.sheets] == [["one"], ["two"]]


def test_a_file_that_is_no_pdf_is_an_error_that_names_it() -> None:
    with pytest.raises(CorpusError, match=r"a\.pdf"):
        read_words("a.pdf", b"%PDF")


def test_what_is_cropped_out_of_a_page_is_not_read() -> None:
    spread = "\n".join((lines("Left page"), lines("Right page", left=250)))
    left = read_words("a.pdf", pdf([spread], page="/CropBox[0 0 200 600]"))
    right = read_words("a.pdf", pdf([spread], page="/CropBox[200 0 900 600]"))
    assert [word.text for word in left.sheets[0].words] == ["Left", "page"]
    assert [word.text for word in right.sheets[0].words] == ["Right", "page"]
