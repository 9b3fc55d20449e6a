"""What a word is called in the other language: English and Turkish words that say the same.

Owns: ``pairs.tsv``, a word list of this project (a line: an English word, a tab, Turkish ones), and
finding in a vocabulary of index terms those that are forms of a term's counterparts. A question in
one language has hardly a word in common with a text in the other; so its words are looked up.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from dipnot.language.folding import fold
from dipnot.language.known import KNOWN
from dipnot.language.tokens import PREFIX
from dipnot.types import Language

Pairs = Mapping[str, frozenset[str]]  # stems of the other language, by stem

_SHORTEST = 2  # letters of a stem: one says nothing
# `kitap`, `kitabı`: the last consonant of a Turkish noun is voiced before a vowel.
_VOICED = str.maketrans("ptk", "bdg")
# `şehir`, `şehri`; `isim`, `ismi`: the vowel of its last syllable is lost there.
_LOSES_VOWEL = re.compile(r"[^aeiou]?[aeiou][^aeiou][iu][^aeiou]")
_DOUBLED = re.compile(r".*[^aeiouwxy]")


def counterparts(
    term: str, language: Language | None, starting: Callable[[str], Sequence[str]]
) -> tuple[str, ...]:
    """Find the index terms of the other language that may say what a term says, in order.

    ``language``: of the term; None where it is not known. ``starting`` gives the terms of a
    vocabulary that begin with some letters.
    """
    found: dict[str, None] = {}
    for own, pairs in _pairs().items():
        if language not in (None, own):
            continue
        other = next(k.language for k in KNOWN if k.language != own)
        for stem in sorted({s for mine in _stems_in(term, own) for s in pairs[mine]}):
            found |= dict.fromkeys(_forms(stem, other, starting))
    return tuple(found)


def _forms(
    stem: str, language: Language, starting: Callable[[str], Sequence[str]]
) -> Iterator[str]:
    """The terms of a vocabulary that are forms of a stem: an index term is cut, a stem is not."""
    if len(stem) >= PREFIX:
        yield from (t for t in starting(stem[:PREFIX]) if t == stem[:PREFIX])
    else:
        endings = _endings()[language]
        yield from (t for t in starting(stem) if t[len(stem) :] in endings)


def _stems_in(term: str, language: Language) -> list[str]:
    """The stems of the list that a term may be a form of."""
    endings = _endings()[language]
    short = (term[:n] for n in range(_SHORTEST, min(len(term) + 1, PREFIX)))
    known = _pairs()[language]
    whole = _cut()[language].get(term, ())
    return [*whole, *(s for s in short if s in known and term[len(s) :] in endings)]


@cache
def _cut() -> Mapping[Language, Mapping[str, tuple[str, ...]]]:
    """The long stems of each language, by the index term that they are cut to."""
    out: dict[Language, dict[str, tuple[str, ...]]] = {}
    for language, pairs in _pairs().items():
        own = out.setdefault(language, {})
        for stem in pairs:
            if len(stem) >= PREFIX:
                own[stem[:PREFIX]] = (*own.get(stem[:PREFIX], ()), stem)
    return MappingProxyType(out)


@cache
def _endings() -> Mapping[Language, frozenset[str]]:
    """What may stand behind a short stem in an index term: endings and what is left of them."""
    return {
        own.language: frozenset(e[:n] for e in own.endings for n in range(len(e) + 1))
        for own in KNOWN
    }


@cache
def _pairs() -> Mapping[Language, Pairs]:
    """The list in both directions."""
    out: dict[Language, dict[str, set[str]]] = {"en": {}, "tr": {}}
    for line in files("dipnot.language").joinpath("pairs.tsv").read_text("utf-8").splitlines():
        english, _, turkish = line.partition("\t")
        for mine in _english_stems(fold(english)):
            for other in (s for word in turkish.split() for s in _turkish_stems(fold(word))):
                out["en"].setdefault(mine, set()).add(other)
                out["tr"].setdefault(other, set()).add(mine)
    return {own: {s: frozenset(o) for s, o in stems.items()} for own, stems in out.items()}


def _english_stems(word: str) -> Iterator[str]:
    """A word as it stands and as it is before an ending: `stop`, `stopped`; `carry`, `carried`."""
    yield word
    if len(word) < PREFIX and _DOUBLED.fullmatch(word):
        yield word + word[-1]
    if _SHORTEST + 1 < len(word) <= PREFIX and word[-1] in "ey":
        yield word[:-1] + "i"


def _turkish_stems(word: str) -> Iterator[str]:
    """A word without its infinitive ending, and as it is before a vowel."""
    stem = word[:-3] if word.endswith(("mek", "mak")) and len(word) > PREFIX - 1 else word
    yield stem
    if len(stem) <= PREFIX and len(stem) > _SHORTEST:
        voiced = stem[:-1] + stem[-1].translate(_VOICED)
        if voiced != stem:
            yield voiced
        if _LOSES_VOWEL.fullmatch(stem):
            yield stem[:-2] + stem[-1]
