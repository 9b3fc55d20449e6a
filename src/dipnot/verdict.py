"""Whether the quoted sentences answer: what speaks for it, two probabilities, and the verdict.

Owns: the signals, the weights of two logistic regressions over them, and the thresholds.
``benchmarks/verdict.py`` fits the weights and measures risk against coverage.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dipnot.types import Verdict


@dataclass(frozen=True, slots=True)
class Signals:
    """What speaks for and against an answer.

    ``evidence``: the reader's logit for the best sentence quoted. ``span``: its logit for words in
    a sentence quoted over there being none; both None without a reader. ``support``: mean of the
    five best matches of the question's words, which one chance likeness does not lift. ``best``:
    the best match. ``lacks_kind``: a date or number is asked for and no sentence quoted has one.
    ``lacks_year``: the question names a year that neither quotations nor headings name.
    """

    evidence: float | None
    span: float | None
    support: float
    best: float
    lacks_kind: bool = False
    lacks_year: bool = False


SIGNALS = ("evidence", "span", "support", "best", "lacks_kind", "lacks_year")
_LARGEST = 12.0  # logits beyond say nothing more
_SUPPORTERS = 5

_ANSWERS: Mapping[str, float] = {"bias": 0.0, "evidence": 1.0}
_IN_TEXT: Mapping[str, float] = {"bias": 0.0, "evidence": 1.0}
ANSWERED_AT = 0.8
NOT_IN_TEXT_BELOW = 0.2

# Without a reader: likeness alone cannot tell a near miss from an answer.
_ANSWERED_MATCH = 0.50
_SUPPORT_BELOW = 0.295


def support_of(matches: Sequence[float]) -> float:
    """Mean of the best matches."""
    best = sorted(matches, reverse=True)[:_SUPPORTERS]
    return sum(best) / len(best) if best else -1.0


def features(signals: Signals) -> tuple[float, ...]:
    """The signals as numbers, in the order of ``SIGNALS``."""
    evidence, span = (
        max(min(x or 0.0, _LARGEST), -_LARGEST) for x in (signals.evidence, signals.span)
    )
    return (
        evidence,
        span,
        signals.support,
        signals.best,
        float(signals.lacks_kind),
        float(signals.lacks_year),
    )


def probability_of_answer(signals: Signals) -> float:
    """How likely it is that the quoted sentences answer the question."""
    return _logistic(_ANSWERS, signals)


def probability_in_text(signals: Signals) -> float:
    """How likely it is that the corpus answers the question at all."""
    return _logistic(_IN_TEXT, signals)


def _logistic(weights: Mapping[str, float], signals: Signals) -> float:
    values = {"bias": 1.0, **dict(zip(SIGNALS, features(signals), strict=True))}
    return 1 / (1 + math.exp(-sum(weight * values[name] for name, weight in weights.items())))


def judge(signals: Signals) -> Verdict:
    """Give the verdict for what was found."""
    if signals.evidence is None:
        if signals.support < _SUPPORT_BELOW:
            return "not_in_text"
        return "answered" if signals.best >= _ANSWERED_MATCH else "partial"
    if probability_in_text(signals) < NOT_IN_TEXT_BELOW:
        return "not_in_text"
    return "answered" if probability_of_answer(signals) >= ANSWERED_AT else "partial"
