"""The JSON shapes that programs rely on, and how our values are put into them.

Owns: names and types of every field that leaves by HTTP or ``--json``, with the examples that the
API's page shows.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictInt, StrictStr

from dipnot.document.build import headings_at, page_at
from dipnot.index.build import Index
from dipnot.question.limits import MOST_HITS, MOST_TURNS
from dipnot.types import (
    Answer,
    BuildReport,
    BuildState,
    Citation,
    Document,
    Hit,
    Kind,
    Passage,
    Span,
    Turn,
)

_TEXT = "İki ülke arasında … 16 Mart 1921 tarihinde … imzalandı."


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PassageShape(_Shape):
    """A passage: whole sentences of a document, word for word."""

    passage_id: str = Field(examples=["turk-sovyet-iliskileri.0a1b2c3d4e5f"])
    doc_id: str = Field(examples=["turk-sovyet-iliskileri"])
    title: str
    text: str = Field(description="Exactly the document's text at [start:end].", examples=[_TEXT])
    kind: Kind
    language: Literal["tr", "en"]
    headings: list[str] = Field(description="Headings over it, outermost first.")
    page: int = Field(description="Page where it begins, from 1.", examples=[10])
    page_end: int = Field(description="Page where it ends.", examples=[10])
    start: int = Field(description="Offset in Unicode code points.", examples=[21873])
    end: int = Field(examples=[22190])


class HitShape(PassageShape):
    """A passage found; scores compare the hits of one response only."""

    rank: int = Field(examples=[1])
    score: float = Field(examples=[5.69])


class SearchResult(_Shape):
    """Passages for a query, best first."""

    query: str
    generation: str = Field(description="The index that answered.")
    took_ms: float
    hits: list[HitShape]


class TurnShape(_Shape):
    """An earlier question and the answer it got."""

    question: StrictStr = Field(max_length=20_000)
    answer: StrictStr = Field(max_length=100_000)


class AskBody(_Shape):
    """A question, with the conversation so far."""

    question: StrictStr = Field(examples=["Moskova Antlaşması ne zaman imzalandı?"])
    history: list[TurnShape] = Field(default=[], max_length=MOST_TURNS)
    k: Annotated[StrictInt, Field(ge=1, le=MOST_HITS)] = 8
    doc_id: StrictStr | None = None

    def turns(self) -> list[Turn]:
        """The conversation as our own values."""
        return [Turn(t.question, t.answer) for t in self.history]


class CitationShape(_Shape):
    """A quotation of one or more adjacent whole sentences and where it stands."""

    n: int = Field(examples=[1])
    quote: str = Field(description="Exactly the document's text at [start:end].", examples=[_TEXT])
    highlight: list[tuple[int, int]] = Field(
        description="Ranges inside the quote that answer; empty when not sure.",
        examples=[[[12, 27]]],
    )
    doc_id: str
    title: str
    headings: list[str]
    kind: Kind
    language: Literal["tr", "en"]
    page: int
    page_end: int
    start: int
    end: int
    attribution: list[str] = Field(
        description="Sources that the sentence names.", examples=[["Gürün, 1983, s. 40"]]
    )
    voice: Literal["author", "cited", "quoted"]
    passage_id: str


class AnswerShape(_Shape):
    """What the corpus says to a question, with its footnotes."""

    question: str
    verdict: Literal["answered", "partial", "not_in_text"]
    answer: str
    mode: str = Field(examples=["extractive"])
    language: Literal["tr", "en"]
    generation: str
    took_ms: float
    citations: list[CitationShape]
    hits: list[HitShape] = Field(description="The passages considered, best first.")


class DocumentSummary(_Shape):
    """A document of the corpus."""

    doc_id: str
    title: str
    author: str | None
    languages: list[str]
    pages: int
    passages: int


class DocumentList(_Shape):
    """All documents of the corpus."""

    documents: list[DocumentSummary]


class PageRange(_Shape):
    """A page and what it covers of the text."""

    number: int
    label: str | None
    start: int
    end: int


class SectionShape(_Shape):
    """A heading and what it heads."""

    heading: str
    level: int
    page: int
    start: int
    end: int


class FootnoteShape(_Shape):
    """A footnote; ``marker`` is the offset where it hangs in the text."""

    label: str
    text: str
    page: int
    start: int
    end: int
    marker: int


class ReferenceShape(_Shape):
    """An in-text citation of a source."""

    text: str
    author: str
    year: str | None
    locator: str | None
    start: int
    end: int


class DocumentShape(_Shape):
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


class TextRange(_Shape):
    """A range of a document's text."""

    doc_id: str
    start: int
    end: int
    text: str


class PageShape(_Shape):
    """One page of a document."""

    doc_id: str
    number: int
    label: str | None
    text: str
    start: int
    end: int
    headings: list[str]
    footnotes: list[FootnoteShape]


