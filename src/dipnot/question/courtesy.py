"""Whether anything is asked of the texts at all.

Owns: telling greetings, thanks and consent, questions to the one that answers, and letters that are
no words, from questions. Greetings are a list; whether a question is meant for Dipnot is told by
grammar: it speaks to somebody, and names nothing that such a one is not asked about.
"""

from __future__ import annotations

import re

from dipnot.language.folding import fold
from dipnot.language.known import KNOWN, joined, pattern
from dipnot.language.tokens import STOPWORDS
from dipnot.question.ellipsis import QUESTION_WORD
from dipnot.types import Language, Request

_WORD = re.compile(r"[^\W_]+")
_COURTESIES = joined(lambda own: own.courtesies)
_THANKS = joined(lambda own: own.thanks)
_COURTEOUS = joined(lambda own: own.courteous)
_WORDS_OF_LANGUAGE = joined(lambda own: own.function_words | own.telling | own.anaphora)
_ADDRESSES = re.compile(pattern(lambda own: own.addresses))
_IDENTITY = re.compile(pattern(lambda own: own.identity))
_GREETING = re.compile(rf"(?:\W*+(?:{'|'.join(sorted(_COURTESIES))})\b)++")
_OF_ITSELF = re.compile(rf"(?:{pattern(lambda own: own.of_itself)})\w*")
_NEGATES = re.compile(pattern(lambda own: own.negates))
_LONGEST_COURTESY = 8
_VOWEL = re.compile("[aeiou]")
_REPEATED = re.compile(r"(.)\1\1|^(\w{2,3})\2+$")
_LONGEST_CLUSTER = re.compile(r"[bcdfghjklmnpqrstvwxz]{5}")
_KEY_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_KEYS_IN_A_ROW = 4


def not_asked(text: str) -> Request | None:
    """Tell what an utterance is that asks nothing of the texts; None for all others."""
    folded = fold(text).replace("'", " ")
    words = _WORD.findall(folded)
    if _is_courtesy(words) and not _asks(folded, words):
        return "courtesy"
    folded = ungreeted(folded)
    words = _WORD.findall(folded)
    if _IDENTITY.search(folded):
        return "dipnot"
    if _ADDRESSES.search(folded) and all(_of_itself(word) for word in words):
        return "dipnot"
    if words and all(is_mashed(word) for word in words):
        return "noise"
    return None


def ungreeted(folded: str) -> str:
    """A folded utterance without the `hi` before it; all of it where nothing stands behind."""
    greeting = _GREETING.match(folded)
    rest = folded[greeting.end() :] if greeting else ""
    return rest if _WORD.search(rest) else folded


def _is_courtesy(words: list[str]) -> bool:
    if not 0 < len(words) <= _LONGEST_COURTESY or not _COURTESIES.intersection(words):
        return False
    return all(w in _COURTESIES or w in _COURTEOUS for w in words)


def _asks(folded: str, words: list[str]) -> bool:
    """Whether courteous words ask something all the same: `How much is the fine?`."""
    asks = folded.rstrip().endswith("?") and any(QUESTION_WORD.fullmatch(w) for w in words)
    return asks and not _ADDRESSES.search(folded)


def thanks(text: str) -> bool:
    """Whether a courtesy has a word of thanks."""
    return not _THANKS.isdisjoint(_WORD.findall(fold(text)))


def _of_itself(word: str) -> bool:
    known = word in STOPWORDS or word in _WORDS_OF_LANGUAGE or bool(_ADDRESSES.fullmatch(word))
    return known or bool(_OF_ITSELF.fullmatch(word)) or bool(_ADDRESSES.search(word))


def is_mashed(word: str) -> bool:
    """Whether a word was made by drumming on the keys: it has no syllable, or repeats itself."""
    if not word.isascii() or any(c.isdigit() for c in word):
        return False
    if len(word) == 1:
        return True
    if word in _WORDS_OF_LANGUAGE:
        return False
    if _REPEATED.search(word) or _LONGEST_CLUSTER.search(word):
        return True
    if len(word) >= _KEYS_IN_A_ROW and any(
        word[i : i + _KEYS_IN_A_ROW] in row + " " + row[::-1]
        for row in _KEY_ROWS
        for i in range(len(word) - _KEYS_IN_A_ROW + 1)
    ):
        return True
    return len(word) > 2 and not _VOWEL.search(word) and "y" not in word


def has_words_of(text: str) -> bool:
    """Whether a text holds a word that tells a language, asks, or denies, or a digit."""
    folded = fold(text)
    words = _WORD.findall(folded)
    return bool(_NEGATES.search(folded)) or any(
        w in _WORDS_OF_LANGUAGE or QUESTION_WORD.fullmatch(w) or any(c.isdigit() for c in w)
        for w in words
    )


def language_of_courtesy(text: str) -> Language | None:
    """The language whose greetings or forms of address a text has, where nothing else tells it.

    A word that is said in both, such as `ok`, tells nothing.
    """
    folded = fold(text)
    words = set(_WORD.findall(folded))
    found: dict[Language, int] = {}
    for own in KNOWN:
        speaks = re.search(f"{own.addresses}|{own.identity}", folded)
        found[own.language] = len(words) if speaks else len(own.courtesies & words)
    most = [language for language, count in found.items() if count == max(found.values())]
    return most[0] if len(most) == 1 else None
