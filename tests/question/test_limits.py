"""What may be asked: a question on one line, k within its limits, filters that exist."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dipnot.errors import InvalidInput, NotFound
from dipnot.question.limits import MOST_HITS, QUESTION_LENGTH, check_k, check_question, make_filters
from dipnot.types import Filters


@given(st.text(max_size=QUESTION_LENGTH + 20))
def test_a_question_comes_out_on_one_line_or_the_error_names_its_field(text: str) -> None:
    try:
        plain = check_question(text, "q")
    except InvalidInput:
        with pytest.raises(InvalidInput, match=r"\Aq ") as refused:
            check_question(text, "q")
        assert refused.value.field == "q"
        return
    assert plain == " ".join(plain.split())
    assert check_question(plain, "q") == plain
    assert any(c.isalnum() for c in plain)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", "is empty"), (" \t\n", "is empty"), ("?!", "without a letter or digit"),
        ("a\x00b", "the control character U+0000"), ("a\ud800", "the lone surrogate U+D800"),
        ("x" * (QUESTION_LENGTH + 1), "has 2,001 characters; expected 1 to 2,000"),
    ],
)  # fmt: skip
def test_what_is_no_question_is_refused_with_what_was_found(text: str, found: str) -> None:
    with pytest.raises(InvalidInput, match=found.replace("+", r"\+")):
        check_question(text, "question")


def test_k_may_be_either_end_and_nothing_past_it() -> None:
    check_k(1)
    check_k(MOST_HITS)
    for k in (0, MOST_HITS + 1):
        with pytest.raises(InvalidInput, match=f"k is {k}; expected 1 to {MOST_HITS}"):
            check_k(k)


def test_filters_are_checked_and_the_known_values_named() -> None:
    assert make_filters(["a"], None, None, None) == Filters()
    assert make_filters(["a"], "a", "tr", "body") == Filters("a", "tr", "body")
    for wrong, known in (
        (("b", None, None), "known: a"), ((None, "de", None), "known: tr, en"),
        ((None, None, "verse"), "known: front"),
    ):  # fmt: skip
        with pytest.raises(NotFound, match=known):
            make_filters(["a"], *wrong)
