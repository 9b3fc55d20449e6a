"""Headings of a PDF."""

from __future__ import annotations

from dipnot.formats import read_pages
from format_files import lines, pdf


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


def test_paragraphs_of_sentences_in_larger_print_are_text() -> None:
    said = (
        "The lake dried up and the villagers moved.",
        "The mill burned down in the year of the war.",
        "Nobody has come back to the shore since then.",
    )
    small = lines(*["The wells were dug by hand and cleaned each spring."] * 12, top=580)
    large = "\n".join(lines(text, top=300 - 40 * n, size=12) for n, text in enumerate(said))
    head = lines("The Lake", top=360, size=12)
    (page,) = read_pages("a.pdf", pdf([f"{small}\n{head}\n{large}"]))
    (lone,) = read_pages("a.pdf", pdf([f"{small}\n{lines(said[0], top=300, size=12)}"]))
    assert [line.text for line in page.lines if line.role == "heading"] == ["The Lake"]
    assert [line.text for line in lone.lines if line.role == "heading"] == [said[0]]
