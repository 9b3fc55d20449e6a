"""What an utterance wants, from what a network makes of it and from its form.

Owns: when the network's word is taken. It goes by what is said, not by whom or what it names: an
utterance that names something, or has a word of the texts, asks for what they tell.
"""

from __future__ import annotations

import re

from dipnot.language.folding import fold
from dipnot.language.known import pattern
from dipnot.question.answer_type import kinds_of, names_in
from dipnot.question.exact import exact_in
from dipnot.types import AnswerKind, Heard, Request, TextPart

_OURS = "dipnot"  # who is spoken to
_ASKS = re.compile(rf"\b(?:{pattern(lambda own: own.question_words)})\b")
_PARTS: tuple[TextPart, ...] = (
    "gist", "scope", "conclusion", "pages", "published", "author", "keywords", "documents",
    "footnotes", "references", "sections", "title",
)  # fmt: skip
# Probabilities from which the network is believed; chosen on two thirds of the conversations.
_COURTEOUS, _COURTEOUS_QUESTION = 0.5, 0.8
_DIPNOT = 0.6
_NOISE = 0.9  # a search of a few words looks like it
_OF_ANSWER = 0.6
_PART, _OF_SEVERAL, _PARTS_TOGETHER = 0.5, 0.35, 0.6
_PASSING = 0.65
_SURELY = 0.8
# What a text is about is no date, number or reason.
_NO_GIST: frozenset[AnswerKind] = frozenset({"date", "number", "reason"})


def request_heard(text: str, heard: Heard, *, follows: bool) -> Request:
    """Tell what an utterance requests; ``follows``: whether anything was asked before it."""
    likely = heard.likely
    if not (names_in(text) or heard.held) and likely.get("noise", 0) >= _NOISE:
        return "noise"
    if _names_something(text) or heard.held:
        return "ask"
    asks = bool(_ASKS.search(fold(text)))
    if likely.get("courtesy", 0) >= (_COURTEOUS_QUESTION if asks else _COURTEOUS):
        return "courtesy"
    if likely.get("dipnot", 0) >= _DIPNOT:
        return "dipnot"
    if follows and likely.get("more", 0) >= _OF_ANSWER:
        return "more"
    return "source" if follows and likely.get("source", 0) >= _OF_ANSWER else "ask"


def part_heard(text: str, heard: Heard) -> TextPart | None:
    """Tell what is asked of a text as a thing; None where it is asked for what a text tells."""
    if _names_something(text) or heard.held or heard.across:
        return None
    likely = {part: heard.likely.get(part, 0.0) for part in _PARTS}
    best = max(_PARTS, key=lambda part: likely[part])
    together = likely[best] >= _OF_SEVERAL and sum(likely.values()) >= _PARTS_TOGETHER
    if likely[best] < _PART and not together:
        return None
    if best in ("gist", "conclusion") and kinds_of(text) & _NO_GIST:
        return None
    return best


def is_passing(text: str, heard: Heard) -> bool:
    """Whether something is asked of the day or of the asker, of which no text knows."""
    return heard.likely.get("now", 0) >= _PASSING and not exact_in(text)


def asks_surely(heard: Heard) -> bool:
    """Whether an utterance asks what a text tells: it is no noise then, whatever its words are."""
    return heard.likely.get("ask", 0) >= _SURELY


def _names_something(text: str) -> bool:
    named = any(fold(text[slice(*name)]) != _OURS for name in names_in(text))
    return bool(named or exact_in(text) or any(c.isdigit() for c in text))
