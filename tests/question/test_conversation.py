"""What a question owes to the turns before it, and requests about the last answer."""

from __future__ import annotations

import pytest

from dipnot.answer.choice import compose
from dipnot.engine import Engine
from dipnot.question.conversation import (
    quotes_of,
    request_of,
    standalone,
    turns_asked,
    turns_of_topic,
)
from dipnot.types import Turn

ASKED = "Değirmen ne zaman yandı?"
HISTORY = [Turn(ASKED, "Metinde şöyle geçiyor: “Değirmen yandı.” [1]")]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Peki ne zaman?", "Değirmen nerede? Peki ne zaman?"),
        ("Bunu kim yaptı?", "Değirmen nerede? Bunu kim yaptı?"),
        ("When was it built?", "Değirmen nerede? When was it built?"),
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
    told = compose(answer.verdict, answer.citations, "tr")
    assert quotes_of([Turn(ASKED, told)]) == [c.quote for c in answer.citations]
    assert quotes_of([Turn(ASKED, "“Açık kalan tırnak [1]"), Turn("", "")]) == []


def after(engine: Engine, *questions: str) -> list[Turn]:
    history: list[Turn] = []
    for question in questions:
        history.append(Turn(question, engine.ask(question, history)[1].text))
    return history


def test_more_gives_the_next_sentences_and_none_twice(engine: Engine) -> None:
    history = after(engine, "Değirmen ne zaman yandı?")
    seen = set(quotes_of(history))
    assert seen
    for _ in range(20):
        answer = engine.ask("daha fazla", history)[1]
        text = engine.index.documents["lake"].text
        assert all(text[slice(*c.span)] == c.quote for c in answer.citations)
        quotes = {c.quote for c in answer.citations}
        assert not any(q in s for q in quotes for s in seen)
        if not quotes:
            break
        assert answer.verdict == "partial"
        seen |= quotes
        history.append(Turn("daha fazla", answer.text))
    assert answer.verdict == "not_in_text"
    assert "başka bir yer yok" in answer.text


def test_the_source_of_the_last_answer_is_given_with_its_sentence(engine: Engine) -> None:
    history = [
        Turn("Köylüler ne yaptı?", "“Köylüler kıyıya yeni evler yaptı (Yılmaz, 1990, s. 12).” [1]")
    ]
    answer = engine.ask("kaynak?", history)[1]
    assert answer.verdict == "answered"
    assert answer.citations[0].quote.startswith("Köylüler kıyıya")
    assert any("Yılmaz, 1990" in source for source in answer.citations[0].attribution)


def test_the_source_may_stand_in_the_sentence_behind(engine: Engine) -> None:
    answer = engine.ask("kaynağı ne?", [Turn("Ne oldu?", "“Göl 1887 yılında kurutuldu.” [1]")])[1]
    assert "(Yılmaz, 1990, s. 12)" in answer.citations[0].quote
    assert answer.citations[0].quote.startswith("Göl 1887")


def test_where_no_source_is_given_that_is_said(engine: Engine) -> None:
    history = [Turn("Where?", "“It ground wheat for the whole valley until the war.” [1]")]
    answer = engine.ask("source?", history)[1]
    assert answer.verdict == "partial"
    assert answer.text.startswith("The text gives no source")
    assert len(answer.citations) == 1


def test_a_quotation_that_the_texts_do_not_hold_is_not_repeated(engine: Engine) -> None:
    history = [Turn("Değirmen ne zaman yandı?", "“Uydurulmuş bir cümle.” [1]")]
    for question in ("kaynak?", "daha fazla"):
        answer = engine.ask(question, history)[1]
        assert "Uydurulmuş" not in answer.text
