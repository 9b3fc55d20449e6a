"""Headings made by hand: paragraphs that stand out by their look where no style says so.

Owns: what stands out from the body of a text (bold, larger, in capitals), which of it is the
title, and of what level the rest is. A text that names its headings is left as it is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from dipnot.language.headings import lists_notes, lists_sources
from dipnot.types import Line

_NAMED = 2  # a text with so many headings named says itself what is a heading
_WORDS = 20
_IN_A_ROW = 3  # more that stand out one below the other are no headings
_TAIL = 40
_LARGER = 1.12
_ENDED = re.compile(r"[.!?…:;,][”’\"')\]]*$")
_NUMBERED = re.compile(r"((?:\d{1,2}|[IVX]{1,5}|[A-ZÇĞİÖŞÜ])(?:\.\d{1,2})*)[.)]?[-–]?\s+\S")
_LABELLED = re.compile(r"[^\W\d_][^:]{1,40}:\s\S")


@dataclass(frozen=True, slots=True)
class Look:
    """How a block is set; ``size`` is 0 where it is not known."""

    bold: bool = False
    size: float = 0.0
    centred: bool = False


def find_headings(lines: Sequence[Line], looks: Sequence[Look]) -> list[Line]:
    """Give the blocks of a text again, those that look like headings as headings."""
    if sum(line.role == "heading" for line in lines) >= _NAMED:
        return list(lines)
    body = _body(lines, looks)
    found = [_stands_out(line, look, body) for line, look in zip(lines, looks, strict=True)]
    _drop_runs(lines, found)
    heads = [i for i, out in enumerate(found) if out]
    title = _title(lines, looks, heads)
    ranks = sorted({_rank(lines[i], looks[i]) for i in heads if i != title}, reverse=True)
    result = list(lines)
    for i in heads:
        if i == title:
            result[i] = replace(lines[i], role="title")
        else:
            level = _level(lines[i].text) or 1 + ranks.index(_rank(lines[i], looks[i]))
            result[i] = replace(lines[i], role="heading", level=level)
    return result


def _body(lines: Sequence[Line], looks: Sequence[Look]) -> Look:
    """Find how most letters of the text are set."""
    letters: Counter[tuple[bool, float]] = Counter()
    for line, look in zip(lines, looks, strict=True):
        letters[look.bold, look.size] += len(line.text)
    return Look(*letters.most_common(1)[0][0]) if letters else Look()


def _stands_out(line: Line, look: Look, body: Look) -> bool:
    text = line.text
    larger = body.size > 0 and look.size >= _LARGER * body.size
    capitals = text.isupper() and sum(char.isalpha() for char in text) > 3
    return (
        line.role in ("paragraph", "list")
        and not line.joins
        and any(char.isalpha() for char in text)
        and len(text.split()) <= _WORDS
        and (text[0].isupper() or text[0].isdigit())
        and (not _ENDED.search(text[-_TAIL:]) or (text[-1] == "?" and look.bold))
        and (line.role == "paragraph" or _NUMBERED.match(text) is not None)
        and not (_LABELLED.match(text) and not larger)
        and ((look.bold and not body.bold) or larger or capitals)
    )


def _drop_runs(lines: Sequence[Line], found: list[bool]) -> None:
    """A heading heads something: many in a row, or the last block of all, do not."""
    for out, group in groupby(range(len(lines)), lambda i: found[i]):
        run = list(group)
        many = len(run) > _IN_A_ROW and run[0] > 0
        if out and (many or run[-1] == len(lines) - 1):
            for i in run:
                found[i] = False


def _title(lines: Sequence[Line], looks: Sequence[Look], heads: Sequence[int]) -> int | None:
    """Find the title: the first that stands out, where it does so in another way than the rest."""
    named = any(line.role in ("title", "heading") for line in lines[:3])
    if not heads or heads[0] > 2 or named or any(_is_prose(line) for line in lines[: heads[0]]):
        return None
    first, rest = heads[0], heads[1:]
    text = lines[first].text
    if _NUMBERED.match(text) or lists_notes(text) or lists_sources(text):
        return None
    own = _rank(lines[first], looks[first])
    alike = [i for i in rest if _rank(lines[i], looks[i]) >= own]
    other = looks[first].centred and not any(looks[i].centred for i in rest)
    above_prose = first + 1 < len(lines) and _is_prose(lines[first + 1])
    return first if not alike or other or not above_prose else None


def _is_prose(line: Line) -> bool:
    return len(line.text.split()) > _WORDS or _ENDED.search(line.text[-_TAIL:]) is not None


def _rank(line: Line, look: Look) -> tuple[float, bool, bool]:
    return look.size, line.text.isupper(), look.bold


def _level(text: str) -> int:
    """Give the depth of a decimal number before a heading; 0 where there is none."""
    number = _NUMBERED.match(text)
    return number.group(1).count(".") + 1 if number and number.group(1)[0].isdigit() else 0
