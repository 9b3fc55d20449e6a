"""Lines joined into one text, and where pages begin and markers hung in it.

Owns: what stands between lines and between paragraphs, and whether a hyphen at a line's end stays.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from dipnot.document.blocks import Block, Running
from dipnot.language.folding import fold
from dipnot.language.numerals import roman_value
from dipnot.types import Span

_LEAST_LETTERS = 5  # of the halves of a compound that stand elsewhere as words
_PREFIXES = frozenset("anti mid multi non post pre self semi sub".split())
_FEW_BREAKS = 1 / 60  # of the lines of a text that breaks no words end in a hyphen at most
_ADDRESS, _ADDRESS_STOPS = re.compile(r"https?://|www\."), tuple("./_=&?#~%")
_BESIDE_ADDRESS = re.compile(r"[\s<>]")
_GOES_ON = re.compile(r"[a-z0-9_~%][^\s<>]*[./?=]|[a-z0-9]+[>)]*[.,;]?$")
_LONGEST = 200  # letters of an address
_GAP = "\n\n"  # between paragraphs


def _breaks_off_address(line: str) -> bool:
    """Whether a line ends within an address on the net, at one of its stops."""
    return line.endswith(_ADDRESS_STOPS) and bool(_ADDRESS.search(_BESIDE_ADDRESS.split(line)[-1]))


class Writer:
    """Joins lines into one text and remembers where pages begin and markers hung."""

    def __init__(self, keeps_hyphen: _HyphenRule) -> None:
        """Begin an empty text; ``keeps_hyphen`` decides at each line's end."""
        self.length = 0
        self.markers: dict[str, int] = {}
        self._blocks: list[str] = []
        self._keeps_hyphen = keeps_hyphen
        self._page_starts: list[tuple[int, int]] = []

    def text(self) -> str:
        """Give all that is written so far."""
        return _GAP.join(self._blocks)

    def add(self, lines: Sequence[Running]) -> tuple[Span, str]:
        """Append one block; give its range and its text."""
        start = self.length + (len(_GAP) if self._blocks else 0)
        at = start
        pieces: list[str] = []
        for i, line in enumerate(lines):
            if not self._page_starts or self._page_starts[-1][0] < line.page:
                self._page_starts.append((line.page, at))
            for key, column in line.markers:
                self.markers.setdefault(key, at + column)
            last = i + 1 == len(lines)
            pieces.append(line.text if last else self._joint(line.text, lines[i + 1].text))
            at += len(pieces[-1])
        written = "".join(pieces)
        self._blocks.append(written)
        self.length = start + len(written)
        return Span(start, self.length), written

    def _joint(self, line: str, following: str) -> str:
        """End a line so that the next can go on."""
        if re.search(r"\w[/–—]$", line[-2:]):
            return line  # `komşu/sınırdaş`, `1918–1923`
        if _breaks_off_address(line[-_LONGEST:]) and _GOES_ON.match(following):
            return line  # an address on the net is broken where it has a stop
        if not re.search(r"\w[-‐]$", line[-2:]):
            return line + " "
        return line if self._keeps_hyphen(line, following) else line[:-1]

    def page_spans(self, count: int) -> list[Span]:
        """Ranges of the pages: without gaps, from 0 to the end of what is written so far."""
        starts = dict(self._page_starts)
        spans: list[Span] = []
        end = self.length
        for number in reversed(range(count)):
            start = 0 if number == 0 else starts.get(number, end)
            spans.append(Span(start, end))
            end = start
        return spans[::-1]


class _HyphenRule:
    """Whether a hyphen at a line's end is the word's own, by the words of the document itself.

    ``unbroken``: the document breaks no words, so that each hyphen is the word's own.
    """

    def __init__(self, words: Counter[str], whole: Counter[str], *, unbroken: bool = False) -> None:
        self._words = words
        self._whole = whole  # without the halves of words at the ends of lines
        self._unbroken = unbroken

    def __call__(self, text: str, following: str) -> bool:
        """Tell for the last word of ``text`` and the first of ``following``."""
        left = re.findall(r"(?<![\w-])[\w-]+$", text)
        right = re.findall(r"^\w+", following)
        if not left or not right or len(right[0]) == 1:
            return True
        stem = left[0][:-1]
        low, high = roman_value(stem.rpartition("-")[2]), roman_value(right[0])
        if low and high:
            return low < high  # `XIV-XV` is a range, `VI-II` the halves of VIII
        capitals = (stem + right[0]).isupper() and self._words[fold(stem + right[0])] > 0
        if not right[0][0].islower() and not capitals:
            return True  # numbers, names, single letters: `1918-1923`, `Türk-İngiliz`, `Misak-ı`
        whole, apart = self._words[fold(stem + right[0])], self._words[fold(f"{stem}-{right[0]}")]
        alone = self._unbroken or self._are_words(fold(stem), fold(right[0]))
        return apart > whole or (not whole and alone)

    def _are_words(self, stem: str, right: str) -> bool:
        """Tell two words from the halves of one: `capitalist-imperialist`, `non-aggression`."""
        known = self._whole[right] or self._whole[right.removesuffix("s")]
        if len(right) < _LEAST_LETTERS or not known:
            return False
        return stem in _PREFIXES or (len(stem) >= _LEAST_LETTERS and self._whole[stem] > 0)


def hyphen_rule(blocks: Sequence[Block]) -> _HyphenRule:
    """Make the rule of a document from its words."""
    lines = [line.text for block in blocks for line in block.lines]
    words = [re.findall(r"\w+(?:-\w+)*", fold(line)) for line in lines]
    halved = [line[-1:] in ("-", "‐") for line in lines]
    whole: Counter[str] = Counter()
    for found, before, after in zip(words, [False, *halved], halved, strict=False):
        whole.update(found[int(before) : len(found) - int(after)])
    counts = Counter(word for found in words for word in found)
    ends = [
        left[-1] + right[0]
        for half, left, right, following in zip(halved, words, words[1:], lines[1:], strict=False)
        if half and left and right and following[0].islower()
    ]
    few = len(ends) <= _FEW_BREAKS * len(lines)
    return _HyphenRule(counts, whole, unbroken=few and not any(counts[end] for end in ends))
