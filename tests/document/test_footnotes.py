"""Footnotes out of printed lines: where one begins, goes on, and hangs."""

from __future__ import annotations

import pytest

from dipnot.document.footnotes import collect_notes, running_lines
from dipnot.types import Line, SourcePage


def page(*lines: str, notes: tuple[str, ...] = ()) -> SourcePage:
    return SourcePage(
        tuple(Line(text, n) for n, text in enumerate(lines, start=1)),
        tuple(Line(text, 100 + n) for n, text in enumerate(notes)),
    )


def test_a_note_goes_on_until_the_next_number_and_over_pages() -> None:
    pages = [
        page(notes=("1 Bir not", "1923 yılında sürdü", "2 İkinci")), page(notes=("orada sürdü",)),
    ]  # fmt: skip
    notes, strays = collect_notes(pages)
    assert [(note.label, note.page, note.lines) for note in notes] == [
        ("1", 0, ["Bir not", "1923 yılında sürdü"]), ("2", 0, ["İkinci", "orada sürdü"]),
    ]  # fmt: skip
    assert strays == {}


def test_lines_before_the_first_note_are_running_text_after_all() -> None:
    pages = [page("Metin.", notes=("Dizgi satırı", "7 Not"))]
    notes, strays = collect_notes(pages)
    assert [note.label for note in notes] == ["7"]
    assert [line.text for line in running_lines(pages, notes, strays)] == ["Metin.", "Dizgi satırı"]


@pytest.mark.parametrize(
    ("line", "left", "column"),
    [
        ("Göl kurudu.1 Sonra", "Göl kurudu. Sonra", 11),
        ("Göl1 kurudu", "Göl kurudu", 3),
        ("Göl 1 kez kurudu", "Göl 1 kez kurudu", None),
        ("Göl (s.1) kurudu", "Göl (s.1) kurudu", None),
        ("Göl12 kurudu", "Göl12 kurudu", None),
    ],
)
def test_a_marker_is_taken_out_where_it_hangs_and_nothing_else_is(
    line: str, left: str, column: int | None
) -> None:
    pages = [page(line, notes=("1 Not",))]
    (running,) = running_lines(pages, *collect_notes(pages))
    assert running.text == left
    assert running.markers == ([] if column is None else [("1", column)])
