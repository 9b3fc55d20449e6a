"""An understood question to what the legs search for.

Owns: embedding a question and centring it, its index terms, and the names that no text has.
"""

from __future__ import annotations

from dipnot.index.build import Index
from dipnot.index.centring import centred, mean_of
from dipnot.language.tokens import index_terms
from dipnot.types import Encoder, Filters, Query, Question

_LIKELY = 64  # passages in which a quotation is looked for


def make_query(question: Question, encoder: Encoder, index: Index) -> Query:
    """Embed a question and centre it by the mean of its language's questions."""
    text = question.standalone
    encoded = encoder.encode_queries([text])
    vector = centred(encoded.vectors[0], mean_of(index.means.questions, question.language))
    terms = _terms(text)
    if encoded.tokens is None or index.legs.late is None or not len(encoded.tokens[0]):
        return Query(question, vector, None, terms)
    mean = mean_of(index.means.question_tokens, question.language)
    places = encoded.places[0] if encoded.places else ()
    knows = index.legs.lexical.knows
    unknown = [name for name in question.names if not knows(text[slice(*name)])]
    strangers = [tuple(i for i, p in enumerate(places) if p.overlaps(name)) for name in unknown]
    return Query(
        question,
        vector,
        tokens=centred(encoded.tokens[0], mean),
        terms=terms,
        strangers=tuple(tokens for tokens in strangers if tokens),
    )


def documents_like(index: Index, text: str) -> list[str]:
    """The documents whose passages share most words with a text, the likeliest first."""
    rows, _ = index.legs.lexical.best(_terms(text), _LIKELY, Filters())
    return list(dict.fromkeys(index.passages[row].doc_id for row in rows))


def _terms(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(index_terms(text)))
