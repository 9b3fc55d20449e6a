"""Whether the quoted sentences answer: two questions asked apart, a probability, the verdict.

Owns: the signals, how much of a question the texts know, the weights of the regressions over them,
and the thresholds. *Is the text about this?* goes by the question's words and by likeness, *does it
say it?* by the reader; neither makes up for the other. ``benchmarks/verdict.py`` fits the numbers
on many texts and measures them on texts left out: nothing here is of one text.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dipnot.retrieval.query import rarity
from dipnot.retrieval.rerank import bounded
from dipnot.types import Verdict

_SUPPORTERS = 5
# Among ten times the passages the best match of an unrelated question is higher by 0.06 (0.28 of
# 99, 0.37 of 4,000). Half of it is taken off: with all of it too many honest ones are refused.
_CHANCE, _PASSAGES = 0.035, 500


@dataclass(frozen=True, slots=True)
class Signals:
    """What speaks for and against an answer.

    ``evidence``: the reader's logit for the best sentence quoted, or, where none that is quoted was
    read, of all that were. ``span``: its logits for there being words that answer in a sentence,
    over there being none, of all that were read (the logarithm of their odds added up); both None
    without a reader. ``support``: mean of the five best matches of the question's words, which one
    chance likeness does not lift. ``best``: the best match. ``lacks_kind``: a date or number is
    asked for and no sentence quoted has one. ``oov_distance``: how far a name of the question that
    stands in no text is from the words of the texts, 0 to 2; 0 where there is no such name.
    ``coverage``: see ``coverage``; ``across``: the question is in another language than what is
    quoted, so that its words are only there as far as the word list knows them. ``passages``: how
    many the index has; among more of them chance likeness is greater.
    """

    evidence: float | None
    span: float | None
    support: float
    best: float
    lacks_kind: bool = False
    oov_distance: float = 0.0
    coverage: float = 1.0
    across: bool = False
    passages: int = _PASSAGES


# Words that questions on any text have, as terms: they say little of what a question is about.
_COMMON = frozenset(
    """kimdi neydi yil gun tarih verdi yapti etti nerey yapil taraf cikti aldi adi ismi arasi neye
    neyi vardi yerin baska uzeri buyuk nered hangi sonuc gecti gerek edild geldi bulun kendi kisi
    neler isted oldug son ilk goste kulla soyle neres nerel hakki zaman anlat acikl acaba lutfe
    bana misin dusun icind yer sey ayni ikinc iki uc kacin oluyo olur olabi olmus eden edilm
    after many out about happe up first two feel long take give go befor over one much came made
    day old year under man down put see come new back name peopl make years so again want other
    all get say while set find took use away off left time went ask place last way own tell most
    think keep turn becau pleas know need like used does there please could explai called kind"""
    .split()
)  # fmt: skip
_COMMON_WEIGHT = 0.25


def coverage(frequencies: Mapping[str, int], passages: int) -> float:
    """Give the share of a question's index terms that the texts have, rare ones counting more.

    ``frequencies``: how many of the ``passages`` of the index hold each term; one that none holds
    counts as the rarest. 1 for a question without terms.
    """
    known = total = 0.0
    for term, held in frequencies.items():
        weight = rarity(held, passages)
        weight *= _COMMON_WEIGHT if term in _COMMON else 1.0
        total += weight
        known += weight if held else 0.0
    return known / total if total else 1.0


def support_of(matches: Sequence[float]) -> float:
    """Mean of the best matches."""
    best = sorted(matches, reverse=True)[:_SUPPORTERS]
    return sum(best) / len(best) if best else -1.0


def summed(logits: Sequence[float]) -> float:
    """Add up the odds of logits, as a logit: a near miss tempts in many places a little."""
    return math.log(sum(math.exp(bounded(logit)) for logit in logits))


# --- is the text about this? does it say it? ---------------------------------------------------

ABOUT = ("uncovered", "untranslated", "across", "support", "best", "oov_distance")
SAYS = ("span", "evidence", "lacks_kind")


def about_features(signals: Signals) -> tuple[float, ...]:
    """What tells whether the texts are about the question, in the order of ``ABOUT``."""
    # A text lacks some words of most questions, and nearly all words of few.
    lacking = (1 - signals.coverage) ** 4
    chance = _CHANCE * math.log10(max(signals.passages, 1) / _PASSAGES)
    return (
        lacking * (not signals.across),
        lacking * signals.across,
        float(signals.across),
        signals.support - chance,
        signals.best - chance,
        signals.oov_distance,
    )


def says_features(signals: Signals) -> tuple[float, ...]:
    """What tells whether the quoted sentences say it, in the order of ``SAYS``."""
    return (
        bounded(signals.span or 0.0),
        bounded(signals.evidence or 0.0),
        float(signals.lacks_kind),
    )


_ABOUT: Mapping[str, float] = {
    "bias": -5.951,
    "uncovered": -2.547,
    "untranslated": -4.179,
    "across": -0.052,
    "support": 6.259,
    "best": 11.536,
    "oov_distance": -3.938,
}
_SAYS: Mapping[str, float] = {
    "bias": -0.461,
    "span": 0.136,
    "evidence": 0.602,
    "lacks_kind": -0.233,
}
_CONFIDENCE: Mapping[str, float] = {"bias": 2.517, "about": 1.405, "says": 1.312}
SAYS_BELOW = 0.0845
REFUSED_BELOW = 0.1851  # confidence
ANSWERED_AT = 0.7

# Without a reader: likeness alone cannot tell a near miss from an answer.
_ANSWERED_MATCH = 0.46
_SUPPORT_BELOW = 0.295


def about(signals: Signals) -> float:
    """Give the probability that the texts are about what is asked."""
    return _probability(_ABOUT, ABOUT, about_features(signals))


def says(signals: Signals) -> float:
    """Give the probability that the quoted sentences say it, if the texts are about it."""
    return _probability(_SAYS, SAYS, says_features(signals))


def confidence(signals: Signals) -> float:
    """Give the probability that the quoted sentences answer, calibrated on texts left out."""
    logs = (math.log(about(signals)), math.log(says(signals)))
    return _probability(_CONFIDENCE, ("about", "says"), logs)


def _probability(
    weights: Mapping[str, float], names: Sequence[str], values: Sequence[float]
) -> float:
    total = weights["bias"] + sum(weights[n] * v for n, v in zip(names, values, strict=True))
    return 1 / (1 + math.exp(-max(min(total, 30.0), -30.0)))


def judge(signals: Signals) -> Verdict:
    """Give the verdict for what was found."""
    if signals.evidence is None:
        if signals.support < _SUPPORT_BELOW:
            return "not_in_text"
        return "answered" if signals.best >= _ANSWERED_MATCH else "partial"
    likely = confidence(signals)
    if says(signals) < SAYS_BELOW or likely < REFUSED_BELOW:
        return "not_in_text"
    return "answered" if likely >= ANSWERED_AT else "partial"
