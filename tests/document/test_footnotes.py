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
        ("Göl1 kurudu.1 Sonra", "Göl1 kurudu. Sonra", 12),
        ("Göl 45 m1 derindi.", "Göl 45 m1 derindi.", None),
    ],
)
def test_a_marker_is_taken_out_where_it_hangs_and_nothing_else_is(
    line: str, left: str, column: int | None
) -> None:
    pages = [page(line, notes=("1 Not",))]
    (running,) = running_lines(pages, *collect_notes(pages))
    assert running.text == left
    assert running.markers == ([] if column is None else [("1", column)])


def test_a_unit_of_measure_is_no_marker_over_a_line_end_either() -> None:
    pages = [page("Evlerin her biri 45", "m2 kadardı.2", notes=("2 Not",))]
    assert [line.text for line in running_lines(pages, *collect_notes(pages))] == [
        "Evlerin her biri 45", "m2 kadardı.",
    ]  # fmt: skip


def test_notes_numbered_anew_on_a_page_with_a_first_marker_are_notes_of_their_own() -> None:
    pages = [
        page("Göl kurudu.1 Yandı.2", notes=("1 Bir", "2 İki")),
        page("Kıyı kaldı.1", notes=("1 Üç", "sürdü")),
        page("Son.", notes=("1 Kasım 1918’de sürdü",)),
    ]
    notes, strays = collect_notes(pages)
    assert [(note.label, note.page, note.lines) for note in notes] == [
        ("1", 0, ["Bir"]), ("2", 0, ["İki"]), ("1", 1, ["Üç", "sürdü", "1 Kasım 1918’de sürdü"]),
    ]  # fmt: skip
    running = running_lines(pages, notes, strays)
    assert [line.text for line in running] == ["Göl kurudu. Yandı.", "Kıyı kaldı.", "Son."]
    assert len({key for line in running for key, _ in line.markers}) == 3
