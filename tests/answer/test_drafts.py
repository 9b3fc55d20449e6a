"""A stream into sentences: however it comes in pieces, the same; and when it is enough."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dipnot.answer.drafts import LONGEST, MOST, Draft, DraftEnded, draft_of, drafts_of

DRAFT = (
    "<think>I wonder.\nHm.</think>The lake was drained in 1887. [1] Dr. Smith saw it [2][3].\n"
    "* **Bold** one [1, 2].\n1. Listed one [4].\n\nGöl 19. yüzyılda kurudu.\n[5]\nAnd so on [2]"
)
SENTENCES = [
    ("The lake was drained in 1887 [1].", (1,)),
    ("Dr. Smith saw it [2] [3].", (2, 3)),
    ("Bold one [1] [2].", (1, 2)),
    ("Listed one [4].", (4,)),
    ("Göl 19. yüzyılda kurudu [5].", (5,)),
    ("And so on [2].", (2,)),
]


@given(st.lists(st.integers(1, 40), min_size=1))
def test_however_a_draft_is_cut_into_pieces_its_sentences_are_the_same(sizes: list[int]) -> None:
    pieces: list[str] = []
    at = 0
    while at < len(DRAFT):
        size = sizes[len(pieces) % len(sizes)]
        pieces.append(DRAFT[at : at + size])
        at += size
    assert [(d.text, d.citations) for d in drafts_of(pieces)] == SENTENCES


@given(st.lists(st.text(alphabet="ab1[]. \n*<>#!-“,", max_size=12), max_size=40))
def test_any_stream_gives_sentences_or_ends(pieces: list[str]) -> None:
    try:
        found = list(drafts_of(pieces))
    except DraftEnded:
        return
    assert all(d.bare and "“" not in d.text and "\n" not in d.text for d in found)


def test_a_sentence_is_given_as_soon_as_the_next_has_begun() -> None:
    taken = 0

    def pieces() -> object:
        nonlocal taken
        for piece in ("One is here [1].", " ", "Two", " is not."):
            taken += 1
            yield piece

    drafts = drafts_of(pieces())  # type: ignore[arg-type]
    assert next(drafts).text == "One is here [1]."
    assert taken == 3


@pytest.mark.parametrize(
    ("draft", "kept"),
    [
        ("It is so [1]. " * 3, 1),
        ("No stop at all " * LONGEST, 0),
        (" ".join(f"Word{chr(97 + n)} is here." for n in range(MOST + 3)), MOST),
        ("<think>" + "so " * 10_000, 0),
    ],
)
def test_what_repeats_itself_or_goes_on_is_ended(draft: str, kept: int) -> None:
    found: list[Draft] = []
    drafts = drafts_of([draft[i : i + 50] for i in range(0, len(draft), 50)])
    with pytest.raises(DraftEnded):
        found.extend(iter(lambda: next(drafts), None))
    assert len(found) <= kept


@pytest.mark.parametrize("size", [1, 7, 100])
@pytest.mark.parametrize(
    "draft",
    [
        "It is so [1]. <think>Is it? I am not sure. It may be",
        "It is so [1].<think>Is it? I am not sure.",
        "<think>Is it?</think>It is so [1]. <think>Or is it? I am",
        "It is <think>Is it? I am not sure. It may be.</think> so [1].",
    ],
)
def test_a_thought_is_no_sentence_wherever_it_stands_and_however_it_ends(
    draft: str, size: int
) -> None:
    pieces = [draft[i : i + size] for i in range(0, len(draft), size)]
    assert [d.text for d in drafts_of(pieces)] == ["It is so [1]."]


def test_citations_stand_before_the_stop_and_quotation_marks_are_no_signs_of_a_quotation() -> None:
    draft = draft_of("“It” was 1887! [1, 1; 3]")
    assert draft.text == "’It’ was 1887 [1] [3]!"
    assert draft.bare == "’It’ was 1887!"
    assert draft_of("[1] [2]").bare == ""
