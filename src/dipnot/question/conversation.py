"""What a question owes to the turns before it.

Owns: which earlier questions a follow-up leans on, what is put into their place, the requests that
are about the last answer itself (more of it, its source), and the quotations that earlier answers
gave. Nothing is kept between questions: the turns come with each.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from dipnot.language.folding import fold
from dipnot.language.known import joined, pattern
from dipnot.language.tokens import STOPWORDS
from dipnot.question.about_text import names_this_text
from dipnot.question.answer_type import names_in, years_in
from dipnot.question.courtesy import not_asked
from dipnot.types import Request, Span, Turn

Leaning = Literal["no", "maybe", "yes"]

_WORD = re.compile(r"\w+")
_POINTS_BACK = joined(lambda own: own.points_back)
_ANAPHORA = joined(lambda own: own.anaphora)
_CONTRASTS = re.compile(rf"\W*(?:{pattern(lambda own: own.contrasts)})")
_CHANGES = re.compile(
    rf"\W*(?:{pattern(lambda own: own.changes)})\w*(?:[^.,:;!?–—]{{0,15}}[.:;!–—,])?\s*"
)
_VERB = re.compile(pattern(lambda own: own.verb))
_RELATIVE = re.compile(r"\b(?:\w+[^\W\d]) that (?!\W*$)|\bis there\b|\bare there\b|\bwas there\b")
_LONGEST_FOLLOW_UP = 14
_LONGEST_UNSURE = 6
_LONGEST_CONTRAST = 5
_TURNS_BACK = 2


def unannounced(question: str) -> tuple[str, bool]:
    """A question without `let's change the subject`, and whether that was said."""
    match = _CHANGES.match(fold(question))
    if match is None or match.end() >= len(question):
        return question, False
    return question[match.end() :], True


def standalone(question: str, history: Sequence[Turn]) -> str:
    """Put before a follow-up question the questions that it leans on, or itself into the last.

    What it leans on may lean on another, up to two turns back.
    """
    if not history or leaning(question) == "no":
        return question
    earlier = [turn.question for turn in history[-_TURNS_BACK:]]
    for turn in reversed(earlier):
        changed = contrasted(question, turn)
        if changed is not None:
            return changed
    parts = [question]
    for turn in reversed(earlier):
        if leaning(parts[0]) == "no" or (len(parts) > 1 and leaning(parts[0]) != "yes"):
            break
        parts.insert(0, unannounced(turn)[0])
    return " ".join(parts)


def leaning(question: str) -> Leaning:
    """Tell whether a question leans on what was said before it.

    It does where a word points back, where it opens as a contrast, or where it has no noun of its
    own. A short one with a verb may.
    """
    folded = fold(question)
    words = _WORD.findall(folded)
    if len(words) > _LONGEST_FOLLOW_UP or names_this_text(question):
        return "no"
    pointing = [w for w in words if w in _POINTS_BACK]
    if pointing and not _RELATIVE.search(folded):
        return "yes"
    nouns = [w for w in words if w not in STOPWORDS | _ANAPHORA and not _VERB.search(w)]
    if not nouns:
        return "yes"
    if _CONTRASTS.match(folded) and len(words) <= _LONGEST_CONTRAST:
        return "yes"
    asks = len(nouns) < len(words) or len(words) == 1
    return "maybe" if asks and len(words) <= _LONGEST_UNSURE else "no"


def contrasted(question: str, earlier: str) -> str | None:
    """The earlier question with the one thing of the new one in its place; None where it has none.

    `And in 1929?` takes the place of the year, `what about Britain?` that of a name; one with the
    same ending is preferred, else the first.
    """
    folded = fold(question)
    if not _CONTRASTS.match(folded) or len(_WORD.findall(folded)) > _LONGEST_CONTRAST:
        return None
    years, old = sorted(years_in(question)), sorted(years_in(earlier))
    if len(years) == 1 and len(old) == 1:
        return earlier.replace(old[0], years[0])
    new = _name(question)
    places = _runs(names_in(earlier))
    if new is None or years or not places or fold(new[0]) in fold(earlier):
        return None
    same = [p for p in places if new[1] and _suffix(earlier, p) == new[1]]
    place = (same or places)[0]
    return earlier[: place.start] + new[0] + earlier[place.end :]


def _name(question: str) -> tuple[str, str] | None:
    """The one name of a question, and the ending set apart behind it."""
    found = _runs(names_in(question))
    if len(found) != 1 or not re.fullmatch(r"(?:['’]\w+)?\W*", question[found[0].end :]):
        return None
    return question[slice(*found[0])], _suffix(question, found[0])


def _runs(names: Sequence[Span]) -> list[Span]:
    """Names with their neighbours: `Ali Fuat Paşa` is one."""
    runs: list[Span] = []
    for name in names:
        if runs and name.start - runs[-1].end == 1:
            runs[-1] = Span(runs[-1].start, name.end)
        else:
            runs.append(name)
    return runs


def _suffix(text: str, name: Span) -> str:
    match = re.match(r"['’](\w+)", text[name.end :])
    return fold(match.group(1)) if match else ""


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
    return not_asked(question) or "ask"


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
