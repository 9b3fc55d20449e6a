"""Words on a page to rows in reading order: lines, columns, running headers and footers.

Owns: geometry. Knows nothing of paragraphs, headings or footnotes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from dipnot.formats.pdfwords import Sheet, Word

_EDGE = 4  # so many rows from the top and the bottom may be headers and footers
_COLUMN_ROWS = 4
_GUTTER = 7.0  # points
_ROMAN = re.compile(r"[ivxlc]{1,7}", re.IGNORECASE | re.ASCII)  # `ı` is no numeral
_DIGITS = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_PAGE_NUMBER = re.compile(
    r"[^\w]*(?:(?:sayfa|page|s\.|p\.)\s*)?(\d{1,5}|[ivxlc]{1,7})(?:\s*/\s*\d+)?[^\w]*",
    re.IGNORECASE | re.ASCII,
)


@dataclass(slots=True)
class Row:
    """Words on one baseline from left to right; ``size`` and ``y`` are those of most letters."""

    words: list[Word]
    x0: float = 0.0
    x1: float = 0.0
    y: float = 0.0
    size: float = 0.0
    bold: bool = False

    def __post_init__(self) -> None:
        """Measure the words."""
        self.words.sort(key=lambda word: word.x0)
        self.x0 = self.words[0].x0
        self.x1 = max(word.x1 for word in self.words)
        sizes: Counter[tuple[float, float]] = Counter()
        for word in self.words:
            sizes[word.size, word.y] += len(word.text)
        self.size, self.y = max(sizes, key=lambda key: (sizes[key], key[0]))
        self.bold = all(word.bold for word in self.words if any(map(str.isalnum, word.text)))

    @property
    def text(self) -> str:
        """What stands in the row."""
        return " ".join(word.text for word in self.words)


@dataclass(slots=True)
class Region:
    """Rows of one column, from top to bottom, and the margins of that column."""

    rows: list[Row]
    left: float = 0.0
    right: float = 0.0

    def __post_init__(self) -> None:
        """Measure the rows."""
        self.measure()

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


def lay_out(sheets: Sequence[Sheet]) -> list[PageLayout]:
    """Find the rows of each page, without what is repeated from page to page."""
    pages = [_rows(sheet.words) for sheet in sheets]
    labels = _take_furniture(pages)
    given = [sheet.label for sheet in sheets]
    trivial = all(label in (None, str(i)) for i, label in enumerate(given, start=1))
    if not trivial or not any(labels):
        labels = given
    layouts: list[PageLayout] = []
    for rows, label in zip(pages, labels, strict=True):
        words = [word for row in rows for word in row.words]
        layouts.append(PageLayout(label, [Region(found) for found in _columns(words) if found]))
    return layouts


# --- rows --------------------------------------------------------------------------------------


def _rows(words: Iterable[Word]) -> list[Row]:
    """Put words on one baseline together; what is raised or lowered joins the row it belongs to."""
    groups: list[list[Word]] = []
    for word in sorted(words, key=lambda word: -word.y):
        first = groups[-1][0] if groups else None
        if first and first.y - word.y <= 0.25 * max(min(first.size, word.size), 1.0):
            groups[-1].append(word)
        else:
            groups.append([word])
    rows: list[Row] = []
    for row in map(Row, groups):
        before = rows[-1] if rows else None
        gap = before.y - row.y if before else 0.0
        if before and (
            (before.size <= 0.85 * row.size and gap <= 0.6 * row.size)
            or (row.size <= 0.85 * before.size and gap <= 0.35 * before.size)
        ):
            rows[-1] = Row([*before.words, *row.words])
        else:
            rows.append(row)
    return rows


# --- columns -----------------------------------------------------------------------------------


def _columns(words: Sequence[Word], depth: int = 0) -> list[list[Row]]:
    """Cut the words of a page into columns in reading order.

    Rows that run across the gutter, as a title does, cut the page into bands; a band is read
    column by column.
    """
    rows = _rows(words)
    gutter = _gutter(rows) if depth < 2 and len(rows) >= _COLUMN_ROWS else None
    if gutter is None:
        return [rows] if rows else []
    regions: list[list[Row]] = []
    band: list[Row] = []
    for row in [*rows, None]:
        if row is not None and not _crosses(row, gutter):
            band.append(row)
            continue
        inside = [word for member in band for word in member.words]
        left = [word for word in inside if word.x1 <= gutter]
        right = [word for word in inside if word.x1 > gutter]
        if _are_columns(left, right):
            regions.extend(_columns(left, depth + 1))
            regions.extend(_columns(right, depth + 1))
            whole: list[Row] = []
        else:
            whole = band
        whole = [*whole, row] if row is not None else whole
        if whole and regions and _spans(regions[-1], gutter):
            regions[-1].extend(whole)
        elif whole:
            regions.append(whole)
        band = []
    return regions


def _spans(rows: Sequence[Row], gutter: float) -> bool:
    return any(_crosses(row, gutter) for row in rows)


def _crosses(row: Row, x: float) -> bool:
    return any(x0 < x - 0.5 and x1 > x + 0.5 for x0, x1 in _runs(row))


def _gutter(rows: Sequence[Row]) -> float | None:
    """Find the x that the fewest rows cross, where two columns may meet."""
    left, right = min(row.x0 for row in rows), max(row.x1 for row in rows)
    size = median(row.size for row in rows)
    if right - left < 22 * size or right - left > 10_000:
        return None
    candidates = range(int(left + 0.2 * (right - left)), int(right - 0.2 * (right - left)))
    crossed = [0] * (len(candidates) + 1)
    for row in rows:
        for x0, x1 in _runs(row):
            a, b = int(x0) - candidates.start, int(x1) + 1 - candidates.start
            if b > 0 and a < len(candidates):
                crossed[max(a, 0)] += 1
                crossed[min(b, len(candidates))] -= 1
    depth, depths = 0, []
    for change in crossed[:-1]:
        depth += change
        depths.append(depth)
    fewest = min(depths, default=len(rows))
    if fewest > 0.5 * len(rows):
        return None
    best, begun = (0, 0), None
    for i, value in enumerate([*depths, len(rows) + 1]):
        if value == fewest:
            begun = i if begun is None else begun
        elif begun is not None:
            best = max(best, (i - begun, begun))
            begun = None
    width, start = best
    return candidates.start + start + width / 2 if width >= _GUTTER - 1 else None


def _runs(row: Row) -> list[tuple[float, float]]:
    """Ranges of a row without a gap as wide as a gutter."""
    runs: list[tuple[float, float]] = []
    for word in row.words:
        if runs and word.x0 - runs[-1][1] < min(_GUTTER, 0.6 * row.size):
            runs[-1] = (runs[-1][0], max(runs[-1][1], word.x1))
        else:
            runs.append((word.x0, word.x1))
    return runs


def _are_columns(left: Sequence[Word], right: Sequence[Word]) -> bool:
    """Tell two columns of text from a table: both are broad, and their rows fill them."""
    if not left or not right:
        return False
    full = max(w.x1 for w in right) - min(w.x0 for w in left)
    for side in (left, right):
        rows = _rows(side)
        width = max(r.x1 for r in rows) - min(r.x0 for r in rows)
        if len(rows) < _COLUMN_ROWS or width < 0.25 * full:
            return False
        if median(row.x1 - row.x0 for row in rows) < 0.6 * width:
            return False
    return True


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


# --- headers, footers, page numbers ------------------------------------------------------------


def _take_furniture(pages: Sequence[list[Row]]) -> list[str | None]:
    """Take running headers, footers and page numbers out of the pages; give the numbers.

    They stand at the edge, at the same height and with the same words on several pages, and apart
    from the text where these are few; a page number goes up with the pages.
    """
    seen = Counter(
        key for rows in pages for key in {k for row in _edge_rows(rows) for k in _keys(row)}
    )
    enough = 2 if len(pages) < 6 else 3
    numbers = _numbers(pages, seen, enough)
    labels: list[str | None] = [None] * len(pages)
    places: Counter[tuple[int, int, float]] = Counter()
    for index, rows in enumerate(pages):
        for at in (0, -1):
            for _ in range(_EDGE):
                if not rows:
                    break
                found = _label(rows[at], index, numbers)
                count = max((seen[key] for key in _keys(rows[at])), default=0)
                repeated = count >= enough and (count >= 0.3 * len(pages) or _apart(rows, at))
                if not (repeated or (found and _PAGE_NUMBER.fullmatch(rows[at].text))):
                    break
                labels[index] = labels[index] or found
                places[_place(rows.pop(at), at)] += 1
    for rows in pages:  # a header that changes from chapter to chapter stands where others do
        for at in (0, -1):
            while rows and places[_place(rows[at], at)] >= enough and _apart(rows, at):
                rows.pop(at)
    return labels


def _apart(rows: Sequence[Row], at: int) -> bool:
    """Tell whether the first or last row keeps more than a line's distance from the others."""
    gaps = [a.y - b.y for a, b in pairwise(rows)]
    return not gaps or gaps[at] > 1.25 * median(gaps)


