"""The letters of a PDF page as PDFium finds them, and the rules drawn on it."""

from __future__ import annotations

import math

import pypdfium2 as pdfium
import pytest

from dipnot.document.build import make_document
from dipnot.formats import read_pages
from dipnot.formats.pdf.glyphs import Rule, glyphs_of, rules_of
from dipnot.formats.pdf.letters import Glyph
from dipnot.types import Document, Source
from format_files import lines, pdf


def read(name: str, data: str | bytes) -> Document:
    raw = data.encode() if isinstance(data, str) else data
    return make_document(Source(name, "a"), read_pages(name, raw))


def drawn(content: str | bytes) -> tuple[list[Glyph], list[Rule]]:
    """The letters and rules of a page of a content, or of a whole file."""
    data = content if isinstance(content, bytes) else pdf([content])
    document = pdfium.PdfDocument(data)
    page = document[0]
    text = page.get_textpage()
    try:
        return glyphs_of(text, {}, 0), rules_of(page)
    finally:
        text.close()
        page.close()
        document.close()


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_turned_pdf_page_is_read(turn: int) -> None:
    content = lines("Birinci sat\375r burada", "ikinci sat\375r.")
    document = read("a.pdf", pdf([content], page=f"/Rotate {turn}"))
    assert len(document.pages) == 1
    assert document.text.split()[0] == "Birinci"


def test_text_drawn_upwards_on_a_turned_page_is_read_in_its_own_direction() -> None:
    turned = "BT /F 10 Tf 0 1 -1 0 {} 50 Tm ({}) Tj ET\n"
    content = turned.format(200, "Birinci") + turned.format(212, "ikinci")
    assert read("a.pdf", pdf([content], page="/Rotate 90")).text == "Birinci ikinci"


def test_letters_have_their_place_their_size_and_the_space_before_them() -> None:
    glyphs, _ = drawn(lines("Ab c", top=500, left=50, size=12))
    assert [(g.text, g.space) for g in glyphs] == [("A", True), ("b", False), ("c", True)]
    first, second, third = glyphs
    assert first.x0 == pytest.approx(50, abs=1)
    assert first.x1 <= second.x0 + 0.5 < third.x0
    assert {round(g.y) for g in glyphs} == {500}
    assert {round(g.style.size) for g in glyphs} == {12}


@pytest.mark.parametrize("degrees", [30, 45, 60, -40])
def test_a_watermark_across_the_page_is_left_out(degrees: int) -> None:
    a, b = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    mark = f"BT /F 60 Tf {a} {b} {-b} {a} 40 450 Tm (TASLAK) Tj ET"
    glyphs, _ = drawn(f"{mark}\n{lines('Birinci', 'ikinci')}")
    assert "".join(g.text for g in glyphs) == "Birinciikinci"


def test_a_page_that_lies_a_little_aslant_is_read_and_one_that_lies_more_by_itself() -> None:
    for degrees in (8, 30):
        a, b = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
        glyphs, _ = drawn(f"BT /F 10 Tf {a} {b} {-b} {a} 40 400 Tm (Birinci) Tj ET")
        assert "".join(g.text for g in glyphs) == "Birinci"


def test_letters_that_run_another_way_than_most_are_left_out() -> None:
    margin = "BT /F 10 Tf 0 1 -1 0 20 50 Tm (xy) Tj ET"
    glyphs, _ = drawn(f"{lines('Birinci')}\n{margin}")
    assert "".join(g.text for g in glyphs) == "Birinci"


def test_only_a_thin_line_from_left_to_right_is_a_rule() -> None:
    _, rules = drawn("50 100 m 150 100 l S\n200 100 m 200 300 l S\n50 400 100 50 re f")
    (rule,) = rules
    assert (rule.x0, rule.x1, rule.y) == pytest.approx((50, 150, 100), abs=1)


def test_a_soft_hyphen_that_takes_its_room_is_printed() -> None:
    maps = b"1 beginbfrange <30> <39> <0030> endbfrange 1 beginbfchar <7E> <00AD> endbfchar"
    font = (
        b"/Encoding/WinAnsiEncoding/ToUnicode 4 0 R>>endobj"
        b"\n4 0 obj <</Length %d>> stream\n%s\nendstream "
    ) % (len(maps), maps)
    data = pdf([lines("1914~1918")]).replace(b"/Encoding/WinAnsiEncoding>>", font)
    glyphs, _ = drawn(data)
    assert "".join(glyph.text for glyph in glyphs) == "1914-1918"
