"""Whether the quoted sentences answer: what speaks for it, its probability, and the verdict.

Owns: the signals, the weights of a logistic regression over them, and the thresholds.
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


# What the probability of an answer is made of; of the two logits the span's alone, for beside it
# the other one adds nothing there.
SIGNALS = ("span", "support", "best", "lacks_kind", "lacks_year")
_LARGEST = 12.0  # logits beyond say nothing more
_SUPPORTERS = 5

_ANSWERS: Mapping[str, float] = {
    "bias": -2.103,
    "span": 0.255,
    "support": 1.444,
    "best": 3.437,
    "lacks_kind": -0.322,
    "lacks_year": -0.415,  # of an earlier fit: the last one gave it no weight
}
# Higher, it is right a little more often and says much less: benchmarks/README.md.
ANSWERED_AT = 0.28

# How much points to the corpus answering at all. The weights and the threshold are those at which
# one in ten of the answerable questions that share hardly a word with their text is refused, and
# of off-topic ones the most.
_REACH: Mapping[str, float] = {"support": 10.0, "best": 5.0, "evidence": 0.4}
NOT_IN_TEXT_BELOW = 4.25

# Without a reader: likeness alone cannot tell a near miss from an answer.
_ANSWERED_MATCH = 0.46
_SUPPORT_BELOW = 0.295


def support_of(matches: Sequence[float]) -> float:
    """Mean of the best matches."""
    best = sorted(matches, reverse=True)[:_SUPPORTERS]
    return sum(best) / len(best) if best else -1.0


def features(signals: Signals) -> tuple[float, ...]:
    """The signals as numbers, in the order of ``SIGNALS``."""
    return (
        _bounded(signals.span),
        signals.support,
        signals.best,
        float(signals.lacks_kind),
        float(signals.lacks_year),
    )


def _bounded(logit: float | None) -> float:
    return max(min(logit or 0.0, _LARGEST), -_LARGEST)


def probability_of_answer(signals: Signals) -> float:
    """How likely it is that the quoted sentences answer the question."""
    values = {"bias": 1.0, **dict(zip(SIGNALS, features(signals), strict=True))}
    return 1 / (1 + math.exp(-sum(weight * values[name] for name, weight in _ANSWERS.items())))


def reach(signals: Signals) -> float:
    """How much points to the corpus answering the question; no probability."""
    return (
        _REACH["support"] * signals.support
        + _REACH["best"] * signals.best
        + _REACH["evidence"] * _bounded(signals.evidence)
    )


def judge(signals: Signals) -> Verdict:
    """Give the verdict for what was found."""
    if signals.evidence is None:
        if signals.support < _SUPPORT_BELOW:
            return "not_in_text"
        return "answered" if signals.best >= _ANSWERED_MATCH else "partial"
    if reach(signals) < NOT_IN_TEXT_BELOW:
        return "not_in_text"
    return "answered" if probability_of_answer(signals) >= ANSWERED_AT else "partial"
