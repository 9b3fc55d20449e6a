"""Fit the verdict on many texts, and judge it on texts left out.

usage: .venv/bin/python benchmarks/verdict.py [--texts FOLDER ...] [--measure FOLDER ...]
           [--public FOLDER] [--work FOLDER] [--features FILE.json] [--plots FOLDER]

A folder of texts has NAME/corpus and NAME/*.jsonl with questions, as `dipnot eval` reads them.
Fitted on: dev and hard on the article, the texts of `--texts`, and texts that nothing was trained
on (THQuAD's test files; those of `training/data` and of `--public` that are held out, many texts
together and some of them alone). Texts of `--measure` are only reported. Each text is also asked
everyday questions and questions of other texts, which it does not answer.

Two regressions say how likely it is that a text is about a question, and that the quoted sentences
say it; a third makes one probability of both. What is reported of a text comes from a fit without
it; so do its thresholds.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from dipnot.answer.respond import Models, choice_of, consider
from dipnot.answer.verdict import ABOUT, SAYS, Signals, about_features, says_features
from dipnot.engine import Engine, load_models
from dipnot.evaluation.plots import SHARE, Axis, Line, line_plot, share
from dipnot.evaluation.scores import first_met, letters
from dipnot.index.build import Index
from dipnot.question.understanding import understand
from dipnot.retrieval.query import make_query
from dipnot.retrieval.rank import rank
from dipnot.settings import Settings
from dipnot.types import Filters, Turn

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "training"))
import data as material  # noqa: E402

_EVERYDAY, _OTHERS = 15, 15  # questions asked of each text that it does not answer
_MOST = 100  # questions of a text
_TEXTS = 6  # of those held out together on a shelf: more take long to embed
_ALONE = 2  # of the texts held out are asked by themselves too: a corpus of one page
_FALSE = 0.04  # of the answerable questions refused, where the thresholds are set
OFF_TOPIC = ("everyday", "other text", "off topic")
ELSEWHERE = (*OFF_TOPIC, "same field")  # kinds of questions that a text is not about

Row = dict[str, Any]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Text:
    """A corpus with questions; ``fitted``: what is measured on it may be fitted on."""

    name: str
    corpus: Path
    rows: list[Row]
    fitted: bool = True


# --- texts and questions -----------------------------------------------------------------------


def row(question: str, evidence: Iterable[str], kind: str, history: Sequence[Any] = ()) -> Row:
    quotes = [letters(e) for e in evidence]
    return {
        "question": question,
        "history": list(history),
        "evidence": quotes,
        "kind": "" if quotes else kind or "unsorted",
    }


def written_rows(files: Iterable[Path]) -> list[Row]:
    """Read question sets as `dipnot eval` does."""
    found = []
    for file in files:
        beside = file.with_name(f"{file.stem}-alt-evidence.json")
        also = json.loads(beside.read_text("utf-8")) if beside.exists() else {}
        for q in material.rows(file):
            evidence = [*q["evidence"], *also.get(q["id"], [])]
            kind = q.get("note", "").split(":")[0].replace("-", " ")
            found.append(row(q["question"], evidence, kind, q.get("history", ())))
    return found


def article_texts() -> list[Text]:
    corpus = HERE.parent / "corpus"
    return [
        Text(name, corpus, written_rows(sorted((corpus / "questions").glob(f"{name}*.jsonl"))))
        for name in ("dev", "hard")
    ]


def folder_texts(folder: Path, *, fitted: bool) -> list[Text]:
    return [
        Text(own.name, own / "corpus", written_rows(sorted(own.glob("*.jsonl"))), fitted)
        for own in sorted(folder.iterdir())
        if (own / "corpus").is_dir()
    ]


def held_out_texts(public: Path | None, work: Path) -> list[Text]:
    """Write corpora of the texts that nothing was trained on: by source and shelf, and alone."""
    paragraphs, questions = material.load(public)
    groups: dict[str, list[material.Paragraph]] = {}
    for p in paragraphs.values():
        if p.held_out:
            groups.setdefault(p.group, []).append(p)
    asked: dict[str, list[Row]] = {}
    sources: dict[str, str] = {}
    for q in questions:
        own = paragraphs[q.pid].group if q.pid else ""
        # What leans on another question, and what wants several places: conversations.py.
        if own in groups and q.kind not in (material.FOLLOW, material.OPEN):
            asked.setdefault(own, []).append(row(q.text, _evidence(q, paragraphs), "near miss"))
            sources[own] = q.source
    chosen: dict[str, list[str]] = {}
    for group in sorted(asked):
        shelf = groups[group][0].shelf
        name = "held-out texts" if sources[group] == "texts" else f"held-out {shelf}"
        own_shelf = chosen.setdefault(name, [])
        if len(own_shelf) < _TEXTS or sources[group] == "texts":
            own_shelf.append(group)
    for group in chosen.get("held-out texts", [])[:: max(1, len(groups) // 40)][:_ALONE]:
        chosen[f"alone {group}"] = [group]
    texts = []
    for name, own_groups in chosen.items():
        corpus = work / name.replace(" ", "-")
        corpus.mkdir(exist_ok=True)
        for n, group in enumerate(own_groups):
            lines = "\n\n".join(p.text for p in groups[group])
            (corpus / f"{n}.txt").write_text(lines + "\n", "utf-8")
        rows = [r for group in own_groups for r in asked[group]]
        random.Random(1).shuffle(rows)
        texts.append(Text(name, corpus, rows[:_MOST]))
    return texts


def _evidence(q: material.Question, paragraphs: Mapping[str, material.Paragraph]) -> list[str]:
    if q.answer is None or q.evidence is None:
        return []
    return [
        paragraphs[pid].text[slice(*s)]
        for pid, span in ((q.pid, q.evidence), *q.also)
        for s in paragraphs[pid].sentences
        if s.start < span.end and span.start < s.end
    ]


def test_text(work: Path) -> Text:
    """THQuAD's test files."""
    corpus = work / "thquad-test"
    corpus.mkdir(exist_ok=True)
    rows: list[Row] = []
    for n, path in enumerate(sorted(material.THQUAD.glob("*test*.json"))):
        for article in json.loads(path.read_text("utf-8"))["data"]:
            for m, part in enumerate(article["paragraphs"]):
                (corpus / f"{n}-{len(rows)}-{m}.txt").write_text(part["context"] + "\n", "utf-8")
                for qa in part["qas"]:
                    answer = material.realigned(part["context"], qa["answers"][0])
                    if answer is not None:
                        begin = part["context"].rfind(".", 0, answer.start) + 1
                        evidence = letters(part["context"][begin : answer.end])[-60:]
                        rows.append(row(qa["question"], [evidence], ""))
    return Text("THQuAD test", corpus, rows[:_MOST])


