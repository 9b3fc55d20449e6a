"""Score a reader: python training/evaluate.py [WEIGHTS.safetensors | step-N.pt] [--public FOLDER]

THQuAD's 405 test questions, each with its own paragraph: F1 and EM as in SQuAD 1.1, letters
folded the Turkish way. Questions of the texts held out, by shelf, each read with the five windows
of its own text that retrieval ranks first (the one that answers among them): F1, EM, the right
sentence first. How well the span's logit tells them from questions that nothing answers: written
ones, by kind; the same questions asked of their text without the evidence (near misses), of
another text of the shelf (same field), of a text of another shelf (off topic); everyday ones.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
from data import THQUAD, Paragraph, Question, load
from script import mean_weights

from dipnot.index.centring import centred
from dipnot.language.sentences import split_sentences
from dipnot.models.encoder import SentenceTransformerEncoder, load_encoder
from dipnot.models.network import make_network, run
from dipnot.models.reader import LOWEST, Reader, load_reader
from dipnot.models.weightfile import READER, packed
from dipnot.retrieval.rerank import cut_windows, read_score
from dipnot.types import Reading, Span, Vectors

MOST_WINDOWS = 5  # of a text, as Dipnot reads
KEPT = 0.8  # of the answerable questions, where what is falsely answered is counted
NEGATIVES = ("unanswerable", "near miss", "same field", "off topic", "everyday")
NOTHING = Reading(LOWEST, LOWEST, Span(0, 0))


def normalised(text: str) -> list[str]:
    text = text.replace("İ", "i").replace("I", "ı").lower()
    return "".join(c if c.isalnum() else " " for c in text).split()


def f1(found: str, right: str) -> float:
    a, b = normalised(found), normalised(right)
    common = sum((Counter(a) & Counter(b)).values())
    return 2 * common / (len(a) + len(b)) if common else float(a == b)


def auc(yes: Sequence[float], no: Sequence[float]) -> float:
    """Chance that one of ``yes`` scores above one of ``no``."""
    a, b = np.array(yes)[:, None], np.array(no)[None, :]
    return float(((a > b) + 0.5 * (a == b)).mean()) if len(yes) and len(no) else float("nan")


def best_words(reader: Reader, question: str, text: str) -> str:
    """The best answer in a paragraph."""
    sentences = [text[slice(*span)] for span in split_sentences(text)]
    cut = cut_windows([len(s.split()) for s in sentences], [True] * len(sentences))
    windows = [[sentences[i] for i in window] for window in cut]
    readings = [r for own in reader.read(question, windows) for r in own]
    best = max(range(len(readings)), key=lambda i: read_score(readings[i]))
    before = sentences[best - 1] if best else None
    again = reader.read_again(question, sentences[best], before)
    return sentences[best][slice(*again.words)]


def read_test(reader: Reader) -> tuple[float, float, int]:
    """F1 and EM on THQuAD's test questions, and their number."""
    scores, exact = [], []
    for file in sorted(THQUAD.glob("*test*.json")):
        for article in json.loads(file.read_text("utf-8"))["data"]:
            for paragraph in article["paragraphs"]:
                for qa in paragraph["qas"]:
                    got = best_words(reader, qa["question"], paragraph["context"])
                    right = [a["text"] for a in qa["answers"]]
                    scores.append(max(f1(got, r) for r in right))
                    exact.append(float(max(normalised(got) == normalised(r) for r in right)))
    return _mean(scores), _mean(exact), len(scores)


@dataclass
class Text:
    """A text held out: its windows as Dipnot cuts them, with vectors of the sentences."""

    shelf: str
    paragraphs: list[Paragraph]
    windows: list[list[tuple[str, int]]] = field(default_factory=list)
    vectors: dict[tuple[str, int], Vectors] = field(default_factory=dict)

    def sentence(self, place: tuple[str, int]) -> str:
        own = next(p for p in self.paragraphs if p.pid == place[0])
        return own.text[slice(*own.sentences[place[1]])]


