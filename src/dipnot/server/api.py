"""HTTP routes over an engine.

Owns: paths, parameters and the API's page. Knows of the index what the engine gives; errors are
made problems in ``problems``.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterable, Iterator
from html import escape
from importlib import resources
from itertools import chain
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Query, Request, Response
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse, StreamingResponse
from starlette.exceptions import HTTPException

from dipnot import __version__
from dipnot.engine import Engine
from dipnot.errors import DipnotError, InvalidInput, NotFound, Stopping, shown
from dipnot.index.build import Index
from dipnot.question.limits import FURTHEST, MOST_HITS, check_question
from dipnot.server import schemas
from dipnot.server.admin import Token, check_admin
from dipnot.server.bounds import bound
from dipnot.server.chat_form import serve_chat_form
from dipnot.server.cite import citing_routes, quoted
from dipnot.server.codes import KINDS, explain, explain_all
from dipnot.server.corpus_files import corpus_routes
from dipnot.server.corpus_page import serve_corpus_page
from dipnot.server.examples import fill_in_examples
from dipnot.server.feedback import Feedback, Keeper
from dipnot.server.gate import compress, guard
from dipnot.server.logs import log_requests
from dipnot.server.look import serve_look
from dipnot.server.mcp import serve_mcp
from dipnot.server.metrics import serve_metrics
from dipnot.server.plain import language_asked, page_of, plain_response
from dipnot.server.problems import check_parameters, handle_errors, problem_of, problems
from dipnot.server.quote_page import serve_quote_page
from dipnot.server.text_page import text_page
from dipnot.server.time_limit import limit_time
from dipnot.types import Answer, Citation, Part

log = logging.getLogger(__name__)

_IN_TURKISH = {
    404: "Bu adreste bir sayfa yok: metin dizinde olmayabilir, ya da o kadar sayfası yoktur. "
    "Beklenen: /text/METİN/pSAYFA.",
    503: "Dizin henüz hazır değil. Birazdan yeniden deneyin.",
}
_SWAGGER = {"swagger-ui-bundle.js": "text/javascript", "swagger-ui.css": "text/css"}


class _Events(StreamingResponse):
    media_type = "text/event-stream"


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
    routers = (_reading, _asking, citing_routes, _feedback, _maintaining, corpus_routes)
    for router in (make(engine) for make in routers):
        app.include_router(router, prefix="/api", dependencies=[Depends(check_parameters)])
    _serve_pages(app, engine)
    serve_corpus_page(app)
    serve_quote_page(app, engine)
    _serve_docs(app)
    limit_time(app)
    serve_metrics(app, engine)
    log_requests(app, engine)
    serve_look(app)
    serve_mcp(app, engine)
    serve_chat_form(app, engine)
    compress(app)
    handle_errors(app)
    fill_in_examples(app, engine)
    bound(app)
    guard(app, engine.settings)
    return app


def _tag(engine: Engine, request: Request, response: Response) -> None:
    """Tag an answer with the generation that it is of; 304 where the client has it already.

    The tag is a weak one: the time that a search took differs.
    """
    tag = f'W/"{engine.index.manifest.generation}-{__version__}"'
    told = {"ETag": tag, "Cache-Control": "no-cache"}
    known = [t.strip() for t in request.headers.get("if-none-match", "").split(",")]
    if tag in known:
        raise HTTPException(304, headers=told)
    response.headers.update(told)


def _reading(engine: Engine) -> APIRouter:
    def tag(request: Request, response: Response) -> None:
        _tag(engine, request, response)

    router = APIRouter(
        tags=["texts"], responses=problems(404, 422, 503), dependencies=[Depends(tag)]
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
    ) -> schemas.SearchResult:
        """Find passages, best first, in as many different places."""
        begun = time.perf_counter()
        index, hits = engine.search(
            q, k, doc_id=doc_id, language=language, kind=kind, offset=offset
        )
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


def _asking(engine: Engine) -> APIRouter:
    router = APIRouter(tags=["questions"], responses=problems(404, 413, 422, 429, 503, 504))

    @router.post("/ask")
    def ask(body: schemas.AskBody) -> schemas.AnswerShape:
        """Answer a question with verbatim sentences and their footnotes.

        Where a language model is set up it writes an answer above them, each sentence checked,
        unless `mode` is `extractive`.
        """
        return _ask(engine, body)

    @router.post(
        "/ask/stream",
        response_class=_Events,
        response_model=None,
        responses={200: {"model": schemas.Event, "description": "Events, one after another"}},
    )
    def stream(body: schemas.AskBody) -> StreamingResponse:
        """Answer like /api/ask, as server-sent events: hits, citation, text, done; or error.

        Each is sent as soon as it is known. The hits come as they were found; those of the whole
        answer are in the order in which they were read.
        """
        begun = time.perf_counter()
        index, parts = engine.ask_stream(
            body.question, body.turns(), body.k, body.doc_id, body.mode
        )
        first = next(parts)  # what fails before anything is sent is no event
        return _Events(_events(index, chain([first], parts), begun))

    @router.post("/verify")
    def verify(body: schemas.VerifyBody) -> schemas.VerifyShape:
        """Check whether a quotation stands in the texts word for word, and where it is cited.

        Spaces, quotation marks, hyphenation and case may differ: each difference is told. All
        texts are searched, whatever is cited. If it does not stand, the nearest place is given.
        """
        return schemas.verify_shape(*engine.verify(body.quote, body.doc_id, body.page))

    return router


def _feedback(engine: Engine) -> APIRouter:
    router = APIRouter(
        tags=["questions"], responses=problems(404, "text-changed", 413, 422, "too-often", 503)
    )
    keeper = Keeper(engine.settings.feedback_file)

    @router.post("/feedback", status_code=204)
    def feedback(body: schemas.FeedbackBody) -> None:
        """Keep what a reader thinks of an answer, in a file on the server for its maintainer."""
        keeper.keep(
            Feedback(
                question=check_question(body.question, "question"),
                verdict=body.verdict,
                citations=tuple(quoted(engine, body.citations)),
                helpful=body.helpful,
                comment=body.comment,
                generation=engine.index.manifest.generation,
            )
        )

    return router


def _ask(engine: Engine, body: schemas.AskBody) -> schemas.AnswerShape:
    begun = time.perf_counter()
    index, answer = engine.ask(body.question, body.turns(), body.k, body.doc_id, body.mode)
    return schemas.answer_shape(index, answer, _since(begun))


def _events(index: Index, parts: Iterable[Part], begun: float) -> Iterator[str]:
    try:
        for part in parts:
            yield _event(*_named_part(index, part, begun))
    except Exception as error:
        if not isinstance(error, DipnotError):
            log.exception("an answer failed")
        yield _event("error", problem_of(error))


def _named_part(index: Index, part: Part, begun: float) -> tuple[str, Any]:
    """Name the event of a part of an answer, and give its data."""
    if isinstance(part, Answer):
        return "done", schemas.answer_shape(index, part, _since(begun)).model_dump(mode="json")
    if isinstance(part, Citation):
        return "citation", schemas.citation_shape(index, part).model_dump(mode="json")
    if isinstance(part, str):
        return "text", {"text": part}
    return "hits", {"hits": [schemas.hit_shape(index, h).model_dump(mode="json") for h in part]}


def _event(name: str, data: Any) -> str:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


def _maintaining(engine: Engine) -> APIRouter:
    router = APIRouter(tags=["index"], responses=problems(422, 503))

    @router.get("/health/live")
    async def live() -> schemas.Live:
        """Answer 200 as long as the server runs, whether or not it has an index."""
        return schemas.Live()

    @router.get("/health")
    async def health() -> schemas.Health:
        """Answer 200 when an index is open and answering, 503 with the reason before.

        503 as well once the server was told to stop: answers in flight are finished, and those
        that wait are refused.
        """
        if engine.is_closing:
            raise Stopping
        index = engine.index
        return schemas.Health(
            status="ok",
            generation=index.manifest.generation,
            documents=len(index.documents),
            passages=len(index.places.shown),
            version=__version__,
        )

    @router.get("/index")
    def index() -> schemas.IndexShape:
        """Describe the index being served, and whether the corpus has changed since."""
        kept = engine.settings.feedback_file is not None
        return schemas.index_shape(engine.index, engine.staleness(), _llm(engine), feedback=kept)

    @router.get("/index/rebuild")
    def rebuild_state() -> schemas.RebuildShape:
        """Tell where the last rebuild stands."""
        return schemas.rebuild_shape(engine.rebuild)

    @router.post("/index/rebuild", status_code=202, responses=problems(401, 403, 409))
    def rebuild(token: Token) -> schemas.RebuildShape:
        """Start a rebuild beside the index that goes on answering (admin)."""
        check_admin(engine, token.credentials if token else None)
        return schemas.rebuild_shape(engine.start_rebuild())

    @router.delete("/index/rebuild", responses=problems(401, 403, 404))
    def cancel(token: Token) -> schemas.RebuildShape:
        """Cancel the rebuild that runs; the index stays as it is (admin)."""
        check_admin(engine, token.credentials if token else None)
        return schemas.rebuild_shape(engine.cancel_rebuild())

    @router.get("/index/generations")
    def generations() -> schemas.GenerationList:
        """List the generations that are kept, newest first."""
        return schemas.generations_shape(engine.generations())

    @router.post("/index/rollback", responses=problems(401, 403, 404, 409))
    def rollback(token: Token, body: schemas.RollbackBody | None = None) -> schemas.RollbackShape:
        """Serve a generation that is kept, by default the one before this one (admin).

        It is held: a start of the server does not build over it, the next rebuild does.
        """
        check_admin(engine, token.credentials if token else None)
        return schemas.RollbackShape(generation=engine.roll_back(body.generation if body else None))

    return router


def _llm(engine: Engine) -> schemas.ModelShape | None:
    endpoint = engine.endpoint
    if endpoint is None:
        return None
    return schemas.ModelShape(endpoint=endpoint.url, model=endpoint.model)


def _serve_pages(app: FastAPI, engine: Engine) -> None:
    """Serve the plain pages: of the texts, where citations lead, and about problems."""

    @app.get("/text/{doc_id}/p{page:int}", include_in_schema=False)
    def text(doc_id: str, page: int, request: Request, find: str = "", lang: str = "") -> Response:
        tagged = Response()
        try:
            _tag(engine, request, tagged)
            found = text_page(engine.index, engine.document(doc_id), page, find, lang)
            if found is None:
                raise NotFound(f"{doc_id} has no page {page}.")
        except DipnotError as error:
            return _said(request, str(error), problem_of(error)["status"])
        response = plain_response(found, script=True)
        response.headers.update({k: tagged.headers[k] for k in ("etag", "cache-control")})
        return response

    @app.get("/text", include_in_schema=False)
    @app.get("/text/{path:path}", include_in_schema=False)
    def no_text(request: Request, path: str = "") -> Response:
        return _said(
            request, f"There is no page {shown(path)}; expected /text/DOCUMENT/pPAGE.", 404
        )

    @app.get("/api/problems", include_in_schema=False)
    def kinds() -> Response:
        return plain_response(explain_all())

    @app.get("/api/problems/{code}", include_in_schema=False)
    def kind(code: str) -> Response:
        if code not in KINDS:
            raise NotFound(f"There is no problem {shown(code)}; known: {', '.join(KINDS)}.")
        return plain_response(explain(code))


def _said(request: Request, sentence: str, status: int) -> Response:
    """Say on a page why there is nothing at an address, in the language that a browser prefers."""
    lang = language_asked(request)
    words = _IN_TURKISH.get(status, sentence) if lang == "tr" else sentence
    back = "Soru sor" if lang == "tr" else "Ask a question"
    body = f'<h1>Dipnot</h1>\n<p>{escape(words)}</p>\n<p><a href="/">{back}</a></p>\n'
    return plain_response(page_of("Dipnot", body, lang=lang), status)


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


def _since(begun: float) -> float:
    return round((time.perf_counter() - begun) * 1e3, 1)
