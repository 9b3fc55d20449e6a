"""The shapes of the API: unknown fields are refused, and offsets are the index's own."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from dipnot.engine import Engine
from dipnot.server import schemas
from dipnot.types import BuildReport, BuildState, FileFailure, Turn


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
    for hit in shape.hits:
        assert index.documents[hit.doc_id].text[hit.start : hit.end] == hit.text


def test_pages_of_a_document_make_up_its_parts_and_others_are_none(engine: Engine) -> None:
    document = engine.document("lake")
    whole = schemas.document_shape(engine.index, document)
    for part in whole.pages:
        page = schemas.page_shape(document, part.number)
        assert page is not None
        assert (page.start, page.end) == (part.start, part.end)
        assert page.text == document.text[part.start : part.end]
    assert schemas.page_shape(document, 0) is None
    assert schemas.page_shape(document, len(whole.pages) + 1) is None


def test_a_rebuild_shows_its_report_only_when_there_is_one() -> None:
    assert schemas.rebuild_shape(BuildState()).report is None
    failed = (FileFailure("b.pdf", "It is locked."),)
    report = BuildReport("g", added=("a",), failed=failed)
    shape = schemas.rebuild_shape(BuildState("done", report=report))
    assert shape.report is not None
    assert shape.report.added == ["a"]
    assert [(f.file, f.reason) for f in shape.report.failed] == [("b.pdf", "It is locked.")]


def test_why_an_index_is_stale_is_shown(engine: Engine) -> None:
    assert schemas.index_shape(engine.index, None).stale is False
    stale = schemas.index_shape(engine.index, "these texts changed: lake")
    assert (stale.stale, stale.stale_reason) == (True, "these texts changed: lake")
