"""What a page prints twice at one place: bold by overprint, the text layer behind a scan.

Owns: which of the two is read.
"""

from __future__ import annotations

from collections.abc import Sequence

from dipnot.formats.pdf.letters import Word


def once(words: list[Word]) -> list[Word]:
    """Drop words that the file prints a second time at the same place."""
    seen: dict[tuple[str, int], list[tuple[float, float]]] = {}
    kept: list[Word] = []
    for word in words:
        near, step = 0.2 * word.size, round(word.y / 8)
        places = (at for k in (step - 1, step, step + 1) for at in seen.get((word.text, k), ()))
        if not any(abs(x - word.x0) < near and abs(y - word.y) < near for x, y in places):
            seen.setdefault((word.text, step), []).append((word.x0, word.y))
            kept.append(word)
    if any(word.hidden for word in kept):
        kept = _visible(kept)
    if len(words) - len(kept) > 0.25 * len(kept):  # a second layer, here and there misread
        kept = _uncovered(kept, kept)
    return kept


def _visible(words: list[Word]) -> list[Word]:
    """Drop words behind a picture where others are printed over them."""
    shown = [word for word in words if not word.hidden]
    hidden = [word for word in words if word.hidden]
    if sum(len(word.text) for word in shown) > 0.5 * sum(len(word.text) for word in hidden):
        return shown  # the page says itself what the layer says
    free = {id(word) for word in _uncovered(hidden, shown)}
    return [word for word in words if not word.hidden or id(word) in free]


def _uncovered(words: Sequence[Word], over: Sequence[Word]) -> list[Word]:
    """Give the words whose middle no earlier one of the others covers."""
    rows: dict[int, list[Word]] = {}
    for word in over:
        rows.setdefault(round(word.y / 4), []).append(word)
    return [word for word in words if not _is_covered(word, rows)]


def _is_covered(word: Word, rows: dict[int, list[Word]]) -> bool:
    middle, step = (word.x0 + word.x1) / 2, round(word.y / 4)
    return any(
        other is not word
        and (other.order or 0) <= (word.order or 0)
        and other.x0 <= middle <= other.x1
        and abs(other.y - word.y) < 0.3 * word.size
        and 0.7 < other.size / word.size < 1.4
        for k in (step - 1, step, step + 1)
        for other in rows.get(k, ())
    )
