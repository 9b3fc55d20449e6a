"""Whether the models find a written sentence in the quotations that it cites.

Owns: the reader's agreement and the likeness of each word. The reader was trained on questions: it
tells well what a quotation has nothing to do with, and badly who did it to whom. Likeness word by
word tells `burned down` from `was built`. Neither reads logic: ``docs/language-model.md``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dipnot.answer.standing import Quoted
from dipnot.index.centring import LanguageMeans, centred, mean_of
from dipnot.language.sentences import split_sentences
from dipnot.models.reader import Reader
from dipnot.types import Encoder, Language, Vectors

# Chosen on pairs of a sentence and a quotation, measured on others, by benchmarks/support.py.
READ_AT = -2.0  # logit of the best sentence of the quotations
LIKE_AT, LIKE_ACROSS_AT = 0.61, 0.51  # cosine of the word that is least met
_SHORTEST = 4  # letters of a word that must be met
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Judges:
    """The models that judge, with the means of the index, which centre the encoder's tokens."""

    reader: Reader
    encoder: Encoder
    means: LanguageMeans


def supports(judges: Judges, sentence: str, language: Language, quoted: Sequence[Quoted]) -> bool:
    """Whether the reader agrees, and every longer word has its like."""
    if agreement(judges, sentence, quoted) < READ_AT:
        return False
    within = any(q.language == language for q in quoted)
    return least_met(judges, sentence, language, quoted) >= (LIKE_AT if within else LIKE_ACROSS_AT)


def agreement(judges: Judges, sentence: str, quoted: Sequence[Quoted]) -> float:
    """The reader's logit for the sentence of the quotations that speaks most for a written one."""
    windows = [[q.text[slice(*s)]] for q in quoted for s in split_sentences(q.text)]
    readings = judges.reader.read(sentence, windows)
    return max((own.evidence for window in readings for own in window), default=READ_AT)


def least_met(judges: Judges, sentence: str, language: Language, quoted: Sequence[Quoted]) -> float:
    """The likeness of the word of a sentence that the quotations meet least; 1 without tokens."""
    asked = judges.encoder.encode_queries([sentence])
    given = judges.encoder.encode_passages([q.text for q in quoted], tokens=True)
    if asked.tokens is None or given.tokens is None or asked.places is None:
        return 1.0
    own = centred(asked.tokens[0], _mean(judges.means.question_tokens, language))
    best = np.full(len(own), -1.0, np.float32)
    for q, tokens in zip(quoted, given.tokens, strict=True):
        other = centred(tokens, _mean(judges.means.tokens, q.language))
        if len(other):
            best = np.maximum(best, (own @ other.T).max(axis=1))
    met = [
        float(best[at].mean())
        for word in _WORD.finditer(sentence)
        if len(word.group()) >= _SHORTEST
        and (
            at := [
                i
                for i, place in enumerate(asked.places[0])
                if place.start < word.end() and word.start() < place.end
            ]
        )
    ]
    return min(met, default=1.0)


def _mean(means: Vectors, language: Language) -> Vectors:
    """The mean token of a language; nothing where the index has no tokens."""
    return mean_of(means, language) if len(means) else np.zeros(means.shape[1], np.float32)
