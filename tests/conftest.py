"""Fixtures shared by the suite: small corpora with a fake encoder, the article with the real one.

Nothing but loopback can be reached from a test, so that a call home fails here first.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from dipnot.building import open_fitting, read_all, update_index
from dipnot.corpus import scan_corpus
from dipnot.engine import Engine
from dipnot.index.build import build_index
from dipnot.index.store import build_lock, new_generation, publish
from dipnot.models.encoder import SentenceTransformerEncoder, load_encoder
from dipnot.settings import Settings
from fakes import LAKE, FakeEncoder

ROOT = Path(__file__).parent.parent
ARTICLE = "turk-sovyet-iliskileri"
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session", autouse=True)
def _only_loopback() -> Iterator[None]:
    """Forbid connections and look-ups that leave the machine."""
    patch = pytest.MonkeyPatch()

    def local(host: object) -> bool:
        name = host.decode() if isinstance(host, bytes) else host
        return name in (None, "", "localhost", "::1") or str(name).startswith("127.")

    def guarded(real: Callable[..., Any]) -> Callable[..., Any]:
        def connect(self: socket.socket, address: Any) -> Any:
            if isinstance(address, tuple) and not local(address[0]):
                pytest.fail(f"a test tried to reach {address}")
            return real(self, address)

        return connect

    look_up = socket.getaddrinfo

    def getaddrinfo(host: Any, *rest: Any, **more: Any) -> Any:
        if not local(host):
            pytest.fail(f"a test tried to look up {host!r}")
        return look_up(host, *rest, **more)

    patch.setattr(socket.socket, "connect", guarded(socket.socket.connect))
    patch.setattr(socket.socket, "connect_ex", guarded(socket.socket.connect_ex))
    patch.setattr(socket, "getaddrinfo", getaddrinfo)
    yield
    patch.undo()


@pytest.fixture(scope="session", autouse=True)
def _close_event_loops() -> Iterator[None]:
    """Close the event loops that Gradio makes for its locks and leaves lying about."""
    made: list[asyncio.AbstractEventLoop] = []
    make = asyncio.new_event_loop

    def new_event_loop() -> asyncio.AbstractEventLoop:
        made.append(make())
        return made[-1]

    patch = pytest.MonkeyPatch()
    patch.setattr(asyncio, "new_event_loop", new_event_loop)
    yield
    patch.undo()
    for loop in made:
        if not loop.is_running():
            loop.close()


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the shell's own ``DIPNOT_*`` out of the tests."""
    for name in os.environ:
        if name.startswith("DIPNOT_"):
            monkeypatch.delenv(name)


@pytest.fixture
def encoder() -> FakeEncoder:
    return FakeEncoder()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A corpus of one small text, not built yet."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "lake.txt").write_text(LAKE, "utf-8")
    return Settings(corpus=corpus, index=tmp_path / "index", admin_token="secret")


@pytest.fixture
def engine(settings: Settings, encoder: FakeEncoder) -> Engine:
    """An engine over that corpus, built and open."""
    made = Engine(settings, encoder)
    made.load()
    return made


@pytest.fixture(scope="session")
def real_encoder() -> SentenceTransformerEncoder:
    return load_encoder()


@pytest.fixture(scope="session")
def article_settings(pytestconfig: pytest.Config, real_encoder: Any) -> Settings:
    """The shipped corpus with an index by the real model.

    It is kept from one run to the next. Whatever changes in our code, it is made anew; vectors are
    reused while the encoder is the same.
    """
    kept = pytestconfig.cache.mkdir("article")
    by_encoder = hashlib.sha256(real_encoder.fingerprint.encode())
    by_all = hashlib.sha256()
    for path in sorted((ROOT / "src" / "dipnot").rglob("*.py")):
        by_all.update(path.read_bytes())
        if path.stem in ("encoder", "linear", "bundled"):
            by_encoder.update(path.read_bytes())
    folder = kept / by_encoder.hexdigest()[:12]
    settings = Settings(corpus=ROOT / "corpus", index=folder, admin_token="secret")
    made_by = kept / "made-by"
    with FileLock(kept / "lock", timeout=300):
        if not made_by.exists() or made_by.read_text() != by_all.hexdigest():
            corpus = scan_corpus(settings.corpus)
            documents, failed = read_all(corpus, settings.corpus, _quiet)
            previous = open_fitting(folder, real_encoder)
            index, _ = build_index(
                documents, failed, real_encoder, previous, new_generation(), _quiet
            )
            with build_lock(folder):
                publish(folder, index, keep=2)
            made_by.write_text(by_all.hexdigest())
        elif not (folder / "CURRENT").exists():
            update_index(settings, real_encoder, _quiet)
    return settings


def _quiet(*_: object) -> None:
    """Tell nobody of progress."""


@pytest.fixture(scope="session")
def article(article_settings: Settings, real_encoder: SentenceTransformerEncoder) -> Engine:
    """The shipped article, open, with the real model."""
    made = Engine(article_settings, real_encoder)
    made.load()
    return made


@pytest.fixture
def dipnot(tmp_path: Path) -> Run:
    """Run the command in an empty folder."""

    def run(*arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "dipnot", *arguments],
            cwd=tmp_path,
            env={**os.environ, "PYTHONIOENCODING": "utf-8", **env},
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )

    return run
