"""What may be asked: limits of questions and filters, and the sentences for what is past them.

Owns: the checks that terminal, API and chat share.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence
from typing import TypeVar

from dipnot.errors import InvalidInput, NotFound, listed, shown
from dipnot.types import KINDS, LANGUAGES, Filters, Kind

QUESTION_LENGTH = 2000
MOST_HITS = 100
MOST_TURNS = 50

_T = TypeVar("_T", bound=str)


def check_question(text: str, field: str) -> str:
    """Bring a question to one line; raises InvalidInput when it is none.

    Tab and line breaks count as spaces; other control characters are refused.
    """
    if len(text) > QUESTION_LENGTH:
        raise InvalidInput(
            f"{field} has {len(text):,} characters; expected 1 to {QUESTION_LENGTH:,}.", field
        )
    plain = " ".join(text.replace("\x85", "\n").split("\n"))
    plain = plain.replace("\t", " ").replace("\r", " ")
    bad = next((c for c in plain if unicodedata.category(c) in ("Cc", "Cs")), None)
    if bad is not None:
        kind = (
            "the lone surrogate" if unicodedata.category(bad) == "Cs" else "the control character"
        )
        raise InvalidInput(
            f"{field} holds {kind} U+{ord(bad):04X}; expected text without it.", field
        )
    plain = " ".join(plain.split())
    if not any(c.isalnum() for c in plain):
        found = "is empty" if not plain else f"is {shown(plain)}, without a letter or digit"
        raise InvalidInput(f"{field} {found}; expected a question.", field)
    return plain


def check_k(k: int) -> None:
    """Raise InvalidInput unless ``k`` is a number of hits that can be asked for."""
    if not 1 <= k <= MOST_HITS:
        raise InvalidInput(f"k is {k}; expected 1 to {MOST_HITS}.", "k")


def make_filters(
    documents: Collection[str], doc_id: str | None, language: str | None, kind: str | None
) -> Filters:
    """Check filter values against the ids of the documents; raises NotFound naming the known."""
    if doc_id is not None and doc_id not in documents:
        raise NotFound(f"There is no document {shown(doc_id)}; known: {listed(documents)}.")
    known_language = _one_of(language, LANGUAGES, "language")
    known_kind: Kind | None = _one_of(kind, KINDS, "kind")
    return Filters(doc_id, known_language, known_kind)


def _one_of(value: str | None, known: Sequence[_T], name: str) -> _T | None:
    if value is None:
        return None
    found = next((k for k in known if k == value), None)
    if found is None:
        raise NotFound(f"There is no {name} {shown(value)}; known: {', '.join(known)}.")
    return found
