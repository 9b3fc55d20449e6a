"""A small client of the HTTP API, with types: sync, async, and streaming.

Owns: the calls, and the values that come back, named as in the API. Each call is described once,
and sent by either of two senders. Knows nothing of the server: importing it costs httpx alone. What
a newer server adds to an answer is passed over.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import MISSING, dataclass, fields, is_dataclass
from functools import cache, partial
from threading import Thread
from time import monotonic
from types import TracebackType, UnionType
from typing import (
    Any,
    Concatenate,
    Generic,
    Literal,
    ParamSpec,
    Self,
    TypeVar,
    get_args,
    get_origin,
    get_type_hints,
)

import httpx

__all__ = [
    "Answer",
    "AsyncDipnot",
    "Citation",
    "Difference",
    "Dipnot",
    "Document",
    "Event",
    "Export",
    "Health",
    "Hit",
    "Note",
    "Page",
    "Place",
    "Problem",
    "QuoteCheck",
    "SearchResult",
    "Writing",
    "Written",
]

URL = "http://127.0.0.1:7860"
TIMEOUT = 160.0  # a server gives up a request before, and says so
NO_SERVER = (httpx.HTTPError, httpx.InvalidURL)  # what is raised where none answers
_MOMENT = 2.0  # seconds
_LONGEST_HEALTH = 64 * 1024
Verdict = Literal["answered", "partial", "not_in_text", "no_question"]
Mode = Literal["extractive", "written"]
Style = Literal["chicago", "apa", "isnad", "mla"]
Format = Literal["text", "markdown", "bibtex", "ris", "csl-json"]
Lang = Literal["tr", "en"]
_T = TypeVar("_T")
_P = ParamSpec("_P")
_M = TypeVar("_M", bound=Callable[..., Any])


class Problem(Exception):
    """The server answered with a problem; ``code`` never changes, ``str`` is a sentence.

    What is no answer of this release is one too, of the status that it came with.
    """

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
class Note:
    """A note of the text itself that hangs in a quotation."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Citation:
    """A quotation and where it stands; ``highlight``: ranges inside it that answer."""

    n: int
    quote: str
    highlight: tuple[tuple[int, int], ...]
    doc_id: str
    title: str
    author: str | None
    journal: str | None
    volume: str | None
    issue: str | None
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
    notes: tuple[Note, ...]
    passage_id: str


@dataclass(frozen=True, slots=True)
class Written:
    """A sentence that a language model wrote, and the citations that it rests on."""

    text: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Writing:
    """What came of having an answer written: by whom, what holds, why the rest was left out."""

    endpoint: str
    model: str
    sentences: tuple[Written, ...]
    struck: tuple[str, ...]
    trouble: str | None
    reason: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What the corpus says to a question, with its footnotes."""

    question: str
    resolved_question: str | None
    verdict: Verdict
    confidence: float | None
    answer: str
    mode: Mode
    writing: Writing | None
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
class Export:
    """A conversation with its footnotes, and a name for its file."""

    text: str
    filename: str


Event = tuple[Hit, ...] | Citation | str | Answer
"""What a streamed answer comes in: the hits, each citation, the text, the whole.

