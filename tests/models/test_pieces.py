"""The tokenizer: what the library makes of the same text, and where each piece stands in it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from dipnot.models.bundled import bundled_model, default_cache
from dipnot.models.pieces import UNKNOWN, Pieces
from dipnot.types import Span

LISTED = [
    *((special, 0.0) for special in ("<s>", "<pad>", "</s>", "<unk>")),
    *(("▁", -3.0), ("a", -4.0), ("b", -4.0), ("▁ab", -2.0), ("bb", -2.5), ("é", -5.0)),
    *(("fi", -3.0), ("f", -4.0), ("i", -4.0), ("?", -4.0), ("<", -4.0), ("s", -4.0), (">", -4.0)),
    ("<mask>", 0.0),
]
NUMBER = {piece: number for number, (piece, _) in enumerate(LISTED)}
TEXTS = (
    "Moskova Antlaşması 16 Mart 1921’de imzalandı; Türkiye’nin doğu sınırını belirledi.",
    "İSTANBUL ığdır IĞDIR  dâhi\nkâr\tÇiçerin (ö. 1936) — “Şark” §4 ½ ﬁrka №5…",
    "When was the Treaty of Moscow signed?  e\u0301tude, A\u030a, \u00a0x\u200bz \u00ad-",
    "中国 Ωμέγα Москва العربية हिन्दी 한국어 😀 \U0001d400",
    "a" * 90,
)


def cut(text: str) -> list[tuple[str, str]]:
    """Each piece with the part of the text that it stands for."""
    numbers, spans = Pieces(*zip(*LISTED, strict=True)).cut(text)
    return [(LISTED[n][0], text[slice(*span)]) for n, span in zip(numbers, spans, strict=True)]


def test_a_word_is_cut_into_its_likeliest_pieces() -> None:
    assert cut("abbb a") == [("▁ab", "ab"), ("bb", "bb"), ("▁", "a"), ("a", "a")]
    assert cut("ab  b") == [("▁ab", "ab"), ("▁", "b"), ("b", "b")]


def test_unknown_letters_that_follow_one_another_are_one_piece() -> None:
    numbers, spans = Pieces(*zip(*LISTED, strict=True)).cut("axyzb")
    assert numbers == [NUMBER["▁"], NUMBER["a"], UNKNOWN, NUMBER["b"]]
    assert spans[2] == Span(1, 4)


def test_special_pieces_stand_for_no_text() -> None:
    assert [piece for piece, _ in cut("<s>")] == ["▁", "<", "s", ">"]
    assert all(
        number == UNKNOWN or number > 3
        for number in Pieces(*zip(*LISTED, strict=True)).cut("<mask>")[0]
    )


def test_letters_of_another_form_keep_the_place_they_came_from() -> None:
    assert cut("a e\u0301 \ufb01b")[3:] == [
        ("é", "e\u0301"),
        ("▁", "\ufb01"),
        ("fi", "\ufb01"),
        ("b", "b"),
    ]


@given(text=st.text(max_size=40))
def test_places_lie_in_the_text_one_behind_the_other(text: str) -> None:
    numbers, spans = Pieces(*zip(*LISTED, strict=True)).cut(text)
    assert len(numbers) == len(spans)
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert [s.start for s in spans] == sorted(s.start for s in spans)


@pytest.mark.model
def test_pieces_and_places_are_the_librarys() -> None:
    file = bundled_model(default_cache()) / "tokenizer.json"
    library = Tokenizer.from_file(str(file))
    listed = [tuple(pair) for pair in json.loads(file.read_text("utf-8"))["model"]["vocab"]]
    ours = Pieces(*zip(*listed, strict=True))
    for text in TEXTS:
        expected = library.encode(text, add_special_tokens=False)
        numbers, spans = ours.cut(text)
        assert numbers == expected.ids
        if "\u0301" not in text:  # a letter and the marks on it: the library gives the letter
            assert [(s.start, s.end) for s in spans] == expected.offsets
