"""Pages of lines to a ``Document``: one text, and where its parts stand in it.

Owns: how blocks, footnotes and references come together, and looking up what stands where.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from dipnot.document.bibliography import cited_sources
from dipnot.document.blocks import Block, Running, make_blocks
from dipnot.document.footnotes import Note, collect_notes, running_lines
from dipnot.document.kinds import FRONT_BLOCKS, classify, kinds_of
from dipnot.document.writing import Writer, hyphen_rule
from dipnot.language.detection import evidence_in, language_of_note, stronger
from dipnot.types import (
    About,
    Document,
    Footnote,
    Language,
    Line,
    Page,
    Paragraph,
    Section,
    Source,
    SourcePage,
    Span,
)


def make_document(source: Source, pages: Sequence[SourcePage], content_hash: str = "") -> Document:
    """Understand the lines of a text.

    ``content_hash`` identifies the file and its entry in ``corpus.toml``.
    """
    notes, strays = collect_notes(pages)
    running = running_lines(pages, notes, strays)
    blocks = classify(make_blocks(running), source)
    writer = Writer(hyphen_rule(blocks))
    about = next((page.about for page in pages if page.about), About())
    declared = source.languages[:1] or (about.language,)
    default: Language = "en" if declared == ("en",) else "tr"
    around = (0.0, 0.0)
    paragraphs: list[Paragraph] = []
    headings: list[_Heading] = []
    texts: list[str] = []
    columns: Span | None = None
    kinds = kinds_of(blocks)
    for block, kind in zip(blocks, kinds, strict=True):
        span, written = writer.add(block.lines)
        texts.append(written)
        if block.heading:
            before = paragraphs[-1].span.start if block.under_title else span.start
            headings.append(_Heading(span.start, before, block.level, written))
        else:
            evidence = evidence_in(written)
            language = stronger(evidence, default)
            # What says little, as `JEL Codes: …` does, is in the language of what is around it,
            # where the text may be in several: a short line weighs little against prose before it.
            if len(source.languages) != 1:
                around = (around[0] / 2 + evidence[0], around[1] / 2 + evidence[1])
                default = stronger(around, default)
            columns = _columns(block, span, columns)
            below = columns if block.level > 1 else None
            paragraphs.append(Paragraph(span, kind, language, below))
    page_spans = writer.page_spans(len(pages))
    sections = _sections(headings, writer.length)

    footnotes: list[Footnote] = []
    hang = _places(notes, writer.markers)
    for note in notes:
        lines = [Running(note.page, Line(text, 0)) for text in note.lines]
        marker = hang.get(note.key, page_spans[note.page].end)
        span, written = writer.add(lines)
        footnotes.append(Footnote(note.label, span, marker, note.page + 1))
        beside = _language_at(paragraphs, marker, default)
        paragraphs.append(Paragraph(span, "footnote", language_of_note(written, beside)))

    text = writer.text()
    found = Counter(p.language for p in paragraphs)
    title = source.title or _title_of(blocks, texts, about, source)
    return Document(
        doc_id=source.doc_id,
        title=title,
        author=source.author or about.author,
        languages=source.languages or tuple(language for language, _ in found.most_common()),
        text=text,
        source=source.file,
        content_hash=content_hash,
        pages=tuple(
            Page(i + 1, page.label, span)
            for i, (page, span) in enumerate(zip(pages, page_spans, strict=True))
        ),
        sections=sections,
        paragraphs=tuple(paragraphs),
        footnotes=tuple(footnotes),
        references=cited_sources(text, sections, paragraphs),
        title_en=source.title_en,
        imprint=replace(source.imprint, year=source.imprint.year or about.year),
        examples=source.examples,
    )


def _columns(block: Block, span: Span, before: Span | None) -> Span | None:
    """Where the columns of the table that a block is a row of are named."""
    if block.role != "table":
        return None
    if block.level != 1:
        return before
    return Span(before.start, span.end) if before and before.end + 2 == span.start else span


class _Heading(NamedTuple):
    """A heading as written; the section before it ends at ``before``."""

    start: int
    before: int
    level: int
    text: str


def _sections(headings: Sequence[_Heading], end: int) -> tuple[Section, ...]:
    """Sections reach to the next heading of the same or a higher level."""
    ends = [end] * len(headings)
    opened: list[int] = []
    for i, heading in enumerate(headings):
        while opened and headings[opened[-1]].level >= heading.level:
            ends[opened.pop()] = heading.before
        opened.append(i)
    return tuple(
        Section(heading.text, heading.level, Span(heading.start, stop))
        for heading, stop in zip(headings, ends, strict=True)
    )


def _places(notes: Sequence[Note], markers: Mapping[str, int]) -> dict[str, int]:
    """Where notes hang: a note inside a note hangs where the outer one does."""
    places = dict(markers)
    waiting = [note for note in notes if note.inner and note.key in places]
    by_key = {note.key: note for note in notes}
    while waiting:
        outer = waiting.pop()
        for key in outer.inner - places.keys():
            places[key] = places[outer.key]
            if key in by_key:
                waiting.append(by_key[key])
    return places


def _language_at(paragraphs: Sequence[Paragraph], offset: int, default: Language) -> Language:
    """Language of the paragraph that an offset lies in or behind."""
    at = bisect_right(paragraphs, offset, key=lambda p: p.span.start) - 1
    return paragraphs[at].language if at >= 0 else default


def _title_of(blocks: Sequence[Block], texts: Sequence[str], about: About, source: Source) -> str:
    """Find the title of a text whose blocks were written as ``texts``."""
    for block, text in zip(blocks[:FRONT_BLOCKS], texts, strict=False):
        if block.kind == "front" and block.role in ("title", "heading"):
            return text
    if about.title:
        return about.title
    first = blocks[0] if blocks else None
    alone = first is not None and sum(b.heading and b.level == 1 for b in blocks) == 1
    heads = first is not None and first.heading and (alone or first.text.isupper())
    if first is not None and (first.kind == "front" or heads):
        return texts[0]
    return source.file.rsplit(".", 1)[0]


def headings_at(document: Document, offset: int) -> tuple[str, ...]:
    """Headings over an offset of the running text, outermost first."""
    sections = document.sections
    over: list[Section] = []
    for i in reversed(range(bisect_right(sections, offset, key=lambda s: s.span.start))):
        section = sections[i]
        if offset < section.span.end:
            over.append(section)
        if section.level == 1:
            break
    return tuple(section.heading for section in reversed(over))


def page_at(document: Document, offset: int) -> int:
    """Page number of an offset; inside a footnote, the page where the note begins."""
    notes = document.footnotes
    at = bisect_right(notes, offset, key=lambda note: note.span.start) - 1
    if at >= 0 and offset < notes[at].span.end:
        return notes[at].page
    at = bisect_right(document.pages, offset, key=lambda page: page.span.start) - 1
    return document.pages[max(0, at)].number
