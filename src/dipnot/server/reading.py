"""Routes by which texts are searched and read.

Owns: their parameters, and the tag by which a client knows what it has already.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.routing import APIRoute

from dipnot import __version__
from dipnot.engine import Engine
from dipnot.errors import InvalidInput, NotFound
from dipnot.question.limits import FURTHEST, MOST_HITS
from dipnot.server import schemas
from dipnot.server.problems import problems


def tag_generation(engine: Engine, response: Response) -> None:
    """Tag an answer with the generation that it is of, and the reader that put hits in order.

    The tag is a weak one: the time that a search took differs.
    """
    read_by = engine.reader_fingerprint[:16]
    tag = "-".join([engine.index.manifest.generation, __version__, *([read_by] if read_by else [])])
    response.headers["ETag"] = f'W/"{tag}"'
    response.headers["Cache-Control"] = "no-cache"


def unless_known(request: Request, response: Response) -> Response:
    """Give an answer, or 304 where the client has it already: of what is there, and only then."""
    known = [t.strip() for t in request.headers.get("if-none-match", "").split(",")]
    if response.headers.get("etag") not in known:
        return response
    told = {name: response.headers[name] for name in ("etag", "cache-control")}
    return Response(status_code=304, headers=told)


class _Tagged(APIRoute):
    """A route whose answer is not sent to a client that has it already."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer = super().get_route_handler()

        async def tagged(request: Request) -> Response:
            return unless_known(request, await answer(request))

        return tagged


def reading_routes(engine: Engine) -> APIRouter:
    """Make the routes that read texts."""

    def tag(response: Response) -> None:
        tag_generation(engine, response)

    router = APIRouter(
        tags=["texts"],
        responses=problems(404, 422, 503),
        dependencies=[Depends(tag)],
        route_class=_Tagged,
    )

    @router.get("/search", responses=problems(429))
    def search(
        q: Annotated[str, Query(description="1–2,000 characters")],
        k: Annotated[int, Query(ge=1, le=MOST_HITS)] = 10,
        offset: Annotated[
            int, Query(ge=0, le=FURTHEST, description="How many of the best to leave out")
        ] = 0,
        doc_id: str | None = None,
        language: Annotated[str | None, Query(examples=["tr"])] = None,
        kind: Annotated[str | None, Query(examples=["body"])] = None,
        rerank: Annotated[  # noqa: FBT002 - of a query string
            bool, Query(description="Read the best with the query: a better order, later")
        ] = True,
    ) -> schemas.SearchResult:
        """Find passages, best first, in as many different places."""
        begun = time.perf_counter()
        index, hits = engine.search(
            q, k, doc_id=doc_id, language=language, kind=kind, offset=offset, rerank=rerank
        )
        return schemas.SearchResult(
            query=q,
            generation=index.manifest.generation,
            took_ms=milliseconds_since(begun),
            hits=[schemas.hit_shape(index, hit) for hit in hits],
        )

    @router.get("/documents")
    def documents() -> schemas.DocumentList:
        """List the documents."""
        index = engine.index
        return schemas.DocumentList(
            documents=[schemas.summary_shape(index, d) for d in index.documents.values()]
        )

    @router.get("/documents/{doc_id}")
    def document(doc_id: str) -> schemas.DocumentShape:
        """Give a document's pages, sections, footnotes and references."""
        return schemas.document_shape(engine.index, engine.document(doc_id))

    @router.get("/documents/{doc_id}/text")
    def text(
        doc_id: str,
        start: Annotated[int, Query(ge=0)] = 0,
        end: Annotated[int | None, Query(ge=0)] = None,
    ) -> schemas.TextRange:
        """Give a range of a document's text, in code points; the whole text by default."""
        whole = engine.document(doc_id).text
        stop = len(whole) if end is None else end
        if not start <= stop <= len(whole):
            raise InvalidInput(
                f"start and end are {start} and {stop}; expected 0 ≤ start ≤ end ≤ {len(whole)}.",
                "end",
            )
        return schemas.TextRange(doc_id=doc_id, start=start, end=stop, text=whole[start:stop])

    @router.get("/documents/{doc_id}/pages/{page}")
    def page(doc_id: str, page: int) -> schemas.PageShape:
        """Give one page with its footnotes."""
        found = engine.document(doc_id)
        shape = schemas.page_shape(found, page)
        if shape is None:
            raise NotFound(f"{doc_id} has no page {page}; expected 1 to {len(found.pages)}.")
        return shape

    @router.get("/passages/{passage_id}")
    def passage(passage_id: str) -> schemas.PassageShape:
        """Give one passage."""
        return schemas.passage_shape(engine.index, engine.passage(passage_id))

    return router


def milliseconds_since(begun: float) -> float:
    """Tell how long ago it began."""
    return round((time.perf_counter() - begun) * 1e3, 1)
