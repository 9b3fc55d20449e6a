"""Names and years of a question and its windows exchanged for others, the same everywhere.

Owns: what counts as a name, which others are of its kind, and where each piece of a changed
sentence stood before. The question is answered by the same words as before; only what the network
knows of these names by heart no longer helps it.
"""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from dipnot.language.folding import fold
from dipnot.models.encoder import SentenceTransformerEncoder
from dipnot.models.reader import LONGEST_SENTENCE
from dipnot.types import Span

if TYPE_CHECKING:
    from material import Sentence

_WORD = re.compile(r"\w+")
_YEAR = re.compile(r"1[0-9]\d\d")
_ALIKE = 40  # names of like meaning that one is exchanged for
_SHARE = 0.7  # of the names of a group
_FARTHEST = 40  # years


class Renaming:
    """The names of the material, and for each those that are most like it."""

    def __init__(self, encoder: SentenceTransformerEncoder, texts: Iterable[str]) -> None:
        """Find the names: words that are always capitalised, and not only at a sentence's start."""
        upper: Counter[str] = Counter()
        lower: set[str] = set()
        for text in texts:
            for match in _WORD.finditer(text):
                word = match.group()
                if len(word) > 2 and word[0].isupper() and match.start() and word[1:].islower():
                    upper[word] += 1
                elif word[0].islower():
                    lower.add(fold(word))
        self.names = [w for w, n in upper.items() if n > 1 and fold(w) not in lower]
        vectors = encoder.encode_passages(self.names, tokens=False).vectors
        vectors -= vectors.mean(axis=0)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        likeness = vectors @ vectors.T
        np.fill_diagonal(likeness, -1)
        self.alike = dict(
            zip(self.names, np.argsort(-likeness, axis=1)[:, :_ALIKE].tolist(), strict=True)
        )

    def mapping(self, texts: Sequence[str], rng: random.Random, *, names: bool) -> dict[str, str]:
        """Choose what to exchange in texts that belong together: old words to new ones."""
        words = {w for text in texts for w in _WORD.findall(text)}
        present = {fold(w)[:5] for w in words}
        shift = rng.randint(-_FARTHEST, _FARTHEST)
        changed = {w: str(int(w) + shift) for w in words if _YEAR.fullmatch(w)}
        if not names:
            return changed
        forms: dict[str, set[str]] = defaultdict(set)
        for word in words:
            forms[fold(word)[:5]].add(word)
        for word in sorted(words):
            # A name that stands in two forms would be torn apart.
            if word not in self.alike or len(forms[fold(word)[:5]]) > 1 or rng.random() > _SHARE:
                continue
            others = [self.names[i] for i in self.alike[word]]
            others = [w for w in others if fold(w)[:5] not in present]
            if others:
                changed[word] = rng.choice(others)
                present.add(fold(changed[word])[:5])
        return changed


def exchange(text: str, mapping: Mapping[str, str]) -> tuple[str, list[Span]]:
    """Exchange words of a text; gives the new one and where each of its characters stood."""
    out: list[str] = []
    stood: list[Span] = []
    at = 0
    for match in _WORD.finditer(text):
        new = mapping.get(match.group())
        if new is None:
            continue
        out += [text[at : match.start()], new]
        stood += [Span(i, i + 1) for i in range(at, match.start())]
        stood += [Span(*match.span())] * len(new)
        at = match.end()
    out.append(text[at:])
    stood += [Span(i, i + 1) for i in range(at, len(text))]
    return "".join(out), stood


def renamed(
    sentence: Sentence, mapping: Mapping[str, str], encoder: SentenceTransformerEncoder
) -> Sentence:
    """Give a sentence with words exchanged; its pieces' offsets are those of the old words."""
    text, stood = exchange(sentence.text, mapping)
    if text == sentence.text:
        return sentence
    pieces, offsets = encoder.pieces(text)
    old = [
        Span(stood[o.start].start, stood[o.end - 1].end) if o.end > o.start else Span(0, 0)
        for o in offsets
    ]
    return replace(sentence, pieces=pieces[:LONGEST_SENTENCE], offsets=old)
