"""The texts as tools for assistants: a server of the Model Context Protocol, read-only.

Owns: the tools, their words and shapes, and documents as resources. Only this module knows the
protocol's library. Over HTTP it is served at /mcp, in a terminal by `dipnot mcp`.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from threading import Thread
from typing import Annotated, Any, TypeVar

from fastapi import FastAPI
from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ResourceError, ToolError
from mcp.server.transport_security import TransportSecuritySettings
from mcp_types import CallToolResult, Resource, ResourceLink, TextContent, ToolAnnotations
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from dipnot import __version__
from dipnot.engine import Engine
from dipnot.errors import DipnotError, NotFound
from dipnot.index.build import Index
from dipnot.server import schemas
from dipnot.server.addresses import address_of
from dipnot.server.problems import BODY_LIMIT, refusal
from dipnot.settings import Settings
from dipnot.types import Span

_INSTRUCTIONS = (
    "Dipnot answers questions about its texts, in Turkish or English, with verbatim sentences. "
    "Ask first; quote only what stands in a citation or passage, with its url; check any other "
    "quotation with verify_quote. `not_in_text` means that the texts do not say it."
)
_READS = ToolAnnotations(read_only_hint=True, open_world_hint=False, idempotent_hint=True)
_ENDING_SECONDS = 2.0  # that an index may still be opened at the end
_SCHEME = "dipnot://documents/"
_T = TypeVar("_T")
# The address by which the assistant that asks reached us: behind a proxy the settings do not know.
_REACHED_AT: ContextVar[str | None] = ContextVar("reached_at", default=None)


class Found(BaseModel):
    """A passage found."""

    id: str
    title: str
    url: str
    text: str


class FoundList(BaseModel):
    """Passages, best first."""

    results: list[Found]


class Fetched(BaseModel):
    """A passage or a whole document."""

    id: str
    title: str
    text: str
    url: str
    metadata: dict[str, str]


class Page(schemas.PageShape):
    """A page and its address."""

    url: str


class _Server(MCPServer[Any]):
    """Lists the documents of the index that is open, whichever it is."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(
            "dipnot", title="Dipnot", version=__version__, instructions=_INSTRUCTIONS,
            log_level="ERROR",
        )  # fmt: skip
        self._engine = engine

    async def list_resources(self) -> list[Resource]:
        if not self._engine.is_ready:
            return []
        return [
            Resource(
                uri=f"{_SCHEME}{d.doc_id}", name=d.doc_id, title=d.title, mime_type="text/plain"
            )
            for d in self._engine.index.documents.values()
        ]


def make_mcp(engine: Engine) -> MCPServer[Any]:
    """Make the server with its tools over an engine."""
    server = _Server(engine)

    def base() -> str:
        return _REACHED_AT.get() or _base(engine.settings)

    def tool(title: str) -> Callable[[Callable[..., _T]], Callable[..., _T]]:
        return server.tool(title=title, annotations=_READS)

    @tool("Search the texts")
    def search(query: str) -> Annotated[CallToolResult, FoundList]:
        """Find passages of the texts for a query, best first; fetch gives one with its place."""
        index, hits = _tried(lambda: engine.search(query))
        found = [
            Found(id=p.passage_id, title=_title(index, p.doc_id), text=p.text,
                  url=base() + address_of(p.doc_id, p.page, p.span))
            for p in (hit.passage for hit in hits)
        ]  # fmt: skip
        return _result(FoundList(results=found), [_link(f.url, f.title) for f in found])

    @tool("Fetch a passage or document")
    def fetch(id: str) -> Annotated[CallToolResult, Fetched]:  # noqa: A002 - as assistants expect it
        """Give a passage that search found, or a whole document, by its id."""
        found = _tried(lambda: _fetched(engine, base(), id))
        return _result(found, [_link(found.url, found.title)])

    @tool("Ask the texts")
    def ask(
        question: str,
        doc_id: Annotated[str | None, Field(description="Limit it to one document.")] = None,
    ) -> Annotated[CallToolResult, schemas.AnswerShape]:
        """Answer a question with verbatim sentences, each with its footnote; or say not_in_text."""
        begun = time.perf_counter()
        index, answer = _tried(lambda: engine.ask(question, doc_id=doc_id, mode="extractive"))
        shape = schemas.answer_shape(index, answer, (time.perf_counter() - begun) * 1e3)
        cited = [c.model_copy(update={"url": base() + c.url}) for c in shape.citations]
        links = [_link(c.url, f"[{c.n}] {_place(c)}") for c in cited]
        return _result(shape.model_copy(update={"citations": cited}), links)

    @tool("Check a quotation")
    def verify_quote(
        quote: str,
        doc_id: Annotated[str | None, Field(description="Where it is cited.")] = None,
        page: Annotated[int | str | None, Field(description="By number or as printed.")] = None,
    ) -> Annotated[CallToolResult, schemas.VerifyShape]:
        """Check whether a quotation stands in the texts word for word, and where."""
        shape = _tried(lambda: schemas.verify_shape(*engine.verify(quote, doc_id, page)))
        places = [p.model_copy(update={"url": base() + p.url}) for p in shape.places]
        near = shape.nearest
        if near is not None:
            near = near.model_copy(update={"url": base() + near.url})
        links = [_link(p.url, _place(p)) for p in places or ([near] if near else [])]
        return _result(shape.model_copy(update={"places": places, "nearest": near}), links[:10])

    @tool("Read a page")
    def get_page(doc_id: str, page: int) -> Annotated[CallToolResult, Page]:
        """Give a page of a document, numbered from 1, with its footnotes."""
        shape = _tried(lambda: _page(engine, doc_id, page))
        url = f"{base()}/text/{doc_id}/p{page}"
        told = Page(**shape.model_dump(), url=url)
        return _result(told, [_link(url, f"{doc_id}, p. {shape.label or page}")])

    @server.resource(f"{_SCHEME}{{doc_id}}", title="A document", mime_type="text/plain")
    def document(doc_id: str) -> str:
        """The whole text of a document."""
        try:
            return engine.document(doc_id).text
        except DipnotError as error:
            raise ResourceError(str(error)) from error

    return server


