"""A small client of the HTTP API, with types: sync, async, and streaming.

Owns: the calls, and the values that come back, named as in the API. Knows nothing of the server:
importing it costs httpx alone. What a newer server adds to an answer is passed over.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from types import TracebackType, UnionType
from typing import Any, Literal, NamedTuple, Self, TypeVar, get_args, get_origin, get_type_hints

import httpx

__all__ = [
    "Answer",
    "AsyncDipnot",
    "Citation",
    "Difference",
    "Dipnot",
    "Document",
    "Event",
    "Health",
    "Hit",
    "Page",
    "Place",
    "Problem",
    "QuoteCheck",
    "SearchResult",
]

URL = "http://127.0.0.1:7860"
Verdict = Literal["answered", "partial", "not_in_text", "no_question"]
_T = TypeVar("_T")


class Problem(Exception):
    """The server answered with a problem; ``code`` never changes, ``str`` is a sentence."""

    def __init__(self, status: int, code: str, detail: str, field: str | None = None) -> None:
        """Keep what the server said."""
        super().__init__(detail)
        self.status = status
        self.code = code
        self.field = field


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found, word for word; ``score`` compares the hits of one response only."""

    rank: int
    score: float
    passage_id: str
    doc_id: str
    title: str
    text: str
    kind: str
    language: str
    headings: tuple[str, ...]
    page: int
    page_end: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Passages for a query, best first."""

    query: str
    generation: str
    took_ms: float
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Citation:
    """A quotation and where it stands; ``highlight``: ranges inside it that answer."""

    n: int
    quote: str
    highlight: tuple[tuple[int, int], ...]
    doc_id: str
    title: str
    author: str | None
    year: int | None
    label: str | None
    url: str
    headings: tuple[str, ...]
    kind: str
    language: str
    page: int
    page_end: int
    start: int
    end: int
    attribution: tuple[str, ...]
    voice: str
    passage_id: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the corpus says to a question, with its footnotes."""

    question: str
    resolved_question: str
    verdict: Verdict
    confidence: float | None
    answer: str
    mode: str
    language: str
    generation: str
    took_ms: float
    citations: tuple[Citation, ...]
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What a quotation and a text have where they differ."""

    kind: str
    quoted: str
    found: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Place:
    """A place where a quotation stands, or nearly."""

    doc_id: str
    title: str
    author: str | None
    year: int | None
    page: int
    page_end: int
    label: str | None
    url: str
    headings: tuple[str, ...]
    start: int
    end: int
    text: str
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class QuoteCheck:
    """Whether a quotation stands in the texts word for word."""

    stands: bool
    as_cited: bool
    places: tuple[Place, ...]
    nearest: Place | None
    generation: str


@dataclass(frozen=True, slots=True)
class Document:
    """A document of the corpus."""

    doc_id: str
    title: str
    author: str | None
    languages: tuple[str, ...]
    pages: int
    passages: int


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a document."""

    doc_id: str
    number: int
    label: str | None
    text: str
    start: int
    end: int
    headings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Health:
    """What a server answers from."""

    generation: str
    documents: int
    passages: int
    version: str


@dataclass(frozen=True, slots=True)
class _Documents:
    documents: tuple[Document, ...]


Event = tuple[Hit, ...] | Citation | str | Answer
"""What a streamed answer comes in: the hits, each citation, the text, the whole."""


class _Call(NamedTuple):
    """A request before it is sent."""

    method: str
    path: str
    params: Mapping[str, Any] | None = None
    body: Mapping[str, Any] | None = None


def _search(query: str, k: int, offset: int, **filters: str | None) -> _Call:
    given = {name: value for name, value in filters.items() if value is not None}
    return _Call("GET", "/api/search", {"q": query, "k": k, "offset": offset, **given})


def _ask(path: str, question: str, history: Sequence[Answer], k: int, doc_id: str | None) -> _Call:
    turns = [{"question": turn.question, "answer": turn.answer} for turn in history]
    body = {"question": question, "history": turns, "k": k, "doc_id": doc_id}
    return _Call("POST", path, body=body)


