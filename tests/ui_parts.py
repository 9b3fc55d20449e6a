"""What tests of the page share: a backend of canned answers, a document, a reader of mark-up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from html.parser import HTMLParser
from typing import Any

from dipnot_ui import render
from dipnot_ui.backend import BackendError
from dipnot_ui.labels import Lang
from dipnot_ui.turns import Turn, ask, page_cache

HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(1)>\"'*a* _b_ [c](javascript:d) $$e$$ "
    "${f} {{g}} `h` </mark></details></li> # i"
)
# A document of three pages. The second paragraph runs over all of them; note 1 hangs on its
# second sentence, and stands behind the text.
PARAGRAPHS = (
    "İlk paragraf.",
    "Birinci cümle. Antlaşma 16 Mart 1921’de imzalandı. Üçüncü cümle IĞDIR’da biter.",
    "Son paragraf.",
)
TEXT = "\n\n".join(PARAGRAPHS)
NOTE = "Metni için bkz. Soysal, 2000, s. 32."
QUOTE = "Antlaşma 16 Mart 1921’de imzalandı."
QUOTE_START = TEXT.index(QUOTE)
QUOTE_END = QUOTE_START + len(QUOTE)
EDGES = (0, TEXT.index("16 Mart"), TEXT.index("IĞDIR"), len(TEXT))
NOTE_START = len(TEXT) + 2


class FakeBackend:
    """A backend of canned answers that counts its calls."""

    def __init__(self, answer: dict[str, Any] | Exception | None = None) -> None:
        self.answer = answer if answer is not None else answer_of([citation()])
        self.damaged = False
        self.calls: Counter[str] = Counter()
        self.histories: list[list[Mapping[str, str]]] = []
        self.langs: list[Lang] = []

    def ask(
        self,
        question: str,
        history: Sequence[Mapping[str, str]],
        doc_id: str | None = None,
        lang: Lang = "en",
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        self.calls["ask"] += 1
        self.langs.append(lang)
        self.histories.append(list(history))
        if isinstance(self.answer, Exception):
            raise self.answer
        yield "hits", {"hits": [{**citation(), "text": QUOTE}]}
        yield "done", self.answer

    def nearest(self, question: str, language: str, doc_id: str) -> dict[str, Any] | None:
        self.calls["nearest"] += 1
        return {**citation(), "text": "An English passage.", "language": language}

    def stands(self, doc_id: str, start: int, end: int, quote: str) -> bool:
        return TEXT[start:end] == quote

    def page(self, doc_id: str, number: int) -> dict[str, Any]:
        self.calls["page"] += 1
        if not 1 <= number < len(EDGES):
            raise BackendError("There is no such page.")
        start, end = EDGES[number - 1], EDGES[number]
        notes = [footnote()] if number == 2 else []
        return {
            "doc_id": doc_id, "number": number, "text": TEXT[start:end], "start": start,
            "end": end, "headings": [], "footnotes": notes,
        }  # fmt: skip

    def documents(self) -> list[dict[str, Any]]:
        self.calls["documents"] += 1
        return [document()]

    def status(self) -> dict[str, Any]:
        self.calls["status"] += 1
        return {"ready": True, "stage": "idle", "done": 0, "total": 0, "error": None,
                "damaged": self.damaged}  # fmt: skip


def document(**changes: Any) -> dict[str, Any]:
    base = {
        "doc_id": "a", "title": "Türk-Sovyet İlişkileri", "title_en": "Turkish-Soviet Relations",
        "author": "Adil Ayaz", "languages": ["tr"], "pages": 30, "passages": 350,
        "examples": ["Ne zaman?"],
    }  # fmt: skip
    return {**base, **changes}


def footnote(**changes: Any) -> dict[str, Any]:
    base = {
        "label": "1", "text": NOTE, "page": 2, "marker": QUOTE_END, "start": NOTE_START,
        "end": NOTE_START + len(NOTE),
    }  # fmt: skip
    return {**base, **changes}


def citation(**changes: Any) -> dict[str, Any]:
    base = {
        "n": 1, "quote": QUOTE, "highlight": [], "doc_id": "a", "title": "Türk-Sovyet İlişkileri",
        "headings": ["Bölüm", "Kararsızlık Dönemi"], "kind": "body", "language": "tr", "page": 1,
        "page_end": 2, "start": QUOTE_START, "end": QUOTE_END, "attribution": [],
        "voice": "author", "passage_id": "a:1",
    }  # fmt: skip
    return {**base, **changes}


def answer_of(citations: list[dict[str, Any]], **changes: Any) -> dict[str, Any]:
    base = {
        "question": "Ne zaman?", "verdict": "answered", "answer": "Metin şöyle diyor: [1]",
        "resolved_question": None,
        "mode": "extractive", "language": "tr", "generation": "g1", "took_ms": 1.0,
        "citations": citations, "hits": [],
    }  # fmt: skip
    return {**base, **changes}


def asked(answer: dict[str, Any] | Exception, **told: Any) -> Turn:
    """A turn with what came of it in the end."""
    backend = FakeBackend(answer)
    turn = Turn("Ne zaman?", key="k", **told)
    return list(ask(backend, page_cache(backend), turn, []))[-1]


def shown(answer: dict[str, Any] | Exception, lang: Lang = "tr") -> str:
    return render.turn(lang, asked(answer))


class Reader(HTMLParser):
    """What a browser makes of mark-up: its elements, its text, and that all tags are closed."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: Counter[str] = Counter()
        self.attributes: Counter[str] = Counter()
        self.text = ""
        self.feed(markup)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes.update(name for name, _ in attrs)
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data
