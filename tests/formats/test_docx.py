"""DOCX by itself: blocks in their roles, and what is no Word file."""

from __future__ import annotations

import pytest

from dipnot.errors import CorpusError
from dipnot.formats.docx import read
from format_files import docx, paragraph, word


def test_paragraphs_and_headings_come_in_their_order() -> None:
    heading = paragraph("Giriş", '<w:outlineLvl w:val="0"/>')
    (page,) = read("a.docx", word(heading + paragraph("Göl  kurudu.") + paragraph("")))
    assert [(line.text, line.role) for line in page.lines] == [
        ("Giriş", "heading"), ("Göl kurudu.", "paragraph"),
    ]  # fmt: skip


@pytest.mark.parametrize("data", [b"", b"PK", docx({"other.xml": "<a/>"})])
def test_what_is_no_word_file_is_an_error_that_names_it(data: bytes) -> None:
    with pytest.raises(CorpusError, match=r"a\.docx"):
        read("a.docx", data)
