"""A real language model, small and weak, writes above real quotations: end to end, over HTTP.

What it writes differs from machine to machine; what may be shown does not.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from dipnot.answer.standing import Quoted, lacking
from dipnot.engine import Engine
from dipnot.models.encoder import SentenceTransformerEncoder
from dipnot.models.endpoint import Limits
from dipnot.models.reader import load_reader
from dipnot.server import time_limit
from dipnot.server.api import make_app
from dipnot.settings import Settings

pytestmark = pytest.mark.llm
ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def local_model() -> Iterator[str]:
    """The address of the model, which runs as a process of its own."""
    sys.path.insert(0, str(ROOT / "benchmarks"))
    import local_model as module

    with module.running(threads=2) as url:
        yield url
    sys.path.remove(str(ROOT / "benchmarks"))


@pytest.fixture
def client(
    local_model: str,
    settings: Settings,
    real_encoder: SentenceTransformerEncoder,
    monkeypatch: pytest.MonkeyPatch,
) -> TestClient:
    """A small text: what the model has to read first is what takes long."""
    told = replace(settings, llm_url=local_model, llm_model="smollm2-135m")
    engine = Engine(told, real_encoder, load_reader(real_encoder))
    engine.load()
    assert engine.endpoint is not None
    # However busy this machine is.
    engine.endpoint = replace(engine.endpoint, limits=Limits(pause=600, whole=1200))
    monkeypatch.setattr(time_limit, "REQUEST_SECONDS", 1500)
    return TestClient(make_app(engine))


def check(answer: dict[str, Any]) -> None:
    """Whatever the model wrote: what is shown was cited and stands there, the rest is counted."""
    writing = answer["writing"]
    assert writing is not None
    assert writing["sentences"] or writing["struck"] or writing["trouble"]
    assert answer["mode"] == ("written" if writing["sentences"] else "extractive")
    quoted = {c["n"]: Quoted(c["quote"], c["language"]) for c in answer["citations"]}
    for sentence in writing["sentences"]:
        assert sentence["text"] in answer["answer"]
        own = [quoted[n] for n in sentence["citations"]]
        bare = sentence["text"].partition(" [")[0]
        assert lacking(bare, answer["language"], own) is None
    for citation in answer["citations"]:
        assert f"“{citation['quote']}” [{citation['n']}]" in answer["answer"]


def test_a_real_model_writes_and_is_checked(client: TestClient, local_model: str) -> None:
    question = {"question": "Who rebuilt the mill?"}
    written = client.post("/api/ask", json=question).json()
    check(written)
    # The model was there, and it came to something: that is no matter of what it wrote.
    assert written["writing"]["sentences"] or written["writing"]["struck"]
    assert client.get("/api/index").json()["llm"] == {
        "endpoint": local_model,
        "model": "smollm2-135m",
    }
    plain = client.post("/api/ask", json=question | {"mode": "extractive"}).json()
    assert (plain["mode"], plain["writing"]) == ("extractive", None)
    assert plain["citations"] == written["citations"]
