"""What a question owes to the turns before it.

Owns: which earlier questions a follow-up leans on, the requests that are about the last answer
itself (more of it, its source), and the quotations that earlier answers gave. Nothing is kept
between questions: the turns come with each.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from dipnot.language.folding import fold
from dipnot.types import Request, Turn

_ANAPHORA = frozenset(
    """bu bunu bunun buna bundan bunda bunlar bunlari bunlarin su sunu onu onun ona ondan onda
    onlar onlari onlarin orada oraya oradan burada buraya peki ya kendisi kendisini
    kendisine digeri bunlardan boyle soyle oyle ayni ikisi hepsi it its this that these
    those he she him her his they them their there then one ones same both and but so""".split()
)
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


_FILLER = r"(?:peki|ya|ve|and|so|ok|tamam|please|lutfen|bana)?[\s,]*"
_MORE = re.compile(
    _FILLER + r"(?:daha(?: fazla(?:si)?(?: bilgi)?)?(?: (?:ver|goster|anlat|var mi|neler var))?"
    r"|biraz daha|devam(?: et| edin)?|baska(?: (?:ne|neler))?(?: var)?(?: mi)?|dahasi(?: var mi)?"
    r"|(?:show me |tell me |give me |any )?more(?: of it| about it| about that)?"
    r"|go on|continue|what else|anything else|next)[\s.!?…]*"
)
_THIS = r"(?:bu(?:nun|nlarin)?|bu (?:bilgi\w*|cumle\w*|soz\w*|alinti\w*|iddia\w*)) "
_SOURCE = re.compile(
    _FILLER + rf"(?:{_THIS})?(?:hangi |hani )?(?:kaynak\w*|kaynag\w*|dayana[gk]\w*|referans\w*)"
    r"(?: (?:ne(?:dir|ydi)?|neresi|hangisi|hangileri|goster|ver|kim|kime ait))?[\s.!?]*"
    rf"|{_FILLER}(?:{_THIS})(?:hangi )?(?:kaynag\w*|kaynak\w*|esere?|kime|neye)"
    r"(?: (?:dayaniyor|dayali|ait|geciyor|dayandirilmis|dayandiriliyor))?[\s.!?]*"
    rf"|{_FILLER}(?:(?:what(?:'s| is| are)|which|the|its|your|any) )*(?:the )?"
    r"(?:sources?|references?|citation)(?: (?:of|for) (?:this|that|it))?[\s.!?]*"
    rf"|{_FILLER}(?:where (?:does|did) (?:this|that|it) come from|says who|according to whom"
    r"|who says (?:so|this|that))[\s.!?]*"
)
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