def with_strangers(texts: Sequence[Text], everyday: Sequence[str]) -> list[Text]:
    """Add to each text questions that it does not answer."""
    rng = random.Random(7)
    out = []
    for text in texts:
        others = [
            r["question"]
            for other in texts
            if other.corpus != text.corpus and not related(other.name, text.name)
            for r in other.rows
            if r["evidence"] and not r["history"]
        ]
        extra = [
            row(q, [], "everyday") for q in rng.sample(everyday, min(_EVERYDAY, len(everyday)))
        ]
        extra += [row(q, [], "other text") for q in rng.sample(others, min(_OTHERS, len(others)))]
        out.append(replace(text, rows=[*text.rows, *extra]))
    return out


def related(one: str, other: str) -> bool:
    """Whether two texts share some: one alone and those held out, or their topics, as history."""
    families = (("held-out texts", "alone"), ("THQuAD", "history", "dev", "hard"))
    return any(
        any(f in one for f in family) and any(f in other for f in family) for family in families
    )


# --- asking ------------------------------------------------------------------------------------


def ask(index: Index, models: Models, asked: Row) -> Row:
    history = [Turn(*turn) for turn in asked["history"]]
    query = make_query(understand(asked["question"], history), models.encoder, index)
    found = consider(index, models, query, rank(index, query, Filters()), 10)
    _, chosen, signals = choice_of(found)
    quotes = [letters(" ".join(c.passage.text for c in group)) for group in chosen]
    read, words = first_met([h.passage.text for h in found.hits], asked["evidence"])
    return {
        **asked,
        "cited": any(e in q for q in quotes for e in asked["evidence"]),
        "rank": read,
        "words": words,
        "signals": asdict(signals),
    }


def opened(texts: Sequence[Text], work: Path) -> Iterator[tuple[Text, Index, Models]]:
    """Build or open the index of each text, once for each corpus, with the models that ship."""
    settings = Settings()
    encoder, reader = load_models(settings)
    built: dict[Path, Index] = {}
    for text in texts:
        if text.corpus not in built:
            place = work / f"index-{text.name.replace(' ', '-')}"
            engine = Engine(replace(settings, corpus=text.corpus, index=place), encoder, reader)
            engine.load()
            assert engine.index is not None
            built[text.corpus] = engine.index
        yield text, built[text.corpus], Models(encoder, reader)


