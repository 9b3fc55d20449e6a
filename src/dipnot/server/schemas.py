"""The JSON shapes that programs rely on, and how our values are put into them.

Owns: names and types of every field that leaves by HTTP or ``--json``, with the examples that the
API's page shows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictInt, StrictStr

from dipnot.document.build import headings_at, page_at
from dipnot.index.build import Index
from dipnot.question.limits import MOST_HITS, MOST_TURNS, TURN_LENGTH
from dipnot.server.text_page import address_of
from dipnot.types import (
    Answer,
    BuildReport,
    BuildState,
    Citation,
    DifferenceKind,
    Document,
    Generation,
    Hit,
    Kind,
    Passage,
    QuoteCheck,
    QuotePlace,
    Span,
    Turn,
)

_TEXT = "Köprü 1887 yılında iki kardeş tarafından yapıldı."


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PassageShape(_Shape):
    """A passage: whole sentences of a document, word for word."""

    passage_id: str = Field(examples=["kopruler.0a1b2c3d4e5f"])
    doc_id: str = Field(examples=["kopruler"])
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

    question: StrictStr = Field(max_length=TURN_LENGTH)
    answer: StrictStr = Field(max_length=TURN_LENGTH)


class AskBody(_Shape):
    """A question, with the conversation so far."""

    question: StrictStr = Field(examples=["Köprü ne zaman yapıldı?"])
    history: list[TurnShape] = Field(default=[], max_length=MOST_TURNS)
    k: Annotated[StrictInt, Field(ge=1, le=MOST_HITS)] = 8
    doc_id: StrictStr | None = None
    mode: Literal["extractive", "written"] | None = Field(
        default=None, description="How to answer; null for what is set up."
    )

    def turns(self) -> list[Turn]:
        """The conversation as our own values."""
        return [Turn(t.question, t.answer) for t in self.history]


class CitationShape(_Shape):
    """A quotation of one or more adjacent whole sentences and where it stands."""

    n: int = Field(examples=[1])
    quote: str = Field(description="Exactly the document's text at [start:end].", examples=[_TEXT])
    highlight: list[tuple[int, int]] = Field(
        description="Ranges inside the quote that answer; empty when not sure.",
        examples=[[[6, 18]]],
    )
    doc_id: str
    title: str
    author: str | None
    year: int | None = Field(description="Of publication.", examples=[2022])
    label: str | None = Field(
        description="The printed number of the page where it begins.", examples=["210"]
    )
    url: str = Field(
        description="Where it stands in its page, on this server.",
        examples=["/text/kopruler/p10#c21901-22033"],
    )
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
    resolved_question: str | None = Field(
        description="The question as it was searched for, with what a follow-up leaves out; null "
        "where nothing was asked."
    )
    verdict: Literal["answered", "partial", "not_in_text", "no_question"]
    confidence: float | None = Field(
        ge=0,
        le=1,
        description="Probability that the quoted sentences answer; null where it was not judged.",
    )
    answer: str
    mode: str = Field(examples=["extractive"])
    language: Literal["tr", "en"]
    generation: str
    took_ms: float
    citations: list[CitationShape]
    hits: list[HitShape] = Field(description="The passages considered, best first.")


class Hits(_Shape):
    """The passages found, before they are read."""

    hits: list[HitShape]


class Text(_Shape):
    """The answer's text."""

    text: str


class VerifyBody(_Shape):
    """A quotation, and where it is said to stand."""

    quote: StrictStr = Field(examples=[_TEXT])
    doc_id: StrictStr | None = None
    page: Annotated[StrictInt, Field(ge=1)] | None = Field(
        default=None, description="By number or as printed."
    )


class DifferenceShape(_Shape):
    """What the quotation and the text have in a place where they differ."""

    kind: DifferenceKind
    quoted: str
    found: str
    start: int
    end: int


class PlaceShape(_Shape):
    """A place where a quotation stands, or nearly, with its footnote."""

    doc_id: str
    title: str
    author: str | None
    year: int | None
    page: int
    page_end: int
    label: str | None
    url: str
    headings: list[str]
    start: int
    end: int
    text: str = Field(description="Exactly the document's text at [start:end].")
    differences: list[DifferenceShape] = Field(
        description="Of spaces, quotation marks, hyphenation and case; of words where it does "
        "not stand."
    )


class VerifyShape(_Shape):
    """Whether a quotation stands in the texts word for word."""

    stands: bool
    as_cited: bool = Field(description="Whether it stands where the citation says.")
    places: list[PlaceShape] = Field(description="All of them, at most 100; those cited first.")
    nearest: PlaceShape | None = Field(description="Where it does not stand.")
    generation: str


class HitsEvent(_Shape):
    """The first event."""

    event: Literal["hits"]
    data: Hits


class CitationEvent(_Shape):
    """One for each citation."""

    event: Literal["citation"]
    data: CitationShape


class TextEvent(_Shape):
    """The answer's text, when all its citations were sent."""

    event: Literal["text"]
    data: Text