def texts_held_out(
    paragraphs: dict[str, Paragraph], encoder: SentenceTransformerEncoder
) -> dict[str, Text]:
    texts: dict[str, Text] = {}
    for p in paragraphs.values():
        if not p.held_out:
            continue
        own = texts.setdefault(p.group, Text(p.shelf, []))
        own.paragraphs.append(p)
        words = [len(p.text[slice(*s)].split()) for s in p.sentences]
        own.windows += [[(p.pid, n) for n in w] for w in cut_windows(words, [True] * len(words))]
    places = [(t, place) for t in texts.values() for w in t.windows for place in w]
    found = encoder.encode_passages([t.sentence(p) for t, p in places], tokens=False).vectors
    found = centred(found, found.mean(axis=0))
    for (text, place), vector in zip(places, found, strict=True):
        text.vectors[place] = vector
    return texts


@dataclass
class Asked:
    """A question, its vector, where it is answered."""

    question: Question
    shelf: str
    group: str
    vector: Vectors
    gold: set[tuple[str, int]]


def ask(
    paragraphs: dict[str, Paragraph], questions: list[Question],
    encoder: SentenceTransformerEncoder, most: int,
) -> list[Asked]:  # fmt: skip
    """The questions of texts held out, at most so many of a source and shelf, and everyday ones."""
    drawn: dict[tuple[str, str, bool], list[Question]] = defaultdict(list)
    for q in random.Random(5).sample(questions, len(questions)):
        if not q.pid or paragraphs[q.pid].held_out:
            shelf = paragraphs[q.pid].shelf if q.pid else ""
            drawn[q.source, shelf, q.answer is None].append(q)
    kept = [q for own in drawn.values() for q in own[:most]]
    vectors = np.concatenate([encoder.encode_queries([q.text]).vectors for q in kept])
    vectors = centred(vectors, vectors.mean(axis=0))
    return [
        Asked(q, paragraphs[q.pid].shelf if q.pid else "", paragraphs[q.pid].group if q.pid else "",
              v, gold_of(q, paragraphs))
        for q, v in zip(kept, vectors, strict=True)
    ]  # fmt: skip


def gold_of(q: Question, paragraphs: dict[str, Paragraph]) -> set[tuple[str, int]]:
    if q.answer is None or q.evidence is None:
        return set()
    return {
        (pid, n)
        for pid, span in ((q.pid, q.evidence), *q.also)
        for n, s in enumerate(paragraphs[pid].sentences)
        if s.start < span.end and span.start < s.end
    }


def read_in(
    reader: Reader, asked: Asked, text: Text, *, without: bool = False
) -> tuple[Reading, tuple[str, int] | None]:
    """The best reading among a text's first windows, and of which sentence it is.

    ``without``: sentences that answer are left out; else the window with the first is read.
    """
    allowed = [w for w in text.windows if not (without and asked.gold.intersection(w))]
    if not allowed:
        return NOTHING, None
    order = sorted(allowed, key=lambda w: -max(float(text.vectors[p] @ asked.vector) for p in w))
    first = order[:MOST_WINDOWS]
    if asked.gold and not without and not any(asked.gold.intersection(w) for w in first):
        first[-1:] = [w for w in order if asked.gold.intersection(w)][:1] or first[-1:]
    read = reader.read(asked.question.text, [[text.sentence(p) for p in w] for w in first])
    found = [
        (r, p) for own, w in zip(read, first, strict=True) for r, p in zip(own, w, strict=True)
    ]
    return max(found, key=lambda pair: read_score(pair[0]))


def words_of(reader: Reader, asked: Asked, text: Text, place: tuple[str, int]) -> tuple[str, float]:
    pid, number = place
    before = text.sentence((pid, number - 1)) if number else None
    again = reader.read_again(asked.question.text, text.sentence(place), before)
    return text.sentence(place)[slice(*again.words)], again.span


