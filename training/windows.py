"""Train what puts windows together: python training/windows.py --out FOLDER. Half an hour.

The encoder stays as it is; the network has one layer. Two losses: the window of two sentences shall
be what the encoder makes of both read as one text, and a question shall be nearer to a window that
answers it than to those of other questions and to those that retrieval takes for answers (InfoNCE,
centred by language as Dipnot does). What the encoder makes of all texts is computed once.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from data import Question, load
from material import Key, Material
from script import is_last, loaded, mean_weights, options, pack, parsed, warm_cosine
from torch import nn
from torch.nn.functional import cosine_similarity, cross_entropy, normalize
from tune import SHARES, TEMPERATURE

from dipnot.index.passages import embedded_text
from dipnot.models.encoder import SentenceTransformerEncoder, load_encoder, read_tuned
from dipnot.models.weightfile import ENCODER, WINDOWS
from dipnot.models.windows import WindowNetwork, end_to_end
from dipnot.types import LANGUAGES, Vectors

QUESTIONS = 48  # a step
LIKENESS = 20.0  # what a distance of 1 to the encoder's own window weighs
OFTEN = 0.5  # an epoch, of the questions of sources that ``tune.py`` says nothing of


def untrained() -> WindowNetwork:
    """Draw the weights that training begins with: a window is near the mean of its tokens."""
    network = WindowNetwork()
    for name, weight in network.named_parameters():
        if weight.dim() > 1:
            nn.init.normal_(weight, std=0.02)
        elif not name.endswith("norm.weight"):
            nn.init.zeros_(weight)
    nn.init.eye_(network.out.weight)
    return network


@dataclass
class Windows:
    """All pairs of adjoining sentences of a paragraph; a key is that of the first of the two.

    ``vectors``: what the encoder makes of each. ``language``: its number in ``LANGUAGES``.
    ``tokens``: of each sentence. ``asked``: the vectors of questions by their texts.
    """

    at: dict[Key, int]
    vectors: torch.Tensor
    language: torch.Tensor
    tokens: dict[Key, Vectors]
    asked: dict[str, torch.Tensor]

    def pair(self, key: Key) -> tuple[Vectors, Vectors]:
        """The tokens of both sentences."""
        pid, n = key
        return self.tokens[key], self.tokens[pid, n + 1]


def embedded(material: Material, encoder: SentenceTransformerEncoder, out: Path) -> Windows:
    """Embed all that is not held out; what a run before embedded by this encoder is in its file."""
    sentences = [s for s in material.sentences if not material.paragraphs[s.pid].held_out]
    keys = [(s.pid, s.number) for s in sentences]
    known = set(keys)
    pairs = [(pid, n) for pid, n in keys if (pid, n + 1) in known]
    asked = sorted({q.text for q in material.questions}, key=len)
    path = out / f"windows-{encoder.fingerprint[:8]}.npz"
    if not path.exists():
        parts = [asked[begin : begin + 16] for begin in range(0, len(asked), 16)]
        questions = np.concatenate([encoder.encode_queries(part).vectors for part in parts])
        found = encoder.encode_passages([embedded_text(s.text) for s in sentences], tokens=True)
        texts = [embedded_text(_text(material, key)) for key in pairs]
        vectors = encoder.encode_passages(texts, tokens=False).vectors
        own = found.tokens or ()
        tokens = np.concatenate([t.astype(np.float16) for t in own])
        counts = [len(t) for t in own]
        np.savez(path, vectors=vectors, tokens=tokens, counts=counts, questions=questions)
    with np.load(path) as kept:
        vectors = kept["vectors"]
        laid = np.split(kept["tokens"], np.cumsum(kept["counts"])[:-1])
        of_questions = torch.from_numpy(kept["questions"])
    return Windows(
        {key: i for i, key in enumerate(pairs)},
        torch.from_numpy(vectors),
        torch.tensor([LANGUAGES.index(material.paragraphs[pid].lang) for pid, _ in pairs]),
        dict(zip(keys, laid, strict=True)),
        dict(zip(asked, of_questions, strict=True)),
    )


def _text(material: Material, key: Key) -> str:
    pid, n = key
    paragraph = material.paragraphs[pid]
    return paragraph.text[paragraph.sentences[n].start : paragraph.sentences[n + 1].end]


class Trainer:
    """Questions with their vectors, and windows."""

    def __init__(
        self, material: Material, encoder: SentenceTransformerEncoder, rng: random.Random, out: Path
    ) -> None:
        self.material, self.rng = material, rng
        self.windows = embedded(material, encoder, out)
        self.kept = [
            i
            for i, q in enumerate(material.questions)
            if q.answer is not None and not material.paragraphs[q.pid].held_out
        ]
        self.asked = {i: self.windows.asked[material.questions[i].text] for i in self.kept}
        language = {i: LANGUAGES.index(material.questions[i].lang) for i in self.kept}
        self.language = language
        own = torch.tensor(list(language.values()))
        questions = torch.stack(list(self.asked.values()))
        ours = range(len(LANGUAGES))
        theirs = self.windows.language
        self.means = torch.stack([self.windows.vectors[theirs == n].mean(0) for n in ours])
        self.middle = (self.means + torch.stack([questions[own == n].mean(0) for n in ours])) / 2

    def batches(self) -> Iterator[list[int]]:
        """Numbers of questions without end, in steps."""
        order: list[int] = []
        while True:
            while len(order) < QUESTIONS:
                source = self.material.questions
                more = [
                    i for i in self.kept if self.rng.random() < SHARES.get(source[i].source, OFTEN)
                ]
                self.rng.shuffle(more)
                order += more
            yield [order.pop() for _ in range(QUESTIONS)]

    def around(self, key: Key) -> Key | None:
        """A window with a sentence; None where it is the only one of its paragraph."""
        pid, n = key
        found = [own for own in ((pid, n - 1), (pid, n)) if own in self.windows.at]
        return self.rng.choice(found) if found else None

    def temptations(self, i: int) -> list[Key]:
        """Windows that retrieval takes for answers: of the question's own text, and of all."""
        q, mined = self.material.questions[i], self.material.mined[i]
        found = []
        for keys in (mined["own"], mined["all"]):
            wrong = self.material.wrong(q, self.material.at(keys))
            wrong = [s for s in wrong if not self.material.paragraphs[s.pid].held_out]
            if wrong:
                s = self.rng.choice(wrong)
                found.append(self.around((s.pid, s.number)))
        return [key for key in found if key is not None and not self.answers(q, key)]

    def answers(self, q: Question, key: Key) -> bool:
        """Whether a window holds a sentence that answers."""
        pid, n = key
        return bool({(pid, n), (pid, n + 1)} & self.material.gold(q))

    def losses(self, network: nn.Module, batch: Sequence[int]) -> tuple[torch.Tensor, torch.Tensor]:
        """How far windows are from the encoder's own, and the InfoNCE of the questions."""
        right = {
            i: self.around(self.rng.choice(sorted(self.material.gold(self.material.questions[i]))))
            for i in batch
        }
        asked = [i for i, key in right.items() if key is not None]
        keys = [key for key in right.values() if key is not None]
        keys += [key for i in asked for key in self.temptations(i)]
        keys = list(dict.fromkeys(keys))
        rows = [self.windows.at[key] for key in keys]
        with torch.autocast("cpu", torch.bfloat16):
            made = network(*end_to_end(self.windows.pair(key) for key in keys)).float()
        mean = self.means[self.windows.language[rows]]
        far = 1 - cosine_similarity(made - mean, self.windows.vectors[rows] - mean)
        middle = self.middle[[self.language[i] for i in asked]]
        questions = normalize(torch.stack([self.asked[i] for i in asked]) - middle, dim=-1)
        scores = questions @ normalize(made - mean, dim=-1).T / TEMPERATURE
        target = [keys.index(right[i]) for i in asked]  # type: ignore[arg-type]
        for row, i in enumerate(asked):
            q = self.material.questions[i]
            for column, key in enumerate(keys):
                if column != target[row] and self.answers(q, key):
                    scores[row, column] = -1e4
        return far.mean(), cross_entropy(scores, torch.tensor(target))


