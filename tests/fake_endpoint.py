"""An endpoint of OpenAI's form on loopback, written by hand: it says what a test tells it to."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import chain, repeat
from typing import Any

Reply = Callable[[BaseHTTPRequestHandler], None]


def event(text: str | None, finish: str | None = None) -> bytes:
    """A piece of a stream, as such an endpoint sends it."""
    delta = {} if text is None else {"content": text}
    value = {"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}
    return f"data: {json.dumps(value)}\n\n".encode()


def saying(*pieces: str, whole: bool = True) -> Reply:
    """Stream pieces; ``whole``: with the end that belongs to it."""
    end = [event(None, "stop"), b"data: [DONE]\n\n"] if whole else []
    return sending(b"".join([*map(event, pieces), *end]))


def sending(
    body: bytes, kind: str = "text/event-stream", status: int = 200, **headers: str
) -> Reply:
    """Send bytes as they are."""

    def reply(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Type", kind)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    return reply


def without_end(piece: str) -> Reply:
    """Say the same again and again, until nobody listens."""

    def reply(handler: BaseHTTPRequestHandler) -> None:
        sending(b"")(handler)
        while True:
            handler.wfile.write(event(piece))

    return reply


def dribbling(*pieces: bytes, every: float = 0.05) -> Reply:
    """Send bytes, the last again and again, with a pause before each, until nobody listens."""

    def reply(handler: BaseHTTPRequestHandler) -> None:
        for piece in chain(pieces, repeat(pieces[-1])):
            handler.wfile.write(piece)
            time.sleep(every)

    return reply


def saying_once_let(go: threading.Event, *pieces: str) -> Reply:
    """Stream the first piece, and the others once it may."""

    def reply(handler: BaseHTTPRequestHandler) -> None:
        sending(event(pieces[0]))(handler)
        go.wait(60)
        handler.wfile.write(b"".join([*map(event, pieces[1:]), event(None, "stop")]))

    return reply


def nothing(handler: BaseHTTPRequestHandler) -> None:
    """Hang up."""
    handler.close_connection = True


class FakeEndpoint:
    """A running endpoint; keeps what it was sent."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}/v1"
        self.forget()

    def forget(self) -> None:
        """Be as new."""
        self.reply: Reply = nothing
        self.bodies: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.paths: list[str] = []
        self.hung_up = threading.Event()

    def material(self) -> str:
        """What the last request held beside the task."""
        return str(self.bodies[-1]["messages"][-1]["content"])


@contextlib.contextmanager
def serving(reply: Reply = nothing) -> Iterator[FakeEndpoint]:
    """Run a fake endpoint."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            fake.bodies.append(json.loads(self.rfile.read(length)))
            fake.headers.append(dict(self.headers))
            fake.paths.append(self.path)
            try:
                fake.reply(self)
            except OSError:
                fake.hung_up.set()

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    fake = FakeEndpoint(server.server_port)
    fake.reply = reply
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
