"""Fit the verdict, and draw risk against coverage.

usage: .venv/bin/python benchmarks/verdict.py [--plot FILE.svg] [--features FILE.json]

Questions: dev and hard on the article; and on a corpus of their own, the paragraphs that the
reader was not trained on: THQuAD's 405 test questions, the machine-written questions held out
with the unanswerable among them, and questions of other texts, which this corpus does not answer.
A logistic regression over the signals says how likely it is that the quoted sentences answer; what
is reported of it is cross-validated in five parts. Refusing goes by two sums with a threshold each.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold

from dipnot.answer.respond import Models, choice_of, consider
from dipnot.answer.verdict import (
    ANSWERED_AT,
    NOT_IN_TEXT_BELOW,
    OFF_TOPIC_BELOW,
    SIGNALS,
    Signals,
    features,
    reach,
)
from dipnot.engine import Engine, load_models
from dipnot.evaluation.plots import SHARE, Axis, Line, line_plot, share
from dipnot.evaluation.scores import letters
from dipnot.question.understanding import understand
from dipnot.retrieval.query import make_query
from dipnot.retrieval.rank import rank
from dipnot.settings import Settings
from dipnot.types import Filters, Turn

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "training"))
import data as material  # noqa: E402

_OTHERS = 150
Row = dict[str, Any]


def ask(engine: Engine, models: Models, row: Row) -> Row:
    history = [Turn(*turn) for turn in row["history"]]
    query = make_query(understand(row["question"], history), models.encoder, engine.index)
    ranking = rank(engine.index, query, Filters())
    _, chosen, signals = choice_of(consider(engine.index, models, query, ranking, 10))
    quotes = [letters(" ".join(c.passage.text for c in group)) for group in chosen]
    cited = any(e in q for q in quotes for e in row["evidence"])
    return {**row, "cited": cited, "signals": asdict(signals)}


def article_rows() -> list[Row]:
    folder = HERE.parent / "corpus" / "questions"
    rows = []
    for name in ("dev", "hard"):
        also = json.loads((folder / f"{name}-alt-evidence.json").read_text("utf-8"))
        for part in (name, f"{name}-unanswerable"):
            for line in (folder / f"{part}.jsonl").read_text("utf-8").splitlines():
                q = json.loads(line)
                evidence = [letters(e) for e in [*q["evidence"], *also.get(q["id"], [])]]
                kind = q.get("note", "").split(":")[0].replace("-", " ") if not evidence else ""
                rows.append(
                    {"set": name, "question": q["question"], "history": q["history"],
                     "evidence": evidence, "kind": kind or ("" if evidence else "unsorted")}
                )  # fmt: skip
    return rows


def other_rows(corpus: Path) -> list[Row]:
    """Write the corpus of texts that the reader did not learn from; give questions on it."""
    paragraphs, questions = material.load()
    corpus.mkdir()
    rows: list[Row] = []
    for pid, paragraph in paragraphs.items():
        if paragraph.held_out:
            (corpus / f"{pid}.txt").write_text(paragraph.text + "\n", "utf-8")
    for n, path in enumerate(sorted(material.THQUAD.glob("*test*.json"))):
        for article in json.loads(path.read_text("utf-8"))["data"]:
            for m, part in enumerate(article["paragraphs"]):
                name = f"test-{n}-{article['title'][:20]}-{m}".replace("/", "-")
                (corpus / f"{name}.txt").write_text(part["context"] + "\n", "utf-8")
                for qa in part["qas"]:
                    answer = material.realigned(part["context"], qa["answers"][0])
                    if answer is not None:
                        begin = part["context"].rfind(".", 0, answer.start) + 1
                        evidence = letters(part["context"][begin : answer.end])
                        rows.append(_row("thquad", qa["question"], [evidence[-60:]], ""))
    others = []
    for q in questions:
        held = paragraphs[q.pid].held_out
        if q.source != "written":
            continue
        if held and q.answer is not None and q.evidence is not None:
            span = letters(paragraphs[q.pid].text[slice(*q.evidence)])
            rows.append(_row("written", q.text, [span], ""))
        elif held:
            rows.append(_row("written", q.text, [], "near miss"))
        elif q.answer is not None:
            others.append(_row("written", q.text, [], "other text"))
    random.Random(1).shuffle(others)
    return rows + others[:_OTHERS]


def _row(name: str, question: str, evidence: list[str], kind: str) -> Row:
    return {"set": name, "question": question, "history": [], "evidence": evidence, "kind": kind}


def collect() -> list[Row]:
    rows: list[Row] = []
    settings = Settings()
    encoder, reader = load_models(settings)
    models = Models(encoder, reader)
    with tempfile.TemporaryDirectory() as folder:
        for name in ("article", "others"):
            corpus = settings.corpus if name == "article" else Path(folder) / "corpus"
            asked = article_rows() if name == "article" else other_rows(corpus)
            made = replace(settings, corpus=corpus, index=Path(folder) / f"index-{name}")
            engine = Engine(made, encoder, reader)
            engine.load()
            rows += [ask(engine, models, row) for row in asked]
            print(name, len(asked), "questions", flush=True)
    return rows


def fit(x: npt.NDArray[np.float64], y: npt.NDArray[np.bool_], w: npt.NDArray[np.float64]) -> Any:
    return LogisticRegression(C=1.0, max_iter=2000).fit(x, y, sample_weight=w)


def crossed(
    x: npt.NDArray[np.float64], y: npt.NDArray[np.bool_], w: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Probabilities for each row from a fit on the other four fifths."""
    out = np.zeros(len(y))
    for train, test in KFold(5, shuffle=True, random_state=0).split(x):
        out[test] = fit(x[train], y[train], w[train]).predict_proba(x[test])[:, 1]
    return out


