"""HTTP routes over an engine, and errors as problem details in one place.

Owns: paths, status codes, limits of a request. Knows of the index what the engine gives.
"""

from __future__ import annotations

import hmac
import json
import logging
import time
from collections.abc import Iterator
from importlib import resources
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Header, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse, JSONResponse, StreamingResponse
from starlette.exceptions import HTTPException
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dipnot import __version__, errors, schemas
from dipnot.engine import MOST_HITS, Engine
from dipnot.errors import DipnotError, InvalidInput, NotAllowed, NotFound, TooLarge, shown

log = logging.getLogger(__name__)

BODY_LIMIT = 256 * 1024
_DRAINED = 64 * 1024 * 1024
_PROBLEM = "application/problem+json"
_STATUS: tuple[tuple[type[DipnotError], int, str], ...] = (
    (errors.TooLarge, 413, "Too large"),
    (errors.InvalidInput, 422, "Invalid input"),
    (errors.NotFound, 404, "Not found"),
    (errors.BuildRunning, 409, "Rebuild already running"),
    (errors.Busy, 429, "Too many at once"),
    (errors.NotReady, 503, "No index yet"),
    (errors.IndexUnusable, 503, "Index unusable"),
    (errors.DipnotError, 500, "Failed"),
)
_TITLES = {404: "Not found", 405: "Method not allowed"}
_SWAGGER = {"swagger-ui-bundle.js": "text/javascript", "swagger-ui.css": "text/css"}
_FAILURES: dict[int | str, dict[str, Any]] = {
    code: {"model": schemas.Problem, "content": {_PROBLEM: {}}, "description": text}
    for code, text in (
        (404, "Unknown id or filter value"),
        (422, "Bad value"),
        (503, "No index yet"),
    )
}


def make_app(engine: Engine) -> FastAPI:
    """Make the API over an engine; a chat may be mounted beside it afterwards."""
    app = FastAPI(
        title="Dipnot",
        version=__version__,
        summary="Answers from a corpus of texts, word for word, each with its footnote.",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        swagger_ui_oauth2_redirect_url=None,
    )
    app.state.engine = engine
    app.include_router(_reading(engine), prefix="/api")
    app.include_router(_asking(engine), prefix="/api")
    app.include_router(_maintaining(engine), prefix="/api")
    _serve_docs(app)
    _answer_errors(app)
    app.add_middleware(_BodyLimit)
    app.router.add_route("/api", _unknown, include_in_schema=False)
    app.router.add_route("/api/{path:path}", _unknown, list(_METHODS), include_in_schema=False)
    return app


_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


async def _unknown(request: Request) -> Response:
    """Answer for every path under /api/ that is no route: 405 for a wrong method, else 404."""
    allowed: set[str] = set()
    for route in request.app.router.routes:
        match, _ = route.matches(request.scope)
        if match is Match.PARTIAL:
            allowed |= getattr(route, "methods", None) or set()
    if allowed:
        expected = ", ".join(sorted(allowed))
        return _problem(
            405, "Method not allowed",
            f"{request.method} is not allowed for {request.url.path}; expected {expected}.",
            headers={"Allow": expected},
        )  # fmt: skip
    return _problem(
        404, "Not found", f"There is nothing at {shown(request.url.path)}. See /api/docs."
    )


def _reading(engine: Engine) -> APIRouter:
    router = APIRouter(tags=["texts"], responses=_FAILURES)

    @router.get("/search")
    def search(
        request: Request,
        q: Annotated[str, Query(examples=["Moskova Antlaşması"], description="1–2,000 characters")],
        k: Annotated[int, Query(ge=1, le=MOST_HITS)] = 10,
        doc_id: str | None = None,
        language: Annotated[str | None, Query(examples=["tr"])] = None,
        kind: Annotated[str | None, Query(examples=["body"])] = None,
    ) -> schemas.SearchResult:
        """Find passages, best first, in as many different places."""
        _only(request, "q", "k", "doc_id", "language", "kind")
        begun = time.perf_counter()
        index, hits = engine.search(q, k, doc_id=doc_id, language=language, kind=kind)
        return schemas.SearchResult(
            query=q,
            generation=index.manifest.generation,
            took_ms=_since(begun),
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
        request: Request,
        doc_id: str,
        start: Annotated[int, Query(ge=0)] = 0,
        end: Annotated[int | None, Query(ge=0)] = None,
    ) -> schemas.TextRange:
        """Give a range of a document's text, in code points; the whole text by default."""
        _only(request, "start", "end")
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


