"""Fit how single sentences are ranked, and show what a margin for quoting costs in words.

usage: .venv/bin/python benchmarks/choice.py [--texts FOLDER ...] [--measure FOLDER ...]
           [--public FOLDER] [--work FOLDER]

The texts and questions are those of ``verdict.py``. For a question one sentence or more is
evidence; the weights are those under which it is likeliest to be chosen among all considered
(conditional logit: McFadden, 1974). What is reported of a text comes from a fit without it.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import verdict
from scipy.optimize import minimize
from scipy.special import logsumexp

from dipnot.answer.respond import Models
from dipnot.evaluation.scores import letters
from dipnot.index.build import Index
from dipnot.question.answer_type import holds_kind
from dipnot.question.understanding import understand
from dipnot.retrieval.query import make_query
from dipnot.retrieval.rank import WEIGHTS, rank
from dipnot.retrieval.rerank import reread, sentence_features
from dipnot.types import Filters, Turn

NAMES = ("own", "around", "read", "span", "kind")
_MARGINS = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0)
_MOST = 3  # sentences quoted
_RIDGE = 1e-3

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Choice:
    """The sentences considered for one question: what tells for each, which are evidence."""

    text: str
    fitted: bool
    features: Floats
    evidence: Flags
    words: npt.NDArray[np.int64]


def choice(text: verdict.Text, index: Index, models: Models, asked: verdict.Row) -> Choice:
    question = understand(asked["question"], [Turn(*turn) for turn in asked["history"]])
    query = make_query(question, models.encoder, index)
    ranking = rank(index, query, Filters())
    assert models.reader is not None
    read = reread(index, question.standalone, ranking, models.reader, WEIGHTS)
    numbers, _, features = sentence_features(index, ranking, read.readings)
    own = [index.sentence(n) for n in numbers]
    texts = [s.text for s in own]
    kind = np.array([[holds_kind(question.kinds, s.text, s.language) is True] for s in own])
    plain = [letters(t) for t in texts]
    return Choice(
        text=text.name,
        fitted=text.fitted,
        features=np.concatenate([features, kind], axis=1).astype(np.float64),
        evidence=np.array([any(e in t for e in asked["evidence"]) for t in plain]),
        words=np.array([len(t.split()) for t in texts]),
    )


def collect(texts: Sequence[verdict.Text], work: Path) -> list[Choice]:
    choices: list[Choice] = []
    for text, index, models in verdict.opened(texts, work):
        answerable = [r for r in text.rows if r["evidence"]]
        choices += [choice(text, index, models, r) for r in answerable]
        print(text.name, len(answerable), "questions", flush=True)
    return choices


def fit(choices: Sequence[Choice]) -> Floats:
    """The weights under which evidence is likeliest; each text counts the same."""
    size = {c.text: sum(o.text == c.text for o in choices) for c in choices}
    told = [(c, 1 / size[c.text]) for c in choices if c.evidence.any()]
    total = sum(share for _, share in told)

    def loss(w: Floats) -> tuple[float, Floats]:
        value, slope = _RIDGE * float(w @ w), 2 * _RIDGE * w
        for c, share in told:
            scores = c.features @ w
            own = np.where(c.evidence, scores, -np.inf)
            value += share / total * float(logsumexp(scores) - logsumexp(own))
            among = np.exp(scores - logsumexp(scores)) - np.exp(own - logsumexp(own))
            slope = slope + share / total * (among @ c.features)
        return value, slope

    found: Floats = minimize(loss, np.zeros(len(NAMES)), jac=True, method="L-BFGS-B").x
    return found


def quoted(c: Choice, weights: Floats, margin: float) -> tuple[bool, int]:
    """Whether evidence is among what is quoted, and how many words are."""
    scores = c.features @ weights
    order = np.argsort(-scores, kind="stable")[:_MOST]
    order = order[scores[order] >= scores[order[0]] - margin]
    return bool(c.evidence[order].any()), int(c.words[order].sum())


def tell(choices: Sequence[Choice]) -> None:
    """Print the weights, and for each margin what is quoted of texts left out."""
    fitted = [c for c in choices if c.fitted]
    print(dict(zip(NAMES, fit(fitted).round(2).tolist(), strict=True)))
    names = list(dict.fromkeys(c.text for c in choices))
    alike = {n: [o for o in names if o == n or verdict.related(n, o)] for n in names}
    weights = {n: fit([c for c in fitted if c.text not in alike[n]]) for n in names}
    print("margin  cited  words: mean, median;  cited by text:", *names, sep="  ")
    for margin in _MARGINS:
        found = [(c.text, *quoted(c, weights[c.text], margin)) for c in choices]
        cited, words = (np.array([f[i] for f in found], float) for i in (1, 2))
        own = [np.mean([f[1] for f in found if f[0] == n]) for n in names]
        print(
            f"{margin:.1f}  {cited.mean():.3f}  {words.mean():.0f}  {np.median(words):.0f} ",
            *(f"{x:.2f}" for x in own),
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=Path, nargs="*", default=[], help="folders to fit on")
    parser.add_argument("--measure", type=Path, nargs="*", default=[], help="and to report only")
    parser.add_argument("--public", type=Path, help="the folder of the public sets")
    parser.add_argument("--work", type=Path, help="where corpora and indexes are kept")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        work = args.work or Path(folder)
        texts = [t for own in args.texts for t in verdict.folder_texts(own, fitted=True)]
        texts += verdict.article_texts()
        texts += [t for own in args.measure for t in verdict.folder_texts(own, fitted=False)]
        texts += [*verdict.held_out_texts(args.public, work), verdict.test_text(work)]
        tell(collect(texts, work))


if __name__ == "__main__":
    main()
