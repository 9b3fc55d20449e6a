"""What of the page's own routes is open, and the headers that every answer carries.

Owns: both lists. The page is made with Gradio, which brings routes of its own; what this page does
not use is closed, because it takes files, gives files, or calls functions:

    open     /, /config, /assets, /static, /theme.css, /favicon.ico, /manifest.json, /robots.txt,
             /gradio_api: queue/join (an event of the page, bounded as a body), queue/data (its
             results), component_server (the functions that the page names as its own, bounded as
             bodies), heartbeat, startup-events, info, app_id, theme.css, cancel, reset
    closed   upload, file=, file/, proxy=, stream, call, run, api, deep_link,
             process_recording, custom_component, run-history, profiling, vibe-…, dev, login,
             logout, monitoring, svelte, token, user, and whatever a new release adds
"""

from __future__ import annotations

import logging

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.datastructures import MutableHeaders
from starlette.routing import Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dipnot.server.pages import nowhere
from dipnot.server.problems import refusal

log = logging.getLogger(__name__)

_OURS = "/gradio_api/"
_OPEN = ("queue/join", "queue/data", "component_server", "startup-events", "info", "app_id",
         "theme.css", "cancel", "reset")  # fmt: skip
_OPEN_BELOW = ("heartbeat/",)
_CLOSED = ("/login", "/logout", "/monitoring", "/svelte", "/pwa_icon", "/token", "/user")

# Gradio makes functions of the scripts that its page comes with, so it needs 'unsafe-eval'.
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; "
    "frame-ancestors 'self'"
)
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Content-Security-Policy": _POLICY,
}


def bound(app: FastAPI) -> None:
    """Close what the page does not use, and send the headers with every answer."""
    app.add_middleware(_Bounded)


def answer_for_page(app: FastAPI) -> None:
    """Have what the page's routes cannot use refused as ours do; call it when it is mounted.

    Gradio repeats what it was sent. Where that is half a character, or no number, its refusal
    fails; so does an event for a function that there is none of: each is a 500 and a hundred lines
    in the log, as often as anybody likes. What it does not know is answered as elsewhere.
    """
    for page in (route.app for route in app.routes if isinstance(route, Mount)):
        if isinstance(page, FastAPI):
            for kind in (RequestValidationError, LookupError, TypeError, ValueError):
                page.add_exception_handler(kind, _unusable)
            page.add_exception_handler(404, lambda request, _: nowhere(request))


def _unusable(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, RequestValidationError):
        log.warning("%s could not use a request: %s.", request.url.path, type(error).__name__)
    return refusal("Invalid input", "The page cannot use this; load it again.", 422)


def is_closed(path: str) -> bool:
    """Whether a path is one of Gradio's that the page does not use."""
    if path.startswith(_OURS):
        rest = path.removeprefix(_OURS).rstrip("/")
        return rest not in _OPEN and not (rest.startswith(_OPEN_BELOW) and rest.count("/") == 1)
    return any(path == closed or path.startswith(f"{closed}/") for closed in _CLOSED)


class _Bounded:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return  # there is no other kind that anything here answers

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        if is_closed(scope["path"]):
            await nowhere(Request(scope))(scope, receive, guarded)
        else:
            await self._app(scope, receive, guarded)
