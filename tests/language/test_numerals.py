"""Numbers in prose as values: digits, words, Roman numerals, in both languages."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dipnot.language.numerals import is_number_word, numbers_in, ordinal_of, values_of
from dipnot.types import Language


@pytest.mark.parametrize(
    ("text", "language", "values"),
    [
        ("3 Mayıs 1902", "tr", {3, 1902}),
        ("1.500 köylü", "tr", {1500, Decimal("1.5")}),
        ("1,500 villagers", "en", {1500, Decimal("1.5")}),
        ("16.03.1921", "tr", {16, 3, 1921}),
        ("on altı ev, yirmi beş kişi", "tr", {16, 25}),
        ("bin dokuz yüz yirmi bir", "tr", {1921}),
        ("twenty-five men, one hundred and five horses", "en", {25, 105}),
        ("two and three", "en", {2, 3}),
        ("2,5 milyon lira", "tr", {2_500_000, Decimal("2.5"), 1_000_000}),
        ("the XIX century, World War II", "en", {19, 2}),
        ("ikinci kez, üçüncü", "tr", {2, 3}),
        ("1920’lerde, the 19th", "en", {1920, 19}),
        ("one of them, bir ev, I went", "en", set()),
        ("onun onu", "tr", set()),
    ],
)
def test_numbers_are_read_whatever_they_are_written_in(
    text: str, language: Language, values: set[int | Decimal]
) -> None:
    assert values_of(numbers_in(text, language)) == values


@pytest.mark.parametrize(
    ("sentence", "own", "quotation", "other", "stands"),
    [
        ("three brothers", "en", "üç kardeş", "tr", True),
        ("1,500 villagers", "en", "1.500 köylü", "tr", True),
        ("61.4 million crowns", "en", "Revenue (million crowns) | 61.4", "en", True),
        ("61.4 million crowns", "en", "Revenue | 61.4", "en", False),
        ("World War II", "en", "İkinci Dünya Savaşı", "tr", True),
        ("four brothers", "en", "üç kardeş", "tr", False),
        ("in 1903", "en", "1902’de", "tr", False),
        ("2.5 metres", "en", "25 metre", "tr", False),
    ],
)
def test_a_number_stands_in_another_text_in_any_writing(
    sentence: str, own: Language, quotation: str, other: Language, stands: bool
) -> None:
    known = values_of(numbers_in(quotation, other))
    assert all(n.stands_among(known) for n in numbers_in(sentence, own)) is stands


@given(st.integers(0, 10**12), st.sampled_from(["tr", "en"]))
def test_any_number_in_digits_is_read_with_and_without_separators(
    number: int, language: Language
) -> None:
    grouped = f"{number:,}"
    for text in (str(number), grouped, grouped.replace(",", ".")):
        assert Decimal(number) in values_of(numbers_in(f"ve {text} x", language))


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    numbers_in(text, "tr")
    numbers_in(text, "en")


def test_words_for_numbers_are_known_by_language() -> None:
    assert is_number_word("Üç", "tr")
    assert is_number_word("Ten", "en")
    assert not is_number_word("on", "en")


@pytest.mark.parametrize(
    ("word", "place"),
    [("third", 3), ("Üçüncü", 3), ("3.", 3), ("3rd", 3), ("3'üncü", 3), ("son", -1), ("last", -1),
     ("ilk", 1), ("three", None), ("3", None), ("bölüm", None)],
)  # fmt: skip
def test_a_place_in_a_row_is_read(word: str, place: int | None) -> None:
    assert ordinal_of(word) == place
