"""Headings of a PDF."""

from __future__ import annotations

from dipnot.formats import read_pages
from format_files import pdf


def test_larger_print_is_a_heading_and_the_largest_of_it_the_title() -> None:
    content = (
        "BT /F 20 Tf 50 700 Td (Mills of the Valley) Tj /F 14 Tf 0 -40 Td (The Lake) Tj "
        "/F 10 Tf 0 -30 Td (The lake dried up and the villagers moved away.) Tj "
        "/F 14 Tf 0 -40 Td (The Mill) Tj /F 10 Tf 0 -30 Td (The mill burned in that year.) Tj ET"
    )
    (page,) = read_pages("a.pdf", pdf([content]))
    assert [(line.text, line.role) for line in page.lines if line.role != "paragraph"] == [
        ("Mills of the Valley", "title"),
        ("The Lake", "heading"),
        ("The Mill", "heading"),
    ]
