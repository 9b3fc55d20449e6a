"""Which rows of a table name its columns.

Owns: that decision, from what the format says or, where it does not, from what stands in the cells.
A row is understood only with the names of its columns, so each row is told which row they are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from dipnot.types import Line

NAMES = 1  # the level of a row that names the columns
NAMED = 2  # the level of a row below it
BETWEEN = " | "
_FIGURES = re.compile(r"\d")


def name_columns(rows: Sequence[Line], bold: Sequence[bool]) -> list[Line]:
    """Give the rows of a table again, each with its level; 0 in a table that names no columns."""
    count = _heads(rows, bold)
    return [
        replace(row, level=NAMES if i < count else NAMED) if count else row
        for i, row in enumerate(rows)
    ]


def _heads(rows: Sequence[Line], bold: Sequence[bool]) -> int:
    """Count the rows on top that name columns; one below which no other stands names none."""
    said = 0
    while said < len(rows) and rows[said].level == NAMES:
        said += 1
    if not said and _looks_like_names(rows, bold):
        said = 1
    return said if said < len(rows) else 0


def _looks_like_names(rows: Sequence[Line], bold: Sequence[bool]) -> bool:
    """Words alone over rows that hold figures, or a bold row over others that are not."""
    if len(rows) < 2 or BETWEEN not in rows[0].text:
        return False
    if bold[0] and not any(bold[1:]):
        return True
    first, *others = (row.text.split(BETWEEN) for row in rows)
    words = all(cell.strip() and not _FIGURES.search(cell) for cell in first)
    figures = sum(any(_FIGURES.search(cell) for cell in row) for row in others)
    return words and figures > len(others) / 2 and len(others) > 1