def _asking(engine: Engine) -> APIRouter:
    router = APIRouter(tags=["questions"], responses=_FAILURES)

    @router.post("/ask")
    def ask(body: schemas.AskBody) -> schemas.AnswerShape:
        """Answer a question with verbatim sentences and their footnotes."""
        return _ask(engine, body)

    @router.post("/ask/stream", response_class=StreamingResponse)
    def stream(body: schemas.AskBody) -> StreamingResponse:
        """Answer like /api/ask, as server-sent events: hits, citation, text, done; or error."""
        engine.index  # noqa: B018 - a missing index is a 503, not an event

        def events() -> Iterator[str]:
            try:
                answer = _ask(engine, body).model_dump(mode="json")
            except DipnotError as error:
                status, title = _status_of(error)
                yield _event("error", _problem_body(status, title, str(error), _field_of(error)))
                return
            yield _event("hits", {"hits": answer["hits"]})
            for citation in answer["citations"]:
                yield _event("citation", citation)
            yield _event("text", {"text": answer["answer"]})
            yield _event("done", answer)

        return StreamingResponse(events(), media_type="text/event-stream")

    return router


def _ask(engine: Engine, body: schemas.AskBody) -> schemas.AnswerShape:
    begun = time.perf_counter()
    index, answer = engine.ask(body.question, body.turns(), body.k, body.doc_id)
    return schemas.answer_shape(index, answer, _since(begun))


def _event(name: str, data: Any) -> str:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


def _maintaining(engine: Engine) -> APIRouter:
    router = APIRouter(tags=["index"], responses={503: _FAILURES[503]})

    @router.get("/health")
    def health() -> schemas.Health:
        """Answer 200 when an index is open and answering, 503 with the reason before."""
        index = engine.index
        return schemas.Health(
            status="ok",
            generation=index.manifest.generation,
            documents=len(index.documents),
            passages=len(index.layout.shown),
            version=__version__,
        )

    @router.get("/index")
    def index() -> schemas.IndexShape:
        """Describe the index being served, and whether the corpus has changed since."""
        return schemas.index_shape(engine.index, engine.staleness())

    @router.get("/index/rebuild")
    def rebuild_state() -> schemas.RebuildShape:
        """Tell where the last rebuild stands."""
        return schemas.rebuild_shape(engine.rebuild)

    @router.post("/index/rebuild", status_code=202)
    def rebuild(authorization: Annotated[str | None, Header()] = None) -> schemas.RebuildShape:
        """Start a rebuild beside the index that goes on answering (admin)."""
        check_admin(engine, authorization)
        return schemas.rebuild_shape(engine.start_rebuild())

    @router.post("/index/rollback")
    def rollback(authorization: Annotated[str | None, Header()] = None) -> schemas.RollbackShape:
        """Serve the generation before this one (admin)."""
        check_admin(engine, authorization)
        return schemas.RollbackShape(generation=engine.roll_back())

    return router


def check_admin(engine: Engine, authorization: str | None) -> None:
    """Raise NotAllowed unless the header bears the admin token."""
    token = engine.settings.admin_token
    if token is None:
        raise NotAllowed(
            "This server has no admin token. Start it with DIPNOT_ADMIN_TOKEN set.",
            configured=False,
        )
    scheme, _, given = (authorization or "").partition(" ")
    same = hmac.compare_digest(given.strip().encode(), token.encode())
    if scheme.lower() != "bearer" or not same:
        raise NotAllowed(
            "The admin token is missing or wrong; expected the header "
            "`Authorization: Bearer $DIPNOT_ADMIN_TOKEN`.",
            configured=True,
        )


def _serve_docs(app: FastAPI) -> None:
    """Serve the API's page from files of an installed package, so that nothing is fetched."""

    @app.get("/api/docs", include_in_schema=False)
    def docs() -> HTMLResponse:
        return get_swagger_ui_html(
            openapi_url="/api/openapi.json",
            title="Dipnot API",
            swagger_js_url="/api/docs/swagger-ui-bundle.js",
            swagger_css_url="/api/docs/swagger-ui.css",
            swagger_favicon_url="data:,",
            swagger_ui_parameters={"validatorUrl": None, "tryItOutEnabled": True},
        )

    @app.get("/api/docs/{name}", include_in_schema=False)
    def docs_file(name: str) -> Response:
        if name not in _SWAGGER:
            raise NotFound(f"There is no file {shown(name)}; known: {', '.join(_SWAGGER)}.")
        data = resources.files("fastapi_swagger.resources").joinpath(name).read_bytes()
        return Response(data, media_type=_SWAGGER[name])


