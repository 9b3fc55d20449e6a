"""Displayed equations of a PDF: which rows are such, and how they are written on one line."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dipnot.formats.pdf.equations import settle_equations
from dipnot.formats.pdf.layout import PageLayout, Region
from dipnot.formats.pdf.letters import Word
from dipnot.formats.pdf.rows import rows_of
from format_files import line

PROSE = line("göl her yaz üç parmak çekilir ve şöyle ölçülür", 500.0)  # from 50 to 280


def math(text: str, y: float, x: float, size: float = 10.0, font: str = "ab+cmmi10") -> list[Word]:
    return [replace(word, font=font) for word in line(text, y, x=x, size=size)]


def settled(*words: list[Word]) -> list[tuple[str, str]]:
    """Give the rows of a page: the text of each, and the equation that it is."""
    layout = PageLayout(regions=[Region(rows_of(w for part in words for w in part))])
    settle_equations([layout])
    return [(row.text, row.equation) for row in layout.regions[0].rows]


def test_a_power_stands_behind_its_base_and_the_number_of_the_equation_last() -> None:
    found = settled(
        PROSE, math("e = mc", 480.0, 120.0), math("2", 483.6, 150.0, 6.0), line("(3.1)", 480.0, 255)
    )
    assert found[1:] == [("e = mc² (3.1)", "e = mc²")]


def test_a_fraction_is_written_with_a_stroke_and_what_has_parts_in_brackets() -> None:
    found = settled(
        PROSE, math("v =", 480.0, 120.0), math("a+b", 487.0, 145.0), math("c", 473.0, 150.0)
    )
    assert [equation for _, equation in found[1:]] == ["v = (a+b)/c"]


def test_limits_stand_behind_their_sum() -> None:
    found = settled(
        PROSE,
        math("s = ∑ x", 480.0, 120.0),
        math("9", 490.0, 140.0, 6.0),
        math("1", 470.0, 140.0, 6.0),
    )
    assert [equation for _, equation in found[1:]] == ["s = ∑₁⁹ x"]


def test_lines_below_each_other_are_an_equation_each_with_its_own_number() -> None:
    found = settled(
        PROSE,
        [*math("a = b", 480.0, 120.0), *line("(1)", 480.0, 265.0)],
        [*math("= c", 466.0, 130.0), *line("(2)", 466.0, 265.0)],
    )
    assert found[1:] == [("a = b (1)", "a = b"), ("= c (2)", "= c")]


def test_signs_that_nothing_is_known_to_bear_are_given_line_by_line() -> None:
    found = settled(PROSE, math("a = b", 480.0, 120.0), math("x y", 489.0, 170.0))
    assert [equation for _, equation in found[1:]] == ["x y a = b"]


def test_without_fonts_of_mathematics_an_equation_is_centred_or_has_a_number() -> None:
    centred = settled(PROSE, line("c = 2 π r", 480.0, 145.0))
    assert [equation for _, equation in centred[1:]] == ["c = 2 π r"]
    assert settled(PROSE, line("c = 2 π r", 480.0, 80.0))[1][1] == ""


@pytest.mark.parametrize(
    "rows",
    [
        [line("x = 1", 480.0, 145.0), line("göl çekilir ve ölçülür = iyi", 468.0, 120.0)][1:],
        [math("x = 1", 480.0, 120.0, font="dejavusansmono")],
        [math("x = 1", 480.0, 120.0), math("y = 2", 480.0, 240.0)],
        [math("• x = 1", 480.0, 120.0)],
        [math("= →", 480.0, 120.0)],
        [math("⟨durum⟩=açık", 480.0, 120.0)],
    ],
    ids=["prose", "code", "cells of a table", "an item", "signs alone", "words"],
)
def test_no_equation(rows: list[list[Word]]) -> None:
    assert not any(equation for _, equation in settled(PROSE, *rows))
