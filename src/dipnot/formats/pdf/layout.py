"""Pages of words to regions of rows, without running headers, footers and page numbers.

Owns: what is repeated from page to page. Knows nothing of paragraphs, headings or footnotes.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from dipnot.formats.pdf.columns import split_columns
from dipnot.formats.pdf.glyphs import Rule
from dipnot.formats.pdf.margin import settle_initials, without_line_numbers
from dipnot.formats.pdf.rows import CELL_GAP, Row, rows_of
from dipnot.formats.pdf.words import Sheet

_MOST_LINES = 0.4  # end at the margin, where text is justified
_FEW_WIDE = 0.25
_FEW_RAGGED = 0.15
_MOST_BROKEN = 0.6
_NEARLY = 0.7  # of the pages
_LARGER = 1.05
_TITLE = 1.3  # against most letters of the file
_SAME_CELL = 3.0  # points
_FEW_GO_ON = 4  # one page in so many begins inside a sentence
_EDGE = 4  # so many rows from the top and the bottom may be headers and footers
_ROMAN = re.compile(r"[ivxlc]{1,7}", re.IGNORECASE | re.ASCII)  # `ı` is no numeral
_NUMERAL = re.compile(r"\d+|^[ivxlc]{1,7}(?=\s)|(?<=\s)[ivxlc]{1,7}$", re.ASCII)
_DIGITS = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_PAGE_NUMBER = re.compile(
    r"[^\w]*(?:(?:sayfa|page|s\.|p\.)\s*)?(\d{1,5}|[ivxlc]{1,7})(?:\s*/\s*\d+)?[^\w]*",
    re.IGNORECASE | re.ASCII,
)


_SAYS_PAGE = re.compile(r"^\W*\d+\W*$|\||\b(?:sayfa|page|s|p)\b", re.IGNORECASE)
_COUNTED = re.compile(r"\b(?:sayfa|page)[\s:]{1,3}(\d{1,5})\b", re.IGNORECASE)  # `Page 3 of 9`
_IN_DATE = re.compile(r"(?<=\d[/.,])\d+|\d{10,}|\d+(?=[.,]\d)", re.ASCII)  # or a fraction


_Count = tuple[bool, int]
_Place = tuple[int, int, float]
_Key = tuple[str, str, int]
_Number = tuple[str, int, int, int]  # the words around it, its place, how it counts the pages


@dataclass(slots=True)
class Region:
    """Rows of one column, from top to bottom, and the margins of that column."""

    rows: list[Row]
    left: float = 0.0
    right: float = 0.0

    def __post_init__(self) -> None:
        """Measure the rows."""
        self.measure()

    def just(self, row: Row) -> Region:
        """Give one row of it by itself."""
        return Region([row], self.left, self.right)

    def measure(self) -> None:
        """Take the margins from the rows."""
        if self.rows:
            self.left = min(row.x0 for row in self.rows)
            self.right = max(row.x1 for row in self.rows)


@dataclass(slots=True)
class PageLayout:
    """The regions of a page in reading order, and its printed number if it bears one."""

    label: str | None = None
    regions: list[Region] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    lost: float = 0.0  # share of its words that cannot be read


def lay_out(sheets: Sequence[Sheet]) -> list[PageLayout]:
    """Find the rows of each page, without what is repeated from page to page."""
    counted = without_line_numbers([sheet.words for sheet in sheets])
    pages = [rows_of(settle_initials(words)) for words in counted]
    labels = _take_furniture(pages)
    given = [_plain(sheet.label) for sheet in sheets]
    trivial = all(label in (None, str(i)) for i, label in enumerate(given, start=1))
    if not trivial or not any(labels):
        labels = given
    layouts: list[PageLayout] = []
    for sheet, rows, label in zip(sheets, pages, labels, strict=True):
        words = [word for row in rows for word in row.words]
        regions = [Region(found) for found in split_columns(words)]
        layouts.append(PageLayout(label, regions, sheet.rules, sheet.lost))
    return layouts


def _plain(label: str | None) -> str | None:
    """Give the number of a page without its ornaments: `— iv —`."""
    number = _page_number(label) if label else None
    return number.group(1) if number else label


def _page_number(text: str) -> re.Match[str] | None:
    """Match the number of a page; what closes a bracket, `1101).`, ends a sentence."""
    return _PAGE_NUMBER.fullmatch(text) if text.count("(") == text.count(")") else None


def widen(layouts: Sequence[PageLayout]) -> None:
    """Give short regions the margins of the columns that stand at the same place elsewhere."""
    margins: dict[int, list[tuple[float, float]]] = {}
    for layout in layouts:
        for region in layout.regions:
            if len(region.rows) >= 6:
                margins.setdefault(round(region.left / 12), []).append((region.left, region.right))
    for layout in layouts:
        for region in layout.regions:
            key = round(region.left / 12)
            known = [m for k in (key - 1, key, key + 1) for m in margins.get(k, ())]
            if len(region.rows) < 6 and known:
                region.right = max(region.right, median(right for _, right in known))
            elif len(region.rows) >= 6:
                region.right = _margin(region)


def _margin(region: Region) -> float:
    """Give the place at the right where the lines end that few wider ones, of a table, pass."""
    ends = Counter(round(row.x1) for row in region.rows)
    size = region.rows[0].size
    for end, _ in ends.most_common(3):
        there = sum(abs(row.x1 - end) < 0.2 * size for row in region.rows)
        beyond = sum(row.x1 > end + size for row in region.rows)
        if there >= _MOST_LINES * len(region.rows) and beyond <= _FEW_WIDE * len(region.rows):
            return max(row.x1 for row in region.rows if row.x1 <= end + 0.2 * size)
    return _ragged_margin(region)


def _ragged_margin(region: Region) -> float:
    """Give the margin of lines that end where the next word had no room, but for a few wide ones.

    Lines that begin with capitals, as those of verse and of lists, tell of no such margin.
    """
    reach = [
        (a.x1, a.x1 + 0.25 * a.size + b.words[0].x1 - b.words[0].x0, b.text[:1].islower())
        for a, b in pairwise(region.rows)
    ]
    ends = sorted((row.x1 for row in region.rows), reverse=True)
    for end in ends[: 1 + max(1, int(_FEW_RAGGED * len(ends)))]:
        broken = [lower for x1, next_x1, lower in reach if x1 <= end < next_x1]
        if len(broken) >= _MOST_BROKEN * len(reach) and 2 * sum(broken) >= len(broken):
            return end
    return region.right


# --- headers, footers, page numbers ------------------------------------------------------------


def _take_furniture(pages: Sequence[list[Row]]) -> list[str | None]:
    """Take running headers, footers and page numbers out of the pages; give the numbers.

    They stand at the edge, at the same height and with the same words on several pages, and apart
    from the text where these are few; a page number goes up with the pages.
    """
    enough = 2 if len(pages) < 6 else 3
    words = _Words(pages, enough)
    seen = Counter(
        key
        for index, rows in enumerate(pages)
        for key in {k for row in _edge_rows(rows) for k in words.keys(row, index)}
    )
    numbered = _numbered_places(pages, words, seen, enough)
    heads = _heads(pages)
    counts = _counts(pages, words, seen, enough, numbered)
    labels: list[str | None] = [None] * len(pages)
    places: Counter[_Place] = Counter()
    usual = _usual_size(pages)
    title = _TITLE * usual  # so large is the title of a page, unless most have it
    columns: set[str] = set()  # what the heads of tables say
    for index, rows in enumerate(pages):
        for at in (0, -1):
            for _ in range(_EDGE):
                if not rows:
                    break
                found = _label(rows[at], index, counts)
                count = max((seen[key] for key in words.keys(rows[at], index)), default=0)
                repeated = count >= enough and (count >= 0.3 * len(pages) or _apart(rows, at))
                repeated = repeated or (_place(rows[at], at) in heads and _apart(rows, at))
                if rows[at].size > title:
                    repeated = count >= max(enough, _NEARLY * len(pages))
                sure = _page_number(rows[at].text) or _place(rows[at], at) in numbered
                # On a single page only its print tells a year, as a heading, from a number.
                heads_it = len(pages) == 1 and rows[at].size > _LARGER * usual
                if not (repeated or (found and sure and not heads_it)):
                    break
                if at == 0 and not found and _names_columns(rows):
                    if rows[0].text not in columns:
                        columns.add(rows[0].text)
                        break
                    rows.pop(0)
                    continue
                labels[index] = labels[index] or found
                places[_place(rows.pop(at), at)] += 1
    for index, rows in enumerate(pages):
        # A header that changes from chapter to chapter stands where others do.
        for at in (0, -1):
            while (
                rows
                and rows[at].size <= title
                and places[_place(rows[at], at)] >= enough
                and _apart(rows, at)
            ):
                rows.pop(at)
            inner = -2 if at else 1  # above a line that stands on one page only
            if (
                len(rows) > _EDGE
                and places[_place(rows[inner], at)] >= enough
                and any(seen[key] >= enough for key in words.keys(rows[inner], index))
            ):
                rows.pop(inner)
    return labels


def _usual_size(pages: Sequence[Sequence[Row]]) -> float:
    sizes: Counter[float] = Counter()
    for rows in pages:
        for row in rows:
            sizes[row.size] += len(row.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _names_columns(rows: Sequence[Row]) -> bool:
    """Tell the head of a table: below most of its cells begin those of the next row."""
    if len(rows) < 2:
        return False
    cells, below = _cells(rows[0]), _cells(rows[1])
    under = sum(any(_stands_under(a, b) for b in below) for a in cells)
    return len(cells) <= 2 * under and under > _apart(rows, 0)


def _cells(row: Row) -> list[tuple[float, float]]:
    """Give the two ends of each cell but the first; wide gaps part them."""
    gaps = [(a.x1, b.x0) for a, b in pairwise(row.words) if b.x0 - a.x1 > CELL_GAP * row.size]
    ends = [*(x1 for x1, _ in gaps), row.x1][1:]
    return [(x0, end) for (_, x0), end in zip(gaps, ends, strict=True)]


def _stands_under(a: tuple[float, float], b: tuple[float, float]) -> bool:
    """Tell cells of one column, whether it is set to the left, to the right or to the middle."""
    left, right = a[0] - b[0], a[1] - b[1]
    return min(abs(left), abs(right), abs(left + right) / 2) < _SAME_CELL


def _apart(rows: Sequence[Row], at: int) -> bool:
    """Tell whether the first or last row keeps more than a line's distance from the others."""
    gaps = [a.y - b.y for a, b in pairwise(rows)]
    return not gaps or gaps[at] > 1.25 * median(gaps)


