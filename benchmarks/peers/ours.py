"""Dipnot on the same task, in process as its API answers, and what its two legs find alone.

usage: ours.py TASK.json OUT.json, run by run.py with the Python that has Dipnot.

Among made passages, whose vectors are known by heart, the index is built in a process before, as a
server would find it; their texts are handed over as documents, without files.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from dipnot import __version__
from dipnot.building import update_index
from dipnot.engine import Engine
from dipnot.index.build import Index, build_index
from dipnot.index.legs import Leg
from dipnot.index.store import new_generation, open_index, publish
from dipnot.models.encoder import load_encoder
from dipnot.question.understanding import understand
from dipnot.retrieval.query import make_query
from dipnot.retrieval.rank import hits_of, rank
from dipnot.settings import Settings
from dipnot.types import Encoded, Filters, Hit, Rows, Turn

sys.path.append(str(Path(__file__).resolve().parent.parent))  # growth.py and its material
from growth import anonymous, recalled
from growth_material import document_of

Answers = list[dict[str, Any]]
Pairs = list[tuple[str, str]]


class TimedEncoder:
    """The encoder, and the milliseconds that questions spent in it."""

    def __init__(self, encoder: Any) -> None:
        self._encoder = encoder
        self.ms = 0.0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._encoder, name)

    def encode_queries(self, texts: Sequence[str]) -> Encoded:
        begun = time.perf_counter()
        encoded: Encoded = self._encoder.encode_queries(texts)
        self.ms += (time.perf_counter() - begun) * 1e3
        return encoded


def main() -> None:
    task = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    threadpool_limits(1, user_api="blas")  # as a server does
    if task["material"]:
        found = _build(task, Path(sys.argv[3])) if len(sys.argv) > 3 else _among(task)
    else:
        found = _whole(task)
    Path(sys.argv[2]).write_text(json.dumps(found, ensure_ascii=False), "utf-8")


def _build(task: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Build an index of a task's texts; gives the seconds."""
    given = ((d["id"], d["text"].strip()) for d in task["documents"])
    documents = [document_of(doc_id, doc_id, [text], "tr") for doc_id, text in given]
    encoder, begun = recalled(Path(task["material"])), time.perf_counter()
    folder.mkdir()
    index, _ = build_index(documents, (), encoder, None, new_generation(folder), lambda *_: None)
    publish(folder, index, 1)
    return {"build_s": time.perf_counter() - begun}


def _among(task: dict[str, Any]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        built, place = Path(folder) / "built.json", Path(folder) / "index"
        command = [sys.executable, __file__, sys.argv[1], str(built), str(place)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        index, encoder = open_index(place), recalled(Path(task["material"]))
        answers = []
        for question in [*task["questions"][:3], *task["questions"]]:
            begun = time.perf_counter()
            query = make_query(understand(question["text"].strip()), encoder, index)
            hits = hits_of(index, rank(index, query, Filters()), task["k"])
            ms = (time.perf_counter() - begun) * 1e3
            answers.append({"hits": _pairs(hits), "ms": ms, "encoder_ms": 0.0})
        about = {
            "about": "Search not reranked, of an index that was built in a process before.",
            "versions": {"dipnot": __version__},
            "memory_mb": anonymous() / (1 << 20),
            "answers": answers[3:],
        }
        return {"dipnot": about | json.loads(built.read_text("utf-8"))}


def _whole(task: dict[str, Any]) -> dict[str, Any]:
    encoder: Any = TimedEncoder(load_encoder())
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(corpus=Path(task["corpus"]), index=Path(folder))
        begun = time.perf_counter()
        update_index(settings, encoder, lambda *_: None)
        built = time.perf_counter() - begun
        engine = Engine(settings, encoder)
        engine.reload()
        answers = _ask_all(engine, encoder, task)
        memory = anonymous() / (1 << 20)
    about = {
        "dipnot": "Search as the API gives it, not reranked; a follow-up with its earlier turns.",
        "dipnot_dense": "Its dense leg alone, over the passages that a search may show.",
        "dipnot_lexical": "Its lexical leg alone, over the same passages.",
    }
    return {
        name: {
            "about": about[name],
            "versions": {"dipnot": __version__},
            "build_s": built,
            "memory_mb": memory,
            "answers": found,
        }
        for name, found in answers.items()
    }


def _ask_all(engine: Engine, encoder: TimedEncoder, task: dict[str, Any]) -> dict[str, Answers]:
    def search(question: dict[str, Any], k: int) -> Sequence[Hit]:
        turns = [Turn(*turn) for turn in question["history"]]
        if turns:
            return engine.ask(question["text"], turns, k=k)[1].hits
        return engine.search(question["text"], k, rerank=False)[1]

    k = task["k"]
    for question in task["questions"][:3]:
        search(question, k)
    answers: dict[str, Answers] = {"dipnot": [], "dipnot_dense": [], "dipnot_lexical": []}
    for question in task["questions"]:
        encoder.ms, begun = 0.0, time.perf_counter()
        hits = search(question, k)
        ms = (time.perf_counter() - begun) * 1e3
        answers["dipnot"].append({"hits": _pairs(hits), "ms": ms, "encoder_ms": encoder.ms})
        for name, pairs in _legs(engine.index, encoder, question, k).items():
            answers[name].append({"hits": pairs, "ms": None, "encoder_ms": None})
    return answers


def _legs(
    index: Index, encoder: TimedEncoder, question: dict[str, Any], k: int
) -> dict[str, Pairs]:
    """Rank the passages that a search may show by one leg alone."""
    asked = understand(question["text"], [Turn(*turn) for turn in question["history"]])
    query = make_query(asked, encoder, index)
    shown = index.places.shown
    legs: dict[str, Leg] = {"dipnot_dense": index.legs.dense, "dipnot_lexical": index.legs.lexical}
    return {
        name: _unfolded(index, shown[np.argsort(-leg.scores_of(query, shown), kind="stable")], k)
        for name, leg in legs.items()
    }


def _unfolded(index: Index, rows: Rows, k: int) -> Pairs:
    """Take the first k rows that share no sentence with one before them, as a search does."""
    taken: set[int] = set()
    found: Pairs = []
    for row in rows:
        sentences = range(index.places.first[row], index.places.last[row])
        if not taken.intersection(sentences):
            taken.update(sentences)
            found.append((index.passages[row].doc_id, index.passages[row].text))
        if len(found) == k:
            break
    return found


def _pairs(hits: Sequence[Hit]) -> Pairs:
    return [(hit.passage.doc_id, hit.passage.text) for hit in hits]


if __name__ == "__main__":
    main()