A text that a language model writes comes in pieces, which put together are ``answer``.
"""


_DOCUMENTS = tuple[Document, ...]


# --- what is asked -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Call(Generic[_T]):
    """A request before it is sent, and how to read what comes back."""

    method: str
    path: str
    read: Callable[[Any], _T]
    params: Mapping[str, Any] | None = None
    body: Mapping[str, Any] | None = None


def _search(
    query: str,
    k: int = 10,
    *,
    offset: int = 0,
    doc_id: str | None = None,
    language: str | None = None,
    kind: str | None = None,
    rerank: bool = True,
) -> _Call[SearchResult]:
    """Find passages, best first; ``rerank``: a better order, later."""
    filters = {"doc_id": doc_id, "language": language, "kind": kind}
    given = {name: value for name, value in filters.items() if value is not None}
    params = {"q": query, "k": k, "offset": offset, **given}
    if not rerank:
        params["rerank"] = "false"
    return _Call("GET", "/api/search", _as(SearchResult), params)


def _ask(
    question: str,
    history: Sequence[Answer] = (),
    *,
    k: int = 8,
    doc_id: str | None = None,
    mode: Mode | None = None,
) -> _Call[Answer]:
    """Answer a question; ``history``: the answers of this conversation so far.

    ``mode``: None leaves it to the server whether a language model writes the answer.
    """
    turns = [{"question": turn.question, "answer": turn.answer} for turn in history]
    body = {"question": question, "history": turns, "k": k, "doc_id": doc_id, "mode": mode}
    return _Call("POST", "/api/ask", _as(Answer), body=body)


def _verify(
    quote: str, doc_id: str | None = None, page: int | str | None = None
) -> _Call[QuoteCheck]:
    """Check whether a quotation stands in the texts, and where it is cited.

    ``page``: by number or as printed.
    """
    body = {"quote": quote, "doc_id": doc_id, "page": page}
    return _Call("POST", "/api/verify", _as(QuoteCheck), body=body)


def _cite(
    citations: Sequence[Citation],
    style: Style = "chicago",
    *,
    lang: Lang = "tr",
    format: Format = "text",  # noqa: A002 - as the API names it
) -> _Call[str]:
    """Write a footnote for each citation of an answer, or its texts for a program."""
    body = {"citations": _ranges(citations), "style": style, "lang": lang, "format": format}
    return _Call("POST", "/api/cite", lambda told: str(told["text"]), body=body)


def _export(
    turns: Sequence[Answer],
    *,
    format: Format = "markdown",  # noqa: A002 - as above
    style: Style = "chicago",
    lang: Lang = "tr",
) -> _Call[Export]:
    """Write a conversation, its answers in order, with footnotes and a bibliography."""
    told = [
        {
            "question": t.question,
            "answer": t.answer,
            "verdict": t.verdict,
            "citations": _ranges(t.citations),
        }
        for t in turns
    ]
    body = {"turns": told, "format": format, "style": style, "lang": lang}
    return _Call("POST", "/api/export", _as(Export), body=body)


def _feedback(answer: Answer, *, helpful: bool, comment: str = "") -> _Call[None]:
    """Tell the server's maintainer whether an answer helped."""
    body = {
        "question": answer.question,
        "verdict": answer.verdict,
        "citations": _ranges(answer.citations),
        "helpful": helpful,
        "comment": comment,
    }
    return _Call("POST", "/api/feedback", lambda _: None, body=body)


def _documents() -> _Call[tuple[Document, ...]]:
    """List the documents."""
    return _Call(
        "GET", "/api/documents", lambda told: _made(tuple[Document, ...], told["documents"])
    )


def _page(doc_id: str, number: int) -> _Call[Page]:
    """Give a page of a document, from 1."""
    safe = httpx.URL("http://a").copy_with(path=f"/{doc_id}").raw_path.decode()
    return _Call("GET", f"/api/documents{safe}/pages/{number}", _as(Page))


def _health() -> _Call[Health]:
    """Tell what the server answers from; raises Problem while it has no index."""
    return _Call("GET", "/api/health", _as(Health))


def _ranges(citations: Sequence[Citation]) -> list[dict[str, Any]]:
    """The places of citations, with the words that must stand there."""
    return [
        {"doc_id": c.doc_id, "start": c.start, "end": c.end, "quote": c.quote} for c in citations
    ]


# --- who sends it --------------------------------------------------------------------------------


def _now(describe: Callable[_P, _Call[_T]]) -> Callable[Concatenate[Dipnot, _P], _T]:
    """Make a method that sends what is described and waits for the answer."""

    def method(self: Dipnot, /, *args: _P.args, **given: _P.kwargs) -> _T:
        return self._send(describe(*args, **given))

    return _named(method, describe)


