"""Markdown by itself: blocks in their roles, and notes under their markers."""

from __future__ import annotations

from dipnot.formats.markdown import read


def test_each_block_has_its_role_and_headings_their_level() -> None:
    (page,) = read("a.md", b"# G\n\n## H\n\nThe *lake*\ndried.\n\n- one\n- two\n\n> Said.\n")
    assert [(line.text, line.role) for line in page.lines] == [
        ("G", "heading"), ("H", "heading"), ("The lake dried.", "paragraph"), ("one", "list"),
        ("two", "list"), ("Said.", "quotation"),
    ]  # fmt: skip
    assert [line.level for line in page.lines[:2]] == [1, 2]


def test_a_note_hangs_where_its_marker_stood() -> None:
    (page,) = read("a.md", b"The lake[^a] dried.\n\n[^a]: A note.\n")
    (line,), (note,) = page.lines, page.notes
    assert line.text == "The lake dried."
    assert [line.text[: mark.column] for mark in line.marks] == ["The lake"]
    assert note.text == "A note."
    assert note.note is not None
    assert note.note.key == line.marks[0].key
