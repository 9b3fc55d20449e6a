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

    ``evidence``: the reader's logit for the best sentence quoted. ``span``: its logit for there
    being words that answer in a sentence quoted, over there being none; both None without a
    reader. ``support``: mean of the five best matches of the question's words, which one chance
    likeness does not lift. ``best``: the best match. ``lacks_kind``: a date or number is asked for
    and no sentence quoted has one.
    ``strange``: how far a name of the question that stands in no text is from the words of the
    texts, 0 to 2; 0 where there is no such name.
    """

    evidence: float | None
    span: float | None
    support: float
    best: float
    lacks_kind: bool = False
    strange: float = 0.0


# What the probability of an answer is made of; of the two logits the span's alone, for beside it
# the other one adds nothing there.
SIGNALS = ("span", "support", "best", "lacks_kind", "strange")
_LARGEST = 12.0  # logits beyond say nothing more
_SUPPORTERS = 5

_ANSWERS: Mapping[str, float] = {
    "bias": -2.91,
    "span": 0.44,
    "support": 2.651,
    "best": 3.54,
    "lacks_kind": -0.35,
    "strange": -1.685,
}
# Higher, it is right a little more often and says much less: benchmarks/README.md.
ANSWERED_AT = 0.36

# How much points to the corpus answering at all. Weights and thresholds are those at which one in
# nine of the answerable questions that share hardly a word with their text is refused, and of the
# others the most; and the same whether the reader works in bfloat16, integers or float32. Two
# tests: what is not even alike is off topic whatever the reader makes of it; what is alike is left
# to the reader, and to names that no text has.
OFF_TOPIC_BELOW = 0.278  # support
_REACH: Mapping[str, float] = {"support": 10.0, "evidence": 0.25, "span": 1.0, "strange": -10.0}
NOT_IN_TEXT_BELOW = -0.2

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
        signals.strange,
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
        + _REACH["evidence"] * _bounded(signals.evidence)
        + _REACH["span"] * _bounded(signals.span)
        + _REACH["strange"] * signals.strange
    )


def judge(signals: Signals) -> Verdict:
    """Give the verdict for what was found."""
    if signals.evidence is None:
        if signals.support < _SUPPORT_BELOW:
            return "not_in_text"
        return "answered" if signals.best >= _ANSWERED_MATCH else "partial"
    if signals.support < OFF_TOPIC_BELOW or reach(signals) < NOT_IN_TEXT_BELOW:
        return "not_in_text"
    return "answered" if probability_of_answer(signals) >= ANSWERED_AT else "partial"
