"""Which rows of a table name its columns."""

from __future__ import annotations

import pytest

from dipnot.document.build import make_document
from dipnot.formats import read_pages
from dipnot.formats.columns import NAMED, NAMES, name_columns
from dipnot.index.passages import make_passages
from dipnot.types import Document, Line, Source

ROWS = "<tr><td>1856</td><td>Kıyı. Dr. Su.</td></tr><tr><td>1857</td><td>Ada</td></tr></table>"


TABLES = {
    "a.html": f"<table><tr><th>Yıl</th><th>Fener</th></tr>{ROWS}",
    "a.md": "| Yıl | Fener |\n|---|---|\n| 1856 | Kıyı. Dr. Su. |\n| 1857 | Ada |\n",
    "b.html": f"<table><tr><td>Yıl</td><td>Fener</td></tr>{ROWS}",
}


def read(name: str, data: str | bytes) -> Document:
    raw = data.encode() if isinstance(data, str) else data
    return make_document(Source(name, "a"), read_pages(name, raw))


def texts(document: Document, kind: str) -> list[str]:
    return [document.text[slice(*p.span)] for p in document.paragraphs if p.kind == kind]


def levels(*rows: str, bold: tuple[int, ...] = (), said: int = 0) -> list[int]:
    lines = [Line(row, n, level=NAMES if n < said else 0) for n, row in enumerate(rows)]
    return [row.level for row in name_columns(lines, [n in bold for n in range(len(rows))])]


@pytest.mark.parametrize("name", TABLES)
def test_a_row_of_a_table_is_whole_and_knows_what_its_columns_are_called(name: str) -> None:
    document = read(name, TABLES[name])
    assert texts(document, "list") == ["Yıl | Fener", "1856 | Kıyı. Dr. Su.", "1857 | Ada"]
    rows = [p for p in make_passages(document) if p.headings]
    assert {p.headings for p in rows} == {("Yıl | Fener",)}
    assert rows[0].text == "1856 | Kıyı. Dr. Su."
    assert len(rows[0].sentences) == 1


def test_a_table_of_words_alone_names_no_columns() -> None:
    rows = "".join(f"<tr><td>{name}</td><td>var</td></tr>" for name in ("Göl", "Kıyı", "Ada"))
    document = read("a.html", f"<table>{rows}</table>")
    assert {p.headings for p in make_passages(document)} == {()}


def test_words_over_rows_of_figures_name_the_columns() -> None:
    assert levels("Yıl | Ad", "1856 | Su", "1857 | Ada") == [NAMES, NAMED, NAMED]
    assert levels("1855 | Ad", "1856 | Su", "1857 | Ada") == [0, 0, 0]


def test_a_bold_row_over_others_that_are_not_names_them() -> None:
    assert levels("Göl | Kıyı", "var | yok", bold=(0,)) == [NAMES, NAMED]
    assert levels("Göl | Kıyı", "var | yok", bold=(0, 1)) == [0, 0]


def test_what_the_format_says_goes_first_but_rows_of_names_alone_name_nothing() -> None:
    assert levels("a | b", "c | d", "e | f", said=2) == [NAMES, NAMES, NAMED]
    assert set(levels("a | b", "c | d", said=2)) <= {0, NAMES}
    assert NAMED not in levels("a | b", "c | d", said=2)