def _numbered_places(
    pages: Sequence[Sequence[Row]], words: _Words, seen: Counter[_Key], enough: int
) -> set[_Place]:
    """Find where small rows with a number stand at the edge of several pages, apart from the text.

    Their words may differ from page to page, as author and title on facing pages do. At the foot
    half of them must come again: elsewhere each is a note of one line.
    """
    places: Counter[_Place] = Counter()
    notes: Counter[_Place] = Counter()
    for index, rows in enumerate(pages):
        for row, at in _small_edges(rows):
            if _values(row):
                keys = words.keys(row, index)
                places[_place(row, at)] += 1
                notes[_place(row, at)] += bool(at and keys) and all(seen[key] < 2 for key in keys)
    return {p for p, count in places.items() if count >= enough and 2 * notes[p] <= count}


def _heads(pages: Sequence[Sequence[Row]]) -> set[_Place]:
    """Find where small rows stand on top of nearly all pages, whatever they say."""
    places = Counter(_place(row, at) for rows in pages for row, at in _small_edges(rows) if at == 0)
    return {place for place, count in places.items() if count >= max(3, _NEARLY * len(pages))}


def _small_edges(rows: Sequence[Row]) -> Iterator[tuple[Row, int]]:
    """Give the first and last row of a page that are small and stand apart from the text."""
    usual = median(row.size for row in rows) if len(rows) > 2 else 0.0
    for at in (0, -1) if rows else ():
        if rows[at].size < 0.9 * usual and _apart(rows, at):
            yield rows[at], at


