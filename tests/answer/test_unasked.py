"""What is said where nothing was asked of the texts."""

from __future__ import annotations

import pytest

from dipnot.answer.unasked import is_noise, unasked
from dipnot.engine import Engine
from dipnot.question.understanding import understand
from dipnot.retrieval.query import make_query
from dipnot.types import Language, Turn
from fakes import FakeEncoder


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


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Sen kimsin?", "tr"),
        ("tamam", "tr"),
        ("slm", "tr"),
        ("ok", "en"),
        ("bye", "en"),
        ("ok teşekkürler", "tr"),
        ("ok thanks", "en"),
    ],
)
def test_a_greeting_is_answered_in_its_language(engine: Engine, text: str, language: str) -> None:
    assert engine.ask(text)[1].language == language


@pytest.mark.parametrize(
    ("text", "behind", "word"),
    [
        ("merhaba", False, "Merhaba"), ("tamam", False, "Merhaba"), ("tamam", True, "Buradayım"),
        ("teşekkürler", False, "Rica"), ("çok teşekkür ederim", True, "Rica"),
    ],
)  # fmt: skip
def test_thanks_and_consent_are_no_greeting(
    engine: Engine, text: str, *, behind: bool, word: str
) -> None:
    history = [Turn("Göl?", "“Göl kurudu.” [1]")] if behind else []
    assert unasked(engine.index, understand(text, history), "tr").startswith(word)


@pytest.mark.parametrize(("language", "word"), [("tr", "“Bu metin"), ("en", "“What")])
def test_examples_are_in_the_language_of_the_answer(
    engine: Engine, language: Language, word: str
) -> None:
    text = unasked(engine.index, understand("Sen kimsin?"), language)
    assert word in text


@pytest.mark.parametrize(
    ("text", "noise"),
    [("qw zx", True), ("vv bb", True), ("değirmen", False), ("“qw zx”", False), ("где", False)],
)
def test_pieces_of_no_word_are_noise_unless_a_text_holds_them(
    engine: Engine, text: str, noise: bool
) -> None:
    query = make_query(understand(text), FakeEncoder(), engine.index)
    assert is_noise(engine.index, query) == noise
