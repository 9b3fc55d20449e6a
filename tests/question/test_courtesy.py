"""Whether anything is asked of the texts at all."""

from __future__ import annotations

import pytest

from dipnot.question.courtesy import has_words_of, is_mashed, not_asked
from dipnot.question.understanding import understand
from dipnot.types import Turn


@pytest.mark.parametrize(
    ("text", "request_"),
    [
        ("Merhaba!", "courtesy"), ("çok teşekkür ederim", "courtesy"), ("TAMAM", "courtesy"),
        ("Good evening", "courtesy"), ("hello there", "courtesy"), ("ok thanks a lot", "courtesy"),
        ("Sen kimsin?", "dipnot"), ("neler yapabiliyorsun", "dipnot"),
        ("What can you do?", "dipnot"), ("Are you a librarian?", "dipnot"), ("help", "dipnot"),
        ("hi, who are you?", "dipnot"), ("merhaba sen kimsin", "dipnot"),
        ("asdfgh", "noise"), ("kkkkk", "noise"), ("x", "noise"),
        ("Can you tell me who burned the mill?", None),
        ("Bana değirmeni kimin yaktığını söyler misin?", None),
        ("can you book a table for two", None),
        ("teşekkürler, peki değirmen ne zaman yandı?", None), ("Когда?", None), ("1902", None),
        ("Göl", None), ("good mills", None), ("How much is the fine?", None),
        ("What was the fine?", None),
        ("Değirmenin ne zaman yandığını biliyor musun?", None),
    ],
)  # fmt: skip
def test_only_what_asks_nothing_of_the_texts_is_told_apart(text: str, request_: str | None) -> None:
    assert not_asked(text) == request_


@pytest.mark.parametrize("word", ["strç", "yandi", "mill", "the", "b200", "otuz"])
def test_words_are_not_taken_for_drumming_on_the_keys(word: str) -> None:
    assert is_mashed(word) == (word == "strç" and word.isascii())


def test_a_question_behind_a_greeting_stands_by_itself() -> None:
    history = [Turn("Merhaba", "Merhaba."), Turn("Göl nerede?", "…")]
    assert understand("Bunu kim yaptı?", history).standalone == "Göl: Bunu kim yaptı?"
    assert understand("Bunu kim yaptı?", history[:1]).standalone == "Bunu kim yaptı?"


def test_a_verb_that_is_denied_is_a_word_of_a_language() -> None:
    assert has_words_of("Gelmezse?")
    assert has_words_of("doktorun evi nerdeydi")
    assert has_words_of("Kral kiminle evlenecek?")
    assert not has_words_of("zırtapoz")
