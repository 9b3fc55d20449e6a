"""The frozen values that pass between modules, and the encoder's protocol.

Owns: names and shapes. Knows nothing of files, models or HTTP. All offsets are
half-open and count Unicode code points of ``Document.text``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]

Kind = Literal["front", "body", "list", "quotation", "abstract", "summary", "footnote"]
KINDS: tuple[Kind, ...] = (
    "front", "body", "list", "quotation", "abstract", "summary", "footnote",
)  # fmt: skip
RUNNING: tuple[Kind, ...] = ("body", "list", "quotation")  # the text itself
ABRIDGED: tuple[Kind, ...] = ("abstract", "summary")  # says shortly what the text says
Language = Literal["tr", "en"]
LANGUAGES: tuple[Language, ...] = ("tr", "en")
Verdict = Literal["answered", "partial", "not_in_text"]
Voice = Literal["author", "cited", "quoted"]
Request = Literal["ask", "more", "source"]
AnswerKind = Literal[
    "date",
    "number",
    "reason",
    "several",  # things, or a list
    "chronology",
    "source",
    "abridged",  # what the abstract or summary says
    "front",  # of the text as a thing, such as its keywords
    "byline",  # who wrote it, or what it is called
    "about",  # it may be about the text as a thing, or its author
]
Role = Literal["title", "heading", "paragraph", "list", "quotation", "table"]


class Span(NamedTuple):
    """A half-open range of code points."""

    start: int
    end: int

    def overlaps(self, other: Span) -> bool:
        """Tell whether the two ranges share a code point."""
        return self.start < other.end and other.start < self.end

    def holds(self, other: Span) -> bool:
        """Tell whether ``other`` lies wholly inside this range."""
        return self.start <= other.start and other.end <= self.end


class Mark(NamedTuple):
    """Where a note hangs on a line, or which note a line opens.

    ``key`` ties the two and is unique in a text, ``label`` is what is printed. The marker is no
    longer in the line: ``column`` says where it was.
    """

    key: str
    label: str
    column: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line as a reader found it: its text and its number in the source (from 1).

    ``fill`` is the width of the line with the next line's first word behind it, as a share of the
    column: below 1 that word would have fitted, so somebody ended the line on purpose or indented
    it. An empty text is an empty paragraph.

    Where the format itself tells the structure, ``role`` is set: then each line is a block of its
    own, unless it ``joins`` the line before it, ``level`` is a heading's (of a row of a table: 1
    where it names the columns, 2 below such a row), ``marks`` are the notes that hang on the line,
    and ``note`` is the note that a line among the notes opens.
    """

    text: str
    number: int
    fill: float = 1.0
    role: Role | None = None
    level: int = 0
    joins: bool = False
    marks: tuple[Mark, ...] = ()
    note: Mark | None = None


class About(NamedTuple):
    """What a file says of its text beside the text: a YAML head, document properties."""

    title: str | None = None
    author: str | None = None
    year: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class SourcePage:
    """One page of lines in reading order; ``notes`` are the lines below the footnote rule.

    ``doubt`` says what on it could not be read, if the reader knows of something. ``about``, on
    the first page, is what the file says of the whole text.
    """

    lines: tuple[Line, ...]
    notes: tuple[Line, ...] = ()
    label: str | None = None
    doubt: str | None = None
    about: About | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A text as the corpus names it: the file and what ``corpus.toml`` says of it."""

    file: str
    doc_id: str
    title: str | None = None
    title_en: str | None = None
    author: str | None = None
    year: str | None = None
    journal: str | None = None
    languages: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its number from 1, its printed label if known, what it covers of the text."""

    number: int
    label: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its level (from 1); ``span`` covers the heading and all that it heads."""

    heading: str
    level: int
    span: Span


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph that is no heading; ``columns``: for a row of a table, what names its columns."""

    span: Span
    kind: Kind
    language: Language
    columns: Span | None = None


@dataclass(frozen=True, slots=True)
class Footnote:
    """A note: its label, where its text stands, and the offset where its marker hung."""

    label: str
    span: Span
    marker: int
    page: int


