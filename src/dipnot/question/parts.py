"""Several questions in one: `who came, and how old was he?`, `compare the old mill and the new`.

Owns: cutting a question where a second question word begins a second half, and a comparison into a
question about each side.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import dropwhile, pairwise, takewhile

from dipnot.language.folding import fold, fold_with_map
from dipnot.language.known import KNOWN, joined, pattern
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
_JOINS = rf"\b(?:{pattern(lambda own: own.joins_sides)})\b"
_BETWEEN_SIDES = re.compile(rf"(?:'\w+)?\s*(?:,|{_JOINS})\.?\s*(?:the\s+)?(?P<again>\w.*)?")
_TIE = re.compile(rf"\s(?P<word>{_JOINS})\.?\s+")
_SMALL = "|".join(sorted(STOPWORDS | joined(lambda own: own.telling)))
_OPENS_SIDES = re.compile(rf"{_COMPARES.pattern}\W+(?:(?:{_SMALL})\W+)*+$")
_YEAR = re.compile(r"\b(?:1\d|20)\d{2}\b")
_WORD = re.compile(r"[\w'’-]+")


def sides_of(text: str) -> tuple[str, ...]:
    """Of a comparison, the question about each side by itself; nothing for all others.

    The sides are names that `and` or a comma ties, years, or what stands around `versus`.
    """
    if not _COMPARES.search(fold(text)):
        return ()
    years = (Span(*m.span()) for m in _YEAR.finditer(text))
    runs = sorted([*runs_of(text, [*_first_name(text), *names_in(text)]), *years])
    for first, second in pairwise(runs):
        tie = _BETWEEN_SIDES.fullmatch(fold(text[first.end : second.start]))
        # `error E1 and error E3`: what stands before the one stands before the other again
        if tie and fold(text[: first.start]).endswith(tie["again"] or ""):
            return _each(text, first, second)
    return _around_tie(text)


def _around_tie(text: str) -> tuple[str, ...]:
    """The question about each side of `versus`, or of an `and` that `compare the` stands before."""
    folded = fold_with_map(text)
    for tie in _TIE.finditer(folded.text):
        start, end = folded.span(*tie.span())
        before = list(takewhile(_is_of_side, reversed(list(_WORD.finditer(text, 0, start)))))
        behind = list(takewhile(_is_of_side, dropwhile(_is_article, _WORD.finditer(text, end))))
        if not before or not behind:
            continue
        if _COMPARES.fullmatch(tie["word"]):  # nothing tells where a side begins or ends
            n = min(len(before), len(behind))
            before, behind = before[:n], behind[:n]
        elif not _OPENS_SIDES.search(fold(text[: before[-1].start()])):
            continue
        first = Span(before[-1].start(), before[0].end())
        return _each(text, first, Span(behind[0].start(), behind[-1].end()))
    return ()


def _is_article(word: re.Match[str]) -> bool:
    return fold(word.group()) in STOPWORDS


def _is_of_side(word: re.Match[str]) -> bool:
    bare = fold(word.group())
    return not (bare in STOPWORDS or _COMPARES.match(bare) or _ASKS.match(bare))


def _each(text: str, first: Span, second: Span) -> tuple[str, ...]:
    """A question with either side in the place of both."""
    sides = (text[slice(*side)] for side in (first, second))
    return tuple(f"{text[: first.start]}{side}{text[second.end :]}" for side in sides)


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
