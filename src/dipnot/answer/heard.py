"""An utterance as the encoder hears it, before it is understood.

Owns: which of its words say that it is about what the texts tell, and which earlier turns asked
nothing, by what Dipnot answered to them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from dipnot.answer.frames import is_unasked
from dipnot.index.build import Index
from dipnot.language.detection import question_language
from dipnot.language.folding import fold
from dipnot.language.known import joined, noun
from dipnot.language.pairs import counterparts
from dipnot.language.tokens import index_terms
from dipnot.models.utterances import Utterances
from dipnot.question.courtesy import ungreeted
from dipnot.types import Encoded, Heard, Turn

_WORKS = re.compile(noun(lambda own: own.works))
_LIKELY = 0.5  # that a text is asked for what it tells; then no more has to be known
_WORD = re.compile(r"\w+(?:'\w+)*")
_EVERYDAY = joined(lambda own: own.telling | own.anaphora)


def hear(index: Index, utterances: Utterances, text: str, encoded: Encoded) -> Heard:
    """Hear an utterance with its vector."""
    words = [
        w
        for w in _WORD.findall(ungreeted(fold(text)))
        if w not in _EVERYDAY and not _WORKS.fullmatch(w)
    ]
    terms = set(index_terms(" ".join(words))) - utterances.terms
    lexical, language = index.legs.lexical, question_language(text)
    held = frozenset(t for t in terms if lexical.frequency(t))
    likely, across = utterances.likely(encoded.vectors[0]), frozenset[str]()
    own = (document.languages for document in index.documents.values())
    if likely.get("ask", 0.0) < _LIKELY and not any(language in languages for languages in own):
        across = frozenset(t for t in terms if counterparts(t, language, lexical.starting))
    return Heard(likely, held, across)


def turns_that_asked(history: Sequence[Turn]) -> list[Turn]:
    """The turns before, without those that were answered as nothing asked."""
    return [turn for turn in history if not is_unasked(turn.answer)]
