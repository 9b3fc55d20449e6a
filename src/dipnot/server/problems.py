"""Errors as problem details (RFC 9457), and what a request may be, in one place for all routes.

Owns: which error has which status, the limit of a body, and the methods that every path answers.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from itertools import takewhile
from typing import Any
from urllib.parse import unquote_to_bytes

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dipnot import errors
from dipnot.errors import DipnotError, InvalidInput, NotAllowed, TooLarge, TooSlow, shown
from dipnot.server.codes import code_of, example_of
from dipnot.server.schemas import Problem

log = logging.getLogger(__name__)

PROBLEM = "application/problem+json"
BODY_LIMIT = 1024 * 1024
BODY_SECONDS = 30.0
_FILES = "/api/documents/"  # what is put there is bounded where it is read: see ``chunks_of``
_REF = "#/components/schemas/Problem"
_DRAINED = 64 * 1024 * 1024
_STATUS: tuple[tuple[type[DipnotError], int, str], ...] = (
    (errors.TooLarge, 413, "Too large"),
    (errors.TextChanged, 409, "Text changed"),
    (errors.InvalidInput, 422, "Invalid input"),
    (errors.NotFound, 404, "Not found"),
    (errors.BuildRunning, 409, "Rebuild already running"),
    (errors.AlreadyThere, 409, "Already there"),
    (errors.Busy, 429, "Too many at once"),
    (errors.TooOften, 429, "Too often"),
    (errors.TookTooLong, 504, "Took too long"),
    (errors.TooSlow, 408, "Too slow"),
    (errors.Stopping, 503, "Stopping"),
    (errors.NotReady, 503, "No index yet"),
    (errors.IndexUnusable, 503, "Index unusable"),
    (errors.CorpusError, 503, "Corpus unusable"),
    (errors.DipnotError, 500, "Failed"),
)
_DESCRIPTIONS = {
    401: "The admin token is missing or wrong",
    403: "The server has no admin token, or does not answer for this host or origin",
    404: "Unknown id or filter value",
    409: "A rebuild is running already, a file is there already, or a text has changed",
    413: "The body is too large",
    422: "Bad value or unknown field",
    429: "Too many questions at once, or too much feedback a minute",
    503: "No index yet",
    504: "The answer took too long and was given up",
}
_TITLES = {404: "Not found", 405: "Method not allowed"}


def problems(*told: int | str) -> dict[int | str, dict[str, Any]]:
    """Describe the problems that a route may answer with, for the API's page.

    Each is a code, or a status where the first kind of it is meant.
    """
    described: dict[int | str, dict[str, Any]] = {}
    for one in told:
        example = example_of(one)
        status = int(example["status"])
        content = {PROBLEM: {"example": example}}
        described[status] = {
            "model": Problem, "description": _DESCRIPTIONS[status], "content": content,
        }  # fmt: skip
    return described


def handle_errors(app: FastAPI) -> None:
    """Make every error of the API a problem; call it when all its routes are there."""
    _describe(app)
    app.add_middleware(_BodyLimit)
    app.add_middleware(_HeadAsGet, routes=app.router.routes)
    unknown = _Unknown(app)
    for path in ("/api", "/api/{path:path}"):
        app.router.routes.append(Route(path, unknown, include_in_schema=False))

    @app.exception_handler(DipnotError)
    def ours(_: Request, error: DipnotError) -> JSONResponse:
        return _refusal(error)

    @app.exception_handler(RequestValidationError)
    def invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        path = [str(p) for p in first["loc"] if p not in ("body", "query", "path", "header")]
        field = ".".join(path)[:100].encode("ascii", "backslashreplace").decode() or "body"
        if first["type"] == "json_invalid":
            field, detail = "body", f"The body is not JSON: {first['ctx']['error']}."
        else:
            detail = f"{field}: {_plain(first)}."
        return _response(_body(422, "Invalid input", detail, field))

    @app.exception_handler(HTTPException)
    def http(_: Request, error: HTTPException) -> Response:
        if error.status_code == 400 and error.__cause__ is not None:
            # The framework's answer to a body that Python's JSON reader gives up on.
            return _response(_body(422, "Invalid input", _unreadable(error.__cause__), "body"))
        title = _TITLES.get(error.status_code, "Bad request")
        return _response(_body(error.status_code, title, str(error.detail)), error.headers)

    @app.exception_handler(Exception)
    def unexpected(request: Request, error: Exception) -> JSONResponse:
        # This answer goes out behind all that a request passes, so it gets its id here.
        number = getattr(request.state, "request_id", "-")
        log.error("%s %s failed (%s)", request.method, request.url.path, number, exc_info=error)
        return _response(problem_of(error), {"X-Request-ID": number})


def _refusal(error: DipnotError) -> JSONResponse:
    body = problem_of(error)
    headers = {401: {"WWW-Authenticate": "Bearer"}, 429: {"Retry-After": "2"},
               503: {"Retry-After": "2"}}.get(body["status"])  # fmt: skip
    return _response(body, headers)


def last_word(error: DipnotError) -> JSONResponse:
    """Answer with an error, and hang up on what the client still sends."""
    response = _refusal(error)
    response.headers["Connection"] = "close"
    return response


async def refuse(error: DipnotError, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a request with an error before it reaches a route."""
    await _refusal(error)(scope, receive, send)


