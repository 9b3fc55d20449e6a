"""A ``Document`` to ``Passage``s: windows of whole sentences inside one section.

Owns: the grains. Windows of one, two and three sentences have vectors, because sentences match
sharply and longer windows carry what a sentence only points to; windows of two are what a
search shows. Windows slide by one sentence and never cross a section, a language or a footnote.
Over a row of a table stands, as its innermost heading, the row that names its columns.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from dipnot.document.build import headings_at, page_at
from dipnot.language.sentences import split_sentences
from dipnot.types import RUNNING, Document, Kind, Language, Paragraph, Passage, Span

GRAINS = (1, 2, 3)
SHOWN_GRAIN = 2
_LONGEST_ROW = 1_000  # characters
CHUNKING = "sentences-1-2-3/4"  # raise the last number when the same text gives other passages


@dataclass(frozen=True, slots=True)
class _Sentence:
    span: Span
    kind: Kind
    language: Language


def make_passages(document: Document) -> list[Passage]:
    """Cut a document into passages of every grain, in reading order, without doubles.

    A run of sentences shorter than a grain is one passage of that grain.
    """
    passages: list[Passage] = []
    seen: Counter[str] = Counter()
    for headings, sentences in _runs(document):
        spans = sorted(
            {
                (i, min(i + grain, len(sentences)))
                for grain in GRAINS
                for i in range(max(1, len(sentences) - grain + 1))
            }
        )
        for begin, end in spans:
            passages.append(_passage(document, headings, sentences[begin:end], seen))
    return passages


class _Run(NamedTuple):
    """What sentences must share to stand in one window."""

    kind: Kind
    language: Language
    headings: tuple[str, ...]
    note: int | None


def _runs(document: Document) -> Iterator[tuple[tuple[str, ...], list[_Sentence]]]:
    """Sentences that may stand in one window, with the headings over them."""
    notes = {note.span.start: note for note in document.footnotes}

    def run_of(paragraph: Paragraph) -> _Run:
        note = notes.get(paragraph.span.start)
        at = paragraph.span.start if note is None else note.marker
        kind = "body" if paragraph.kind in RUNNING else paragraph.kind
        start = None if note is None else note.span.start
        over = headings_at(document, at)
        if paragraph.columns is not None:
            over = (*over, embedded_text(document.text[slice(*paragraph.columns)]))
        return _Run(kind, paragraph.language, over, start)

    for run, paragraphs in groupby(document.paragraphs, run_of):
        sentences = [
            _Sentence(span, paragraph.kind, paragraph.language)
            for paragraph in paragraphs
            for span in _sentences(document, paragraph)
            if any(char.isalnum() for char in document.text[span.start : span.end])
        ]
        if sentences:
            yield run.headings, sentences


def _sentences(document: Document, paragraph: Paragraph) -> tuple[Span, ...]:
    """Sentences of a paragraph; a row of a table is one, whatever stops stand in its cells."""
    if paragraph.columns is not None and paragraph.span.end - paragraph.span.start <= _LONGEST_ROW:
        return (paragraph.span,)
    return split_sentences(document.text, *paragraph.span)


def _passage(
    document: Document,
    headings: tuple[str, ...],
    sentences: Sequence[_Sentence],
    seen: Counter[str],
) -> Passage:
    span = Span(sentences[0].span.start, sentences[-1].span.end)
    text = document.text[span.start : span.end]
    content_hash = hashlib.sha256(embedded_text(text).encode()).hexdigest()[:32]
    seen[content_hash] += 1
    again = f"-{seen[content_hash]}" if seen[content_hash] > 1 else ""
    return Passage(
        passage_id=f"{document.doc_id}.{content_hash[:12]}{again}",
        doc_id=document.doc_id,
        span=span,
        text=text,
        kind=sentences[0].kind,
        language=sentences[0].language,
        headings=headings,
        page=page_at(document, span.start),
        page_end=page_at(document, span.end - 1),
        sentences=tuple(sentence.span for sentence in sentences),
        content_hash=content_hash,
    )


def embedded_text(text: str) -> str:
    """The form in which a passage is embedded: white space is one space."""
    return " ".join(text.split())
