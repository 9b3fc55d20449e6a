"""What stands beside the lines of a page: numbers of lines, initials."""

from __future__ import annotations

from dipnot.formats.pdf.letters import Word
from dipnot.formats.pdf.margin import settle_initials, without_line_numbers
from format_files import line

PROSE = "köylüler kıyıya yeni evler yaptı ve bekçi haber verdi"


def texts(words: list[Word]) -> list[str]:
    return [word.text for word in words]


def counted(first: int, rows: int) -> list[Word]:
    """Lines with their numbers in the margin."""
    return [
        word
        for n in range(rows)
        for word in (*line(f"{first + n:02}", 700.0 - 12 * n, 20.0), *line(PROSE, 700.0 - 12 * n))
    ]


def test_numbers_that_count_the_lines_are_left_out_on_a_page_of_few_lines_too() -> None:
    long, short = without_line_numbers([counted(10, 12), counted(22, 2)])
    assert texts(long) == PROSE.split() * 12
    assert texts(short) == PROSE.split() * 2


def test_numbers_in_the_margin_that_do_not_count_lines_stay() -> None:
    years = ("1887", "1902", "1905", "1911", "1950", "1960")
    words = [
        word
        for n, year in enumerate(years)
        for word in (*line(year, 700.0 - 12 * n, 20.0), *line(PROSE, 700.0 - 12 * n))
    ]
    assert without_line_numbers([words]) == [words]


def test_an_initial_that_hangs_over_lines_begins_the_word_of_the_first() -> None:
    words = [
        *line("K", 676.0, 50.0, size=30.0),
        *line("öylüler kıyıya", 700.0, 58.0),
        *line("yeni evler", 688.0, 58.0),
        *line("yaptı ve gitti", 664.0, 50.0),
    ]
    settled = settle_initials(words)
    assert texts(settled) == "Köylüler kıyıya yeni evler yaptı ve gitti".split()
    assert {word.x0 for word in settled if word.text in ("Köylüler", "yeni")} == {50.0}


def test_a_large_letter_beside_no_lines_stays_what_it_is() -> None:
    words = [*line("A", 700.0, 50.0, size=30.0), *line("yeni evler yapıldı", 500.0)]
    assert texts(settle_initials(words)) == ["A", "yeni", "evler", "yapıldı"]
