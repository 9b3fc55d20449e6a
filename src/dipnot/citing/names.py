"""Authors as they stand on a title page: who they are, and what of a name is the family's.

Owns: reading a line of authors. Names that a rule cannot read stand between braces in
``corpus.toml``, such as `{Türk Tarih Kurumu}`, and are kept whole.
"""

from __future__ import annotations

import re

Name = dict[str, str]
"""``family`` and ``given``, or ``literal`` for what has no such parts."""

_BETWEEN = re.compile(r"(?:(?<!\s)\s+)?;\s*|(?<!\s)\s+(?:ve|and|&)\s+")
_HELD, _SIGN = re.compile(r"\{([^{}]*)\}"), "\0"
_PARTICLES = frozenset(
    "de del della di du da dos van der den von zu ter la le el al bin ibn".split()
)


def names_of(author: str | None, language: str) -> list[Name]:
    """Read a line of authors; ``language`` decides how capital letters are made small."""
    if author is None:
        return []
    author = author.replace(_SIGN, " ")
    held = iter([name.strip() for name in _HELD.findall(author)])
    plain = _HELD.sub(_SIGN, author)
    parts = [part.strip(" ,*") for whole in _BETWEEN.split(plain) for part in _listed(whole)]
    read = [
        {"literal": re.sub(_SIGN, lambda _: next(held), part).strip()}
        if _SIGN in part
        else _name(part, language)
        for part in parts
    ]
    return [name for name in read if any(name.values())]


def _listed(whole: str) -> list[str]:
    """Part `A B, C D`, but not `B, A`: there a single name stands on one side of the comma."""
    pieces = [piece.strip() for piece in whole.split(",") if piece.strip()]
    several = len(pieces) > 1 and all(" " in piece or _SIGN in piece for piece in pieces)
    return pieces if several else [whole]


def _name(text: str, language: str) -> Name:
    family, comma, given = (part.strip() for part in text.partition(","))
    if comma and given:
        return {"family": _small(family, language), "given": _small(given, language)}
    words = text.strip(",").split()
    if len(words) < 2:
        return {"literal": text}
    at = len(words) - 1
    if _is_capital(words[-1]) and not all(map(_is_capital, words)):
        while at > 1 and _is_capital(words[at - 1]):  # `Işıl YILMAZ ŞAHİN`
            at -= 1
    while at > 1 and words[at - 1].lower() in _PARTICLES:
        at -= 1
    return {
        "family": _small(" ".join(words[at:]), language),
        "given": _small(" ".join(words[:at]), language),
    }


def _is_capital(word: str) -> bool:
    letters = [c for c in word if c.isalpha()]
    return len(letters) > 1 and all(c.isupper() for c in letters)


def _small(name: str, language: str) -> str:
    """Give a name that stands in capitals its small letters."""
    return " ".join(
        "-".join(_titled(part, language) if _is_capital(part) else part for part in word.split("-"))
        for word in name.split()
    )


def _titled(word: str, language: str) -> str:
    rest = word[1:]
    if language == "tr":
        rest = rest.replace("I", "ı").replace("İ", "i")
    return word[:1] + rest.lower()
