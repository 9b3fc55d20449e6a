"""Notes typed by hand: figures, letters and stars that lead to a paragraph below, without a link.

Owns: which of them are markers, which blocks open or go on with a note, and what becomes of raised
figures that are neither (powers, ordinals). A block is a note where it opens with a label that a
marker before it names, or where it stands in a list of notes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from dipnot.formats.raised import RAISED, as_text, is_power, plain_label
from dipnot.language.headings import lists_notes, lists_sources
from dipnot.types import Line, Mark, SourcePage

_LABEL = r"(?:\d{1,3}|[*†‡§¶]{1,4}|[a-zA-Z]|[ivxlc]{2,6})"
_HIGH = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_LOW = str.maketrans(_HIGH, "0123456789")
# How a note opens, by style; a weak one is also how items of a list open.
_OPENERS = {
    "named": re.compile(
        rf"\[\s*(?:foot-?note|end-?note|note|dipnot|sonnot|not)\s*({_LABEL})?\s*[:.]\s*(?=\S)",
        re.IGNORECASE,
    ),
    "bracket": re.compile(rf"\[({_LABEL})\][.:]?\s*(?=\S)"),
    "curly": re.compile(rf"\{{({_LABEL})\}}\s*(?=\S)"),
    "paren": re.compile(rf"\(({_LABEL})\)\s*(?=\S)"),
    "high": re.compile(rf"([{_HIGH}]{{1,3}})[.)]?\s*(?=\S)"),
    "star": re.compile(r"([*†‡§¶]{1,4})\s*(?=[^\s*†‡§¶])"),
    "weak": re.compile(r"(\d{1,3})(?:[.)]\s*[-–]?|\s|[-–]\s)\s*(?=[^\W\d_]|[“\"«'‘(])"),
    "item": re.compile(r"([a-z])[.)]\s+(?=\S)"),
}
# How a marker looks in the running text, by style.
_STOP = r"[.,;:!?…)”’\"»\]]"
_MARKERS = {
    "bracket": re.compile(rf"\[({_LABEL})\](?!\()"),
    "curly": re.compile(rf"\{{({_LABEL})\}}"),
    "paren": re.compile(
        rf"(?:(?<=[\w.,;:!?…”’\"»)])|(?<=[.,;:!?…”’\"»)]\s)|\s(?=\(\d+\)(?:\(\d+\))*$))\(({_LABEL})\)(?!\w)"
    ),
    "high": re.compile(rf"(?<=[^\s\d{_HIGH}])([{_HIGH}]{{1,3}})(?![{_HIGH}])"),
    "star": re.compile(r"(?<=[^\s*†‡§¶])([*†‡§¶]{1,4})(?=[\s.,;:!?)”’]|$)"),
    "plain": re.compile(
        rf"(?:(?<=[^\W\d_]{_STOP})|(?<=[^\W\d_]{{2}}\){{1}}[.,])|(?<=[a-zçğıöşüâîû]{{3}}))"
        r"(\d{1,3})\)?(?=\s|$|[.,;:!?)](?:\s|$))"
    ),
}
_LEADS_TO = {
    "named": ("bracket", "raised", "star", "paren"),
    "bracket": ("bracket", "raised", "high"),
    "curly": ("curly", "raised"),
    "paren": ("paren", "raised"),
    "high": ("high", "raised", "plain", "bracket"),
    "raised": ("raised", "high", "plain", "bracket", "paren", "star"),
    "star": ("star", "raised"),
    "weak": ("raised", "high", "plain"),
    "item": ("raised",),
}
_WEAK = ("weak", "item")
_RULE = re.compile(r"[-–—_=─]{5,}")
_ENDED = re.compile(r"[.!?…:\]][”’\"')\]\d*]*$")
_CLINGS = tuple(".,;:!?…)]»”’")
_FRONT_UNITS = 12
_TAIL = 40
_MOST = 500  # markers of one label that may wait for their note
_Edit = tuple[int, int, str, Mark | None]  # a range of a line, what stands for it, what hangs there


@dataclass(slots=True)
class _Unit:
    """A line of the running text; ``begins``: it is the first of its block."""

    page: int
    line: Line
    begins: bool
    opener: _Opener | None = None
    note: _Opener | None = None
    markers: list[_Marker] = field(default_factory=list)


@dataclass(slots=True)
class _Opener:
    unit: int
    label: str
    style: str
    body: int  # where the note itself begins in the line
    zone: int  # which list of notes it stands in; below 0 under a rule, 0 for none
    key: str = ""


@dataclass(slots=True)
class _Marker:
    unit: int
    start: int
    end: int
    label: str
    style: str
    key: str = ""
    power: bool = False


def tie_typed(pages: Sequence[SourcePage]) -> tuple[SourcePage, ...]:
    """Tie the notes of a text that nothing but their labels tie, and lower what is raised."""
    units = _units(pages)
    _find_openers(units)
    for number, unit in enumerate(units):
        unit.markers = list(_markers(unit, number))
    accepted = _accept(units)
    _claim(units, accepted)
    return _rebuild(pages, units)


# --- what looks like a note or a marker ----------------------------------------------------------


def _units(pages: Sequence[SourcePage]) -> list[_Unit]:
    units: list[_Unit] = []
    for number, page in enumerate(pages):
        before = ""
        for line in page.lines:
            begins = not before if line.role is None else not line.joins
            units.append(_Unit(number, line, begins))
            before = line.text
    return units


def _find_openers(units: Sequence[_Unit]) -> None:
    """Find the lines that may open notes; a list of sources opens none."""
    zone = _Zone()
    before = ""
    for number, unit in enumerate(units):
        text = unit.line.text
        if (
            zone.enter(unit)
            and text
            and (unit.begins or _ENDED.search(before[-_TAIL:]) or zone.number)
        ):
            unit.opener = _opener(unit, number, zone.number)
            zone.go_on(unit)
        before = text or before


class _Zone:
    """Which list of notes, if any, the lines stand in: under its heading or under a rule."""

    def __init__(self) -> None:
        self.number = 0
        self._count = 0
        self._sources = False
        self._ruled: int | None = None  # the page of the rule

    def enter(self, unit: _Unit) -> bool:
        """Look at a line; False where it is what parts zones, or names a source."""
        text = unit.line.text
        ruled = bool(_RULE.fullmatch(text))
        if self._ruled is not None and unit.page != self._ruled:
            self._leave()  # what stands below a rule ends with its page
        if ruled or lists_notes(text):
            self._count += 1
            self.number, self._sources = -self._count if ruled else self._count, False
            self._ruled = unit.page if ruled else None
        elif lists_sources(text) and not self.number:
            self._sources = True
        elif _is_heading(unit):
            self._leave()
            self._sources = False
        else:
            return not self._sources
        return False

    def go_on(self, unit: _Unit) -> None:
        """Below a rule a block that opens no note ends the notes."""
        if self._ruled is not None and unit.opener is None and unit.begins:
            self._leave()

    def _leave(self) -> None:
        self.number, self._ruled = 0, None


def _is_heading(unit: _Unit) -> bool:
    text = unit.line.text
    return unit.line.role == "heading" or (
        unit.line.role is None and text.isupper() and len(text) > 3 and text[0].isalpha()
    )


def _opener(unit: _Unit, number: int, zone: int) -> _Opener | None:
    raised = next((m for m in unit.line.marks if m.key == RAISED and m.column == 0), None)
    if raised is not None and plain_label(raised.label):
        return _Opener(number, plain_label(raised.label), "raised", 0, zone)
    for style, pattern in _OPENERS.items():
        match = pattern.match(unit.line.text)
        if match and (unit.begins or style not in _WEAK or zone) and _opens(unit, match):
            label = (match.group(1) or "*").translate(_LOW)
            return _Opener(number, label, style, match.end(), zone)
    return None


def _opens(unit: _Unit, match: re.Match[str]) -> bool:
    """A wrapped line may begin with a marker; a note begins with a capital, a figure or a mark."""
    return unit.begins or not unit.line.text[match.end() : match.end() + 1].islower()


def _markers(unit: _Unit, number: int) -> Iterator[_Marker]:
    line, start = unit.line, unit.opener.body if unit.opener else 0
    for mark in line.marks:
        label = plain_label(mark.label)
        at_opener = unit.opener is not None and unit.opener.style == "raised" and not mark.column
        if mark.key == RAISED and label and not at_opener:
            power = is_power(line.text, mark)
            yield _Marker(number, mark.column, mark.column, label, "raised", power=power)
    for style, pattern in _MARKERS.items():
        for match in pattern.finditer(line.text, start):
            label = match.group(1).translate(_LOW)
            power = style == "high" and is_power(line.text, Mark("", label, match.start()))
            yield _Marker(number, match.start(), match.end(), label, style, power=power)


# --- which of them are ---------------------------------------------------------------------------


def _accept(units: Sequence[_Unit]) -> list[_Opener]:
    """Take the openers whose label a marker before them names; then those of the same lists."""
    pending: dict[str, list[_Marker]] = {}
    accepted: list[_Opener] = []
    chosen = (-1, -1)
    for unit in units:
        opener = unit.opener
        if opener is not None:
            marker = _named(opener, pending, units, chosen)
            listed = opener.zone and opener.style != "item"
            if marker is not None or listed or _follows(opener, accepted, units):
                opener.key = f"typed {opener.unit}"
                accepted.append(opener)
            if marker is not None:
                chosen = (marker.unit, marker.start) if opener.label.isdigit() else chosen
                for other in pending.pop(opener.label):
                    if (other.unit, other.start) >= (marker.unit, marker.start):
                        other.key = opener.key
        for marker in unit.markers:
            waiting = pending.setdefault(marker.label, [])
            if len(waiting) < _MOST and not (marker.power and marker.label.isdigit()):
                waiting.append(marker)  # `1856a` may be a year with a note, `10⁶` never
    return _sure(accepted, units)


def _follows(opener: _Opener, accepted: Sequence[_Opener], units: Sequence[_Unit]) -> bool:
    """Tell whether a line opens the next note right below the one before."""
    last = accepted[-1] if accepted else None
    return (
        last is not None
        and last.style == opener.style
        and last.label.isdigit()
        and opener.label == str(int(last.label) + 1)
        and not any(unit.begins for unit in units[last.unit + 1 : opener.unit])
    )


def _named(
    opener: _Opener,
    pending: dict[str, list[_Marker]],
    units: Sequence[_Unit],
    chosen: tuple[int, int],
) -> _Marker | None:
    """Give the marker that a note hangs on: in the order of the labels, not beside an author."""
    fitting = [m for m in pending.get(opener.label, ()) if m.style in _LEADS_TO[opener.style]]
    fitting = [m for m in fitting if not m.power] or fitting
    in_order = [m for m in fitting if (m.unit, m.start) > chosen] or fitting
    beside = opener.label.isdigit()  # a star beside an author does lead to a note
    in_text = [m for m in in_order if not (beside and _is_front(units, m))] or in_order
    return in_text[0] if in_text else None


def _is_front(units: Sequence[_Unit], marker: _Marker) -> bool:
    text = units[marker.unit].line.text
    return (
        marker.unit < _FRONT_UNITS and len(text.split()) <= 12 and not _ENDED.search(text[-_TAIL:])
    )


def _sure(accepted: Sequence[_Opener], units: Sequence[_Unit]) -> list[_Opener]:
    """Leave out items of lists, and figures that cling to words where only one note would be."""
    sure: list[_Opener] = []
    marked = {m.key: m.style for unit in units for m in unit.markers if m.key}
    zones = {o.zone for o in accepted if o.key in marked}
    plain = [o for o in accepted if marked.get(o.key) == "plain" and o.style in ("weak", "high")]
    in_order = _in_order(plain)
    for opener in accepted:
        lonely = opener in plain and not opener.zone and not in_order
        if not lonely and (not opener.zone or opener.zone in zones):
            sure.append(opener)
    return sure


def _in_order(openers: Sequence[_Opener]) -> bool:
    """Tell whether several notes are numbered one after the other."""
    labels = [int(o.label) for o in openers]
    steps = [(a, b) for a, b in pairwise(labels) if b != 1]  # each page may begin anew
    return bool(steps) and all(b == a + 1 for a, b in steps)


def _claim(units: Sequence[_Unit], accepted: Sequence[_Opener]) -> None:
    """Give each note its lines, and repeated markers their note."""
    known = {o.key for o in accepted}
    hung = {m.key: (m.unit, m.start) for u in reversed(units) for m in u.markers if m.key in known}
    for opener, following in zip(accepted, [*accepted[1:], None], strict=False):
        units[opener.unit].note = opener
        end = _end(units, opener, following, hung)
        for unit in units[opener.unit + 1 : end]:
            unit.note = opener
        above = opener.unit - 1
        while above > 0 and not units[above].line.text:
            above -= 1
        rule = units[above]
        if opener.unit and _RULE.fullmatch(rule.line.text):
            rule.line = replace(rule.line, text="")
    last: dict[str, _Opener] = {}
    for number, unit in enumerate(units):
        if unit.note is not None and unit.note.unit == number:
            last[unit.note.label] = unit.note
        for marker in unit.markers:
            if marker.key and marker.key not in known:
                marker.key = ""
            again = last.get(marker.label)
            if not marker.key and again and not marker.power and marker.style != "plain":
                marker.key = again.key if marker.style in _LEADS_TO[again.style] else ""


def _end(
    units: Sequence[_Unit],
    opener: _Opener,
    following: _Opener | None,
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
        if _is_heading(unit) or lists_sources(unit.line.text):
            break
        if unit.page != units[opener.unit].page and not (opener.zone > 0 or open_bracket):
            break
        blank = not unit.line.text or (unit.begins and unit.line.role is not None)
        if (blank or unit.begins) and not (listed or opener.zone > 0 or open_bracket):
            break
        open_bracket = open_bracket and not unit.line.text.endswith("]")
        end += 1
    return end


# --- the pages without them ----------------------------------------------------------------------


def _rebuild(pages: Sequence[SourcePage], units: Sequence[_Unit]) -> tuple[SourcePage, ...]:
    running: list[list[Line]] = [[] for _ in pages]
    notes = [[_lowered(line) for line in page.notes] for page in pages]
    for number, unit in enumerate(units):
        line = _without_markers(unit)
        if unit.note is None:
            _append(running[unit.page], line, had_text=bool(unit.line.text))
        elif line.text:
            opens = unit.note.unit == number
            mark = Mark(unit.note.key, unit.note.label) if opens else None
            page = units[unit.note.unit].page
            notes[page].append(replace(line, note=mark, joins=not opens, role="paragraph"))
    return tuple(
        replace(page, lines=tuple(lines), notes=tuple(below))
        for page, lines, below in zip(pages, running, notes, strict=True)
    )


def _append(lines: list[Line], line: Line, *, had_text: bool) -> None:
    """Add a line; of one that was nothing but a marker, the marker hangs on the line before."""
    if line.text or not had_text:
        lines.append(line)
    elif lines and line.marks:
        last = lines[-1]
        hung = tuple(m._replace(column=len(last.text)) for m in line.marks)
        lines[-1] = replace(last, marks=last.marks + hung)


def _without_markers(unit: _Unit) -> Line:
    """Take out the label that opens a note, and the markers that hang."""
    keyed = [m for m in unit.markers if m.key]
    raised = {(m.start, m.label): m.key for m in keyed if m.style == "raised"}
    edits: list[_Edit] = [
        (m.start, m.end, "", Mark(m.key, m.label)) for m in keyed if m.style != "raised"
    ]
    line, note = unit.line, unit.note
    opener = unit.opener if note is not None and unit.opener is note else None
    for mark in line.marks:
        if mark.key != RAISED:
            edits.append((mark.column, mark.column, "", mark))
        elif not (opener and opener.style == "raised" and mark.column == 0):
            key = raised.get((mark.column, plain_label(mark.label)))
            hung = Mark(key, plain_label(mark.label)) if key else None
            edits.append((mark.column, mark.column, *_resolved(line.text, mark, hung)))
    text, marks = _edited(line.text, opener.body if opener else 0, edits)
    if note is not None and note.style == "named" and text.endswith("]"):
        text = text[:-1].rstrip()
    return replace(line, text=text, marks=tuple(marks))


def _lowered(line: Line) -> Line:
    """Put what is raised in a line of a note that was tied already."""
    if not any(mark.key == RAISED for mark in line.marks):
        return line
    return _without_markers(_Unit(0, line, begins=True))


def _resolved(text: str, raised: Mark, hung: Mark | None) -> tuple[str, Mark | None]:
    """What stands for raised letters: a marker, or their text."""
    if hung is not None:
        return "", hung
    return as_text(text, raised)


def _edited(text: str, start: int, edits: Sequence[_Edit]) -> tuple[str, list[Mark]]:
    out, at, marks = "", start, []
    for begin, end, words, mark in sorted(edits, key=lambda e: (e[0], e[1])):
        if begin < at:
            continue
        out += text[at:begin] + words
        at = end
        if mark is not None:
            after = text[at : at + 1]
            if end > begin and out.endswith(" ") and (after in ("", " ") or after in _CLINGS):
                out = out.rstrip()
            marks.append(mark._replace(column=len(out)))
    out = (out + text[at:]).rstrip()
    lead = len(out) - len(out.lstrip())
    return out[lead:], [
        m._replace(column=min(max(0, m.column - lead), len(out) - lead)) for m in marks
    ]
