"""A stream of text from a language model, cut into sentences with their citations.

Owns: where a sentence of the draft ends, which citations it carries, what is stripped from it (list
marks, emphasis, thoughts set apart), and when a draft has gone on long enough. Says nothing of
whether a sentence is true.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from dipnot.language.folding import fold
from dipnot.language.sentences import split_sentences

LONGEST = 600  # characters of a sentence
MOST = 8  # sentences
_THINKS, _THOUGHT = "<think>", "</think>"
_LONGEST_THOUGHT = 20_000
_CITED = r"\[\s*\d{1,6}(?:\s*[,;]\s*\d{1,6})*\s*\]"
_CITATION = re.compile(_CITED)
_STOP_BEFORE = re.compile(rf"(?<![.!?…])([.!?…]+)((?:\s*{_CITED})+)")
_ONLY_CITED = re.compile(rf"(?:\s|[.!?…]|{_CITED}|\[[^\]]*$)*")
_LIST_MARK = re.compile(r"^\s*(?:[-*•+]|#{1,6}|\d{1,2}[.)](?=\s+\S))\s+")
_EMPHASIS = re.compile(r"\*{1,3}|__")
_SPACE = re.compile(r"\s+")


class DraftEnded(Exception):
    """A draft went on too long or began to repeat itself; what came before it stands."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A sentence as drafted; ``bare`` is without its citations, the numbers of which are given."""

    text: str
    bare: str
    citations: tuple[int, ...]


def drafts_of(pieces: Iterable[str]) -> Iterator[Draft]:
    """Cut a stream into sentences, each as soon as the next one has begun.

    What the stream breaks off in is left out, where reading it raises. Raises DraftEnded where a
    sentence is too long or comes again, and when there are enough.
    """
    seen: set[str] = set()
    for sentence in _sentences(pieces):
        draft = draft_of(sentence)
        if not draft.bare:
            continue
        folded = fold(draft.bare)
        if folded in seen or len(seen) == MOST:
            raise DraftEnded
        seen.add(folded)
        yield draft


def draft_of(sentence: str) -> Draft:
    """Tell a sentence from its citations, and put these before its full stop."""
    numbers = [int(n) for mark in _CITATION.findall(sentence) for n in re.findall(r"\d+", mark)]
    cited = tuple(dict.fromkeys(numbers))
    bare = _SPACE.sub(" ", _CITATION.sub(" ", _EMPHASIS.sub("", _LIST_MARK.sub("", sentence))))
    bare = re.sub(r"(?<!\s)\s+([.,;:!?…])", r"\1", bare).strip()
    if not re.search(r"\w", bare):
        return Draft("", "", cited)
    # A quotation mark is the sign of a quotation, and this is none.
    bare = re.sub('[“”„«»"]', "’", bare)
    body = bare.rstrip(".!?…")
    stop = bare[len(body) :]
    marks = "".join(f" [{n}]" for n in cited)
    return Draft(f"{body}{marks}{stop or '.'}", bare, cited)


def _sentences(pieces: Iterable[str]) -> Iterator[str]:
    left = ""
    for piece in pieces:
        said, thinks, thought = _without_thoughts(left + piece).partition(_THINKS)
        done, said = _cut(said)
        yield from done
        if len(said) > LONGEST or len(thought) > _LONGEST_THOUGHT:
            raise DraftEnded
        left = f"{said}{thinks}{thought}"
    done, left = _cut(left.partition(_THINKS)[0])
    yield from [*done, *([left] if left.strip() else [])]


def _without_thoughts(text: str) -> str:
    """Leave out what stands between the two marks of a thought, and the space before it."""
    *ended, last = text.split(_THOUGHT)
    kept = []
    for part in ended:
        said, thinks, _ = part.partition(_THINKS)
        kept.append(said.rstrip() if thinks else f"{part}{_THOUGHT}")
    return "".join([*kept, last])


def _cut(text: str) -> tuple[list[str], str]:
    """Cut off the sentences behind which another one has begun; gives them and what is left."""
    *whole, last = _STOP_BEFORE.sub(r"\2\1", text).split("\n")
    done = _joined([s for line in whole for s in _split(line)])
    begun = _split(last)
    while begun and _ONLY_CITED.fullmatch(begun[-1]) and len(begun) > 1:
        begun[-2:] = [begun[-2] + begun[-1]]
    if done and (not begun or _ONLY_CITED.fullmatch(begun[0])):
        return done[:-1], f"{done[-1].rstrip()}\n{last}"
    return [*done, *_joined(begun[:-1])], begun[-1] if begun else ""


def _split(line: str) -> list[str]:
    """Cut a line into sentences, each with the space behind it."""
    mark = _LIST_MARK.match(line)
    start = mark.end() if mark else 0  # `1. Göl` is one sentence
    begins = [0, *(span.start for span in split_sentences(line, start)[1:]), len(line)]
    return [line[a:b] for a, b in pairwise(begins) if line[a:b].strip()]


def _joined(sentences: Iterable[str]) -> list[str]:
    """The same with citations that stand alone put to the sentence before them."""
    found: list[str] = []
    for sentence in sentences:
        if found and _ONLY_CITED.fullmatch(sentence):
            found[-1] = f"{found[-1]} {sentence}"
        else:
            found.append(sentence)
    return found
