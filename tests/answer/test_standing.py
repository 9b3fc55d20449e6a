"""What a written sentence names stands in its quotations, across languages, or it is struck."""

from __future__ import annotations

import pytest

from dipnot.answer.standing import Quoted, lacking, names_of, without_names
from dipnot.types import Language, Strike

BURNED = Quoted("Kıyıdaki değirmen 3 Mayıs 1902’de yandı.", "tr")
BUILT = Quoted("The lighthouse was built by two brothers in 1860.", "en")
SIGNED = Quoted("Türkiye ile Rusya arasında 16.03.1921 tarihinde Ankara’da imzalandı.", "tr")
CITED = Quoted("Köylüler yeni evler yaptı (Yılmaz, 1990).", "tr")
SILENT = Quoted("Bekçi yangını kimseye haber vermedi.", "tr")


@pytest.mark.parametrize(
    ("sentence", "language", "quoted", "why"),
    [
        ("The mill burned on 3 May 1902.", "en", BURNED, None),
        ("The mill burned on May 3, 1902.", "en", BURNED, None),
        ("The mill burned on 4 May 1902.", "en", BURNED, "number"),
        ("The mill burned on 3 June 1902.", "en", BURNED, "name"),
        ("The mill in Bursa burned.", "en", BURNED, "name"),
        ("Selim burned the mill.", "en", BURNED, "name"),
        ("The mill did not burn in 1902.", "en", BURNED, "denial"),
        ("Fener 1860’ta 2 kardeş tarafından yapıldı.", "tr", BUILT, "name"),
        ("Bu fener 1860’ta iki kardeş tarafından yapıldı.", "tr", BUILT, None),
        ("It was signed by Turkey and Russia on 16 March 1921.", "en", SIGNED, None),
        ("It was signed in Ankara on 16 March 1921.", "en", SIGNED, None),
        ("It was signed on 16 April 1921.", "en", SIGNED, "name"),
        ("The watchman told nobody.", "en", SILENT, None),
        ("The watchman told everybody.", "en", SILENT, "denial"),
        ("Bekçi haber verdi.", "tr", SILENT, "denial"),
        ("Köylüler evler yaptı.", "tr", CITED, None),
        ("Köylüler evler yapmaz.", "tr", CITED, "denial"),
    ],
)
def test_names_numbers_and_denials_are_those_of_the_quotation(
    sentence: str, language: Language, quoted: Quoted, why: Strike | None
) -> None:
    assert lacking(sentence, language, [quoted]) == why


def test_of_several_quotations_each_may_give_a_part() -> None:
    both = "The mill burned in 1902 and the lighthouse was built in 1860."
    assert lacking(both, "en", [BURNED]) == "number"
    assert lacking(both, "en", [BURNED, BUILT]) is None
    assert lacking("The watchman told nobody of 1902.", "en", [BURNED, SILENT]) is None


def test_a_word_that_opens_a_sentence_is_a_name_unless_it_is_known_to_be_none() -> None:
    assert names_of("The mill of Selim.", "en") == ["Selim"]
    assert names_of("Selim burned it.", "en") == ["Selim"]
    assert names_of("However, two burned.", "en") == []
    assert names_of("O’Connor came.", "en") == ["Connor"]
    assert names_of("World War II", "en") == ["World", "War"]
    assert without_names("Selim burned the mill", "en") == "burned the mill"
