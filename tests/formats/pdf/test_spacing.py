"""Words set with space between their letters."""

from __future__ import annotations

from dipnot.formats.pdf.letters import Word
from dipnot.formats.pdf.spacing import close_up
from glyphs import letters, spelled


def test_letters_set_with_space_between_them_are_a_word() -> None:
    spaced = [g for n, char in enumerate("GÖLET") for g in letters(char, x=50.0 + 8.0 * n)]
    for glyph in spaced:
        glyph.typed = False
    assert spelled(spaced) == ["GÖLET"]


def test_letters_that_stand_for_themselves_stay_apart() -> None:
    assert spelled(letters("a b c", step=20.0)) == ["a", "b", "c"]


def test_capitals_that_stand_closer_are_part_of_the_word_set_apart() -> None:
    places = (("Y", 50), ("A", 58), ("Y", 66), ("IN", 74), ("L", 88), ("AR", 96))
    words = [Word(t, x, x + 6.0 * len(t), 500.0, 10.0, 400, space=True) for t, x in places]
    assert [word.text for word in close_up(words)] == ["YAYINLAR"]


def test_two_words_set_apart_are_surer_than_each_of_them() -> None:
    words = [
        Word(t, 50 + 10.0 * n + 8.0 * (n > 6), 56 + 10.0 * n + 8.0 * (n > 6), 500.0, 11.0, 400,
             space=True, typed=n > 0)
        for n, t in enumerate("ÇARŞIDAHAYAT")
    ]  # fmt: skip
    assert [word.text for word in close_up(words)] == ["ÇARŞIDA", "HAYAT"]


def test_letters_as_far_apart_as_the_words_beside_them_are_stand_for_themselves() -> None:
    words: list[Word] = []
    x = 50.0
    for text in "The groups of A B C were drawn".split():
        words.append(Word(text, x, x + 5.0 * len(text), 500.0, 10.0, 400, space=True))
        x = words[-1].x1 + 3.3
    assert [word.text for word in close_up(words)] == "The groups of A B C were drawn".split()
