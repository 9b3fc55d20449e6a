"""Tune the encoder: python training/tune.py --out FOLDER. One seed, two cores, 15 minutes.

The upper half of the encoder's layers is trained so that a question and what answers it come
near, as one vector each (cosine) and word by word (MaxSim), both centred by language as Dipnot
does. A step has questions with a place that answers each, and a place each that retrieval takes
for an answer; for every question all places of the others are wrong (InfoNCE). What the lower
layers make of each text is computed once.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from data import Question, load
from material import MINED, Material, Sentence
from script import is_last, loaded, mean_weights, options, pack, parsed, warm_cosine
from torch import nn
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.nn.functional import cross_entropy, normalize

from dipnot.models.encoder import PLAIN, SentenceTransformerEncoder, load_encoder
from dipnot.models.weightfile import ENCODER
from dipnot.types import LANGUAGES

FROZEN = 6  # lower layers, beside the embeddings
QUESTIONS = 32  # a step
TEMPERATURE = 0.05
SHARE = 0.65  # of the way from the published weights to those trained
# Of the questions of a source, an epoch; THQuAD's share most of their words with the answer.
SHARES = {"thquad": 0.25, "written": 0.5}
TEMPTING = 2  # places a question that retrieval takes for answers
OWN = 0.7  # of these, from the question's own text: that is where a server looks
LONGEST = 200  # pieces
_PAD = 1


@dataclass
class Place:
    """One or two adjoining sentences: which, and where what the lower layers made of them is."""

    pid: str
    numbers: frozenset[int]
    text: str


@dataclass
class Output:
    """Unit vectors of texts, and of their own pieces end to end, with the text of each."""

    vectors: torch.Tensor
    tokens: torch.Tensor
    owner: torch.Tensor


class Halves:
    """The encoder in two: what is frozen, run once a text, and what is trained."""

    def __init__(self, encoder: SentenceTransformerEncoder) -> None:
        self.embeddings = encoder.embeddings
        layers = list(encoder.layers)
        self.lower, self.upper = layers[:FROZEN], nn.ModuleList(layers[FROZEN:])
        self.tokenizer = encoder.tokenizer
        for module in (self.embeddings, *layers):
            module.eval().requires_grad_(requires_grad=False)
        self.upper.requires_grad_(requires_grad=True)

    def go_on(self, trained: Mapping[str, torch.Tensor]) -> None:
        """Take over weights that ``trained`` gave."""
        for n, layer in enumerate(self.upper):
            own = f"{FROZEN + n}."
            layer.load_state_dict(
                {k.removeprefix(own): v for k, v in trained.items() if k.startswith(own)}
            )

    def trained(self) -> dict[str, torch.Tensor]:
        """The weights of the upper layers, each with the number of its layer."""
        return {
            f"{FROZEN + n}.{name}": weight
            for n, layer in enumerate(self.upper)
            for name, weight in layer.state_dict().items()
        }

    @torch.no_grad()
    def states(self, texts: Sequence[str], prompt: str) -> list[torch.Tensor]:
        """What the lower layers make of texts."""
        cut = [
            self.tokenizer(prompt + t, truncation=True, max_length=LONGEST)["input_ids"]
            for t in texts
        ]
        found: list[torch.Tensor] = [torch.empty(0)] * len(texts)
        order = sorted(range(len(texts)), key=lambda i: -len(cut[i]))
        for begin in range(0, len(order), 32):
            part = order[begin : begin + 32]
            width = len(cut[part[0]])
            numbers = torch.tensor([cut[i] + [_PAD] * (width - len(cut[i])) for i in part])
            read = _run(self.lower, self.embeddings(numbers), numbers != _PAD)
            for row, i in enumerate(part):
                found[i] = read[row, : len(cut[i])].half().clone()
        return found

    def read(self, states: Sequence[torch.Tensor], leading: int) -> Output:
        """Run the upper layers; ``leading`` pieces of each text are not its own."""
        lengths = torch.tensor([len(s) for s in states])
        padded = nn.utils.rnn.pad_sequence([s.float() for s in states], batch_first=True)
        at = torch.arange(padded.shape[1])[None]
        mask = at < lengths[:, None]
        read = _run(self.upper, padded, mask).float()
        mean = (read * mask[..., None]).sum(1) / lengths[:, None]
        own = (at >= leading) & (at < lengths[:, None] - 1)
        owner = torch.arange(len(states))[:, None].expand_as(own)[own]
        return Output(normalize(mean, dim=-1), normalize(read[own], dim=-1), owner)


def _run(layers: Any, states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    hidden = torch.zeros(mask.shape)[:, None, None].masked_fill(~mask[:, None, None], -1e9)
    # The default attention is faster forwards, but takes several times as long backwards on a CPU.
    with sdpa_kernel(SDPBackend.MATH), torch.autocast("cpu", torch.bfloat16):
        for layer in layers:
            out = layer(states, attention_mask=hidden)
            states = out[0] if isinstance(out, tuple) else out
    return states


class Means:
    """Running means of vectors and of pieces by language, which are subtracted."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, str], torch.Tensor] = {}

    def learn(self, kind: str, rows: torch.Tensor, languages: Sequence[str]) -> None:
        for language in LANGUAGES:
            own = rows.detach()[[i for i, name in enumerate(languages) if name == language]]
            if len(own):
                weight = min(0.1, len(own) / 200)
                old = self.known.get((kind, language), own.mean(0))
                self.known[kind, language] = (1 - weight) * old + weight * own.mean(0)

    def of(self, kind: str, languages: Sequence[str]) -> torch.Tensor:
        return torch.stack([self.known.get((kind, n), self.known[kind, "tr"]) for n in languages])


