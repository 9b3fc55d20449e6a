"""Serving chat and API: what joins engine, routes and chat, and how the server starts and stops.

Owns: the adapter that gives the chat plain data, the checks before a port is bound, and the
sentences printed when the server comes and goes.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import uvicorn
from fastapi import FastAPI

from dipnot.engine import Engine
from dipnot.errors import DipnotError, NotFound, ServerError, shown
from dipnot.server import schemas
from dipnot.server.api import check_admin, make_app
from dipnot.settings import Settings
from dipnot.types import Turn
from dipnot_ui import BackendError, mount

log = logging.getLogger(__name__)
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class ChatBackend:
    """Gives the chat what it asks for as plain data, and errors as sentences."""

    def __init__(self, engine: Engine) -> None:
        """Wrap an engine."""
        self._engine = engine

    def ask(
        self, question: str, history: Sequence[Mapping[str, str]], doc_id: str | None = None
    ) -> dict[str, Any]:
        """Answer as ``POST /api/ask`` does."""
        begun = time.perf_counter()
        turns = [Turn(t["question"], t["answer"]) for t in history]
        with _told():
            index, answer = self._engine.ask(question, turns, doc_id=doc_id)
            took = (time.perf_counter() - begun) * 1e3
            return schemas.answer_shape(index, answer, took).model_dump(mode="json")

    def page(self, doc_id: str, number: int) -> dict[str, Any]:
        """Give a page as ``GET /api/documents/{doc_id}/pages/{page}`` does."""
        with _told():
            shape = schemas.page_shape(self._engine.document(doc_id), number)
            if shape is None:
                raise NotFound(f"{doc_id} has no page {number}.")
            return shape.model_dump(mode="json")

    def document(self, doc_id: str) -> dict[str, Any]:
        """Give a document's parts as ``GET /api/documents/{doc_id}`` does."""
        with _told():
            shape = schemas.document_shape(self._engine.index, self._engine.document(doc_id))
            return shape.model_dump(mode="json")

    def documents(self) -> list[dict[str, Any]]:
        """List the documents as the API does, with the examples to click."""
        with _told():
            index = self._engine.index
            return [
                schemas.summary_shape(index, d).model_dump(mode="json")
                | {"title_en": d.title_en, "examples": list(d.examples)}
                for d in index.documents.values()
            ]

    def status(self) -> dict[str, Any]:
        """Tell whether questions are answered, and where loading and rebuilding stand."""
        loading = self._engine.loading
        return {
            "ready": self._engine.is_ready,
            "stage": loading.stage if loading.state == "running" else "idle",
            "done": loading.done,
            "total": loading.total,
            "error": loading.error,
            "rebuild": schemas.rebuild_shape(self._engine.rebuild).model_dump(mode="json"),
            "admin": self._engine.settings.admin_token is not None,
            "generation": self._engine.index.manifest.generation if self._engine.is_ready else None,
        }

    def rebuild(self, token: str) -> dict[str, Any]:
        """Start a rebuild; the token is the admin's."""
        with _told():
            check_admin(self._engine, token)
            return schemas.rebuild_shape(self._engine.start_rebuild()).model_dump(mode="json")


@contextlib.contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except DipnotError as error:
        raise BackendError(str(error)) from error


def make_server_app(engine: Engine) -> FastAPI:
    """Make the app that is served: the API under /api, the chat at /."""
    return mount(make_app(engine), ChatBackend(engine))


def serve(settings: Settings) -> None:
    """Serve until Ctrl-C or SIGTERM; the index is prepared while the server already answers.

    Raises ServerError when host or port cannot be had.
    """
    if settings.host not in _LOOPBACK and not settings.allow_public:
        raise ServerError(
            f"--host {shown(settings.host)} would open Dipnot to other machines, without a "
            f"password. Set DIPNOT_ALLOW_PUBLIC=1 if that is meant, or use --host {_LOOPBACK[0]}."
        )
    listening = _bind(settings.host, settings.port)
    servers: list[uvicorn.Server] = []

    def stop(*_: object) -> None:
        # uvicorn has handlers of its own while it runs, and raises the signal again at its end.
        if not servers:
            raise KeyboardInterrupt
        servers[0].should_exit = True

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    with contextlib.suppress(KeyboardInterrupt):
        engine = Engine(settings)
        app = make_server_app(engine)
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        url = f"http://{host}:{listening.getsockname()[1]}"
        config = uvicorn.Config(
            app, log_level="warning", access_log=False, timeout_graceful_shutdown=3
        )
        servers.append(uvicorn.Server(config))
        print(f"Dipnot is at {url} (API at {url}/api/docs). Ctrl-C stops it.", flush=True)
        threading.Thread(target=_load, args=(engine, url), name="load", daemon=True).start()
        servers[0].run(sockets=[listening])
    print("Dipnot has stopped.", flush=True)
    if any(thread.name in ("load", "rebuild") for thread in threading.enumerate()):
        # A build goes on in native code that cannot be left in the middle otherwise. What it has
        # not published yet is nothing, and is swept away by the next one.
        os._exit(0)


def _load(engine: Engine, url: str) -> None:
    begun = time.perf_counter()
    try:
        engine.load()
    except DipnotError as error:
        print(f"dipnot: {error}", file=sys.stderr, flush=True)
    except Exception:
        log.exception("the index could not be prepared")
    else:
        built = engine.loading.report
        what = f"{built.embedded} passages were embedded" if built else "the index is open"
        print(f"Ready after {time.perf_counter() - begun:.1f} s: {what}. Open {url}", flush=True)


def _bind(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        if sys.platform != "win32":
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(128)
    except (OSError, UnicodeError, TypeError) as error:  # the last: a NUL character
        listening.close()
        reason = error.strerror if isinstance(error, OSError) else "it is no host's name"
        raise ServerError(
            f"Port {port} on {shown(host)} cannot be had: {reason}. Stop what uses it, or take "
            f"another: --port {port + 1 if port < 65535 else port - 1}."
        ) from None
    return listening
