"""A question understood once, with the turns before it."""

from __future__ import annotations

import pytest

from dipnot.question.answer_type import years_spanned
from dipnot.question.conversation import leaning
from dipnot.question.ellipsis import contrasted
from dipnot.question.understanding import understand
from dipnot.types import Heard, Turn

ASKED = "Kıyıdaki değirmen ne zaman yandı?"
TURNS = [Turn(ASKED, "Metinde şöyle geçiyor: “Değirmen 3 Mayıs 1902’de yandı.” [1]")]
HISTORY = [Turn("How much did Ruritania lend to Sylvania in 1911?", "…")]


@pytest.mark.parametrize(
    ("question", "whole"),
    [
        ("And in 1912?", "How much did Ruritania lend to Sylvania in 1912?"),
        ("what about Borduria?", "How much did Borduria lend to Sylvania in 1911?"),
    ],
)
def test_a_contrast_takes_the_place_of_what_it_opposes(question: str, whole: str) -> None:
    assert understand(question, HISTORY).standalone == whole


def test_what_takes_the_place_of_its_like_asks_what_the_earlier_question_asked() -> None:
    assert "date" in understand("Peki köprü?", [Turn("Değirmen ne zaman yandı?", "…")]).kinds
    part = understand("sonraki madde?", [Turn("Madde 5 ne diyor?", "…")])
    assert (part.about, part.standalone) == ("section", "Madde 6 ne diyor?")


def test_a_name_with_an_ending_takes_the_place_of_one_with_the_same() -> None:
    asked = "Ruritanya Silvanya'dan ne aldı?"
    assert contrasted("Peki Borduria'dan?", asked) == "Ruritanya Borduria'dan ne aldı?"
    assert contrasted("Peki Türk tarafı?", asked) == "Türk tarafı Silvanya'dan ne aldı?"


@pytest.mark.parametrize(
    ("question", "leans"),
    [
        ("Onlara ne oldu?", "yes"), ("Ne zaman uzatıldı?", "yes"),
        ("What happened to them?", "yes"),
        ("Why?", "yes"), ("Hangi trenle gitti?", "maybe"), ("kars antlaşması", "no"),
        ("Bu makale ne hakkında?", "no"), ("Who signed the treaty that ended the war?", "no"),
    ],
)  # fmt: skip
def test_a_question_leans_where_it_points_back_or_lacks_a_noun(question: str, leans: str) -> None:
    assert leaning(question) == leans


def test_an_announced_change_of_subject_leans_on_nothing() -> None:
    for said in ("Let's change topic. ", "Konuyu değiştirelim: ", "Different question: "):
        asked = understand(said + "who built it?", HISTORY)
        assert (asked.standalone, asked.alone, asked.quoted) == ("who built it?", None, ())


def test_where_it_is_not_plain_both_readings_are_kept() -> None:
    asked = understand("Hangi trenle gitti?", HISTORY)
    assert asked.alone is not None
    assert asked.alone.standalone == "Hangi trenle gitti?"
    assert asked.standalone.endswith("Hangi trenle gitti?") != (asked.standalone == asked.text)


@pytest.mark.parametrize(
    ("question", "years"),
    [("between 1931 and 1933", {"1931", "1932", "1933"}), ("1931 ile 1933 arasında", 3),
     ("what about the years 1931-1933?", 3), ("in 1931–1933", 3),
     ("in 1931 and 1933", 0), ("the plan of 1931-1933", 0),
     ("1931’den 1933’e", 0), ("in 1931", 0)],
)  # fmt: skip
def test_years_from_one_to_another_are_all_meant(question: str, years: set[str] | int) -> None:
    found, spans = years_spanned(question)
    assert (found if isinstance(years, set) else len(found)) == years
    assert spans == bool(found)


@pytest.mark.parametrize(
    ("question", "cites"),
    [
        ("Hale 2003'te ne diyor?", True), ("What does Hale (2003) say?", True),
        ("Peki 1925'te?", False), ("In 1925 who signed?", False), ("Mart 1921'de ne oldu?", False),
        ("In March 1921, what did Hale 2003 find?", True),
    ],
)  # fmt: skip
def test_a_name_before_a_year_is_a_work_but_not_a_small_word_or_a_month(
    question: str, *, cites: bool
) -> None:
    assert understand(question).cites == cites


def test_a_question_by_itself_leans_on_nothing() -> None:
    found = understand("When did Lenin come to Ankara in 1921?")
    assert found.text == found.standalone == "When did Lenin come to Ankara in 1921?"
    assert (found.language, found.request, found.quoted) == ("en", "ask", ())
    assert "date" in found.kinds
    assert found.years == {"1921"}
    assert [found.text[slice(*name)] for name in found.names] == ["Lenin", "Ankara"]


def test_a_question_of_its_own_takes_nothing_of_the_turns_before() -> None:
    asked = "İstasyon şefi yolculara hangi içeceği ikram ederdi?"
    assert understand(asked, TURNS) == understand(asked)


def test_a_follow_up_is_searched_with_what_it_leaves_out_and_knows_what_was_quoted() -> None:
    found = understand("Peki neden?", TURNS)
    assert found.text == "Peki neden?"
    assert found.standalone == "Kıyıdaki değirmen: Peki neden?"
    assert "reason" in found.kinds
    assert found.quoted == ("Değirmen 3 Mayıs 1902’de yandı.",)


def test_a_request_is_searched_with_the_question_it_is_about() -> None:
    for asked, request in (("daha fazla", "more"), ("source?", "source")):
        found = understand(asked, TURNS)
        assert (found.text, found.standalone, found.request) == (asked, ASKED, request)
        assert found.kinds == understand(ASKED).kinds
        assert found.quoted == ("Değirmen 3 Mayıs 1902’de yandı.",)


def test_a_text_as_a_thing_is_no_subject_of_what_follows() -> None:
    history = [
        Turn("Bunu özetle", "Metin kendini şöyle anlatıyor: “Kulüp köyde kuruldu.” [1]"),
        Turn("Where is the mill?", "The text says: “The mill stands in the valley.” [1]"),
    ]
    assert understand("how many wheels does it have?", history).standalone == (
        "mill: how many wheels does it have?"
    )


@pytest.mark.parametrize(
    "question",
    [
        "Müzede hangi eserler var?", "What are you supposed to wear in the workshop?", "TBMM",
        "Okulda hangi dersler var?", "Which books are in the library?",
    ],
)  # fmt: skip
def test_a_word_of_the_texts_outweighs_the_form_of_talk_with_dipnot(question: str) -> None:
    held = understand(question, (), Heard({}, frozenset({"word"})))
    assert (held.request, held.about) == ("ask", None)
    alone = understand(question, (), Heard({}, frozenset()))
    assert (alone.request, alone.about) != ("ask", None)
