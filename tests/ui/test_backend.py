"""Calls to the backend: none raises, and only what is meant for readers reaches them."""

from __future__ import annotations

import logging

import pytest

from dipnot_ui.backend import BackendError, Failure, attempt


def test_a_call_that_succeeds_gives_what_it_gave() -> None:
    assert attempt(divmod, 7, 2) == (3, 1)


def test_a_sentence_for_the_reader_is_kept_and_not_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail() -> None:
        raise BackendError("The token is wrong.")

    assert attempt(fail) == Failure("The token is wrong.")
    assert caplog.records == []


def test_any_other_failure_goes_to_the_log_whole_and_nowhere_else(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.ERROR):
        assert attempt(divmod, 1, 0) == Failure(None)
    assert "ZeroDivisionError" in caplog.text
