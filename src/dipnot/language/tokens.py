"""Text to index terms, the same for building and for asking.

Owns: Turkish-safe lexical matching. Words are folded (case, diacritics, dotless i), cut at the
apostrophe (`Türkiye’nin` is `türkiye`) and to their first five letters, which retrieves Turkish as
well as a lemmatizer does (Can et al., JASIST 59(3), 2008); numbers stay whole.
"""

from __future__ import annotations

import re

from dipnot.language.folding import fold

PREFIX = 5
_WORD = re.compile(r"\w+(?:'\w+)*")
# Function words of both languages, folded. Question words are among them: they ask, they do not
# describe.
STOPWORDS = frozenset(
    """ve ile bir bu su da de mi mu icin olarak gibi daha en ne nasil neden nicin niye kim kime
    kimin kimler hangi hangisi nerede kac kadar sonra once gore ama ancak fakat ya veya hem o onu
    onun bunu bunun olan oldu olmustur ise ki her tum hic cok var yok acaba peki midir nedir kimdir
    neler nelerdir zaman
    the of and to in is was were are be been by for with on at from as an a it its that this these
    those which who whom whose what when where why how did do does done had has have not no or but
    if into than then there their they he his she her him we you i my me your can could would should
    will may might""".split()
)


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
