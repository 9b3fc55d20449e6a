"""An understood question to what the legs search for.

Owns: embedding a question and centring it, its index terms with what they are called in the other
language, its out-of-vocabulary names, and what each of its tokens counts.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

import numpy as np

from dipnot.index.build import Index
from dipnot.index.centring import centred, mean_of
from dipnot.index.lexical import LexicalLeg
from dipnot.language.pairs import counterparts
from dipnot.language.tokens import index_terms
from dipnot.language.transliteration import respelled
from dipnot.types import Encoded, Encoder, Filters, Language, Query, Question, Span, Vectors

_WORD = re.compile(r"\w+")
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
    others = _counterparts(index.legs.lexical, text, terms, question.language)
    if encoded.tokens is None or index.legs.late is None or not len(encoded.tokens[0]):
        return Query(question, vector, None, terms, others)
    mean = mean_of(index.means.question_tokens, question.language)
    places = encoded.places[0] if encoded.places else ()
    frequencies = frequencies_of(index, terms, others)
    known = {term for term, held in frequencies.items() if held}
    unknown = [n for n in question.names if not known.issuperset(_terms(text[slice(*n)]))]
    oov_names = [tuple(i for i, p in enumerate(places) if p.overlaps(name)) for name in unknown]
    return Query(
        question,
        vector,
        tokens=centred(encoded.tokens[0], mean),
        terms=terms,
        counterparts=others,
        oov_names=tuple(tokens for tokens in oov_names if tokens),
        token_weights=_token_weights(index, text, places, frequencies),
    )


def documents_like(index: Index, text: str) -> list[str]:
    """The documents whose passages share most words with a text, the likeliest first."""
    rows, _ = index.legs.lexical.best(_terms(text), _LIKELY, Filters())
    return list(dict.fromkeys(index.passages[row].doc_id for row in rows))


def frequencies_of(
    index: Index, terms: Sequence[str], counterparts: Sequence[Sequence[str]]
) -> dict[str, int]:
    """How many passages hold each term of a question, as it is or in the other language."""
    frequency = index.legs.lexical.frequency
    pairs = zip(terms, counterparts, strict=True)
    return {term: max(map(frequency, (term, *others))) for term, others in pairs}


def rarity(held: int, passages: int) -> float:
    """What a term counts that ``held`` of so many passages hold."""
    return math.log1p(passages / (held + 0.5))


def _counterparts(
    lexical: LexicalLeg, text: str, terms: Sequence[str], language: Language | None
) -> tuple[tuple[str, ...], ...]:
    """What each term of a text is called in the other language.

    A word that neither the texts nor the word list know may be a name that they spell otherwise.
    """
    found = []
    words = {t: word.group() for word in _WORD.finditer(text) for t in index_terms(word.group())}
    for term in terms:
        own = counterparts(term, language, lexical.starting)
        if not own and not lexical.frequency(term):
            ways = (t for way in respelled(words.get(term, term)) for t in index_terms(way))
            own = tuple(dict.fromkeys(t for t in ways if lexical.frequency(t)))
        found.append(own)
    return tuple(found)


def _token_weights(
    index: Index, text: str, places: Sequence[Span], frequencies: Mapping[str, int]
) -> Vectors | None:
    """What each token counts: the rarity of its word in the texts; nothing for a function word.

    ``places``: of the tokens in the text; ``frequencies``: of its terms.
    """
    weights = np.zeros(len(places), np.float32)
    for word in _WORD.finditer(text):
        own = Span(*word.span())
        tokens = [i for i, place in enumerate(places) if place.overlaps(own)]
        for term in index_terms(word.group()):
            if term in frequencies:  # what stands behind an apostrophe is none
                rare = rarity(frequencies[term], len(index.passages))
                weights[tokens] = np.maximum(weights[tokens], rare)
    total = float(weights.sum())
    return weights * (len(weights) / total) if total else None


def _terms(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(index_terms(text)))
