"""The components of the page: which there are, and what events may change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

import gradio as gr
import pytest

from dipnot_ui.labels import LABELS, Lang
from dipnot_ui.layout import Page, lay_out, views
from dipnot_ui.turns import MAX_QUESTION


@pytest.fixture
def page() -> Iterator[Page]:
    with gr.Blocks():
        yield lay_out()


def test_every_component_can_be_changed_but_what_only_remembers(page: Page) -> None:
    named = [getattr(page, field.name) for field in fields(page)]
    parts = [part for found in named for part in (found if isinstance(found, tuple) else [found])]
    kept = {id(part) for part in parts} - {id(part) for part in page.outputs()}
    assert kept == {id(page.text), id(page.turns), id(page.stored_lang)}


def test_all_of_the_text_view_may_change_when_a_page_is_turned(page: Page) -> None:
    parts = {id(getattr(page.text, field.name)) for field in fields(page.text)}
    assert {id(part) for part in page.text.outputs()} == parts


def test_a_question_can_be_as_long_as_is_taken_and_a_token_is_not_shown(page: Page) -> None:
    assert page.question.max_length == MAX_QUESTION
    assert page.token.type == "password"
    assert page.token.visible is False


@pytest.mark.parametrize("lang", ["tr", "en"])
def test_the_views_are_named_in_both_languages(lang: Lang) -> None:
    assert views(lang) == [
        (LABELS[lang]["view_ask"], "ask"), (LABELS[lang]["view_text"], "text"),
    ]  # fmt: skip
