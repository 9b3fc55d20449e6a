"""Hits leave with the offsets of the index."""

from __future__ import annotations

from dipnot.engine import Engine
from dipnot.server import schemas


def test_a_hit_and_its_passage_stand_in_the_text_at_their_offsets(engine: Engine) -> None:
    index, answer = engine.ask("Değirmen ne zaman yandı?")
    assert answer.hits
    for hit in answer.hits:
        shape = schemas.hit_shape(index, hit)
        assert index.documents[shape.doc_id].text[shape.start : shape.end] == shape.text
        alone = schemas.passage_shape(index, hit.passage).model_dump()
        assert shape.model_dump() == {**alone, "rank": shape.rank, "score": shape.score}
