"""Train the reader: python training/train.py --out FOLDER. One seed, two cores, about an hour.

All layers of the encoder are trained over its frozen embeddings. A step takes several questions,
each with the window that answers (or tempts) and with windows that do not, found by our own
retrieval. Three losses: which span of words answers, or that none in the window does (SQuAD 2.0);
which sentences are evidence, each by itself; and which of all sentences seen for a question,
against one another (shared normalisation: Clark and Gardner, 2018).
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from data import Question, load
from material import Material, Window
from renaming import Renaming, exchange, renamed
from script import is_last, loaded, mean_weights, options, pack, parsed, warm_cosine
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from dipnot.models.encoder import SentenceTransformerEncoder, load_encoder
from dipnot.models.network import LAYERS, OUTPUTS, Network, spans
from dipnot.models.reader import LONGEST_ANSWER, LONGEST_QUESTION, lay_out, padded, possible_spans
from dipnot.models.weightfile import READER

WORD_DROPOUT = 0.05
DROPOUT = 0.1


# Question, its pieces, its windows.
Items = list[tuple[Question, Sequence[int], list[Window]]]


@dataclass
class Batch:
    numbers: torch.Tensor
    padding: torch.Tensor
    sentence: torch.Tensor  # which sentence of the batch each piece is of; -1: of none
    labels: torch.Tensor  # of the sentences: 1 evidence, 0 not
    starts: torch.Tensor
    ends: torch.Tensor
    owner: torch.Tensor  # which question each sentence is read for


def collate(material: Material, items: Items) -> Batch:
    rows = [(g, q, pieces, w) for g, (q, pieces, ws) in enumerate(items) for w in ws]
    laid = []
    for _, _, pieces, window in rows:
        asked = [
            n
            for n in pieces[:LONGEST_QUESTION]
            # Without some of its words a question can be answered less by likeness alone.
            if material.noise.random() > WORD_DROPOUT
        ]
        laid.append(lay_out(asked, [s.pieces for s in window]))
    numbers, padding = padded([own for own, _ in laid])
    sentence = np.full(numbers.shape, -1)
    labels: list[float] = []
    owner: list[int] = []
    starts, ends = np.zeros(len(rows), np.int64), np.zeros(len(rows), np.int64)
    for row, (g, q, _, window) in enumerate(rows):
        gold = material.gold(q)
        for begin, s in zip(laid[row][1], window, strict=True):
            size = len(s.pieces)
            sentence[row, begin : begin + size] = len(labels)
            answers = (s.pid, s.number) in gold
            labels.append(float(answers))
            owner.append(g)
            if q.answer is None or not answers or s.pid != q.pid:
                continue
            found = [
                t
                for t, (a, b) in enumerate(s.offsets[:size])
                if s.start + a < q.answer.end and s.start + b > q.answer.start and b > a
            ]
            if found and not starts[row]:
                last = min(found[-1], found[0] + LONGEST_ANSWER - 1)
                starts[row], ends[row] = begin + found[0], begin + last
    tensor = torch.from_numpy
    return Batch(
        tensor(numbers),
        tensor(padding),
        tensor(sentence),
        torch.tensor(labels),
        tensor(starts),
        tensor(ends),
        torch.tensor(owner),
    )


def read(network: nn.Module, embeddings: nn.Module, batch: Batch) -> torch.Tensor:
    """Run the network over windows; outputs of shape (windows, tokens, OUTPUTS), 0 for padding."""
    text = ~batch.padding
    with torch.no_grad():
        embedded = embeddings(batch.numbers)[text]
    outputs = torch.zeros(*text.shape, OUTPUTS)
    outputs[text] = network(embedded, text.sum(1).tolist()).float()
    return outputs


def losses(
    network: nn.Module, embeddings: nn.Module, batch: Batch
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    outputs = read(network, embeddings, batch)
    place, tokens = batch.sentence, batch.sentence.shape[1]
    allowed = (place[:, :, None] == place[:, None, :]) & (place[:, :, None] >= 0)
    allowed &= torch.from_numpy(possible_spans(tokens))
    allowed[:, 0, 0] = True  # the null answer
    logits = spans(outputs).float().masked_fill(~allowed, -1e4)
    span = cross_entropy(logits.flatten(1), batch.starts * tokens + batch.ends)
    labels, inside = batch.labels, place >= 0
    own = torch.zeros_like(labels).index_add(0, place[inside], outputs[..., 0][inside])
    own = own / place[inside].bincount(minlength=len(labels)).clamp(min=1)
    single = binary_cross_entropy_with_logits(own, labels, pos_weight=torch.tensor(2.0))
    listed = []
    for g in batch.owner.unique():  # type: ignore[no-untyped-call]
        mine = batch.owner == g
        if labels[mine].any():
            scores = own[mine]
            gold = labels[mine] > 0
            listed.append(torch.logsumexp(scores, 0) - torch.logsumexp(scores[gold], 0))
    rank = torch.stack(listed).mean() if listed else torch.zeros(())
    return span, single, rank


def initial(encoder: SentenceTransformerEncoder) -> Network:
    """A network that starts as the encoder."""
    network = Network()
    assert len(encoder.layers) == LAYERS
    for mine, theirs in zip(network.layers, encoder.layers, strict=True):
        attention = theirs.attention
        heads = (attention.self.query, attention.self.key, attention.self.value)
        copied = {
            "attention_in.weight": torch.cat([h.weight for h in heads]),
            "attention_in.bias": torch.cat([h.bias for h in heads]),
            "attention_out.weight": attention.output.dense.weight,
            "attention_out.bias": attention.output.dense.bias,
            "attention_norm.weight": attention.output.LayerNorm.weight,
            "attention_norm.bias": attention.output.LayerNorm.bias,
            "inner.weight": theirs.intermediate.dense.weight,
            "inner.bias": theirs.intermediate.dense.bias,
            "outer.weight": theirs.output.dense.weight,
            "outer.bias": theirs.output.dense.bias,
            "norm.weight": theirs.output.LayerNorm.weight,
            "norm.bias": theirs.output.LayerNorm.bias,
        }
        mine.load_state_dict({k: v.detach().clone() for k, v in copied.items()})
    return network


def add_dropout(network: Network, rate: float) -> None:
    """Drop what the linear maps add to a layer's states, as in BERT.

    New random numbers for each would take two thirds of a step: they are drawn once, and each
    time read from another place.
    """
    drawn = (torch.rand(1 << 24) >= rate).to(torch.bfloat16) / (1 - rate)

    def drop(_: nn.Module, __: object, out: torch.Tensor) -> torch.Tensor:
        begin = int(torch.randint(len(drawn) - out.numel(), ()))
        return out * drawn[begin : begin + out.numel()].view(out.shape)

    for name, part in network.named_modules():
        if name.endswith((".attention_out", ".outer")):
            part.register_forward_hook(drop)


def steps(
    material: Material,
    renaming: Renaming | None,
    encoder: SentenceTransformerEncoder,
    kept: list[int],
    rng: random.Random,
    args: argparse.Namespace,
) -> Iterator[Items]:
    """Questions without end, in steps; those of a source as often an epoch as its share says.

    A share of a kind of question goes before that of a batch (`W5`), and this before its source's.
    """
    shares = {name: float(times) for name, _, times in (s.partition("=") for s in args.share)}
    languages = {pid: p.lang for pid, p in material.paragraphs.items()}

    def item(i: int) -> tuple[Question, Sequence[int], list[Window]]:
        q = material.questions[i]
        text, windows = rng.choice(q.variants), material.group(i, rng)
        if renaming is None or rng.random() > args.renamed:
            return q, material.asked[text], windows
        # Across languages a name may be spelled in two ways.
        mapping = renaming.mapping(
            [text, *(s.text for w in windows for s in w)], rng, names=languages.get(q.pid) == q.lang
        )
        return (
            q,
            encoder.pieces(exchange(text, mapping)[0])[0],
            [[renamed(s, mapping, encoder) for s in w] for w in windows],
        )

    def share(q: Question) -> float:
        names = (q.kind, q.pid.partition("-")[0], q.source)
        told = (q.source,) if q.source == "swapped" else names
        return next((shares[name] for name in told if name in shares), 1)

    while True:
        times = {i: int(share(material.questions[i]) + rng.random()) for i in kept}
        order = [i for i in kept for _ in range(times[i])]
        rng.shuffle(order)
        for begin in range(0, len(order) - args.groups + 1, args.groups):
            yield [item(i) for i in order[begin : begin + args.groups]]


def ship(checkpoints: Sequence[Path], encoder: SentenceTransformerEncoder, path: Path) -> None:
    """Write checkpoints as the weights that Dipnot loads."""
    pack(path, mean_weights(checkpoints), encoder)


def main() -> None:
    parser = options(__doc__, steps=2800, rate=1.5e-4, seed=7)
    parser.add_argument(
        "--share", nargs="*", default=[], metavar="SOURCE=TIMES",
        help="how often an epoch the questions of a source are read",
    )  # fmt: skip
    parser.add_argument("--groups", type=int, default=8, help="questions a step")
    parser.add_argument("--heads", type=float, default=6, help="times the rate, for the heads")
    parser.add_argument(
        "--averaged", type=float, default=0.998, help="decay of the mean of the weights, a step"
    )
    parser.add_argument(
        "--renamed", type=float, default=0.5, help="of the questions, their names exchanged"
    )
    parser.add_argument("--swap", type=float, default=0.25, help="of the questions, made by rule")
    parser.add_argument("--frozen", type=int, default=0, help="lower layers left as they are")
    parser.add_argument("--all", action="store_true", help="train on the held-out texts as well")
    args, rng = parsed(parser)
    began = time.time()
    encoder = load_encoder()
    if args.ship:
        ship(args.ship, encoder, READER)
        return
    material = Material(load(args.public), encoder, rng, args.out, swap=args.swap)
    keep = [
        i
        for i, q in enumerate(material.questions)
        if args.all or not q.pid or not material.paragraphs[q.pid].held_out
    ]
    embeddings: Any = encoder.embeddings
    print(len(keep), "questions of", len(material.questions), f"{time.time() - began:.0f} s")
    network = initial(load_encoder(trainable=True))
    if args.start:
        network.load_state_dict(loaded(args.start))
    network.layers[: args.frozen].requires_grad_(requires_grad=False)
    add_dropout(network, DROPOUT)
    heads = [p for n, p in network.named_parameters() if not n.startswith("layers")]
    decayed = [
        p for n, p in network.named_parameters() if n.startswith("layers") and p.requires_grad
    ]
    optimiser = torch.optim.AdamW(
        [{"params": decayed, "lr": args.rate}, {"params": heads, "lr": args.rate * args.heads}],
        weight_decay=0.01,
        fused=True,
    )
    began = time.time()
    schedule = warm_cosine(optimiser, args.steps, args.steps // 20, args.minutes)
    network.train()
    # What is shipped is a running mean of the weights: what one run learns by heart, it smooths.
    mean = get_ema_multi_avg_fn(args.averaged)  # type: ignore[no-untyped-call]
    averaged = AveragedModel(network, multi_avg_fn=mean)
    texts = [p.text for p in material.paragraphs.values()]
    renaming = Renaming(encoder, texts) if args.renamed else None
    drawn = steps(material, renaming, encoder, keep, rng, args)
    seen = np.zeros(3)
    for step, items in enumerate(drawn, start=1):
        with torch.autocast("cpu", torch.bfloat16):
            parts = losses(network, embeddings, collate(material, items))
        loss = parts[0] + parts[1] + 0.5 * parts[2]
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad()
        schedule.step()
        averaged.update_parameters(network)
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
        last = is_last(step, args, began)
        if step % 200 == 0 or last:
            torch.save(averaged.module.state_dict(), args.out / f"step-{step}.pt")
        if last:
            break
    if not args.keep:
        ship([args.out / f"step-{step}.pt"], encoder, READER)


if __name__ == "__main__":
    main()