def collect(texts: Sequence[Text], work: Path) -> list[Row]:
    rows: list[Row] = []
    for text, index, models in opened(texts, work):
        for asked in text.rows:
            told = {"text": text.name, "corpus": str(text.corpus), "fitted": text.fitted}
            rows.append(told | ask(index, models, asked))
        print(text.name, len(text.rows), "questions", len(index.passages), "passages", flush=True)
        (work / "collected.json").write_text(json.dumps(rows, ensure_ascii=False), "utf-8")
    return rows


# --- fitting -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Table:
    """The rows as arrays."""

    about: Floats
    says: Floats
    cited: Flags
    there: Flags
    elsewhere: Flags
    off_topic: Flags
    texts: npt.NDArray[np.str_]
    kinds: npt.NDArray[np.str_]
    fitted: Flags

    def only(self, mine: Flags) -> Table:
        return Table(*(getattr(self, name)[mine] for name in self.__dataclass_fields__))


def table(rows: Sequence[Row]) -> Table:
    signals = [Signals(**r["signals"]) for r in rows]
    kinds = np.array([r["kind"] for r in rows])
    return Table(
        about=np.array([about_features(s) for s in signals]),
        says=np.array([says_features(s) for s in signals]),
        cited=np.array([bool(r["cited"]) for r in rows]),
        there=np.array([bool(r["evidence"]) for r in rows]),
        elsewhere=np.isin(kinds, ELSEWHERE),
        off_topic=np.isin(kinds, OFF_TOPIC),
        texts=np.array([r["text"] for r in rows]),
        kinds=kinds,
        fitted=np.array([bool(r["fitted"]) for r in rows]),
    )


Weights = dict[str, float]


@dataclass(frozen=True)
class Verdict:
    """The fitted numbers: what ``dipnot.verdict`` holds."""

    about: Weights
    says: Weights
    confidence: Weights
    says_below: float
    refused_below: float

    def probabilities(self, t: Table) -> tuple[Floats, Floats, Floats]:
        """Of being about it, of saying it, and of answering."""
        first, second = _apply(self.about, t.about), _apply(self.says, t.says)
        both = np.stack([np.log(first), np.log(second)], axis=1)
        return first, second, _apply(self.confidence, both)

    def refused(self, t: Table) -> Flags:
        _, second, likely = self.probabilities(t)
        return (second < self.says_below) | (likely < self.refused_below)


def _apply(weights: Weights, x: Floats) -> Floats:
    bias, *rest = weights.values()
    out: Floats = 1 / (1 + np.exp(-np.clip(x @ np.array(rest) + bias, -30, 30)))
    return out


def regression(
    names: Sequence[str], signs: Sequence[int], x: Floats, y: Flags, weight: Floats
) -> Weights:
    """A logistic regression in which no signal speaks for what it must speak against."""
    used = list(range(len(names)))
    while True:
        model = LogisticRegression(C=3.0, max_iter=4000).fit(x[:, used], y, sample_weight=weight)
        coefficients = dict(zip(used, model.coef_[0].tolist(), strict=True))
        wrong = [i for i in used if signs[i] and coefficients[i] * signs[i] < 0]
        if not wrong:
            break
        used.remove(min(wrong, key=lambda i: coefficients[i] * signs[i]))
    told = {name: round(coefficients.get(i, 0.0), 3) for i, name in enumerate(names)}
    return {"bias": round(float(model.intercept_[0]), 3), **told}


def balanced(t: Table, parts: Sequence[Flags]) -> Floats:
    """Weights by which each text counts the same, and in each every part."""
    weight = np.zeros(len(t.texts))
    for name in set(t.texts):
        for part in parts:
            mine = (t.texts == name) & part
            if mine.any():
                weight[mine] = 1 / mine.sum()
    out: Floats = weight * (weight > 0).sum() / weight.sum()
    return out


