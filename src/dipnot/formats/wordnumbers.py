"""Numbers that Word prints without their being typed: of paragraphs and of notes.

Owns: how they count and how they look. `Madde 12 –` before a paragraph is text that a reader sees
and asks for, though the file holds only the rule that makes it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

Node = Any  # lxml names no public type for an element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
    (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_SIGNS = "*†‡§"
_LEVELS = 9
_HIGHEST = 20_000  # a number beyond it is damage
_MOST = 4  # times a sign or letter is repeated, at most


def as_printed(number: int, form: str) -> str:
    """Give a number as Word prints it in a form of its `numFmt`."""
    number = max(0, min(number, _HIGHEST))
    if form in ("lowerRoman", "upperRoman"):
        roman = _roman(number)
        return roman.upper() if form == "upperRoman" else roman
    if form in ("lowerLetter", "upperLetter") and number:
        letter = chr(ord("a") + (number - 1) % 26) * min((number - 1) // 26 + 1, _MOST)
        return letter.upper() if form == "upperLetter" else letter
    if form == "chicago" and number:
        return _SIGNS[(number - 1) % 4] * min((number - 1) // 4 + 1, _MOST)
    if form in ("none", "bullet"):
        return ""
    return f"{number:02}" if form == "decimalZero" else str(number)


def _roman(number: int) -> str:
    roman = ""
    for value, letters in _ROMAN:
        roman += letters * (number // value)
        number %= value
    return roman


def value_of(element: Node, path: str) -> str:
    """Give the value of an element below another, or nothing."""
    found = None if element is None else element.find(path)
    return "" if found is None else str(found.get(f"{W}val", ""))


def _number(text: str, default: int) -> int:
    return int(text) if re.fullmatch(r"\d{1,5}", text) else default


# --- paragraphs --------------------------------------------------------------------------------


class Lists:
    """The numbered lists of a file, and how far each has counted."""

    def __init__(self, root: Node) -> None:
        """Read ``word/numbering.xml``; None where a file has no such part."""
        self._levels: dict[str, dict[int, Node]] = {}
        self._abstract: dict[str, str] = {}
        self._starts: dict[tuple[str, int], int] = {}
        self._counts: dict[str, list[int | None]] = {}
        if root is not None:
            self._read(root)

    def _read(self, root: Node) -> None:
        for abstract in root.iter(f"{W}abstractNum"):
            levels = {_number(lvl.get(f"{W}ilvl", ""), 0): lvl for lvl in abstract.iter(f"{W}lvl")}
            self._levels[abstract.get(f"{W}abstractNumId", "")] = levels
        for num in root.findall(f"{W}num"):
            num_id = num.get(f"{W}numId", "")
            self._abstract[num_id] = value_of(num, f"{W}abstractNumId")
            for override in num.iter(f"{W}lvlOverride"):
                start = value_of(override, f"{W}startOverride")
                if start:
                    level = _number(override.get(f"{W}ilvl", ""), 0)
                    self._starts[num_id, level] = _number(start, 1)

    def next(self, num_id: str, level: int) -> str:
        """Count on, and give what is printed before the paragraph; nothing for a bullet."""
        abstract = self._abstract.get(num_id)
        levels = self._levels.get(abstract or "", {})
        if abstract is None or level not in levels:
            return ""
        counts = self._counts.setdefault(abstract, [None] * _LEVELS)
        start = self._starts.pop((num_id, level), None)
        first = _number(value_of(levels[level], f"{W}start"), 1)
        last = counts[level]
        counts[level] = start if start is not None else first if last is None else last + 1
        counts[level + 1 :] = [None] * (_LEVELS - level - 1)
        return self._printed(levels, level, counts)

    def _printed(self, levels: Mapping[int, Node], level: int, counts: list[int | None]) -> str:
        form = value_of(levels[level], f"{W}numFmt")
        if form in ("bullet", "none"):
            return ""
        legal = levels[level].find(f"{W}isLgl") is not None

        def digits(match: re.Match[str]) -> str:
            at = int(match.group(1)) - 1
            own = levels.get(at)
            first = _number(value_of(own, f"{W}start"), 1)
            counted = counts[at]
            number = first if counted is None else counted
            return as_printed(number, "decimal" if legal else value_of(own, f"{W}numFmt"))

        return re.sub(r"%([1-9])", digits, value_of(levels[level], f"{W}lvlText")).strip()


# --- notes -------------------------------------------------------------------------------------


def note_labels(body: Node, settings: Node) -> dict[str, str]:
    """Give the labels of the notes that Word numbers, by kind and id: `footnote 3`.

    A section says at its end how its notes are numbered; what it leaves open, the file says.
    """
    labels: dict[str, str] = {}
    counts = {"footnote": 0, "endnote": 0}
    section: list[tuple[str, str, int]] = []  # kind, id, page
    page = 0
    for tag, element in _references(body):
        if tag == "sectPr":
            _label(section, element, settings, counts, labels)
            section = []
        elif tag in ("footnoteReference", "endnoteReference"):
            section.append((tag.removesuffix("Reference"), element.get(f"{W}id", ""), page))
        else:
            page += 1
    _label(section, None, settings, counts, labels)
    return labels


def _references(body: Node) -> Iterator[tuple[str, Node]]:
    names = ("footnoteReference", "endnoteReference", "sectPr", "lastRenderedPageBreak")
    for element in body.iter(*(f"{W}{name}" for name in names)):
        if element.get(f"{W}customMarkFollows") not in ("1", "true", "on"):
            yield element.tag[len(W) :], element


def _label(
    references: list[tuple[str, str, int]],
    section: Node,
    settings: Node,
    counts: dict[str, int],
    labels: dict[str, str],
) -> None:
    for kind in ("footnote", "endnote"):
        default = "decimal" if kind == "footnote" else "lowerRoman"
        form = _said(section, settings, kind, "numFmt") or default
        start = _number(_said(section, settings, kind, "numStart"), 1)
        restart = _said(section, settings, kind, "numRestart")
        counts[kind] = 0 if restart in ("eachSect", "eachPage") else counts[kind]
        last = None
        for key, page in ((f"{k} {i}", page) for k, i, page in references if k == kind):
            if key in labels:
                continue
            if restart == "eachPage" and page != last:
                counts[kind] = 0
            last = page
            counts[kind] += 1
            labels[key] = as_printed(start + counts[kind] - 1, form)


def _said(section: Node, settings: Node, kind: str, what: str) -> str:
    path = f"{W}{kind}Pr/{W}{what}"
    return value_of(section, path) or value_of(settings, path)
