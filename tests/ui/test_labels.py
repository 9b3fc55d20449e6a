"""The words of the page: both languages say the same things."""

from __future__ import annotations

from string import Formatter
from typing import get_args

import pytest

from dipnot.types import Trouble
from dipnot_ui.labels import LABELS, Lang, has_label, lang_of_browser


def test_both_languages_have_the_same_words_and_none_is_empty() -> None:
    assert LABELS["tr"].keys() == LABELS["en"].keys()
    assert all(text.strip() for words in LABELS.values() for text in words.values())


def test_both_languages_fill_in_the_same_values() -> None:
    def names(text: str) -> set[str | None]:
        return {name for _, name, _, _ in Formatter().parse(text) if name}

    assert all(names(LABELS["tr"][key]) == names(LABELS["en"][key]) for key in LABELS["tr"])


def test_whatever_keeps_a_language_model_from_writing_has_its_words() -> None:
    assert all(has_label(f"unwritten_{reason}") for reason in get_args(Trouble))


@pytest.mark.parametrize(
    ("header", "lang"),
    [
        ("tr-TR,tr;q=0.9,en;q=0.8", "tr"),
        ("en-GB,en;q=0.9,tr;q=0.8", "en"),
        ("de,en;q=0.3,tr;q=0.5", "tr"),
        ("tr;q=0,en;q=0.1", "en"),
        ("de-DE", "en"),
        ("tr;q=abc,;;,", "tr"),
        ("", "en"),
        (None, "en"),
    ],
)
def test_the_browsers_language_chooses_turkish_only_if_it_is_preferred(
    header: str | None, lang: Lang
) -> None:
    assert lang_of_browser(header) == lang