def _verify(quote: str, doc_id: str | None, page: int | None) -> _Call:
    return _Call("POST", "/api/verify", body={"quote": quote, "doc_id": doc_id, "page": page})


def _page(doc_id: str, number: int) -> _Call:
    safe = httpx.URL("http://a").copy_with(path=f"/{doc_id}").raw_path.decode()
    return _Call("GET", f"/api/documents{safe}/pages/{number}")


class Dipnot:
    """A client of a running server; close it, or use it in a ``with``.

    Every call raises Problem for what the server refuses and httpx.TransportError where there is
    no server.
    """

    def __init__(
        self, url: str = URL, *, timeout: float = 60, transport: httpx.BaseTransport | None = None
    ) -> None:
        """Take the address that the server printed; ``timeout`` in seconds."""
        self._http = httpx.Client(
            base_url=url, timeout=timeout, transport=transport, trust_env=False
        )

    def search(
        self,
        query: str,
        k: int = 10,
        *,
        offset: int = 0,
        doc_id: str | None = None,
        language: str | None = None,
        kind: str | None = None,
    ) -> SearchResult:
        """Find passages, best first."""
        call = _search(query, k, offset, doc_id=doc_id, language=language, kind=kind)
        return self._send(call, SearchResult)

    def ask(
        self,
        question: str,
        history: Sequence[Answer] = (),
        *,
        k: int = 8,
        doc_id: str | None = None,
    ) -> Answer:
        """Answer a question; ``history``: the answers of this conversation so far."""
        return self._send(_ask("/api/ask", question, history, k, doc_id), Answer)

    def stream(
        self,
        question: str,
        history: Sequence[Answer] = (),
        *,
        k: int = 8,
        doc_id: str | None = None,
    ) -> Iterator[Event]:
        """Answer like ``ask``, part by part; the whole comes last."""
        call = _ask("/api/ask/stream", question, history, k, doc_id)
        with self._http.stream(call.method, call.path, json=call.body) as response:
            if response.is_error:
                response.read()
                raise _problem(response)
            yield from _events(response.iter_lines())

    def verify(self, quote: str, doc_id: str | None = None, page: int | None = None) -> QuoteCheck:
        """Check whether a quotation stands in the texts, and where it is cited."""
        return self._send(_verify(quote, doc_id, page), QuoteCheck)

    def documents(self) -> tuple[Document, ...]:
        """List the documents."""
        return self._send(_Call("GET", "/api/documents"), _Documents).documents

    def page(self, doc_id: str, number: int) -> Page:
        """Give a page of a document, from 1."""
        return self._send(_page(doc_id, number), Page)

    def health(self) -> Health:
        """Tell what the server answers from; raises Problem while it has no index."""
        return self._send(_Call("GET", "/api/health"), Health)

    def reachable(self) -> Health | None:
        """The same, within two seconds; None where no server answers or it has no index."""
        try:
            return _read(self._http.get("/api/health", timeout=2), Health)
        except (httpx.HTTPError, Problem, ValueError, KeyError):
            return None

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def __enter__(self) -> Self:
        """Use it until the end of the block."""
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        """Close the connections."""
        self.close()

    def _send(self, call: _Call, kind: type[_T]) -> _T:
        return _read(self._http.request(*call[:2], params=call.params, json=call.body), kind)


