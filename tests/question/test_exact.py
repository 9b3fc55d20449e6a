"""Strings that a question wants as they are."""

from __future__ import annotations

import pytest

from dipnot.question.exact import exact_in, holds, is_bare


@pytest.mark.parametrize(
    ("question", "strings"),
    [
        ("30-18-1-1/1-15-9", ("30-18-1-1/1-15-9",)),
        ("What does PPR-9087 cost?", ("PPR-9087",)),
        ("“eski değirmen” nerede geçiyor?", ("eski değirmen",)),
        ("Madde 57 ne diyor?", ("Madde 57",)),
        ("9087", ("9087",)),
        ("1918-1923 arasında ne oldu?", ()),
        ("1923'te ne oldu?", ()),
        ("Kaç kişi 1.250 lira verdi?", ()),
        ("Türk-Sovyet ilişkileri nasıldı?", ()),
        ("What did the 19th-century painters use?", ()),
        ("Who was the 18-year-old sailor?", ()),
        ("3-4 yaşındaki çocuklar nerede kaldı?", ()),
        ("How heavy is the TB-50?", ("TB-50",)),
    ],
)
def test_identifiers_labels_and_quotations_are_exact_and_years_are_not(
    question: str, strings: tuple[str, ...]
) -> None:
    assert exact_in(question) == strings


def test_case_dashes_and_marks_do_not_matter_but_the_whole_string_does() -> None:
    assert holds("(BCA, 30–18–1–1/1–15–9)", ["30-18-1-1/1-15-9"])
    assert holds("ESKİ DEĞİRMEN yandı.", ["eski değirmen"])
    assert not holds("MADDE 220", ["Madde 22"])
    assert is_bare("BCA, 30-18-1-1/1-15-9", ["30-18-1-1/1-15-9"])
    assert not is_bare("PPR-1 numaralı parça kaç lira tutuyor?", ["PPR-1"])