def _place(row: Row, at: int) -> _Place:
    return at, round(row.y), round(row.size, 1)


def _edge_rows(rows: Sequence[Row]) -> Sequence[Row]:
    return rows if len(rows) <= 2 * _EDGE else [*rows[:_EDGE], *rows[-_EDGE:]]


class _Words:
    """What rows on the edges say, without the numbers that count the pages.

    A number that goes up otherwise is text: `Madde 5` and `Madde 9`, `CHAPTER 2` on page 31. So is
    that of a heading which each page begins with.
    """

    def __init__(self, pages: Sequence[Sequence[Row]], enough: int) -> None:
        said: defaultdict[_Number, dict[int, Row]] = defaultdict(dict)
        for index, rows in enumerate(pages):
            for row in _edge_rows(rows):
                for count in {c for _, counts in _numbers(row, index) for c in counts}:
                    said[count].setdefault(index, row)
        self._counting = {
            count
            for count, found in said.items()
            if len(found) >= max(enough, 1 + count[2]) and not _are_titles(pages, found)
        }

    def keys(self, row: Row, index: int) -> list[_Key]:
        """What a repeated row has in common: its words, and about its height."""
        words = _NUMERAL.sub("#", row.text.casefold())
        if not any(char.isalpha() for char in words):
            return []
        said = " ".join(
            number for number, counts in _numbers(row, index) if not counts & self._counting
        )
        height = round(row.y / 4)
        return [(words, said, height - 1), (words, said, height), (words, said, height + 1)]


