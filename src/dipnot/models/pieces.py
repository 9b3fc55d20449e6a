"""The bundled model's tokenizer, in a seventh of the memory that the tokenizers library takes.

Owns: cutting a text into the pieces of a Unigram model (Kudo, ACL 2018) as XLM-R does, and where
each stands in the text. The library's trie of 250,000 pieces takes 250 MB and half a second.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby

from dipnot.types import Span

UNKNOWN = 3
_SPECIAL = 4  # pieces that stand for no text come first
_BEGIN = "▁"  # stands in front of every word
_UNKNOWN_PENALTY = 10.0
_WORDS_KEPT = 1 << 15
# The normalisation that sentencepiece calls NMT: control characters are nothing, these are spaces.
_SPACES = (
    0x9,
    0xA,
    0xC,
    0xD,
    0x1680,
    *range(0x200B, 0x2010),
    0x2028,
    0x2029,
    0x2581,
    0xFEFF,
    0xFFFD,
)
_NOTHING = (*range(0x1, 0x9), 0xB, *range(0xE, 0x20), 0x7F, 0x8F, 0x9F)

_WORD = re.compile(r"(?:\S|[\x0b\x1c-\x1f])+")  # controls, which are nothing, do not part words

Piece = tuple[int, int]  # number, and how many characters it stands for


class Pieces:
    """The pieces of a vocabulary with their scores (log probabilities)."""

    def __init__(self, pieces: Sequence[str], scores: Sequence[float]) -> None:
        """``pieces``: in the order of their numbers, the special ones first and ``<mask>`` last."""
        self._scores = array("d", scores)
        last = len(pieces) - 1
        self._numbers = dict(zip(pieces[_SPECIAL:last], range(_SPECIAL, last), strict=True))
        self._longest = max(map(len, self._numbers), default=1)
        self._unknown_score = min(self._scores, default=0.0) - _UNKNOWN_PENALTY
        self._cut_word = lru_cache(_WORDS_KEPT)(self._best_cut)

    def cut(self, text: str) -> tuple[list[int], list[Span]]:
        """Cut a text: the numbers of its pieces, and where each stands in it."""
        numbers: list[int] = []
        spans: list[Span] = []
        for word, places in _words(text):
            at = 0
            for number, length in self._cut_word(_BEGIN + word):
                first, last = max(at - 1, 0), max(at + length - 2, 0)
                numbers.append(number)
                spans.append(Span(places[first].start, places[last].end))
                at += length
        return numbers, spans

    def _best_cut(self, word: str) -> tuple[Piece, ...]:
        """Find the likeliest pieces of a word (Viterbi); of equal ones those that begin first."""
        size = len(word)
        best: list[tuple[float, int, int]] = [(0.0, 0, 0)] + [(float("-inf"), -1, 0)] * size
        for begin in range(size):
            so_far = best[begin][0]
            for end in range(begin + 1, min(begin + self._longest, size) + 1):
                number = self._numbers.get(word[begin:end])
                if number is None:
                    if end > begin + 1:
                        continue
                    number, score = UNKNOWN, self._unknown_score
                else:
                    score = self._scores[number]
                if so_far + score > best[end][0]:
                    best[end] = (so_far + score, begin, number)
        found: list[Piece] = []
        end = size
        while end:
            _, begin, number = best[end]
            found.append((number, end - begin))
            end = begin
        return tuple(_fused(reversed(found)))


def _fused(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Make one piece of unknown ones that follow one another."""
    for number, own in groupby(pieces, lambda piece: piece[0]):
        if number == UNKNOWN:
            yield UNKNOWN, sum(length for _, length in own)
        else:
            yield from own


_TRANSLATION = dict.fromkeys(_SPACES, " ") | dict.fromkeys(_NOTHING, "")


def _words(text: str) -> Iterator[tuple[str, Sequence[Span]]]:
    """The words of a text in the form that pieces have, and where each of their letters stands."""
    for word, begin in _split(text):
        plain = word.translate(_TRANSLATION)
        if plain == word and unicodedata.is_normalized("NFKC", word):
            yield word, [Span(i, i + 1) for i in range(begin, begin + len(word))]
            continue
        normal, places = _normalised(word, begin)
        for part, at in _split(normal):
            yield part, places[at : at + len(part)]


def _split(text: str) -> Iterator[tuple[str, int]]:
    return ((match.group(), match.start()) for match in _WORD.finditer(text))


def _normalised(word: str, begin: int) -> tuple[str, list[Span]]:
    """Bring a word to NFKC; gives it with the place that each of its letters comes from.

    A letter and the marks on it are brought there together.
    """
    groups: list[tuple[int, str]] = []
    for at, char in enumerate(word):
        if groups and unicodedata.combining(char):
            groups[-1] = (groups[-1][0], groups[-1][1] + char)
        else:
            groups.append((at, char))
    letters: list[str] = []
    places: list[Span] = []
    for at, group in groups:
        normal = unicodedata.normalize("NFKC", group.translate(_TRANSLATION))
        letters.append(normal)
        places += [Span(begin + at, begin + at + len(group))] * len(normal)
    return "".join(letters), places
