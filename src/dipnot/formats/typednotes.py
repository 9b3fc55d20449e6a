"""Notes typed by hand: figures, letters and stars that lead to a paragraph below, without a link.

Owns: which marks and which blocks belong together. A block is a note where it opens with a label
that a mark before it names, or where it stands in a list of notes.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from dipnot.formats.inlinenotes import lift_inline
from dipnot.formats.notelifting import lift
from dipnot.formats.notesigns import (
    Marker,
    Opener,
    Unit,
    ends_sentence,
    find_signs,
    is_heading,
    is_rule,
    item_of,
)
from dipnot.language.headings import lists_sources
from dipnot.types import SourcePage

# Marks of which style may lead to a note that opens in a style.
_LEADS_TO = {
    "named": ("bracket", "raised", "star", "paren"),
    "bracket": ("bracket", "raised", "high"),
    "curly": ("curly", "raised"),
    "paren": ("paren", "raised"),
    "high": ("high", "raised", "plain", "bracket"),
    "raised": ("raised", "high", "plain", "bracket", "paren", "star"),
    "star": ("star", "raised"),
    "weak": ("raised", "high", "plain"),
    "counted": ("raised", "high", "plain"),
    "item": ("raised",),
}
_WORD = re.compile(r"(?<![^\W\d_])[^\W\d_]+$")
_LONGEST_WORD = 40
_IN_LISTS = ("bracket", "curly", "paren", "loose")  # lead to any opener under a heading of notes
_FRONT_UNITS = 12
_SEVERAL = 3
_MOST = 500  # markers of one label that may wait for their note


def tie_typed(pages: Sequence[SourcePage]) -> tuple[SourcePage, ...]:
    """Tie the notes of a text that nothing but their labels tie, and lower what is raised."""
    pages = lift_inline(pages)
    units = find_signs(pages)
    accepted = _accept(units)
    _claim(units, accepted)
    _hang(units, accepted)
    return lift(pages, units)


def _accept(units: Sequence[Unit]) -> list[Opener]:
    """Take the openers whose label a marker before them names, and those of the same lists."""
    pairing = _Pairing(units)
    for unit in units:
        pairing.look_at(unit)
    return _sure(pairing.accepted, units)


class _Pairing:
    """Goes through the lines once; markers wait by their label until a note opens with it."""

    def __init__(self, units: Sequence[Unit]) -> None:
        self.accepted: list[Opener] = []
        self._units = units
        self._waiting: dict[str, list[Marker]] = {}
        self._chosen = (-1, -1)  # where the note before this one hangs
        self._item: int | None = None  # the number of the last item of a list
        self._items: set[int] = set()  # lines that open items of a list

    def look_at(self, unit: Unit) -> None:
        """Take a line in: the note that it opens, and the markers that it holds."""
        opener = unit.opener
        if opener is None or _goes_on(opener, self._item):
            self._item = item_of(unit) or self._item
        else:
            self._items |= self._listed(opener)
            if opener.unit not in self._items:
                self._open(opener)
        for marker in unit.markers:
            waiting = self._waiting.setdefault(marker.label, [])
            if len(waiting) < _MOST and not (marker.power and marker.label.isdigit()):
                waiting.append(marker)  # `1856a` may be a year with a note, `10⁶` never

    def _listed(self, first: Opener) -> set[int]:
        """Find the list that item 1 begins; none where a mark leads to it, or to several others."""
        if first.style != "weak" or first.zone or first.label != "1" or self._marker_of(first):
            return set()
        row = _row_below(first, self._units)
        marked = [m for o in row if (m := self._marker_of(o))]
        places = [(m.unit, m.start) for m in marked]
        notes = len(places) >= _SEVERAL and places == sorted(places)
        return set() if notes else {first.unit, *(o.unit for o in row)}

    def _open(self, opener: Opener) -> None:
        marker = self._marker_of(opener)
        listed = opener.zone and opener.style != "item"
        if marker is not None or listed or _follows(opener, self.accepted, self._units):
            opener.key = f"typed {opener.unit}"
            self.accepted.append(opener)
        if marker is not None:
            at = (marker.unit, marker.start)
            self._chosen = at if opener.label.isdigit() else self._chosen
            for other in self._waiting.pop(opener.label):
                other.key = opener.key if (other.unit, other.start) >= at else ""

    def _marker_of(self, opener: Opener) -> Marker | None:
        """Give the marker that a note hangs on: in the order of the labels, not beside an author.

        A star beside an author does lead to a note.
        """
        waiting = self._waiting.get(opener.label, ())
        fitting = [m for m in waiting if _suits(m, opener)]
        if not opener.zone and self._units[opener.unit].line.role == "list":
            fitting = [m for m in fitting if m.style != "plain"]  # `python3`, and item 3 of a list
        fitting = [m for m in fitting if not m.power] or fitting
        fitting = [m for m in fitting if m.style == opener.style] or fitting
        in_order = [m for m in fitting if (m.unit, m.start) > self._chosen] or fitting
        beside = opener.label.isdigit()
        in_text = [m for m in in_order if not (beside and _is_front(self._units, m))] or in_order
        return in_text[0] if in_text else None


def _suits(marker: Marker, opener: Opener) -> bool:
    """Tell whether a mark of its style may lead to a note that opens so."""
    if marker.style in _LEADS_TO[opener.style]:
        return True
    below_rule = opener.zone < 0 and opener.style == marker.style.replace("loose", "paren")
    return marker.style in _IN_LISTS and (opener.zone > 0 or below_rule)


def _goes_on(opener: Opener, item: int | None) -> bool:
    """Tell the next item of a list, `(2)` behind `(1)`, from a note."""
    return (
        item is not None
        and opener.style in ("paren", "weak")
        and not opener.zone
        and opener.label == str(item + 1)
    )


def _follows(opener: Opener, accepted: Sequence[Opener], units: Sequence[Unit]) -> bool:
    """Tell whether a line opens the next note right below the one before."""
    last = accepted[-1] if accepted else None
    return (
        last is not None
        and last.style == opener.style
        and last.label.isdigit()
        and opener.label == str(int(last.label) + 1)
        and not any(unit.begins for unit in units[last.unit + 1 : opener.unit])
    )


def _row_below(first: Opener, units: Sequence[Unit]) -> list[Opener]:
    """Give the openers right below one that count on from it."""
    row, last = [], first
    for number in range(first.unit + 1, len(units)):
        opener = units[number].opener
        if opener is None and units[number].begins and units[number].line.text:
            break
        if opener is not None:
            if opener.style != first.style or opener.label != str(int(last.label) + 1):
                break
            row.append(opener)
            last = opener
    return row


def _is_front(units: Sequence[Unit], marker: Marker) -> bool:
    text = units[marker.unit].line.text
    return marker.unit < _FRONT_UNITS and len(text.split()) <= 12 and not ends_sentence(text)


def _sure(accepted: Sequence[Opener], units: Sequence[Unit]) -> list[Opener]:
    """Leave out items of lists, and figures that cling to words where only one note would be."""
    sure: list[Opener] = []
    marked = {m.key: m for unit in reversed(units) for m in reversed(unit.markers) if m.key}
    zones = _sure_zones(accepted, marked, units)
    figures = {key for key, marker in marked.items() if marker.style == "plain"}
    plain = [o for o in accepted if o.key in figures and o.style in ("weak", "high")]
    in_order = _in_order(plain)
    for opener in accepted:
        lonely = opener in plain and not opener.zone and not in_order
        if not lonely and (not opener.zone or opener.zone in zones):
            sure.append(opener)
    return sure


def _sure_zones(
    accepted: Sequence[Opener], marked: Mapping[str, Marker], units: Sequence[Unit]
) -> set[int]:
    """Find the lists to which marks do lead.

    Figures that cling to words, as in `python3`, are such only where several behind different
    words count on with the list, from its first note on.
    """
    lists: defaultdict[int, list[Opener]] = defaultdict(list)
    for opener in accepted:
        lists[opener.zone].append(opener)
    sure: set[int] = set()
    for zone, listed in lists.items():
        tied = [marked[o.key] for o in listed if o.key in marked]
        clinging = sorted((m for m in tied if _word_of(units, m)), key=lambda m: (m.unit, m.start))
        labels = [m.label for m in clinging]
        counted = labels == [o.label for o in listed[: len(labels)]]
        if len(tied) > len(clinging) or (counted and len({_word_of(units, m) for m in tied}) > 1):
            sure.add(zone)
    return sure


def _word_of(units: Sequence[Unit], marker: Marker) -> str:
    """Give the word that a plain figure stands right behind, without a stop."""
    before = units[marker.unit].line.text[max(0, marker.start - _LONGEST_WORD) : marker.start]
    match = _WORD.search(before)
    return match.group() if match and marker.style == "plain" else ""


def _in_order(openers: Sequence[Opener]) -> bool:
    """Tell whether several notes are numbered one after the other."""
    labels = [int(o.label) for o in openers]
    steps = [(a, b) for a, b in pairwise(labels) if b != 1]  # each page may begin anew
    return bool(steps) and all(b == a + 1 for a, b in steps)


def _claim(units: Sequence[Unit], accepted: Sequence[Opener]) -> None:
    """Give each note its lines; the rule above the first of them is no text."""
    known = {o.key for o in accepted}
    hung = {m.key: (m.unit, m.start) for u in reversed(units) for m in u.markers if m.key in known}
    for opener, following in zip(accepted, [*accepted[1:], None], strict=False):
        for unit in units[opener.unit : _end(units, opener, following, hung)]:
            unit.note = opener
        above = opener.unit - 1
        while above > 0 and not units[above].line.text:
            above -= 1
        if above >= 0 and is_rule(units[above].line.text):
            units[above].line = replace(units[above].line, text="")


def _hang(units: Sequence[Unit], accepted: Sequence[Opener]) -> None:
    """Let go of the markers whose note is none; tie those that name a note once more."""
    known = {o.key for o in accepted}
    last: dict[str, Opener] = {}
    for number, unit in enumerate(units):
        if unit.note is not None and unit.note.unit == number:
            last[unit.note.label] = unit.note
        for marker in unit.markers:
            again = last.get(marker.label)
            if marker.key not in known:
                marker.key = again.key if again and _may_lead(marker, again) else ""


def _may_lead(marker: Marker, opener: Opener) -> bool:
    return not marker.power and marker.style != "plain" and _suits(marker, opener)


def _end(
    units: Sequence[Unit],
    opener: Opener,
    following: Opener | None,
    hung: dict[str, tuple[int, int]],
) -> int:
    """Find where a note ends: with its block, or with the next note of the same list.

    What stands between two notes belongs to the first where both were named before it.
    """
    limit = following.unit if following else len(units)
    listed = following is not None and (
        hung.get(following.key, (len(units), 0))[0] < opener.unit
        or following.zone == opener.zone != 0
    )
    end = opener.unit + 1
    open_bracket = opener.style == "named" and not units[opener.unit].line.text.endswith("]")
    while end < limit:
        unit = units[end]
        if is_heading(unit) or lists_sources(unit.line.text):
            break
        if unit.page != units[opener.unit].page and not (opener.zone > 0 or open_bracket):
            break
        blank = not unit.line.text or (unit.begins and unit.line.role is not None)
        if (blank or unit.begins) and not (listed or opener.zone > 0 or open_bracket):
            break
        open_bracket = open_bracket and not unit.line.text.endswith("]")
        end += 1
    return end
