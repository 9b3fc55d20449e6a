"""Cells that reach down over rows are said again in each of them, in HTML and in Word."""

from __future__ import annotations

from lxml import etree

from dipnot.formats import read_pages
from dipnot.formats.spanning import merged_cells

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def rows(table: str) -> list[str]:
    (page,) = read_pages("a.html", f"<p>Fıçılar.</p><table>{table}</table>".encode())
    return [line.text for line in page.lines if line.role == "table"]


def test_a_cell_over_two_rows_stands_in_both_at_its_place() -> None:
    assert rows(
        "<tr><th>Ay<th>Hafta<th>Fıçı</tr><tr><td rowspan=2>Ocak<td>1<td>12</tr>"
        "<tr><td>2<td>9</tr><tr><td>Şubat<td rowspan=2>3<td>8</tr><tr><td>Mart<td>7</tr>"
    ) == ["Ay | Hafta | Fıçı", "Ocak | 1 | 12", "Ocak | 2 | 9", "Şubat | 3 | 8", "Mart | 3 | 7"]


def test_a_cell_at_the_end_of_a_row_and_one_over_columns_keep_their_places() -> None:
    assert rows(
        "<tr><td>Ocak<td>12<td rowspan=2>Rıza</tr><tr><td>Şubat<td>9</tr>"
        "<tr><td rowspan=2 colspan=2>yok<td>Sabri</tr><tr><td>Ali</tr>"
    ) == ["Ocak | 12 | Rıza", "Şubat | 9 | Rıza", "yok | Sabri", "yok | Ali"]


def test_a_text_beside_rows_and_an_absurd_span_are_not_said_again() -> None:
    long = "Bekçi her akşam merdivenleri tırmanır, fitili keser ve camları silerdi."
    assert rows(f"<tr><td rowspan=2>{long}<td>1</tr><tr><td>2</tr>") == [f"{long} | 1", "2"]
    assert rows("<tr><td rowspan=99999999>a<td>1</tr><tr><td>2</tr>") == ["a | 1", "a | 2"]
    assert rows("<tr><td rowspan=x>a<td>1</tr><tr><td>2</tr>") == ["a | 1", "2"]


def test_a_merged_cell_of_word_says_what_the_first_says() -> None:
    def cell(words: str, merge: str = "") -> str:
        return f"<w:tc><w:tcPr>{merge}</w:tcPr><w:p><w:r><w:t>{words}</w:t></w:r></w:p></w:tc>"

    first, second = cell("Ocak", '<w:vMerge w:val="restart"/>'), cell("", "<w:vMerge/>")
    one, two = cell("1"), cell("2")
    body = etree.fromstring(
        f'<w:body xmlns:w="{W}"><w:tbl><w:tr>{first}{one}</w:tr>'
        f"<w:tr>{second}{two}</w:tr></w:tbl></w:body>"
    )
    assert list(merged_cells(body).values()) == ["Ocak"]
