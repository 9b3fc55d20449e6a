"""The languages that the house knows, and what they say together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields

import pytest

from dipnot.language.folding import fold
from dipnot.language.known import KNOWN, joined, pattern
from dipnot.language.words import Words
from dipnot.types import LANGUAGES

UNFOLDED = (
    "months", "abbreviations", "no_name", "opens", "may_close", "peoples", "may_end",
    "dotted_may_end", "before_numbers",
)  # fmt: skip
PATTERNS = {field.name for field in fields(Words) if field.type == "str"}


def patterns_of(own: Words) -> Iterator[str]:
    yield from (getattr(own, name) for name in sorted(PATTERNS))
    yield from own.asks.values()
    yield from own.asks_text.values()


def test_the_languages_are_those_of_the_types_in_their_order() -> None:
    assert tuple(own.language for own in KNOWN) == LANGUAGES


@pytest.mark.parametrize("own", KNOWN, ids=LANGUAGES)
def test_every_pattern_is_one_and_captures_nothing_without_a_name(own: Words) -> None:
    for text in patterns_of(own):
        found = re.compile(text.replace("{work}", own.works).replace("{text}", own.text_nouns))
        assert found.groups == len(found.groupindex), text


@pytest.mark.parametrize("own", KNOWN, ids=LANGUAGES)
def test_words_that_are_looked_up_folded_are_folded(own: Words) -> None:
    for field in fields(Words):
        value = getattr(own, field.name)
        if isinstance(value, frozenset) and field.name not in UNFOLDED:
            assert {word for word in value if fold(word) != word} == set(), field.name


@pytest.mark.parametrize("own", KNOWN, ids=LANGUAGES)
def test_every_language_puts_every_kind_of_question(own: Words) -> None:
    assert own.asks.keys() == KNOWN[0].asks.keys()
    assert own.asks_text.keys() == KNOWN[0].asks_text.keys()


def test_together_they_have_the_words_and_the_patterns_of_each() -> None:
    assert {"ne", "what"} <= joined(lambda own: own.function_words)
    for text in ("değildir", "not"):
        assert re.search(pattern(lambda own: own.negates), fold(text))
