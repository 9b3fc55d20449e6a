"""Stand-ins written by hand: an encoder and a reader that keep what they got; small texts."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from dipnot.index.places import Places, make_places
from dipnot.language.tokens import index_terms
from dipnot.models.reader import Reader
from dipnot.types import (
    KINDS,
    LANGUAGES,
    Encoded,
    Language,
    Pair,
    Passage,
    Progress,
    Query,
    Question,
    Reading,
    Span,
    Vectors,
)

DIMENSION = 64

LAKE = """Göl ve Kıyısı

GİRİŞ

Göl 1887 yılında kurutuldu. Köylüler kıyıya yeni evler yaptı (Yılmaz, 1990, s. 12). Balıkçılar \
başka bir kente taşındı.

Kıyıdaki değirmen 3 Mayıs 1902’de yandı. Bekçi yangını kimseye haber vermedi. Değirmenin taşı \
bugün müzededir. Işıklı ırmağın İncirli kolu gölü besliyordu.

The mill was rebuilt by the new owner in 1905. It ground wheat for the whole valley until the war.
"""

RAILWAY = """Demiryolu Üzerine

Demiryolu kasabaya 1911 yılında ulaştı. Tren haftada iki kez geliyordu. İstasyon şefi yolculara \
çay ikram ederdi. Hat 1950 yılında kapatıldı.
"""

LIGHTHOUSE = """On the Lighthouse

The lighthouse was built in 1860 by two brothers. Its lamp burned olive oil for twenty years. \
The keeper counted the ships every night.
"""


def unit_rows(texts: Sequence[str]) -> Vectors:
    """Hash each text's folded word prefixes into a bag; equal texts give equal vectors."""
    rows = np.full((len(texts), DIMENSION), 0.05, np.float32)
    for row, text in zip(rows, texts, strict=True):
        for term in index_terms(text):
            digest = hashlib.sha256(term.encode()).digest()
            row[digest[0] % DIMENSION] += 1.0
            row[digest[1] % DIMENSION] += 0.5
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.ascontiguousarray(rows / lengths, np.float32)


def passages_of(texts: Sequence[str], languages: Sequence[Language] = LANGUAGES) -> list[Passage]:
    """A passage a text, in documents d0, d1 … of four, of all kinds and languages by turns."""
    made = []
    for n, text in enumerate(texts):
        span = Span(n % 4 * 1000, n % 4 * 1000 + len(text))
        made.append(
            Passage(
                passage_id=f"p{n}", doc_id=f"d{n // 4}", span=span, text=text,
                kind=KINDS[n % len(KINDS)], language=languages[n % len(languages)], headings=(),
                page=1, page_end=1, sentences=(span,), content_hash=str(n),
            )
        )  # fmt: skip
    return made


def places_of(size: int) -> Places:
    """Where so many passages of one sentence each stand."""
    return make_places(passages_of([f"söz {n}" for n in range(size)]))


def query_of(text: str = "", vector: Vectors | None = None, tokens: Vectors | None = None) -> Query:
    """A question by hand, for one leg."""
    terms = tuple(dict.fromkeys(index_terms(text)))
    question = Question(text, text, "tr")
    return Query(question, np.zeros(1, np.float32) if vector is None else vector, tokens, terms)


class FakeEncoder:
    """A deterministic encoder that keeps what it was given.

    ``gate``: queries wait until it is set. ``error``: raised instead of embedding passages.
    """

    def __init__(
        self, name: str = "fake", fingerprint: str = "f" * 32, *, with_tokens: bool = True
    ) -> None:
        self.name = name
        self.fingerprint = self.base_fingerprint = fingerprint
        self.dimension = DIMENSION
        self.with_tokens = with_tokens
        self.queries: list[str] = []
        self.passages: list[str] = []
        self.gate: threading.Event | None = None
        self.asked = threading.Event()
        self.error: Exception | None = None

    def encode_queries(self, texts: Sequence[str]) -> Encoded:
        self.queries.extend(texts)
        self.asked.set()
        if self.gate is not None:
            assert self.gate.wait(30)
        words = tuple(tuple(Span(*m.span()) for m in re.finditer(r"\S+", t)) for t in texts)
        return replace(self._encode(texts, tokens=True), places=words)

    def encode_passages(
        self, texts: Sequence[str], *, tokens: bool, progress: Progress | None = None
    ) -> Encoded:
        if self.error is not None:
            raise self.error
        self.passages.extend(texts)
        if progress is not None:
            progress("embedding", len(texts), len(texts))
        return self._encode(texts, tokens=tokens)

    def encode_windows(self, windows: Sequence[Pair]) -> Vectors | None:
        return None

    def _encode(self, texts: Sequence[str], *, tokens: bool) -> Encoded:
        own = tuple(unit_rows(text.split()) for text in texts)
        return Encoded(unit_rows(texts), own if tokens and self.with_tokens else None)


class FakeReader(Reader):
    """Finds evidence by the words shared with the question; keeps what it was given."""

    def __init__(self) -> None:
        self.read_windows: list[list[list[str]]] = []
        self.read_more: list[tuple[str | None, str]] = []

    def read(self, question: str, windows: Sequence[Sequence[str]]) -> list[list[Reading]]:
        self.read_windows.append([list(window) for window in windows])
        return [[self._of(question, sentence) for sentence in window] for window in windows]

    def read_again(self, question: str, sentence: str, before: str | None) -> Reading:
        self.read_more.append((before, sentence))
        return self._of(question, sentence)

    def _of(self, question: str, sentence: str) -> Reading:
        asked = set(index_terms(question))
        shared = asked & set(index_terms(sentence))
        logit = 12.0 * len(shared) / max(1, len(asked)) - 6.0
        first = next(iter(sentence.split()), "")
        return Reading(logit, logit, Span(0, len(first)))
