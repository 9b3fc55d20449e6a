"""What a follow-up leaves out of the question before it."""

from __future__ import annotations

import pytest

from dipnot.question.ellipsis import contrasted, names_only, topic_of


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Köprü ve Değirmen Yasası'nı kimler yazdı?", "Köprü ve Değirmen Yasası'nı"),
        ("Bekçinin kaç oğlu vardı?", "Bekçinin oğlu"),
        ("Değirmen ne zaman yandı?", "Değirmen"),
        ("How long is the guarantee on the TB-30?", "guarantee TB-30"),
        ("What happened to the old mill?", "old mill"),
        ("Ne oldu?", ""),
    ],
)
def test_what_a_question_is_about_is_what_neither_asks_nor_is_its_verb(
    question: str, expected: str
) -> None:
    assert topic_of(question) == expected


@pytest.mark.parametrize(
    ("short", "earlier", "expected"),
    [
        ("And in 1929?", "Who was arrested in 1923?", "Who was arrested in 1929?"),
        ("Peki 2020'de?", "1974'te göl ne kadardı?", "2020'de göl ne kadardı?"),
        ("what about Norway?", "How much did Sweden lend?", "How much did Norway lend?"),
        ("Peki Norveç?", "İsveç Danimarka'ya ne verdi?", "Norveç Danimarka'ya ne verdi?"),
        ("Ya Norveç'e?", "İsveç Danimarka'ya ne verdi?", "İsveç Norveç'e ne verdi?"),
        ("Kuşlara?", "Bunun balıklara etkisi ne?", "Bunun Kuşlara etkisi ne?"),
        ("Denetim kurulu?", "Yönetim kurulu kaç üyedir?", "Denetim kurulu kaç üyedir?"),
        ("And the town council?", "Who is on the county council?", "Who is on the town council?"),
        ("Durasan'da?", "Beyköy'de kaç kişi var?", "Durasan'da kaç kişi var?"),
        ("Peki köprü?", "Değirmen ne zaman yandı?", "köprü ne zaman yandı?"),
        (
            "Peki üçüncüsünde?",
            "İkinci haftada kaç örnek toplandı?",
            "üçüncü haftada kaç örnek toplandı?",
        ),
        ("and the third?", "What did the second keeper do?", "What did the third keeper do?"),
        ("E1?", "What does error E4 mean?", "What does error E1 mean?"),
        ("And the daughter?", "What was in Josiah's will?", None),
        ("Peki annesi?", "Yazarın babası ne iş yapıyordu?", "Yazarın annesi ne iş yapıyordu?"),
        ("sonraki madde?", "Madde 5 ne diyor", "Madde 6 ne diyor"),
        ("Peki bir önceki bölüm?", "3. bölümde ne var?", "2. bölümde ne var?"),
        ("and the next section?", "What does section 9 say?", "What does section 10 say?"),
        ("the next article?", "What does the law say?", None),
        ("the previous article?", "What does article 1 say?", None),
        ("the next article?", f"What does article {'9' * 5000} say?", None),
        ("And Sir Giles?", "What did Mr. Rudd say of it?", "What did Sir Giles say of it?"),
        ("Ya Bayan Bunce'a?", "Sir Matthew evi kime verdi?", "Bayan Bunce'a evi kime verdi?"),
        ("What about Julia?", "How did he die?", "How did Julia die?"),
        ("Peki Ayşe?", "O ne zaman öldü?", "Ayşe ne zaman öldü?"),
        ("And having it recast?", "How long does a roller last?", None),
        ("Nesinden?", "Onu kim tanıdı?", None),
        ("Kim yazdı?", "Bunu Ali mi yazdı?", None),
        ("And in 1929?", "Who was arrested?", None),
        ("Peki 1925'te?", "Antlaşma hangi tarihte imzalandı?", "Antlaşma 1925'te imzalandı?"),
        ("And in 1925?", "When did the school open?", "in 1925 did the school open?"),
    ],
)
def test_the_one_thing_named_takes_the_place_of_its_like(
    short: str, earlier: str, expected: str | None
) -> None:
    assert contrasted(short, earlier) == expected


def test_a_question_with_a_verb_or_a_word_that_asks_names_more_than_one_thing() -> None:
    assert names_only("Peki Norveç?")
    assert names_only("and the town council?")
    assert not names_only("And who came?")
    assert not names_only("Neden karşı?")
    assert not names_only("Ne zaman uzatıldı?")
    assert not names_only("?")
