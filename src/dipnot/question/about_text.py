"""What a question asks of a text as a thing: its gist, its conclusion, a footnote, its pages.

Owns: telling that a question is about the text and not about what it tells.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from dipnot.language.folding import fold
from dipnot.language.known import noun, pattern
from dipnot.language.turkish import TURKISH
from dipnot.types import TextPart

_WORKS = pattern(lambda own: own.works)
_A_WORK = noun(lambda own: own.works)


def _asked(part: TextPart) -> re.Pattern[str]:
    asked = pattern(lambda own: own.asks_text[part])
    return re.compile(asked.replace("{work}", _WORKS).replace("{a_work}", _A_WORK))


_PATTERNS: Mapping[TextPart, re.Pattern[str]] = {part: _asked(part) for part in TURKISH.asks_text}
_THIS_WORK = re.compile(rf"\b(?:bu|su|this|the) {_A_WORK}")
_CATALOGUED: frozenset[TextPart] = frozenset({"published", "pages"})
# Words of a question about the text, or a part of it; longer ones ask about what it tells.
_LONGEST, _LONGEST_OF_PART = 10, 12


def text_part_of(text: str) -> tuple[TextPart | None, str | None]:
    """Tell which part or fact of a text is asked for, and the label of a footnote."""
    folded = fold(text)
    words = len(folded.split())
    for part, found in _PATTERNS.items():
        match = found.search(folded)
        if match is None or words > (_LONGEST_OF_PART if part == "section" else _LONGEST):
            continue
        if part == "gist" and _PATTERNS["section"].search(folded):  # the gist of a part of it
            continue
        label = next((g for g in match.groupdict().values() if g), None)
        if part in _CATALOGUED and not _of_a_work(folded, words):
            continue
        return part, label
    return None, None


def names_this_text(text: str) -> bool:
    """Whether `bu makale` or `this report` is meant, which points at no earlier turn."""
    return bool(_THIS_WORK.search(fold(text)))


def _of_a_work(folded: str, words: int) -> bool:
    """Whether the thing published is the text itself: it is named, or nothing else is."""
    return bool(re.search(rf"\b{_A_WORK}", folded)) or words <= _SHORT


_SHORT = 4
