"""Blocks and notes of a format that tells its structure, collected into pages of lines.

Owns: white space inside a block, where markers hang in it, and which page a note stands on.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from dipnot.formats.columns import name_columns
from dipnot.formats.looks import Look, find_headings
from dipnot.formats.notesigns import MONTHS
from dipnot.formats.raised import RAISED, plain_label
from dipnot.formats.typednotes import tie_typed
from dipnot.language.folding import fold, letters
from dipnot.types import EQUATION, About, Line, Mark, Role, SourcePage

_SPACE = re.compile(r"\s+")
UNSEEN = str.maketrans("", "", "\u00ad\u200b\u2060\ufeff")
_LIST = re.compile(r"\d{1,3}(?:\s?[,;]\s?\d{1,3})+")  # `1, 2` raised are two markers
_SEVERAL = re.compile(r"\s?[,;]\s?")
_TOP = 4
_CLINGS = tuple(".,;:!?…)]»”’")


class Text:
    """The text of one block as it grows: white space is one space, markers are lifted out."""

    def __init__(self) -> None:
        """Start empty."""
        self._pieces: list[str] = []
        self._length = 0
        self._ends_open = False  # in white space
        self._bold = 0
        self._sizes: Counter[float] = Counter()
        self.marks: list[Mark] = []

    def __bool__(self) -> bool:
        """Tell whether it holds anything."""
        return bool(self._pieces or self.marks)

    @property
    def ends_open(self) -> bool:
        """Whether it ends in white space, or is empty."""
        return self._ends_open or not self._length

    @property
    def words(self) -> str:
        """What it holds so far, without the markers."""
        return "".join(self._pieces)

    def ends_with(self, sign: str) -> bool:
        """Whether this is the last of it but for white space."""
        return bool(self._pieces) and self._pieces[-1].rstrip().endswith(sign)

    @property
    def opens_raised(self) -> bool:
        """Whether it begins with something raised, as a note does."""
        return bool(self.marks) and self.marks[0].key == RAISED and not self.marks[0].column

    def opens_with(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """How its first words match."""
        return pattern.match("".join(self._pieces[:4])) if self._pieces else None

    def look(self, *, centred: bool = False) -> Look:
        """Give how the block is set as a whole."""
        size = self._sizes.most_common(1)[0][0] if self._sizes else 0.0
        bold = 0 < self._length <= self._bold + sum(p.count(" ") for p in self._pieces)
        return Look(bold, size, centred)

    def add(self, text: str, *, bold: bool = False, size: float = 0.0) -> None:
        """Append running text."""
        text = _SPACE.sub(" ", text.translate(UNSEEN))
        if self._ends_open or not self._length:
            text = text.removeprefix(" ")
        if not text:
            return
        if self._ends_open and self.marks and text.startswith(_CLINGS):
            self._close_up()
        self._pieces.append(text)
        self._length += len(text)
        self._bold += sum(not char.isspace() for char in text) if bold else 0
        if size:
            self._sizes[size] += len(text)
        self._ends_open = text.endswith(" ")

    def _close_up(self) -> None:
        """Take back the space that stood before a marker and a full stop: `word [^1].`."""
        mark = self.marks[-1]
        if mark.column == self._length:
            self._pieces[-1] = self._pieces[-1].removesuffix(" ")
            self._length -= 1
            self.marks[-1] = mark._replace(column=self._length)

    def add_raised(self, text: str) -> None:
        """Append raised text; whether it is a marker is told when the whole text is known."""
        text = _SPACE.sub(" ", text.translate(UNSEEN)).strip()
        last = self.marks[-1] if self.marks else None
        if not text:
            return
        if last and last.key == RAISED and last.column == self._length:  # `1` and `2` of `12`
            self.marks[-1] = last._replace(label=last.label + text)
        else:
            self.marks.append(Mark(RAISED, text, self._length))

    def add_line(self, line: Line) -> None:
        """Append a line with all that hangs on it."""
        self.add(line.text)
        start = self._length - len(line.text)
        self.marks.extend(m._replace(column=start + m.column) for m in line.marks)

    def add_equation(self, words: str) -> None:
        """Append an equation, and remember which words are one."""
        if words:
            self.marks.append(Mark(EQUATION, words, self._length))
            self.add(words)

    def mark(self, key: str, label: str) -> None:
        """Remember that a note hangs here."""
        self.marks.append(Mark(key, label, self._length))

    def take(self) -> tuple[str, tuple[Mark, ...]]:
        """Give what was collected and start again."""
        text = "".join(self._pieces).rstrip()
        marks = tuple(
            m._replace(column=min(m.column, len(text)), label=label)
            for m in self.marks
            for label in _labels(m)
        )
        self._pieces, self._length, self._ends_open, self.marks = [], 0, False, []
        self._bold, self._sizes = 0, Counter()
        return text, marks


def _labels(mark: Mark) -> list[str]:
    several = mark.key != EQUATION and _LIST.fullmatch(mark.label)
    return _SEVERAL.split(mark.label) if several else [mark.label]


@dataclass(slots=True)
class _Page:
    label: str | None = None
    lines: list[Line] = field(default_factory=list)
    looks: list[Look] = field(default_factory=list)
    notes: list[Line] = field(default_factory=list)


@dataclass(slots=True)
class Draft:
    """A text as a reader finds it: pages of blocks, and notes by their key."""

    pages: list[_Page] = field(default_factory=lambda: [_Page()])
    notes: dict[str, list[Line]] = field(default_factory=dict)
    about: About | None = None
    _table: tuple[int, int] | None = None  # the page and line where one began
    _cut: bool = False

    def entitle(self, about: About) -> None:
        """Put title and author on top, where the text does not begin with them."""
        self.about = about
        first = [letters(line.text) for line in self.pages[0].lines[:_TOP]]
        heads = [words for words in (about.title, about.title and about.author) if words]
        lines = [Line(words, 1, role="title") for words in heads if letters(words) not in first]
        self.pages[0].lines[:0] = lines
        self.pages[0].looks[:0] = [Look()] * len(lines)

    def add(
        self, text: Text, role: Role, number: int, *, level: int = 0, centred: bool = False
    ) -> None:
        """End a block of the running text; an empty one leaves nothing."""
        look = text.look(centred=centred)
        words, marks = text.take()
        joins, self._cut = self._cut, False
        if words:
            line = Line(words, number, role=role, level=level, joins=joins, marks=marks)
            self.pages[-1].lines.append(line)
            self.pages[-1].looks.append(look)
        elif marks and self.pages[-1].lines:
            last = self.pages[-1].lines[-1]
            hung = tuple(m._replace(column=len(last.text)) for m in marks)
            self.pages[-1].lines[-1] = replace(last, marks=last.marks + hung)

    def begin_table(self) -> None:
        """Begin a table; one inside another is a part of it."""
        self._table = self._table or (len(self.pages) - 1, len(self.pages[-1].lines))

    def end_table(self) -> None:
        """End a table: its rows learn which of them names the columns."""
        if self._table is None:
            return
        first, start = self._table
        self._table = None
        places = [
            (page, i)
            for page in self.pages[first:]
            for i in range(start if page is self.pages[first] else 0, len(page.lines))
            if page.lines[i].role == "table"
        ]
        rows = [page.lines[i] for page, i in places]
        bold = [page.looks[i].bold for page, i in places]
        for (page, i), row in zip(places, name_columns(rows, bold), strict=True):
            page.lines[i] = row

    def add_note(self, text: Text, key: str, label: str, number: int) -> None:
        """End a block of a note."""
        words, marks = text.take()
        if key not in self.notes:  # `1. Not.`, `[1] Not.`; but `1 Eylül …` may be a date
            marks = tuple(m for m in marks if m.column or plain_label(m.label) != label)
            typed = (
                rf"(?:{re.escape(label)}[.):]+|\[{re.escape(label)}\]|\({re.escape(label)}\))\s+"
            )
            lead = re.match(rf"(?:{typed}|[.:)\]^↑]+\s+)", words)  # of a link back, a stop is left
            bare = re.match(rf"{re.escape(label)}\s+(?=[^\W\d_])", words)
            if bare and not fold(words[bare.end() :]).startswith(MONTHS):
                lead = bare
            at = lead.end() if lead else 0
            words = words[at:]
            marks = tuple(m._replace(column=max(0, m.column - at)) for m in marks)
        if words:
            lines = self.notes.setdefault(key, [])
            opens = Mark(key, label) if not lines else None
            lines.append(
                Line(words, number, role="paragraph", joins=bool(lines), marks=marks, note=opens)
            )

    def turn_page(self, label: str | None = None, *, inside: bool = False) -> None:
        """Begin a page; ``inside``: the block before it goes on."""
        if len(self.pages) == 1 and not self.pages[0].lines and self.pages[0].label is None:
            self.pages[0].label = label
        else:
            self.pages.append(_Page(label))
            self._cut = inside

    def source_pages(self) -> tuple[SourcePage, ...]:
        """Put each note on the page where its marker first hangs, in the order of the markers.

        A note that hangs in another follows it. Notes that no marker names come last.
        """
        left = dict(self.notes)
        self._find_headings()
        for page in self.pages:
            marks = [mark for line in page.lines for mark in line.marks]
            page.notes.extend(_taken(marks, left))
        for key in list(left):
            self.pages[-1].notes.extend(_taken([Mark(key, "")], left))
        pages = [
            SourcePage(tuple(p.lines), tuple(p.notes), p.label, about=None if i else self.about)
            for i, p in enumerate(self.pages)
        ]
        return tie_typed(pages)

    def _find_headings(self) -> None:
        lines = [line for page in self.pages for line in page.lines]
        looks = [look for page in self.pages for look in page.looks]
        found = iter(find_headings(lines, looks))
        for page in self.pages:
            page.lines = [next(found) for _ in page.lines]


def _taken(marks: Sequence[Mark], left: dict[str, list[Line]]) -> Iterator[Line]:
    """Take the notes of the markers out of what is left, and what hangs in those notes."""
    waiting = list(reversed(marks))
    while waiting:
        lines = left.pop(waiting.pop().key, [])
        yield from lines
        waiting.extend(reversed([mark for line in lines for mark in line.marks]))
