"""Words set with space between their letters."""

from __future__ import annotations

from glyphs import letters, spelled


def test_letters_set_with_space_between_them_are_a_word() -> None:
    spaced = [g for n, char in enumerate("GÖLET") for g in letters(char, x=50.0 + 8.0 * n)]
    for glyph in spaced:
        glyph.typed = False
    assert spelled(spaced) == ["GÖLET"]


def test_letters_that_stand_for_themselves_stay_apart() -> None:
    assert spelled(letters("a b c", step=20.0)) == ["a", "b", "c"]
