"""HTTP routes over an engine.

Owns: the app, and the routes that ask and that maintain. Knows of the index what the engine gives;
errors are made problems in ``problems``.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from fastapi import APIRouter, Depends, FastAPI
from fastapi.responses import StreamingResponse

from dipnot import __version__
from dipnot.engine import Engine
from dipnot.errors import DipnotError, Stopping
from dipnot.index.build import Index
from dipnot.question.limits import check_question
from dipnot.server import schemas
from dipnot.server.admin import Token, check_admin
from dipnot.server.bounds import bound
from dipnot.server.chat_form import event_data, serve_chat_form
from dipnot.server.cite import citing_routes, quoted
from dipnot.server.corpus_files import corpus_routes
from dipnot.server.corpus_page import serve_corpus_page
from dipnot.server.examples import fill_in_examples
from dipnot.server.feedback import Feedback, Keeper
from dipnot.server.gate import compress, guard
from dipnot.server.logs import log_requests
from dipnot.server.look import serve_look
from dipnot.server.mcp import serve_mcp
from dipnot.server.metrics import serve_metrics
from dipnot.server.pages import serve_docs, serve_pages
from dipnot.server.problems import check_parameters, handle_errors, problem_of, problems
from dipnot.server.quote_page import serve_quote_page
from dipnot.server.reading import milliseconds_since, reading_routes
from dipnot.server.time_limit import limit_time
from dipnot.types import Answer, Citation, Part

log = logging.getLogger(__name__)


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
    routers = (reading_routes, _asking, citing_routes, _feedback, _maintaining, corpus_routes)
    for router in (make(engine) for make in routers):
        app.include_router(router, prefix="/api", dependencies=[Depends(check_parameters)])
    serve_pages(app, engine)
    serve_corpus_page(app)
    serve_quote_page(app, engine)
    serve_docs(app)
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
    return schemas.answer_shape(index, answer, milliseconds_since(begun))


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
        whole = schemas.answer_shape(index, part, milliseconds_since(begun))
        return "done", whole.model_dump(mode="json")
    if isinstance(part, Citation):
        return "citation", schemas.citation_shape(index, part).model_dump(mode="json")
    if isinstance(part, str):
        return "text", {"text": part}
    return "hits", {"hits": [schemas.hit_shape(index, h).model_dump(mode="json") for h in part]}


def _event(name: str, data: Any) -> str:
    return f"event: {name}\n{event_data(data)}"


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
        """Cancel the rebuild that runs (admin).

        The index stays as it is, unless the rebuild has just published: what is answered says so.
        """
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
