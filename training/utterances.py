"""Fit the network that tells what kind of utterance a question is; takes seconds.

    python training/utterances.py [--trial]

Owns: the fitting. The utterances of each kind are in ``data/utterances.txt``; questions of the
reader's material stand for those that ask what a text tells. ``--trial`` prints what a fifth of
them, left out, is taken for, and writes nothing.
"""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path

import numpy as np
import numpy.typing as npt

from dipnot.language.tokens import index_terms
from dipnot.models.encoder import load_encoder
from dipnot.models.utterances import SHARPNESS, drawn_apart
from dipnot.models.weightfile import UTTERANCES, write_weights
from dipnot.types import Vectors

DATA = Path(__file__).parent / "data"
ASK = "ask"
QUESTIONS = 1200  # of the reader's material
STEPS, RATE, DECAY = 150, 0.05, 3e-4
NO_TALK = frozenset({ASK, "noise", "now"})  # kinds whose words are no talk about texts


def read_utterances(path: Path) -> list[tuple[str, str]]:
    """Read the kind and the words of each utterance: a line each, below a heading `# kind`."""
    found: list[tuple[str, str]] = []
    kind = ""
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("# "):
            kind = line[2:].strip()
        elif line.strip():
            found.append((kind, line.strip()))
    return found


def read_questions(path: Path, most: int) -> list[str]:
    """Draw questions of the reader's material, the same ones each time."""
    lines = path.read_text("utf-8").splitlines()
    return [json.loads(line)["q"] for line in random.Random(1).sample(lines, most)]


def fit(vectors: Vectors, own: npt.NDArray[np.int64], kinds: int) -> tuple[Vectors, Vectors]:
    """Fit a softmax regression by Adam: weights, shape (kinds, dimension), and biases."""
    target = np.eye(kinds, dtype=np.float32)[own]
    weights = np.zeros((kinds, vectors.shape[1] + 1), np.float32)
    inputs = np.hstack([vectors * SHARPNESS, np.ones((len(vectors), 1), np.float32)])
    first, second = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, STEPS + 1):
        logits = inputs @ weights.T
        odds = np.exp(logits - logits.max(axis=1, keepdims=True))
        wrong = odds / odds.sum(axis=1, keepdims=True) - target
        slope = wrong.T @ inputs / len(inputs) + DECAY * weights
        first = 0.9 * first + 0.1 * slope
        second = 0.999 * second + 0.001 * slope * slope
        scaled = np.sqrt(second / (1 - 0.999**step)) + 1e-8
        weights -= (RATE * first / (1 - 0.9**step) / scaled).astype(np.float32)
    return weights[:, :-1], weights[:, -1]


def terms_of(utterances: list[tuple[str, str]]) -> list[str]:
    """The index terms of talk with Dipnot and about texts."""
    talk = [text for kind, text in utterances if kind not in NO_TALK]
    return sorted({term for text in talk for term in index_terms(text)})


def try_out(
    vectors: Vectors, own: npt.NDArray[np.int64], texts: list[str], kinds: list[str]
) -> None:
    """Print what a fifth of the utterances is taken for when the others are fitted."""
    left = np.random.default_rng(0).integers(0, 5, len(own)) == 0
    weights, bias = fit(vectors[~left], own[~left], len(kinds))
    taken = (vectors[left] @ weights.T * SHARPNESS + bias).argmax(axis=1)
    for i, told in zip(np.flatnonzero(left), taken, strict=True):
        if told != own[i]:
            print(f"{kinds[own[i]]:12}{kinds[told]:12}{texts[i]}")
    print(f"{(taken == own[left]).mean():.3f} of {left.sum()} right")


def main() -> None:
    """Fit and write, or try out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trial", action="store_true")
    trial = parser.parse_args().trial
    encoder = load_encoder()
    utterances = read_utterances(DATA / "utterances.txt")
    asked = read_questions(DATA / "questions.jsonl", QUESTIONS)
    kinds = [ASK, *sorted({kind for kind, _ in utterances} - {ASK})]
    texts = [text for _, text in utterances] + asked
    own = np.array([kinds.index(k) for k, _ in utterances] + [0] * len(asked), np.int64)
    raw = encoder.encode_queries(texts).vectors
    mean: Vectors = raw[len(utterances) :].mean(axis=0)
    vectors = drawn_apart(raw, mean)
    if trial:
        try_out(vectors, own, texts, kinds)
        return
    weights, bias = fit(vectors, own, len(kinds))
    metadata = {
        "encoder_fingerprint": encoder.fingerprint,
        "kinds": json.dumps(kinds),
        "terms": json.dumps(terms_of(utterances), ensure_ascii=False),
    }
    write_weights(UTTERANCES, {"weights": weights, "bias": bias, "mean": mean}, metadata)
    print(f"{UTTERANCES}: {len(utterances)} utterances, {len(asked)} questions, {len(kinds)} kinds")


if __name__ == "__main__":
    main()
