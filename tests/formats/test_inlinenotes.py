"""Notes typed into the sentence that they explain."""

from __future__ import annotations

from dipnot.formats.inlinenotes import lift_inline
from dipnot.types import Line, Mark, SourcePage


def lifted(*texts: str) -> tuple[list[str], list[tuple[str, str, str]]]:
    """Lift the notes of lines; give the lines, and label, text and what each note hangs behind."""
    lines = tuple(Line(text, i) for i, text in enumerate(texts, start=1))
    (page,) = lift_inline([SourcePage(lines)])
    hung = {mark.key: line.text[: mark.column] for line in page.lines for mark in line.marks}
    notes = [(n.note.label, n.text, hung[n.note.key]) for n in page.notes if n.note]
    return [line.text for line in page.lines], notes


def test_a_note_inside_a_line_hangs_where_it_stood() -> None:
    text = "The quay [Footnote 1: Built in 1811 [sic].] was long.[Footnote: It is said.] It sank."
    assert lifted(text) == (
        ["The quay was long. It sank."],
        [
            ("1", "Built in 1811 [sic].", "The quay"),
            ("*", "It is said.", "The quay was long."),
        ],
    )


def test_a_note_over_several_lines_leaves_what_stands_around_it() -> None:
    found = lifted("Han yandı.[Dipnot 2: Vakıf", "senedi,", "1702.] Hancı kaçtı.", "Yol kapandı.")
    assert found == (
        ["Han yandı.", "Hancı kaçtı.", "Yol kapandı."],
        [("2", "Vakıf senedi, 1702.", "Han yandı.")],
    )


def test_what_is_not_closed_or_opens_a_line_is_left() -> None:
    texts = ["[Footnote 1: A note below.]", "A word [Footnote 2: never", "", "closed.]"]
    assert lifted(*texts) == (texts, [])


def test_marks_behind_a_note_move_with_their_words() -> None:
    line = Line("Göl [Dipnot 1: Derin.] kurudu.", 1, marks=(Mark("x", "2", 29),))
    (page,) = lift_inline([SourcePage((line,))])
    assert [page.lines[0].text[: m.column] for m in page.lines[0].marks] == ["Göl", "Göl kurudu"]