def _describe(app: FastAPI) -> None:
    """Give problems their media type in the API's description."""
    describe = app.openapi

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = describe()
            operations = (o for path in schema["paths"].values() for o in path.values())
            for answers in (operation["responses"] for operation in operations):
                for status, answer in answers.items():
                    if int(status) >= 400:
                        told = answer.get("content", {}).get(PROBLEM, {})
                        example = told.get("example") or example_of(int(status))
                        answer["content"] = {
                            PROBLEM: {"schema": {"$ref": _REF}, "example": example}
                        }
        return app.openapi_schema or {}

    app.openapi = described  # type: ignore[method-assign]


async def check_parameters(request: Request) -> None:
    """Raise InvalidInput for a query parameter that the route does not know or that is no text."""
    known = [parameter.alias for parameter in request.scope["route"].dependant.query_params]
    for part in request.scope["query_string"].split(b"&"):
        try:
            unquote_to_bytes(part).decode("utf-8")
        except UnicodeDecodeError:
            name = part.partition(b"=")[0].decode("ascii", "replace")
            raise InvalidInput(
                f"The value of {shown(name)} is not UTF-8; expected percent-encoded UTF-8.",
                name[:60],
            ) from None
    for name in request.query_params:
        if name not in known:
            expected = f"expected {', '.join(known)}" if known else "none is expected"
            field = name[:60].encode("ascii", "backslashreplace").decode()
            raise InvalidInput(f"The query parameter {shown(name)} is unknown; {expected}.", field)


def problem_of(error: Exception) -> dict[str, Any]:
    """Put an error into the shape of a problem."""
    if not isinstance(error, DipnotError):
        return _body(500, "Failed", "An unexpected error; the server's log says more.")
    if isinstance(error, NotAllowed):
        status, title = (401, "Not authorized") if error.configured else (403, "Admin is off")
    else:
        status, title = next((s, t) for kind, s, t in _STATUS if isinstance(error, kind))
    field = error.field if isinstance(error, InvalidInput) else None
    return _body(status, title, str(error), field)


def refusal(title: str, detail: str, status: int = 403) -> JSONResponse:
    """Answer with a problem that no error of ours is."""
    return _response(_body(status, title, detail))


def _body(status: int, title: str, detail: str, field: str | None = None) -> dict[str, Any]:
    code = code_of(title)
    body = {
        "type": f"/api/problems/{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "code": code,
    }
    return body | ({"field": field} if field else {})


def _response(body: dict[str, Any], headers: Mapping[str, str] | None = None) -> JSONResponse:
    return JSONResponse(body, status_code=body["status"], headers=headers, media_type=PROBLEM)


def _unreadable(cause: BaseException) -> str:
    if isinstance(cause, UnicodeDecodeError):
        return f"The body is not UTF-8: byte {cause.start:,} is wrong. Send JSON in UTF-8."
    if isinstance(cause, RecursionError):
        return "The body is nested too deeply; expected one JSON object. See /api/docs."
    return "The body cannot be read; expected one JSON object. See /api/docs."


def _plain(error: Any) -> str:
    """Say what was found and expected, without what pydantic adds."""
    message = str(error["msg"]).removeprefix("Value error, ").lower()
    message = message.replace("dictionary or object to extract fields from", "json object")
    found = error.get("input")
    if error["type"] == "extra_forbidden":
        return "an unknown field; see /api/docs"
    if error["type"] == "missing":
        return "is missing"
    if isinstance(found, bytes):
        return "found bytes, expected a JSON object with Content-Type: application/json"
    if isinstance(found, (dict, list)):
        return f"found {'an object' if isinstance(found, dict) else 'a list'}, {message}"
    found = found if isinstance(found, str) else json.dumps(found)
    return f"found {shown(found)}, {message}"


