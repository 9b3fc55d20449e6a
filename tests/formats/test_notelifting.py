"""Lines with the marks of their notes lifted out."""

from __future__ import annotations

from dipnot.formats.notelifting import lift
from dipnot.formats.notesigns import Unit, find_signs
from dipnot.formats.raised import RAISED
from dipnot.types import Line, Mark, SourcePage


def pages(text: str) -> list[SourcePage]:
    """A page of lines; an empty one parts blocks."""
    return [SourcePage(tuple(Line(t, n) for n, t in enumerate(text.split("\n"), 1)))]


def tied(source: list[SourcePage]) -> list[Unit]:
    """The signs of pages, every opener taken for a note and tied by its label."""
    units = find_signs(source)
    for number, unit in enumerate(units):
        if unit.opener is not None:
            unit.opener.key = f"n{unit.opener.label}"
            unit.note = unit.opener
            assert unit.opener.unit == number
    keys = {unit.note.label: unit.note.key for unit in units if unit.note}
    for unit in units:
        for marker in unit.markers:
            marker.key = keys.get(marker.label, "")
    return units


def test_marks_are_cut_out_and_hang_where_they_stood_and_notes_lose_their_labels() -> None:
    source = pages("Göl kurudu [1]. Kıyı kaldı.\n\n[1] Bekçi defteri.")
    (page,) = lift(source, tied(source))
    (line,) = [found for found in page.lines if found.text]
    assert line.text == "Göl kurudu. Kıyı kaldı."
    assert [(m.key, line.text[: m.column]) for m in line.marks] == [("n1", "Göl kurudu")]
    (note,) = page.notes
    assert (note.text, note.note) == ("Bekçi defteri.", Mark("n1", "1"))


def test_marks_that_lead_to_no_note_stay_in_the_text() -> None:
    source = pages("Göl kurudu [1]. Kıyı kaldı.")
    assert lift(source, tied(source)) == tuple(source)


def test_a_line_of_nothing_but_a_mark_hangs_it_on_the_line_before() -> None:
    source = pages("Göl kurudu\n[1]")
    units = find_signs(source)
    for unit in units:
        unit.opener = None
        for marker in unit.markers:
            marker.key = "n1"
    (page,) = lift(source, units)
    assert [(line.text, [m.column for m in line.marks]) for line in page.lines] == [
        ("Göl kurudu", [10])
    ]


def test_what_is_raised_and_no_mark_becomes_text() -> None:
    source = [SourcePage((Line("Alan 40 m idi.", 1, marks=(Mark(RAISED, "2", 9),)),))]
    (page,) = lift(source, find_signs(source))
    assert page.lines == (Line("Alan 40 m² idi.", 1),)
