"""Shapes of documents, their pages and their parts.

Owns: how a document leaves by HTTP.
"""

from __future__ import annotations

from dipnot.document.build import headings_at, page_at
from dipnot.index.build import Index
from dipnot.server.schemas.base import Shape
from dipnot.types import Document, Span


class DocumentSummary(Shape):
    """A document of the corpus."""

    doc_id: str
    title: str
    author: str | None
    languages: list[str]
    pages: int
    passages: int


class DocumentList(Shape):
    """All documents of the corpus."""

    documents: list[DocumentSummary]


class PageRange(Shape):
    """A page and what it covers of the text."""

    number: int
    label: str | None
    start: int
    end: int


class SectionShape(Shape):
    """A heading and what it heads."""

    heading: str
    level: int
    page: int
    start: int
    end: int


class FootnoteShape(Shape):
    """A footnote; ``marker`` is the offset where it hangs in the text."""

    label: str
    text: str
    page: int
    start: int
    end: int
    marker: int


class ReferenceShape(Shape):
    """An in-text citation of a source."""

    text: str
    author: str
    year: str | None
    locator: str | None
    start: int
    end: int


class DocumentShape(Shape):
    """A document and its parts."""

    doc_id: str
    title: str
    author: str | None
    languages: list[str]
    passages: int
    pages: list[PageRange]
    sections: list[SectionShape]
    footnotes: list[FootnoteShape]
    references: list[ReferenceShape]


class TextRange(Shape):
    """A range of a document's text."""

    doc_id: str
    start: int
    end: int
    text: str


class PageShape(Shape):
    """One page of a document."""

    doc_id: str
    number: int
    label: str | None
    text: str
    start: int
    end: int
    headings: list[str]
    footnotes: list[FootnoteShape]


def summary_shape(index: Index, document: Document) -> DocumentSummary:
    """Put a document into a line of the list; ``passages`` are those that a search can show."""
    return DocumentSummary(
        doc_id=document.doc_id,
        title=document.title,
        author=document.author,
        languages=list(document.languages),
        pages=len(document.pages),
        passages=index.places.shown_of(document.doc_id),
    )


def document_shape(index: Index, document: Document) -> DocumentShape:
    """Put a document and its parts into their shape."""
    return DocumentShape(
        doc_id=document.doc_id,
        title=document.title,
        author=document.author,
        languages=list(document.languages),
        passages=index.places.shown_of(document.doc_id),
        pages=[
            PageRange(number=p.number, label=p.label, start=p.span.start, end=p.span.end)
            for p in document.pages
        ],
        sections=[
            SectionShape(
                heading=s.heading,
                level=s.level,
                page=page_at(document, s.span.start),
                start=s.span.start,
                end=s.span.end,
            )
            for s in document.sections
        ],
        footnotes=_footnotes(document),
        references=[
            ReferenceShape(
                text=_cut(document, r.span),
                author=r.author,
                year=r.year,
                locator=r.locator,
                start=r.span.start,
                end=r.span.end,
            )
            for r in document.references
        ],
    )


def page_shape(document: Document, number: int) -> PageShape | None:
    """Put a page into its shape; None when the document has no such page."""
    if not 1 <= number <= len(document.pages):
        return None
    page = document.pages[number - 1]
    return PageShape(
        doc_id=document.doc_id,
        number=number,
        label=page.label,
        text=_cut(document, page.span),
        start=page.span.start,
        end=page.span.end,
        headings=list(headings_at(document, page.span.start)),
        footnotes=_footnotes(document, number),
    )


def _footnotes(document: Document, page: int | None = None) -> list[FootnoteShape]:
    return [
        FootnoteShape(
            label=note.label,
            text=_cut(document, note.span),
            page=note.page,
            start=note.span.start,
            end=note.span.end,
            marker=note.marker,
        )
        for note in document.footnotes
        if page is None or note.page == page
    ]


def _cut(document: Document, span: Span) -> str:
    return document.text[span.start : span.end]