def fit(t: Table) -> Verdict:
    """Fit all on the rows of some texts."""
    near = ~t.elsewhere
    w = balanced(t, [near, t.elsewhere])
    about = regression(ABOUT, (-1, -1, 0, 1, 1, -1), t.about, near, w)
    own = t.only(near)
    w = balanced(own, [own.there, ~own.there])
    says = regression(SAYS, (1, 1, -1), own.says, own.cited, w)
    both = np.stack([np.log(_apply(about, t.about)), np.log(_apply(says, t.says))], axis=1)
    # Calibrated for a server's questions: three that the texts answer for one that they do not.
    w = balanced(t, [t.there, ~t.there]) * np.where(t.there, 3.0, 1.0)
    final = regression(("about", "says"), (1, 1), both, t.cited, w)
    return Verdict(about, says, final, *thresholds(t, _apply(says, t.says), _apply(final, both)))


def thresholds(t: Table, second: Floats, likely: Floats) -> tuple[float, float]:
    """Those at which the most is refused, off topic counting double, and hardly an honest one."""
    there = balanced(t, [t.there]) * t.there
    off, near = (balanced(t, [p]) * p for p in (t.off_topic, ~t.there & ~t.off_topic))
    best, chosen = -1.0, (0.0, 0.0)
    shares = np.linspace(0, 0.1, 41)
    for a, b in product(np.quantile(second[t.there], shares), np.quantile(likely[t.there], shares)):
        refused = (second < a) | (likely < b)
        if (there * refused).sum() / there.sum() > _FALSE:
            continue
        worth = 2 * (off * refused).sum() / off.sum() + (near * refused).sum() / near.sum()
        if worth > best:
            best, chosen = float(worth), (float(a), float(b))
    return round(chosen[0], 4), round(chosen[1], 4)


# --- telling -----------------------------------------------------------------------------------


def calibration(
    p: Floats, y: Flags, bins: int = 10
) -> tuple[float, list[tuple[float, float, int]]]:
    """The expected calibration error, and each bin: mean probability, share right, number."""
    which = np.minimum((p * bins).astype(int), bins - 1)
    points = [
        (float(p[which == b].mean()), float(y[which == b].mean()), int((which == b).sum()))
        for b in range(bins)
        if (which == b).any()
    ]
    return sum(n * abs(x - s) for x, s, n in points) / len(p), points


def tell(t: Table, refused: Flags, likely: Floats, at: float) -> None:
    """Print a line for each text; what is refused cites nothing."""
    kinds = ("near miss", "same field", "off topic", "everyday", "other text")
    print(f"\n{'answered at ' + str(at):24} n    cited right@share   false |", *kinds)
    names = [*dict.fromkeys(t.texts[t.fitted]), "= fitted", *dict.fromkeys(t.texts[~t.fitted])]
    for name in [*names, "= measured"]:
        mine = t.texts == name
        if name.startswith("="):
            mine = t.fitted if name == "= fitted" else ~t.fitted
        if not mine.any():
            continue
        honest = mine & (t.there | ~np.isin(t.kinds, ("everyday", "other text")))
        sure = honest & (likely >= at) & ~refused
        told = [
            f"{refused[mine & (t.kinds == k)].mean():.2f}({(mine & (t.kinds == k)).sum()})"
            if (mine & (t.kinds == k)).any()
            else "-"
            for k in kinds
        ]
        print(
            f"{name[:24]:24} {(mine & t.there).sum():4} "
            f"{(t.cited & ~refused)[mine & t.there].mean():.3f} "
            f"{t.cited[sure].mean() if sure.any() else 0:.3f}@{sure[mine & t.there].mean():.3f} "
            f"{refused[mine & t.there].mean():.3f} |",
            *told,
        )


def left_out(t: Table) -> tuple[Flags, Floats]:
    """Verdicts on each text from a fit on the others; the article's two sets are one text."""
    refused, likely = np.zeros(len(t.texts), bool), np.zeros(len(t.texts))
    for name in set(t.texts):
        mine = np.array([n == name or related(n, name) for n in t.texts])
        verdict = fit(t.only(t.fitted & ~mine))
        own = t.texts == name
        refused[own] = verdict.refused(t.only(own))
        likely[own] = verdict.probabilities(t.only(own))[2]
    return refused, likely


_STYLE = """<style>
svg { background: #fff; font: 12px sans-serif; } text { fill: #333; }
.grid { stroke: #ddd; } .line { fill: none; stroke-width: 2.2; }
.s1 { stroke: #1f6f8b; color: #1f6f8b; } .s2 { stroke: #b4552d; color: #b4552d; }
.s3 { stroke: #5b7f3a; color: #5b7f3a; } .s4 { stroke: #7a5195; color: #7a5195; }
tspan { stroke: none; fill: currentColor; }
</style>"""


