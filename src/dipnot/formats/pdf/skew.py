"""Pages that were scanned a little aslant, put straight.

Owns: the slope of a page's lines, and its words and rules turned back by it. Text behind a scan
stands where the scan has it: half a degree lifts one end of a line by half a line. On a page that
was typeset the slope is 0, and nothing is touched.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from statistics import median

from dipnot.formats.pdf.glyphs import Rule
from dipnot.formats.pdf.letters import Word

_STEEPEST = 0.07  # four degrees
_FEWEST = 4  # lines that tell
_WIDE = 8  # sizes of print that a line must span to tell
_MATTERS = 0.1  # of the size of print: what a line must climb in all


def straightened(words: list[Word], rules: list[Rule]) -> tuple[list[Word], list[Rule]]:
    """Turn words and rules about the page's corner, so that the lines are level."""
    slope = _slope(words)
    if not slope:
        return words, rules
    angle = math.atan(slope)
    along, across = math.cos(angle), math.sin(angle)
    turned = [
        replace(
            word,
            x0=word.x0 * along + word.y * across,
            x1=word.x1 * along + word.y * across,
            y=word.y * along - word.x0 * across,
        )
        for word in words
    ]
    level = [
        Rule(
            rule.x0 * along + rule.y * across,
            rule.x1 * along + rule.y * across,
            rule.y * along - (rule.x0 + rule.x1) / 2 * across,
        )
        for rule in rules
    ]
    return turned, level


def _slope(words: Sequence[Word]) -> float:
    """How far the lines climb, for each point that they go to the right; 0 where they are level."""
    lines = [line for line in _lines(words) if line[-1].x0 - line[0].x0 > _WIDE * line[0].size]
    if len(lines) < _FEWEST:
        return 0.0
    slope = median((line[-1].y - line[0].y) / (line[-1].x0 - line[0].x0) for line in lines)
    width = median(line[-1].x0 - line[0].x0 for line in lines)
    size = median(line[0].size for line in lines)
    return slope if _MATTERS * size < abs(slope) * width else 0.0


def _lines(words: Sequence[Word]) -> Iterator[list[Word]]:
    """Words that follow one another in the file and stand side by side in one size of print."""
    line: list[Word] = []
    for word in words:
        last = line[-1] if line else None
        if last is not None and not (
            -0.5 * last.size < word.x0 - last.x1 < 4 * last.size
            and abs(word.y - last.y) <= _STEEPEST * (word.x0 - last.x0) + 0.1 * last.size
            and 0.8 * last.size < word.size < 1.25 * last.size
        ):
            yield line
            line = []
        line.append(word)
    if line:
        yield line
