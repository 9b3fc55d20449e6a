"""Strings that a question wants as they are: quoted words, numbers of archives, parts, articles.

Owns: finding them in a question. A year or a count is none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from dipnot.language.folding import fold

_QUOTED = re.compile(r"[“\"«]([^“”\"«»]{3,200})[”\"»]")
# Letters or digits tied by hyphens, strokes or dots, with a digit among them: `30-18-1-1/1-15-9`.
_IDENTIFIER = re.compile(  # bounded: it would take quadratic time on dots
    r"(?<![\w-])(?=[\w./-]{0,200}\d)(?:\w{1,100}[-/.]){1,20}\w{1,100}(?![\w-])"
)
_NUMBERS = re.compile(r"(?:1\d|20)\d{2}[-/.](?:(?:1\d|20)\d{2}|\d{2})|[\d.,]+|\d{1,3}-\d{1,3}")
_LABEL = re.compile(r"\b([A-ZÇĞİÖŞÜ][\wçğıöşü]+ \d{1,3}|[A-Z]{1,4}\d{1,5}|\d{3,})\b")
_BARE = re.compile(r"(?:\W*\w+){1,4}\W*")
_YEAR = re.compile(r"(?:1\d|20)\d{2}")
_TIES = re.compile("[-/.]")
_WORD = 4  # letters of one at least


def exact_in(text: str) -> tuple[str, ...]:
    """The strings that must stand in the text as they are, in order."""
    found = [m.group(1).strip() for m in _QUOTED.finditer(text)]
    rest = _QUOTED.sub(" ", text)
    ties = [m.group() for m in _IDENTIFIER.finditer(rest)]
    found += [t for t in ties if not _NUMBERS.fullmatch(t) and not _has_word(t)]
    if not found and _BARE.fullmatch(rest):
        found += [m.group() for m in _LABEL.finditer(rest) if not _YEAR.fullmatch(m.group())]
    return tuple(found)


def _has_word(tied: str) -> bool:
    """Whether a number is tied to a word (`18-year-old`), which is said in other forms, too."""
    return any(len(p) >= _WORD and p.isalpha() and p.islower() for p in _TIES.split(tied))


def holds(text: str, wanted: Sequence[str]) -> bool:
    """Whether a text holds one of these strings, whatever its case, dashes and quotation marks."""
    plain = _plain(text)
    return any(re.search(rf"(?<!\w){re.escape(_plain(w))}(?!\w)", plain) for w in wanted)


def is_bare(text: str, wanted: Sequence[str]) -> bool:
    """Whether a question is hardly more than the strings that it wants."""
    rest = _plain(text)
    for string in wanted:
        rest = rest.replace(_plain(string), " ")
    return len(re.findall(r"\w+", rest)) <= _FEW


def _plain(text: str) -> str:
    return " ".join(_DASHES.sub("-", fold(text)).strip(" .").split())


_DASHES = re.compile("[‐-―−]")
_FEW = 1
