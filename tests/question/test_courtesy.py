"""Whether anything is asked of the texts at all."""

from __future__ import annotations

import pytest

from dipnot.engine import Engine
from dipnot.question.courtesy import is_mashed, not_asked
from dipnot.question.understanding import understand
from dipnot.types import Turn


@pytest.mark.parametrize(
    ("text", "request_"),
    [
        ("Merhaba!", "courtesy"), ("çok teşekkür ederim", "courtesy"), ("TAMAM", "courtesy"),
        ("Good evening", "courtesy"), ("hello there", "courtesy"), ("ok thanks a lot", "courtesy"),
        ("Sen kimsin?", "dipnot"), ("neler yapabiliyorsun", "dipnot"),
        ("What can you do?", "dipnot"), ("Are you a librarian?", "dipnot"), ("help", "dipnot"),
        ("asdfgh", "noise"), ("kkkkk", "noise"), ("x", "noise"),
        ("Can you tell me who burned the mill?", None),
        ("Bana değirmeni kimin yaktığını söyler misin?", None),
        ("can you book a table for two", None),
        ("teşekkürler, peki değirmen ne zaman yandı?", None), ("Когда?", None), ("1902", None),
        ("Göl", None), ("good mills", None),
    ],
)  # fmt: skip
def test_only_what_asks_nothing_of_the_texts_is_told_apart(text: str, request_: str | None) -> None:
    assert not_asked(text) == request_


@pytest.mark.parametrize("word", ["strç", "yandi", "mill", "the", "b200", "otuz"])
def test_words_are_not_taken_for_drumming_on_the_keys(word: str) -> None:
    assert is_mashed(word) == (word == "strç" and word.isascii())


@pytest.mark.parametrize("text", ["merhaba", "teşekkürler", "Sen kimsin?", "qwerty"])
def test_nothing_asked_gets_a_civil_sentence_and_no_citation(engine: Engine, text: str) -> None:
    history = [Turn("Değirmen ne zaman yandı?", "“Kıyıdaki değirmen 3 Mayıs 1902’de yandı.” [1]")]
    for turns in ([], history):
        answer = engine.ask(text, turns)[1]
        assert (answer.verdict, answer.citations) == ("no_question", ())
        assert answer.text
        assert answer.resolved_question is None


def test_asked_what_it_is_dipnot_names_its_texts_and_two_examples(engine: Engine) -> None:
    text = engine.ask("Ne yapabiliyorsun?")[1].text
    assert engine.index.documents["lake"].title in text
    assert text.count("“") == 2


def test_a_question_behind_a_greeting_stands_by_itself() -> None:
    history = [Turn("Merhaba", "Merhaba."), Turn("Göl nerede?", "…")]
    assert understand("Bunu kim yaptı?", history).standalone == "Göl nerede? Bunu kim yaptı?"
    assert understand("Bunu kim yaptı?", history[:1]).standalone == "Bunu kim yaptı?"


@pytest.mark.parametrize(
    ("text", "language"),
    [("Sen kimsin?", "tr"), ("tamam", "tr"), ("slm", "tr"), ("ok", "en"), ("bye", "en")],
)
def test_a_greeting_is_answered_in_its_language(engine: Engine, text: str, language: str) -> None:
    assert engine.ask(text)[1].language == language
