"""An understood question to what the legs search for.

Owns: embedding a question and centring it, its index terms with what they are called in the other
language, and its out-of-vocabulary names.
"""

from __future__ import annotations

from dipnot.index.build import Index
from dipnot.index.centring import centred, mean_of
from dipnot.language.pairs import counterparts
from dipnot.language.tokens import index_terms
from dipnot.types import Encoded, Encoder, Filters, Query, Question

_LIKELY = 64  # passages in which a quotation is looked for


def make_query(
    question: Question, encoder: Encoder, index: Index, encoded: Encoded | None = None
) -> Query:
    """Embed a question and centre it by the mean of its language's questions.

    ``encoded``: the words that were asked, embedded already; they serve where nothing was added.
    """
    text = question.standalone
    if encoded is None or text != question.text:
        encoded = encoder.encode_queries([text])
    vector = centred(encoded.vectors[0], mean_of(index.means.questions, question.language))
    terms = _terms(text)
    lexical = index.legs.lexical
    others = tuple(counterparts(t, question.language, lexical.starting) for t in terms)
    if encoded.tokens is None or index.legs.late is None or not len(encoded.tokens[0]):
        return Query(question, vector, None, terms, others)
    mean = mean_of(index.means.question_tokens, question.language)
    places = encoded.places[0] if encoded.places else ()
    known = {t for t, other in zip(terms, others, strict=True) if other or lexical.frequency(t)}
    unknown = [n for n in question.names if not known.issuperset(_terms(text[slice(*n)]))]
    oov_names = [tuple(i for i, p in enumerate(places) if p.overlaps(name)) for name in unknown]
    return Query(
        question,
        vector,
        tokens=centred(encoded.tokens[0], mean),
        terms=terms,
        counterparts=others,
        oov_names=tuple(tokens for tokens in oov_names if tokens),
    )


def documents_like(index: Index, text: str) -> list[str]:
    """The documents whose passages share most words with a text, the likeliest first."""
    rows, _ = index.legs.lexical.best(_terms(text), _LIKELY, Filters())
    return list(dict.fromkeys(index.passages[row].doc_id for row in rows))


def _terms(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(index_terms(text)))
