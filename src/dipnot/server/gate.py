"""What every request passes: an id, the check of its Host, Origin and key, compression.

Owns: who may call the server at all. A page that some other site opened in a browser on this
machine must not reach it, neither by its own name for our address nor across origins.
"""

from __future__ import annotations

import hmac
import re
from base64 import b64decode
from urllib.parse import urlsplit
from uuid import uuid4

from fastapi import FastAPI
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dipnot.errors import shown
from dipnot.server.problems import refusal
from dipnot.settings import Settings

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
REQUEST_ID = "X-Request-ID"
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_FREE = ("/api/health", "/api/health/live")
_COMPRESSED = ("/api", "/text", "/v1", "/corpus", "/verify", "/ui", "/look/text")
_SMALLEST = 1000  # bytes that are worth it
_LEVEL = 5  # beyond it each bit saved costs several times the time


def compress(app: FastAPI) -> None:
    """Compress what the API answers where the client takes it; events are sent as they are."""
    app.add_middleware(_Compressed)


def guard(app: FastAPI, settings: Settings) -> None:
    """Check who calls at each request, and give it an id; call it last of all."""
    if settings.read_token:
        app.add_middleware(_Keyed, settings=settings)
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=["GET", "POST", "PUT", "DELETE"],
            allow_headers=["Authorization", "Content-Type", "If-None-Match", REQUEST_ID],
            expose_headers=["ETag", "Retry-After", REQUEST_ID],
        )
    app.add_middleware(_Gate, settings=settings)
    app.add_middleware(_Numbered)


def hosts_of(settings: Settings) -> tuple[str, ...] | None:
    """The names that the server answers for; None: any."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host.lower()
    if host in LOOPBACK:
        return (*LOOPBACK, *settings.allowed_hosts)
    # Whoever opens a server to others and names no host has a proxy or an address that is known
    # to them alone.
    return (*LOOPBACK, host, *settings.allowed_hosts) if settings.allowed_hosts else None


class _Gate:
    """Refuses a Host that is not ours, and an Origin that is neither ours nor allowed."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._hosts = hosts_of(settings)
        self._origins = settings.cors_origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        host, origin = headers.get("host"), headers.get("origin")
        if host is not None and self._hosts is not None and _name(host) not in self._hosts:
            told = (
                f"This server does not answer for {shown(_name(host))}; expected "
                f"{', '.join(self._hosts)}. Add a name with DIPNOT_ALLOWED_HOSTS."
            )
            status = 421 if scope["path"].startswith("/mcp") else 403
            await refusal("Wrong host", told, status)(scope, receive, send)
        elif origin is not None and not self._is_ours(origin, host):
            told = (
                f"Pages of {shown(origin)} may not call this server. Allow them with "
                "DIPNOT_CORS_ORIGINS."
            )
            await refusal("Wrong origin", told)(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _is_ours(self, origin: str, host: str | None) -> bool:
        try:
            netloc = urlsplit(origin).netloc
        except ValueError:
            return False
        return origin.lower() in self._origins or (netloc != "" and netloc == host)


class _Keyed:
    """Asks for the key to read: as a bearer, or as the password that a browser asks for.

    The admin's token is a key too. Whether the server is there and ready is said to anybody.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        keys = (settings.read_token, settings.admin_token)
        self._keys = [key.encode() for key in keys if key]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        free = scope["type"] != "http" or scope["path"].rstrip("/") in _FREE
        if free or self._opens(Headers(scope=scope).get("authorization", "")):
            await self._app(scope, receive, send)
            return
        told = (
            "This server asks for a key. Send the header `Authorization: Bearer KEY`; a browser "
            "asks for it as the password, with any name."
        )
        response = refusal("Reading is closed", told, 401)
        response.headers["WWW-Authenticate"] = 'Basic realm="Dipnot", charset="UTF-8"'
        await response(scope, receive, send)

    def _opens(self, header: str) -> bool:
        scheme, _, value = header.strip().partition(" ")
        given = value.strip().encode("utf-8", "replace")
        if scheme.lower() == "basic":
            try:
                given = b64decode(given, validate=True).partition(b":")[2]
            except ValueError:
                return False
        elif scheme.lower() != "bearer":
            return False
        # Each is compared, in a time that says nothing of which was nearly right.
        return sum(hmac.compare_digest(given, key) for key in self._keys) > 0


def _name(host: str) -> str:
    """A Host without its port."""
    return re.sub(r":\d*$", "", host).lower()


class _Numbered:
    """Gives every request an id, the client's where it sends a plain one, and answers with it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get(REQUEST_ID, "")
        number = given if _ID.fullmatch(given) else uuid4().hex
        scope.setdefault("state", {})["request_id"] = number

        async def numbered(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[REQUEST_ID] = number
            await send(message)

        await self._app(scope, receive, numbered)


class _Compressed:
    """Compresses what is under some paths."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._gzip = GZipMiddleware(app, minimum_size=_SMALLEST, compresslevel=_LEVEL)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        ours = scope["type"] == "http" and scope["path"].startswith(_COMPRESSED)
        await (self._gzip if ours else self._app)(scope, receive, send)
