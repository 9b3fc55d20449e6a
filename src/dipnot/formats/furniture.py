"""What is printed on every page of a text file beside the text: running heads, feet, page numbers.

Owns: telling such lines from text, by what comes again from page to page and by numbers that count
the pages. A number is a page's where it counts on with the pages, never by its place alone.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from dipnot.language.folding import fold
from dipnot.types import Line

_NUMBER = r"(?P<number>[1-9]\d{0,3}|[ivxlc]{1,7})"
_LONE = re.compile(
    rf"(?:(?:page|pg|p|sayfa|s)\b\.?)?[-–—~\[({{|\s]*{_NUMBER}(?:\s?(?:/|of)\s?\d{{1,4}})?[-–—~\])}}|.\s]*",
    re.IGNORECASE,
)
_FIRST = re.compile(r"(?P<number>[1-9]\d{0,3})(?![\d.,:/’'])\s*\|?\s*(?P<rest>\D.*)")
_LAST = re.compile(r"(?P<rest>.*\D)(?<![\d.,:/’'-])(?P<number>[1-9]\d{0,3})")
_OF = re.compile(r"(?P<rest>.*\D)(?P<number>[1-9]\d{0,3})\s?(?:/|of)\s?\d{1,4}")
_INLINE = re.compile(
    rf"\s?(?:\[\s*(?:pg|page|p|sayfa|s)\b\.?\s*{_NUMBER}\s*\]"
    r"|(?<![^\W\d_]|[_^\\}])\{(?:(?:pg|page|p|sayfa|s)\b\.?\s*)?"
    rf"{_NUMBER.replace('number', 'braced')}\}})",
    re.IGNORECASE,
)
_GUTENBERG = re.compile(r"\s?\[Pg\s")  # no text cites a page so
_SAYS_PAGE = re.compile(r"\||\d\s?(?:/|of\b)\s?\d|\b(?:page|pg|p|sayfa|s)\b", re.IGNORECASE)
_FIGURES = re.compile(r"(?P<counts>(?<!\d[/.,])(?<!\d)\d{1,9}(?!\d|[.,]\d))|\d{1,9}")
_HEAD_WORDS = 12
_LONGEST_HEAD = 120
_MOSTLY = 0.6
_FEW_CUT = 4  # at least one page in so many ends inside a sentence
_LONG = 500  # letters: no stanza or entry of a chronology, hardly a page
_NEARLY = 0.8
_SKIPPED = 3  # a page with a picture bears no number
_FEW_PAGES = 4
_YEARS = 1000  # numbers from here on are rather years
_ROUNDS = 2  # a head and a number below it
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_ENDED = re.compile(r"[.!?…:][”’\"')\]\d]*$")
_STOP = re.compile(r"[^\W\d_][.!?…][”’\"')\]\d]*(?=\s|$)")


@dataclass(slots=True)
class Sheet:
    """The lines of a page and the number printed on it."""

    lines: list[Line]
    label: str | None = None


@dataclass(frozen=True, slots=True)
class _Found:
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
            for found in _readings(at, edge, sheet.lines[edge].text) if edge >= 0 else ():
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
    rows: defaultdict[int, list[_Found]] = defaultdict(list)
    for at, edge in enumerate(edges):
        for found in _readings(at, edge, sheets[at].lines[edge].text) if edge >= 0 else ():
            if not found.roman and (found.rest or found.number >= _YEARS):
                rows[found.number - at].append(found)
    titles: set[int] = set()
    for row in rows.values():
        texts = [sheets[found.at].lines[found.line].text for found in row]
        same = len({text.startswith(f.label) for text, f in zip(texts, row, strict=True)}) == 1
        if len(row) > 1 and same and not any(map(_SAYS_PAGE.search, texts)):
            below = [_first_of(sheets[found.at].lines[found.line + 1 :]) for found in row]
            goes_on = sum(text[:1].islower() for text in below)
            titles |= {found.at for found in row if goes_on * _FEW_CUT < len(row)}
    return titles


def _first_of(lines: Sequence[Line]) -> str:
    return next((line.text for line in lines if line.text), "")


def _numbered(sheets: Sequence[Sheet], edges: Sequence[int], place: int) -> set[int]:
    """Find the pages whose number stands on this edge; the numbers must count on with the pages."""
    found = [
        f
        for at, edge in enumerate(edges)
        if edge >= 0 and sheets[at].label is None
        for f in _readings(at, edge, sheets[at].lines[edge].text)
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


def _counts(fitting: Sequence[_Found], pages: int, place: int) -> bool:
    """Tell whether lines number pages: alone on them, or beside words that come again.

    At the foot these are half of them at least: elsewhere each is a note of one line.
    """
    rests = Counter(_letters(f.rest) for f in fitting)
    again = sum(count for rest, count in rests.items() if not rest or count > 1)
    if place and 2 * again < len(fitting):
        return False
    return again >= 2 or (len(fitting) >= 3 and len(fitting) >= 0.4 * pages)


def _readings(at: int, line: int, text: str) -> Iterator[_Found]:
    if len(text) > _LONGEST_HEAD:
        return
    lone = _LONE.fullmatch(text)
    if lone:
        label = lone["number"]
        roman = not label.isdigit()
        value = _roman(label) if roman else int(label)
        yield _Found(at, line, value, label, rest="", roman=roman)
        return
    for match in (_FIRST.fullmatch(text), _OF.fullmatch(text), _LAST.fullmatch(text)):
        if match and len(text.split()) <= _HEAD_WORDS and _letters(match["rest"]):
            yield _Found(at, line, int(match["number"]), match["number"], match["rest"])


def _roman(label: str) -> int:
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
            _letters(text),
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
    words = _letters(text)
    for place, match in enumerate(_FIGURES.finditer(text)):
        number = match["counts"]
        yield match.group(), (words, place, int(number) - at) if number else None


def _letters(text: str) -> str:
    return "".join(c for c in fold(text) if c.isalpha())


def _trim(sheet: Sheet, place: int) -> None:
    """Drop the empty lines on an edge, which parted it from the text."""
    while sheet.lines and not sheet.lines[place].text:
        del sheet.lines[place]


def _join(before: Sheet, after: Sheet) -> None:
    """Let a sentence go on from page to page; part them where it does not."""
    last = next((line.text for line in reversed(before.lines) if line.text), "")
    first = _first_of(after.lines)
    if last and first[:1].islower() and not _ENDED.search(last[-40:]):
        _trim(before, -1)
        _trim(after, 0)
    if not (before.label or after.label) or not last or not first:
        return
    width = max(len(line.text) for line in before.lines)
    short = len(last) < 0.75 * width and len(before.lines) > 1
    if _ENDED.search(last[-40:]) and short and not first[:1].islower():
        after.lines.insert(0, replace(after.lines[0], text=""))


# --- files that do not mark their pages --------------------------------------------------------


def split_at_numbers(lines: list[Line]) -> list[Sheet]:
    """Cut a text at lines that are nothing but page numbers, at the foot or the head of a page."""
    chain = _chain(lines)
    if not chain:
        return _split_inside(lines)
    texts = [i for i, line in enumerate(lines) if line.text]
    on_top = chain[0].line == texts[0] or bool(chain[0].rest)
    sheets: list[Sheet] = [Sheet([])]
    at = 0
    for found in chain:
        sheets[-1].lines.extend(lines[at : found.line])
        at = found.line + 1
        if on_top and not any(line.text for line in sheets[-1].lines):
            sheets[-1] = Sheet([], found.label)
        elif on_top:
            sheets.append(Sheet([], found.label))
        else:
            sheets[-1].label = found.label
            sheets.append(Sheet([]))
    sheets[-1].lines.extend(lines[at:])
    if not any(line.text for line in sheets[-1].lines):
        sheets.pop()
    stripped = strip_furniture([sheet.lines for sheet in sheets])  # heads beside the numbers
    return [replace(s, label=f.label or s.label) for s, f in zip(stripped, sheets, strict=True)]


def _chain(lines: Sequence[Line]) -> list[_Found]:
    """Find lines whose numbers count on by one and that interrupt the text as pages do."""
    heads = Counter(
        _letters(f.rest) for i, line in enumerate(lines) for f in _readings(i, i, line.text)
    )
    candidates = [
        f
        for i, line in enumerate(lines)
        for f in _readings(i, i, line.text)
        if not f.roman
        and (not f.rest or (len(_letters(f.rest)) > 3 and heads[_letters(f.rest)] > 1))
    ]
    best = _longest(candidates)
    return _extended(candidates, best) if len(best) > 1 and _interrupt(lines, best) else []


def _extended(candidates: Sequence[_Found], chain: list[_Found]) -> list[_Found]:
    """Go on at both ends of a row where a few pages bear no number, by how long a page is."""
    page = median(b.line - a.line for a, b in pairwise(chain))
    ahead = [f for f in candidates if not f.rest or chain[0].rest]

    def fits(a: _Found, b: _Found) -> bool:
        step = b.number - a.number
        return 1 <= step <= _SKIPPED and 0.5 * page * step < b.line - a.line < 1.5 * page * step

    row = chain[::-1]
    for found in reversed(ahead):
        if fits(found, row[-1]):
            row.append(found)
    row.reverse()
    for found in ahead:
        if fits(row[-1], found):
            row.append(found)
    return row


def _longest(candidates: Sequence[_Found]) -> list[_Found]:
    """Find the longest row of candidates whose numbers count on by one."""
    lengths: list[int] = []
    before: list[int | None] = []
    ends: dict[int, int] = {}  # by number, the candidate that ends the longest row so far
    for i, found in enumerate(candidates):
        last = ends.get(found.number - 1)
        before.append(last)
        lengths.append(1 if last is None else lengths[last] + 1)
        if found.number not in ends or lengths[i] >= lengths[ends[found.number]]:
            ends[found.number] = i
    at = max(range(len(lengths)), key=lengths.__getitem__, default=None)
    row: list[_Found] = []
    while at is not None:
        row.append(candidates[at])
        at = before[at]
    return row[::-1]


def _interrupt(lines: Sequence[Line], chain: Sequence[_Found]) -> bool:
    """Tell page numbers from those of chapters, stanzas, years and rows.

    Some pages end inside a sentence, and a page is long, or its number stands amid unparted lines.
    """
    said = Counter(_letters(line.text) for line in lines if line.text)
    printed = [i for i, line in enumerate(lines) if line.text]
    cuts = 0
    for found in chain:
        at = bisect_left(printed, found.line)
        before = lines[printed[at - 1]].text if at else ""
        behind = (lines[i].text for i in printed[at + 1 : at + 3])
        after = next((t for t in behind if t[0].islower() or said[_letters(t)] == 1), "")  # no head
        cuts += bool(before and after and _goes_on(before, after))
    if chain[0].number >= _YEARS and not cuts:
        return False
    pages = [[li.text for li in lines[a.line + 1 : b.line] if li.text] for a, b in pairwise(chain)]
    stops = median(sum(bool(_STOP.search(text)) for text in page) for page in pages)  # no verse
    long = median(sum(map(len, page)) for page in pages) >= _LONG
    if cuts * _FEW_CUT >= len(chain) and long and stops:
        return True
    parted = printed[-1] - printed[0] >= len(printed)  # empty lines stand between
    dressed = all(not lines[found.line].text.strip(" .").isdigit() for found in chain)
    first = [line.text for line in lines[: chain[0].line] if line.text]
    amid = not parted and median(map(len, pages)) > 1
    amid = amid and (cuts >= max(1, len(chain) // _FEW_CUT) or _are_pages(first, pages))
    sure = amid or (dressed and len(chain) > 2)  # `- 21 -`: chapters are not named so
    begins = chain[0].number > 1 or (dressed and chain[-1].line == printed[-1])  # nothing follows
    return sure and begins and not chain[0].rest


def _are_pages(first: Sequence[str], pages: Sequence[Sequence[str]]) -> bool:
    """Tell whether a few numbers stand at the feet of pages of prose, though none cuts a sentence.

    The first of them has a page above it, too.
    """
    prose = all(any(_goes_on(a, b) for a, b in pairwise(page)) for page in (first, *pages))
    return prose and len(pages) + 1 < _FEW_PAGES and len(first) >= median(map(len, pages))


def _goes_on(line: str, following: str) -> bool:
    return not _ENDED.search(line[-40:]) and following[0].islower()


def _split_inside(lines: list[Line]) -> list[Sheet]:
    """Cut a text at page numbers inside its lines: `… below [Pg 12] the bridge`, `{12}`."""
    marks = [m for line in lines for m in _INLINE.finditer(line.text)]
    bracketed = [m["number"] for m in marks if m["number"]]
    braced = [int(m["braced"]) for m in marks if m["braced"] and m["braced"].isdigit()]
    if not _count_on(bracketed) or not all(b == a + 1 for a, b in pairwise(braced)):
        return [Sheet(lines)]
    if not bracketed and len(braced) < 2:  # `{C}` may be anything
        return [Sheet(lines)]
    sure = all(_GUTENBERG.match(m.group()) for m in marks)
    if not sure and _between(lines, braces=not bracketed) < _LONG:
        return [Sheet(lines)]
    sheets = [Sheet([])]
    for line in lines:
        at = 0
        for match in _INLINE.finditer(line.text):
            end = match.end()
            word = re.match(r"\w*", line.text[end:]) if line.text[match.start()] != " " else None
            tail = word.group() if word else ""
            _add_part(sheets[-1], line, line.text[at : match.start()] + tail)
            sheets.append(Sheet([], match["number"] or match["braced"]))
            at = end + len(tail)
        if at and not line.text[at:].strip():
            continue
        _add_part(sheets[-1], line, line.text[at:])
    first_is_empty = not any(line.text for line in sheets[0].lines)
    return sheets[1:] if first_is_empty and len(sheets) > 1 else sheets


def _between(lines: Sequence[Line], *, braces: bool) -> float:
    """Give how many letters stand between two marks; of bracketed ones there must be three."""
    text = "\n".join(line.text for line in lines)
    starts = [match.start() for match in _INLINE.finditer(text)]
    return median(b - a for a, b in pairwise(starts)) if len(starts) > 2 - braces else 0.0


def _count_on(labels: Sequence[str]) -> bool:
    """Tell numbers of pages from those that a text cites, `[s. 45]`, which go up and down."""
    numbers = [int(label) if label.isdigit() else _roman(label) for label in labels]
    steps = [0 < b - a <= _SKIPPED for a, b in pairwise(numbers)]
    return not labels or (bool(steps) and sum(steps) >= _NEARLY * len(steps))


def _add_part(sheet: Sheet, line: Line, text: str) -> None:
    if text.strip() or text == line.text:
        sheet.lines.append(replace(line, text=text.strip()))
