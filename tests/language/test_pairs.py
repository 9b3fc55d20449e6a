"""Counterparts of a word in the other language, in a vocabulary of index terms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dipnot.language.pairs import counterparts
from dipnot.language.tokens import index_terms
from dipnot.types import Language


def holding(text: str) -> Callable[[str], Sequence[str]]:
    vocabulary = sorted(index_terms(text))
    return lambda letters: [t for t in vocabulary if t.startswith(letters)]


@pytest.mark.parametrize(
    ("asked", "language", "text"),
    [
        ("treaty", "en", "antlaşmanın"),
        ("harbours", "en", "limanda"),
        ("walked", "en", "yürüdüler"),
        ("carried", "en", "taşıdı"),
        ("stopped", "en", "durdu"),
        ("book", "en", "kitabını"),
        ("city", "en", "şehri"),
        ("England", "en", "İngiltere"),
        ("came", "en", "geldi"),
        ("antlaşmayı", "tr", "treaty"),
        ("kitabı", "tr", "books"),
        ("durdular", "tr", "stopped"),
        ("gemiler", "tr", "ships"),
        ("evde", "tr", "house"),
        ("şehrin", "tr", "cities city"),
        ("SAVAŞ", "tr", "wars"),
    ],
)
def test_a_word_is_found_in_the_other_language_in_any_form(
    asked: str, language: Language, text: str
) -> None:
    (term,) = index_terms(asked)
    for given_language in (language, None):
        assert set(counterparts(term, given_language, holding(text))) & set(index_terms(text))


@pytest.mark.parametrize(
    ("asked", "language", "text"),
    [
        ("harbour", "en", "mektup kitap deniz"),
        ("evde", "tr", "event evening"),  # begin with the same letters, and are other words
        ("gel", "en", "come came"),  # the word of another language
        ("zxqv", "en", "deniz"),
        ("1926", "tr", "1926"),
    ],
)
def test_what_does_not_say_the_same_is_not_found(asked: str, language: Language, text: str) -> None:
    assert counterparts(index_terms(asked)[0], language, holding(text)) == ()


@given(st.text(max_size=8), st.sampled_from(["en", "tr", None]))
def test_any_term_has_counterparts_of_the_vocabulary_only_each_once(
    term: str, language: Language | None
) -> None:
    text = "deniz liman kitap evler house ships came"
    found = counterparts(term, language, holding(text))
    assert set(found) <= set(index_terms(text))
    assert len(set(found)) == len(found)


def test_a_line_of_the_list_is_an_english_word_and_turkish_ones_in_order_each_head_once() -> None:
    lines = files("dipnot.language").joinpath("pairs.tsv").read_text("utf-8").splitlines()
    heads = [line.split("\t")[0] for line in lines]
    assert all(line.count("\t") == 1 and line.split("\t")[1].split() for line in lines)
    assert heads == sorted(set(heads))
    assert len(heads) > 5000