@dataclass(frozen=True, slots=True)
class Reference:
    """An in-text citation of a source: where it stands and what it names.

    ``entry``: where the bibliography of the text, if it has one, names that source in full.
    """

    span: Span
    author: str
    year: str | None
    locator: str | None
    entry: Span | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A text as read: one string and what is known of its parts.

    ``text`` holds title, author, headings and body in reading order, then the footnotes.
    """

    doc_id: str
    title: str
    author: str | None
    languages: tuple[str, ...]
    text: str
    source: str
    content_hash: str
    pages: tuple[Page, ...]
    sections: tuple[Section, ...]
    paragraphs: tuple[Paragraph, ...]
    footnotes: tuple[Footnote, ...]
    references: tuple[Reference, ...]
    title_en: str | None = None
    year: str | None = None
    journal: str | None = None
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """A small window of whole sentences inside one section: the unit that is searched."""

    passage_id: str
    doc_id: str
    span: Span
    text: str
    kind: Kind
    language: Language
    headings: tuple[str, ...]
    page: int
    page_end: int
    sentences: tuple[Span, ...]
    content_hash: str


@dataclass(frozen=True, slots=True)
class Filters:
    """What a search is limited to; None is no limit. ``kind`` body includes list and quotation."""

    doc_id: str | None = None
    language: Language | None = None
    kind: Kind | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A question understood once, with what the turns before it give it.

    ``text``: as it was asked, on one line. ``standalone``: with what a follow-up leaves out; that
    is what is searched for. ``language``: None where it is in neither. ``request``: whether it asks
    the texts, or for more of the last answer or its source. ``kinds``: of answer that it asks for.
    ``names`` and ``years``: in ``standalone``. ``quoted``: the quotations of earlier answers, if
    it leans on them.
    """

    text: str
    standalone: str
    language: Language | None
    request: Request = "ask"
    kinds: frozenset[AnswerKind] = frozenset()
    names: tuple[Span, ...] = ()
    years: frozenset[str] = frozenset()
    quoted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched for: a question as each leg needs it.

    ``vector``: centred, float32, shape (dimension,), length 1. ``tokens``: the same of each of its
    tokens, shape (tokens, dimension); None where the index has none. ``terms``: its index terms,
    each once. ``strangers``: the tokens of each of its names that stands nowhere in the index.
    """

    question: Question
    vector: Vectors
    tokens: Vectors | None
    terms: tuple[str, ...]
    strangers: tuple[tuple[int, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader makes of one sentence.

    ``evidence``: logit that it is evidence for an answer. ``span``: logit that any words in it
    answer, over the window having no answer. ``words``: where the likeliest of them stand in it.
    """

    evidence: float
    span: float
    words: Span


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found. ``score`` compares the hits of one response only."""

    passage: Passage
    rank: int
    score: float
    dense_score: float
    lexical_score: float


@dataclass(frozen=True, slots=True)
class Citation:
    """A quotation of adjacent whole sentences and where it stands."""

    n: int
    doc_id: str
    title: str
    headings: tuple[str, ...]
    kind: Kind
    language: Language
    page: int
    page_end: int
    span: Span
    quote: str
    highlight: tuple[Span, ...]
    attribution: tuple[str, ...]
    voice: Voice
    passage_id: str


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier question of a conversation and the answer it got."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the corpus says to a question."""

    question: str
    verdict: Verdict
    text: str
    citations: tuple[Citation, ...]
    hits: tuple[Hit, ...]
    mode: str
    language: Language
    generation: str


Part = tuple[Hit, ...] | Citation | str | Answer
"""What an answer is given in, one after another: hits, citations, its text, the whole."""


@dataclass(frozen=True, slots=True)
class FileFailure:
    """A file of the corpus that could not be read, and why."""

    file: str
    reason: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """The identity of a generation: what made it, of what, and the checksums of its files."""

    format_version: int
    generation: str
    created_at: str
    encoder: str
    encoder_fingerprint: str
    chunking: str
    dimension: int
    metric: str
    passages: int
    documents: dict[str, str]
    failed: tuple[FileFailure, ...]
    files: dict[str, str]


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did, in document ids; ``reused`` documents were not embedded again."""

    generation: str
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    reused: tuple[str, ...] = ()
    failed: tuple[FileFailure, ...] = field(default=())
    passages: int = 0
    embedded: int = 0


@dataclass(frozen=True, slots=True)
class BuildState:
    """Where a build stands; ``done`` of ``total`` counts what its ``stage`` works through."""

    state: Literal["idle", "running", "done", "failed"] = "idle"
    stage: str = ""
    done: int = 0
    total: int = 0
    started_at: str | None = None
    report: BuildReport | None = None
    error: str | None = None


Progress = Callable[[str, int, int], None]
"""Called with a stage (``reading``, ``embedding``, ...), how much is done, and of how much."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """What an encoder gives for n texts.

    ``vectors``: float32, shape (n, dimension), rows of length 1. ``tokens``: for each text the
    vectors of its own tokens (prompt and special tokens left out), float32, shape (t, dimension),
    rows of length 1; None where they were not asked for or the model has none. ``places``: where
    each of those tokens stands in its text, for questions; None where that cannot be told.
    """

    vectors: Vectors
    tokens: tuple[Vectors, ...] | None = None
    places: tuple[tuple[Span, ...], ...] | None = None


class Encoder(Protocol):
    """Turns texts into unit vectors."""

    @property
    def name(self) -> str:
        """Name the model as a person would."""

    @property
    def fingerprint(self) -> str:
        """Identify the weights: equal fingerprints give equal vectors."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    def encode_queries(self, texts: Sequence[str]) -> Encoded:
        """Embed questions, with their tokens."""

    def encode_passages(
        self, texts: Sequence[str], *, tokens: bool, progress: Progress | None = None
    ) -> Encoded:
        """Embed passages, with their tokens if asked for."""
