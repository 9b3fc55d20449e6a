"""What Dipnot says in its own words, in both languages."""

from __future__ import annotations

import string

import pytest

from answered import ask
from dipnot.answer.frames import _SAID, said, said_in
from dipnot.engine import Engine
from dipnot.types import LANGUAGES


def blanks(sentence: str) -> list[str]:
    named = {name for _, name, *_ in string.Formatter().parse(sentence) if name}
    return sorted(named - {"s"})  # the English plural


def test_every_sentence_is_there_in_every_language_with_the_same_blanks() -> None:
    first = _SAID[LANGUAGES[0]]
    for language in LANGUAGES:
        assert _SAID[language].keys() == first.keys()
        assert {k: blanks(v) for k, v in _SAID[language].items()} == {
            k: blanks(v) for k, v in first.items()
        }


def test_blanks_are_filled_and_one_left_empty_is_an_error() -> None:
    assert said("no_footnote", "en", label="7") == "There is no footnote 7."
    assert [said("pages", "en", n=n) for n in (1, 2)] == ["1 page", "2 pages"]
    with pytest.raises(KeyError):
        said("no_footnote", "en")


def test_of_an_answer_the_words_before_its_first_quotation_are_ours(engine: Engine) -> None:
    quoting = ask(engine, "Değirmen ne zaman yandı?")
    own = said_in(quoting.text, [citation.quote for citation in quoting.citations])
    assert quoting.text.startswith(own)
    assert quoting.citations[0].quote not in own
    refusing = ask(engine, "7. dipnotta ne yazıyor?")
    assert said_in(refusing.text, []) == refusing.text
