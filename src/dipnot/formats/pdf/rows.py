"""Words on one baseline: the rows of a page or of a part of it.

Owns: what a row is, its measures, and which words belong to one. Knows nothing of columns.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise

from dipnot.formats.pdf.letters import Word

CELL_GAP = 2.0  # between the cells of a table, in sizes of their letters
SMALLER = 0.88  # raised and lowered print, against what it belongs to
_ARABIC = re.compile("[\u0660-\u0669\u06f0-\u06f9]+")  # figures, which run from the left
_FEW = 6  # letters: then the largest tell how a row is set


@dataclass(slots=True)
class Row:
    """Words on one baseline from left to right; ``size`` and ``y`` are those of most letters."""

    words: list[Word]
    x0: float = 0.0
    x1: float = 0.0
    y: float = 0.0
    size: float = 0.0
    bold: bool = False
    rtl: bool = False  # some of its words
    equation: str = ""  # that it is, written on one line

    def __post_init__(self) -> None:
        """Measure the words."""
        self.words.sort(key=lambda word: word.x0)
        self.x0 = self.words[0].x0
        self.rtl = any(word.rtl for word in self.words)
        self.x1 = max(word.x1 for word in self.words)
        sizes: Counter[tuple[float, float]] = Counter()
        for word in self.words:
            sizes[word.size, word.y] += len(word.text)
        few = sum(sizes.values()) <= _FEW  # as a marker and the stop behind it are
        self.size, self.y = max(sizes, key=lambda key: (0 if few else sizes[key], key[0]))
        self.bold = all(word.bold for word in self.words if any(map(str.isalnum, word.text)))

    @property
    def text(self) -> str:
        """What stands in the row."""
        return " ".join(word.text for word in self.reading)

    @property
    def reading(self) -> list[Word]:
        """The words in the order in which they are read: right-to-left script from the right."""
        if not self.rtl:
            return self.words
        runs = [list(run) for _, run in groupby(self.words, key=_runs_left(self.words))]
        return [w for run in runs for w in (run[::-1] if any(w.rtl for w in run) else run)]


def _runs_left(words: list[Word]) -> Callable[[Word], bool]:
    """Tell which words stand in a run of right-to-left script: figures between two of it do."""
    places = [i for i, word in enumerate(words) if word.rtl or _ARABIC.fullmatch(word.text)]
    inside = {
        id(words[i])
        for a, b in pairwise(places)
        if not any(map(str.isalpha, "".join(w.text for w in words[a + 1 : b])))
        for i in range(a, b + 1)
    } | {id(words[i]) for i in places}
    return lambda word: id(word) in inside


def rows_of(words: Iterable[Word]) -> list[Row]:
    """Put words on one baseline together; what is raised or lowered joins its row.

    So does what is lowered inside a word, as in the name of TeX.
    """
    rows: list[Row] = []
    for row in map(Row, _baselines(words)):
        before = rows[-1] if rows else None
        gap = before.y - row.y if before else 0.0
        if before and (
            (before.size <= SMALLER * row.size and gap <= 0.6 * row.size)
            or (row.size <= SMALLER * before.size and gap <= 0.38 * before.size)
            or (gap <= 0.35 * before.size and not any(word.space for word in row.words))
        ):
            rows[-1] = Row([*before.words, *row.words])
        else:
            rows.append(row)
    return rows


def _baselines(words: Iterable[Word]) -> Iterator[list[Word]]:
    group: list[Word] = []
    for word in sorted(words, key=lambda word: -word.y):
        first = group[0] if group else None
        if first and first.y - word.y > 0.25 * max(min(first.size, word.size), 1.0):
            yield group
            group = []
        group.append(word)
    if group:
        yield group
