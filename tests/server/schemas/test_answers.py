"""What is sent to ask, and that what leaves stands in the text."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pydantic import ValidationError

from dipnot.engine import Engine
from dipnot.server import schemas
from dipnot.types import Imprint, Turn


@pytest.mark.parametrize(
    "body",
    [
        {}, {"question": 1}, {"question": "a", "k": 0}, {"question": "a", "k": 101},
        {"question": "a", "k": "8"}, {"question": "a", "k": True}, {"question": "a", "more": 1},
        {"question": "a", "history": [{"question": "b"}]}, {"question": "a", "doc_id": 7},
    ],
)  # fmt: skip
def test_a_body_of_another_shape_is_refused(body: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        schemas.AskBody.model_validate(body)


def test_a_conversation_becomes_our_own_turns() -> None:
    body = schemas.AskBody(
        question="a", history=[schemas.TurnShape(question="Kim?", answer="Biri.")]
    )
    assert body.turns() == [Turn("Kim?", "Biri.")]


def test_what_is_shown_of_an_answer_stands_in_the_text_at_its_offsets(engine: Engine) -> None:
    index, answer = engine.ask("Değirmen ne zaman yandı?")
    shape = schemas.answer_shape(index, answer, 1.26)
    assert shape.took_ms == 1.3
    assert shape.citations
    for citation in shape.citations:
        text = index.documents[citation.doc_id].text
        assert text[citation.start : citation.end] == citation.quote


def test_a_citation_names_the_journal_that_the_text_appeared_in(engine: Engine) -> None:
    index, answer = engine.ask("Değirmen ne zaman yandı?")
    lake = index.documents["lake"]
    imprint = Imprint(year="2019", journal="Taş", volume="3", issue="2")
    told = replace(index, documents={"lake": replace(lake, imprint=imprint)})
    (first, *_) = schemas.answer_shape(told, answer, 1).citations
    assert (first.journal, first.volume, first.issue, first.year) == ("Taş", "3", "2", 2019)
