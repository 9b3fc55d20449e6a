"""Endnotes of a PDF: a list whose numbers are those of markers in the text before it.

Owns: which lists, at the end of a chapter or of the text, are notes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from dipnot.formats.pdf.layout import PageLayout, Region
from dipnot.formats.pdf.markers import NOTES, Marker, Note, label_of, markers_in, tie, without_label
from dipnot.formats.pdf.notes import follows
from dipnot.formats.pdf.rows import Row
from dipnot.language.folding import fold

_LEAST = 3  # notes of a list, where no heading says that it is one
_LONGEST = 100  # rows of a note
_FAR = 12  # rows from the first marker
_SMALL = 0.9
_LARGE = 1.08  # a numbered heading
_AGREE = 0.7  # of its numbers are those of markers


@dataclass(slots=True)
class _Standing:
    page: int
    region: Region
    row: Row


def lift_endnotes(layouts: Sequence[PageLayout], notes: Sequence[Note]) -> list[Note]:
    """Take lists of notes out of the regions and tie them to the markers that are still free."""
    tied = {id(note.marker) for note in notes}
    pending: list[Marker] = []
    rows: list[_Standing] = []
    begins: list[int] = []  # where markers stand among the rows
    for page, layout in enumerate(layouts):
        for region in layout.regions:
            for row in region.rows:
                alone = [m for m in markers_in([region.just(row)]) if id(m.word) not in tied]
                pending += [marker for marker in alone if marker.likely]
                begins += [len(rows)] * sum(marker.likely for marker in alone)
                rows.append(_Standing(page, region, row))
    if not pending:
        return []
    return list(_lists(rows, pending, begins))


def _lists(rows: Sequence[_Standing], pending: list[Marker], begins: list[int]) -> Iterator[Note]:
    at = 0
    usual = median(standing.row.size for standing in rows)
    while at < len(rows) and pending:
        label = label_of(rows[at].row) if rows[at].row.size <= _LARGE * usual else None
        if label is None or label != pending[0].label or begins[0] >= at:
            at += 1
            continue
        found, end = _read_list(rows, at)
        before = sum(begin < at for begin in begins)
        wanted = {marker.label for marker in pending[:before]}
        agreeing = sum(note.label in wanted for note in found)
        headed = at > 0 and NOTES.fullmatch(fold(rows[at - 1].row.text))
        least = 1 if headed or (end == len(rows) and _opens_page(rows, at)) else _LEAST
        # Affiliations stand below their authors; a list that nobody calls notes may end anywhere.
        far = at - begins[0] >= _FAR and not _swallows(found)
        sure = least == 1 or (far and not pending[0].plain)
        if not sure or len(found) < least or agreeing < _AGREE * len(found):
            at += 1
            continue
        _take(rows[at:end], found)
        tie(found, pending[:before])
        hung = {id(note.marker) for note in found}
        kept = [i for i, marker in enumerate(pending) if id(marker.word) not in hung]
        pending[:], begins[:] = [pending[i] for i in kept], [begins[i] for i in kept]
        yield from found
        at = end


def _swallows(notes: Sequence[Note]) -> bool:
    """Tell a list that runs on into the text below it."""
    longest = max((len(note.rows) for note in notes[:-1]), default=2)
    return len(notes[-1].rows) > 3 * longest + 5


def _opens_page(rows: Sequence[_Standing], at: int) -> bool:
    """Tell a row of small print that opens a page, as endnotes without a heading do."""
    usual = median(standing.row.size for standing in rows[:at])
    return rows[at].page > rows[at - 1].page and rows[at].row.size < _SMALL * usual


def _read_list(rows: Sequence[_Standing], first: int) -> tuple[list[Note], int]:
    """Read notes from a row on, as long as no heading comes; give where they end too.

    A note that goes on for pages is none: what would be read of it is read again at every row that
    begins like it.
    """
    usual = rows[first].row
    notes: list[Note] = []
    for at in range(first, len(rows)):
        row, page = rows[at].row, rows[at].page
        label = label_of(row)
        if label and (not notes or follows(label, notes)):
            notes.append(Note(f"e{page}.{at}", label, [(page, row)]))
        elif (
            row.size > _LARGE * usual.size
            or (row.bold and not usual.bold)
            or len(notes[-1].rows) == _LONGEST
        ):
            return notes, at
        else:
            notes[-1].rows.append((page, row))
    return notes, len(rows)


def _take(rows: Sequence[_Standing], notes: Sequence[Note]) -> None:
    """Take the rows of a list out of the text, and the labels out of the notes."""
    for standing in rows:
        standing.region.rows = [row for row in standing.region.rows if row is not standing.row]
    for note in notes:
        page, row = note.rows[0]
        rest = without_label(row)
        note.rows[:1] = [(page, rest)] if rest is not None else []
