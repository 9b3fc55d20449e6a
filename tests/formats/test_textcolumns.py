"""Columns of plain text."""

from __future__ import annotations

from dipnot.formats.textcolumns import in_reading_order

LEFT = """the mill stood below the
bridge and ground barley
for the whole valley, as
long as anybody living
there could remember; it
burned down in the year
of the great flood.""".split("\n")
RIGHT = """riders changed horses at
the inn and drank while
they stood, because the
road was long and nobody
liked to be out on it by
night when fog covered
the water.""".split("\n")


def beside(left: list[str], right: list[str], width: int = 30) -> list[str]:
    return [f"{a:<{width}}{b}".rstrip() for a, b in zip(left, right, strict=True)]


def test_columns_of_prose_are_read_one_after_the_other() -> None:
    page = [
        "A title over both of the columns of this page",
        "",
        *beside(LEFT, RIGHT),
        "",
        "The end.",
    ]
    assert in_reading_order(page) == [*page[:2], *LEFT, "", *RIGHT, "", "", "The end."]


def test_three_columns_are_two_and_one() -> None:
    page = beside(LEFT, beside(RIGHT, LEFT))
    assert [line for line in in_reading_order(page) if line] == [*LEFT, *RIGHT, *LEFT]


def test_the_longer_column_is_read_to_its_end() -> None:
    page = [*beside(LEFT, RIGHT), "", " " * 30 + "Its bell is gone."]
    assert in_reading_order(page)[-2:] == ["Its bell is gone.", ""]


def test_tables_and_spaced_lines_stay_as_they_are() -> None:
    table = [f"{year}      {year * 3} sacks      {year % 7} mills" for year in range(1900, 1912)]
    assert in_reading_order(table) == table
    terms = beside([line.split()[0] for line in LEFT], RIGHT)
    assert in_reading_order(terms) == terms
    spaced = [line.replace(" ", "  ", 2) for line in LEFT]
    assert in_reading_order(spaced) == spaced


def test_pages_are_ordered_each_by_itself() -> None:
    first, second = beside(LEFT, RIGHT), beside(RIGHT, LEFT)
    second[0] = f"\f{second[0]}"
    read = [line for line in in_reading_order([*first, *second]) if line]
    assert read[:14] == [*LEFT, *RIGHT]
    assert read[14].startswith("\f")
