"""Letters on a page for the tests of PDF, without a file."""

from __future__ import annotations

from dipnot.formats.pdf.letters import Glyph, Style
from dipnot.formats.pdf.spelling import words_of

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
