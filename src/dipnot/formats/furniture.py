"""What is printed on every page of a text file beside the text: running heads, feet, page numbers.

Owns: telling such lines from text, by what comes again from page to page and by numbers that count
the pages. A number is a page's where it counts on with the pages, never by its place alone.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from dipnot.language.folding import fold
from dipnot.types import Line

NUMBER = r"(?P<number>[1-9]\d{0,3}|[ivxlc]{1,7})"
_LONE = re.compile(
    rf"(?:(?:page|pg|p|sayfa|s)\b\.?)?[-–—~\[({{|\s]*{NUMBER}(?:\s?(?:/|of)\s?\d{{1,4}})?[-–—~\])}}|.\s]*",
    re.IGNORECASE,
)
_FIRST = re.compile(r"(?P<number>[1-9]\d{0,3})(?![\d.,:/’'])\s*\|?\s*(?P<rest>\D.*)")
_LAST = re.compile(r"(?P<rest>.*\D)(?<![\d.,:/’'-])(?P<number>[1-9]\d{0,3})")
_OF = re.compile(r"(?P<rest>.*\D)(?P<number>[1-9]\d{0,3})\s?(?:/|of)\s?\d{1,4}")
_SAYS_PAGE = re.compile(r"\||\d\s?(?:/|of\b)\s?\d|\b(?:page|pg|p|sayfa|s)\b", re.IGNORECASE)
_FIGURES = re.compile(r"(?P<counts>(?<!\d[/.,])(?<!\d)\d{1,9}(?!\d|[.,]\d))|\d{1,9}")
_HEAD_WORDS = 12
_LONGEST_HEAD = 120
_MOSTLY = 0.6
FEW_CUT = 4  # at least one page in so many ends inside a sentence
YEARS = 1000  # numbers from here on are rather years
_ROUNDS = 2  # a head and a number below it
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
ENDED = re.compile(r"[.!?…:][”’\"')\]\d]*$")


@dataclass(slots=True)
class Sheet:
    """The lines of a page and the number printed on it."""

    lines: list[Line]
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A line that may number a page: which page or line, what stands beside the number."""

    at: int
    line: int
    number: int
    label: str
    rest: str
    roman: bool = False


def strip_furniture(pages: Sequence[list[Line]]) -> list[Sheet]:
    """Take heads, feet and page numbers off the pages of a file that marks where pages begin."""
    sheets = [Sheet(list(page)) for page in pages]
    for _ in range(_ROUNDS):
        found = False
        for place in (0, -1):
            edges = [_edge(sheet, place) for sheet in sheets]
            titles = _titles(sheets, edges) if place == 0 else set()
            others = [-1 if at in titles else edge for at, edge in enumerate(edges)]
            for at in _numbered(sheets, others, place) | _repeated(sheets, others):
                sheets[at].lines[edges[at]] = replace(sheets[at].lines[edges[at]], text="")
                _trim(sheets[at], place)
                found = True
        if not found:
            break
    _number_rest(sheets)
    for before, after in pairwise(sheets):
        _join(before, after)
    for at in _titles(sheets, [_edge(sheet, 0) for sheet in sheets]):
        sheets[at].lines.insert(0, replace(sheets[at].lines[0], text=""))
    return sheets


def _number_rest(sheets: Sequence[Sheet]) -> None:
    """Take a number alone on an edge where the pages around are numbered elsewhere: a first page's.

    It counts as they do.
    """
    known = [(at, sheet.label) for at, sheet in enumerate(sheets) if sheet.label is not None]
    offsets = {int(label) - at for at, label in known if label.isdigit()}
    for at, sheet in enumerate(sheets):
        for place in (0, -1):
            edge = _edge(sheet, place) if sheet.label is None else -1
            for found in readings(at, edge, sheet.lines[edge].text) if edge >= 0 else ():
                if not found.rest and not found.roman and found.number - at in offsets:
                    sheet.label = found.label
                    sheet.lines[edge] = replace(sheet.lines[edge], text="")
                    _trim(sheet, place)


def _edge(sheet: Sheet, place: int) -> int:
    """Give the first or last printed line of a page; -1 where the page has too few."""
    printed = [i for i, line in enumerate(sheet.lines) if line.text]
    return printed[place] if len(printed) > 1 else -1


def _titles(sheets: Sequence[Sheet], edges: Sequence[int]) -> set[int]:
    """Find the pages that begin with the heading of a part, as `BÖLÜM 1`, `2 Yöntem`, `1921`.

    They count up as heads with page numbers do, but all in one form, and the text begins below
    them where that below a head goes on with the sentence of the page before.
    """
    rows: defaultdict[int, list[Found]] = defaultdict(list)
    for at, edge in enumerate(edges):
        for found in readings(at, edge, sheets[at].lines[edge].text) if edge >= 0 else ():
            if not found.roman and (found.rest or found.number >= YEARS):
                rows[found.number - at].append(found)
    titles: set[int] = set()
    for row in rows.values():
        texts = [sheets[found.at].lines[found.line].text for found in row]
        same = len({text.startswith(f.label) for text, f in zip(texts, row, strict=True)}) == 1
        if len(row) > 1 and same and not any(map(_SAYS_PAGE.search, texts)):
            below = [_first_of(sheets[found.at].lines[found.line + 1 :]) for found in row]
            goes_on = sum(text[:1].islower() for text in below)
            titles |= {found.at for found in row if goes_on * FEW_CUT < len(row)}
    return titles


