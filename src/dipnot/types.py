"""The frozen values that pass between modules, and the encoder's protocol.

Owns: names and shapes. Knows nothing of files, models or HTTP. All offsets are
half-open and count Unicode code points of ``Document.text``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
Verdict = Literal["answered", "partial", "not_in_text", "no_question"]
Voice = Literal["author", "cited", "quoted"]
CitationStyle = Literal["chicago", "apa", "isnad", "mla"]
CitationFormat = Literal["text", "markdown", "bibtex", "ris", "csl-json"]
Request = Literal[
    "ask",
    "more",  # of the last answer
    "source",  # of the last answer
    "courtesy",  # greets, thanks or consents
    "dipnot",  # asks about the one that answers
    "noise",  # letters that are no words
]
TextPart = Literal[
    "gist",
    "scope",  # its aim, its method, the time that it looks at
    "conclusion",
    "footnote",  # by its label
    "section",  # by its heading or number
    "pages",
    "published",
    "author",
    "keywords",
    "documents",  # which texts there are
    "footnotes",  # how many; likewise the next two
    "references",
    "sections",
    "works",  # which it cites most
    "title",
]
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


EQUATION = "="  # the key of a mark where an equation begins; its label is the equation


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
class Imprint:
    """Where and when a text was published, as ``corpus.toml`` says; what is None is not known.

    ``pages``: the range in the journal or book, as printed, such as `201-230`.
    """

    year: str | None = None
    journal: str | None = None
    volume: str | None = None
    issue: str | None = None
    pages: str | None = None
    publisher: str | None = None
    place: str | None = None
    doi: str | None = None
    url: str | None = None
    licence: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A text as the corpus names it: the file and what ``corpus.toml`` says of it."""

    file: str
    doc_id: str
    title: str | None = None
    title_en: str | None = None
    author: str | None = None
    imprint: Imprint = Imprint()
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
    imprint: Imprint = Imprint()
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
class Address:
    """Where an index lies in an engine; ``secure``: over TLS."""

    host: str
    port: int
    database: str
    secure: bool = False

    def __str__(self) -> str:
        """As it is written in the settings."""
        return f"milvus{'+tls' if self.secure else ''}://{self._place}/{self.database}"

    @property
    def uri(self) -> str:
        """As the engine's client takes it."""
        return f"http{'s' if self.secure else ''}://{self._place}"

    @property
    def _place(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Filters:
    """What a search is limited to; None is no limit. ``kind`` body includes list and quotation."""

    doc_id: str | None = None
    language: Language | None = None
    kind: Kind | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """What a network makes of an utterance, before it is understood.

    ``likely``: the probability of each kind of utterance. ``held``: its index terms that the texts
    have and talk about texts has not; they say that it asks for what a text tells. ``across``:
    where no text is in the language of the utterance, those that they have in the other one.
    """

    likely: Mapping[str, float]
    held: frozenset[str] = frozenset()
    across: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Question:
    """A question understood once, with what the turns before it give it.

    ``text``: as it was asked, on one line; ``own``: without a word on a change of subject.
    ``standalone``: with what a follow-up leaves out; that
    is what is searched for. ``language``: None where it is in neither. ``request``: whether it asks
    the texts, or for more of the last answer or its source. ``kinds``: of answer that it asks for.
    ``names`` and ``years``: in ``standalone``. ``quoted``: the quotations of earlier answers, if
    it leans on them; ``told``: question and answer of the last turn, where it quotes nothing.
    ``alone``: the other reading, where it is not plain that it leans on the turns
    before. ``about``: what it asks of the text as a thing, with ``label``, that of a footnote.
    ``exact``: strings that must stand in the text as they are. ``spans_years``: ``years`` are all
    those from one to another. ``parts``: the questions that it is made of, if several; ``sides``:
    of a comparison, the question about each side.
    ``cites``: it may name a work that the text cites.
    ``negated``: it asks for what is not so. ``passing``: it seems to ask of the day or of the
    asker, of which no text knows. ``surely``: a network is sure that it asks something, whatever
    its words are. ``reader``: the language of who asks, for a question in neither.
    """

    text: str
    standalone: str
    language: Language | None
    request: Request = "ask"
    kinds: frozenset[AnswerKind] = frozenset()
    names: tuple[Span, ...] = ()
    years: frozenset[str] = frozenset()
    quoted: tuple[str, ...] = ()
    own: str = ""
    told: str = ""
    alone: Question | None = None
    about: TextPart | None = None
    label: str | None = None
    exact: tuple[str, ...] = ()
    spans_years: bool = False
    parts: tuple[str, ...] = ()
    sides: tuple[str, ...] = ()
    cites: bool = False
    negated: bool = False
    passing: bool = False
    surely: bool = False
    reader: Language = "en"

    @property
    def asks(self) -> bool:
        """Whether anything is asked of the texts."""
        return self.request in ("ask", "more", "source")


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched for: a question as each leg needs it.

    ``vector``: centred, float32, shape (dimension,), length 1. ``tokens``: the same of each of its
    tokens, shape (tokens, dimension); None where the index has none. ``terms``: its index terms,
    each once. ``counterparts``: for each of them the terms of the index that may say the same in
    another language. ``oov_names``: the tokens of each of its out-of-vocabulary names, those that
    stand nowhere in the index. ``token_weights``: what each token counts, by the rarity of its
    word, float32, shape (tokens,), mean 1; None: all alike.
    """

    question: Question
    vector: Vectors
    tokens: Vectors | None
    terms: tuple[str, ...]
    counterparts: tuple[tuple[str, ...], ...] = ()
    oov_names: tuple[tuple[int, ...], ...] = ()
    token_weights: Vectors | None = None


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


DifferenceKind = Literal["spaces", "quotation_marks", "hyphenation", "case", "words"]


@dataclass(frozen=True, slots=True)
class Difference:
    """Where a quotation and a text differ: what each has; ``span``: where in the text.

    Only those of the kind `words` keep a quotation from standing word for word.
    """

    kind: DifferenceKind
    quoted: str
    found: str
    span: Span


@dataclass(frozen=True, slots=True)
class QuotePlace:
    """A place where a quotation stands, or nearly."""

    doc_id: str
    span: Span
    page: int
    page_end: int
    text: str
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class QuoteCheck:
    """Whether a quotation stands word for word, and where it is said to.

    ``nearest``: where it does not stand, the place most like it, if there is one.
    """

    quote: str
    stands: bool
    as_cited: bool
    places: tuple[QuotePlace, ...]
    nearest: QuotePlace | None
    generation: str


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier question of a conversation and the answer it got."""

    question: str
    answer: str


Strike = Literal[
    "uncited",
    "citation",  # one that was not given
    "language",  # not the question's
    "markup",
    "name",  # that the quotation lacks; likewise the next
    "number",
    "denial",  # one says no, the other does not
    "unsupported",  # the reader does not find it in the quotation
]


Trouble = Literal[
    "gone",  # no connection
    "slow",
    "busy",  # over its limit, or too many are being written
    "refused",  # the key, the model or the request
    "failed",
    "wrong",  # what came is no answer of that form
    "long",
    "broken",  # the stream ended before its end
    "empty",
    "unread",  # no reader is there that could check it
]
"""Why a language model gave no text, or not all of it."""


@dataclass(frozen=True, slots=True)
class Written:
    """A sentence that a language model wrote and that holds; ``text`` has its citations."""

    text: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Writing:
    """What came of having an answer written.

    ``endpoint``, ``model``: who was asked. ``sentences``: those that hold, in order. ``struck``:
    why each of the others was left out. ``reason``: why there is no written text, or why it ends
    early; None where it is whole; ``trouble``: the same as a sentence in the answer's language.
    ``notes``: what the answer's text says of both, as it stands there.
    """

    endpoint: str
    model: str
    sentences: tuple[Written, ...] = ()
    struck: tuple[Strike, ...] = ()
    reason: Trouble | None = None
    trouble: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What the corpus says to a question.

    ``resolved_question``: the question as it was searched for; None where nothing was asked.
    ``confidence``: how likely it is that the quoted sentences answer, 0 to 1; None where that was
    not judged. ``writing``: what a language model made of it; None where none was asked.
    """

    question: str
    verdict: Verdict
    text: str
    citations: tuple[Citation, ...]
    hits: tuple[Hit, ...]
    mode: str
    language: Language
    generation: str
    resolved_question: str | None = None
    confidence: float | None = None
    writing: Writing | None = None


Part = tuple[Hit, ...] | Citation | str | Answer
"""What an answer is given in, one after another: hits, citations, its text, the whole."""


@dataclass(frozen=True, slots=True)
class FileFailure:
    """A file of the corpus that could not be read, and why."""

    file: str
    reason: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """The identity of a generation: what made it, of what, and the checksums of its files.

    ``added``: its segments beside the base, the oldest first.
    """

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
    added: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did, in document ids; ``reused`` documents were not embedded again.

    ``published``: whether a new generation was made; ``resumed``: passages whose embeddings an
    interrupted build or a damaged generation had left; ``seconds``: how long it took.
    """

    generation: str
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    reused: tuple[str, ...] = ()
    failed: tuple[FileFailure, ...] = field(default=())
    passages: int = 0
    embedded: int = 0
    resumed: int = 0
    published: bool = True
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Generation:
    """One of the generations kept; ``trouble``: why it cannot be served, None where it can."""

    generation: str
    created_at: str = ""
    encoder: str = ""
    documents: int = 0
    passages: int = 0
    current: bool = False
    trouble: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """Where a build stands: ``rate`` a second and ``seconds_left``, None where they are unknown."""

    stage: str
    done: int = 0
    total: int = 0
    rate: float | None = None
    seconds_left: float | None = None


@dataclass(frozen=True, slots=True)
class BuildState:
    """Where a build stands; ``done`` of ``total`` counts what its ``stage`` works through.

    ``rate`` is in units a second, ``seconds_left`` is for this stage; None where they are unknown.
    """

    state: Literal["idle", "running", "done", "failed"] = "idle"
    stage: str = ""
    done: int = 0
    total: int = 0
    started_at: str | None = None
    report: BuildReport | None = None
    error: str | None = None
    rate: float | None = None
    seconds_left: float | None = None


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


# The tokens of two adjoining sentences, as ``Encoded`` has them.
Pair = tuple[Vectors, Vectors]


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

    def encode_windows(self, windows: Sequence[Pair]) -> Vectors | None:
        """Embed windows of two sentences by their tokens; None if the model must read them."""


@dataclass(frozen=True, slots=True)
class Observation:
    """What may be counted of a question that was answered; ``seconds``: by stage.

    Stages: ``queue`` (waiting for its turn), ``retrieval`` (until the hits), ``answer`` (the rest);
    ``writing`` where a language model was to write. ``written``: what came of that, None where none
    was to, or nobody listened to its end.
    """

    question: str
    verdict: Verdict
    generation: str
    seconds: dict[str, float]
    written: Writing | None = None
