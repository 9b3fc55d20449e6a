"""Asking: what a turn becomes, what the history holds, what a browser may give back."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from dipnot_ui import render
from dipnot_ui.backend import BackendError, Failure
from dipnot_ui.turns import (
    MAX_QUESTION,
    Turn,
    as_data,
    ask,
    check,
    history_of,
    page_cache,
    read_turn,
)
from ui_parts import HOSTILE, QUOTE, FakeBackend, Reader, answer_of, asked, citation, shown


def test_the_first_place_comes_before_the_whole() -> None:
    backend = FakeBackend()
    first, whole = ask(backend, page_cache(backend), Turn("Ne zaman?"), [])
    assert first.first is not None
    assert first.answer is None
    assert whole.answer is not None
    assert whole.contexts


class WritingBackend(FakeBackend):
    def ask(self, *_: Any) -> Iterator[tuple[str, dict[str, Any]]]:
        yield "hits", {"hits": [{**citation(), "text": QUOTE}]}
        yield "citation", citation()
        yield "text", {"text": f"{HOSTILE} [1]. "}
        yield "text", {"text": "So it was [1]. "}
        yield "text", {"text": f"The text says: “{QUOTE}” [1]"}
        yield "done", self.answer  # type: ignore[misc]


def test_quotations_and_written_sentences_are_drawn_each_as_it_comes() -> None:
    backend = WritingBackend()
    turns = list(ask(backend, page_cache(backend), Turn("Ne zaman?"), []))
    assert [(len(t.cited), len(t.written)) for t in turns[:-1]] == [(0, 0), (1, 0), (1, 1), (1, 2)]
    assert turns[-1].answer is not None
    drawn = [render.turn("en", t) for t in turns]
    seen = [Reader(made) for made in drawn]
    assert all(QUOTE in one.text for one in seen)
    assert ["dn-written" in made for made in drawn] == [False, False, True, True, False]
    assert ["data-verdict" in made for made in drawn] == [False] * 4 + [True]
    assert f"{HOSTILE} [1]. So it was [1]." in seen[3].text
    assert seen[3].tags.keys().isdisjoint({"script", "img"})
    assert "The text says" not in seen[3].text


def test_an_error_meant_for_the_reader_is_shown_as_it_is() -> None:
    assert "Çok fazla soru var." in Reader(shown(BackendError("Çok fazla soru var."), "en")).text


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
    assert "tooltip" not in made


@pytest.mark.parametrize(
    ("question", "code"), [("x" * (MAX_QUESTION + 1), "too_long"), (" ", "empty")]
)
def test_a_question_too_long_or_blank_never_reaches_the_backend(question: str, code: str) -> None:
    backend = FakeBackend()
    (turn,) = ask(backend, page_cache(backend), Turn(question), [])
    assert turn.failure == Failure(None, code)
    assert backend.calls["ask"] == 0


def test_the_history_is_the_last_ten_turns_and_nothing_that_is_none() -> None:
    turns: list[Any] = [{"question": str(i), "answer": f"a{i}"} for i in range(14)]
    assert history_of(turns) == turns[4:]
    assert history_of([None, 1, {}, {"question": "q"}, {"question": "q", "answer": 2}]) == []
    assert history_of("x" * 20) == history_of(None) == []


def test_a_turn_is_the_same_after_a_browser_kept_it() -> None:
    turn = asked(answer_of([citation()], language="en"))
    again = read_turn(json.loads(json.dumps(as_data(turn))))
    assert render.turn("tr", again) == render.turn("tr", turn)


@pytest.mark.parametrize(
    "data",
    [
        None, 7, "x", [], {}, {"question": 1}, {"question": "q", "key": "k", "answer": 3},
        {"question": "q", "key": "k", "answer": {"citations": [{"quote": 1}]}},
        {"question": "q", "key": "k", "answer": {"citations": [citation(start="x")]}},
        {"question": "q", "key": "k", "error": {}},
    ],
)  # fmt: skip
def test_what_is_no_turn_is_one_that_says_so(data: object) -> None:
    assert read_turn(data).failure == Failure(None, "unreadable")


def test_what_a_reader_changed_in_the_store_is_not_shown_as_standing_in_the_text() -> None:
    data = as_data(asked(answer_of([citation()])))
    data["answer"]["citations"] = [citation(), citation(n=2, quote=HOSTILE)]
    turn = check(FakeBackend(), read_turn(data))
    assert turn.fallen == {1}


def test_pages_are_read_once_for_a_generation_of_the_index() -> None:
    backend = FakeBackend()
    read = page_cache(backend)
    for _ in range(3):
        read("g1", "a", 2)
    assert backend.calls["page"] == 1
    read("g2", "a", 2)
    assert backend.calls["page"] == 2


def test_the_backend_is_told_the_pages_language() -> None:
    backend = FakeBackend()
    list(ask(backend, page_cache(backend), Turn("1936", key="k"), [], None, "tr"))
    assert backend.langs == ["tr"]
