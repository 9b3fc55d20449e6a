"""What may be asked: limits of questions and filters, and the sentences for what is past them.

Owns: the checks that terminal, API and chat share.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence
from typing import TypeVar

from dipnot.errors import InvalidInput, NotFound, listed, shown
from dipnot.language.tokens import index_terms
from dipnot.types import KINDS, LANGUAGES, Filters, Kind

QUESTION_LENGTH = 2000
QUOTE_LENGTH = 8000
MOST_HITS = 100
MOST_TURNS = 50
TURN_LENGTH = 8000  # of a question or an answer in the history
FURTHEST = 1000  # hits that can be leafed through

_T = TypeVar("_T", bound=str)


def check_quote(text: str) -> str:
    """Raise InvalidInput unless a quotation can be looked for; gives it as it is."""
    check_question(text, "quote", QUOTE_LENGTH, "a quotation")
    if not index_terms(text):
        raise InvalidInput(
            f"quote is {shown(text)}, which holds function words alone; expected more of it.",
            "quote",
        )
    return text


def check_question(
    text: str, field: str, most: int = QUESTION_LENGTH, what: str = "a question"
) -> str:
    """Bring a question to one line; raises InvalidInput when it is none.

    Tab and line breaks count as spaces; other control characters are refused.
    """
    if len(text) > most:
        raise InvalidInput(f"{field} has {len(text):,} characters; expected 1 to {most:,}.", field)
    plain = " ".join(text.replace("\x85", "\n").split("\n"))
    plain = plain.replace("\t", " ").replace("\r", " ")
    check_text(plain, field)
    plain = " ".join(plain.split())
    if not any(c.isalnum() for c in plain):
        found = "is empty" if not plain else f"is {shown(plain)}, without a letter or digit"
        raise InvalidInput(f"{field} {found}; expected {what}.", field)
    return plain


def check_text(text: str, field: str) -> None:
    """Raise InvalidInput where a text holds what no text does."""
    bad = next((c for c in text if unicodedata.category(c) in ("Cc", "Cs")), None)
    if bad is not None:
        kind = (
            "the lone surrogate" if unicodedata.category(bad) == "Cs" else "the control character"
        )
        raise InvalidInput(
            f"{field} holds {kind} U+{ord(bad):04X}; expected text without it.", field
        )


def check_k(k: int, offset: int = 0) -> None:
    """Raise InvalidInput unless ``k`` hits behind the first ``offset`` can be asked for."""
    if not 1 <= k <= MOST_HITS:
        raise InvalidInput(f"k is {k}; expected 1 to {MOST_HITS}.", "k")
    if not 0 <= offset <= FURTHEST:
        raise InvalidInput(f"offset is {offset}; expected 0 to {FURTHEST}.", "offset")


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
