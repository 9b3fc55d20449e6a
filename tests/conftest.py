"""Fixtures shared by the suite: small corpora with a fake encoder, the article with the real one.

Nothing but loopback can be reached from a test, so that a call home fails here first.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from dipnot.building import open_fitting, read_all, update_index
from dipnot.corpus import scan_corpus
from dipnot.engine import Engine
from dipnot.formats import reader_of
from dipnot.index.build import build_index
from dipnot.index.store import build_lock, new_generation, publish
from dipnot.models.encoder import SentenceTransformerEncoder, load_encoder
from dipnot.settings import Settings
from dipnot.types import Address, SourcePage
from fakes import LAKE, FakeEncoder
from milvus_server import Server

ROOT = Path(__file__).parent.parent
ARTICLE = "turk-sovyet-iliskileri"
# How long an example takes says how busy the machine is, and nothing of the claim. Fifty examples a
# run, others each time, find what a hundred do, a day later.
hypothesis_settings.register_profile(
    "house", max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("house")
_ONE_FILE = threading.Lock()  # PDFium reads one file of a process at a time
Run = Callable[..., "subprocess.CompletedProcess[str]"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs the real model by what it uses, so that nobody forgets to."""
    for item in items:
        if "real_encoder" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.model)


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
def _no_waiting_for_the_disk() -> Iterator[None]:
    """Leave out what only a power cut would show; a test of that puts its own in."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _: None)
        yield


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


@pytest.fixture(autouse=True)
def _builds_with_the_fake_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let builds in processes of their own embed as the fake encoder does; see ``builder``."""
    command = (sys.executable, str(Path(__file__).parent / "builder.py"))
    monkeypatch.setattr("dipnot.rebuild.COMMAND", command)


@pytest.fixture(autouse=True)
def _files_are_read_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spare each file its process; ``formats/test_confined.py`` has them."""

    def here(name: str, suffix: str, data: bytes) -> tuple[SourcePage, ...]:
        with _ONE_FILE:
            return reader_of(suffix)(name, data)

    monkeypatch.setattr("dipnot.formats.read_confined", here)


@pytest.fixture
def encoder() -> FakeEncoder:
    return FakeEncoder()


@pytest.fixture(scope="session")
def built_lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index of that one small text by the fake encoder, built once."""
    made = _lake(tmp_path_factory.mktemp("built"))
    Engine(made, FakeEncoder()).load()
    return made.index


# The tests of these say the same of an index in files and of one in an engine.
BOTH_HOMES = (
    "index/test_homes.py", "index/test_legs.py", "retrieval/test_query.py",
    "retrieval/test_quotations.py", "retrieval/test_rank.py", "answer/test_respond.py",
    "answer/test_found.py",
)  # fmt: skip


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run the tests of both homes twice; those in an engine are marked ``cluster``."""
    path = metafunc.definition.path.relative_to(Path(__file__).parent).as_posix()
    own = (mark.args[0] for mark in metafunc.definition.iter_markers("parametrize"))
    if path in BOTH_HOMES and "home" in metafunc.fixturenames and "home" not in own:
        engine = pytest.param("engine", marks=pytest.mark.cluster)
        metafunc.parametrize("home", ["files", engine])


@pytest.fixture
def home() -> str:
    """Where the index of a test lies: in ``files`` or in an ``engine``."""
    return "files"


@pytest.fixture(scope="session")
def milvus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """An engine of the tests' own: Milvus Lite's server, on loopback."""
    with Server(tmp_path_factory.mktemp("milvus")) as server:
        yield server


@pytest.fixture
def database(milvus: Server) -> Address:
    """A database that nobody else uses; it is made by the first build."""
    return milvus.new_database()


@pytest.fixture
def settings(tmp_path: Path, home: str, request: pytest.FixtureRequest) -> Settings:
    """A corpus of one small text, not built yet."""
    made = _lake(tmp_path)
    return replace(made, engine=request.getfixturevalue("database")) if home == "engine" else made


def _lake(folder: Path) -> Settings:
    corpus = folder / "corpus"
    corpus.mkdir()
    (corpus / "lake.txt").write_text(LAKE, "utf-8")
    return Settings(
        corpus=corpus,
        index=folder / "index",
        admin_token="secret",
        allowed_hosts=("testserver",),  # what the test client calls the server
    )


@pytest.fixture
def engine(settings: Settings, encoder: FakeEncoder, built_lake: Path) -> Engine:
    """An engine over that corpus, built and open; built anew where a test has another one."""
    if settings.engine is None:
        shutil.copytree(built_lake, settings.index)
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