def _only(request: Request, *known: str) -> None:
    """Raise InvalidInput for a query parameter that the route does not know."""
    for name in request.query_params:
        if name not in known:
            raise InvalidInput(f"{shown(name)} is unknown; expected {', '.join(known)}.", name[:60])


def _since(begun: float) -> float:
    return round((time.perf_counter() - begun) * 1e3, 1)


# --- errors ------------------------------------------------------------------------------------


def _status_of(error: DipnotError) -> tuple[int, str]:
    if isinstance(error, NotAllowed):
        return (401, "Not authorized") if error.configured else (403, "Admin is off")
    return next((status, title) for kind, status, title in _STATUS if isinstance(error, kind))


def _field_of(error: DipnotError) -> str | None:
    return error.field if isinstance(error, InvalidInput) else None


def _problem_body(status: int, title: str, detail: str, field: str | None) -> dict[str, Any]:
    kind = title.lower().replace(" ", "-")
    body = {"type": f"/api/problems/{kind}", "title": title, "status": status, "detail": detail}
    return body | ({"field": field} if field else {})


def _problem(
    status: int,
    title: str,
    detail: str,
    field: str | None = None,
    headers: dict[str, str] | None = None,
) -> JSONResponse:
    return JSONResponse(
        _problem_body(status, title, detail, field),
        status_code=status,
        headers=headers,
        media_type=_PROBLEM,
    )


def _answer_errors(app: FastAPI) -> None:
    @app.exception_handler(DipnotError)
    def ours(_: Request, error: DipnotError) -> JSONResponse:
        status, title = _status_of(error)
        headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
        if status in (429, 503):
            headers = {"Retry-After": "2"}
        return _problem(status, title, str(error), _field_of(error), headers)

    @app.exception_handler(RequestValidationError)
    def invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        path = [str(p) for p in first["loc"] if p not in ("body", "query", "path", "header")]
        field = ".".join(path)[:100] or "body"
        if first["type"] == "json_invalid":
            detail, field = f"The body is not JSON: {first['ctx']['error']}.", "body"
        else:
            field = field.encode("ascii", "backslashreplace").decode()
            detail = f"{field}: {_plain(first)}."
        return _problem(422, "Invalid input", detail, field)

    @app.exception_handler(HTTPException)
    def http(_: Request, error: HTTPException) -> JSONResponse:
        title = _TITLES.get(error.status_code, "Bad request")
        return _problem(error.status_code, title, str(error.detail))

    @app.exception_handler(Exception)
    def unexpected(request: Request, error: Exception) -> JSONResponse:
        log.error("%s %s failed", request.method, request.url.path, exc_info=error)
        return _problem(500, "Failed", "An unexpected error; the server's log says more.")


def _plain(error: Any) -> str:
    """Say what was found and expected, without what pydantic adds."""
    message = str(error["msg"]).removeprefix("Value error, ")
    if error["type"] == "extra_forbidden":
        return "an unknown field; see /api/docs"
    if error["type"] == "missing":
        return "is missing"
    found = error.get("input")
    if isinstance(found, (str, int, float, bool)) or found is None:
        text = f"found {shown(found) if isinstance(found, str) else json.dumps(found)}, "
        return text.encode("ascii", "backslashreplace").decode() + message.lower()
    return f"found a JSON {type(found).__name__}, {message.lower()}"


class _BodyLimit:
    """Refuse request bodies over the limit, and never hold more than the limit of one.

    What is too much is read and dropped, up to a point: a client still writing would see a broken
    connection instead of the answer.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith("/api/"):
            await self._app(scope, receive, send)
            return
        body = bytearray()
        size = 0
        more = True
        while more:
            message = await receive()
            if message["type"] != "http.request":
                return
            part = message.get("body", b"")
            more = message.get("more_body", False)
            size += len(part)
            if size <= BODY_LIMIT:
                body += part
            elif size > _DRAINED:
                break
        if size > BODY_LIMIT:
            await self._refuse(scope, receive, send)
            return
        given = False

        async def replay() -> Message:
            nonlocal given
            if given:
                return await receive()
            given = True
            return {"type": "http.request", "body": bytes(body), "more_body": False}

        await self._app(scope, replay, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        status, title = _status_of(TooLarge(""))
        detail = f"The body is larger than {BODY_LIMIT:,} bytes. Send a shorter one."
        response = _problem(status, title, detail, "body", {"Connection": "close"})
        await response(scope, receive, send)
