"""Footnotes lifted out of the lines of pages and tied to the markers that hang in the text.

Owns: where a note begins and goes on, and where its marker stands.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from dipnot.document.blocks import Running
from dipnot.types import Line, SourcePage

_NOTE_START = re.compile(r"(\d{1,3})[ \t]+(\S.*)$")
_UNIT = re.compile(r"\d\s?(?:[cdhkm]?m|ft|in|yd)$")  # `45 m2`
_MARKS = ".,;:!?…”’\"')]»"
_PRINTED_PAGE = 100  # lines
_LABEL_LIKE = re.compile(r"(?:\b(?:s|ss|pp?|c|no|vol|md)\.?|\d[.,:/-])$", re.IGNORECASE)


@dataclass(slots=True)
class Note:
    """A note; ``tied``: the reader knows where its marker hangs, or that it has none.

    ``inner``: keys of the notes that hang in it.
    """

    key: str
    label: str
    page: int
    lines: list[str]
    tied: bool = False
    inner: set[str] = field(default_factory=set)


def collect_notes(pages: Sequence[SourcePage]) -> tuple[list[Note], dict[int, list[Line]]]:
    """Cut the lines below the footnote rules into notes.

    A note starts only at the label after the last one, or on top of a page that has a marker 1
    where notes are numbered anew; other lines go on with the last note, across pages too. Where
    the reader tells which lines open notes, no others do. Lines before the first note are strays,
    given by page.
    """
    notes: list[Note] = []
    strays: dict[int, list[Line]] = {}
    tied = any(line.note for page in pages for line in page.notes)
    anew = ""
    for number, page in enumerate(pages):
        for place, line in enumerate(page.notes):
            if line.note:
                notes.append(Note(line.note.key, line.note.label, number, [line.text], tied=True))
                notes[-1].inner.update(mark.key for mark in line.marks)
                continue
            start = None if tied else _NOTE_START.match(line.text)
            expected = int(notes[-1].label) + 1 if notes and start else None
            if start and expected and not place and start.group(1) == "1":
                body = [Running(number, of_page) for of_page in page.lines]
                if _find_marker(body, "1", 0, 0):
                    anew, expected = f" of {number}", 1
            if start and (expected is None or int(start.group(1)) == expected):
                label = start.group(1)
                notes.append(Note(f"{label}{anew}", label, number, [start.group(2)]))
            elif notes:
                notes[-1].lines.append(line.text)
                notes[-1].inner.update(mark.key for mark in line.marks)
            else:
                strays.setdefault(number, []).append(line)
    return notes, strays


def running_lines(
    pages: Sequence[SourcePage], notes: Sequence[Note], strays: dict[int, list[Line]]
) -> list[Running]:
    """Give the lines with the markers of the notes taken out of them.

    Strays, lines below a footnote rule that belong to no note, are running text after all.
    """
    running: list[Running] = []
    on_page = {number: list(group) for number, group in groupby(notes, lambda note: note.page)}
    for number, page in enumerate(pages):
        lines = [Running(number, li, [(m.key, m.column) for m in li.marks]) for li in page.lines]
        lines.extend(Running(number, line) for line in strays.get(number, ()))
        first, column = 0, 0
        for note in on_page.get(number, ()):
            at = None if note.tied else _find_marker(lines, note.label, first, column)
            if at is not None:
                first, column = at
                _cut_marker(lines[first], note, column)
        running.extend(lines)
    return running


def _find_marker(
    lines: Sequence[Running], label: str, first: int, column: int
) -> tuple[int, int] | None:
    """Find, from a place on, where a marker hangs.

    That is digits right behind a mark, else behind a word, with none around them.
    """
    pattern = re.compile(rf"(?<=[^\s\d(\[/–-]){label}(?![\d\w]|[.,:/-]\d)")
    behind_word: tuple[int, int] | None = None
    for i in range(first, len(lines)):
        if behind_word and i > behind_word[0] + _PRINTED_PAGE:
            break
        for match in pattern.finditer(lines[i].text, column if i == first else 0):
            before = lines[i].text[: match.start()]
            if _LABEL_LIKE.search(before) or _UNIT.search(
                f"{lines[i - 1].text[-1:] if i else ''} {before}"
            ):
                continue
            if before[-1] in _MARKS:
                return i, match.start()
            behind_word = behind_word or (i, match.start())
    return behind_word


def _cut_marker(running: Running, note: Note, column: int) -> None:
    text = running.text
    running.line = replace(running.line, text=text[:column] + text[column + len(note.label) :])
    running.markers.append((note.key, column))
