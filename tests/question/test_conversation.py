"""What a question owes to the turns before it, and requests about the last answer."""

from __future__ import annotations

import pytest

from dipnot.answer.choice import compose, frame
from dipnot.engine import Engine
from dipnot.question.conversation import (
    leaning,
    quotes_of,
    request_of,
    standalone,
    turns_asked,
    turns_of_topic,
    unannounced,
)
from dipnot.types import Turn

ASKED = "Değirmen ne zaman yandı?"
HISTORY = [Turn(ASKED, "Metinde şöyle geçiyor: “Değirmen yandı.” [1]")]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Peki ne zaman?", "Değirmen: Peki ne zaman?"),
        ("Bunu kim yaptı?", "Değirmen: Bunu kim yaptı?"),
        ("When was it built?", "Değirmen: When was it built?"),
        ("İstasyon şefi yolculara hangi içeceği ikram ederdi?",) * 2,
    ],
)
def test_a_follow_up_takes_along_the_question_it_leans_on(question: str, expected: str) -> None:
    history = [Turn("Göl ne zaman kurutuldu, neden böyle oldu acaba?", "…"),
               Turn("Değirmen nerede?", "…")]  # fmt: skip
    made = standalone(question, history)
    assert made.endswith(expected)
    assert made == expected or made.startswith("Göl")


def test_a_question_without_history_stays_as_it_is() -> None:
    assert standalone("Peki ne zaman?", []) == "Peki ne zaman?"


@pytest.mark.parametrize(
    ("question", "request_"),
    [
        ("daha fazla", "more"), ("Daha fazlası var mı?", "more"), ("devam et", "more"),
        ("DEVAM ET!", "more"), ("başka?", "more"), ("Tell me more.", "more"), ("more", "more"),
        ("What else?", "more"),
        ("kaynak?", "source"), ("Kaynağı ne?", "source"), ("Bunun kaynağı nedir?", "source"),
        ("Bu bilgi hangi kaynağa dayanıyor?", "source"), ("What is the source?", "source"),
        ("Source?", "source"), ("Where does this come from?", "source"),
        ("neden?", "ask"), ("Daha sonra ne oldu?", "ask"), ("More ships came when?", "ask"),
        ("Kaynaklar hangi yıl kurudu?", "ask"), ("Irmağın kaynağı nerede?", "ask"),
        ("What is the source of the river?", "ask"), ("", "ask"),
    ],
)  # fmt: skip
def test_only_a_bare_request_is_about_the_last_answer(question: str, request_: str) -> None:
    assert request_of(question, HISTORY) == request_
    assert request_of(question, []) == "ask"


def test_requests_are_no_questions_of_their_own() -> None:
    history = [*HISTORY, Turn("daha fazla", "“İki.” [1]"), Turn("kaynak?", "“Üç.” [1]")]
    assert [t.question for t in turns_asked(history)] == [ASKED]
    assert turns_of_topic(history) == history
    later = [*history, Turn("Göl ne zaman kurutuldu?", "“Dört.” [1]")]
    assert turns_of_topic(later) == later[-1:]
    assert turns_of_topic([]) == []


def test_quotations_are_found_again_in_what_was_answered(engine: Engine) -> None:
    answer = engine.ask(ASKED)[1]
    told = compose(frame(answer.verdict, "tr"), answer.citations)
    assert quotes_of([Turn(ASKED, told)]) == [c.quote for c in answer.citations]
    assert quotes_of([Turn(ASKED, "“Açık kalan tırnak [1]"), Turn("", "")]) == []


@pytest.mark.parametrize(
    ("answer", "quotes"),
    [
        ("Şöyle: “Göl kurudu.” [1] “Ev “yeni” idi.” [2]", ["Göl kurudu.", "Ev “yeni” idi."]),
        ("“a” b” [1]", ["a” b"]), ("“” [1] x” [2]", ["” [1] x"]), ("“a” [x]", []),
        ("“" * 8000, []), ("” [1]" * 1600, []),
    ],
)  # fmt: skip
def test_quotations_of_an_answer_reach_to_their_footnote(answer: str, quotes: list[str]) -> None:
    assert quotes_of([Turn("Göl?", answer)]) == quotes


