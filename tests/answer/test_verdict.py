"""The verdict: what speaks for an answer raises it, what speaks against it lowers it."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dipnot.answer.verdict import (
    ABOUT,
    SAYS,
    Signals,
    about,
    about_features,
    confidence,
    coverage,
    judge,
    says,
    says_features,
    summed,
    support_of,
)
from dipnot.language.tokens import index_terms

SURE = Signals(evidence=8.0, span=10.0, support=0.6, best=0.7, coverage=1.0)
NOTHING = Signals(evidence=-8.0, span=-12.0, support=0.1, best=0.15, coverage=0.0)
VERDICTS = ("not_in_text", "partial", "answered")

any_signals = st.builds(
    Signals,
    evidence=st.floats(-50, 50),
    span=st.floats(-100, 100) | st.just(float("-inf")),
    support=st.floats(-1, 1),
    best=st.floats(-1, 1),
    lacks_kind=st.booleans(),
    oov_distance=st.floats(0, 2),
    coverage=st.floats(0, 1),
    across=st.booleans(),
    passages=st.integers(0, 10**7),
)


def test_the_ends_of_the_scale_are_answered_and_not_in_text() -> None:
    assert judge(SURE) == "answered"
    assert judge(NOTHING) == "not_in_text"


@given(any_signals)
def test_probabilities_are_probabilities(signals: Signals) -> None:
    for probability in (about(signals), says(signals), confidence(signals)):
        assert 0 <= probability <= 1
    assert len(about_features(signals)) == len(ABOUT)
    assert len(says_features(signals)) == len(SAYS)
    assert judge(signals) in VERDICTS


@given(any_signals, st.floats(0, 10))
def test_more_evidence_never_makes_an_answer_less_likely(signals: Signals, more: float) -> None:
    assert signals.evidence is not None
    assert signals.span is not None
    better = replace(signals, evidence=signals.evidence + more, span=signals.span + more)
    assert says(better) >= says(signals)
    assert confidence(better) >= confidence(signals)
    assert VERDICTS.index(judge(better)) >= VERDICTS.index(judge(signals))


@given(any_signals)
def test_a_missing_date_or_number_makes_it_less_likely(signals: Signals) -> None:
    whole = replace(signals, lacks_kind=False)
    assert confidence(replace(whole, lacks_kind=True)) <= confidence(whole)


@given(any_signals)
def test_a_name_that_no_text_has_speaks_against_an_answer(signals: Signals) -> None:
    known = replace(signals, oov_distance=0.0)
    assert about(signals) <= about(known)
    assert confidence(signals) <= confidence(known)


@given(any_signals, st.floats(0, 1))
def test_words_that_no_text_has_speak_against_an_answer(signals: Signals, share: float) -> None:
    covered = replace(signals, coverage=1.0)
    assert about(replace(signals, coverage=share)) <= about(covered)


def test_no_reader_makes_up_for_a_text_that_is_about_something_else() -> None:
    certain = replace(NOTHING, span=50.0, evidence=50.0)
    assert judge(certain) == "not_in_text"


@pytest.mark.parametrize(
    ("support", "best", "verdict"),
    [(0.1, 0.2, "not_in_text"), (0.35, 0.45, "partial"), (0.45, 0.6, "answered")],
)
def test_without_a_reader_likeness_decides(support: float, best: float, verdict: str) -> None:
    assert judge(Signals(None, None, support, best)) == verdict


def test_support_is_the_mean_of_the_best_matches_and_nothing_supports_nothing() -> None:
    assert support_of([0.1, 0.9, 0.5, 0.5, 0.5, 0.6]) == pytest.approx(0.6)
    assert support_of([]) == -1.0


def test_odds_add_up() -> None:
    assert summed([0.7]) == pytest.approx(0.7)
    assert summed([0.0, 0.0]) == pytest.approx(math.log(2))
    assert summed([5.0, -50.0]) == pytest.approx(5.0, abs=1e-4)
    assert math.isfinite(summed([float("-inf")]))


def share(question: str, size: int = 40, **held: int) -> float:
    frequency = {index_terms(word)[0]: n for word, n in held.items()}
    return coverage({t: frequency.get(t, 0) for t in index_terms(question)}, size)


def test_coverage_is_the_share_of_the_words_that_the_texts_have() -> None:
    assert share("Who lit the lantern in the harbour?", lantern=2, harbour=2) > 0.5
    assert share("lantern harbour", lantern=2, harbour=2) == 1.0
    assert share("bicycle tyre", lantern=2, harbour=2) == 0.0
    assert share("who was it?") == 1.0


def test_a_rare_word_covers_more_than_a_common_one() -> None:
    known = {"lantern": 1, "harbour": 30}
    assert share("lantern bicycle", **known) > share("harbour bicycle", **known)


@given(st.lists(st.text(max_size=6)), st.integers(0, 10_000))
def test_coverage_is_a_share_for_any_question_and_any_corpus(terms: list[str], size: int) -> None:
    assert 0 <= coverage({t: len(t) % 3 for t in terms}, size) <= 1
