"""Words set with space between their letters.

Owns: telling `k ö y` from letters that stand for themselves, by their even distance.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise
from statistics import median
from unicodedata import normalize

from dipnot.formats.letterstats import likeness
from dipnot.formats.pdf.letters import Word

_WORD = 0.7  # of the pairs of letters
_VOWELS = frozenset("aeıioöuüâîûAEIİOÖUÜ")
_EVEN = 0.85  # of the space between words; letters of one word stand closer
_PIECE = 4  # letters
_STOPS = frozenset(".,;:!?’'”\"")


def close_up(words: list[Word]) -> list[Word]:
    """Join the letters of a word that is set with space between them."""
    spaces = _spaces(words)
    closed: list[Word] = []
    run: list[Word] = []
    for word in words:
        if run and not ((_is_letter(word) or _is_piece(word)) and _follows(run[-1], word)):
            closed.extend(_joined(run, spaces))
            run = []
        if len(word.text) == 1 or (run and (_is_letter(word) or _is_piece(word))):
            run.append(word)
        else:
            closed.append(word)
    return [*closed, *_joined(run, spaces)]


def _spaces(words: Sequence[Word]) -> dict[int, float]:
    """Give the usual space between the longer words of each row, by its height."""
    gaps: defaultdict[int, list[float]] = defaultdict(list)
    for a, b in pairwise(words):
        long = min(len(a.text), len(b.text)) > 1 and not (_is_piece(a) or _is_piece(b))
        if long and _follows(a, b):
            gaps[round(a.y)].append(b.x0 - a.x1)
    return {y: median(found) for y, found in gaps.items()}


def _is_letter(word: Word) -> bool:
    """Tell a letter by itself, or with the stop that stands close behind it."""
    return len(word.text) == 1 or (word.text[0].isalpha() and _STOPS.issuperset(word.text[1:]))


def _is_piece(word: Word) -> bool:
    """Tell a few capitals that stand closer than others of their word, as `A` and `T` do."""
    return len(word.text) <= _PIECE and word.text.isalpha() and word.text.isupper()


def _follows(before: Word, word: Word) -> bool:
    size = word.size
    return (
        abs(before.y - word.y) < 0.1 * size
        and abs(before.size - size) < 0.1 * size
        and 0 < word.x0 - before.x1 < 1.6 * size
    )


def _joined(run: list[Word], spaces: Mapping[int, float]) -> list[Word]:
    """Cut a run of single letters at wider gaps and join what stands evenly."""
    if sum(_is_letter(word) and word.text[0].isalpha() for word in run) < 3:
        return run
    gaps = [b.x0 - a.x1 for a, b in pairwise(run)]
    unit = sorted(gaps)[len(gaps) // 3]
    if unit > 0.7 * run[0].size:
        return run
    apart = unit > _EVEN * spaces.get(round(run[0].y), math.inf)  # as far as words are
    groups = [[run[0]]]
    for gap, word in zip(gaps, run[1:], strict=True):
        if gap > 1.45 * unit + 0.02 * word.size or (word.typed and gap > 1.2 * unit):
            groups.append([])
        groups[-1].append(word)
    if not any(_is_spaced(group, apart=apart) for group in groups) and not _are_words(groups):
        return run
    return [word for group in groups for word in _one_word(group)]


def _is_spaced(group: Sequence[Word], *, apart: bool) -> bool:
    """Tell letters of one word from a row of letters that stand for themselves."""
    letters = sum(word.text[0].isalpha() for word in group)
    signs = sum(not word.text[0].isalpha() and word.text not in _STOPS for word in group)
    typed = sum(word.typed for word in group[1:])
    if letters < 3 or signs:
        return False
    close = typed <= 0.2 * len(group) and not apart
    return close or (letters > 3 and _is_likely(group))


def _are_words(groups: Sequence[Sequence[Word]]) -> bool:
    """Tell several words set apart, which together are surer than each by itself."""
    texts = ["".join(word.text for word in group) for group in groups]
    if len(groups) < 2 or not all(len(text) > 1 and text.isalpha() for text in texts):
        return False
    like = likeness(texts)
    return like.pairs >= sum(map(len, texts)) - 2 * len(texts) and like.either >= _WORD


def _is_likely(group: Sequence[Word]) -> bool:
    """Tell letters typed with spaces between them that make a word, `t u z l a`, from a list."""
    vowels = [word.text[0] in _VOWELS for word in group]
    like = likeness(["".join(word.text for word in group)])
    mixed = any(vowels) and not all(vowels)
    return mixed and like.pairs >= len(group) - 2 and like.either >= _WORD


def _one_word(group: list[Word]) -> list[Word]:
    first = group[0]
    first.text = normalize("NFC", "".join(word.text for word in group))
    first.x1 = group[-1].x1
    return [first]
