"""Examples of the API's page: made of the texts that are served."""

from __future__ import annotations

from dipnot.engine import Engine
from dipnot.server.api import make_app
from dipnot.server.examples import _values


def test_values_name_what_the_index_holds(engine: Engine) -> None:
    values = _values(engine.index)
    assert values["doc_id"] in engine.index.documents
    assert engine.index.row_of(values["passage_id"]) is not None
    assert values["quote"] in engine.index.documents[values["doc_id"]].text
    assert engine.search(values["q"])[1]


def test_the_description_changes_with_the_index_and_not_before_there_is_one(
    engine: Engine,
) -> None:
    with_texts = str(make_app(engine).openapi())
    without = str(make_app(Engine(engine.settings, engine._encoder)).openapi())
    assert "'lake'" in with_texts
    assert "'lake'" not in without
