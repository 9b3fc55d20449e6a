"""Lines of authors: who they are, and what of a name is the family's."""

from __future__ import annotations

import pytest

from dipnot.citing.names import names_of


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Işıl Demir", ["Demir, Işıl"]),
        ("Demir, Işıl", ["Demir, Işıl"]),
        ("Işıl DEMİR*", ["Demir, Işıl"]),
        ("Ömer Faruk ILGAZ", ["Ilgaz, Ömer Faruk"]),
        ("Işıl YILMAZ ŞAHİN", ["Yılmaz Şahin, Işıl"]),
        ("IŞIL DEMİR", ["Demir, Işıl"]),
        ("Ali Kut ve Can Er", ["Kut, Ali", "Er, Can"]),
        ("Ali Kut, Can Er and Su Ak", ["Kut, Ali", "Er, Can", "Ak, Su"]),
        ("Kut, Ali; Er, Can", ["Kut, Ali", "Er, Can"]),
        ("Ludwig van Beethoven", ["van Beethoven, Ludwig"]),
        ("{Türk Tarih Kurumu}", ["Türk Tarih Kurumu"]),
        ("{Ak ve Kara A.Ş.}; Can Er", ["Ak ve Kara A.Ş.", "Er, Can"]),
        ("{Türk Tarih Kurumu} (TTK)", ["Türk Tarih Kurumu (TTK)"]),
        ("{A}{B}", ["AB"]),
        ("Dr. {Ak Kara}; Can Er, {B ve C}", ["Dr. Ak Kara", "Er, Can", "B ve C"]),
        ("{} ; {Ak", ["{Ak"]),
        ("Ak\0 Kara", ["Kara, Ak"]),
        ("Homeros", ["Homeros"]),
        (" ; ", []),
        (None, []),
    ],
)
def test_a_line_of_authors_is_read_as_a_librarian_would(
    line: str | None, expected: list[str]
) -> None:
    made = [
        name.get("literal") or f"{name['family']}, {name['given']}" for name in names_of(line, "tr")
    ]
    assert made == expected


def test_capitals_become_small_by_the_rules_of_the_texts_language() -> None:
    assert names_of("Ann IRWIN", "en") == [{"family": "Irwin", "given": "Ann"}]
    assert names_of("Can ILGIN", "tr") == [{"family": "Ilgın", "given": "Can"}]