def _are_titles(pages: Sequence[Sequence[Row]], found: Mapping[int, Row]) -> bool:
    """Tell headings of parts, one on top of each page, from heads with page numbers.

    They are set larger than the text or the pages are numbered elsewhere, and the text begins
    below them where that below a head goes on with the sentence of the page before.
    """
    goes_on = larger = elsewhere = 0
    for index, row in found.items():
        rows = pages[index]
        at = next((at for at, other in enumerate(rows[:_EDGE]) if other is row), len(rows))
        if at + 1 >= len(rows) or _SAYS_PAGE.search(row.text):
            return False
        goes_on += rows[at + 1].text[:1].islower()
        larger += row.size > _LARGER * median(other.size for other in rows)
        elsewhere += _page_number(rows[-1].text) is not None
    return goes_on * _FEW_GO_ON < len(found) and len(found) in (larger, elsewhere)


def _numbers(row: Row, index: int) -> Iterator[tuple[str, set[_Number]]]:
    """Give the numbers of a row, each with how it would count the pages, one or two on a sheet."""
    text = row.text.casefold()
    words = _NUMERAL.sub("#", text)
    for place, match in enumerate(_NUMERAL.finditer(text)):
        number = match.group()
        if _IN_DATE.match(text, match.start()):
            yield number, set()
            continue
        value = int(number) if number.isdigit() else _roman(number)
        yield number, {(words, place, step, value - step * index) for step in (1, 2)}


def _counts(
    pages: Sequence[Sequence[Row]],
    words: _Words,
    seen: Counter[_Key],
    enough: int,
    numbered: set[_Place],
) -> list[_Count]:
    """Find the ways in which pages are counted, the commonest first.

    That is whether the numbers are Roman, and by how much they run before the pages. Front matter
    and chapters may count anew; such a count shows on its own, on several pages in a row.
    """
    votes: Counter[_Count] = Counter()
    runs: defaultdict[_Count, list[int]] = defaultdict(list)
    lone: Counter[_Count] = Counter()
    texts = Counter(text for rows in pages for text in {row.text for row in _edge_rows(rows)})
    for index, rows in enumerate(pages):
        counts: set[_Count] = set()
        for row in _edge_rows(rows):
            alone = bool(_page_number(row.text))
            if texts[row.text] > max(1, len(pages) // 8):  # what never changes counts no pages
                continue
            known = numbered & {_place(row, 0), _place(row, -1)}
            if alone or known or any(seen[key] >= enough for key in words.keys(row, index)):
                found = {(roman, value - index) for roman, value, _ in _values(row)}
                counts |= found
                for count in found:
                    runs[count].append(index)
                    lone[count] += alone and count[0]
        votes.update(counts)
    best = votes.most_common(1)
    wanted = 1 if len(pages) == 1 else max(2, len(pages) // 3)
    usual = [best[0][0]] if best and best[0][1] >= wanted else []
    others = [
        count
        for count, run in runs.items()
        if count not in usual and _is_run(run, least=2 if lone[count] > 1 else 3)
    ]
    return [*usual, *sorted(others, key=lambda count: -len(runs[count]))]


def _is_run(pages: Sequence[int], *, least: int) -> bool:
    """Tell whether several pages, most of them next to each other, count in one way.

    Of Roman numbers that stand alone, two are several.
    """
    return len(set(pages)) >= least and max(pages) - min(pages) < 2 * len(set(pages))


def _values(row: Row) -> list[tuple[bool, int, str]]:
    """Numbers at either end of a row or behind `page`: Roman or not, value, as printed."""
    match = _page_number(row.text)
    said = _COUNTED.findall(row.text)
    tokens = [match.group(1)] if match else [row.words[0].text, row.words[-1].text, *said]
    values: list[tuple[bool, int, str]] = []
    for token in tokens:
        if token.isdecimal() and len(token) <= 5:
            values.append((False, int(token), token))
        elif _ROMAN.fullmatch(token):
            values.append((True, _roman(token), token))
    return values


def _roman(token: str) -> int:
    digits = [_DIGITS[char] for char in token.lower()]
    pairs = zip(digits, [*digits[1:], 0], strict=True)
    return sum(-value if value < following else value for value, following in pairs)


def _label(row: Row, index: int, counts: Sequence[_Count]) -> str | None:
    """Give the page number in a row, if it is that of its page in one of the counts."""
    for count in counts:
        for roman, value, text in _values(row):
            if (roman, value - index) == count:
                return text
    return None