_STYLE = """<style>
svg { background: #fff; font: 12px sans-serif; } text { fill: #333; }
.grid { stroke: #ddd; } .line { fill: none; stroke-width: 2.2; }
.s1 { stroke: #1f6f8b; color: #1f6f8b; } .s2 { stroke: #b4552d; color: #b4552d; }
.s3 { stroke: #5b7f3a; color: #5b7f3a; } .s4 { stroke: #7a5195; color: #7a5195; }
tspan { stroke: none; fill: currentColor; }
</style>"""


def coverage(
    likely: npt.NDArray[np.float64], cited: npt.NDArray[np.bool_], there: npt.NDArray[np.bool_]
) -> list[tuple[float, float]]:
    """How often an answer is right, at every share of the answerable questions answered."""
    order = np.argsort(-likely, kind="stable")
    answered = np.cumsum(there[order]) / max(1, there.sum())
    right = np.cumsum(cited[order]) / np.arange(1, len(order) + 1)
    return [(float(s), float(r)) for s, r in zip(answered, right, strict=True) if s >= 0.05]


def plot(path: Path, curves: Mapping[str, list[tuple[float, float]]]) -> None:
    """Draw the curves with the names of their sets at their ends."""
    x = Axis("answerable questions that are answered", 1, SHARE, share)
    y = Axis("answers that are right", 1, SHARE, share)
    title = "How often an answer is right, by share answered: " + ", ".join(curves)
    drawn = line_plot(title, x, y, [Line(points) for points in curves.values()])
    names = "".join(
        f'<text x="90" y="{250 + 16 * n}"><tspan class="s{n + 1}">■</tspan> {name}</text>'
        for n, name in enumerate(curves)
    )
    path.write_text(drawn.replace("</svg>", f"{_STYLE}{names}</svg>"), "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--features", type=Path, help="keep or reuse what was collected")
    parser.add_argument("--plot", type=Path)
    args = parser.parse_args()
    if args.features and args.features.exists():
        rows = json.loads(args.features.read_text("utf-8"))
    else:
        rows = collect()
        if args.features:
            args.features.write_text(json.dumps(rows, ensure_ascii=False), "utf-8")
    signals = [Signals(**r["signals"]) for r in rows]
    x = np.array([features(s) for s in signals])
    cited = np.array([bool(r["cited"]) for r in rows])
    there = np.array([bool(r["evidence"]) for r in rows])
    sets = np.array([r["set"] for r in rows])
    # Each set counts the same, and in each what is answered and what is not.
    weight = np.zeros(len(rows))
    for name in set(sets):
        for flag in (True, False):
            mine = (sets == name) & (there == flag)
            if mine.any():
                weight[mine] = 1 / mine.sum()
    weight *= len(rows) / weight.sum()
    model = fit(x, cited, weight)
    told = dict(zip(SIGNALS, np.round(model.coef_[0], 3).tolist(), strict=True))
    print("_ANSWERS =", json.dumps({"bias": round(float(model.intercept_[0]), 3), **told}))
    answers = crossed(x, cited, weight)
    reached = np.array([reach(s) for s in signals])
    off_topic = np.array([s.support < OFF_TOPIC_BELOW for s in signals])
    if args.plot:
        chosen = {name: sets == name for name in ("dev", "hard", "written", "thquad")}
        plot(args.plot, {n: coverage(answers[m], cited[m], there[m]) for n, m in chosen.items()})
    for name in [*sorted(set(sets)), "all"]:
        mine = (sets == name) if name != "all" else np.ones(len(rows), bool)
        print(f"\n{name}: {(mine & there).sum()} answerable, {(mine & ~there).sum()} not")
        for at in (0.2, ANSWERED_AT, 0.4, 0.5, 0.6, 0.7, 0.8):
            sure = mine & (answers >= at)
            right = (sure & cited).sum() / max(1, sure.sum())
            print(
                f"  answered at {at}: right {right:.3f}, "
                f"share {(sure & there).sum() / max(1, (mine & there).sum()):.3f}"
            )
        for at in (-2.0, -1.0, NOT_IN_TEXT_BELOW, 0.0, 1.0):
            refused = mine & (off_topic | (reached < at))
            kinds = sorted({r["kind"] for r, m in zip(rows, mine, strict=True) if m and r["kind"]})
            told = {
                k: round(
                    float(np.mean([f for f, r, m in zip(refused, rows, mine, strict=True)
                                   if m and r["kind"] == k])), 2
                )
                for k in kinds
            }  # fmt: skip
            false = (refused & there).sum() / max(1, (mine & there).sum())
            print(f"  refused below {at}: false {false:.3f}, right {told}")


if __name__ == "__main__":
    main()
