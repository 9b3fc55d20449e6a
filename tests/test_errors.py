"""Errors: one tree, and values from outside shown safely."""

from __future__ import annotations

import inspect

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dipnot import errors
from dipnot.errors import DipnotError, shown


def test_every_error_is_a_dipnot_error_and_drawn_in_the_tree() -> None:
    found = [c for _, c in inspect.getmembers(errors, inspect.isclass)]
    classes = [c for c in found if c.__module__ == errors.__name__]
    assert all(issubclass(c, DipnotError) for c in classes)
    drawn = errors.__doc__ or ""
    assert [c.__name__ for c in classes if c.__name__ not in drawn] == []


@given(st.text())
def test_a_shown_value_is_one_printable_line_of_bounded_length(value: str) -> None:
    text = shown(value)
    assert text.isprintable()
    assert len(text) <= 63
    text.encode()


@pytest.mark.parametrize(
    ("value", "text"),
    [("İki söz", "'İki söz'"), ("a\nb", r"'a\nb'"), ("\ud800", r"'\ud800'"), (3, "'3'"),
     ("x" * 61, f"'{'x' * 60}…'")],
)  # fmt: skip
def test_a_shown_value_keeps_what_can_be_read_and_escapes_the_rest(
    value: object, text: str
) -> None:
    assert shown(value) == text