def _later(
    describe: Callable[_P, _Call[_T]],
) -> Callable[Concatenate[AsyncDipnot, _P], Coroutine[Any, Any, _T]]:
    """Make a method that sends what is described and is awaited."""

    async def method(self: AsyncDipnot, /, *args: _P.args, **given: _P.kwargs) -> _T:
        return await self._send(describe(*args, **given))

    return _named(method, describe)


def _streamed(
    describe: Callable[_P, _Call[Answer]],
) -> Callable[Concatenate[Dipnot, _P], Iterator[Event]]:
    """Make a method that gives the parts of an answer as they come."""

    def stream(self: Dipnot, /, *args: _P.args, **given: _P.kwargs) -> Iterator[Event]:
        return self._stream(describe(*args, **given))

    return _named(stream, describe, _STREAM)


def _streamed_later(
    describe: Callable[_P, _Call[Answer]],
) -> Callable[Concatenate[AsyncDipnot, _P], AsyncIterator[Event]]:
    """Make a method that gives the parts of an answer to ``async for`` as they come."""

    def stream(self: AsyncDipnot, /, *args: _P.args, **given: _P.kwargs) -> AsyncIterator[Event]:
        return self._stream(describe(*args, **given))

    return _named(stream, describe, _STREAM)


_STREAM = "Answer like ``ask``, part by part; the whole comes last."


def _named(method: _M, describe: Callable[..., Any], doc: str | None = None) -> _M:
    """Give a method the name, words and parameters of what it sends, for ``help`` and editors."""
    told: Any = method
    shape = inspect.signature(describe)
    own = inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    told.__name__ = "stream" if doc else describe.__name__.removeprefix("_")
    told.__doc__ = doc or describe.__doc__
    told.__signature__ = shape.replace(parameters=[own, *shape.parameters.values()])
    return method


