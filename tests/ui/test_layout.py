"""The components of the page: which there are, and what events may change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

import gradio as gr
import pytest

from dipnot_ui.layout import Page, lay_out
from dipnot_ui.turns import MAX_QUESTION


def draw(_asked: object) -> list[str]:
    return []


@pytest.fixture
def page() -> Iterator[Page]:
    with gr.Blocks():
        yield lay_out(draw)


def test_every_component_can_be_changed_but_the_wire(page: Page) -> None:
    parts = {id(getattr(page, field.name)) for field in fields(page)}
    assert parts - {id(part) for part in page.outputs()} == {id(page.wire)}


def test_a_question_can_be_as_long_as_is_taken(page: Page) -> None:
    assert page.question.max_length == MAX_QUESTION


def test_what_goes_over_the_wire_never_becomes_part_of_the_page(page: Page) -> None:
    assert page.wire.html_template == ""
