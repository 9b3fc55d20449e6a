"""Pages and parts of a document leave with the offsets of its text."""

from __future__ import annotations

from dipnot.engine import Engine
from dipnot.server import schemas


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
