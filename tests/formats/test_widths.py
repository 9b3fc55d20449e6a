"""Widths of printed lines: only their proportions matter."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dipnot.formats.widths import full_width, line_width

lines = st.text("abcğiİW ", max_size=30)


@given(one=lines, other=lines)
def test_a_line_is_as_wide_as_its_parts(one: str, other: str) -> None:
    assert line_width(one + other) == line_width(one) + line_width(other)


def test_letters_are_as_wide_with_their_accents_as_without() -> None:
    assert line_width("ğüşöçâ") == line_width("gusoca")
    assert line_width("W") > line_width("m") > line_width("n") > line_width("i")


def test_one_or_two_odd_lines_do_not_make_the_measure() -> None:
    usual = ["göl kurudu"] * 5
    assert full_width(usual) == line_width(usual[0])
    assert full_width([*usual, "W" * 90, "W" * 99]) == line_width(usual[0])
    assert full_width([]) == 0
