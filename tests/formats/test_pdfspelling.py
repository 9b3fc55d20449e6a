"""Letters as they are printed to words."""

from __future__ import annotations

from dipnot.document.build import make_document
from dipnot.formats import read_pages
from dipnot.formats.pdfspelling import Glyph, Style, words_of
from dipnot.types import Document, Source
from format_files import pdf


def read(name: str, data: str | bytes) -> Document:
    raw = data.encode() if isinstance(data, str) else data
    return make_document(Source(name, "a"), read_pages(name, raw))


STYLE = Style(10.0, 400, 0)


def letters(
    text: str, *, x: float = 50.0, y: float = 500.0, step: float = 5.0, style: Style = STYLE
) -> list[Glyph]:
    """Letters five points wide; a space in the text stands before the next letter."""
    made: list[Glyph] = []
    for n, char in enumerate(text):
        if char != " ":
            space = n == 0 or text[n - 1] == " "
            made.append(Glyph(char, x + step * n, x + step * n + 5.0, y, style, space, space))
    return made


def spelled(glyphs: list[Glyph]) -> list[str]:
    return [word.text for word in words_of(glyphs)]


def test_accents_printed_beside_their_letters_are_put_on_them() -> None:
    content = r"BT /F 10 Tf 50 500 Td [(T) (\250) 333 (urk tarihi.)] TJ ET"
    assert read("a.pdf", pdf([content])).text == "Türk tarihi."


def test_a_space_and_another_size_part_words() -> None:
    assert spelled(letters("göl kurudu")) == ["göl", "kurudu"]
    small = letters("1", x=65.0, y=504.0, style=Style(6.0, 400, 0))
    small[0].space = False
    words = words_of(letters("göl") + small)
    assert [(word.text, word.space) for word in words] == [("göl", True), ("1", False)]


def test_letters_set_with_space_between_them_are_a_word() -> None:
    spaced = [g for n, char in enumerate("GÖLET") for g in letters(char, x=50.0 + 8.0 * n)]
    for glyph in spaced:
        glyph.typed = False
    assert spelled(spaced) == ["GÖLET"]


def test_what_is_printed_twice_at_one_place_counts_once() -> None:
    assert spelled(letters("göl") + letters("göl")) == ["göl"]
    assert spelled(letters("göl") + letters("göl", x=90.0)) == ["göl", "göl"]


def test_a_soft_hyphen_counts_at_the_end_of_a_word_only() -> None:
    assert spelled(letters("kuru\xaddu")) == ["kurudu"]
    assert spelled(letters("kuru\xad")) == ["kuru-"]


def test_a_decomposed_letter_is_composed() -> None:
    assert spelled(letters("go\u0308l")) == ["göl"]
    assert spelled(letters("gu\u0308l")) == ["gül"]
