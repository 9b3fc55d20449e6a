"""English as data: what its patterns find in folded text."""

from __future__ import annotations

import re

import pytest

from dipnot.language.english import ENGLISH
from dipnot.language.folding import fold


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("When did it burn?", {"date"}), ("How many stones were there?", {"number"}),
        ("Why did it burn?", {"reason"}), ("List the owners.", {"several"}),
        ("Who burned it?", set()),
    ],
)  # fmt: skip
def test_question_words_tell_what_is_asked_for(question: str, kinds: set[str]) -> None:
    asked = {kind for kind, put in ENGLISH.asks.items() if re.search(put, fold(question))}
    assert asked == kinds


@pytest.mark.parametrize(
    ("sentence", "negates"),
    [("It never burned.", True), ("It did not burn.", True), ("It burned at night.", False)],
)
def test_a_sentence_says_no_by_a_word_of_its_own(sentence: str, *, negates: bool) -> None:
    assert bool(re.search(ENGLISH.negates, fold(sentence))) == negates


def test_months_are_twelve_in_their_order() -> None:
    assert len(ENGLISH.months) == 12
    assert (ENGLISH.months[0], ENGLISH.months[-1]) == ("january", "december")
