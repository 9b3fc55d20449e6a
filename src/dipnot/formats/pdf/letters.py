"""A letter and a word on a page, with their places.

Owns: what is known of them from here on. Which letters make a word is told in ``spelling``.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Style:
    """How letters are set.

    ``size`` is in points, ``turns`` counts quarter turns to the left, ``hidden``: not drawn, as
    the text behind a scan is.
    """

    size: float
    weight: int
    turns: int
    font: str = ""
    hidden: bool = False


@dataclass(slots=True)
class Glyph:
    """A letter and its place in points; ``y`` is the baseline, from the foot of the page.

    ``space``: one stands before, ``typed``: as a letter of its own.
    """

    text: str
    x0: float
    x1: float
    y: float
    style: Style
    space: bool
    typed: bool = False


@dataclass(slots=True)
class Word:
    """Letters of one size without a space; ``y`` is the baseline, ``space``: one stands before."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    weight: int
    space: bool
    bold: bool = False
    order: int = 0  # in the file
    font: str = ""
    hidden: bool = False
    typed: bool = False  # the space before it is in the file
    rtl: bool = False  # right-to-left
