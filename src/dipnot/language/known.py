"""The languages that the house knows, and what they say together.

Owns: the list of them. A further language is a further file like ``turkish``, named here, in
``types.Language`` and in the sentences of ``neutral``.
"""

from __future__ import annotations

from collections.abc import Callable

from dipnot.language.english import ENGLISH
from dipnot.language.turkish import TURKISH
from dipnot.language.words import Words, either

KNOWN = (TURKISH, ENGLISH)


def joined(part: Callable[[Words], frozenset[str]]) -> frozenset[str]:
    """The words of one part, of all languages."""
    return frozenset().union(*(part(own) for own in KNOWN))


def pattern(part: Callable[[Words], str]) -> str:
    """One part that is a pattern, of all languages, as alternatives."""
    return either(*(part(own) for own in KNOWN))
