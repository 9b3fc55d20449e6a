"""Text to index terms, the same for building and for asking.

Owns: Turkish-safe lexical matching. Words are folded (case, diacritics, dotless i), cut at the
apostrophe (`Türkiye’nin` is `türkiye`) and to their first five letters, which retrieves Turkish as
well as a lemmatizer does (Can et al., JASIST 59(3), 2008); numbers stay whole.
"""

from __future__ import annotations

import re

from dipnot.language.folding import fold
from dipnot.language.known import joined

PREFIX = 5
_WORD = re.compile(r"\w+(?:'\w+)*")
# Question words are among them: they ask, they do not describe.
STOPWORDS = joined(lambda own: own.function_words)


def index_terms(text: str) -> list[str]:
    """Cut a text into terms; empty when it holds function words only."""
    terms: list[str] = []
    for match in _WORD.finditer(fold(text).replace("_", " ")):
        word = match.group().split("'", 1)[0]
        if not word or word in STOPWORDS:
            continue
        if word.isdigit():
            terms.append(word)
        elif len(word) > 1:
            terms.append(word[:PREFIX])
    return terms
