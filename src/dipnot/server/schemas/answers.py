"""Shapes of a question, of its answer, and of the events that an answer is streamed in.

Owns: what is sent to ask, and how an answer and its citations leave by HTTP or ``--json``.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StrictInt, StrictStr

from dipnot.index.build import Index
from dipnot.question.limits import MOST_HITS, MOST_TURNS, TURN_LENGTH
from dipnot.server.addresses import address_of
from dipnot.server.schemas.base import TEXT, Problem, Shape, year_of
from dipnot.server.schemas.passages import HitShape, hit_shape
from dipnot.types import Answer, Citation, Kind, Strike, Trouble, Turn, Writing


class TurnShape(Shape):
    """An earlier question and the answer it got."""

    question: StrictStr = Field(max_length=TURN_LENGTH)
    answer: StrictStr = Field(max_length=TURN_LENGTH)


class AskBody(Shape):
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


class NoteShape(Shape):
    """A note of the text itself."""

    label: str = Field(examples=["4"])
    text: str


class CitationShape(Shape):
    """A quotation of one or more adjacent whole sentences and where it stands."""

    n: int = Field(examples=[1])
    quote: str = Field(description="Exactly the document's text at [start:end].", examples=[TEXT])
    highlight: list[tuple[int, int]] = Field(
        description="Ranges inside the quote that answer; empty when not sure.",
        examples=[[[6, 18]]],
    )
    doc_id: str
    title: str
    author: str | None
    journal: str | None
    volume: str | None
    issue: str | None
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
    notes: list[NoteShape] = Field(description="The text's own notes that hang in the quotation.")
    passage_id: str


class WrittenShape(Shape):
    """A sentence that a language model wrote, every check of which held."""

    text: str = Field(description="With its citations.", examples=["Two brothers built it [1]."])
    citations: list[int]


class WritingShape(Shape):
    """What came of having the answer written by a language model."""

    endpoint: str = Field(description="Who got the question and the quoted passages.")
    model: str
    sentences: list[WrittenShape]
    struck: list[Strike] = Field(description="Why each sentence that was left out was.")
    reason: Trouble | None = Field(
        description="Why nothing was written, or why it ends early; null where it is whole."
    )
    trouble: str | None = Field(description="The same as a sentence in the answer's language.")
    notes: list[str] = Field(
        description="What `answer` says of both, between the sentences and the quotations."
    )


class AnswerShape(Shape):
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
    mode: Literal["extractive", "written"] = Field(examples=["extractive"])
    writing: WritingShape | None = Field(
        description="Of a language model; null where none was asked."
    )
    language: Literal["tr", "en"]
    generation: str
    took_ms: float
    citations: list[CitationShape]
    hits: list[HitShape] = Field(description="The passages considered, best first.")


class Hits(Shape):
    """The passages found, before they are read."""

    hits: list[HitShape]


class Text(Shape):
    """The answer's text."""

    text: str


class HitsEvent(Shape):
    """The first event."""

    event: Literal["hits"]
    data: Hits


class CitationEvent(Shape):
    """One for each citation."""

    event: Literal["citation"]
    data: CitationShape


class TextEvent(Shape):
    """The answer's text, when all its citations were sent; a written one comes in pieces."""

    event: Literal["text"]
    data: Text


class DoneEvent(Shape):
    """The last event: the whole, as /api/ask answers."""

    event: Literal["done"]
    data: AnswerShape


class ErrorEvent(Shape):
    """The last event where an answer failed after something was sent."""

    event: Literal["error"]
    data: Problem


Event = Annotated[
    HitsEvent | CitationEvent | TextEvent | DoneEvent | ErrorEvent, Field(discriminator="event")
]
"""An event of a stream: its name, and its data as JSON."""


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
        journal=document.imprint.journal,
        volume=document.imprint.volume,
        issue=document.imprint.issue,
        year=year_of(document),
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
        notes=[
            NoteShape(label=note.label, text=document.text[note.span.start : note.span.end])
            for note in document.footnotes
            if citation.span.start < note.marker <= citation.span.end
        ],
        passage_id=citation.passage_id,
    )


def answer_shape(index: Index, answer: Answer, took_ms: float) -> AnswerShape:
    """Put an answer into its shape."""
    return AnswerShape(
        question=answer.question,
        resolved_question=answer.resolved_question,
        verdict=answer.verdict,
        confidence=None if answer.confidence is None else round(answer.confidence, 3),
        answer=answer.text,
        mode="written" if answer.mode == "written" else "extractive",
        writing=_writing(answer.writing),
        language=answer.language,
        generation=answer.generation,
        took_ms=round(took_ms, 1),
        citations=[citation_shape(index, c) for c in answer.citations],
        hits=[hit_shape(index, h) for h in answer.hits],
    )


def _writing(writing: Writing | None) -> WritingShape | None:
    if writing is None:
        return None
    return WritingShape(
        endpoint=writing.endpoint,
        model=writing.model,
        sentences=[
            WrittenShape(text=s.text, citations=list(s.citations)) for s in writing.sentences
        ],
        struck=list(writing.struck),
        reason=writing.reason,
        trouble=writing.trouble,
        notes=list(writing.notes),
    )