class DoneEvent(_Shape):
    """The last event: the whole, as /api/ask answers."""

    event: Literal["done"]
    data: AnswerShape


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
    generation: str
    passages: int
    embedded: int
    resumed: int = Field(description="Passages that an interrupted build had embedded.")
    published: bool = Field(description="False when nothing had changed.")
    seconds: float


class RebuildShape(_Shape):
    """Where a rebuild stands."""

    state: Literal["idle", "running", "done", "failed"]
    stage: str
    done: int
    total: int
    rate: float | None = Field(description="How many a second.")
    seconds_left: float | None = Field(description="Of this stage.")
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


class GenerationShape(_Shape):
    """A generation that is kept; one with ``trouble`` cannot be served."""

    generation: str
    created_at: str
    encoder: str
    documents: int
    passages: int
    current: bool
    trouble: str | None


class GenerationList(_Shape):
    """The generations kept, newest first."""

    generations: list[GenerationShape]


class RollbackBody(_Shape):
    """Which generation to go back to; null is the one before the current one."""

    generation: str | None = Field(default=None, examples=["20260101T120000-0a1b2c"])


class RollbackShape(_Shape):
    """The generation being served after a roll-back."""

    generation: str


class Problem(BaseModel):
    """An error, as RFC 9457 has it."""

    type: str = Field(examples=["/api/problems/invalid-input"])
    title: str = Field(examples=["Invalid input"])
    status: int = Field(examples=[422])
    detail: str = Field(examples=["k is 0; expected 1 to 100."])
    code: str = Field(description="Never changes.", examples=["invalid-input"])
    field: str | None = Field(default=None, examples=["k"])


class ErrorEvent(_Shape):
    """The last event where an answer failed after something was sent."""

    event: Literal["error"]
    data: Problem


Event = Annotated[
    HitsEvent | CitationEvent | TextEvent | DoneEvent | ErrorEvent, Field(discriminator="event")
]
"""An event of a stream: its name, and its data as JSON."""


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


def citation_shape(index: Index, citation: Citation) -> CitationShape:
    """Put a citation into its shape."""
    document = index.documents[citation.doc_id]
    return CitationShape(
        n=citation.n,
        quote=citation.quote,
        highlight=[(h.start, h.end) for h in citation.highlight],
        doc_id=citation.doc_id,
        title=citation.title,
        author=document.author,
        year=_year(document),
        label=document.pages[citation.page - 1].label,
        url=address_of(citation.doc_id, citation.page, citation.span),
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


def _year(document: Document) -> int | None:
    found = re.search(r"\d{3,4}", document.imprint.year or "")
    return int(found.group()) if found else None


def answer_shape(index: Index, answer: Answer, took_ms: float) -> AnswerShape:
    """Put an answer into its shape."""
    return AnswerShape(
        question=answer.question,
        resolved_question=answer.resolved_question,
        verdict=answer.verdict,
        confidence=None if answer.confidence is None else round(answer.confidence, 3),
        answer=answer.text,
        mode=answer.mode,
        language=answer.language,
        generation=answer.generation,
        took_ms=round(took_ms, 1),
        citations=[citation_shape(index, c) for c in answer.citations],
        hits=[hit_shape(index, h) for h in answer.hits],
    )


def verify_shape(index: Index, check: QuoteCheck) -> VerifyShape:
    """Put the check of a quotation into its shape."""
    return VerifyShape(
        stands=check.stands,
        as_cited=check.as_cited,
        places=[_place_shape(index, place) for place in check.places],
        nearest=_place_shape(index, check.nearest) if check.nearest else None,
        generation=check.generation,
    )


def _place_shape(index: Index, place: QuotePlace) -> PlaceShape:
    document = index.documents[place.doc_id]
    return PlaceShape(
        doc_id=place.doc_id,
        title=document.title,
        author=document.author,
        year=_year(document),
        page=place.page,
        page_end=place.page_end,
        label=document.pages[place.page - 1].label,
        url=address_of(place.doc_id, place.page, place.span),
        headings=list(headings_at(document, place.span.start)),
        start=place.span.start,
        end=place.span.end,
        text=place.text,
        differences=[
            DifferenceShape(
                kind=d.kind, quoted=d.quoted, found=d.found, start=d.span.start, end=d.span.end
            )
            for d in place.differences
        ],
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
        generation=report.generation,
        passages=report.passages,
        embedded=report.embedded,
        resumed=report.resumed,
        published=report.published,
        seconds=report.seconds,
    )


def rebuild_shape(state: BuildState) -> RebuildShape:
    """Put the state of a rebuild into its shape."""
    return RebuildShape(
        state=state.state,
        stage=state.stage,
        done=state.done,
        total=state.total,
        rate=state.rate,
        seconds_left=state.seconds_left,
        started_at=state.started_at,
        report=report_shape(state.report) if state.report else None,
        error=state.error,
    )


def generations_shape(kept: Sequence[Generation]) -> GenerationList:
    """Put the generations that are kept into their shape."""
    return GenerationList(generations=[GenerationShape(**asdict(g)) for g in kept])


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
