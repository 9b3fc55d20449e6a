"""Endnotes of a PDF: a list whose numbers are those of markers before it."""

from __future__ import annotations

import pytest

from dipnot.formats.pdf import endnotes
from dipnot.formats.pdf.endnotes import lift_endnotes
from dipnot.formats.pdf.layout import PageLayout, Region
from dipnot.formats.pdf.letters import Word
from dipnot.formats.pdf.markers import label_of
from dipnot.formats.pdf.rows import Row
from format_files import line

LABELS = ("1", "2", "3")


def body(labels: tuple[str, ...] = LABELS) -> list[Row]:
    """Rows of text, those of the first labels marked by a raised figure."""
    rows = []
    for n in range(15):
        y = 700.0 - 12 * n
        words = line("köylüler kıyıya yeni evler yaptı", y)
        if n < len(labels):
            x = words[-1].x1
            words.append(Word(labels[n], x, x + 3.0, y + 4.0, 6.0, 400, space=False))
        rows.append(Row(words))
    return rows


def listed(*texts: str) -> list[Row]:
    return [Row(line(text, 400.0 - 12 * n)) for n, text in enumerate(texts)]


NOTES = ("1 Bekçi defteri.", "2 Köy sicili, 1887", "ve sonrası.", "3 Kıyı haritası.")


def lifted(*rows: Row) -> tuple[list[tuple[str, str]], int]:
    """Label and words of each endnote, and how many rows are left in the text."""
    layout = PageLayout(regions=[Region(list(rows))])
    notes = lift_endnotes([layout], [])
    assert all(note.marker is not None and note.marker.text == note.label for note in notes)
    told = [(note.label, " ".join(row.text for _, row in note.rows)) for note in notes]
    return told, len(layout.regions[0].rows)


def test_a_list_of_the_markers_numbers_is_lifted_out_of_the_text() -> None:
    found, left = lifted(*body(), *listed(*NOTES))
    assert found == [
        ("1", "Bekçi defteri."), ("2", "Köy sicili, 1887 ve sonrası."), ("3", "Kıyı haritası."),
    ]  # fmt: skip
    assert left == 15


def test_a_single_note_is_one_under_a_heading_that_says_so_only() -> None:
    one = ("1",)
    assert lifted(*body(one), *listed("NOTLAR", "1 Bekçi defteri."))[0] == [("1", "Bekçi defteri.")]
    assert lifted(*body(one), *listed("1 Bekçi defteri."))[0] == []


def test_a_list_without_markers_in_the_text_stays_text() -> None:
    assert lifted(*body(()), *listed(*NOTES)) == ([], 19)
    assert lifted(*body(("7", "8", "9")), *listed(*NOTES)) == ([], 19)


def test_a_numbered_heading_opens_no_list_of_notes() -> None:
    heads = [Row(line("1 Kıyı", 450.0, size=14.0)), Row(line("2 Notlar", 430.0, size=14.0))]
    found, _ = lifted(*body(), *heads, *listed("1. Bekçi defteri.", "2. Köy.", "3. Kıyı."))
    assert [text for _, text in found] == ["Bekçi defteri.", "Köy.", "Kıyı."]


def test_a_list_is_read_no_further_than_a_note_may_be_long(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = 0

    def counting(row: Row) -> str | None:
        nonlocal asked
        asked += 1
        return label_of(row)

    monkeypatch.setattr(endnotes, "label_of", counting)
    counts = []
    for articles in (400, 800):
        asked = 0
        found, left = lifted(*body(("1",)), *listed(*["1. Madde böyle der."] * articles))
        assert (found, left) == ([], 15 + articles)
        counts.append(asked)
    assert counts[1] < 2.3 * counts[0]
