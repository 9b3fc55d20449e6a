"""What tests of the page share: a backend of canned answers, a document, a reader of mark-up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
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
        self.calls: Counter[str] = Counter()
        self.histories: list[list[Mapping[str, str]]] = []

    def ask(
        self, question: str, history: Sequence[Mapping[str, str]], doc_id: str | None = None
    ) -> dict[str, Any]:
        self.calls["ask"] += 1
        self.histories.append(list(history))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

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

    def document(self, doc_id: str) -> dict[str, Any]:
        self.calls["document"] += 1
        return read_document(doc_id=doc_id)

    def documents(self) -> list[dict[str, Any]]:
        self.calls["documents"] += 1
        return [document()]

    def status(self) -> dict[str, Any]:
        self.calls["status"] += 1
        return {"ready": True, "stage": "idle", "done": 0, "total": 0, "error": None}

    def rebuild(self, token: str) -> dict[str, Any]:
        self.calls["rebuild"] += 1
        raise BackendError("The admin token is wrong.")


def document(**changes: Any) -> dict[str, Any]:
    base = {
        "doc_id": "a", "title": "Türk-Sovyet İlişkileri", "title_en": "Turkish-Soviet Relations",
        "author": "Adil Ayaz", "languages": ["tr"], "pages": 30, "passages": 350,
        "examples": ["Ne zaman?"],
    }  # fmt: skip
    return {**base, **changes}


def read_document(**changes: Any) -> dict[str, Any]:
    """The document of three pages as the API tells its parts."""
    headings = [("İlk paragraf.", 1, 1), ("Üçüncü cümle", 3, 2), ("Son paragraf.", 2, 3)]
    base = {
        "doc_id": "a", "title": "T", "author": None, "languages": ["tr"], "passages": 3,
        "pages": [
            {"number": n, "label": None, "start": EDGES[n - 1], "end": EDGES[n]} for n in (1, 2, 3)
        ],
        "sections": [
            {"heading": h, "level": level, "page": page, "start": TEXT.index(h), "end": len(TEXT)}
            for h, level, page in headings
        ],
        "footnotes": [footnote()], "references": [],
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
        "mode": "extractive", "language": "tr", "generation": "g1", "took_ms": 1.0,
        "citations": citations, "hits": [],
    }  # fmt: skip
    return {**base, **changes}


def shown(answer: dict[str, Any] | Exception, lang: Lang = "tr", **options: Any) -> str:
    backend = FakeBackend(answer)
    turn = ask(backend, page_cache(backend), Turn("Ne zaman?", key="k"), [], lang)
    return render.conversation(lang, [turn], **options)


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
