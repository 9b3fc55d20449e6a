"""Markdown by itself: blocks in their roles, and notes under their markers."""

from __future__ import annotations

import pytest

from dipnot.formats.markdown import read


def test_each_block_has_its_role_and_headings_their_level() -> None:
    (page,) = read("a.md", b"# G\n\n## H\n\nThe *lake*\ndried.\n\n- one\n- two\n\n> Said.\n")
    assert [(line.text, line.role) for line in page.lines] == [
        ("G", "heading"), ("H", "heading"), ("The lake dried.", "paragraph"), ("one", "list"),
        ("two", "list"), ("Said.", "quotation"),
    ]  # fmt: skip
    assert [line.level for line in page.lines[:2]] == [1, 2]


def test_sources_on_lines_of_their_own_in_one_paragraph_are_one_each() -> None:
    listed = "Hale, M. (2003). *Drove*.\nNorthern Press.\nAda Gül, K. (1998). Kıyı.\n"
    for heading, n in (("References", 2), ("Story", 1)):
        (page,) = read("a.md", f"# G\n\n## {heading}\n\n{listed}".encode())
        assert len(page.lines) == 2 + n
    (page,) = read("a.md", f"# G\n\n## References\n\n{listed}".encode())
    assert page.lines[-2].text == "Hale, M. (2003). Drove. Northern Press."


def test_a_note_hangs_where_its_marker_stood() -> None:
    (page,) = read("a.md", b"The lake[^a] dried.\n\n[^a]: A note.\n")
    (line,), (note,) = page.lines, page.notes
    assert line.text == "The lake dried."
    assert [line.text[: mark.column] for mark in line.marks] == ["The lake"]
    assert note.text == "A note."
    assert note.note is not None
    assert note.note.key == line.marks[0].key


def test_a_head_without_fences_is_about_the_text() -> None:
    (page,) = read("a.md", b"Title: The Mill\nAuthor: J. Hale\nDate: 4 May 1931\n\nIt burned.\n")
    assert page.about is not None
    assert (page.about.title, page.about.author, page.about.year) == ("The Mill", "J. Hale", "1931")
    assert "It burned." in [line.text for line in page.lines]
    assert not any("Title:" in line.text for line in page.lines)


def test_a_page_number_in_a_piece_of_html_cuts_no_paragraph() -> None:
    text = "<p>Göl <span class='pagenum'>12</span> o yıl kurudu.</p><p>Kıyı kaldı.</p>\n\n"
    text += "<!-- -->\n\nSon.\n"
    (page,) = read("a.md", text.encode())
    assert [line.text for line in page.lines] == ["Göl o yıl kurudu.", "Kıyı kaldı.", "Son."]


@pytest.mark.parametrize("behind", ["\n\n", "\n"])
def test_a_rule_on_top_is_no_head(behind: str) -> None:
    text = f"---{behind}Birinci bölüm burada.\n\nNot: Kısa.\n\n---\n\nİkinci bölüm.\n"
    (page,) = read("a.md", text.encode())
    assert [line.text for line in page.lines] == [
        "Birinci bölüm burada.", "Not: Kısa.", "İkinci bölüm.",
    ]  # fmt: skip


def test_a_rule_on_top_and_a_labelled_paragraph_are_no_head() -> None:
    text = "---\nÖzet: Göl anlatılır.\n\nGöl kurudu. Köy kaldı.\n\n---\n\n# Giriş\n\nSon.\n"
    (page,) = read("a.md", text.encode())
    assert [line.text for line in page.lines] == [
        "Özet: Göl anlatılır.", "Göl kurudu. Köy kaldı.", "Giriş", "Son.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "head",
    [
        "---\r\ntitle: Göl\r\nauthor: A. Su\r\n---\r\n",
        "---\n\ntitle: Göl\n\nauthor: A. Su\n---\n",
        '+++\r\ntitle = "Göl"\r\nauthor = "A. Su"\r\n+++\r\n',
        "---\ntitle: Göl\nauthor: A. Su\nog:image: a.png\n$schema: b\nurl:c\n<<: *d\n---\n",
        "---\rtitle: Göl\rauthor: A. Su\r---\r",
        "---\ntags: [a,\n  b\n]\ntitle: Göl\nauthor:\n- A. Su\nözet: |\n  Bir.\n\n  O.\n---\n",
    ],
)  # fmt: skip
def test_a_head_is_read_whatever_ends_its_lines_and_with_empty_ones(head: str) -> None:
    (page,) = read("a.md", f"{head}\nKurudu.\n".encode())
    assert page.about is not None
    assert (page.about.title, page.about.author) == ("Göl", "A. Su")
    assert [line.text for line in page.lines] == ["Göl", "A. Su", "Kurudu."]


@pytest.mark.parametrize(
    "head",
    [
        '---\n# taslak\n"title": Göl\nyazar: Ali\n---\n', "---\nbaşlık: Göl\ntitle: Göl\n---\n",
        '+++\n[extra]\ntitle = "Göl"\n+++\n',
    ],
)  # fmt: skip
def test_a_head_opens_with_a_field_or_a_comment(head: str) -> None:
    (page,) = read("a.md", f"{head}\nKurudu.\n".encode())
    assert "Kurudu." in [line.text for line in page.lines]
    assert not any("taslak" in line.text or "=" in line.text for line in page.lines)
