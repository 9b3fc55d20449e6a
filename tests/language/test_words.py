"""The shape of what is known of a language: lists of words, and patterns side by side."""

from __future__ import annotations

import re

from dipnot.language.words import either, words


def test_lines_are_cut_into_words_each_once() -> None:
    assert words("göl  ırmak\n göl", "kıyı") == {"göl", "ırmak", "kıyı"}
    assert words("") == frozenset()


def test_of_patterns_side_by_side_an_empty_one_matches_nothing() -> None:
    assert either("göl", "", "lake") == "göl|lake"
    assert re.fullmatch(either("göl", "", "lake"), "") is None
