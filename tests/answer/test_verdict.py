"""The verdict: what speaks for an answer raises it, what speaks against it lowers it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dipnot.answer.verdict import (
    SIGNALS,
    Signals,
    features,
    judge,
    probability_of_answer,
    reach,
    support_of,
)

SURE = Signals(evidence=6.0, span=8.0, support=0.5, best=0.6)
NOTHING = Signals(evidence=-8.0, span=-12.0, support=0.2, best=0.25)
ORDER = ("not_in_text", "partial", "answered")

any_signals = st.builds(
    Signals,
    evidence=st.floats(-50, 50),
    span=st.floats(-100, 100) | st.just(float("-inf")),
    support=st.floats(-1, 1),
    best=st.floats(-1, 1),
    lacks_kind=st.booleans(),
    strange=st.floats(0, 2),
)


def test_the_ends_of_the_scale_are_answered_and_not_in_text() -> None:
    assert judge(SURE) == "answered"
    assert judge(NOTHING) == "not_in_text"


@given(any_signals)
def test_probabilities_are_probabilities(signals: Signals) -> None:
    assert 0 <= probability_of_answer(signals) <= 1
    assert len(features(signals)) == len(SIGNALS)
    assert judge(signals) in ORDER


@given(any_signals, st.floats(0, 10))
def test_more_evidence_never_makes_an_answer_less_likely(signals: Signals, more: float) -> None:
    assert signals.evidence is not None
    assert signals.span is not None
    better = replace(signals, evidence=signals.evidence + more, span=signals.span + more)
    assert probability_of_answer(better) >= probability_of_answer(signals)
    assert reach(better) >= reach(signals)


@given(any_signals)
def test_a_missing_date_or_number_makes_it_less_likely(signals: Signals) -> None:
    whole = replace(signals, lacks_kind=False)
    assert probability_of_answer(replace(whole, lacks_kind=True)) <= probability_of_answer(whole)


@given(any_signals)
def test_a_name_that_no_text_has_speaks_against_an_answer(signals: Signals) -> None:
    known = replace(signals, strange=0.0)
    assert probability_of_answer(signals) <= probability_of_answer(known)
    assert reach(signals) <= reach(known)


@pytest.mark.parametrize(
    ("support", "best", "verdict"),
    [(0.1, 0.2, "not_in_text"), (0.35, 0.45, "partial"), (0.45, 0.6, "answered")],
)
def test_without_a_reader_likeness_decides(support: float, best: float, verdict: str) -> None:
    assert judge(Signals(None, None, support, best)) == verdict


def test_support_is_the_mean_of_the_best_matches_and_nothing_supports_nothing() -> None:
    assert support_of([0.1, 0.9, 0.5, 0.5, 0.5, 0.6]) == pytest.approx(0.6)
    assert support_of([]) == -1.0
