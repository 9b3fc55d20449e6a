"""What each leg of the retrieval gives, on the question sets in corpus/questions.

usage: .venv/bin/python benchmarks/ablation.py    (after `make build`; some two minutes)
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dipnot.engine import Engine
from dipnot.evaluation.scores import evaluate, score
from dipnot.evaluation.sets import find_sets, own_texts, read_sets
from dipnot.models.encoder import load_encoder
from dipnot.retrieval.rank import Weights
from dipnot.settings import Settings
from dipnot.types import Encoded, Encoder, Pair, Progress, Vectors

METRICS = ("R@300w", "R@1", "MRR@10", "cited")
VARIANTS = {
    "all legs": Weights(),
    "without late interaction": Weights(late=0.0),
    "without BM25": Weights(lexical=0.0),
    "BM25 × 2": Weights(lexical=0.4),
    "late × ½": Weights(late=0.5),
    "late × 2": Weights(late=2.0),
    "abridged and front matter not told apart": Weights(preference=0.0),
    "rerank 32 instead of 64": Weights(reranked=32),
    "rerank 200": Weights(reranked=200),
    "256 candidates a leg": Weights(depth=256),
    "4,096 candidates a leg": Weights(depth=4096),
}


class Remembering:
    """An encoder that embeds every question once."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._known: dict[str, Encoded] = {}
        self.name, self.fingerprint = encoder.name, encoder.fingerprint
        self.dimension = encoder.dimension

    def encode_queries(self, texts: Sequence[str]) -> Encoded:
        key = "\n".join(texts)
        if key not in self._known:
            self._known[key] = self._encoder.encode_queries(texts)
        return self._known[key]

    def encode_passages(
        self, texts: Sequence[str], *, tokens: bool, progress: Progress | None = None
    ) -> Encoded:
        return self._encoder.encode_passages(texts, tokens=tokens, progress=progress)

    def encode_windows(self, windows: Sequence[Pair]) -> Vectors | None:
        return self._encoder.encode_windows(windows)


def main() -> None:
    encoder = Remembering(load_encoder())
    sets = [p for p in find_sets(Path("corpus")) if own_texts(p) is None]
    sets = [p for p in sets if "unanswerable" not in p.name]
    print("| variant | " + " | ".join(f"{p.stem} {m}" for p in sets for m in METRICS) + " |")
    print("|---|" + "---|" * (len(sets) * len(METRICS)))
    for name, weights in VARIANTS.items():
        engine = Engine(Settings(), encoder, weights=weights)
        engine.load()
        cells = []
        for path in sets:
            scores = score(evaluate(engine, read_sets([path]), 20, lambda *_: None), METRICS)
            cells += [f"{scores[m].value:.3f}" for m in METRICS]
        print(f"| {name} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