def _place(row: Row, at: int) -> tuple[int, int, float]:
    return at, round(row.y), round(row.size, 1)


def _edge_rows(rows: Sequence[Row]) -> Sequence[Row]:
    return rows if len(rows) <= 2 * _EDGE else [*rows[:_EDGE], *rows[-_EDGE:]]


def _keys(row: Row) -> list[tuple[str, int]]:
    """What a repeated row has in common: its words without numbers, and about its height."""
    words = re.sub(r"\d+", "#", row.text.casefold())
    if not any(char.isalpha() for char in words):
        return []
    height = round(row.y / 4)
    return [(words, height - 1), (words, height), (words, height + 1)]


def _numbers(
    pages: Sequence[Sequence[Row]], seen: Counter[tuple[str, int]], enough: int
) -> tuple[bool, int] | None:
    """Find by how much the printed numbers run before the pages, and whether they are Roman."""
    votes: Counter[tuple[bool, int]] = Counter()
    texts = Counter(text for rows in pages for text in {row.text for row in _edge_rows(rows)})
    for index, rows in enumerate(pages):
        votes.update(
            {
                (roman, value - index)
                for row in _edge_rows(rows)
                if texts[row.text] == 1  # what never changes counts no pages
                if _PAGE_NUMBER.fullmatch(row.text) or any(seen[k] >= enough for k in _keys(row))
                for roman, value, _ in _values(row)
            }
        )
    best = votes.most_common(1)
    wanted = 1 if len(pages) == 1 else max(2, len(pages) // 3)
    return best[0][0] if best and best[0][1] >= wanted else None


def _values(row: Row) -> list[tuple[bool, int, str]]:
    """Numbers at either end of a row: Roman or not, value, as printed."""
    match = _PAGE_NUMBER.fullmatch(row.text)
    tokens = [match.group(1)] if match else [row.words[0].text, row.words[-1].text]
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


def _label(row: Row, index: int, numbers: tuple[bool, int] | None) -> str | None:
    if numbers is None:
        return None
    found = (text for roman, value, text in _values(row) if (roman, value - index) == numbers)
    return next(found, None)
