"""What a question owes to the turns before it.

Owns: which earlier questions a follow-up leans on, the requests that are about the last answer
itself (more of it, its source), and the quotations that earlier answers gave. Nothing is kept
between questions: the turns come with each.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from dipnot.language.folding import fold
from dipnot.language.known import joined, pattern
from dipnot.types import Request, Turn

_ANAPHORA = joined(lambda own: own.anaphora)
_WORD = re.compile(r"\w+")
_LONGEST_FOLLOW_UP = 9
_TURNS_BACK = 3


def standalone(question: str, history: Sequence[Turn]) -> str:
    """Put before a follow-up question the questions that it leans on.

    A question leans on the one before it when it is short and either points back (`bunu`, `it`,
    `peki`) or has hardly a word of its own; others stay as they are.
    """
    parts = [question]
    for turn in reversed(history[-_TURNS_BACK:]):
        if not _leans(parts[0]):
            break
        parts.insert(0, turn.question)
    return " ".join(parts)


def _leans(question: str) -> bool:
    words = [fold(w) for w in _WORD.findall(question)]
    if len(words) <= 3:
        return True
    return len(words) <= _LONGEST_FOLLOW_UP and any(w in _ANAPHORA for w in words)


_FILLER = rf"(?:{pattern(lambda own: own.fillers)})?[\s,]*"
_MORE = re.compile(rf"{_FILLER}(?:{pattern(lambda own: own.more)})[\s.!?…]*")
_SOURCE = re.compile(rf"{_FILLER}(?:{pattern(lambda own: own.source)})[\s.!?]*")
_QUOTED = re.compile(r"“(.+?)” \[\d+\]", re.DOTALL)


def request_of(question: str, history: Sequence[Turn]) -> Request:
    """Tell whether a question asks for more of the last answer, for its source, or for itself."""
    if history:
        folded = " ".join(fold(question).split())
        if _MORE.fullmatch(folded):
            return "more"
        if _SOURCE.fullmatch(folded):
            return "source"
    return "ask"


def turns_asked(history: Sequence[Turn]) -> list[Turn]:
    """The turns that asked something of the texts, without requests about an answer."""
    return [history[i] for i in _asking(history)]


def turns_of_topic(history: Sequence[Turn]) -> list[Turn]:
    """The last turn that asked something, and the requests about its answer behind it."""
    asked = _asking(history)
    return list(history[asked[-1] :]) if asked else []


def _asking(history: Sequence[Turn]) -> list[int]:
    """Numbers of the turns that asked something of the texts."""
    return [i for i, turn in enumerate(history) if request_of(turn.question, history[:i]) == "ask"]


def quotes_of(turns: Sequence[Turn]) -> list[str]:
    """The quotations in earlier answers, as ``answer.compose`` writes them."""
    return [quote for turn in turns for quote in _QUOTED.findall(turn.answer)]
