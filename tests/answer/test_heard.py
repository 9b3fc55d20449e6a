"""An utterance as the encoder hears it, before it is understood."""

from __future__ import annotations

import numpy as np

from dipnot.answer.frames import said
from dipnot.answer.heard import hear, turns_that_asked
from dipnot.engine import Engine
from dipnot.models.utterances import Utterances
from dipnot.types import Encoded, Turn
from fakes import DIMENSION, FakeEncoder

KINDS = ("ask", "gist")
LIKES = Utterances(
    KINDS, np.zeros((2, DIMENSION), np.float32), np.zeros(2, np.float32),
    np.zeros(DIMENSION, np.float32), frozenset({"kisac"}),
)  # fmt: skip


def held(engine: Engine, text: str) -> frozenset[str]:
    encoded: Encoded = FakeEncoder().encode_queries([text])
    return hear(engine.index, LIKES, text, encoded).held


def test_words_of_the_texts_are_held_and_talk_about_texts_is_not(engine: Engine) -> None:
    assert held(engine, "Değirmen kısaca ne anlatıyor?") == {"degir"}
    assert held(engine, "Bu metin kısaca ne anlatıyor?") == frozenset()
    assert held(engine, "Uzaylılar kim?") == frozenset()


def test_turns_answered_as_nothing_asked_are_left_out() -> None:
    thanked = Turn("var ol", said("consent", "tr"))
    greeted = Turn("howdy", said("courtesy", "en"))
    asked = Turn("Göl ne zaman kurutuldu?", "Metinde şöyle geçiyor: “Göl 1887’de kurutuldu.” [1]")
    assert turns_that_asked([greeted, asked, thanked]) == [asked]
