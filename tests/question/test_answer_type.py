"""What kind of answer a question asks for."""

from __future__ import annotations

import pytest

from dipnot.question.answer_type import (
    first_date,
    holds_kind,
    kinds_of,
    names_in,
    years_in,
)


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("Köprü ne zaman yapıldı?", {"date"}),
        ("kopru hangi yil yapildi", {"date"}),
        ("In which month was it signed?", {"date"}),
        ("Köprü kaç metre uzunluktaydı?", {"number"}),
        ("How many ships came?", {"number"}),
        ("Köylüler neden göç etti?", {"reason"}),
        ("Why did they leave?", {"reason"}),
        ("Heyette kimler vardı?", {"several"}),
        ("Antlaşmanın maddeleri nelerdir?", {"several"}),
        ("1915’ten 1939’a gelişmeleri sırasıyla anlat", {"several", "chronology"}),
        ("Bu görüş hangi kaynağa dayanıyor?", {"source"}),
        ("Köprüyü kim yaptı?", set()),
        ("Makalenin başlığı nedir?", {"front", "byline"}),
        ("Makalenin anahtar kelimeleri?", {"front"}),
        ("What is the title of the article?", {"front", "byline"}),
        ("Bu makaleyi kim yazdı?", {"front", "byline"}),
        ("bu calismayi kaleme alan kim", {"front", "byline"}),
        ("Makalenin yazarı kimdir?", {"front", "byline"}),
        ("Peki yazarı kim?", {"front", "byline"}),
        ("Who wrote this article?", {"front", "byline"}),
        ("Who is the author of the study?", {"front", "byline"}),
        ("Mektubu kim yazdı?", set()),
        ("Kitabı kim yayımladı?", set()),
        ("makale kim tarafından yazılmıştır", {"front", "byline"}),
        ("Who wrote the letter?", set()),
    ],
)
def test_the_kind_is_told_by_the_question_words(question: str, kinds: set[str]) -> None:
    assert kinds_of(question) - {"about", "abridged"} == kinds


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("Özete göre ilişkiler nasıl gelişti?", {"abridged"}),
        ("What does the summary say?", {"abridged"}),
        ("Metin hangi konuyu işliyor?", {"about"}),
        ("Köprüyü kim yaptı?", set()),
        ("How is textile dyed?", set()), ("Bu yazılım ne zaman yazıldı?", set()),
    ],
)  # fmt: skip
def test_a_question_may_name_the_summary_or_the_text_itself(question: str, kinds: set[str]) -> None:
    assert kinds_of(question) & {"about", "abridged"} == kinds


@pytest.mark.parametrize(
    ("question", "sentence", "held"),
    [
        ("Ne zaman yandı?", "3 Mayıs 1902’de yandı.", True),
        ("Ne zaman yandı?", "Gece yandı (Yılmaz, 1990, s. 12).", False),
        ("Kaç ev yandı?", "Üç ev yandı.", True),
        ("Kaç ev yandı?", "Evler yandı.", False),
        ("Kim yaktı?", "Evler yandı.", None),
    ],
)
def test_a_year_of_a_source_is_no_date(question: str, sentence: str, *, held: bool | None) -> None:
    assert holds_kind(kinds_of(question), sentence, "tr") is held


def test_a_word_for_a_number_counts_in_its_own_language() -> None:
    kinds = kinds_of("How many houses burned?")
    assert holds_kind(kinds, "They stood on the river.", "en") is False
    assert holds_kind(kinds, "Nehir kıyısında on ev yandı.", "tr") is True


def test_the_first_date_orders_sentences_in_time() -> None:
    texts = ["Mart 1921’de", "16 Mart 1921", "1921 yılında", "In May 1902,", "3 Mayıs 1902’de"]
    ordered = sorted(texts, key=lambda t: first_date(t) or (9999, 0, 0))
    assert ordered == [
        "In May 1902,",
        "3 Mayıs 1902’de",
        "1921 yılında",
        "Mart 1921’de",
        "16 Mart 1921",
    ]
    assert first_date("Tarih yok (Yılmaz, 1990).") is None


def test_years_of_sources_are_not_the_sentences() -> None:
    assert years_in("1921’de oldu, 1925 yılında bitti (Gürün, 1991, s. 41).") == {"1921", "1925"}


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("Göl ne zaman kurutuldu?", []),
        ("Peki Van Gölü ne zaman kurutuldu?", ["Van", "Gölü"]),
        ("Roma’da ne oldu? Sonra kim geldi?", ["Roma"]),
        ("UNESCO bunu ne zaman tanıdı?", ["UNESCO"]),
        ("What did the miller of Kent-on-Sea say to Ömer's son?", ["Kent-on-Sea", "Ömer"]),
        ("“Değirmen” kimin?", []),
        ("VAN GÖLÜ NE ZAMAN KURUTULDU?", []),
        ("", []),
    ],
)
def test_names_have_a_capital_that_no_sentence_gives_them(question: str, names: list[str]) -> None:
    assert [question[slice(*span)] for span in names_in(question)] == names
