"""PDF with a text layer, from its bytes to pages of lines.

Owns: the order of the steps, and what is written of a row in the end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from dipnot.formats.pdf.endnotes import lift_endnotes
from dipnot.formats.pdf.equations import settle_equations
from dipnot.formats.pdf.headings import find_headings
from dipnot.formats.pdf.layout import PageLayout, lay_out, widen
from dipnot.formats.pdf.markers import Note, by_marker, take_marks
from dipnot.formats.pdf.notes import lift_notes
from dipnot.formats.pdf.paragraphs import Paragraph, Placed, find_paragraphs
from dipnot.formats.pdf.words import read_words
from dipnot.types import EQUATION, Line, Mark, SourcePage

_LOST = (
    "{:.0%} of the words are set in fonts that do not tell their letters; give the file a text "
    "layer, with `ocrmypdf --force-ocr -l tur+eng` for instance"
)
_STOPS = ".,;:!?…"
_DOUBTFUL = 0.02  # of the words of a page


def read(name: str, data: bytes) -> tuple[SourcePage, ...]:
    """Read the bytes of a PDF into pages of lines whose structure is known."""
    printed = read_words(name, data)
    layouts = lay_out(printed.sheets)
    body = _body_size(layouts)
    settle_equations(layouts)
    notes = lift_notes(layouts, body)
    notes += lift_endnotes(layouts, notes)
    widen(layouts)
    placed = [
        Placed(index, row, region, first=at == 0)
        for index, layout in enumerate(layouts)
        for region in layout.regions
        for at, row in enumerate(region.rows)
    ]
    paragraphs = find_paragraphs(placed, body)
    find_headings(paragraphs, body, printed.outline)
    return tuple(_pages(layouts, paragraphs, notes))


def _close_up(
    text: str, marks: tuple[Mark, ...], lines: list[Line]
) -> tuple[str, tuple[Mark, ...]]:
    """Let a stop that a marker parts from its word end the line before."""
    rest = text.lstrip(_STOPS)
    cut = len(text) - len(rest.lstrip())
    if len(rest) == len(text):
        return text, marks
    lines[-1] = replace(lines[-1], text=lines[-1].text + text[: len(text) - len(rest)])
    return rest.lstrip(), tuple(m._replace(column=max(0, m.column - cut)) for m in marks)


def _body_size(layouts: Sequence[PageLayout]) -> float:
    sizes: Counter[float] = Counter()
    for layout in layouts:
        for region in layout.regions:
            for row in region.rows:
                sizes[round(row.size, 1)] += len(row.text)
    return sizes.most_common(1)[0][0] if sizes else 1.0


def _pages(
    layouts: Sequence[PageLayout], paragraphs: Sequence[Paragraph], notes: Sequence[Note]
) -> Iterator[SourcePage]:
    """Write the rows as lines, with the markers that hang on them."""
    lines: list[list[Line]] = [[] for _ in layouts]
    foot: list[list[Line]] = [[] for _ in layouts]
    tied = by_marker(notes)
    bearing = {word for word, _ in tied}
    number = 0
    for paragraph in paragraphs:
        for i, item in enumerate(paragraph.rows):
            number += 1
            text, marks = take_marks(item.row, item.page, tied, cells=paragraph.table)
            early = tuple(mark for mark in marks if not text or (i > 0 and mark.column == 0))
            if early and lines[item.page]:
                last = lines[item.page][-1]
                hung = tuple(mark._replace(column=len(last.text)) for mark in early)
                lines[item.page][-1] = replace(last, marks=last.marks + hung)
                marks = marks[len(early) :]
                text, marks = _close_up(text, marks, lines[item.page])
            if item.row.equation:
                marks = (*marks, Mark(EQUATION, item.row.equation))
            if text:
                line = Line(text, number, role=paragraph.role, level=paragraph.level)
                lines[item.page].append(replace(line, joins=i > 0, marks=marks))
    for note in notes:
        for i, (page, row) in enumerate(note.rows):
            number += 1
            opens = Mark(note.key, note.label) if i == 0 else None
            words = bearing.intersection(
                id(word) for word in row.words
            )  # a note may hang in another
            own = {at: other for at, other in tied.items() if at[0] in words} if words else {}
            text, marks = take_marks(row, page, own)
            line = Line(text, number, role="paragraph", joins=i > 0, note=opens)
            foot[page].append(replace(line, marks=marks if own else ()))
    for layout, body, below in zip(layouts, lines, foot, strict=True):
        doubt = _LOST.format(layout.lost) if layout.lost > _DOUBTFUL else None
        yield SourcePage(tuple(body), tuple(below), layout.label, doubt)
