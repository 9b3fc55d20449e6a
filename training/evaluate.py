"""Score a reader: python training/evaluate.py [WEIGHTS.safetensors | step-N.pt]

THQuAD's 405 test questions, each with its own paragraph: F1 and EM as in SQuAD 1.1, letters
folded the Turkish way. The machine-written questions of the texts held out: F1 and EM of the
answerable ones, and how well the best evidence logit of the paragraph tells the others.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from data import THQUAD, load
from script import mean_weights

from dipnot.language.sentences import split_sentences
from dipnot.models.encoder import load_encoder
from dipnot.models.network import make_network
from dipnot.models.reader import Reader, load_reader
from dipnot.models.weightfile import READER, packed
from dipnot.retrieval.rerank import cut_windows, read_score
from dipnot.types import Reading, Span


def normalised(text: str) -> list[str]:
    text = text.replace("İ", "i").replace("I", "ı").lower()
    return "".join(c if c.isalnum() else " " for c in text).split()


def f1(found: str, right: str) -> float:
    a, b = normalised(found), normalised(right)
    common = sum((Counter(a) & Counter(b)).values())
    return 2 * common / (len(a) + len(b)) if common else float(a == b)


def best_words(reader: Reader, question: str, text: str) -> tuple[str, int, list[Reading]]:
    """The best answer in a paragraph, which sentence it is of, and the readings of all of them."""
    sentences = [text[slice(*span)] for span in split_sentences(text)]
    cut = cut_windows([len(s.split()) for s in sentences], [True] * len(sentences))
    windows = [[sentences[i] for i in window] for window in cut]
    readings = [r for own in reader.read(question, windows) for r in own]
    best = max(range(len(readings)), key=lambda i: read_score(readings[i]))
    before = sentences[best - 1] if best else None
    again = reader.read_again(question, sentences[best], before)
    return sentences[best][slice(*again.words)], best, readings


def auc(yes: Sequence[float], no: Sequence[float]) -> float:
    """Chance that one of ``yes`` scores above one of ``no``."""
    a, b = np.array(yes)[:, None], np.array(no)[None, :]
    return float(((a > b) + 0.5 * (a == b)).mean())


def main() -> None:
    encoder = load_encoder()
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else READER
    if path.suffix == ".pt":
        # As it would be shipped.
        reader = Reader(make_network(packed(mean_weights([path]))), encoder)
    else:
        loaded = load_reader(encoder, path)
        assert loaded is not None, "these weights are for another encoder"
        reader = loaded
    told: dict[str, float] = {}
    scores, exact = [], []
    for file in sorted(THQUAD.glob("*test*.json")):
        for article in json.loads(file.read_text("utf-8"))["data"]:
            for paragraph in article["paragraphs"]:
                for qa in paragraph["qas"]:
                    got, _, _ = best_words(reader, qa["question"], paragraph["context"])
                    right = [a["text"] for a in qa["answers"]]
                    scores.append(max(f1(got, r) for r in right))
                    exact.append(max(normalised(got) == normalised(r) for r in right))
    told |= {"THQuAD test": len(scores), "F1": _mean(scores), "EM": _mean(exact)}
    material, questions = load()
    scores, exact, first = [], [], []
    yes: list[Reading] = []
    no: list[Reading] = []
    for q in questions:
        if q.source != "written" or not material[q.pid].held_out:
            continue
        text = material[q.pid].text
        got, best, readings = best_words(reader, q.text, text)
        top = Reading(max(r.evidence for r in readings), readings[best].span, Span(0, 0))
        if q.answer is None or q.evidence is None:
            no.append(top)
            continue
        yes.append(top)
        scores.append(f1(got, text[slice(*q.answer)]))
        exact.append(normalised(got) == normalised(text[slice(*q.answer)]))
        place = material[q.pid].sentences[best]
        first.append(place.start < q.evidence.end and q.evidence.start < place.end)
    told |= {
        "written, held out": len(yes),
        "and unanswerable": len(no),
        "F1 written": _mean(scores),
        "EM written": _mean(exact),
        "right sentence": _mean(first),
        "AUC evidence": auc([r.evidence for r in yes], [r.evidence for r in no]),
        "AUC span": auc([r.span for r in yes], [r.span for r in no]),
    }
    for name, value in told.items():
        print(f"{name:20} {value:.3f}" if value < 1.01 else f"{name:20} {value:.0f}")


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


if __name__ == "__main__":
    main()
