"""A letter and a word on a page."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from dipnot.formats.pdf.letters import Style, Word


def test_a_style_is_one_for_all_letters_that_are_set_so() -> None:
    style = Style(10.0, 400, 0)
    assert style == Style(10.0, 400, 0)
    assert style != Style(10.0, 400, 0, hidden=True)
    with pytest.raises(FrozenInstanceError):
        style.size = 11.0  # type: ignore[misc]


def test_a_word_is_neither_bold_nor_hidden_until_somebody_finds_out() -> None:
    word = Word("göl", 50.0, 65.0, 500.0, 10.0, 400, space=True)
    assert (word.bold, word.hidden, word.rtl) == (False, False, False)
