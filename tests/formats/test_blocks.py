"""Blocks of a format that tells its structure: white space, markers, notes and pages."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dipnot.formats.blocks import Draft, Text


def text(*pieces: str) -> Text:
    made = Text()
    for piece in pieces:
        made.add(piece)
    return made


@given(st.lists(st.text("a \n\t\u200b.", max_size=6), max_size=6))
def test_white_space_is_one_space_however_it_is_cut_into_pieces(pieces: list[str]) -> None:
    words, _ = text(*pieces).take()
    assert words == " ".join("".join(pieces).replace("\u200b", "").split())


def test_a_marker_before_a_full_stop_leaves_no_space_before_it() -> None:
    made = text("Göl kurudu ")
    made.mark("n1", "1")
    made.add(". Son")
    words, marks = made.take()
    assert words == "Göl kurudu. Son"
    assert [(m.key, words[: m.column]) for m in marks] == [("n1", "Göl kurudu")]
    assert not made


def test_a_note_stands_on_the_page_where_its_marker_first_hangs_and_unmarked_ones_last() -> None:
    draft = Draft()
    for key in ("b", "a", "c"):
        draft.add_note(text(f"Not {key}"), key, key, 1)
    marked = text("Göl")
    marked.mark("a", "1")
    draft.add(marked, "paragraph", 1)
    draft.turn_page("xii")
    marked = text("Kıyı")
    marked.mark("b", "2")
    marked.mark("a", "1")
    draft.add(marked, "paragraph", 2)
    pages = draft.source_pages()
    assert [[line.text for line in page.notes] for page in pages] == [
        ["Not a"], ["Not b", "Not c"],
    ]  # fmt: skip
    assert [page.label for page in pages] == [None, "xii"]


def test_a_block_that_a_page_cuts_goes_on_and_the_number_typed_before_a_note_is_left_out() -> None:
    draft = Draft()
    draft.add(text("Göl"), "paragraph", 1)
    draft.turn_page(inside=True)
    draft.add(text("kurudu."), "paragraph", 1)
    draft.add(text("Son."), "paragraph", 2)
    draft.add_note(text("[1] Bir."), "n", "1", 3)
    _, second = draft.source_pages()
    assert [line.joins for line in second.lines] == [True, False]
    assert [line.text for line in second.notes] == ["Bir."]
