"""Serving chat and API: what joins engine, routes and chat, and how the server starts and stops.

Owns: the adapter that gives the chat plain data, the checks before a port is bound, and the
sentences printed when the server comes and goes.
"""

from __future__ import annotations

import contextlib
import gc
import logging
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from fastapi import FastAPI

from dipnot.engine import Engine
from dipnot.errors import DipnotError, InvalidInput, NotFound, ServerError, reason_of, shown
from dipnot.index.build import Index
from dipnot.server import schemas
from dipnot.server.api import make_app
from dipnot.server.bounds import answer_for_page
from dipnot.server.connections import Server
from dipnot.server.examples import examples_of
from dipnot.server.logs import print_log
from dipnot.server.problems import problem_of
from dipnot.settings import Settings
from dipnot.types import Answer, Citation, Language, Part, Turn
from dipnot_ui import BackendError, mount

log = logging.getLogger(__name__)
_LOADING_SECONDS = 2.0
_USUAL = (700, 10, 10)  # objects, as Python begins; a command begins with more
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class ChatBackend:
    """Gives the chat what it asks for as plain data, and errors as sentences."""

    def __init__(self, engine: Engine) -> None:
        """Wrap an engine."""
        self._engine = engine

    def ask(
        self,
        question: str,
        history: Sequence[Mapping[str, str]],
        doc_id: str | None = None,
        lang: Language = "en",
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        """Answer as ``POST /api/ask/stream`` does: the hits when they are found, then the whole.

        What comes between is passed on where a language model writes: it is waited for.
        ``lang``: the page's, in which a question is answered that is in neither language.
        """
        begun = time.perf_counter()
        turns = [Turn(t["question"], t["answer"]) for t in history]
        with _errors_as_sentences():
            index, parts = self._engine.ask_stream(question, turns, doc_id=doc_id, reader=lang)
        return self._parts(index, parts, begun)

    def _parts(
        self, index: Index, parts: Iterator[Part], begun: float
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        with _errors_as_sentences():
            for part in parts:
                if isinstance(part, Answer):
                    took = (time.perf_counter() - begun) * 1e3
                    whole = schemas.answer_shape(index, part, took)
                    yield "done", whole.model_dump(mode="json")
                elif isinstance(part, Citation) and self._engine.endpoint is not None:
                    yield "citation", schemas.citation_shape(index, part).model_dump(mode="json")
                elif isinstance(part, str) and self._engine.endpoint is not None:
                    yield "text", {"text": part}
                elif isinstance(part, tuple):
                    hits = [schemas.hit_shape(index, h).model_dump(mode="json") for h in part[:1]]
                    yield "hits", {"hits": hits}

    def nearest(self, question: str, language: str, doc_id: str) -> dict[str, Any] | None:
        """Give the best hit in a document's abstract, or else summary, in a language."""
        with _errors_as_sentences():
            for kind in ("abstract", "summary"):
                with contextlib.suppress(InvalidInput, NotFound):
                    index, hits = self._engine.search(
                        question, 1, doc_id=doc_id, language=language, kind=kind, rerank=False
                    )
                    if hits:
                        return schemas.hit_shape(index, hits[0]).model_dump(mode="json")
        return None

    def stands(self, doc_id: str, start: int, end: int, quote: str) -> bool:
        """Tell whether a document's text from ``start`` to ``end`` is a quotation."""
        try:
            text = self._engine.document(doc_id).text
        except NotFound:
            return False
        return 0 <= start < end <= len(text) and text[start:end] == quote

    def page(self, doc_id: str, number: int) -> dict[str, Any]:
        """Give a page as ``GET /api/documents/{doc_id}/pages/{page}`` does."""
        with _errors_as_sentences():
            shape = schemas.page_shape(self._engine.document(doc_id), number)
            if shape is None:
                raise NotFound(f"{doc_id} has no page {number}.")
            return shape.model_dump(mode="json")

    def documents(self) -> list[dict[str, Any]]:
        """List the documents as the API does, with the examples to click."""
        with _errors_as_sentences():
            index = self._engine.index
            return [
                schemas.summary_shape(index, d).model_dump(mode="json")
                | {"title_en": d.title_en, "examples": list(examples_of(d))}
                for d in index.documents.values()
            ]

    def status(self) -> dict[str, Any]:
        """Tell whether questions are answered, and where loading stands."""
        loading = self._engine.loading
        return {
            "ready": self._engine.is_ready,
            "stage": loading.stage if loading.state == "running" else "idle",
            "done": loading.done,
            "total": loading.total,
            "error": loading.error,
            "llm": self._llm(),
            "feedback": self._engine.settings.feedback_file is not None,
            "generation": self._engine.index.manifest.generation if self._engine.is_ready else None,
            "damaged": self._engine.trouble is not None,
        }

    def _llm(self) -> dict[str, str] | None:
        endpoint = self._engine.endpoint
        return None if endpoint is None else {"endpoint": endpoint.url, "model": endpoint.model}


@contextlib.contextmanager
def _errors_as_sentences() -> Iterator[None]:
    try:
        yield
    except DipnotError as error:
        raise BackendError(str(error), str(problem_of(error)["code"])) from error


def make_server_app(engine: Engine) -> FastAPI:
    """Make the app that is served: the API under /api, the chat at /."""
    app = mount(make_app(engine), ChatBackend(engine))
    answer_for_page(app)
    return app


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
    servers: list[Server] = []

    def stop(*_: object) -> None:
        # uvicorn has handlers of its own while it runs, and raises the signal again at its end.
        if not servers:
            raise KeyboardInterrupt
        servers[0].should_exit = True

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    loading: threading.Thread | None = None
    with contextlib.suppress(KeyboardInterrupt):
        engine = Engine(settings)
        app = make_server_app(engine)
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        url = f"http://{host}:{listening.getsockname()[1]}"
        print_log()
        servers.append(
            Server(
                app, lambda: engine.admission.is_busy, app.state.figures.saw_lag,
                engine.begin_to_close, settings.max_concurrent,
            )
        )  # fmt: skip
        print(f"Dipnot is at {url} (API at {url}/api/docs). Ctrl-C stops it.", flush=True)
        loading = threading.Thread(target=_load, args=(engine, url), name="load")
        loading.start()
        try:
            with _address_left(settings, listening.getsockname()[1]):
                servers[0].run(sockets=[listening])
        finally:
            # A second Ctrl-C must not leave a build behind, nor a thread in native code.
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, signal.SIG_IGN)
            engine.close()
            loading.join(_LOADING_SECONDS)
    print("Dipnot has stopped.", flush=True)
    if loading is not None and loading.is_alive():
        # A model is being loaded in native code, which nothing interrupts. Nothing is written.
        sys.stderr.flush()
        os._exit(0)


@contextlib.contextmanager
def _address_left(settings: Settings, port: int) -> Iterator[None]:
    """Leave our address in the index as long as we serve, so that a terminal finds us.

    It is a help and no more: where it cannot be written, nothing is said.
    """
    file = settings.address_file
    if file is None:
        yield
        return
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104
    url = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(url, "utf-8")
    try:
        yield
    finally:
        with contextlib.suppress(OSError, UnicodeDecodeError):
            if file.read_text("utf-8") == url:  # another server may have come since
                file.unlink()


def _load(engine: Engine, url: str) -> None:
    """Prepare the index, and from then on serve each generation that is published."""
    _prepare(engine, url)
    engine.keep_up(opened=_spare)


def _spare() -> None:
    """Have the garbage collector leave alone what was loaded.

    It would look at all of it again and again, and each time nothing else runs for a quarter of a
    second. What nothing refers to any more goes all the same.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_USUAL)


def _prepare(engine: Engine, url: str) -> None:
    begun = time.perf_counter()
    try:
        engine.load()
    except DipnotError as error:
        if not engine.is_closing:
            print(f"dipnot: {error}", file=sys.stderr, flush=True)
    except OSError as error:  # a disk that is full, a folder that may not be read
        print(f"dipnot: {reason_of(error)}.", file=sys.stderr, flush=True)
    except Exception:
        log.exception("the index could not be prepared")
    else:
        built = engine.loading.report
        what = f"{built.embedded} passages were embedded" if built else _opened(engine)
        print(f"Ready after {time.perf_counter() - begun:.1f} s: {what}. Open {url}", flush=True)


def _opened(engine: Engine) -> str:
    if not engine.is_held:
        return "the index is open"
    return (
        f"generation {engine.index.manifest.generation} is open, which was rolled back to "
        "(`.venv/bin/dipnot build` goes forward again)"
    )


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
