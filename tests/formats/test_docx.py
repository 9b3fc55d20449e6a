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


def test_a_page_that_begins_inside_a_word_begins_behind_it() -> None:
    run = "<w:r><w:t xml:space='preserve'>{}</w:t></w:r>"
    cut = f"<w:r><w:lastRenderedPageBreak/></w:r>{run.format('leri yandı. Göl kurudu.')}"
    pages = read("a.docx", word(f"<w:p>{run.format('Eski değirmen')}{cut}</w:p>"))
    assert [[line.text for line in page.lines] for page in pages] == [
        ["Eski değirmenleri"],
        ["yandı. Göl kurudu."],
    ]


def test_lowered_figures_are_written_so() -> None:
    low = '<w:r><w:rPr><w:vertAlign w:val="subscript"/></w:rPr><w:t>2</w:t></w:r>'
    body = f"<w:p><w:r><w:t>CO</w:t></w:r>{low}<w:r><w:t>, su</w:t></w:r></w:p>"
    assert read("a.docx", word(body))[0].lines[0].text == "CO₂, su"
