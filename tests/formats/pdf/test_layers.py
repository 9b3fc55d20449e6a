"""What a page prints twice."""

from __future__ import annotations

from dipnot.formats.pdf.letters import Style
from glyphs import letters, spelled


def test_what_is_printed_twice_at_one_place_counts_once() -> None:
    assert spelled(letters("göl") + letters("göl")) == ["göl"]
    assert spelled(letters("göl") + letters("göl", x=90.0)) == ["göl", "göl"]


def test_a_layer_behind_what_is_printed_is_not_read_again() -> None:
    hidden = Style(10.0, 400, 0, hidden=True)
    assert spelled(letters("göl kurudu") + letters("gol kunudu", style=hidden)) == ["göl", "kurudu"]
    assert spelled(letters("gol", style=hidden)) == ["gol"]
