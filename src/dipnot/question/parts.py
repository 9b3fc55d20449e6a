"""Several questions in one: `who came, and how old was he?`.

Owns: cutting a question where a second question word begins a second half.
"""

from __future__ import annotations

import re

from dipnot.language.folding import fold_with_map
from dipnot.language.known import KNOWN

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
            return _halves(text, [folded.span(*m.span()) for m in cuts], folded.origin[asks[0]])
    return ()


def _halves(text: str, cuts: list[tuple[int, int]], first: int) -> tuple[str, ...]:
    begins = [0, *(end for _, end in cuts)]
    ends = [*(start for start, _ in cuts), len(text)]
    halves = [text[b:e].strip(" ,;?") for b, e in zip(begins, ends, strict=True)]
    subject = text[:first].strip()
    own = [halves[0], *(f"{subject} {half}".strip() for half in halves[1:])]
    return tuple(f"{half}?" for half in own if len(half.split()) >= _SHORTEST)[:_MOST]
