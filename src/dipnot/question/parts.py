"""Several questions in one: `who came, and how old was he?`, `compare the old mill and the new`.

Owns: cutting a question where a second question word begins a second half, and a comparison into a
question about each side.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from dipnot.language.folding import fold, fold_with_map
from dipnot.language.known import KNOWN, pattern
from dipnot.language.tokens import STOPWORDS
from dipnot.language.words import Words
from dipnot.question.answer_type import names_in, runs_of
from dipnot.types import Span

_MOST = 3
_SHORTEST = 2  # words


def parts_of(text: str) -> tuple[str, ...]:
    """The halves of a question, each with what stands before the first question word; or nothing.

    A language that puts its subject before the question word leaves it out of the second half.
    """
    folded = fold_with_map(text)
    for own in KNOWN:
        asks = [m.start() for m in re.finditer(rf"\b(?:{own.question_words})\b", folded.text)]
        cuts = [
            m
            for m in re.finditer(
                rf"(?:,\s*(?:{own.joins})\s|,\s|\s(?:{own.joins})\s)(?=(?:\w+\s)?(?:{own.question_words})\b)",
                folded.text,
            )
            if asks and m.start() > asks[0]
        ]
        if cuts:
            cut = [folded.span(*m.span()) for m in cuts]
            return _halves(text, cut, folded.origin[asks[0]], own)
    return ()


_COMPARES = re.compile(rf"\b(?:{pattern(lambda own: own.compares)})")
_ASKS = re.compile(rf"(?:{pattern(lambda own: own.question_words)})\b")
_BETWEEN_SIDES = re.compile(
    rf"(?:'\w+)?\s*(?:,|\b(?:{pattern(lambda own: own.joins_sides)})\b)\s*(?:the\s+)?"
)


def sides_of(text: str) -> tuple[str, ...]:
    """Of a comparison, the question about each side by itself; nothing for all others.

    The sides are names that `and` or a comma ties.
    """
    folded = fold_with_map(text).text
    if not _COMPARES.search(folded):
        return ()
    runs = runs_of(text, [*_first_name(text), *names_in(text)])
    for first, second in pairwise(runs):
        if not _BETWEEN_SIDES.fullmatch(fold(text[first.end : second.start])):
            continue
        whole = range(first.start, second.end)
        sides = (text[slice(*side)] for side in (first, second))
        return tuple(f"{text[: whole.start]}{side}{text[whole.stop :]}" for side in sides)
    return ()


def _first_name(text: str) -> list[Span]:
    """The word that a question begins with, where it may be one of the names compared."""
    first = re.match(r"[^\W\d_]+(?=\s)", text)
    if first is None or not first.group()[0].isupper():
        return []
    word = fold(first.group())
    none = word in STOPWORDS or _COMPARES.match(word) or _ASKS.match(word)
    return [] if none else [Span(*first.span())]


def _halves(text: str, cuts: Sequence[Span], first: int, words: Words) -> tuple[str, ...]:
    begins = [0, *(end for _, end in cuts)]
    ends = [*(start for start, _ in cuts), len(text)]
    halves = [text[b:e].strip(" ,;?") for b, e in zip(begins, ends, strict=True)]
    subject = text[:first].strip()
    subject = subject if _tells(subject) else ""
    own = [halves[0], *(f"{subject} {half}".strip() for half in halves[1:])]
    whole = (f"{half} {_verb_for(half, own, words)}".strip() for half in own)
    return tuple(f"{half}?" for half in whole if len(half.split()) >= _SHORTEST)[:_MOST]


def _verb_for(half: str, halves: Sequence[str], words: Words) -> str:
    """What a half leaves to another one to say: `when and where was she born`."""
    if words.auxiliaries:
        if _tells(half):
            return ""
        said = (re.search(rf"\b(?:{words.auxiliaries})\b.*", other) for other in halves)
        told = (other.partition(" ")[2] for other in halves if other != half)
        return next((m.group() for m in said if m), next(told, ""))
    ends = [other.rpartition(" ")[2] for other in (half, *halves)]
    return "" if _tells(ends[0]) else next(filter(_tells, ends), "")


def _tells(words: str) -> bool:
    return any(fold(word) not in STOPWORDS for word in words.split())
