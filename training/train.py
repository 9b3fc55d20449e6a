"""Train the reader: python training/train.py --out FOLDER. One seed, two cores, about an hour.

All layers of the encoder are trained over its frozen embeddings. A step takes several questions,
each with the window that answers (or tempts) and with windows that do not, found by our own
retrieval. Three losses: where the answer starts and ends, or that the window has none (SQuAD 2.0);
which sentences are evidence, each by itself; and which of all sentences seen for a question,
against one another (shared normalisation: Clark and Gardner, 2018).
"""

from __future__ import annotations

import argparse
import json
import math
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from data import Question, exchanged, load, thinned
from safetensors.numpy import save_file
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy

from dipnot.centring import centred
from dipnot.encoder import SentenceTransformerEncoder, load_encoder
from dipnot.lexical import build_lexical
from dipnot.network import LAYERS, Network
from dipnot.reader import (
    LONGEST_QUESTION,
    LONGEST_SENTENCE,
    WEIGHTS,
    lay_out,
    packed,
    padded,
)
from dipnot.types import Span

GROUPS, CHUNKS = 8, 4  # questions a step, runs of even length
LONGEST = 120  # pieces of a window, unless one sentence has more
MOST_SENTENCES = 6
MINED = 24
WORD_DROPOUT = 0.05


@dataclass
class Sentence:
    """A sentence of the material, cut into pieces."""

    pid: str
    number: int  # of the paragraph
    text: str
    start: int  # in the paragraph
    pieces: list[int]
    offsets: list[Span]  # of each piece in ``text``


Window = list[Sentence]


