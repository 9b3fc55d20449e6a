"""A server in a process of its own with the fake encoder; the environment says what it does.

FAKE_ASK     a path: questions are answered once it is there
FAKE_READ    a path: there is a reader, which reads what was found once it is there
FAKE_LOAD    a path: the models are loaded once it is there
FAKE_HEAD    seconds until a request's head must be there, then its body, and until a client must
             have taken something of its answer
FAKE_FILES   how many files the process may have open
Settings come as for `dipnot serve`.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from dipnot import engine, rebuild
from dipnot.models.reader import Reader
from dipnot.server import connections, problems
from dipnot.server.serve import serve
from dipnot.settings import Settings, read_settings
from dipnot.types import Encoded, Encoder, Reading
from fakes import FakeEncoder, FakeReader


def wait_for(name: str) -> None:
    path = os.environ.get(name)
    while path and not Path(path).exists():
        time.sleep(0.01)


class Slow(FakeEncoder):
    """Answers once it may."""

    def encode_queries(self, texts: Sequence[str]) -> Encoded:
        if any("yavaş" in text for text in texts):
            wait_for("FAKE_ASK")
        return super().encode_queries(texts)


class SlowReader(FakeReader):
    """Reads once it may."""

    def read(self, question: str, windows: Sequence[Sequence[str]]) -> list[list[Reading]]:
        if "usul" in question:
            wait_for("FAKE_READ")
        return super().read(question, windows)


def load(settings: Settings, *, briefly: bool = False) -> tuple[Encoder, Reader | None]:
    wait_for("FAKE_LOAD")
    return Slow(), SlowReader() if os.environ.get("FAKE_READ") else None


if __name__ == "__main__":
    rebuild.COMMAND = (sys.executable, str(Path(__file__).parent / "builder.py"))
    engine.load_models = load
    if seconds := os.environ.get("FAKE_HEAD"):
        connections.HEAD_SECONDS = connections.STALLED_SECONDS = float(seconds)
        problems.BODY_SECONDS = float(seconds)
    if files := os.environ.get("FAKE_FILES"):
        import resource

        resource.setrlimit(resource.RLIMIT_NOFILE, (int(files), int(files)))
    serve(read_settings({}, os.environ))
