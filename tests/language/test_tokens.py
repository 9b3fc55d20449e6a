from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dipnot.language.tokens import PREFIX, STOPWORDS, index_terms


def test_a_word_is_found_however_it_is_inflected_and_typed() -> None:
    assert index_terms("Antlaşması’nın") == index_terms("ANTLAŞMA") == index_terms("antlasmalar")


def test_case_of_the_turkish_i_makes_no_difference() -> None:
    assert index_terms("IŞIKLI İNCİRLİ") == index_terms("ışıklı incirli")


def test_what_follows_an_apostrophe_is_left_out() -> None:
    assert index_terms("Türkiye’nin Kars'a 1921'de") == ["turki", "kars", "1921"]


def test_numbers_stay_whole() -> None:
    assert index_terms("1918-1923 ve 247674") == ["1918", "1923", "247674"]


def test_function_words_and_questions_describe_nothing() -> None:
    assert index_terms("Ne zaman ve nerede?") == []
    assert index_terms("When was the") == []


def test_stopwords_are_folded_already() -> None:
    assert all(index_terms(word) == [] for word in STOPWORDS)


@given(st.text())
def test_terms_are_short_words_or_numbers(text: str) -> None:
    for term in index_terms(text):
        assert term
        assert term.isdigit() or 1 < len(term) <= PREFIX
        assert not any(c.isspace() for c in term)


@given(st.text(), st.text())
def test_terms_of_two_texts_are_those_of_both(a: str, b: str) -> None:
    assert index_terms(f"{a}\n{b}") == index_terms(a) + index_terms(b)
