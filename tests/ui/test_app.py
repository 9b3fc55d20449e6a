"""The chat's events without a browser: what is shown of a state of the index and of the turns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gradio as gr
import pytest

from dipnot_ui.app import (
    _can_follow,
    _choices,
    _documents,
    _examples,
    _generation,
    _status,
    make_ui,
)
from dipnot_ui.backend import BackendError
from dipnot_ui.labels import label
from dipnot_ui.layout import Page, lay_out
from dipnot_ui.turns import Turn
from ui_parts import FakeBackend, answer_of, citation, document


@pytest.fixture
def page() -> Iterator[Page]:
    with gr.Blocks():
        yield lay_out()


def test_making_the_page_asks_the_backend_nothing() -> None:
    backend = FakeBackend()
    made = make_ui(backend)
    assert made.title == "Dipnot"
    assert not backend.calls


def test_no_event_can_be_called_as_an_api() -> None:
    assert make_ui(FakeBackend()).get_api_info()["named_endpoints"] == {}


def test_a_backend_that_cannot_tell_is_not_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    backend = FakeBackend()

    def fail() -> None:
        raise BackendError("It is being prepared.")

    for call in ("status", "documents"):
        monkeypatch.setattr(backend, call, fail)
    assert _status(backend, "en") == {"ready": False, "error": "It is being prepared."}
    assert _documents(backend) == []


def test_only_an_answer_that_quotes_can_be_followed_up() -> None:
    assert not _can_follow([])
    assert not _can_follow([Turn("a", answer_of([]))])
    assert not _can_follow([Turn("a", answer_of([citation()])), Turn("b", error="x")])
    assert _can_follow([Turn("a", answer_of([citation()]))])


def test_examples_are_each_shown_once_and_chips_left_over_are_hidden(page: Page) -> None:
    documents: list[dict[str, Any]] = [document(), document(examples=["Ne zaman?", "Kim?", ""])]
    updates = _examples(page, documents, shown=True)
    chips = [updates[chip] for chip in page.chips]
    assert [chip["value"] for chip in chips if chip["visible"]] == ["Ne zaman?", "Kim?"]
    assert updates[page.examples]["visible"] is True
    assert _examples(page, [], shown=True)[page.examples]["visible"] is False


def test_documents_are_chosen_by_title_or_else_by_id_behind_all_of_them() -> None:
    assert _choices("en", [document(), {"doc_id": "b"}]) == [
        (label("en", "all_documents"), ""), ("Türk-Sovyet İlişkileri", "a"), ("b", "b"),
    ]  # fmt: skip


def test_the_generation_is_the_statuss_or_else_the_last_answers() -> None:
    turns = [Turn("a", answer_of([], generation="g1")), Turn("b", error="x")]
    assert _generation({"generation": "g2"}, turns) == "g2"
    assert _generation({}, turns) == "g1"
    assert _generation({}, []) is None