class Material:
    """Sentences, questions, and what retrieval finds for each question."""

    def __init__(self, encoder: SentenceTransformerEncoder, rng: random.Random, out: Path) -> None:
        self.noise = np.random.default_rng(rng.getrandbits(32))
        self.paragraphs, self.questions = load()
        self.sentences: list[Sentence] = []
        self.of: dict[str, list[Sentence]] = {}
        for paragraph in self.paragraphs.values():
            for n, span in enumerate(paragraph.sentences):
                text = paragraph.text[slice(*span)]
                pieces, offsets = encoder.pieces(text)
                made = Sentence(
                    paragraph.pid, n, text, span.start, pieces[:LONGEST_SENTENCE], offsets
                )
                self.sentences.append(made)
                self.of.setdefault(paragraph.pid, []).append(made)
        swapped = []
        for q in self.questions:
            q.variants = [q.text]
            if q.answer is not None and q.evidence is not None and rng.random() < 0.5:
                evidence = self.paragraphs[q.pid].text[slice(*q.evidence)]
                q.variants.append(thinned(q.text, evidence, rng))
            if q.source == "thquad" and rng.random() < 0.12:
                other = exchanged(q, self.paragraphs[q.pid], rng)
                if other:
                    swapped.append(
                        Question(other, "tr", q.pid, "swapped", "none", None, q.answer, [other])
                    )
        self.questions += swapped
        self.asked = {v: encoder.pieces(v)[0] for q in self.questions for v in q.variants}
        self.mined = self._mine(encoder, out / "mined.json")

    def _mine(self, encoder: SentenceTransformerEncoder, path: Path) -> list[list[int]]:
        """Find the sentences that retrieval ranks highest for each question."""
        if path.exists():
            known: list[list[int]] = json.loads(path.read_text("utf-8"))
            return known
        passages = encoder.encode_passages([s.text for s in self.sentences], tokens=False).vectors
        vectors = np.zeros((len(self.questions), encoder.dimension), np.float32)
        order = sorted(range(len(self.questions)), key=lambda i: len(self.questions[i].text))
        for begin in range(0, len(order), 16):
            part = order[begin : begin + 16]
            vectors[part] = encoder.encode_queries([self.questions[i].text for i in part]).vectors
        lexical = build_lexical([s.text for s in self.sentences])
        mean = passages.mean(axis=0)
        langs = np.array([q.lang for q in self.questions])
        half = {lang: (mean + vectors[langs == lang].mean(axis=0)) / 2 for lang in ("tr", "en")}
        passages = centred(passages, mean)
        mined = []
        for q, vector in zip(self.questions, vectors, strict=True):
            dense = passages @ centred(vector, half[q.lang])
            terms = lexical.scores(q.text)
            score = (dense - dense.mean()) / dense.std() + 0.3 * terms / (terms.std() + 1e-6)
            mined.append(np.argsort(-score)[: MINED * 2].tolist())
        path.write_text(json.dumps(mined), "utf-8")
        return mined

    def gold(self, q: Question) -> set[int]:
        """Numbers of the sentences of its paragraph that answer a question."""
        if q.answer is None or q.evidence is None:
            return set()
        spans = self.paragraphs[q.pid].sentences
        return {
            n for n, s in enumerate(spans) if s.start < q.evidence.end and q.evidence.start < s.end
        }

    def window(self, pid: str, around: int, rng: random.Random) -> Window:
        """Adjoining sentences with one of them at a random place."""
        own = self.of[pid]
        first = last = around
        size = rng.randint(1, MOST_SENTENCES)
        total = len(own[around].pieces)
        while last - first + 1 < size:
            sides = [n for n in (first - 1, last + 1) if 0 <= n < len(own)]
            sides = [n for n in sides if total + len(own[n].pieces) <= LONGEST]
            if not sides:
                break
            n = rng.choice(sides)
            total += len(own[n].pieces)
            first, last = min(first, n), max(last, n)
        return own[first : last + 1]

    def group(self, i: int, rng: random.Random) -> list[Window]:
        """The window of a question and windows that do not answer it."""
        q = self.questions[i]
        gold, own = self.gold(q), self.of[q.pid]
        if gold:
            number = rng.choice(sorted(gold))
        elif q.evidence is not None:  # a question with a name exchanged: the place it came from
            number = next(s.number for s in reversed(own) if s.start <= q.evidence.start)
        else:
            number = rng.randrange(len(own))
        windows = [self.window(q.pid, number, rng)]
        answer = None
        if q.answer is not None:
            answer = self.paragraphs[q.pid].text[slice(*q.answer)].casefold()
        mined = []
        for m in self.mined[i]:
            s = self.sentences[m]
            if s.pid == q.pid and s.number in gold:
                continue
            if answer and len(answer) > 2 and answer in s.text.casefold():
                continue
            mined.append(s)
        others = rng.randint(1, 2) if gold else rng.randint(0, 2)
        while len(windows) <= others:
            s = rng.choice(mined[:MINED]) if rng.random() < 0.85 else rng.choice(self.sentences)
            if s.pid == q.pid and s.number in gold:
                continue
            made = self.window(s.pid, s.number, rng)
            if any(x.pid == q.pid and x.number in gold for x in made):
                made = [s]
            windows.append(made)
        return windows


Items = list[tuple[Question, str, list[Window]]]


@dataclass
class Batch:
    numbers: torch.Tensor
    padding: torch.Tensor
    inside: torch.Tensor  # pieces of sentences, where an answer may stand
    markers: torch.Tensor  # the end of each sentence, where its evidence is read
    labels: torch.Tensor  # of the markers: 1 evidence, 0 not
    starts: torch.Tensor
    ends: torch.Tensor
    owner: torch.Tensor  # which question a window is for


