"""Pages that were scanned a little aslant."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pytest

from dipnot.document.build import make_document
from dipnot.formats import read_pages
from dipnot.formats.pdf.glyphs import Rule
from dipnot.formats.pdf.letters import Word
from dipnot.formats.pdf.skew import straightened
from dipnot.types import Source
from format_files import pdf

WORDS = (
    "The lake fell every spring and the people waited until the water had gone down again. "
    "Old men told of the year when it never came back, and children played along the shore. "
    "In November the first families left, and half of the village stood empty by the winter. "
    "Those who stayed dug deeper wells for months, and found little more than mud and stones."
).split()


def placed(degrees: float, columns: int = 1, *, level: bool = False) -> Iterator[str]:
    """Words along lines that climb; ``level``: each word by itself is set level."""
    slope = math.radians(degrees)
    along, across = math.cos(slope), math.sin(slope)
    turned = "1 0 0 1" if level else f"{along:.5f} {across:.5f} {-across:.5f} {along:.5f}"
    width = 480 / columns - 20
    for column in range(columns):
        x, y = 0.0, 0.0
        for word in WORDS:
            wide = 5.2 * len(word)
            if x + wide > width:
                x, y = 0.0, y - 14
            px, py = 50 + column * (width + 20) + x, 700 + y
            at = f"{px * along - py * across:.2f} {px * across + py * along:.2f}"
            yield f"BT /F 10 Tf {turned} {at} Tm ({word}) Tj ET\n"
            x += wide + 5


@pytest.mark.parametrize("degrees", [-2.0, -0.6, 0.0, 0.4, 1.0, 3.0])
@pytest.mark.parametrize("columns", [1, 2])
@pytest.mark.parametrize("level", [True, False])
def test_lines_that_climb_are_read_from_end_to_end(
    degrees: float, columns: int, *, level: bool
) -> None:
    content = "".join(placed(degrees, columns, level=level))
    document = make_document(Source("a", "a"), read_pages("a.pdf", pdf([content])))
    assert document.text.split() == WORDS * columns


def line(y: float, slope: float, words: int = 12) -> list[Word]:
    places = [50.0 + 30 * i for i in range(words)]
    return [Word("lake", x, x + 24, y + (x - 50) * slope, 10, 400, space=True) for x in places]


def test_words_and_the_rule_above_the_notes_are_turned_alike() -> None:
    words = [word for n in range(6) for word in line(700 - 14 * n, 0.01)]
    rule = Rule(50, 150, 620.5)
    turned, rules = straightened(words, [rule])
    for n in range(6):
        assert max(w.y for w in turned[12 * n : 12 * n + 12]) == pytest.approx(turned[12 * n].y)
    assert rules[0].y - turned[-1].y == pytest.approx(rule.y - words[60].y, abs=1)
    assert [w.text for w in turned] == [w.text for w in words]
    assert turned[1].x0 - turned[0].x0 == pytest.approx(30, abs=0.01)


@pytest.mark.parametrize(
    "words",
    [
        [],
        [w for n in range(3) for w in line(700 - 14 * n, 0.02)],  # three lines tell little
        [w for n in range(6) for w in line(700 - 14 * n, 0.0)],
        [w for n in range(6) for w in line(700 - 14 * n, 0.0)[:-1] + line(704 - 14 * n, 0.0)[-1:]],
    ],
)
def test_what_is_level_or_says_too_little_is_left_alone(words: list[Word]) -> None:
    rules = [Rule(50, 150, 60)]
    assert straightened(words, rules) == (words, rules)
