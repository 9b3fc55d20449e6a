"""Questions to an engine, up to what was found for them and up to the answer."""

from __future__ import annotations

from dipnot.answer.found import Considered
from dipnot.answer.respond import Models, consider
from dipnot.engine import Engine
from dipnot.question.understanding import understand
from dipnot.retrieval.query import make_query
from dipnot.retrieval.rank import rank
from dipnot.types import Answer, Filters, Turn
from fakes import FakeEncoder


def ask(engine: Engine, question: str, *history: Turn) -> Answer:
    """The answer; whatever it quotes stands in a text at the place that it names."""
    answer = engine.ask(question, history)[1]
    for citation in answer.citations:
        text = engine.index.documents[citation.doc_id].text
        assert text[slice(*citation.span)] == citation.quote
    return answer


def considered(engine: Engine, question: str, doc_id: str | None = None) -> Considered:
    """What the fake encoder finds for a question, before anything is said."""
    models, filters = Models(FakeEncoder()), Filters(doc_id=doc_id)
    query = make_query(understand(question), models.encoder, engine.index)
    ranking = rank(engine.index, query, filters, models.weights)
    return consider(engine.index, models, query, ranking, 5, filters)
