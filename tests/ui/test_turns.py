"""Asking: what a turn becomes, what the history holds, which pages are read."""

from __future__ import annotations

import logging

import pytest

from dipnot_ui.backend import BackendError
from dipnot_ui.turns import MAX_QUESTION, Turn, ask, history_of, page_cache
from ui_parts import (
    QUOTE,
    FakeBackend,
    Reader,
    answer_of,
    citation,
    shown,
)


def test_an_error_meant_for_the_reader_is_shown_as_it_is() -> None:
    assert "Çok fazla soru var." in Reader(shown(BackendError("Çok fazla soru var."))).text


def test_any_other_error_is_a_general_sentence_and_goes_to_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.ERROR):
        text = Reader(shown(RuntimeError("/secret/path"), "en")).text
    assert "Something went wrong" in text
    assert "secret" not in text
    assert "Traceback" not in text
    assert "/secret/path" in caplog.text


def test_a_failing_page_leaves_the_answer_without_its_paragraph() -> None:
    made = shown(answer_of([citation(page=9, page_end=9)]))
    assert QUOTE in made
    assert "<details" not in made


def test_a_question_too_long_never_reaches_the_backend() -> None:
    backend = FakeBackend()
    turn = ask(backend, page_cache(backend), Turn("x" * (MAX_QUESTION + 1)), [], "en")
    assert turn.error is not None
    assert str(MAX_QUESTION) in turn.error
    assert backend.calls["ask"] == 0


def test_the_history_is_the_last_ten_answered_turns() -> None:
    turns = [Turn(str(i), answer_of([], answer=f"a{i}")) for i in range(14)]
    turns += [Turn("failed", error="x"), Turn("pending")]
    assert history_of(turns) == [{"question": str(i), "answer": f"a{i}"} for i in range(4, 14)]


def test_pages_are_read_once_for_a_generation_of_the_index() -> None:
    backend = FakeBackend()
    read = page_cache(backend)
    for _ in range(3):
        read("g1", "a", 2)
    assert backend.calls["page"] == 1
    read("g2", "a", 2)
    assert backend.calls["page"] == 2