class _Unknown:
    """Answers every path under /api/ that is no route: 405 for a wrong method, else 404."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        allowed = {m for m in ("GET", "POST", "PUT", "DELETE") if self._has(m, scope)}
        path, method = shown(scope["path"]), scope["method"]
        more = ("HEAD", "OPTIONS") if "GET" in allowed else ("OPTIONS",)
        expected = ", ".join(sorted({*allowed, *more}))
        response: Response
        if not allowed:
            response = _response(
                _body(404, "Not found", f"There is nothing at {path}. See /api/docs.")
            )
        elif method == "OPTIONS":
            response = Response(status_code=204, headers={"Allow": expected})
        else:
            detail = f"{shown(method)} is not allowed for {path}; expected {expected}."
            response = _response(_body(405, _TITLES[405], detail), {"Allow": expected})
        await response(scope, receive, send)

    def _has(self, method: str, scope: Scope) -> bool:
        """Tell whether a route before this one takes the path with that method."""
        before = takewhile(lambda r: getattr(r, "app", None) is not self, self._app.router.routes)
        return any(r.matches({**scope, "method": method})[0] is Match.FULL for r in before)


class _HeadAsGet:
    """Answers HEAD as GET, without the body, wherever a route of ours answers GET."""

    def __init__(self, app: ASGIApp, routes: Sequence[BaseRoute]) -> None:
        self._app = app
        self._routes = routes

    def _is_ours(self, scope: Scope) -> bool:
        asked = {**scope, "method": "GET"}
        return scope["path"].startswith("/api") or any(
            "GET" in (getattr(route, "methods", None) or ())
            and route.matches(asked)[0] is Match.FULL
            for route in self._routes
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        head = scope["type"] == "http" and scope["method"] == "HEAD"
        if not head or not self._is_ours(scope):
            await self._app(scope, receive, send)
            return

        async def bodiless(message: Message) -> None:
            await send({**message, "body": b""} if "body" in message else message)

        await self._app({**scope, "method": "GET"}, receive, bodiless)


async def _body_of(receive: Receive) -> tuple[bytearray | None, int]:
    """Read a body as far as the limit, and how large it is; None where the client left."""
    body, size, more = bytearray(), 0, True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            return None, 0
        part = message.get("body", b"")
        more = message.get("more_body", False)
        size += len(part)
        if size <= BODY_LIMIT:
            body += part
        elif size > _DRAINED:
            break
    return body, size


async def chunks_of(request: Request) -> AsyncIterator[bytes]:
    """Give a body piece by piece; raises TooSlow where the client falls silent for too long."""
    stream = request.stream()
    while True:
        try:
            async with asyncio.timeout(BODY_SECONDS):
                chunk = await anext(stream, None)
        except TimeoutError:
            raise _too_slow() from None
        if chunk is None:
            return
        yield chunk


async def is_drained(request: Request) -> bool:
    """Read what a client still sends, up to a point; tells whether that was all."""
    size = 0
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.stream():
                size += len(chunk)
                if size > _DRAINED:
                    return False
    except RuntimeError:  # it was read to its end already
        return True
    except (TimeoutError, ClientDisconnect):
        return False
    return True


def _too_slow() -> TooSlow:
    return TooSlow(f"The body did not come within {BODY_SECONDS:.0f} seconds. Send it again.")


class _BodyLimit:
    """Refuse bodies over the limit or too slow, of any path, and hold no more of one.

    What is too much is read and dropped, up to a point: a client still writing would see a broken
    connection instead of the answer.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        file = scope.get("method") == "PUT" and scope["path"].startswith(_FILES)
        if scope["type"] != "http" or file:
            await self._app(scope, receive, send)
            return
        try:
            async with asyncio.timeout(BODY_SECONDS):
                body, size = await _body_of(receive)
        except TimeoutError:
            await last_word(_too_slow())(scope, receive, send)
            return
        if body is None:
            return
        if size > BODY_LIMIT:
            error = TooLarge(
                f"The body is larger than {BODY_LIMIT:,} bytes. Send a shorter one.", "body"
            )
            await last_word(error)(scope, receive, send)
            return
        given = False

        async def replay() -> Message:
            nonlocal given
            if given:
                return await receive()
            given = True
            return {"type": "http.request", "body": bytes(body), "more_body": False}

        await self._app(scope, replay, send)