class Dipnot:
    """A client of a running server; close it, or use it in a ``with``.

    Every call raises Problem for what the server refuses and httpx.TransportError where there is
    no server.
    """

    def __init__(
        self,
        url: str = URL,
        *,
        timeout: float = TIMEOUT,
        token: str | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """Take the address that the server printed; ``timeout`` in seconds, ``token`` to read."""
        given: Any = {"base_url": url, "timeout": timeout, "headers": _key(token)}
        self._http = httpx.Client(transport=transport, trust_env=False, **given)

    search = _now(_search)
    ask = _now(_ask)
    stream = _streamed(_ask)
    verify = _now(_verify)
    cite = _now(_cite)
    export = _now(_export)
    feedback = _now(_feedback)
    documents = _now(_documents)
    page = _now(_page)
    health = _now(_health)

    def reachable(self) -> Health | None:
        """Tell the same as ``health`` within two seconds; None where no server has an index."""
        found: list[Health] = []
        # httpx bounds each wait by itself, so what drips is given up from outside.
        looking = Thread(target=self._look, args=(found, monotonic() + _MOMENT), daemon=True)
        looking.start()
        looking.join(_MOMENT)
        return found[0] if found else None

    def _look(self, found: list[Health], until: float) -> None:
        told = b""
        with suppress(Exception):  # whatever goes wrong, nobody who answers is there
            with self._http.stream("GET", "/api/health", timeout=_MOMENT) as response:
                for part in response.iter_bytes():
                    told += part
                    if len(told) > _LONGEST_HEALTH or monotonic() > until:
                        return
            if response.is_success:
                found.append(_made(Health, json.loads(told)))

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

    def _send(self, call: _Call[_T]) -> _T:
        sent = self._http.request(call.method, call.path, params=call.params, json=call.body)
        return _read(sent, call)

    def _stream(self, call: _Call[Answer]) -> Iterator[Event]:
        with self._http.stream(call.method, f"{call.path}/stream", json=call.body) as response:
            if not response.is_success:
                response.read()
                raise _problem(response)
            lines = _Lines(response.status_code)
            for text in response.iter_text():
                yield from lines.events(text)
            lines.end()


class AsyncDipnot:
    """The same for programs that wait for many things at once; use it in an ``async with``."""

    def __init__(
        self,
        url: str = URL,
        *,
        timeout: float = TIMEOUT,
        token: str | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """Take the address that the server printed; ``timeout`` in seconds, ``token`` to read."""
        given: Any = {"base_url": url, "timeout": timeout, "headers": _key(token)}
        self._http = httpx.AsyncClient(transport=transport, trust_env=False, **given)

    search = _later(_search)
    ask = _later(_ask)
    stream = _streamed_later(_ask)
    verify = _later(_verify)
    cite = _later(_cite)
    export = _later(_export)
    feedback = _later(_feedback)
    documents = _later(_documents)
    page = _later(_page)
    health = _later(_health)

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

    async def _send(self, call: _Call[_T]) -> _T:
        sent = await self._http.request(call.method, call.path, params=call.params, json=call.body)
        return _read(sent, call)

    async def _stream(self, call: _Call[Answer]) -> AsyncIterator[Event]:
        path = f"{call.path}/stream"
        async with self._http.stream(call.method, path, json=call.body) as response:
            if not response.is_success:
                await response.aread()
                raise _problem(response)
            lines = _Lines(response.status_code)
            async for text in response.aiter_text():
                for event in lines.events(text):
                    yield event
            lines.end()


# --- what comes back -----------------------------------------------------------------------------


def _read(response: httpx.Response, call: _Call[_T]) -> _T:
    if not response.is_success:  # a redirect is not followed
        raise _problem(response)
    with _as_known(response.status_code):
        return call.read(response.json() if response.content else None)


@contextmanager
def _as_known(status: int) -> Iterator[None]:
    """Raise Problem for what is read inside and is not as this release knows it."""
    try:
        yield
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Problem(
            status, "failed", "The answer is not one of this release: the server is of another, or "
            "is no Dipnot.",
        ) from None  # fmt: skip


def _as(kind: type[_T]) -> Callable[[Any], _T]:
    return partial(_made, kind)


def _problem(response: httpx.Response) -> Problem:
    try:
        body = response.json()
        return Problem(response.status_code, body["code"], body["detail"], body.get("field"))
    except (ValueError, KeyError, TypeError):  # not from Dipnot
        return Problem(response.status_code, "failed", f"HTTP {response.status_code}")


class _Lines:
    """The lines of a stream: what ends one is a line feed alone, whatever a text holds besides."""

    def __init__(self, status: int) -> None:
        self._held = self._name = ""
        self._status = status
        self._done = False

    def events(self, text: str) -> Iterator[Event]:
        """Take in what came; gives the events that are whole."""
        *lines, self._held = (self._held + text).split("\n")
        for line in lines:
            if line.startswith("event: "):
                self._name = line.removeprefix("event: ").rstrip("\r")
            elif line.startswith("data: "):
                with _as_known(self._status):
                    event = _event(self._name, json.loads(line.removeprefix("data: ")))
                self._done = isinstance(event, Answer)
                if event is not None:
                    yield event

    def end(self) -> None:
        """Raise what a broken connection does where the whole answer was not among what came."""
        if not self._done:
            raise httpx.RemoteProtocolError("The answer broke off before its end.")


def _event(name: str, data: Any) -> Event | None:
    if name == "error":
        raise Problem(data["status"], data["code"], data["detail"], data.get("field"))
    if name == "text":
        return str(data["text"])
    if name == "hits":
        return _made(tuple[Hit, ...], data["hits"])  # type: ignore[no-any-return]
    kind: Any = {"citation": Citation, "done": Answer}.get(name)
    return _made(kind, data) if kind else None


def _made(kind: Any, data: Any) -> Any:
    """Bring JSON to a type: dataclasses, tuples of them, or None."""
    if isinstance(kind, type) and is_dataclass(kind):
        hints = _hints(kind)
        known = [f for f in fields(kind) if f.name in data or f.default is MISSING]
        return kind(**{f.name: _made(hints[f.name], data[f.name]) for f in known})
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


def _key(token: str | None) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"} if token else {}