class FailureShape(_Shape):
    """A file that could not be read, and why."""

    file: str
    reason: str


class ReportShape(_Shape):
    """What a build did, in document ids."""

    added: list[str]
    changed: list[str]
    removed: list[str]
    reused: list[str]
    failed: list[FailureShape]


class RebuildShape(_Shape):
    """Where a rebuild stands."""

    state: Literal["idle", "running", "done", "failed"]
    stage: str
    done: int
    total: int
    started_at: str | None
    report: ReportShape | None
    error: str | None


class IndexShape(_Shape):
    """The index being served."""

    generation: str
    created_at: str
    documents: int
    passages: int
    encoder: str
    encoder_fingerprint: str
    dimension: int
    metric: str
    chunking: str
    stale: bool
    stale_reason: str | None
    failed: list[FailureShape]


class Health(_Shape):
    """Whether questions are answered."""

    status: Literal["ok"]
    generation: str
    documents: int
    passages: int
    version: str


class RollbackShape(_Shape):
    """The generation being served after a roll-back."""

    generation: str


class Problem(BaseModel):
    """An error, as RFC 9457 has it."""

    type: str = Field(examples=["/api/problems/invalid-input"])
    title: str = Field(examples=["Invalid input"])
    status: int = Field(examples=[422])
    detail: str = Field(examples=["k is 0; expected 1 to 100."])
    field: str | None = Field(default=None, examples=["k"])


def _passage_fields(index: Index, passage: Passage) -> dict[str, Any]:
    return {
        "passage_id": passage.passage_id,
        "doc_id": passage.doc_id,
        "title": index.documents[passage.doc_id].title,
        "text": passage.text,
        "kind": passage.kind,
        "language": passage.language,
        "headings": list(passage.headings),
        "page": passage.page,
        "page_end": passage.page_end,
        "start": passage.span.start,
        "end": passage.span.end,
    }


def passage_shape(index: Index, passage: Passage) -> PassageShape:
    """Put a passage into its shape."""
    return PassageShape(**_passage_fields(index, passage))


def hit_shape(index: Index, hit: Hit) -> HitShape:
    """Put a hit into its shape."""
    return HitShape(rank=hit.rank, score=round(hit.score, 4), **_passage_fields(index, hit.passage))


def citation_shape(citation: Citation) -> CitationShape:
    """Put a citation into its shape."""
    return CitationShape(
        n=citation.n,
        quote=citation.quote,
        highlight=[(h.start, h.end) for h in citation.highlight],
        doc_id=citation.doc_id,
        title=citation.title,
        headings=list(citation.headings),
        kind=citation.kind,
        language=citation.language,
        page=citation.page,
        page_end=citation.page_end,
        start=citation.span.start,
        end=citation.span.end,
        attribution=list(citation.attribution),
        voice=citation.voice,
        passage_id=citation.passage_id,
    )


def answer_shape(index: Index, answer: Answer, took_ms: float) -> AnswerShape:
    """Put an answer into its shape."""
    return AnswerShape(
        question=answer.question,
        verdict=answer.verdict,
        answer=answer.text,
        mode=answer.mode,
        language=answer.language,
        generation=answer.generation,
        took_ms=round(took_ms, 1),
        citations=[citation_shape(c) for c in answer.citations],
        hits=[hit_shape(index, h) for h in answer.hits],
    )


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


def report_shape(report: BuildReport) -> ReportShape:
    """Put a build's report into its shape."""
    return ReportShape(
        added=list(report.added),
        changed=list(report.changed),
        removed=list(report.removed),
        reused=list(report.reused),
        failed=[FailureShape(file=f.file, reason=f.reason) for f in report.failed],
    )


def rebuild_shape(state: BuildState) -> RebuildShape:
    """Put the state of a rebuild into its shape."""
    return RebuildShape(
        state=state.state,
        stage=state.stage,
        done=state.done,
        total=state.total,
        started_at=state.started_at,
        report=report_shape(state.report) if state.report else None,
        error=state.error,
    )


def index_shape(index: Index, stale_reason: str | None) -> IndexShape:
    """Put the identity of the index being served into its shape."""
    manifest = index.manifest
    return IndexShape(
        generation=manifest.generation,
        created_at=manifest.created_at,
        documents=len(index.documents),
        passages=len(index.places.shown),
        encoder=manifest.encoder,
        encoder_fingerprint=manifest.encoder_fingerprint,
        dimension=manifest.dimension,
        metric=manifest.metric,
        chunking=manifest.chunking,
        stale=stale_reason is not None,
        stale_reason=stale_reason,
        failed=[FailureShape(file=f.file, reason=f.reason) for f in manifest.failed],
    )
