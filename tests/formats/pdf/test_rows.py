"""Words on one baseline: the rows of a page."""

from __future__ import annotations

from dataclasses import replace

from dipnot.formats.pdf.rows import Row, rows_of
from format_files import line


def test_rows_come_from_the_top_whatever_the_order_of_the_file() -> None:
    words = line("köylüler taşındı", 688.0) + line("göl kurudu", 700.0)
    assert [row.text for row in rows_of(words)] == ["göl kurudu", "köylüler taşındı"]
    assert rows_of([]) == []


def test_what_is_raised_joins_the_row_below_it() -> None:
    words = line("göl kurudu", 700.0) + line("1", 704.0, x=101.0, size=6.0)
    (row,) = rows_of(words)
    assert (row.text, row.size, row.y) == ("göl kurudu 1", 10.0, 700.0)


def test_small_print_on_a_line_of_its_own_stays_a_row() -> None:
    words = line("göl kurudu", 700.0) + line("küçük bir not", 688.0, size=7.0)
    assert [row.size for row in rows_of(words)] == [10.0, 7.0]


def test_right_to_left_script_is_read_from_the_right_and_figures_inside_it_with_it() -> None:
    words = line("son 12 ilk göl", 700.0)
    for n in (0, 2):
        words[n] = replace(words[n], rtl=True)
    assert Row(words).text == "ilk 12 son göl"


def test_a_row_is_bold_where_all_its_words_are() -> None:
    bold = [replace(word, bold=True) for word in line("göl kurudu", 700.0)]
    assert Row([*bold, *line("—", 700.0, x=120.0)]).bold
    assert not Row([*bold, *line("ve", 700.0, x=120.0)]).bold


def test_a_marker_and_the_stop_behind_it_stand_on_the_line_of_the_stop() -> None:
    (row,) = rows_of(line("(1)", 704.0, size=6.0) + line(".", 700.0, x=65.0))
    assert (row.size, row.y) == (10.0, 700.0)


def test_arabic_figures_are_part_of_the_words_beside_them() -> None:
    words = line("taşta ١٣٢٢ سنة okunur", 700.0)
    words[2] = replace(words[2], rtl=True)
    assert Row(words).text == "taşta سنة ١٣٢٢ okunur"
