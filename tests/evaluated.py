"""Questions, hits and answers made by hand, and a stand-in for an engine that gives them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dipnot.evaluation.scores import Row, make_row
from dipnot.evaluation.sets import Question
from dipnot.types import Answer, Citation, Document, Hit, Passage, Span, Turn, Verdict

DOC = "metin"


@dataclass(frozen=True)
class Pages:
    """An index as far as scoring looks at one: documents by id."""

    documents: Mapping[str, Document]


def pages_of(*texts: str) -> Pages:
    """One document that holds the texts, a line each."""
    whole = "\n".join(texts)
    document = Document(
        doc_id=DOC, title="Metin", author=None, languages=("tr",), text=whole, source="metin.txt",
        content_hash="0", pages=(), sections=(), paragraphs=(), footnotes=(), references=(),
    )  # fmt: skip
    return Pages({DOC: document})


def question(
    number: str = "q1",
    *,
    evidence: Sequence[str] = (),
    alternatives: Sequence[str] = (),
    history: Sequence[Turn] = (),
    accept: tuple[Verdict, ...] = ("not_in_text",),
    set_name: str = "set",
    type_: str = "fact",
    lang: str = "tr",
    kind: str = "near miss",
    text: str = "Ne oldu?",
) -> Question:
    return Question(
        question_id=number, set_name=set_name, lang=lang, type=type_, text=text,
        history=tuple(history), evidence=tuple(evidence), alternatives=tuple(alternatives),
        accept=accept, kind=kind,
    )  # fmt: skip


def hits(pages: Pages, *texts: str, likeness: float = 0.5) -> list[Hit]:
    return [
        Hit(_passage(pages, text), rank, 1.0 / rank, likeness, 0.0)
        for rank, text in enumerate(texts, start=1)
    ]


def answer(
    pages: Pages, verdict: Verdict = "answered", *quotes: str, found: Sequence[Hit] = ()
) -> Answer:
    citations = tuple(_citation(pages, n, quote) for n, quote in enumerate(quotes, start=1))
    return Answer("Ne oldu?", verdict, "…", citations, tuple(found), "extractive", "tr", "g1")


def row(
    asked: Question,
    texts: Sequence[str] = (),
    verdict: Verdict = "answered",
    quotes: Sequence[str] = (),
    *,
    ms: float = 1.0,
    likeness: float = 0.5,
) -> Row:
    """What came of a question: these hits, this verdict, these quotes."""
    pages = pages_of(*texts, *quotes)
    found = hits(pages, *texts, likeness=likeness)
    return make_row(asked, pages, answer(pages, verdict, *quotes), found, ms)


@dataclass
class FakeEngine:
    """An engine of one answer, and one search, that notes what it was asked."""

    pages: Pages
    said: Answer
    found: Sequence[Hit] = ()
    asked: list[tuple[str, tuple[Turn, ...]]] = field(default_factory=list)

    def ask(self, question: str, history: Sequence[Turn], k: int) -> tuple[Pages, Answer]:
        self.asked.append((question, tuple(history)))
        return self.pages, self.said

    def search(self, query: str, k: int) -> tuple[Pages, Sequence[Hit]]:
        return self.pages, self.found[:k]


def _span(pages: Pages, text: str) -> Span:
    start = pages.documents[DOC].text.index(text)
    return Span(start, start + len(text))


def _passage(pages: Pages, text: str) -> Passage:
    span = _span(pages, text)
    return Passage(
        passage_id=f"{DOC}.{span.start}", doc_id=DOC, span=span, text=text, kind="body",
        language="tr", headings=(), page=1, page_end=1, sentences=(span,), content_hash="0",
    )  # fmt: skip


def _citation(pages: Pages, n: int, quote: str) -> Citation:
    return Citation(
        n=n, doc_id=DOC, title="Metin", headings=(), kind="body", language="tr", page=1,
        page_end=1, span=_span(pages, quote), quote=quote, highlight=(), attribution=(),
        voice="author", passage_id="p",
    )  # fmt: skip
