"""Headings made by hand, drop caps, pages and notes in the margin of Word and HTML files."""

from __future__ import annotations

import pytest

from dipnot.document.build import make_document
from dipnot.formats import read_pages
from dipnot.types import Document, Source
from format_files import docx, paragraph, word

PROSE = "Kasabanın ilk değirmeni ırmağın kıyısına kuruldu ve üç taşı vardı."


def read(name: str, data: str | bytes) -> Document:
    raw = data.encode() if isinstance(data, str) else data
    return make_document(Source(name, "a"), read_pages(name, raw))


def headings(document: Document) -> list[tuple[int, str]]:
    return [(section.level, section.heading) for section in document.sections]


def styled(text: str, look: str, alignment: str = "") -> str:
    return f"<w:p><w:pPr>{alignment}</w:pPr><w:r><w:rPr>{look}</w:rPr><w:t>{text}</w:t></w:r></w:p>"


def test_what_is_bold_larger_or_numbered_heads_the_prose_below_it() -> None:
    body = (
        styled("Değirmenler", '<w:b/><w:sz w:val="32"/>', '<w:jc w:val="center"/>')
        + paragraph("Ayşe Su")
        + styled("1. Giriş", "<w:b/>")
        + paragraph(PROSE)
        + styled("1.1. Taşlar", "<w:b/>")
        + paragraph(PROSE)
        + styled("2. Sonuç", "<w:b/>")
        + paragraph(PROSE)
    )
    document = read("a.docx", word(body))
    assert document.title == "Değirmenler"
    assert headings(document) == [(1, "1. Giriş"), (2, "1.1. Taşlar"), (1, "2. Sonuç")]


@pytest.mark.parametrize("text", ["Bu cümle kalındır.", "Bakım: haftada bir", "a" * 9 + " b" * 30])
def test_bold_sentences_and_labels_are_no_headings(text: str) -> None:
    body = styled(text, "<w:b/>") + paragraph(PROSE) + styled("Sonuç", "<w:b/>") + paragraph(PROSE)
    assert headings(read("a.docx", word(body))) == [(1, "Sonuç")]


def test_many_bold_lines_in_a_row_are_a_list() -> None:
    names = "".join(styled(f"Ahmet {letter}", "<w:b/>") for letter in "ABCDE")
    body = paragraph(PROSE) + names + paragraph(PROSE)
    assert headings(read("a.docx", word(body))) == []


def test_a_text_all_bold_has_no_headings_by_that() -> None:
    body = "".join(styled(text, "<w:b/>") for text in ("Giriş", PROSE, "Sonuç", PROSE))
    assert headings(read("a.docx", word(body))) == []


@pytest.mark.parametrize("name", ["a.html", "a.md"])
def test_bold_paragraphs_of_html_and_markdown_are_headings(name: str) -> None:
    bold = "<p><b>{}</b></p>" if name == "a.html" else "**{}**\n\n"
    prose = f"<p>{PROSE}</p>" if name == "a.html" else f"{PROSE}\n\n"
    text = "".join(bold.format(head) + prose for head in ("1. Giriş", "2. Taşlar"))
    assert headings(read(name, text)) == [(1, "1. Giriş"), (1, "2. Taşlar")]


# --- titles -------------------------------------------------------------------------------------


def test_the_title_of_the_properties_is_taken_where_the_text_has_none() -> None:
    core = (
        '<c:coreProperties xmlns:c="c" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        "<dc:title>{}</dc:title></c:coreProperties>"
    )
    body = f'<w:document xmlns:w="{W_NAME}"><w:body>{paragraph(PROSE)}</w:body></w:document>'
    for said, title in (("Taş ve Su", "Taş ve Su"), ("Microsoft Word - a.doc", "a")):
        parts: dict[str, str | bytes] = {
            "word/document.xml": body,
            "docProps/core.xml": core.format(said),
        }
        assert read("a.docx", docx(parts)).title == title


W_NAME = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


# --- initials ----------------------------------------------------------------------------------


def test_a_letter_dropped_before_a_paragraph_begins_its_word() -> None:
    frame = '<w:framePr w:dropCap="drop" w:lines="3"/>'
    assert (
        read("a.docx", word(paragraph("K", frame) + paragraph("öy büyüdü."))).text == "Köy büyüdü."
    )
    assert read("a.html", '<p><img alt="K" src="k.png">öy büyüdü.</p>').text == "Köy büyüdü."


# --- HTML: pages, margins, other files ---------------------------------------------------------


def test_a_page_number_inside_a_word_cuts_nothing() -> None:
    document = read("a.html", '<p>Göl kuru<span class="pagenum">[Pg 14]</span>du ve kaldı.</p>')
    assert document.text == "Göl kurudu ve kaldı."
    assert [page.label for page in document.pages] == [None, "14"]


def test_anchors_that_name_pages_begin_them_once() -> None:
    anchor = '<a id="Page_12"></a><span class="pageno">12</span>'
    document = read("a.html", f"<p>Göl {anchor}kurudu.</p><p>Kıyı <a id='page13'></a>kaldı.</p>")
    assert [page.label for page in document.pages] == [None, "12", "13"]


@pytest.mark.parametrize(
    "note",
    [
        '<span class="sidenote">Köprü defteri, 1640.</span>',
        (
            '<label for="s" class="margin-toggle">⊕</label><input type="checkbox" id="s">'
            '<span class="marginnote">Köprü defteri, 1640.</span>'
        ),
        '<span class="footnote">Köprü defteri, 1640.</span>',
        '<small class="margin-note">Köprü defteri, 1640.</small>',
    ],
)
def test_a_note_inside_its_sentence_is_lifted_out(note: str) -> None:
    document = read("a.html", f"<p>Değirmen 1871 yılında{note} kuruldu.</p>")
    assert document.text == "Değirmen 1871 yılında kuruldu.\n\nKöprü defteri, 1640."
    assert [n.marker for n in document.footnotes] == [len("Değirmen 1871 yılında")]


def test_groups_of_notes_keep_their_labels() -> None:
    marker = '<sup><a href="https://x.org/wiki/D#cite_note-{0}">[{1}]</a></sup>'
    page = f"<p>Bir.{marker.format('a', 'not 1')} İki.{marker.format('b', '1')}</p>"
    page += '<ol><li id="cite_note-a">A.</li><li id="cite_note-b">B.</li></ol>'
    document = read("a.html", page)
    assert document.text.startswith("Bir. İki.\n\n")
    assert [n.label for n in document.footnotes] == ["not 1", "1"]


def test_paragraphs_of_one_note_stay_together() -> None:
    page = (
        '<p>Bir.<a href="#f1">[A]</a></p><div class="footnote"><p><a id="f1"></a>[A] A.</p>'
        "<p>Devam.</p></div>"
    )
    document = read("a.html", page)
    assert document.text == "Bir.\n\nA. Devam."