def ship(checkpoints: Sequence[Path]) -> None:
    """Write a network, the mean of several, beside the layers that it was trained for."""
    own = {f"{WINDOWS}{name}": weight for name, weight in mean_weights(checkpoints).items()}
    pack(ENCODER, {**read_tuned(ENCODER).layers, **own}, load_encoder())


def main() -> None:
    args, rng = parsed(options(__doc__, steps=1500, rate=1e-3, seed=0))
    if args.ship:
        ship(args.ship)
        return
    encoder = load_encoder()
    trainer = Trainer(Material(load(args.public), encoder, rng, args.out), encoder, rng, args.out)
    network = untrained()
    if args.start:
        started = {n.removeprefix(WINDOWS): w for n, w in loaded(args.start).items()}
        network.load_state_dict({n: started[n] for n in network.state_dict()})
    optimiser = torch.optim.AdamW(network.parameters(), lr=args.rate, weight_decay=0.01)
    schedule = warm_cosine(optimiser, args.steps, 100, args.minutes)
    seen, began = np.zeros(2), time.time()
    for step, batch in zip(range(1, args.steps + 1), trainer.batches(), strict=False):
        far, wrong = trainer.losses(network, batch)
        (LIKENESS * far + wrong).backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad()
        schedule.step()
        seen += [far.item(), wrong.item()]
        if step % 100 == 0:
            told = {"step": step, "far": seen[0] / 100, "wrong": seen[1] / 100}
            print(json.dumps({**told, "s": round(time.time() - began)}), flush=True)
            seen[:] = 0
        last = is_last(step, args, began)
        if step % 500 == 0 or last:
            torch.save(network.state_dict(), args.out / f"windows-{step}.pt")
        if last:
            break
    if not args.keep:
        ship([args.out / f"windows-{step}.pt"])


if __name__ == "__main__":
    main()
