"""What looks like a note typed by hand: lines that open one, and marks that may lead to one.

Owns: the looks, by style (`[1]`, `(a)`, `*`, `¹`, `1.`, `[Footnote A: …]`), and the zones: lists of
notes under a heading or a rule, and lists of sources, in which nothing is a note. Which of them are
notes is told in ``typednotes``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from dipnot.formats.raised import RAISED, is_power, plain_label
from dipnot.language.folding import fold
from dipnot.language.headings import lists_notes, lists_sources
from dipnot.language.known import joined
from dipnot.types import Line, Mark, SourcePage

_LABEL = r"(?:\d{1,3}|[*†‡§¶]{1,9}|[a-zA-Z]|[ivxlc]{2,6})"
_HIGH = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_RAISED_SIGNS = f"{_HIGH}⁺⁻⁼⁽⁾ⁿⁱ"
_LETTER = rf"[^\W\d_{_RAISED_SIGNS}]"
_LOW = str.maketrans(_HIGH, "0123456789")
# How a note opens, by style; a weak one is also how items of a list open.
_OPENERS = {
    "named": re.compile(
        rf"\[\s*(?:foot-?note|end-?note|note|dipnot|sonnot|not)\s*(?:({_LABEL})\s*)?[:.]\s*(?=\S)",
        re.IGNORECASE,
    ),
    "bracket": re.compile(rf"\[({_LABEL})\][.:]?\s*(?=\S)"),
    "curly": re.compile(rf"\{{({_LABEL})\}}\s*(?=\S)"),
    "paren": re.compile(rf"\(({_LABEL})\)\s*(?=\S)"),
    "high": re.compile(rf"([{_HIGH}]{{1,3}})[.)]?\s*(?=\S)"),
    "star": re.compile(r"([*†‡§¶]{1,9})\s*(?=[^\s*†‡§¶])"),
    "weak": re.compile(r"(\d{1,3})(?:[.)](?:\s*[-–])?|\s|[-–]\s)\s*(?=[^\W\d_]|[“\"«'‘(])"),
    "counted": re.compile(r"(\d{1,3})[.)]\s+(?=\d)"),  # in a list of notes: `2. 16 Ekim …`
    "item": re.compile(r"([a-z])[.)]\s+(?=\S)"),
}
# How a marker looks in the running text, by style.
_STOP = r"[.,;:!?…)”’\"»\]]"
_MARKERS = {
    "bracket": re.compile(rf"\[({_LABEL})\](?!\()"),
    "curly": re.compile(rf"\{{({_LABEL})\}}"),
    "paren": re.compile(
        rf"(?:(?<=[\w.,;:!?…”’\"»)])|(?<=[.!?…”’\"»)]\s)|\s(?=\(\d+\)(?:\(\d+\))*$))\(({_LABEL})\)(?!\w)"
    ),
    "loose": re.compile(r"(?<=[\w,;:]\s)\((\d{1,3})\)(?=[\s.,;:]|$)"),
    "high": re.compile(  # no `Ca²⁺`, `s⁻¹` or `sin²x`
        rf"(?:(?<=[^\s\w{_RAISED_SIGNS}])|(?<={_LETTER})(?![{_HIGH}]{{1,3}}{_LETTER}))"
        rf"([{_HIGH}]{{1,3}})(?![{_RAISED_SIGNS}])"
    ),
    "star": re.compile(r"(?<=[^\s*†‡§¶])([*†‡§¶]{1,9})(?=[\s.,;:!?)”’]|$)"),
    "plain": re.compile(
        rf"(?:(?<=[^\W\d_]{_STOP})|(?<=[^\W\d_]{{2}}\){{1}}[.,])|(?<=[a-zçğıöşüâîû]{{3}}))"
        r"(\d{1,3})\)?(?=\s|$|[.,;:!?)](?:\s|$))"
    ),
}
_BEFORE = re.compile(r"(?<![^\W\d_])([^\W\d_]{1,6})\.\s$")  # `Eq. (1)` is an equation
_ABBREVIATIONS = joined(lambda own: own.abbreviations | own.before_numbers)
_MAY_END = joined(lambda own: own.may_end)
_OPENS_WORD = re.compile(r"(?<![^\s(“\"‘'])([*†‡§¶]{1,9})(?=[^\W\d_])")  # `*so*` is set off
MONTHS = tuple(
    """ocak subat mart nisan mayis haziran temmuz agustos eylul ekim kasim aralik january february
    march april may june july august september october november december""".split()
)
_BULLET = re.compile(r"\*\s")
_LEADING = re.compile(r"\((\d{1,3})\)(?=[\s.,;:!?]|$)")  # on a line that goes on with a sentence
_WEAK = ("weak", "counted", "item")
_FIRST_ITEM = re.compile(r"[^()]{1,40}[-–—:]\s?\((\d{1,2})\)\s")
_RULE = re.compile(r"[-–—_=─]{5,}")
_ENDED = re.compile(r"[.!?…:\]][”’\"')\]\d*]*$")
_TAIL = 40  # of a line, where it is looked at how it ends


@dataclass(slots=True)
class Unit:
    """A line of the running text; ``begins``: it is the first of its block."""

    page: int
    line: Line
    begins: bool
    opener: Opener | None = None
    note: Opener | None = None
    markers: list[Marker] = field(default_factory=list)


@dataclass(slots=True)
class Opener:
    """A line that may open a note, and where in it the note itself begins."""

    unit: int
    label: str
    style: str
    body: int  # where the note itself begins in the line
    zone: int  # which list of notes it stands in; below 0 under a rule, 0 for none
    key: str = ""


@dataclass(slots=True)
class Marker:
    """What may lead to a note: where it stands in which line; ``power``: it is rather a power."""

    unit: int
    start: int
    end: int
    label: str
    style: str
    key: str = ""
    power: bool = False


def find_signs(pages: Sequence[SourcePage]) -> list[Unit]:
    """Give the lines of a text with what may open a note and what may lead to one."""
    units = _units(pages)
    _find_openers(units)
    set_off: set[str] = set()  # signs that wait for the end of what they set off
    for number, unit in enumerate(units):
        if unit.begins:
            set_off.clear()
        unit.markers = list(_markers(unit, number, set_off))
    return units


def _units(pages: Sequence[SourcePage]) -> list[Unit]:
    units: list[Unit] = []
    for number, page in enumerate(pages):
        before = ""
        for line in page.lines:
            begins = not before if line.role is None else not line.joins
            units.append(Unit(number, line, begins))
            before = line.text
    return units


def _find_openers(units: Sequence[Unit]) -> None:
    """Find the lines that may open notes; a list of sources opens none."""
    zone = _Zone()
    before = ""
    for number, unit in enumerate(units):
        text = unit.line.text
        if zone.enter(unit) and text and (unit.begins or ends_sentence(before) or zone.number):
            unit.opener = _opener(unit, number, zone.number)
            zone.go_on(unit)
        before = text or before
    _leave_bullets(units)
    if any(unit.opener and _is_strong(unit.opener) for unit in units):
        for unit in units:  # notes stand apart, or open with raised labels: items of lists are none
            opener = unit.opener
            if opener and unit.line.role == "list" and not opener.zone and opener.style in _WEAK:
                unit.opener = None


def _leave_bullets(units: Sequence[Unit]) -> None:
    """Take single stars that open lines one below the other for bullets of a list."""
    last: Unit | None = None
    bullets: list[Unit] = []
    for unit in units:
        if _BULLET.match(unit.line.text) and not (unit.opener and unit.opener.zone):
            if last is not None and last.page == unit.page:
                bullets += [last, unit]
            last = unit
        elif unit.begins and unit.line.text:
            last = None
    for unit in bullets:
        unit.opener = None


def _is_strong(opener: Opener) -> bool:
    """Tell what opens a note wherever it stands: in a list of notes, or with a raised label."""
    return opener.zone > 0 or opener.style == "raised"


class _Zone:
    """Which list of notes, if any, the lines stand in: under its heading or under a rule."""

    def __init__(self) -> None:
        self.number = 0
        self._count = 0
        self._sources = False
        self._ruled: int | None = None  # the page of the rule

    def enter(self, unit: Unit) -> bool:
        """Look at a line; False where it is what parts zones, or names a source."""
        text = unit.line.text
        ruled = is_rule(text)
        if self._ruled is not None and unit.page != self._ruled:
            self._leave()  # what stands below a rule ends with its page
        if ruled or lists_notes(text):
            self._count += 1
            self.number, self._sources = -self._count if ruled else self._count, False
            self._ruled = unit.page if ruled else None
        elif lists_sources(text) and not self.number:
            self._sources = True
        elif is_heading(unit):
            self._leave()
            self._sources = False
        else:
            return not self._sources
        return False

    def go_on(self, unit: Unit) -> None:
        """Below a rule a block that opens no note ends the notes."""
        if self._ruled is not None and unit.opener is None and unit.begins:
            self._leave()

    def _leave(self) -> None:
        self.number, self._ruled = 0, None


def is_heading(unit: Unit) -> bool:
    """Tell whether a line heads a part of the text."""
    text = unit.line.text
    return unit.line.role == "heading" or (
        unit.line.role is None and text.isupper() and len(text) > 3 and text[0].isalpha()
    )


def _opener(unit: Unit, number: int, zone: int) -> Opener | None:
    raised = next((m for m in unit.line.marks if m.key == RAISED and m.column == 0), None)
    if raised is not None and plain_label(raised.label):
        return Opener(number, plain_label(raised.label), "raised", 0, zone)
    for style, pattern in _OPENERS.items():
        match = pattern.match(unit.line.text)
        if match and style == "star" and unit.line.text.endswith(match.group(1)):
            continue  # `*** END ***` is set off from the text
        if not match or not (unit.begins or style not in _WEAK or zone) or _is_date(unit, match):
            continue
        if style == "counted" and not (zone > 0 and unit.begins):
            continue
        if _opens(unit, match):
            label = (match.group(1) or "*").translate(_LOW)
            return Opener(number, label, style, match.end(), zone)
    return None


def _is_date(unit: Unit, match: re.Match[str]) -> bool:
    """Tell a wrapped line that begins with a day: `1 Nisan 1929`."""
    rest = unit.line.text[match.end() :]
    return match.group().strip().isdigit() and fold(rest[:12]).startswith(MONTHS)


def _opens(unit: Unit, match: re.Match[str]) -> bool:
    """A wrapped line may begin with a marker; a note begins with a capital, a figure or a mark."""
    return unit.begins or not unit.line.text[match.end() : match.end() + 1].islower()


def _markers(unit: Unit, number: int, set_off: set[str]) -> Iterator[Marker]:
    line, start = unit.line, unit.opener.body if unit.opener else 0
    for mark in line.marks:
        label = plain_label(mark.label)
        at_opener = unit.opener is not None and unit.opener.style == "raised" and not mark.column
        if mark.key == RAISED and label and not at_opener:
            power = is_power(line.text, mark)
            yield Marker(number, mark.column, mark.column, label, "raised", power=power)
    leading = None if unit.begins or unit.opener else _LEADING.match(line.text)
    if leading:
        yield Marker(number, 0, leading.end(), leading.group(1), "loose")
    closing = _closing(line.text, start, set_off)
    for style, pattern in _MARKERS.items():
        for match in pattern.finditer(line.text, start):
            if style == "star" and match.start() in closing:
                continue
            if style == "paren" and _is_cited(line.text, match.start()):
                continue
            label = match.group(1).translate(_LOW)
            power = style == "high" and is_power(line.text, Mark("", label, match.start()))
            yield Marker(number, match.start(), match.end(), label, style, power=power)


def _is_cited(text: str, start: int) -> bool:
    """Tell whether an abbreviation says what a number in brackets is of: `Eq. (1)`, `Bkz. (2)`."""
    match = _BEFORE.search(text[max(0, start - _TAIL) : start])
    word = match.group(1) if match else ""
    return word.lower() in _ABBREVIATIONS and (word.lower() not in _MAY_END or word.istitle())


def _closing(text: str, start: int, set_off: set[str]) -> set[int]:
    """Find the signs that end what the same signs set off, here or on the lines before."""
    signs = [(m.start(), m.group(), True) for m in _OPENS_WORD.finditer(text, start)]
    signs += [(m.start(), m.group(), False) for m in _MARKERS["star"].finditer(text, start)]
    closing: set[int] = set()
    for at, sign, opens in sorted(signs):
        if opens:
            set_off.add(sign)
        elif sign in set_off:
            set_off.discard(sign)
            closing.add(at)
    return closing


def item_of(unit: Unit) -> int | None:
    """Give the number that a line has as an item: `(2) İşveren …`, `MADDE 5 – (1) İşveren …`."""
    opener = unit.opener
    if opener is not None:
        return int(opener.label) if opener.label.isdigit() else None
    match = _FIRST_ITEM.match(unit.line.text)
    return int(match.group(1)) if match else None


def ends_sentence(text: str) -> bool:
    """Tell whether a line ends a sentence."""
    return _ENDED.search(text[-_TAIL:]) is not None


def is_rule(text: str) -> bool:
    """Tell whether a line is a rule drawn with signs."""
    return _RULE.fullmatch(text) is not None