def score(
    reader: Reader, asked: Sequence[Asked], texts: dict[str, Text],
    paragraphs: dict[str, Paragraph],
) -> None:  # fmt: skip
    rng = random.Random(9)
    by_shelf: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    kinds: dict[str, list[float]] = defaultdict(list)
    marks: list[tuple[float, float, str]] = []
    for a in asked:
        q = a.question
        if not a.group:
            read, _ = read_in(reader, a, texts[rng.choice(sorted(texts))])
            by_shelf["all"]["everyday"].append(read.span)
            continue
        name = f"{q.source} {a.shelf}"
        read, place = read_in(reader, a, texts[a.group])
        if q.answer is None:
            by_shelf[name]["unanswerable"].append(read.span)
            by_shelf["all"]["unanswerable"].append(read.span)
            if q.source == "texts":
                kinds[q.kind].append(read.span)
            continue
        assert place is not None
        words, again = words_of(reader, a, texts[a.group], place)
        right = [paragraphs[pid].text[slice(*s)] for pid, s in ((q.pid, q.answer), *q.also)]
        marks.append((again, max(f1(words, r) for r in right), name))
        same = [g for g, t in texts.items() if t.shelf == a.shelf and g != a.group]
        other = [g for g, t in texts.items() if t.shelf != a.shelf]
        told = {
            "answerable": read.span,
            "F1": marks[-1][1],
            "EM": float(max(normalised(words) == normalised(r) for r in right)),
            "first": float(place in a.gold),
        }
        if rng.random() < 0.5:
            told["near miss"] = read_in(reader, a, texts[a.group], without=True)[0].span
            told["off topic"] = read_in(reader, a, texts[rng.choice(other)])[0].span
            if same:
                told["same field"] = read_in(reader, a, texts[rng.choice(same)])[0].span
        for key, value in told.items():
            by_shelf[name][key].append(value)
            by_shelf["all"][key].append(value)
    print(f"\n{'':20}   n     F1    EM  first | AUC of the span's logit against", *NEGATIVES)
    for name, own in sorted(by_shelf.items()):
        areas = [f"{auc(own['answerable'], own[key]):.3f}" for key in NEGATIVES]
        print(
            f"{name:20} {len(own['answerable']):4} {_mean(own['F1']):.3f} {_mean(own['EM']):.3f} "
            f"{_mean(own['first']):.3f} | {' '.join(areas)}"
        )
    yes = [v for n, own in by_shelf.items() if n.startswith("texts") for v in own["answerable"]]
    if yes:
        at = float(np.quantile(yes, 1 - KEPT))
        print(
            f"\nfalsely answered where {KEPT} of the answerable are (texts, {len(yes)}), by kind:"
        )
        every = [v for own in kinds.values() for v in own]
        for kind, spans in [*sorted(kinds.items()), ("all", every)]:
            false = _mean([v >= at for v in spans])
            print(f"{kind:12} {len(spans):4} {false:.3f} {auc(yes, spans):.3f}")
    print("\nmarked from a span's logit on: share of answerable, F1 of the marked words")
    for at in (-2.0, 0.0, 1.0, 2.0, 3.0, 4.0, 5.0):
        parts = []
        for names in ("", "texts", "public", "written"):
            mine = [m for m in marks if m[2].startswith(names)]
            sure = [m[1] for m in mine if m[0] >= at]
            parts.append(f"{names or 'all'} {len(sure) / max(1, len(mine)):.2f} {_mean(sure):.3f}")
        print(f"{at:5} {' | '.join(parts)}")


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else float("nan")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("weights", type=Path, nargs="*", default=[READER])
    parser.add_argument("--public", type=Path, help="the folder of the public sets")
    parser.add_argument("--most", type=int, default=400, help="questions of a source and shelf")
    args = parser.parse_args()
    encoder = load_encoder()
    if args.weights[0].suffix == ".pt":
        # As it would be shipped; of several, their mean.
        reader = Reader(partial(run, make_network(packed(mean_weights(args.weights)))), encoder)
    else:
        loaded = load_reader(encoder, args.weights[0])
        assert loaded is not None, "these weights are for another encoder"
        reader = loaded
    found, exact, n = read_test(reader)
    print(f"THQuAD test, {n} questions: F1 {found:.3f}, EM {exact:.3f}", flush=True)
    paragraphs, questions = load(args.public)
    texts = texts_held_out(paragraphs, encoder)
    score(reader, ask(paragraphs, questions, encoder, args.most), texts, paragraphs)


if __name__ == "__main__":
    main()
