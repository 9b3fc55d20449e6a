"""Turkish as data: what its patterns find in folded text."""

from __future__ import annotations

import re

import pytest

from dipnot.language.folding import fold
from dipnot.language.turkish import TURKISH


@pytest.mark.parametrize(
    ("word", "negates"),
    [
        ("gelmedi", True), ("yanmamış", True), ("gelmiyor", True), ("değildir", True),
        ("geldi", False), ("yanmış", False), ("meydan", False),
    ],
)  # fmt: skip
def test_a_word_says_no_by_its_ending(word: str, *, negates: bool) -> None:
    assert bool(re.search(TURKISH.negates, fold(word))) == negates


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("Ne zaman kuruldu?", {"date"}), ("Kaç taşı vardı?", {"number"}),
        ("Neden yandı?", {"reason"}), ("Kimler geldi?", {"several"}),
        ("Kim yaktı?", set()),
    ],
)  # fmt: skip
def test_question_words_tell_what_is_asked_for(question: str, kinds: set[str]) -> None:
    asked = {kind for kind, put in TURKISH.asks.items() if re.search(put, fold(question))}
    assert asked == kinds


def test_months_are_twelve_in_their_order() -> None:
    assert len(TURKISH.months) == 12
    assert (TURKISH.months[0], TURKISH.months[4], TURKISH.months[-1]) == ("ocak", "mayıs", "aralık")


@pytest.mark.parametrize("verb", ["yandi", "yanmisti", "yaniyor", "yanacak"])
def test_a_finite_verb_is_cut_from_its_stem_by_its_ending(verb: str) -> None:
    found = re.search(TURKISH.verb, verb)
    assert found is not None
    assert verb[: found.start()] == "yan"
