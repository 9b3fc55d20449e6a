"""Several things in prose: a sentence that says how many, and those behind it that count them off.

Owns: telling such a passage by how its sentences open, and quoting all of it where its first
sentence is quoted: `There were three reasons.` answers nothing by itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from dipnot.answer.choice import Candidate, follows
from dipnot.language.folding import fold
from dipnot.language.known import pattern

_SEVERAL = re.compile(rf"\b(?:[2-9]|{pattern(lambda own: own.numbers)})(?:\w{{0,3}})\b")
_FIRST = re.compile(rf"\W*(?:{pattern(lambda own: own.counts_first)})")
_FURTHER = re.compile(rf"\W*(?:{pattern(lambda own: own.counts_on)})")
_LONGEST = 9  # sentences, with the one that says how many
_BETWEEN = 2  # sentences that say more of a thing before the next is counted


def with_counted(
    groups: Sequence[Sequence[Candidate]], sentences: Callable[[int, int], Sequence[Candidate]]
) -> list[list[Candidate]]:
    """Where a sentence of the best quotation says how many things there are, quote them with it.

    ``sentences`` gives those of a half-open range of numbers, as far as there are any.
    """
    best = max(groups, key=lambda group: max(c.score for c in group), default=[])
    counted = next((run for c in best if (run := _counted(c, sentences))), [])
    if not counted:
        return [list(group) for group in groups]
    orders = {c.order for c in counted}
    out = []
    for group in groups:
        rest = [c for c in group if c.order not in orders]
        if group is best:
            rest = sorted([*rest, *counted], key=lambda c: c.order)
        out += [rest] if rest else []
    return out


def _counted(
    opening: Candidate, sentences: Callable[[int, int], Sequence[Candidate]]
) -> list[Candidate]:
    """The sentences behind one that count off what it announces; nothing where it does not."""
    if not _SEVERAL.search(fold(opening.passage.text)):
        return []
    run: list[Candidate] = []
    end = 0
    before = opening
    for candidate in sentences(opening.order + 1, opening.order + _LONGEST):
        text = fold(candidate.passage.text)
        if not follows(before, candidate) or not (run or _FIRST.match(text)):
            break
        run.append(candidate)
        before = candidate
        if len(run) == 1 or _FURTHER.match(text):
            end = len(run)
        elif len(run) - end > _BETWEEN:
            break
    return run[:end] if end > 1 else []
