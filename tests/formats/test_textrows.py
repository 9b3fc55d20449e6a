"""Rows of text files that no empty line parts."""

from __future__ import annotations

import pytest

from dipnot.document.build import make_document
from dipnot.formats import read_pages
from dipnot.formats.textrows import aligned, quoted, underlines
from dipnot.types import Document, Source

PROSE = (
    "Değirmenin taşları komşu ilçeden kağnılarla getirilmiş ve köylüler\n"
    "o günü uzun süre unutmamıştır. Tuzla ise köyün batısında kuruldu.\n"
)


def read(text: str) -> Document:
    return make_document(Source("a.txt", "a"), read_pages("a.txt", text.encode()))


def paragraphs(document: Document) -> list[str]:
    return document.text.split("\n\n")


@pytest.mark.parametrize(
    "rows",
    [
        ["Adı: Ali", "Soyadı: Kaya", "Doğum yeri: Ankara"],
        ["ALİ: Göl kurudu mu?", "CAN: Kurudu, baba, kurudu", "ALİ: Demek öyle"],
        ["1. Kutu", "2. Pil", "3. Kablo"],
        ["Giriş ............ 5", "Yöntem . . . . . . 9", "Sonuç ............ 20"],
        ["Ürün        Fiyat     Adet", "Elma        5,00      10", "Armut       6,50      20"],
    ],
)
def test_rows_stand_by_themselves_in_a_text_with_empty_lines_too(rows: list[str]) -> None:
    document = read(f"{PROSE}\nListe\n\n" + "\n".join(rows) + f"\n\n{PROSE}")
    found = [" ".join(row.split()) for row in rows]
    assert paragraphs(document)[2:-1] == found
    assert not any(section.heading in found for section in document.sections)


def test_a_row_goes_on_in_the_lines_below_it() -> None:
    document = read(
        f"{PROSE}\n1. Kutu alınır ve\nboyanır\n2. Pil\n"
        "\nALİ: Demek öyle, sonunda\nkurudu\nCAN: Evet\n"
        "\nscreen    The whole area that is\n          in use\nwindow    A part of it\n"
    )
    assert paragraphs(document)[1:] == [
        "1. Kutu alınır ve boyanır", "2. Pil", "ALİ: Demek öyle, sonunda kurudu", "CAN: Evet",
        "screen The whole area that is in use", "window A part of it",
    ]  # fmt: skip


def test_prose_whose_lines_begin_with_a_label_or_a_number_is_one_paragraph() -> None:
    labelled = (
        "Köylüler o günü uzun süre unutmamıştır ve kıyıdan ayrılıp uzak ilçelere göçmüştür\n"
        "Yazar: böyle der ve bunu kıyıda duran köylülerden dinlediğini de ekler, ama bunu\n"
        "5. madde doğrulamaz. Sonra da\n2. maddeye bakar.\n"
    )
    sources = "Gürün, Kamuran. Göl.\nAnkara: TTK, 1991.\nHale, W. Su.\nBursa: Su, 2.\n"
    for text in (labelled, sources):
        document = read(f"{PROSE * 4}\n{text}")
        assert paragraphs(document)[1:] == [" ".join(text.split())]


def test_a_line_of_signs_below_a_short_line_marks_a_heading() -> None:
    document = read(f"Göl\n===\n\n{PROSE}\nKurulum\n-------\n{PROSE}")
    assert [section.heading for section in document.sections] == ["Kurulum"]
    assert "--" not in document.text
    assert "==" not in document.text
    assert (
        underlines(["====", "Göl?", "====", "", "Göl kurudu.", "-----", "Ad    Yıl", "---------"])
        == set()
    )
    assert underlines(["=====", "Göl 1", "=====", "Su"]) == {0, 2}


def test_quoted_lines_of_a_letter_are_quotations_without_their_signs() -> None:
    document = read(
        f"Merhaba,\n\n{PROSE}\nCan wrote:\n"
        "> Yarın toplanıyoruz ve bütçe\n> konuşulacak.\n>\n>> Olur.\n-- \nAli Kaya\n"
    )
    assert paragraphs(document)[-4:] == [
        "Can wrote:", "Yarın toplanıyoruz ve bütçe konuşulacak.", "Olur.", "Ali Kaya",
    ]  # fmt: skip
    kinds = [p.kind for p in document.paragraphs]
    assert kinds[-3:-1] == ["quotation", "quotation"]
    assert quoted([">>> 1 + 1", ">>> 2", "x", "> bir"]) == {}


def test_lines_with_gaps_that_do_not_fit_are_no_rows_of_a_table() -> None:
    assert aligned(["Göl   o yıl kurudu, köy", "Köylüler   göçmüş, ambar"]) == {}
    assert aligned(["Elma       5,00", "Armut     16,50"]) == {0: False, 1: False}
    assert aligned(["Göl   kurudu o yıl", "Köyler boşaldı   yine", "#   Göl", "#   Köy"]) == {}
