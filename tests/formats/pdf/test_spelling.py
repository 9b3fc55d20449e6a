"""Letters as they are printed to words."""

from __future__ import annotations

from dipnot.formats.pdf.letters import Style
from dipnot.formats.pdf.spelling import words_of
from glyphs import letters, spelled


def test_a_space_and_another_size_part_words() -> None:
    assert spelled(letters("göl kurudu")) == ["göl", "kurudu"]
    small = letters("1", x=65.0, y=504.0, style=Style(6.0, 400, 0))
    small[0].space = False
    words = words_of(letters("göl") + small)
    assert [(word.text, word.space) for word in words] == [("göl", True), ("1", False)]


def test_a_soft_hyphen_counts_at_the_end_of_a_word_only() -> None:
    assert spelled(letters("kuru\xaddu")) == ["kurudu"]
    assert spelled(letters("kuru\xad")) == ["kuru-"]


def test_a_decomposed_letter_is_composed() -> None:
    assert spelled(letters("go\u0308l")) == ["göl"]
    assert spelled(letters("gu\u0308l")) == ["gül"]


def test_a_lowered_figure_behind_its_letter_is_apart_by_no_space_that_was_typed() -> None:
    small = letters("2", x=60.0, y=498.5, style=Style(6.0, 400, 0))
    small[0].typed = False
    assert [word.space for word in words_of(letters("CO") + small)] == [True, False]


def test_a_tight_line_has_narrow_spaces_where_letters_stand_close_elsewhere() -> None:
    prose = letters("köylülerkıyıyayenievleryaptı" * 6)
    for glyph in prose[9:]:
        glyph.x0, glyph.x1 = glyph.x0 + 1.5, glyph.x1 + 1.5
    assert spelled(prose)[0] == "köylülerk"
    spaced = letters("köylülerkıyıya", step=6.5)
    assert spelled(spaced) == ["köylülerkıyıya"]