def test_a_pronoun_after_who_means_whom_the_answer_names() -> None:
    kept = Turn("Who kept the house?", "The text says: “Mrs Ann Dun kept the house.” [1]")
    rule = Turn("What was her rule?", "The text says: “First feed him.” [1]")
    assert standalone("When did she die?", [kept]).startswith("Ann Dun ")
    assert standalone("When did she die?", [kept, rule]).startswith("Ann Dun ")
    led = Turn(
        "Birliğin başkanı kim?", "Metinde şöyle geçiyor: “Başkanı hoca Melike Saraç oldu.” [1]"
    )
    assert standalone("O ne düşünüyor?", [led]).startswith("Melike Saraç ")


def test_who_is_named_in_the_question_itself_is_meant() -> None:
    who = Turn("Who is Selim?", "The text says: “Selim is the son of Kadri Usta.” [1]")
    assert "Kadri" not in standalone("Where does he live?", [who])


def test_an_utterance_that_names_its_subject_first_leans_on_nothing() -> None:
    before = [Turn("How does the story end?", "…")]
    asked = "I read about the Red League. Who founded it?"
    assert standalone(asked, before) == asked
    assert unannounced("Let's talk about the mill. Who built it?") == (
        "the mill. Who built it?",
        True,
    )


@pytest.mark.parametrize(
    ("question", "leans"),
    [
        ("Haber vermezse?", "yes"), ("Hava rutubetliyse?", "yes"), ("And if it is low?", "yes"),
        ("What if someone stays away?", "yes"), ("If a member dies, who gets the shares?", "no"),
        ("Ortak ölürse payı kime kalır?", "maybe"), ("Masrafı kimden?", "maybe"),
        ("How often can its head be elected?", "yes"), ("Why don't her months count?", "yes"),
        ("Hangi yükümlülükleri var?", "yes"), ("Üyenin hangi hakları var?", "maybe"),
        ("For how much?", "yes"), ("How long was the road?", "maybe"),
        ("What did the doctor do with his old mare?", "no"),
    ],
)  # fmt: skip
def test_a_condition_alone_or_what_has_no_owner_leans_on_what_was_asked(
    question: str, leans: str
) -> None:
    assert leaning(question) == leans


@pytest.mark.parametrize(
    ("asked", "question", "leans"),
    [
        ("how tall is Mount Everest", "When did these by-laws come into force?", False),
        ("Everest kaç metre?", "Bu kurallar ne zaman yürürlüğe girdi?", False),
        ("Göl Antlaşması'nı kim imzaladı?", "Bu antlaşma ne zaman imzalandı?", True),
        ("Everest kaç metre?", "Bu nerede?", True),
    ],
)
def test_a_noun_pointed_at_is_of_no_question_without_quotation_that_lacks_it(
    asked: str, question: str, leans: bool
) -> None:
    refused = Turn(asked, frame("not_in_text", "tr"))
    assert (standalone(question, [refused]) != question) == leans
    assert standalone(question, [Turn(ASKED, "“Değirmen yandı.” [1]"), refused]) != question


def test_who_takes_the_place_of_a_pronoun_needs_nobody_before_it() -> None:
    before = [Turn("Who was Dr. Roylott?", "…"), Turn("How did he die?", "…")]
    assert standalone("What about Julia?", before) == "How did Julia die?"


def test_what_belongs_to_the_thing_asked_about_takes_no_ones_place() -> None:
    before = [Turn("How heavy is the TB-50?", "…")]
    assert standalone("What about its knives?", before) == "TB-50: What about its knives?"


def test_a_noun_that_looks_like_a_small_word_is_a_noun() -> None:
    before = [Turn("Köprü ne zaman yıkıldı?", "…")]
    assert leaning("Su ücreti neden artırıldı?") == "maybe"
    assert standalone("Su ücreti neden artırıldı?", before) == "Su ücreti neden artırıldı?"
    assert leaning("Şu neden oldu?") == "yes"
    water = [Turn("Kasabaya su ne zaman verildi?", "…")]
    assert standalone("Neden öyle?", water) == "Kasabaya su: Neden öyle?"