class Trainer:
    """Questions, places and the halves of the encoder."""

    def __init__(self, material: Material, halves: Halves, rng: random.Random) -> None:
        self.material, self.halves, self.rng = material, halves, rng
        self.means = Means()
        self.known: dict[str, torch.Tensor] = {}  # what the lower layers made of a text
        self.leading = {
            kind: 1 + len(halves.tokenizer(f"{kind}: ", add_special_tokens=False)["input_ids"])
            for kind in ("query", "passage")
        }

    def batches(self) -> Iterator[list[int]]:
        """Numbers of answerable questions without end, in steps."""
        questions = self.material.questions
        kept = [
            i
            for i, q in enumerate(questions)
            if q.answer is not None and not self.material.paragraphs[q.pid].held_out
        ]
        order: list[int] = []
        while True:
            while len(order) < QUESTIONS:
                more = [i for i in kept if self.rng.random() < SHARES.get(questions[i].source, 1)]
                self.rng.shuffle(more)
                order += more
            yield [order.pop() for _ in range(QUESTIONS)]

    def answer(self, q: Question) -> Place:
        """A place that answers: a sentence, or two of which one does."""
        pid, n = self.rng.choice(sorted(self.material.gold(q)))
        own = self.material.of[pid]
        if self.rng.random() < 0.4 and len(own) > 1:
            first = n if n == 0 or (self.rng.random() < 0.5 and n + 1 < len(own)) else n - 1
            both = f"{own[first].text} {own[first + 1].text}"
            return Place(pid, frozenset([first, first + 1]), both)
        return _single(own[n])

    def temptation(self, i: int) -> Place:
        """A sentence that retrieval ranks high and that does not answer."""
        mined = self.material.mined[i]
        found = self.material.at(mined["own"] if self.rng.random() < OWN else mined["all"])
        wrong = self.material.wrong(self.material.questions[i], found[:MINED])
        return _single(self.rng.choice(wrong or self.material.sentences))

    def states(self, texts: Sequence[str], prompt: str) -> list[torch.Tensor]:
        """What the lower layers make of texts, each computed once."""
        new = sorted({t for t in texts if prompt + t not in self.known})
        for text, states in zip(new, self.halves.states(new, prompt), strict=True):
            self.known[prompt + text] = states
        return [self.known[prompt + t] for t in texts]

    def losses(self, batch: Sequence[int]) -> tuple[torch.Tensor, torch.Tensor]:
        questions = [self.material.questions[i] for i in batch]
        places = [self.answer(q) for q in questions]
        places += [self.temptation(i) for _ in range(TEMPTING) for i in batch]
        texts = [self.rng.choice(q.variants) for q in questions]
        asked = self.halves.read(self.states(texts, "query: "), self.leading["query"])
        passages = self._read_passages(places)
        own = [q.lang for q in questions]
        theirs = [self.material.paragraphs[p.pid].lang for p in places]
        dense = self._centred("", asked.vectors, own, passages.vectors, theirs)
        by_token = self._centred(
            " token",
            asked.tokens, [own[i] for i in asked.owner],
            passages.tokens, [theirs[i] for i in passages.owner],
        )  # fmt: skip
        best = torch.full((len(by_token), len(places)), -1.0).scatter_reduce(
            1, passages.owner.expand(len(by_token), -1), by_token, "amax"
        )
        late = torch.zeros(len(batch), len(places)).index_add(0, asked.owner, best)
        late = late / asked.owner.bincount(minlength=len(batch))[:, None]
        # A place that answers two questions is wrong for neither.
        right = torch.zeros(len(batch), len(places), dtype=torch.bool)
        for row, q in enumerate(questions):
            gold = self.material.gold(q)
            for column, p in enumerate(places):
                held = any((p.pid, n) in gold for n in p.numbers)
                right[row, column] = row != column and held
        target = torch.arange(len(batch))
        first, second = (
            cross_entropy((scores / TEMPERATURE).masked_fill(right, -1e4), target)
            for scores in (dense, late)
        )
        return first, second

    def _read_passages(self, places: Sequence[Place]) -> Output:
        """Read short places apart from long ones, which spares padding."""
        states = self.states([p.text for p in places], "passage: ")
        order = sorted(range(len(places)), key=lambda i: len(states[i]))
        parts = (order[: len(order) // 2], order[len(order) // 2 :])
        read = [
            self.halves.read([states[i] for i in part], self.leading["passage"]) for part in parts
        ]
        place = torch.tensor(order)
        back = torch.empty_like(place)
        back[place] = torch.arange(len(place))
        owner = torch.cat([torch.tensor(p)[r.owner] for p, r in zip(parts, read, strict=True)])
        return Output(
            torch.cat([r.vectors for r in read])[back], torch.cat([r.tokens for r in read]), owner
        )

    def _centred(
        self, kind: str, asked: torch.Tensor, own: Sequence[str],
        passages: torch.Tensor, theirs: Sequence[str],
    ) -> torch.Tensor:  # fmt: skip
        """Cosines of all questions' vectors with all passages', centred by language."""
        self.means.learn(f"passage{kind}", passages, theirs)
        self.means.learn(f"query{kind}", asked, own)
        middle = (self.means.of(f"passage{kind}", own) + self.means.of(f"query{kind}", own)) / 2
        centred = normalize(passages - self.means.of(f"passage{kind}", theirs), dim=-1)
        cosines: torch.Tensor = normalize(asked - middle, dim=-1) @ centred.T
        return cosines


def _single(sentence: Sentence) -> Place:
    return Place(sentence.pid, frozenset([sentence.number]), sentence.text)


def ship(checkpoints: Sequence[Path]) -> None:
    """Write the weights that Dipnot loads: from the published ones ``SHARE`` of the way to those
    trained, the mean of several runs.

    The part of the way back keeps what training forgets, such as names met across languages
    (WiSE-FT: Wortsman et al., CVPR 2022); the mean of runs is better than each (model soups:
    Wortsman et al., ICML 2022).
    """
    encoder = load_encoder(PLAIN, trainable=True)
    published = [layer.state_dict() for layer in encoder.layers]
    weights = {}
    for name, trained in mean_weights(checkpoints).items():
        layer, part = name.split(".", 1)
        old = published[int(layer)][part].numpy()
        weights[name] = old + SHARE * (trained - old)
    pack(ENCODER, weights, encoder)
    print("Windows are read whole until windows.py has been run for these weights.")


def main() -> None:
    args, rng = parsed(options(__doc__, steps=400, rate=4e-5, seed=11))
    if args.ship:
        ship(args.ship)
        return
    material = Material(load(args.public), load_encoder(PLAIN), rng, args.out)
    halves = Halves(load_encoder(PLAIN, trainable=True))
    if args.start:
        halves.go_on(loaded(args.start))
    trainer = Trainer(material, halves, rng)
    optimiser = torch.optim.AdamW(halves.upper.parameters(), lr=args.rate, weight_decay=0.01)
    seen = np.zeros(2)
    began = time.time()
    schedule = warm_cosine(optimiser, args.steps, args.steps // 10, args.minutes)
    for step, batch in zip(range(1, args.steps + 1), trainer.batches(), strict=False):
        parts = trainer.losses(batch)
        sum(parts).backward()  # type: ignore[union-attr]
        nn.utils.clip_grad_norm_(halves.upper.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad()
        schedule.step()
        seen += [p.item() for p in parts]
        if step % 50 == 0:
            told = {"step": step, "dense": seen[0] / 50, "late": seen[1] / 50}
            told["s"] = round(time.time() - began)
            print(json.dumps({k: round(v, 3) for k, v in told.items()}), flush=True)
            seen[:] = 0
        last = is_last(step, args, began)
        if step % 100 == 0 or last:
            torch.save(halves.trained(), args.out / f"step-{step}.pt")
        if last:
            break
    if not args.keep:
        ship([args.out / f"step-{step}.pt"])


if __name__ == "__main__":
    main()
