from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dipnot.language.folding import fold, fold_with_map
from dipnot.types import Span


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("İLİŞKİLERİ", "iliskileri"),
        ("Türkiye’nin", "turkiye'nin"),
        ("ışık IŞIK", "isik isik"),
        ("Çağrı ÖĞÜT", "cagri ogut"),
        ("“Millî”", '"milli"'),
        ("hâlâ Hâkimiyet", "hala hakimiyet"),
    ],
)
def test_readers_may_leave_out_what_their_keyboard_lacks(text: str, typed: str) -> None:
    assert fold(text) == typed


def test_dotted_and_dotless_i_are_one_letter() -> None:
    assert fold("I") == fold("İ") == fold("ı") == fold("i") == "i"


def test_composed_and_decomposed_letters_fold_alike() -> None:
    assert fold("s\u0327") == fold("ş") == "s"
    assert fold("I\u0307") == fold("İ")


@given(st.text())
def test_every_folded_code_point_knows_where_it_came_from(text: str) -> None:
    folded = fold_with_map(text)
    assert folded.text == fold(text)
    assert len(folded.origin) == len(folded.text) + 1
    assert folded.origin[-1] == len(text)
    assert list(folded.origin) == sorted(folded.origin)
    for char, at in zip(folded.text, folded.origin, strict=False):
        assert char in fold(text[at])


@given(st.text(), st.data())
def test_a_folded_range_maps_back_to_the_text_that_gave_it(text: str, data: st.DataObject) -> None:
    folded = fold_with_map(text)
    start = data.draw(st.integers(0, len(folded.text)))
    end = data.draw(st.integers(start, len(folded.text)))
    span = folded.span(start, end)
    assert 0 <= span.start <= span.end <= len(text)
    assert folded.text[start:end] in fold(text[span.start : span.end])


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_a_word_is_found_behind_letters_that_grow() -> None:
    text = "İİİ ﬁﬁ Kars"
    folded = fold_with_map(text)
    at = folded.text.index("kars")
    assert folded.span(at, at + 4) == Span(7, 11)
    assert text[7:11] == "Kars"
