from __future__ import annotations

import pytest

from dipnot.language.headings import levels_by_number, lists_notes, lists_sources


@pytest.mark.parametrize(
    ("headings", "levels"),
    [
        (["1. Giriş", "1.1. Amaç", "2. Taşlar", "3. Son"], [1, 2, 1, 1]),
        (["I. Bir", "A. İki", "B. Üç", "C. Dört", "II. Beş", "III. Altı"], [1, 2, 2, 2, 1, 1]),
        (["BİR", "I. Aa", "II. Bb", "İKİ", "I. Cc", "II. Dd"], [None, 2, 2, None, 2, 2]),
        (["ÖZ", "1. Giriş", "2. Taşlar", "3. Son", "KAYNAKÇA"], [None, 1, 1, 1, None]),
        (["I. Dünya Savaşı", "Sonrası", "19. yüzyıl"], [None, None, None]),
        (["G. Bir", "H. İki", "I. Üç"], [None, None, None]),
    ],
)
def test_numbers_tell_levels_where_several_headings_have_them(
    headings: list[str], levels: list[int | None]
) -> None:
    found = levels_by_number(headings)
    assert [found.get(i) for i in range(len(headings))] == levels


def test_lists_are_known_by_what_they_are_called() -> None:
    assert lists_sources("7. KAYNAKÇA:")
    assert lists_notes("Notlar")
    assert lists_notes("FOOTNOTES:")
    assert not lists_notes("Notlar üzerine bir not")