class AsyncDipnot:
    """The same for programs that wait for many things at once; use it in an ``async with``."""

    def __init__(
        self,
        url: str = URL,
        *,
        timeout: float = 60,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """Take the address that the server printed; ``timeout`` in seconds."""
        self._http = httpx.AsyncClient(
            base_url=url, timeout=timeout, transport=transport, trust_env=False
        )

    async def search(
        self,
        query: str,
        k: int = 10,
        *,
        offset: int = 0,
        doc_id: str | None = None,
        language: str | None = None,
        kind: str | None = None,
    ) -> SearchResult:
        """Find passages, best first."""
        call = _search(query, k, offset, doc_id=doc_id, language=language, kind=kind)
        return await self._send(call, SearchResult)

    async def ask(
        self,
        question: str,
        history: Sequence[Answer] = (),
        *,
        k: int = 8,
        doc_id: str | None = None,
    ) -> Answer:
        """Answer a question; ``history``: the answers of this conversation so far."""
        return await self._send(_ask("/api/ask", question, history, k, doc_id), Answer)

    async def stream(
        self,
        question: str,
        history: Sequence[Answer] = (),
        *,
        k: int = 8,
        doc_id: str | None = None,
    ) -> AsyncIterator[Event]:
        """Answer like ``ask``, part by part; the whole comes last."""
        call = _ask("/api/ask/stream", question, history, k, doc_id)
        async with self._http.stream(call.method, call.path, json=call.body) as response:
            if response.is_error:
                await response.aread()
                raise _problem(response)
            name = ""
            async for line in response.aiter_lines():
                name, event = _event(name, line)
                if event is not None:
                    yield event

    async def verify(
        self, quote: str, doc_id: str | None = None, page: int | None = None
    ) -> QuoteCheck:
        """Check whether a quotation stands in the texts, and where it is cited."""
        return await self._send(_verify(quote, doc_id, page), QuoteCheck)

    async def documents(self) -> tuple[Document, ...]:
        """List the documents."""
        return (await self._send(_Call("GET", "/api/documents"), _Documents)).documents

    async def page(self, doc_id: str, number: int) -> Page:
        """Give a page of a document, from 1."""
        return await self._send(_page(doc_id, number), Page)

    async def health(self) -> Health:
        """Tell what the server answers from; raises Problem while it has no index."""
        return await self._send(_Call("GET", "/api/health"), Health)

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        """Use it until the end of the block."""
        return self

    async def __aexit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        """Close the connections."""
        await self.close()

    async def _send(self, call: _Call, kind: type[_T]) -> _T:
        return _read(await self._http.request(*call[:2], params=call.params, json=call.body), kind)


# --- what comes back -----------------------------------------------------------------------------


def _read(response: httpx.Response, kind: type[_T]) -> _T:
    if response.is_error:
        raise _problem(response)
    return _made(kind, response.json())  # type: ignore[no-any-return]


def _problem(response: httpx.Response) -> Problem:
    try:
        body = response.json()
        return Problem(response.status_code, body["code"], body["detail"], body.get("field"))
    except (ValueError, KeyError, TypeError):  # not from Dipnot
        return Problem(response.status_code, "failed", f"HTTP {response.status_code}")


def _events(lines: Iterable[str]) -> Iterator[Event]:
    name = ""
    for line in lines:
        name, event = _event(name, line)
        if event is not None:
            yield event


def _event(name: str, line: str) -> tuple[str, Event | None]:
    """Take in a line of a stream; gives the name of the event and, with its data, the event."""
    if line.startswith("event: "):
        return line.removeprefix("event: "), None
    if not line.startswith("data: "):
        return name, None
    data = json.loads(line.removeprefix("data: "))
    if name == "error":
        raise Problem(data["status"], data["code"], data["detail"], data.get("field"))
    if name == "text":
        return name, data["text"]
    if name == "hits":
        return name, _made(tuple[Hit, ...], data["hits"])
    kind: Any = {"citation": Citation, "done": Answer}.get(name)
    return name, _made(kind, data) if kind else None


def _made(kind: Any, data: Any) -> Any:
    """Bring JSON to a type: dataclasses, tuples of them, or None."""
    if isinstance(kind, type) and is_dataclass(kind):
        hints = _hints(kind)
        return kind(**{f.name: _made(hints[f.name], data[f.name]) for f in fields(kind)})
    if isinstance(kind, UnionType):
        inner = next(k for k in get_args(kind) if k is not type(None))
        return None if data is None else _made(inner, data)
    if get_origin(kind) is tuple:
        kinds = get_args(kind)
        each = kinds[:1] * len(data) if ... in kinds else kinds
        return tuple(_made(inner, item) for inner, item in zip(each, data, strict=True))
    return data


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)
