"""Whether a name of one text is a word of another: inflected, spelled otherwise, or translated.

Owns: spelling keys (`Çiçerin` and `Chicherin`, `Moskova` and `Moscow`), the endings that names
take, and the comparison. Across languages names with the same consonants are one name; within one
language only the same sounds are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from dipnot.language.folding import fold
from dipnot.language.namewords import MEANINGS

_SHORTEST_STEM = 3
_FEWEST_CONSONANTS = 3
_ENDING = re.compile(
    r"(?:lar|ler)?(?:imiz|umuz)?(?:i|u|si|su|in|un|nin|nun|e|a|ye|ya|ne|na|de|da|te|ta|nde|nda|den"
    r"|dan|ten|tan|nden|ndan|le|la|yle|yla|ce|ca|li|lu|lik|luk|ki|yi|yu|ni|nu|s|es|n|an|ian|ish"
    r"|ese|ine|ist|ists)?(?:ni|nu|ne|na|nde|nda|nden|ndan|nin|nun|yle|yla|dir|dur|tir|tur|ki|s)?"
)
_TURKISH = str.maketrans(
    {"ç": "C", "c": "C", "ş": "S", "ğ": "", "ı": "i", "j": "S", "ö": "o", "ü": "u"}
)
# What other languages, as they are spelled in English and Turkish texts, write for those sounds.
_LATIN = tuple(
    (re.compile(old), new)
    for old, new in (
        ("tch|tsch|ch|j", "C"), ("sch|sh|zh", "S"), ("kh", "h"), ("gh|ğ", ""), ("th", "t"),
        ("ph", "f"), ("ck|q", "k"), ("ts|tz", "s"), ("x", "ks"), ("w", "v"), ("c(?=[eiy])", "s"),
        ("c", "k"), ("oo|ou", "u"), ("ee", "i"),
    )
)  # fmt: skip
# How a name is written in Turkish that English spells, and the other way; first what is longest.
_TO_TURKISH = (
    ("tsch|tch|ch", "ç"), ("sch|sh", "ş"), ("zh", "j"), ("kh", "h"), ("th", "t"), ("ph", "f"),
    ("ck|q", "k"), ("x", "ks"), ("w", "v"), ("oo|ou", "u"), ("ee", "i"),
)  # fmt: skip
_TO_ENGLISH = (("ç", "ch"), ("ş", "sh"), ("j", "zh"))
_HARD_H = ("(?<![cgkpstz])h", "kh")  # `Karahan`, `Karakhan`; not `Ahmet`, which is tried as well
_VOICELESS = str.maketrans({"b": "p", "d": "t", "g": "k", "z": "s", "v": "f", "y": "i"})
_VOWELS = re.compile(r"[aeiou]")
_DOUBLE = re.compile(r"(.)\1+")


def means_same(name: str, word: str, *, across: bool) -> bool:
    """Whether a name is a word of another text; ``across``: the texts are in two languages."""
    if fold(name) == fold(word) or _meanings(name) & _meanings(word):
        return True
    keys, others = _keys(name), _keys(word)
    if keys & others:
        return True
    return across and bool(_skeletons(keys) & _skeletons(others))


def respelled(name: str) -> tuple[str, ...]:
    """How a text in the other language may write a name: `Chicherin`, `Çiçerin`; each way once."""
    lowered = name.lower()
    turkish = _written(lowered, _TO_TURKISH)
    english = _written(lowered, _TO_ENGLISH)
    hard = _written(lowered, (*_TO_ENGLISH, _HARD_H))
    ways = (turkish, _DOUBLE.sub(r"\1", turkish), english, hard)
    return tuple(dict.fromkeys(way for way in ways if fold(way) != fold(name)))


def _written(name: str, rules: Sequence[tuple[str, str]]) -> str:
    new = {f"r{n}": way for n, (_, way) in enumerate(rules)}
    either = re.compile("|".join(f"(?P<r{n}>{old})" for n, (old, _) in enumerate(rules)))
    return either.sub(lambda found: new[str(found.lastgroup)], name)


@lru_cache(maxsize=4096)
def _stems(word: str) -> frozenset[str]:
    """A word in lower case with its own letters, and what is left of it without an ending."""
    lowered = word.replace("İ", "i").replace("I", "ı" if _is_turkish(word) else "i").lower()
    lowered = lowered.replace("i̇", "i").replace("â", "a").replace("î", "i").replace("û", "u")
    folded = fold(lowered)
    stems = {lowered}
    if len(folded) == len(lowered):
        stems |= {
            lowered[:n]
            for n in range(_SHORTEST_STEM, len(lowered))
            if _ENDING.fullmatch(folded[n:])
        }
    return frozenset(stems)


def _is_turkish(word: str) -> bool:
    return bool(re.search("[çğşıİÇĞŞ]", word))


def _meanings(word: str) -> frozenset[int]:
    folded = fold(word)
    if folded in MEANINGS:
        return MEANINGS[folded]
    # The longest stem alone: `Rusya` is no `rus`.
    known = [stem for stem in map(fold, _stems(word)) if stem in MEANINGS]
    return MEANINGS[max(known, key=len)] if known else frozenset()


@lru_cache(maxsize=4096)
def _keys(word: str) -> frozenset[str]:
    """How a word and its stems sound, read as Turkish and as others write."""
    return frozenset(key for stem in _stems(word) for key in (_turkish(stem), _latin(stem)) if key)


def _turkish(stem: str) -> str:
    return _plain(stem.translate(_TURKISH))


def _latin(stem: str) -> str:
    for old, new in _LATIN:
        stem = old.sub(new, stem)
    return _plain(stem.translate(_TURKISH))


def _plain(key: str) -> str:
    capitals = {"C", "S"}
    folded = "".join(c if c in capitals else fold(c) for c in key)
    return _DOUBLE.sub(r"\1", folded.translate(_VOICELESS))


def _skeletons(keys: frozenset[str]) -> frozenset[str]:
    """The consonants of keys, behind the first sound; those of too few are left out."""
    found = set()
    for key in keys:
        consonants = _VOWELS.sub("", key)
        if len(consonants) >= _FEWEST_CONSONANTS:
            found.add(("a" if key[0] in "aeiou" else "") + _DOUBLE.sub(r"\1", consonants))
    return frozenset(found)
