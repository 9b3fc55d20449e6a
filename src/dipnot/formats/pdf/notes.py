"""Footnotes of a PDF: rows below the body that open with a label, often under a rule.

Owns: which rows at the foot of a column are notes, and where each begins.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import pairwise
from statistics import median

from dipnot.formats.pdf.layout import PageLayout, Region
from dipnot.formats.pdf.markers import (
    NOTES,
    Note,
    is_doubtful,
    label_of,
    labels_in,
    markers_in,
    tie,
    without_label,
)
from dipnot.formats.pdf.rows import Row
from dipnot.language.folding import fold

_ROMAN = "i ii iii iv v vi vii viii ix x xi xii xiii xiv xv".split()
_SMALL = 0.95
_LOW = 4  # sizes of the body, at most, from where the pages end
_TOP_ROWS = 14  # title, authors and where they work
SENTENCE_END = re.compile(r"[.!?…][”’\"')\]»]*$")
_SOURCES = re.compile(
    r"(?:\d+\.?\s*)?(?:kaynak(?:ca|lar|lari)?|bibliyografya|references|bibliography|works cited)"
    r"\b.{0,12}"
)


def lift_notes(layouts: Sequence[PageLayout], body: float) -> list[Note]:
    """Take the notes out of the regions and tie them to their markers."""
    notes: list[Note] = []
    ends = [min(row.y for r in at.regions for row in r.rows) for at in layouts if at.regions]
    bottom = median(ends) if ends else 0.0
    ruled = False  # there was a rule above the notes of the page before
    for page, layout in enumerate(layouts):
        opened = len(notes)
        for foot in _feet(layout, page, body, notes, bottom):
            region = foot.region
            start = foot.first(notes, ruled=ruled)
            if start is not None:
                ruled = foot.is_ruled(start)
                end = foot.last(start)
                _cut(region.rows[start:end], page, notes, foot.markers)
                del region.rows[start:end]
                region.measure()
        explained = _explained(layout, body)
        left = [label for region in layout.regions for label in _own(region, explained)]
        free = [m for m in markers_in(layout.regions) if id(m.word) not in explained]
        tie(notes[opened:], free, left)
        layout.regions = [region for region in layout.regions if region.rows]
    _tie_inside_notes(notes)
    _tie_over_pages(layouts, notes)
    return [note for note in notes if note.rows]


def _tie_inside_notes(notes: Sequence[Note]) -> None:
    """Tie notes whose marker stands in the note right before them, on the same page."""
    for outer, note in pairwise(notes):
        if note.marker is None and note.rows and outer.rows:
            page = note.rows[0][0]
            rows = [row for at, row in outer.rows if at == page]
            free = [m for m in markers_in([Region(rows)]) if m.likely and not m.opens]
            tie([note], free)


def _tie_over_pages(layouts: Sequence[PageLayout], notes: Sequence[Note]) -> None:
    """Tie notes whose marker stands on the page before or after their own."""
    lonely = [note for note in notes if note.marker is None and note.rows]
    tied = {id(note.marker) for note in notes if note.marker is not None}
    for note in lonely:
        page = note.rows[0][0]
        near = [layouts[at] for at in (page - 1, page + 1) if 0 <= at < len(layouts)]
        free = [
            marker
            for layout in near
            for marker in markers_in(layout.regions)
            if marker.likely and not marker.opens and id(marker.word) not in tied
        ]
        tie([note], free)
        tied.add(id(note.marker))


def _feet(
    layout: PageLayout, page: int, body: float, notes: Sequence[Note], bottom: float
) -> list[_Foot]:
    """Give the columns at the foot of a page, in reading order; below them are notes at most.

    ``bottom`` is where most pages end.
    """
    markers = list(markers_in(layout.regions))
    labels = {marker.label for marker in markers if not marker.opens}
    counts = Counter(marker.label for marker in markers)
    twice = {label for label, count in counts.items() if count > 1}  # a note's and its marker's
    text = [row for region in layout.regions for row in region.rows]
    usual = [row.y for row in text if abs(row.size - body) <= (1 - _SMALL) * body]
    top = max(usual, default=-math.inf)
    feet: list[_Foot] = []
    of_notes: set[int] = set()
    for at in reversed(range(len(layout.regions))):
        region = layout.regions[at]
        below = (o for o in layout.regions[at + 1 :] if id(o) not in of_notes)
        if any(_is_below(other, region) for other in below):
            continue
        feet.insert(0, _Foot(region, layout, page, body, labels, twice, (top, bottom)))
        if feet[0].first(notes, ruled=False) == 0:
            of_notes.add(id(region))
    return feet


def _explained(layout: PageLayout, body: float) -> set[int]:
    """Find the labels that small rows at the top of a page explain: where its authors work."""
    rows = [row for region in layout.regions for row in region.rows][:_TOP_ROWS]
    small = [len(row.words) > 1 and row.size < _SMALL * body for row in rows]
    opening = [i for i, row in enumerate(rows) if small[i] and label_of(row, raised=True)]
    top = rows[: opening[-1] + 1] if opening else []
    said = {
        label
        for row, is_small in zip(top, small, strict=False)
        if is_small
        for word in row.words
        for label in labels_in(word, row)
    }
    return {id(word) for row in top for word in row.words if said & set(labels_in(word, row))}


def _own(region: Region, explained: set[int]) -> Iterator[str]:
    """Give the labels of rows that explain a marker in the text, as below the names of authors.

    A row that goes on with a full one begins with a marker instead.
    """
    for before, row in zip((None, *region.rows), region.rows, strict=False):
        known = len(row.words) < 2 or id(row.words[0]) in explained
        label = None if known else label_of(row, raised=True)
        full = before is not None and before.x1 > region.right - 2 * row.size
        if label and not (full and before is not None and before.size == row.size):
            yield label


def _is_below(other: Region, region: Region) -> bool:
    return (
        (other.rows[0].y < region.rows[-1].y if region.rows else False)
        and other.left < region.right
        and region.left < other.right
    )


class _Foot:
    """The foot of a column, where notes may stand."""

    def __init__(
        self,
        region: Region,
        layout: PageLayout,
        page: int,
        body: float,
        markers: set[str],
        twice: set[str],
        ends: tuple[float, float],
    ) -> None:
        self.region = region
        self._top, self._bottom = ends
        self._rows = region.rows
        self._page = page
        self._body = body
        self.markers = markers
        self._twice = twice
        rules = [
            rule
            for rule in layout.rules
            if region.left - 20 <= rule.x0 <= region.right and rule.x1 <= region.right + 20
        ]
        width = region.right - region.left
        self._rules = [rule.y for rule in rules]
        wide = [rule.y for rule in rules if rule.x1 - rule.x0 > 0.9 * width]
        self._wide = [  # and not one of a table
            y for y in wide if not any(0.5 < abs(other - y) < 4 * body for other in wide)
        ]
        self._short = [  # the line above footnotes, and not one of a table
            rule.y
            for rule in rules
            if rule.x0 < region.left + 0.05 * width
            and rule.x1 - rule.x0 < 0.6 * width
            and not any(0.5 < abs(other.y - rule.y) < 4 * body for other in rules)
        ]

    def first(self, notes: Sequence[Note], *, ruled: bool) -> int | None:
        """Find the row where the notes begin; None where there are none."""
        rows = self._rows
        start = len(rows)
        while start > 0 and rows[start - 1].size < _SMALL * self._body:
            start -= 1
        heading = fold(rows[start - 1].text) if start > 0 else ""
        if _SOURCES.fullmatch(heading) or NOTES.fullmatch(heading):
            return None
        kept = self._kept_on(notes)
        if kept is not None:
            return kept
        goes_on = self._goes_on(start, notes, ruled=ruled)
        for i in range(start, len(rows)):
            label = label_of(rows[i])
            counts_on = label is not None and follows(label, notes) and not is_doubtful(rows[i])
            at_foot = self._is_at_foot(start) and (i == start or goes_on)
            if label in self.markers or (counts_on and (at_foot or self._is_noted(i))):
                # Small print above the first label goes on with the note of the page before.
                return start if i > start and goes_on else i
        return start if goes_on else self._large()

    def _is_noted(self, i: int) -> bool:
        """Tell a plain label that only counts on from an item of a list in small print.

        It is raised or stands under a rule, or a marker on the page leads to one below it.
        """
        return (
            label_of(self._rows[i], raised=True) is not None
            or self.is_ruled(i)
            or any(label_of(row) in self.markers for row in self._rows[i:])
        )

    def _is_at_foot(self, start: int) -> bool:
        """Tell small print below the text that goes down to where the pages end."""
        low = self._rows[-1].y <= self._bottom + _LOW * self._body
        return low and self._top > self._rows[start].y

    def last(self, start: int) -> int:
        """Find where the notes end: with the column, or at a rule as wide, and no label below."""
        for i in range(start + 1, len(self._rows)):
            if self._is_under(i, self._wide) and label_of(self._rows[i]) is None:
                return i
        return len(self._rows)

    def _goes_on(self, start: int, notes: Sequence[Note], *, ruled: bool) -> bool:
        """Tell whether small print goes on with the last note, which stands a page before."""
        rows = self._rows
        if start == len(rows) or not self._follows_on(notes) or not self._stands_off(start):
            return False
        last = notes[-1].rows[-1][1]
        alike = abs(rows[start].size - last.size) < 0.04 * last.size
        open_end = not SENTENCE_END.search(last.text) and not rows[start].text[:1].isupper()
        return open_end and (alike or not ruled)

    def _kept_on(self, notes: Sequence[Note]) -> int | None:
        """Find rows under a short rule, all as large as those of the last note."""
        if not self._follows_on(notes):
            return None
        size = notes[-1].rows[-1][1].size
        for i in reversed(range(len(self._rows))):
            if abs(self._rows[i].size - size) > 0.04 * size:
                return None
            if self._is_under(i, self._short):
                return i
        return None

    def _follows_on(self, notes: Sequence[Note]) -> bool:
        """Tell whether the last note ended on this page or on the one before."""
        return bool(notes and notes[-1].rows) and notes[-1].rows[-1][0] >= self._page - 1

    def _large(self) -> int | None:
        """Find notes as large as the body: raised labels, or plain ones under a rule."""
        for i in range(1, len(self._rows)):
            label = label_of(self._rows[i])
            raised = label_of(self._rows[i], raised=True) is not None
            # A marker may open the next column; the short rule tells that a note begins here.
            known = label in self.markers or (
                raised and label in self._twice and self._is_under(i, self._short)
            )
            if label is None or not known or not self._stands_off(i):
                continue
            low = i >= len(self._rows) // 2
            if self.is_ruled(i) or (low and (raised or self._are_all(i))):
                return i
        return None

    def _are_all(self, i: int) -> bool:
        """Tell whether the rows from one on open the notes of all numbers raised on the page."""
        opened = [label for row in self._rows[i:] if (label := label_of(row)) in self.markers]
        numbers = sorted(int(label) for label in self.markers if label.isdecimal())
        return len(numbers) > 1 and opened == [str(number) for number in numbers]

    def is_ruled(self, i: int) -> bool:
        """Tell whether a rule is drawn right above a row."""
        return self._is_under(i, self._rules)

    def _is_under(self, i: int, rules: Sequence[float]) -> bool:
        row = self._rows[i]
        above = self._rows[i - 1].y if i > 0 else row.y + 4 * row.size
        low, high = row.y + 0.5 * row.size, max(above + 1, row.y + 0.6 * row.size)
        return any(low <= y <= high for y in rules)

    def _stands_off(self, i: int) -> bool:
        """Tell whether more than a line's distance lies above a row."""
        rows = self._rows
        if i == 0:
            return True
        gaps = [a.y - b.y for a, b in pairwise(rows[max(0, i - 6) : i])]
        usual = sorted(gaps)[len(gaps) // 2] if gaps else 1.2 * rows[i].size
        return rows[i - 1].y - rows[i].y > 1.1 * usual


def follows(label: str, notes: Sequence[Note]) -> bool:
    """Tell whether a label is the one expected next."""
    last = notes[-1].label if notes else "0"
    low, lower = label.lower(), last.lower()
    if low in _ROMAN and lower in _ROMAN and max(len(low), len(lower)) > 1:
        return _ROMAN.index(low) == _ROMAN.index(lower) + 1 and label.isupper() == last.isupper()
    if len(label) == len(last) == 1 and label.isalpha() and last.isalpha():
        return ord(label) == ord(last) + 1
    return label.isdigit() and last.isdigit() and int(label) == int(last) + 1


def _cut(
    rows: Sequence[Row], page: int, notes: list[Note], markers: AbstractSet[str] = frozenset()
) -> None:
    """Cut rows into notes; a row that opens none goes on with the last.

    A number on the line is a date or a page where a row below opens with it raised.
    """
    below = Counter(label for row in rows if (label := label_of(row, raised=True)))
    for row in rows:
        label = label_of(row)
        raised = label_of(row, raised=True) is not None
        if raised and label:
            below[label] -= 1
        elif label and below[label] > 0 and notes:
            notes[-1].rows.append((page, row))
            continue
        # Numbers may begin anew on a page: a plain 1 opens its first note, and no other.
        anew = label == "*" or (label == "1" and not _opened_on(page, notes))
        anew = anew or (row is rows[0] and label in markers)  # its own page tells that it opens
        if label and (raised or follows(label, notes) or not notes or anew):
            notes.append(Note(f"{page}.{len(notes)}", label))
            rest = without_label(row)
            if rest is not None:
                notes[-1].rows.append((page, rest))
        elif notes:
            notes[-1].rows.append((page, row))


def _opened_on(page: int, notes: Sequence[Note]) -> bool:
    return bool(notes) and notes[-1].key.startswith(f"{page}.")
