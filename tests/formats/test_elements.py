"""What an HTML element is, by its name, class and style."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import html

from dipnot.formats.elements import (
    is_bold,
    is_centred,
    is_page_number,
    is_unseen,
    names_columns,
    page_label,
)


def element(text: str) -> Any:
    return html.fragment_fromstring(text)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ('<span class="pagenum">[Pg 14]</span>', "14"), ('<a id="Page_xii"></a>', "xii"),
        ('<span role="doc-pagebreak" aria-label="7"></span>', "7"),
        ('<span class="page">s. 9</span>', "9"), ('<span class="page">Göl kurudu</span>', None),
        ('<span class="pagenum">Göl kurudu ve kıyı kaldı.</span>', None), ("<p>14</p>", None),
        ('<p class="pb-4">Kim geldi?</p>', None), ('<span class="pb-1 b">1923</span>', None),
        ('<span class="page-break">Göl kurudu.</span>', None), ('<div class="pb"></div>', ""),
        ('<span class="ws-pagenum">— xii —</span>', "xii"),
        ('<b class="pagenum">\u200b</b>', "\u200b"),
    ],
)  # fmt: skip
def test_a_printed_page_begins_where_an_element_says_so(text: str, label: str | None) -> None:
    found = element(text)
    assert is_page_number(found) == (label is not None)
    assert label is None or page_label(found) == label


@pytest.mark.parametrize(
    ("text", "unseen"),
    [
        ("<script>x</script>", True), ("<nav>x</nav>", True), ("<p hidden>x</p>", True),
        ('<p style="display: none">x</p>', True), ('<p aria-hidden="true">x</p>', True),
        ('<div role="search">x</div>', True), ("<p>x</p>", False),
        ('<span class="mwe-math" style="display: none">x</span>', False),
        ("<form>Ad <input> <textarea>a</textarea> <button>Yolla</button></form>", True),
        (f'<form><input type="hidden"><input><div>{"Göl kurudu. " * 20}</div></form>', False),
        ("<form><p>x</p></form>", False), ("<button>x</button>", True),
    ],
)  # fmt: skip
def test_what_a_reader_does_not_see_is_no_text(text: str, *, unseen: bool) -> None:
    assert is_unseen(element(text)) == unseen


def test_looks_come_from_the_name_or_the_style() -> None:
    for text in ("<b>x</b>", "<strong>x</strong>", '<i style="Font-Weight: 700">x</i>'):
        assert is_bold(element(text))
    assert not is_bold(element('<i style="font-weight: 400">x</i>'))
    for text in (
        "<center>x</center>",
        '<p align="CENTER">x</p>',
        '<p style="text-align: center">x',
    ):
        assert is_centred(element(text))
    assert not is_centred(element("<p>x</p>"))


def test_a_row_of_header_cells_or_in_the_head_of_a_table_names_columns() -> None:
    rows = [
        *element("<table><thead><tr><td>a</td></tr></thead></table>").iter("tr"),
        *element("<table><tr><th>a</th></tr><tr><th>a</th><td>1</td></tr><tr></tr></table>").iter(
            "tr"
        ),
    ]
    assert [names_columns(row) for row in rows] == [True, True, False, False]
