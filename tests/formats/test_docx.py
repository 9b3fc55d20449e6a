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


def table(*rows: tuple[str, ...]) -> str:
    cells = ("".join(f"<w:tc>{cell}</w:tc>" for cell in row) for row in rows)
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def pages_of(body: str) -> list[list[tuple[str, str | None]]]:
    pages = read("a.docx", word(body))
    return [[(line.text, line.role) for line in page.lines] for page in pages]


def test_a_text_box_in_a_cell_is_said_behind_the_paragraph_it_hangs_in() -> None:
    box = f"<w:r><w:pict><w:txbxContent>{paragraph('Kutu.')}</w:txbxContent></w:pict></w:r>"
    hung = f"<w:p><w:r><w:t>Gö</w:t></w:r>{box}<w:r><w:t>l.</w:t></w:r></w:p>"
    assert pages_of(table((hung, paragraph("Kıyı."))) + paragraph("Son.")) == [
        [("Göl. Kutu. | Kıyı.", "table"), ("Son.", "paragraph")]
    ]


def test_a_table_that_only_places_things_is_what_it_holds() -> None:
    heading = paragraph("Giriş", '<w:outlineLvl w:val="0"/>')
    two = paragraph("Göl kurudu.") + paragraph("Köy kaldı.")
    both = [("Göl kurudu.", "paragraph"), ("Köy kaldı.", "paragraph")]
    assert pages_of(table((two,))) == [both]
    assert pages_of(table((heading + two, paragraph("Kıyı.")))) == [
        [("Giriş", "heading"), *both, ("Kıyı.", "paragraph")]
    ]
    inner = table((paragraph("1923"), paragraph("Ankara")))
    assert pages_of(table((inner + paragraph(""),))) == [[("1923 | Ankara", "table")]]
    assert pages_of(table((paragraph("1923"), two))) == [
        [("1923 | Göl kurudu. Köy kaldı.", "table")]
    ]


def test_rows_of_data_with_several_paragraphs_a_cell_stay_whole() -> None:
    named = [paragraph(words) for words in ("Ad", "Görev", "Yıl")]
    row = ["".join(map(paragraph, pair)) for pair in (("Ali Kaya", "Ankara"), ("Üye", "Vekil"))]
    said = ("Ad | Görev | Yıl", "table")
    assert pages_of(table((named[0], named[1]), (row[0], row[1]))) == [
        [("Ad | Görev", "table"), ("Ali Kaya Ankara | Üye Vekil", "table")]
    ]
    prose = paragraph("Göl kurudu.") + paragraph("Köy kaldı.")
    assert pages_of(table(tuple(named), (paragraph(""), paragraph(""), prose))) == [
        [said, ("Göl kurudu. Köy kaldı.", "table")]
    ]
    header = table(tuple(named), (prose, prose, prose)).replace(
        "<w:tr>", "<w:tr><w:trPr><w:tblHeader/></w:trPr>", 1
    )
    assert [role for _, role in pages_of(header)[0]] == ["table", "table"]


def test_a_row_stays_whole_where_a_page_ends_in_it() -> None:
    cut = "<w:r><w:lastRenderedPageBreak/></w:r>"
    run = "<w:r><w:t xml:space='preserve'>{}</w:t></w:r>"
    inside = f"<w:p>{run.format('Cumhuriyet')}{cut}{run.format(' ilan edildi.')}</w:p>"
    on_top = [f"<w:p>{cut}{run.format(words)}</w:p>" for words in ("1924", "Anayasa")]
    rows = (table((paragraph("1923"), inside)), table((on_top[0], on_top[1])))
    said = [("1923 | Cumhuriyet ilan edildi.", "table"), ("1924 | Anayasa", "table")]
    first, last = ("Göl.", "paragraph"), ("Son.", "paragraph")
    split, pushed = (pages_of(paragraph("Göl.") + row + paragraph("Son.")) for row in rows)
    assert split == [[first, said[0]], [last]]
    assert pushed == [[first], [said[1], last]]
