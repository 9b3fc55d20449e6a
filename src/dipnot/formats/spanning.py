"""Cells of a table that reach down over several rows, in HTML and in Word.

Owns: which words such a cell says again in the rows below it, so that a row can be quoted alone.
A cell that reaches over several columns stands once.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Node = Any  # lxml names no public type for an element

_LONGEST = 60  # letters; more are a text beside the rows and no cell of each
_MOST = 1_000  # rows or columns, as browsers have it
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_Reaching = dict[int, tuple[int, int, str]]  # by column: rows left, columns, words


def spanned_cells(root: Node, layout: set[Node]) -> dict[Node, list[str]]:
    """Give what stands before a cell, or at the end of a row, from cells of the rows above."""
    found: dict[Node, list[str]] = {}
    if not any(cell.get("rowspan", "1") != "1" for cell in root.iter("td", "th")):
        return found
    for table in root.iter("table"):
        reaching: _Reaching = {}
        for row in _rows(table):
            if row not in layout:
                reaching = _over(row, reaching, found)
    return found


def merged_cells(body: Node) -> dict[Node, str]:
    """Give what a cell of Word's says that is merged with the one above it."""
    found: dict[Node, str] = {}
    if next(body.iter(f"{_W}vMerge"), None) is None:
        return found
    for table in body.iter(f"{_W}tbl"):
        above: dict[int, str] = {}
        for row in table.findall(f"{_W}tr"):
            column = 0
            for cell in row.findall(f"{_W}tc"):
                merged = cell.find(f"{_W}tcPr/{_W}vMerge")
                if merged is None:
                    above.pop(column, None)
                elif merged.get(f"{_W}val") == "restart":
                    words = " ".join("".join(t.text or "" for t in cell.iter(f"{_W}t")).split())
                    above[column] = words if len(words) <= _LONGEST else ""
                else:
                    found[cell] = above.get(column, "")
                span = cell.find(f"{_W}tcPr/{_W}gridSpan")
                said = span.get(f"{_W}val", "") if span is not None else ""
                column += int(said) if said.isascii() and said.isdigit() else 1
    return found


def _rows(table: Node) -> Iterator[Node]:
    """Give the rows of a table itself, not those of one inside it."""
    for part in table:
        if part.tag == "tr":
            yield part
        elif part.tag in ("thead", "tbody", "tfoot"):
            yield from (row for row in part if row.tag == "tr")


def _over(row: Node, above: _Reaching, found: dict[Node, list[str]]) -> _Reaching:
    """Place the cells of a row between those that reach into it; give what reaches on."""
    below: _Reaching = {}
    column = 0

    def carry(to: Node) -> int:
        at = column
        while at in above:
            left, width, words = above.pop(at)
            if words:
                found.setdefault(to, []).append(words)
            if left > 1:
                below[at] = (left - 1, width, words)
            at += width
        return at

    for cell in row:
        if cell.tag not in ("td", "th"):
            continue
        column = carry(cell)
        height, width = _number(cell, "rowspan"), _number(cell, "colspan")
        if height > 1:
            words = " ".join("".join(cell.itertext()).split())
            below[column] = (height - 1, width, words if len(words) <= _LONGEST else "")
        column += width
    while above:
        column = min(above)
        carry(row)
    return below


def _number(cell: Node, name: str) -> int:
    said = cell.get(name, "1").strip()
    return min(max(1, int(said)), _MOST) if said.isascii() and said.isdigit() else 1
