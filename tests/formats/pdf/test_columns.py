"""The columns of a page: gutters, and the order in which the parts are read."""

from __future__ import annotations

from dataclasses import replace

from dipnot.formats.pdf.columns import split_columns
from dipnot.formats.pdf.letters import Word
from format_files import line

LEFT = "köylüler kıyıya yeni evler yaptı"
RIGHT = "bekçi yangını kimseye haber verdi"


def page(*drawn: list[Word]) -> list[Word]:
    """Number the words in the order in which they are drawn."""
    words = [word for part in drawn for word in part]
    return [replace(word, order=n) for n, word in enumerate(words)]


def read(words: list[Word]) -> list[list[str]]:
    return [[row.text for row in rows] for rows in split_columns(words)]


def column(text: str, x: float, rows: int = 8) -> list[Word]:
    return [word for n in range(rows) for word in line(text, 700.0 - 12 * n, x)]


def test_columns_drawn_one_after_the_other_are_read_one_after_the_other() -> None:
    assert read(page(column(LEFT, 50.0), column(RIGHT, 300.0))) == [[LEFT] * 8, [RIGHT] * 8]


def test_a_heading_over_both_columns_is_read_before_them() -> None:
    head = line("Göl ile kıyısında kurulan köylerin uzun tarihi ve sonu hakkında", 730.0, 60.0)
    found = read(page(head, column(LEFT, 50.0), column(RIGHT, 300.0)))
    assert [len(rows) for rows in found] == [1, 8, 8]


def test_a_page_without_a_gutter_is_one_column() -> None:
    assert read(page(column(f"{LEFT} {RIGHT}", 50.0))) == [[f"{LEFT} {RIGHT}"] * 8]
    assert split_columns([]) == []


def test_cells_drawn_across_are_rows_of_a_table_and_no_columns() -> None:
    rows = [
        [*line("Göl", 700.0 - 12 * n, 50.0), *line("1887", 700.0 - 12 * n, 300.0)] for n in range(8)
    ]
    assert read(page(*rows)) == [["Göl 1887"] * 8]
