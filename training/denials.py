"""Fit what tells that a sentence denies what a question takes for granted.

    python training/denials.py [--trial]

Owns: the fitting of a linear probe of the reader's states (logistic regression), which is added to
the reader's weights: whoever trains those again fits it again. Premises that a text denies are
told from questions that their sentence answers, denials among these, and from near misses.
``--trial`` prints how well texts held out are told, and writes nothing.
"""

from __future__ import annotations

import argparse
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from data import Paragraph, Question, load
from torch.nn.functional import binary_cross_entropy_with_logits

from dipnot.models.encoder import load_encoder
from dipnot.models.reader import DENIALS, Reader, load_reader
from dipnot.models.weightfile import READER, read_weights, unpacked, write_weights
from dipnot.types import Vectors

# How often a kind of question counts; of each that counts as a denial, all, of the others so many.
PREMISES = {"premise": 2.0, "exclusive": 0.5}
MOST = {"denial": 9999, "entity": 900, "number": 900, "relation": 1200, "negation": 900}
MOST_OF_A_KIND = 600
DECAY = 0.003
BATCH = 32


@dataclass(frozen=True)
class Pair:
    """A question and the sentence that answers it, tempts, or denies its premise."""

    question: str
    sentence: str
    kind: str
    answerable: bool
    held_out: bool


def pairs_of(paragraphs: dict[str, Paragraph], questions: Sequence[Question]) -> list[Pair]:
    """Draw pairs: premises all, of the other kinds of question some."""
    by_kind: dict[str, list[Pair]] = defaultdict(list)
    for q in questions:
        if q.source != "texts" or q.evidence is None:
            continue
        own = paragraphs[q.pid]
        at = q.evidence.start
        sentence = next((s for s in own.sentences if s.start <= at < s.end), None)
        if sentence is None:
            continue
        kind, answerable = q.kind.rpartition(" ")[2], q.answer is not None
        text = own.text[slice(*sentence)]
        by_kind[kind].append(Pair(q.text, text, kind, answerable, own.held_out))
    rng = random.Random(1)
    drawn = []
    for kind, own_kind in sorted(by_kind.items()):
        rng.shuffle(own_kind)
        drawn += own_kind[: None if kind in PREMISES else MOST.get(kind, MOST_OF_A_KIND)]
    rng.shuffle(drawn)
    return drawn


def states_of(reader: Reader, pairs: Sequence[Pair]) -> Vectors:
    """What the reader makes of pairs, shape (pairs, numbers)."""
    found: list[Vectors] = []
    for begin in range(0, len(pairs), BATCH):
        part = pairs[begin : begin + BATCH]
        found += reader.pooled([(p.question, p.sentence) for p in part])
    return np.stack(found)


def fit(states: Vectors, denies: Vectors, counts: Vectors) -> tuple[Vectors, float]:
    """Fit a logistic regression: a weight for each number, and the bias."""
    mean, spread = states.mean(axis=0), states.std(axis=0) + 1e-3
    inputs = torch.from_numpy(((states - mean) / spread).astype(np.float32))
    target, weight = torch.from_numpy(denies), torch.from_numpy(counts)
    slope = torch.zeros(inputs.shape[1], requires_grad=True)
    bias = torch.zeros(1, requires_grad=True)
    optimiser = torch.optim.LBFGS([slope, bias], max_iter=300)

    def loss() -> torch.Tensor:
        optimiser.zero_grad()
        wrong = binary_cross_entropy_with_logits(inputs @ slope + bias, target, weight)
        total = wrong + DECAY * (slope * slope).sum()
        total.backward()  # type: ignore[no-untyped-call]
        return total

    optimiser.step(loss)  # type: ignore[no-untyped-call]
    weights: Vectors = (slope.detach().numpy() / spread).astype(np.float32)
    return weights, float(bias.item() - mean @ weights)


def try_out(pairs: Sequence[Pair], odds: Vectors) -> None:
    """Print how many premises held out are told, and how many others are taken for one."""
    groups = {
        "premises": [p.kind == "premise" for p in pairs],
        "answered by a denial": [p.kind == "denial" for p in pairs],
        "answerable": [p.answerable and p.kind not in (*PREMISES, "denial") for p in pairs],
        "unanswerable": [not p.answerable and p.kind not in PREMISES for p in pairs],
    }
    for name, own in groups.items():
        mine = np.array(own)
        shares = (f"{t:g}: {(odds[mine] > t).mean():.3f}" for t in (-1, -0.5, 0, 0.5, 1, 1.5))
        print(f"{name:22}{mine.sum():5}  " + "  ".join(shares))


def main() -> None:
    """Fit and add it to the reader's weights, or try out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trial", action="store_true")
    trial = parser.parse_args().trial
    encoder = load_encoder()
    reader = load_reader(encoder)
    assert reader is not None
    pairs = pairs_of(*load())
    states = states_of(reader, pairs)
    denies = np.array([p.kind in PREMISES for p in pairs], np.float32)
    counts = np.array([PREMISES.get(p.kind, 1.0) for p in pairs], np.float32)
    held_out = np.array([p.held_out for p in pairs])
    weights, bias = fit(states[~held_out], denies[~held_out], counts[~held_out])
    try_out([p for p in pairs if p.held_out], states[held_out] @ weights + bias)
    if trial:
        return
    tensors, metadata = read_weights(READER)
    probe = {f"{DENIALS}.weight": weights[None], f"{DENIALS}.bias": np.array([bias], np.float32)}
    write_weights(READER, unpacked(tensors) | probe, metadata)
    print(f"{READER}: {len(pairs)} pairs, {int(denies.sum())} of them denials")


if __name__ == "__main__":
    main()