def covered(likely: Floats, cited: Flags, there: Flags) -> list[tuple[float, float]]:
    """How often an answer is right, at every share of the answerable questions answered."""
    order = np.argsort(-likely, kind="stable")
    answered = np.cumsum(there[order]) / max(1, there.sum())
    right = np.cumsum(cited[order]) / np.arange(1, len(order) + 1)
    return [(float(s), float(r)) for s, r in zip(answered, right, strict=True) if s >= 0.05]


def plot(
    path: Path, labels: tuple[str, str, str], curves: Mapping[str, list[tuple[float, float]]]
) -> None:
    """Draw curves with their names."""
    title, across, along = labels
    x, y = Axis(across, 1, SHARE, share), Axis(along, 1, SHARE, share)
    drawn = line_plot(title, x, y, [Line(points) for points in curves.values()])
    names = "".join(
        f'<text x="90" y="{250 + 16 * n}"><tspan class="s{n + 1}">■</tspan> {name}</text>'
        for n, name in enumerate(curves)
    )
    path.write_text(drawn.replace("</svg>", f"{_STYLE}{names}</svg>"), "utf-8")


def draw(folder: Path, t: Table, refused: Flags, likely: Floats) -> None:
    honest = t.there | ~np.isin(t.kinds, ("everyday", "other text"))
    article = np.isin(t.texts, ("dev", "hard"))
    parts = {"the article": article, "other texts": ~article & t.fitted, "measured only": ~t.fitted}
    sure = np.where(refused, 0.0, likely)
    labels = (
        "How often an answer is right, by share answered",
        "answerable questions that are answered",
        "answers that are right",
    )
    curves = {
        n: covered(sure[m & honest], t.cited[m & honest], t.there[m & honest])
        for n, m in parts.items()
        if (m & t.there).any()
    }
    plot(folder / "verdict.svg", labels, curves)
    points = calibration(likely[honest], t.cited[honest])[1]
    labels = ("Confidence on texts left out", "confidence", "answers that are right")
    lines = {
        "texts left out": [(x, y) for x, y, _ in points],
        "perfect": [(0.0, 0.0), (1.0, 1.0)],
    }
    plot(folder / "reliability.svg", labels, lines)


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=Path, nargs="*", default=[], help="folders to fit on")
    parser.add_argument("--measure", type=Path, nargs="*", default=[], help="and to report only")
    parser.add_argument("--public", type=Path, help="the folder of the public sets")
    parser.add_argument("--work", type=Path, help="where corpora and indexes are kept")
    parser.add_argument("--features", type=Path, help="keep or reuse what was collected")
    parser.add_argument("--plots", type=Path, help="folder for the plots")
    return parser.parse_args()


def gather(args: argparse.Namespace) -> list[Row]:
    if args.features and args.features.exists():
        known: list[Row] = json.loads(args.features.read_text("utf-8"))
        return known
    everyday = [q.text for q in material.load()[1] if not q.pid and material.held_out(q.text)]
    with tempfile.TemporaryDirectory() as folder:
        work = args.work or Path(folder)
        texts = [t for own in args.texts for t in folder_texts(own, fitted=True)]
        texts += article_texts()
        texts += [t for own in args.measure for t in folder_texts(own, fitted=False)]
        texts += [*held_out_texts(args.public, work), test_text(work)]
        found = collect(with_strangers(texts, everyday), work)
    if args.features:
        args.features.write_text(json.dumps(found, ensure_ascii=False), "utf-8")
    return found


def main() -> None:
    args = parsed()
    t = table(gather(args))
    verdict = fit(t.only(t.fitted))
    for name in ("about", "says", "confidence"):
        print(f"_{name.upper()} =", json.dumps(getattr(verdict, name)))
    print(f"SAYS_BELOW = {verdict.says_below}\nREFUSED_BELOW = {verdict.refused_below}")
    refused, likely = left_out(t)
    for at in (0.5, 0.6, 0.65, 0.7):
        tell(t, refused, likely, at)
    for name, part in (("all", t.fitted | ~t.fitted), ("measured", ~t.fitted)):
        for told, mine in (("", part), (" of server's questions", part & (t.there | t.elsewhere))):
            if mine.any():
                error = calibration(likely[mine], t.cited[mine])[0]
                print(f"expected calibration error, {name}{told}: {error:.3f}")
    if args.plots:
        draw(args.plots, t, refused, likely)


if __name__ == "__main__":
    main()
