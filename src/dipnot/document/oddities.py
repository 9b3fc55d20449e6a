"""What is doubtful in a text as it was read, so that it is seen before an index is built of it.

Owns: which things are odd, how each is told, how sure it is that something is wrong, and which
share of the text was surely read.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from dipnot.document.build import page_at
from dipnot.language.folding import fold
from dipnot.language.neutral import QUESTIONS, SENTENCES
from dipnot.types import EQUATION, Document, SourcePage

_AROUND = 40
_PERCENT = re.compile(r"(\d{1,3}) ?%")
_OF_PAGES = ("unreadable text", "page without text")
_OF_NOTES = ("marker without note", "note without marker", "missing note")
_GLUED = re.compile(r"[a-zçğıöşüâîû]{3}[.!?”]?\d{1,3}(?=[\s.,;)]|$)")
_UNKNOWN = re.compile("[\ufffd\ue000-\uf8ff]")
_WORD = re.compile(r"[^\W\d_]{4,}")
_LATIN = re.compile(r"[a-z]+")
_FEW_LETTERS = 80  # less says nothing of a page
_DOUBTFUL = 0.25  # share of letters outside words; names and other languages make up a tenth
_SIGNS = re.compile(r"[^\w\s.,;:!?…'’‘\"“”«»()\[\]–—|*/+=°§-]")


@dataclass(frozen=True, slots=True)
class Oddity:
    """Something doubtful; ``confidence``: how sure it is, from 0 to 1, that something is wrong."""

    kind: str
    page: int
    detail: str
    confidence: float


def find_oddities(document: Document, pages: Sequence[SourcePage]) -> Iterator[Oddity]:
    """Find what is doubtful in a document read from ``pages``."""
    for number, page in enumerate(pages, start=1):
        if page.doubt:
            yield Oddity("unreadable text", number, page.doubt, 0.9)
        elif not any(line.text for line in (*page.lines, *page.notes)):
            detail = "nothing but perhaps pictures stands on it"
            yield Oddity("page without text", number, detail, 0.8)
    yield from _lonely_markers(document, pages)
    yield from _lonely_notes(document, pages)
    yield from _missing_labels(document)
    yield from _replaced(document)
    yield from _unreadable(document)


@dataclass(frozen=True, slots=True)
class Confidence:
    """Which share of a text was surely read, from 0 to 1: letters, and notes where they hang.

    ``notes`` is None where the text has neither notes nor anything that looks like their marks.
    """

    text: float
    notes: float | None


def confidence_of(document: Document, oddities: Sequence[Oddity]) -> Confidence:
    """Weigh what is doubtful: a page by its letters, a note or its mark as one of all notes."""
    doubts: dict[int, float] = {}
    for oddity in oddities:
        if oddity.kind in _OF_PAGES:
            told = _PERCENT.match(oddity.detail)
            doubt = oddity.confidence * (int(told.group(1)) / 100 if told else 1)
            doubts[oddity.page] = max(doubt, doubts.get(oddity.page, 0.0))
    sizes = {page.number: page.span.end - page.span.start for page in document.pages}
    usual = sum(sizes.values()) / max(1, sum(size > 0 for size in sizes.values()))
    weights = {number: size or usual for number, size in sizes.items()}  # a scan holds a page too
    unknown = sum(map(len, _UNKNOWN.findall(document.text)))
    lost = sum(weights[page] * doubt for page, doubt in doubts.items()) + unknown
    of_notes = [oddity for oddity in oddities if oddity.kind in _OF_NOTES]
    lonely = sum(oddity.kind == "note without marker" for oddity in of_notes)
    notes = len(document.footnotes) + len(of_notes) - lonely
    unsure = sum(oddity.confidence for oddity in of_notes)
    return Confidence(_share(lost, sum(weights.values())), _share(unsure, notes) if notes else None)


def _share(doubtful: float, whole: float) -> float:
    return round(max(0.0, 1 - doubtful / whole), 3) if whole else 0.0


def _lonely_markers(document: Document, pages: Sequence[SourcePage]) -> Iterator[Oddity]:
    """Markers that lead to no note, and figures that cling to a word as a marker would."""
    notes = {line.note.key for page in pages for line in page.notes if line.note}
    for number, page in enumerate(pages, start=1):
        for line in page.lines:
            for mark in line.marks:
                if mark.key not in notes and mark.key != EQUATION:
                    words = line.text[max(0, mark.column - _AROUND) : mark.column]
                    detail = f"{mark.label} after “{words}”"
                    yield Oddity("marker without note", number, detail, 0.9)
    for match in _GLUED.finditer(document.text, 0, document.pages[-1].span.end):
        words = document.text[max(0, match.start() - _AROUND) : match.end()]
        number = page_at(document, match.start())
        yield Oddity("marker without note", number, f"figures cling to “{words}”", 0.6)


def _lonely_notes(document: Document, pages: Sequence[SourcePage]) -> Iterator[Oddity]:
    """Notes whose marker was not found: they hang on the end of their page."""
    lines = [line for page in pages for line in (*page.lines, *page.notes)]
    marks = {mark.key for line in lines for mark in line.marks}
    keys = [line.note.key for page in pages for line in page.notes if line.note]
    for i, note in enumerate(document.footnotes):
        at_end = note.marker == document.pages[note.page - 1].span.end
        if (keys[i] not in marks) if keys else at_end:
            yield Oddity("note without marker", note.page, f"note {note.label}", 0.9)


def _missing_labels(document: Document) -> Iterator[Oddity]:
    last = 0
    for note in document.footnotes:
        if not note.label.isdigit():
            continue
        label = int(note.label)
        if label > last + 1 and last:
            detail = f"note {label} follows note {last}"
            yield Oddity("missing note", note.page, detail, 0.8)
        last = label


def _replaced(document: Document) -> Iterator[Oddity]:
    unknown: Counter[tuple[int, str]] = Counter()
    for match in _UNKNOWN.finditer(document.text):
        unknown[page_at(document, match.start()), match.group()] += 1
    for (number, char), count in unknown.items():
        detail = f"{count} times U+{ord(char):04X}: the file does not tell what is printed"
        yield Oddity("replaced character", number, detail, 1.0)


def _unreadable(document: Document) -> Iterator[Oddity]:
    """Pages whose letters make no words: a font whose codes mean nothing, a bad OCR layer."""
    for page in document.pages:
        share = _share_of_no_word(document.text[page.span.start : page.span.end])
        if share >= _DOUBTFUL:
            detail = f"{100 * share:.0f} % of the letters are not of any word"
            yield Oddity("unreadable text", page.number, detail, min(1.0, round(2 * share, 2)))


def _share_of_no_word(text: str) -> float:
    """Tell which share of the letters and signs stands in no word of a language we know.

    Words of other scripts are not judged: they are read as they are.
    """
    signs = len(_SIGNS.findall(text))
    letters = strange = 0
    for match in _WORD.finditer(text):
        word = fold(match.group())
        if not _LATIN.fullmatch(word):
            continue
        letters += len(word)
        known = sum(pair in _pairs() for pair in pairwise(word))
        strange += len(word) if known < 0.6 * (len(word) - 1) else 0
    judged = letters + signs
    return (strange + signs) / judged if judged >= _FEW_LETTERS else 0.0


@cache
def _pairs() -> frozenset[tuple[str, str]]:
    """Give the letters that stand side by side in words of our languages."""
    texts = [text for group in (SENTENCES, QUESTIONS) for some in group.values() for text in some]
    words = [word for text in texts for word in _LATIN.findall(fold(text))]
    return frozenset(pair for word in words for pair in pairwise(word))
