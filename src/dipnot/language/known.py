"""The languages that the house knows, and what they say together.

Owns: the list of them. A further language is a further file like ``turkish``, named here, in
``types.Language`` and in the sentences of ``neutral``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from dipnot.language.english import ENGLISH
from dipnot.language.turkish import TURKISH
from dipnot.language.words import Words, either
from dipnot.types import Language

KNOWN = (TURKISH, ENGLISH)


def joined(part: Callable[[Words], frozenset[str]]) -> frozenset[str]:
    """The words of one part, of all languages."""
    return frozenset().union(*(part(own) for own in KNOWN))


def pattern(part: Callable[[Words], str], language: Language | None = None) -> str:
    """One part that is a pattern, of a language or of all, as alternatives."""
    return either(*(part(own) for own in KNOWN if language in (None, own.language)))


def noun(stems: Callable[[Words], str]) -> str:
    """Nouns of all languages with what may stand behind them there; ``stems``: alternatives."""
    own = pattern(lambda own: rf"(?:{stems(own)})(?:'\w+|{own.noun_endings})")
    return rf"(?:{own})(?!\w)"


@cache
def negates(language: Language | None) -> re.Pattern[str]:
    """What says no in a language, or in any that is known.

    The endings of one are letters within words of another: `immediately` has one of the Turkish.
    """
    return re.compile(pattern(lambda own: own.negates, language))


@cache
def asks_no(language: Language | None) -> re.Pattern[str]:
    """By what a question asks for what is not so, in a language or in any that is known."""
    return re.compile(pattern(lambda own: own.asks_no, language))


# A name within a sentence (`Mimar Yılmaz`) denies nothing, though it ends as verbs do that deny.
NAME_LIKE_DENIAL = re.compile(r"(?<=[^\W_][ ,;])[A-ZÇĞİÖŞÜ]\w*m[ae]z(?:['’]\w+)?\b")
