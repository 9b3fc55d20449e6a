"""Text made safe for a page: what comes out reads as what went in."""

from __future__ import annotations

import re

import pytest

from dipnot_ui.escaping import esc, marked
from ui_parts import Reader


def test_markdown_and_formulas_stay_as_they_stand() -> None:
    text = "*yıldız* _alt_ [1](x) $$x^2$$ `kod` # başlık"
    assert Reader(marked(text, [])).text == text
    assert "<mark>" not in marked(text, [])


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([[0, 5]], ["İĞNEı"]),
        ([[6, 9]], ["ş&ö"]),
        ([[0, 5], [3, 9]], ["İĞNEı ş&ö"]),
        ([[6, 9], [0, 2]], ["İĞ", "ş&ö"]),
        ([[-4, 2], [8, 900]], ["İĞ", "ö"]),
        ([[5, 5], [9, 4], [40, 50], "ab", [1], [None, 2], ["x", 3], 7], []),
        (None, []),
        ("12", []),
    ],
)
def test_highlights_mark_code_points_and_ignore_what_is_no_span(
    spans: object, expected: list[str]
) -> None:
    made = marked("İĞNEı ş&ö", spans)
    assert [Reader(found).text for found in re.findall("<mark>(.*?)</mark>", made)] == expected
    assert Reader(made).text == "İĞNEı ş&ö"


def test_a_lone_surrogate_can_be_sent() -> None:
    assert esc("a\ud800b").encode()
