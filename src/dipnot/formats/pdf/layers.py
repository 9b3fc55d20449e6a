"""What a page prints twice at one place: bold by overprint, the text layer behind a scan.

Owns: which of the two is read.
"""

from __future__ import annotations

from collections.abc import Sequence

from dipnot.formats.letterstats import likeness
from dipnot.formats.pdf.letters import Word

_HINT, _LAYER = 0.05, 0.2  # of the words stand twice: to the letter, and one way or another
_COVERED = 0.35  # of its width
_WORSE = 0.05  # of likeness: much misread


def once(words: list[Word]) -> list[Word]:
    """Drop words that the file prints a second time at the same place."""
    if any(word.hidden for word in words):
        words = _visible(words)
    seen: dict[tuple[str, int], list[tuple[float, float]]] = {}
    kept: list[Word] = []
    for word in words:
        near, step = 0.2 * word.size, round(word.y / 8)
        places = (at for k in (step - 1, step, step + 1) for at in seen.get((word.text, k), ()))
        if not any(abs(x - word.x0) < near and abs(y - word.y) < near for x, y in places):
            seen.setdefault((word.text, step), []).append((word.x0, word.y))
            kept.append(word)
    twice = len(words) - len(kept)
    if twice > _HINT * len(kept):
        first, last = (_uncovered(words, words, after=way) for way in (1, -1))
        if len(words) - len(first) > _LAYER * len(first):
            worse = _read_well(last) < _read_well(first) - _WORSE
            return first if worse else last  # which lies above, and is seen
    return kept


def _read_well(words: Sequence[Word]) -> float:
    """Weigh how much like words of our languages a layer looks."""
    like = likeness([word.text for word in words])
    return like.turkish + like.either


def _visible(words: list[Word]) -> list[Word]:
    """Drop words behind a picture where others are printed over them."""
    shown = [word for word in words if not word.hidden]
    hidden = [word for word in words if word.hidden]
    if sum(len(word.text) for word in shown) > 0.5 * sum(len(word.text) for word in hidden):
        return shown  # the page says itself what the layer says
    free = {id(word) for word in _uncovered(hidden, shown, after=0)}
    return [word for word in words if not word.hidden or id(word) in free]


def _uncovered(words: Sequence[Word], over: Sequence[Word], *, after: int) -> list[Word]:
    """Give the words that the others leave free, for the most part.

    Only those count that the file draws before the word (1) or behind it (-1); 0 for all.
    """
    rows: dict[int, list[Word]] = {}
    for word in over:
        rows.setdefault(round(word.y / 4), []).append(word)
    return [word for word in words if not _is_covered(word, rows, after)]


def _is_covered(word: Word, rows: dict[int, list[Word]], after: int) -> bool:
    step = round(word.y / 4)
    covered = sum(
        max(0.0, min(other.x1, word.x1) - max(other.x0, word.x0))
        for k in (step - 1, step, step + 1)
        for other in rows.get(k, ())
        if other is not word
        and (word.order - other.order) * after >= 0
        and abs(other.y - word.y) < 0.3 * word.size
        and 0.7 < other.size / word.size < 1.4
    )
    return covered > _COVERED * (word.x1 - word.x0)
