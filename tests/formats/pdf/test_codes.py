"""Fonts without a Unicode map: what their codes stand for, and giving up."""

from __future__ import annotations

from pathlib import Path

import pytest

from dipnot.corpus import read_text, scan_corpus
from dipnot.errors import CorpusError
from dipnot.formats import read_pages
from dipnot.formats.pdf.codes import drop_unreadable, joined_names, mend_codes
from dipnot.formats.pdf.letters import Word

FILES = Path(__file__).parents[2] / "data_formats"
TURKISH = (
    "köylüler kıyıya yeni evler yaptı ve bekçi yangını kimseye haber vermedi çünkü değirmenin "
    "taşı bugün müzededir ışıklı ırmağın kolu gölü besliyordu "
) * 2


def printed(text: str, font: str = "F", y: float = 500.0) -> list[Word]:
    return [
        Word(word, 30.0 * n, 30.0 * n + 25, y, 10.0, 400, space=True, font=font)
        for n, word in enumerate(text.split())
    ]


def test_a_pdf_whose_letters_cannot_be_known_is_no_text_and_the_build_says_why(
    tmp_path: Path,
) -> None:
    name = "pdf-unreadable-font.pdf"
    data = (FILES.parent / "data_documents" / name).read_bytes()
    (page,) = read_pages(name, data)
    assert page.lines == ()
    assert page.doubt is not None
    (tmp_path / name).write_bytes(data)
    (text,) = scan_corpus(tmp_path).texts
    with pytest.raises(CorpusError, match="in fonts that do not tell their letters; give the file"):
        read_text(text)


def test_turkish_that_a_western_code_page_garbled_is_put_right() -> None:
    words = printed(TURKISH.translate(str.maketrans("ğşıİŞĞ", "ðþýÝÞÐ")))
    mend_codes(words)
    assert " ".join(word.text for word in words) == " ".join(TURKISH.split())


@pytest.mark.parametrize("text", [TURKISH, "the keeper counted every ship that night", "það"])
def test_words_that_are_well_as_they_are_stay(text: str) -> None:
    words = printed(text)
    mend_codes(words)
    assert [word.text for word in words] == text.split()


def test_a_font_of_which_nothing_makes_words_is_blotted_out_and_no_other() -> None:
    lost, well = printed("qxzjw vkqxz jwqvk " * 20, "A", 500.0), printed(TURKISH, "B", 400.0)
    words = [*lost, *well]
    mend_codes(words)
    kept, share = drop_unreadable(words)
    assert [word.text for word in kept] == TURKISH.split()
    assert share == pytest.approx(len(lost) / len(words))


@pytest.mark.parametrize("text", ["BOA, DH.ŞFR, TBMM ZC, HR.SYS", "Gölköy Akköy Köyü nüfus hane"])
def test_a_font_of_few_words_that_come_again_and_again_is_read(text: str) -> None:
    words = printed(f"{text} " * 40)
    mend_codes(words)
    assert [word.text for word in words] == text.split() * 40


def test_letters_with_the_signs_of_scholars_are_letters() -> None:
    text = (
        "mecmūʿa-ı tevârîḫ selāṭīn nüsḫa-ı ḥaḳḳında żabṭ ḳānūnnāme ʿOs̱mānī ṣūretidir ki ẕikr " * 30
    )
    words = printed(text)
    mend_codes(words)
    assert [word.text for word in words] == text.split()


def test_glyphs_named_by_their_parts_are_those_letters_unless_told_in_two_ways() -> None:
    assert joined_names(b"/Differences [30 /f_f_i /a 65 /f_l]") == {30: "ffi", 65: "fl"}
    assert joined_names(b"/Differences [30 /f_i] /Differences [30 /f_l]") == {}
