"""One name in two texts: inflected, spelled otherwise, translated; and names that differ."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dipnot.language.transliteration import means_same, respelled


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("Moscow", "Moskova"), ("Chicherin", "Çiçerin"), ("Voroshilov", "Voroşilov"),
        ("Karakhan", "Karahan"), ("Litvinov", "Litvinof"), ("Bolsheviks", "Bolşevikler"),
        ("Youssouf", "Yusuf"), ("Inonu", "İnönü"), ("Turkish", "Türklerin"),
        ("Germany", "Almanya"), ("Treaty", "Antlaşması"), ("March", "Mart"),
        ("Government", "Hükümetinin"), ("ISTANBUL", "İstanbul"),
    ],
)  # fmt: skip
def test_names_of_two_languages_are_one(name: str, word: str) -> None:
    assert means_same(name, word, across=True)
    assert means_same(word, name, across=True)


@pytest.mark.parametrize(
    ("name", "word"), [("Lenin", "Leninin"), ("Sadabad", "Sadabat"), ("Kâzım", "Kazim")]
)
def test_names_of_one_language_may_have_endings(name: str, word: str) -> None:
    assert means_same(name, word, across=False)


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("Lenin", "Stalin"), ("Stalin", "Stalingrad"), ("Kars", "Kıbrıs"), ("May", "Mart"),
        ("Germany", "Fransa"), ("Ankara", "Antalya"), ("Selim", "Salih"),
    ],
)  # fmt: skip
def test_names_that_differ_are_two(name: str, word: str) -> None:
    assert not means_same(name, word, across=True)
    assert not means_same(name, word, across=False)


@pytest.mark.parametrize(
    ("name", "way"),
    [
        ("Chicherin", "çiçerin"), ("Çiçerin", "chicherin"), ("Karakhan", "karahan"),
        ("Karahan", "karakhan"), ("Zhukov", "jukov"), ("Schuman", "şuman"),
        ("Churchill", "çurçil"),
    ],
)  # fmt: skip
def test_a_name_is_written_as_the_other_language_would(name: str, way: str) -> None:
    assert way in respelled(name)


def test_a_name_that_both_write_alike_has_no_other_way() -> None:
    assert respelled("Litvinov") == respelled("İnönü") == ()


def test_within_one_language_the_same_consonants_are_not_enough() -> None:
    assert not means_same("Kemal", "Kamil", across=False)


@given(st.text(min_size=1, max_size=30))
def test_any_word_is_itself(word: str) -> None:
    assert means_same(word, word, across=False)
