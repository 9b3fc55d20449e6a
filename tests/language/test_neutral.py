"""Neutral sentences and questions: as many in each language, each read as its own."""

from __future__ import annotations

import pytest

from dipnot.language.detection import language_of, question_language
from dipnot.language.neutral import QUESTIONS, SENTENCES
from dipnot.types import LANGUAGES


@pytest.mark.parametrize("texts", [SENTENCES, QUESTIONS])
def test_every_language_has_as_many_each_once(texts: dict[str, tuple[str, ...]]) -> None:
    assert set(texts) == set(LANGUAGES)
    assert len({len(own) for own in texts.values()}) == 1
    assert all(len(set(own)) == len(own) for own in texts.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_is_in_its_language(language: str) -> None:
    assert language_of(" ".join(SENTENCES[language])) == language
    assert {question_language(q) for q in QUESTIONS[language]} <= {language, None}