def _first_of(lines: Sequence[Line]) -> str:
    return next((line.text for line in lines if line.text), "")


def _numbered(sheets: Sequence[Sheet], edges: Sequence[int], place: int) -> set[int]:
    """Find the pages whose number stands on this edge; the numbers must count on with the pages."""
    found = [
        f
        for at, edge in enumerate(edges)
        if edge >= 0 and sheets[at].label is None
        for f in readings(at, edge, sheets[at].lines[edge].text)
    ]
    taken: set[int] = set()
    for roman in (False, True):
        counts = Counter(
            offset for offset, _ in {(f.number - f.at, f.at) for f in found if f.roman is roman}
        )
        for offset, count in counts.most_common():
            fitting = [f for f in found if f.roman is roman and f.number - f.at == offset]
            if count >= 2 and _counts(fitting, len(sheets), place):
                for f in fitting:
                    if f.at not in taken:
                        sheets[f.at].label = f.label
                        taken.add(f.at)
    return taken


def _counts(fitting: Sequence[Found], pages: int, place: int) -> bool:
    """Tell whether lines number pages: alone on them, or beside words that come again.

    At the foot these are half of them at least: elsewhere each is a note of one line.
    """
    rests = Counter(letters(f.rest) for f in fitting)
    again = sum(count for rest, count in rests.items() if not rest or count > 1)
    if place and 2 * again < len(fitting):
        return False
    return again >= 2 or (len(fitting) >= 3 and len(fitting) >= 0.4 * pages)


def readings(at: int, line: int, text: str) -> Iterator[Found]:
    """Give the ways in which a line may bear the number of a page, alone or beside a head."""
    if len(text) > _LONGEST_HEAD:
        return
    lone = _LONE.fullmatch(text)
    if lone:
        label = lone["number"]
        roman = not label.isdigit()
        value = roman_value(label) if roman else int(label)
        yield Found(at, line, value, label, rest="", roman=roman)
        return
    for match in (_FIRST.fullmatch(text), _OF.fullmatch(text), _LAST.fullmatch(text)):
        if match and len(text.split()) <= _HEAD_WORDS and letters(match["rest"]):
            yield Found(at, line, int(match["number"]), match["number"], match["rest"])


def roman_value(label: str) -> int:
    """Give the value of a Roman number."""
    values = [_ROMAN[c] for c in label.lower()]
    return sum(-v if v < n else v for v, n in zip(values, [*values[1:], 0], strict=True))


def _repeated(sheets: Sequence[Sheet], edges: Sequence[int]) -> set[int]:
    """Find the pages on whose edge words stand that stand there on many others too.

    A number beside them is the same there too, or counts the pages: `Esas No: 2018/412` is text.
    """
    texts = {
        at: sheets[at].lines[edge].text
        for at, edge in enumerate(edges)
        if edge >= 0 and len(sheets[at].lines[edge].text) <= _LONGEST_HEAD
    }
    said = Counter(count for at, text in texts.items() for _, count in _figures(text, at))
    counting = {count for count, times in said.items() if times > 1} - {None}
    heads = {
        at: (
            letters(text),
            *(f for f, c in _figures(text, at) if c not in counting and f != sheets[at].label),
        )
        for at, text in texts.items()
    }
    counts = Counter(head for head in heads.values() if len(head[0]) > 3)
    again = {at for at, head in heads.items() if counts[head] > 1}
    if len(again) < 3 or len(again) < _MOSTLY * len(sheets):  # left and right pages may differ
        enough = max(3, len(sheets) // 4)
        again = {at for at in again if counts[heads[at]] >= enough}
    return again


def _figures(text: str, at: int) -> Iterator[tuple[str, tuple[str, int, int] | None]]:
    """Give the figures of a line, each with how it would count the pages; none of a date does."""
    words = letters(text)
    for place, match in enumerate(_FIGURES.finditer(text)):
        number = match["counts"]
        yield match.group(), (words, place, int(number) - at) if number else None


def letters(text: str) -> str:
    """Give the letters of a line, folded."""
    return "".join(c for c in fold(text) if c.isalpha())


def _trim(sheet: Sheet, place: int) -> None:
    """Drop the empty lines on an edge, which parted it from the text."""
    while sheet.lines and not sheet.lines[place].text:
        del sheet.lines[place]


def _join(before: Sheet, after: Sheet) -> None:
    """Let a sentence go on from page to page; part them where it does not."""
    last = next((line.text for line in reversed(before.lines) if line.text), "")
    first = _first_of(after.lines)
    if last and first[:1].islower() and not ENDED.search(last[-40:]):
        _trim(before, -1)
        _trim(after, 0)
    if not (before.label or after.label) or not last or not first:
        return
    width = max(len(line.text) for line in before.lines)
    short = len(last) < 0.75 * width and len(before.lines) > 1
    if ENDED.search(last[-40:]) and short and not first[:1].islower():
        after.lines.insert(0, replace(after.lines[0], text=""))
