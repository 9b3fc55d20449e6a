"""Turning pages: no place is left, whatever is asked for and whatever fails."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gradio as gr
import pytest

from dipnot_ui.backend import BackendError
from dipnot_ui.labels import label
from dipnot_ui.layout import Page, lay_out
from dipnot_ui.leafing import _everything, _moved
from ui_parts import FakeBackend, Reader, document


@pytest.fixture
def page() -> Iterator[Page]:
    with gr.Blocks():
        yield lay_out()


@pytest.mark.parametrize(
    ("place", "shown"),
    [
        (None, ("a", 1)), (("a", 2), ("a", 2)), (("a", 0), ("a", 1)), (("a", 99), ("a", 3)),
        (("gone", 2), ("a", 1)),
    ],
)  # fmt: skip
def test_a_page_that_is_not_there_is_the_nearest_one(
    page: Page, place: tuple[str, int] | None, shown: tuple[str, int]
) -> None:
    updates = _everything(page.text, FakeBackend(), "en", place)
    assert updates[page.text.place] == shown
    assert updates[page.text.previous]["interactive"] == (shown[1] > 1)
    assert updates[page.text.next]["interactive"] == (shown[1] < 3)
    assert f"Page {shown[1]} of 3" in Reader(updates[page.text.leaf]).text


def test_of_one_document_there_is_nothing_to_choose(page: Page) -> None:
    class Two(FakeBackend):
        def documents(self) -> list[dict[str, Any]]:
            return [document(), document(doc_id="b")]

    one = _everything(page.text, FakeBackend(), "tr", None)[page.text.document]
    two = _everything(page.text, Two(), "tr", ("b", 1))[page.text.document]
    assert (one["visible"], two["visible"], two["value"]) == (False, True, "b")


@pytest.mark.parametrize("fails", ["documents", "document", "page"])
def test_what_fails_is_said_where_the_page_would_stand(
    page: Page, fails: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    backend = FakeBackend()

    def fail(*_: object) -> None:
        raise BackendError("Not now <b>.")

    monkeypatch.setattr(backend, fails, fail)
    updates = _everything(page.text, backend, "en", ("a", 2))
    assert "Not now <b>." in Reader(updates[page.text.leaf]).text


def test_without_documents_the_view_says_so(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    backend = FakeBackend()
    monkeypatch.setattr(backend, "documents", list)
    updates = _everything(page.text, backend, "en", None)
    assert label("en", "no_documents") in Reader(updates[page.text.leaf]).text
    assert updates[page.text.outline] == ""


def test_turning_goes_from_the_page_that_is_shown() -> None:
    assert _moved(("a", 2), -1) == ("a", 1)
    assert _moved(None, 1) is None
