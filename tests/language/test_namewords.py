"""Words that names are made of: which mean the same."""

from __future__ import annotations

from dipnot.language.folding import fold
from dipnot.language.known import KNOWN
from dipnot.language.namewords import MEANINGS, OPENERS


def test_every_word_is_folded_and_means_something() -> None:
    assert all(word == fold(word) and meanings for word, meanings in MEANINGS.items())
    assert all(word == fold(word) for word in OPENERS)


def test_months_and_days_mean_the_same_in_both_languages() -> None:
    for turkish, english in zip(*(own.months for own in KNOWN), strict=True):
        assert MEANINGS[fold(turkish)] & MEANINGS[fold(english)]
    assert MEANINGS["sali"] & MEANINGS["tuesday"]


def test_lands_differ_from_each_other() -> None:
    assert MEANINGS["almanya"] & MEANINGS["germany"]
    assert not MEANINGS["almanya"] & MEANINGS["france"]


def test_no_word_that_opens_sentences_is_a_name() -> None:
    lands = {"turkiye", "germany", "istanbul", "mart", "march"}
    assert not OPENERS & lands