def collate(material: Material, items: Items) -> Batch:
    rows = [(g, q, text, w) for g, (q, text, ws) in enumerate(items) for w in ws]
    laid = []
    for _, _, text, window in rows:
        asked = [
            n
            for n in material.asked[text][:LONGEST_QUESTION]
            # Without some of its words a question can be answered less by likeness alone.
            if material.noise.random() > WORD_DROPOUT
        ]
        laid.append(lay_out(asked, [s.pieces for s in window]))
    numbers, padding = padded([own for own, _ in laid])
    inside, markers = np.zeros_like(padding), np.zeros_like(padding)
    labels = np.zeros(numbers.shape, np.float32)
    starts, ends = np.zeros(len(rows), np.int64), np.zeros(len(rows), np.int64)
    for row, (_, q, _, window) in enumerate(rows):
        gold = material.gold(q)
        for begin, s in zip(laid[row][1], window, strict=True):
            size = len(s.pieces)
            inside[row, begin : begin + size] = True
            markers[row, begin + size] = True
            if q.answer is None or s.pid != q.pid or s.number not in gold:
                continue
            labels[row, begin + size] = 1
            found = [
                t
                for t, (a, b) in enumerate(s.offsets[:size])
                if s.start + a < q.answer.end and s.start + b > q.answer.start and b > a
            ]
            if found and not starts[row]:
                starts[row], ends[row] = begin + found[0], begin + found[-1]
    tensor = torch.from_numpy
    return Batch(
        tensor(numbers),
        tensor(padding),
        tensor(inside),
        tensor(markers),
        tensor(labels),
        tensor(starts),
        tensor(ends),
        torch.tensor([g for g, *_ in rows]),
    )


def read(network: nn.Module, embeddings: nn.Module, batch: Batch) -> torch.Tensor:
    """Run the network over windows of like length together, which spares padding."""
    lengths = (~batch.padding).sum(1)
    outputs = torch.zeros(3, *batch.padding.shape)
    for rows in lengths.argsort().chunk(CHUNKS):
        width = int(lengths[rows].max())
        with torch.no_grad():
            embedded = embeddings(batch.numbers[rows, :width])
        outputs[:, rows, :width] = network(embedded, batch.padding[rows, :width]).float()
    return outputs


