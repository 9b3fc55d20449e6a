"""How long things take: a full build, opening, a question with and without the encoder.

usage: .venv/bin/python benchmarks/speed.py    (some two minutes on two cores)
"""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from dipnot.building import update_index
from dipnot.engine import Engine
from dipnot.index.build import Index
from dipnot.models.encoder import load_encoder
from dipnot.question.understanding import understand
from dipnot.retrieval.query import make_query
from dipnot.retrieval.rank import hits_of, rank
from dipnot.settings import Settings
from dipnot.types import Filters, Query

_T = TypeVar("_T")


def timed(label: str, run: Callable[[], _T]) -> _T:
    begun = time.perf_counter()
    result = run()
    print(f"{label:34} {time.perf_counter() - begun:8.2f} s", flush=True)
    return result


def median_ms(label: str, runs: list[Callable[[], object]]) -> None:
    taken = []
    for run in runs:
        begun = time.perf_counter()
        run()
        taken.append((time.perf_counter() - begun) * 1e3)
    print(f"{label:34} {statistics.median(taken):8.1f} ms", flush=True)


def _search(index: Index, query: Query) -> object:
    return hits_of(index, rank(index, query, Filters()), 10)


def main() -> None:
    encoder = timed("load the encoder", load_encoder)
    lines = Path("corpus/questions/dev.jsonl").read_text("utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines]
    with tempfile.TemporaryDirectory() as folder:
        settings = replace(Settings(), index=Path(folder))
        timed("build from nothing", lambda: update_index(settings, encoder, lambda *_: None))
        timed("build, nothing changed", lambda: update_index(settings, encoder, lambda *_: None))
        engine = Engine(settings, encoder)
        timed("open", engine.load)
        for question in questions[:5]:
            engine.ask(question)
        index = engine.index
        queries = [make_query(understand(q), encoder, index) for q in questions]
        median_ms("encoder, a question", [partial(encoder.encode_queries, [q]) for q in questions])
        median_ms("search beyond the encoder", [partial(_search, index, q) for q in queries])
        median_ms("search", [partial(engine.search, q) for q in questions])
        median_ms("ask", [partial(engine.ask, q) for q in questions])


if __name__ == "__main__":
    main()
