"""Footnotes of a PDF: rows below the body that open with a label, and the markers they hang on.

Owns: which rows are notes, and which raised figures are their markers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from dipnot.readers.pdflayout import PageLayout, Region
from dipnot.readers.pdfrows import Row
from dipnot.readers.pdfspelling import Word
from dipnot.types import Mark

_LABEL = re.compile(r"\d{1,4}|[*†‡§]{1,3}")
_PLAIN_LABEL = re.compile(r"[\[(]?(\d{1,3})[.)\]]?")
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_SUPERSCRIPT = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,4}")
_SMALL = 0.95
CELL_GAP = 2.0  # between the cells of a table, in sizes of their letters
_UNITS = frozenset("m cm mm km dm ft in".split())


@dataclass(slots=True)
class Note:
    """A note: its label, its rows with their pages, and the word where it hangs."""

    key: str
    label: str
    rows: list[tuple[int, Row]] = field(default_factory=list)
    marker: Word | None = None


Tied = dict[tuple[int, str], Note]


def lift_notes(layouts: Sequence[PageLayout], body: float) -> list[Note]:
    """Take the notes out of the regions and tie them to their markers."""
    notes: list[Note] = []
    for page, layout in enumerate(layouts):
        found: list[list[Row]] = []
        for at in reversed(range(len(layout.regions))):
            region = layout.regions[at]
            below = layout.regions[at + 1 :]
            if any(other.rows and _is_below(other, region) for other in below):
                continue
            start = _first_note_row(region, layout, body, notes)
            if start is not None:
                found.insert(0, region.rows[start:])
                del region.rows[start:]
                region.measure()
        opened = len(notes)
        for rows in found:
            _cut(rows, page, notes)
        _tie(notes[opened:], layout)
        layout.regions = [region for region in layout.regions if region.rows]
    return [note for note in notes if note.rows]


def _is_below(other: Region, region: Region) -> bool:
    return (
        (other.rows[0].y < region.rows[-1].y if region.rows else False)
        and other.left < region.right
        and region.left < other.right
    )


def _first_note_row(
    region: Region, layout: PageLayout, body: float, notes: Sequence[Note]
) -> int | None:
    """Find where the notes at the bottom of a column begin; None where there are none."""
    rows = region.rows
    start = len(rows)
    while start > 0 and rows[start - 1].size < _SMALL * body:
        start -= 1
    markers = _markers(layout)
    for i in range(start, len(rows)):
        label = _label_of(rows[i])
        if label and (label in markers or _follows(label, notes)):
            # Small print above the first label goes on with the note of the page before.
            goes_on = bool(notes) and i > start and _stands_off(rows, start)
            return start if goes_on else i
    if (
        start < len(rows)
        and start > 0
        and notes
        and _stands_off(rows, start)
        and _goes_on(rows[start])
    ):
        return start
    for i in range(len(rows) // 2, len(rows)):  # notes as large as the body
        label = _label_of(rows[i], raised=True)
        if label and label in markers and i > 0 and _stands_off(rows, i):
            return i
    return None


def _goes_on(row: Row) -> bool:
    return not row.text[:1].isupper()


def _stands_off(rows: Sequence[Row], i: int) -> bool:
    """Tell whether more than a line's distance lies above a row."""
    if i == 0:
        return True
    gaps = [a.y - b.y for a, b in pairwise(rows[max(0, i - 6) : i])]
    usual = sorted(gaps)[len(gaps) // 2] if gaps else 1.2 * rows[i].size
    return rows[i - 1].y - rows[i].y > 1.1 * usual


def _follows(label: str, notes: Sequence[Note]) -> bool:
    """Tell whether a label is the one expected next."""
    last = notes[-1].label if notes else "0"
    return label.isdigit() and last.isdigit() and int(label) == int(last) + 1


def _label_of(row: Row, *, raised: bool = False) -> str | None:
    """Give the label that a row opens with."""
    first = row.words[0]
    superscript = _SUPERSCRIPT.match(first.text)
    if superscript:
        return superscript.group().translate(_SUPERSCRIPTS)
    if _is_raised(first, row) and _LABEL.fullmatch(first.text):
        return first.text
    if first.text and _LABEL.fullmatch(first.text) and not first.text.isdigit():
        return first.text
    match = None if raised or len(row.words) < 2 else _PLAIN_LABEL.fullmatch(first.text)
    return match.group(1) if match else None


def _is_raised(word: Word, row: Row) -> bool:
    return word.size <= 0.86 * row.size and word.y >= row.y + 0.1 * row.size


def _markers(layout: PageLayout) -> set[str]:
    """Raised labels in the text of a page."""
    return {
        label
        for region in layout.regions
        for row in region.rows
        for i, word in enumerate(row.words)
        if i > 0
        for label in _labels_in(word, row)
    }


def _labels_in(word: Word, row: Row) -> list[str]:
    """Labels that a word shows, raised or in superscript letters: `1`, `1,2`, `vardır.¹`."""
    if _is_raised(word, row):
        labels = re.split(r"[,;]", word.text)
        return labels if all(map(_LABEL.fullmatch, labels)) else []
    return [found.translate(_SUPERSCRIPTS) for found in _SUPERSCRIPT.findall(word.text)]


def _cut(rows: Sequence[Row], page: int, notes: list[Note]) -> None:
    """Cut rows into notes; a row that opens none goes on with the last."""
    for row in rows:
        label = _label_of(row)
        raised = _label_of(row, raised=True) is not None
        # Numbers may begin anew on a page: a plain 1 opens its first note, and no other.
        anew = label == "*" or (label == "1" and not _opened_on(page, notes))
        if label and (raised or _follows(label, notes) or not notes or anew):
            notes.append(Note(f"{page}.{len(notes)}", label))
            rest = _without_label(row)
            if rest is not None:
                notes[-1].rows.append((page, rest))
        elif notes:
            notes[-1].rows.append((page, row))


def _opened_on(page: int, notes: Sequence[Note]) -> bool:
    return bool(notes) and notes[-1].key.startswith(f"{page}.")


def _without_label(row: Row) -> Row | None:
    first = row.words[0]
    superscript = _SUPERSCRIPT.match(first.text)
    if superscript and superscript.end() < len(first.text):
        first.text = first.text[superscript.end() :]
        return row
    words = row.words[1:]
    return Row(words) if words else None


def _tie(notes: Sequence[Note], layout: PageLayout) -> None:
    """Give each note the first marker with its label that no other has."""
    taken: set[tuple[int, str]] = set()
    words = [
        (word, label)
        for region in layout.regions
        for row in region.rows
        for word in row.words
        for label in _labels_in(word, row)
    ]
    for note in notes:
        for word, label in words:
            if label == note.label and (id(word), label) not in taken:
                taken.add((id(word), label))
                note.marker = word
                break


def by_marker(notes: Sequence[Note]) -> Tied:
    """Give each note under the word and label where it hangs."""
    return {(id(note.marker), note.label): note for note in notes if note.marker is not None}


def take_marks(
    row: Row, page: int, tied: Tied, *, cells: bool = False
) -> tuple[str, tuple[Mark, ...]]:
    """Give the text of a row without its markers, and where they hung."""
    pieces: list[str] = []
    marks: list[Mark] = []
    length = 0
    before: Word | None = None
    for word in row.reading:
        labels = _labels_in(word, row) if before is not None else []
        known = [tied.get((id(word), label)) for label in labels]
        lifted = any(known) or (bool(tied) and _is_orphan(word, row, before))
        if lifted and labels:
            for label, note in zip(labels, known, strict=True):
                key = note.key if note else f"{page}.?{label}.{row.y:.0f}.{word.x0:.0f}"
                marks.append(Mark(key, label, length))
        text = word.text
        if lifted:
            text = "" if _is_raised(word, row) else _SUPERSCRIPT.sub("", text)
        if not text:
            continue
        if before is not None and word.space and pieces:
            wide = cells and word.x0 - before.x1 > CELL_GAP * row.size
            text = (" | " if wide else " ") + text
        pieces.append(text)
        length += len(text)
        before = word
    return "".join(pieces), tuple(marks)


def _is_orphan(word: Word, row: Row, before: Word | None) -> bool:
    """Tell a marker whose note is not there from a power: `sürdü12`, but `10⁶`, `km²`."""
    if before is None or word.space or not _labels_in(word, row):
        return False
    ends_word = before.text[-1].isalpha() and before.text.lower() not in _UNITS
    return ends_word or before.text[-1] in ".,;”"