def losses(
    network: nn.Module, embeddings: nn.Module, batch: Batch
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    start, end, evidence = read(network, embeddings, batch).unbind(0)
    allowed = batch.inside.clone()
    allowed[:, 0] = True  # the null answer
    start = start.masked_fill(~allowed, -1e4)
    end = end.masked_fill(~allowed, -1e4)
    span = (cross_entropy(start, batch.starts) + cross_entropy(end, batch.ends)) / 2
    own, labels = evidence[batch.markers], batch.labels[batch.markers]
    single = binary_cross_entropy_with_logits(own, labels, pos_weight=torch.tensor(2.0))
    owner = batch.owner[:, None].expand_as(batch.markers)[batch.markers]
    listed = []
    for g in owner.unique():  # type: ignore[no-untyped-call]
        mine = owner == g
        if labels[mine].any():
            scores = own[mine]
            gold = labels[mine] > 0
            listed.append(torch.logsumexp(scores, 0) - torch.logsumexp(scores[gold], 0))
    rank = torch.stack(listed).mean() if listed else torch.zeros(())
    return span, single, rank


def initial(encoder: SentenceTransformerEncoder) -> Network:
    """A network that starts as the encoder."""
    network = Network()
    layers: Any = encoder._model[0].model.encoder.layer  # type: ignore[union-attr]  # noqa: SLF001
    assert len(layers) == LAYERS
    for mine, theirs in zip(network.layers.layers, layers, strict=True):
        attention = theirs.attention
        heads = (attention.self.query, attention.self.key, attention.self.value)
        copied = {
            "self_attn.in_proj_weight": torch.cat([h.weight for h in heads]),
            "self_attn.in_proj_bias": torch.cat([h.bias for h in heads]),
            "self_attn.out_proj.weight": attention.output.dense.weight,
            "self_attn.out_proj.bias": attention.output.dense.bias,
            "norm1.weight": attention.output.LayerNorm.weight,
            "norm1.bias": attention.output.LayerNorm.bias,
            "linear1.weight": theirs.intermediate.dense.weight,
            "linear1.bias": theirs.intermediate.dense.bias,
            "linear2.weight": theirs.output.dense.weight,
            "linear2.bias": theirs.output.dense.bias,
            "norm2.weight": theirs.output.LayerNorm.weight,
            "norm2.bias": theirs.output.LayerNorm.bias,
        }
        mine.load_state_dict({k: v.detach().clone() for k, v in copied.items()})
    return network


def steps(material: Material, kept: list[int], rng: random.Random, written: int) -> Iterator[Items]:
    """Questions without end, in steps; the machine-written ones ``written`` times an epoch."""
    while True:
        sources = {i: material.questions[i].source for i in kept}
        order = [i for i in kept for _ in range(written if sources[i] == "written" else 1)]
        rng.shuffle(order)
        for begin in range(0, len(order) - GROUPS + 1, GROUPS):
            yield [
                (q := material.questions[i], rng.choice(q.variants), material.group(i, rng))
                for i in order[begin : begin + GROUPS]
            ]


def ship(checkpoint: Path, encoder: SentenceTransformerEncoder, path: Path) -> None:
    """Write a checkpoint as the weights that Dipnot loads."""
    weights = {name: tensor.numpy() for name, tensor in torch.load(checkpoint).items()}
    told = {"encoder_fingerprint": encoder.fingerprint, "encoder": encoder.name, "license": "MIT"}
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(packed(weights), path, metadata={"dipnot": json.dumps(told)})
    print(f"{path}: {path.stat().st_size / 1e6:.1f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="for checkpoints")
    parser.add_argument("--ship", type=Path, metavar="step-N.pt", help="only pack a checkpoint")
    parser.add_argument("--steps", type=int, default=2800)
    parser.add_argument("--rate", type=float, default=1.5e-4)
    parser.add_argument("--written", type=int, default=1)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--all", action="store_true", help="train on the held-out texts as well")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(args.seed)
    rng = random.Random(args.seed)
    began = time.time()
    encoder = load_encoder()
    if args.ship:
        ship(args.ship, encoder, WEIGHTS)
        return
    material = Material(encoder, rng, args.out)
    keep = [
        i
        for i, q in enumerate(material.questions)
        if args.all or not material.paragraphs[q.pid].held_out
    ]
    embeddings: Any = encoder._embeddings  # noqa: SLF001
    print(len(keep), "questions of", len(material.questions), f"{time.time() - began:.0f} s")
    network = initial(encoder)
    heads = [p for n, p in network.named_parameters() if not n.startswith("layers")]
    decayed = [p for n, p in network.named_parameters() if n.startswith("layers")]
    optimiser = torch.optim.AdamW(
        [{"params": decayed, "lr": args.rate}, {"params": heads, "lr": args.rate * 6}],
        weight_decay=0.01,
    )
    warm = args.steps // 20

    def at(step: int) -> float:
        if step < warm:
            return float((step + 1) / warm)
        part: float = (step - warm) / (args.steps - warm)
        return float(0.5 * (1 + math.cos(math.pi * part)))

    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, at)
    network.train()
    seen = np.zeros(3)
    began = time.time()
    for step, items in enumerate(steps(material, keep, rng, args.written), start=1):
        with torch.autocast("cpu", torch.bfloat16):
            parts = losses(network, embeddings, collate(material, items))
        loss = parts[0] + parts[1] + 0.5 * parts[2]
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad()
        schedule.step()
        seen += [p.item() for p in parts]
        if step % 100 == 0:
            told = {
                "step": step,
                "span": seen[0] / 100,
                "single": seen[1] / 100,
                "rank": seen[2] / 100,
                "s": round(time.time() - began),
            }
            print(json.dumps({k: round(v, 3) for k, v in told.items()}), flush=True)
            seen[:] = 0
        if step % 400 == 0 or step == args.steps:
            torch.save(network.state_dict(), args.out / f"step-{step}.pt")
        if step == args.steps:
            break
    ship(args.out / f"step-{args.steps}.pt", encoder, WEIGHTS)


if __name__ == "__main__":
    main()
