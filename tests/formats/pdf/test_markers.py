"""Labels of notes as they are printed, and which marker belongs to which note."""

from __future__ import annotations

import pytest

from dipnot.formats.pdf.layout import Region
from dipnot.formats.pdf.letters import Word
from dipnot.formats.pdf.markers import (
    Note,
    by_marker,
    label_of,
    markers_in,
    take_marks,
    tie,
    without_label,
)
from dipnot.formats.pdf.rows import Row
from format_files import line


def raised(text: str, x: float, *, space: bool = False) -> Word:
    return Word(text, x, x + 3.0, 704.0, 6.0, 400, space=space)


def marked(text: str, label: str, rest: str = "") -> Row:
    """A row with a label raised behind its text."""
    words = line(text, 700.0)
    mark = raised(label, words[-1].x1)
    return Row([*words, mark, *line(rest, 700.0, x=mark.x1 + 5.0)])


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("1 Bir not.", "1"), ("12. Bir not.", "12"), ("[3] Bir not.", "3"), ("* Bir not.", "*"),
        ("¹Bir not.", "1"), ("Göl kurudu.", None), ("1887 yılında", None),
    ],
)  # fmt: skip
def test_a_row_opens_with_a_label_of_any_make_or_with_none(text: str, label: str | None) -> None:
    assert label_of(Row(line(text, 700.0))) == label


def test_a_label_on_the_line_does_not_count_where_only_a_raised_one_does() -> None:
    assert label_of(Row(line("1 Bir not.", 700.0)), raised=True) is None
    row = Row([raised("1", 46.0), *line("Bir not.", 700.0)])
    assert label_of(row, raised=True) == "1"
    rest = without_label(row)
    assert rest is not None
    assert rest.text == "Bir not."


def test_behind_a_word_a_raised_figure_is_likely_a_marker_and_behind_a_unit_a_power() -> None:
    found = [
        [(m.label, m.likely) for m in markers_in([Region([marked(text, "2")])])]
        for text in ("göl kurudu", "alan 12 km")
    ]
    assert found == [[("2", True)], [("2", False)]]


def test_each_note_takes_the_next_marker_of_its_label() -> None:
    rows = [marked("göl kurudu", "1"), marked("kıyı kaldı", "2"), marked("köy yandı", "1")]
    notes = [Note("a", "1"), Note("b", "2"), Note("c", "1"), Note("d", "9")]
    tie(notes, list(markers_in([Region(rows)])))
    marks = [row.words[-1] for row in rows]
    assert [note.marker for note in notes[:3]] == [marks[0], marks[1], marks[2]]
    assert notes[3].marker is None


def test_a_marker_is_cut_out_of_its_row_where_it_hung_and_a_power_is_not() -> None:
    row = marked("göl kurudu", "1", "ve kaldı")
    note = Note("a", "1", marker=row.words[2])
    text, marks = take_marks(row, 1, by_marker([note]))
    assert text.startswith("göl kurudu")
    assert "1" not in text
    assert [(mark.key, text[: mark.column]) for mark in marks] == [("a", "göl kurudu")]
    power, marks = take_marks(marked("alan 12 km", "2"), 1, by_marker([note]))
    assert (power, marks) == ("alan 12 km²", ())


def test_a_lowered_figure_is_part_of_its_word_and_a_lowered_letter_stays_as_it_is() -> None:
    words = line("tank CO", 700.0)
    two = Word("2", words[-1].x1, words[-1].x1 + 3.0, 698.5, 6.0, 400, space=False)
    assert take_marks(Row([*words, two]), 0, {}) == ("tank CO₂", ())
    letter = Word("n", two.x0, two.x1, 698.5, 6.0, 400, space=False)
    assert take_marks(Row([*words, letter]), 0, {}) == ("tank COn", ())


def test_a_marker_and_the_stop_behind_it_open_no_note() -> None:
    assert label_of(Row([raised("(1)", 46.0), *line(". …", 700.0)])) is None