def serve_mcp(app: FastAPI, engine: Engine) -> None:
    """Serve it at /mcp; it runs as long as the app does, whose gate checks Host and Origin."""
    running: list[Any] = []
    outer = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(app_: FastAPI) -> AsyncIterator[Any]:
        server = make_mcp(engine)
        inner = server.streamable_http_app(
            json_response=True,
            stateless_http=True,
            max_request_body_size=BODY_LIMIT,
            transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
        )
        async with outer(app_) as state, server.session_manager.run():
            running.append(inner)
            yield state
            running.clear()

    async def handle(scope: Scope, receive: Receive, send: Send) -> None:
        answer = running[0] if running else refusal("No index yet", "The server starts.", 503)
        _REACHED_AT.set(str(Request(scope).base_url).rstrip("/"))
        await answer(scope, receive, send)

    app.router.lifespan_context = lifespan
    app.router.routes.append(Route("/mcp", _Handler(handle), include_in_schema=False))


class _Handler:
    """An app of its own for all methods, where a function would answer GET alone."""

    def __init__(self, handle: Callable[[Scope, Receive, Send], Any]) -> None:
        self._handle = handle

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._handle(scope, receive, send)


def run_stdio(engine: Engine) -> None:
    """Serve over standard input and output until the input ends, each generation as it comes."""
    keeping_up = Thread(target=engine.keep_up, daemon=True, name="keep-up")
    keeping_up.start()
    try:
        make_mcp(engine).run("stdio")
    finally:
        engine.close()
        keeping_up.join(_ENDING_SECONDS)


def _base(settings: Settings) -> str:
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"


def _tried(call: Callable[[], _T]) -> _T:
    """Call; an error of ours is a sentence for the assistant, others are kept from it."""
    try:
        return call()
    except DipnotError as error:
        raise ToolError(str(error)) from error


def _result(shape: BaseModel, links: list[ResourceLink]) -> CallToolResult:
    """The citation links, then the same JSON as text and as structured content."""
    text = TextContent(text=shape.model_dump_json())
    return CallToolResult(content=[*links, text], structured_content=shape.model_dump(mode="json"))


def _link(url: str, name: str) -> ResourceLink:
    return ResourceLink(uri=url, name=name, mime_type="text/html")


def _place(item: schemas.CitationShape | schemas.PlaceShape) -> str:
    author = f"{item.author}, " if item.author else ""
    return f"{author}{item.title}, p. {item.label or item.page}"


def _title(index: Index, doc_id: str) -> str:
    document = index.documents[doc_id]
    return f"{document.author}, {document.title}" if document.author else document.title


def _fetched(engine: Engine, base: str, id_: str) -> Fetched:
    index = engine.index
    if id_ in index.documents:
        document = index.documents[id_]
        facts = {k: getattr(document.imprint, k) for k in ("year", "journal", "doi", "licence")}
        facts |= {"author": document.author, "languages": ", ".join(document.languages)}
        text, url = document.text, f"/text/{id_}/p1"
    else:
        passage = engine.passage(id_)
        document = index.documents[passage.doc_id]
        start, end = passage.span
        facts = {
            "doc_id": passage.doc_id,
            "page": str(passage.page),
            "kind": passage.kind,
            "headings": " / ".join(passage.headings),
            "start": str(start),
            "end": str(end),
        }
        text, url = passage.text, address_of(passage.doc_id, passage.page, Span(start, end))
    told = {key: value for key, value in facts.items() if value}
    return Fetched(
        id=id_, title=_title(index, document.doc_id), text=text, url=base + url, metadata=told
    )


def _page(engine: Engine, doc_id: str, number: int) -> schemas.PageShape:
    found = engine.document(doc_id)
    shape = schemas.page_shape(found, number)
    if shape is None:
        raise NotFound(f"{doc_id} has no page {number}; expected 1 to {len(found.pages)}.")
    return shape
