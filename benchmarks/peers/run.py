"""Dipnot beside the libraries that people would pick instead: same texts, model, questions, scorer.

usage: python benchmarks/peers/run.py [--systems NAME ...] [--tasks NAME ...] [--out DIR]
       python benchmarks/peers/run.py --grown   (372, 10,000 and 100,000 passages)

Run it with the Python that has Dipnot. It makes the libraries' environment beside itself the first
time, runs each system in a process of its own, one after another, and writes results.json and
results.md. A library that does not install or run is named in the notes.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from dipnot.evaluation.scores import Estimate, Row, first_met, letters, score
from dipnot.evaluation.sets import LabelledQuestion, read_sets
from dipnot.models.bundled import bundled_model, default_cache

sys.path.append(str(Path(__file__).resolve().parent.parent))  # growth.py and its material
from growth import embed, recalled
from growth_material import made_documents

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
THQUAD = HERE.parent / "data" / "thquad"
OURS = "dipnot"  # its two legs come with it
PEERS = (
    "langchain_faiss",
    "llamaindex_default",
    "llamaindex_fusion",
    "haystack_hybrid",
    "txtai_hybrid",
    "bm25_stems",
)
_FIGURES = {
    "dev": ("R@150w", "R@300w", "R@600w", "R@1", "MRR@10", "nDCG@10"),
    "hard": ("R@150w", "R@300w", "R@600w", "R@1", "MRR@10", "nDCG@10"),
    "thquad": ("R@1", "R@3", "MRR@10"),
}
GROWN = ("among-372", "among-10000", "among-100000")
EVERY = 3  # of THQuAD's questions one in so many is asked among more passages
A_PASSAGE = 3  # made sentences


@dataclass(frozen=True)
class Task:
    """Texts, questions about them, and where a hit holds evidence.

    ``met`` gives, for a question and its hits, the ranks of its quotes and the words read.
    """

    name: str
    documents: list[dict[str, Any]]
    corpus: Path
    questions: Sequence[LabelledQuestion]
    k: int
    met: Callable[
        [LabelledQuestion, Sequence[tuple[str, str]]], tuple[list[int | None], int | None]
    ]
    material: Path | None = None  # what growth_material.py knows by heart, of which texts are made
    vectors: Path | None = None  # of the made texts, a row each


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=_Plain)
    parser.add_argument("--systems", nargs="*", default=[OURS, *PEERS], metavar="NAME")
    parser.add_argument("--tasks", nargs="*", default=["dev", "hard", "thquad"], metavar="NAME")
    parser.add_argument("--out", type=Path, default=HERE / "results")
    parser.add_argument("--grown", action="store_true", help=f"the tasks {', '.join(GROWN)}")
    parser.add_argument("--material", type=Path, default=Path("/tmp/dipnot-growth"))
    arguments = parser.parse_args()
    if arguments.grown:
        arguments.tasks = list(GROWN)
    known = (OURS, *PEERS, *_FIGURES, *GROWN)
    for name in [*arguments.systems, *arguments.tasks]:
        if name not in known:
            parser.error(f"{name} is unknown; known: {', '.join(known)}")
    python = make_environment(HERE / ".venv") if set(arguments.systems) - {OURS} else None
    arguments.out.mkdir(parents=True, exist_ok=True)
    results: dict[str, Any] = {"machine": machine(), "tasks": {}, "notes": []}
    with tempfile.TemporaryDirectory() as folder:
        for name in arguments.tasks:
            if name in GROWN:
                count = int(name.partition("-")[2])
                task = among(count, Path(folder) / name, arguments.material)
            else:
                task = article(name) if name != "thquad" else thquad(Path(folder) / "thquad")
            found = results["tasks"][name] = {}
            for system in arguments.systems:
                print(f"{name}: {system} …", flush=True)
                try:
                    for part, out in run(system, task, python, Path(folder)).items():
                        found[part] = figures(task, out)
                except subprocess.CalledProcessError as error:
                    reason = (error.stderr.strip().splitlines() or ["no message"])[-1]
                    results["notes"].append(f"{system} did not run on {name}: {reason[:300]}")
                write(results, arguments.out)
    print(f"Wrote {arguments.out / 'results.json'} and results.md.")


class _Plain(argparse.RawDescriptionHelpFormatter):
    pass


# --- the environment ---------------------------------------------------------------------------


def make_environment(folder: Path) -> Path:
    """Make the libraries' environment, once for each state of the pins; gives its Python."""
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    pins = [HERE / "requirements.txt", HERE / "constraints.txt"]
    stamp = folder / ".installed"
    state = hashlib.sha256(b"".join(p.read_bytes() for p in pins)).hexdigest()
    if stamp.is_file() and stamp.read_text() == state:
        return python
    print("Installing the libraries to compare with (some minutes the first time) …", flush=True)
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
    install = [str(python), "-m", "pip", "install", "--quiet", "-c", str(pins[1])]
    if subprocess.run([*install, "-r", str(pins[0])], check=False).returncode != 0:
        # One library that cannot be had must not take the others with it.
        lines = [li for li in pins[0].read_text().splitlines() if li and not li.startswith("#")]
        for line in lines:
            subprocess.run([*install, line], check=False)
        return python
    stamp.write_text(state)
    return python


# --- the tasks ---------------------------------------------------------------------------------


def article(name: str) -> Task:
    """The article with one of its question sets; peers read the file as it is."""
    corpus = ROOT / "corpus"
    file = corpus / "turk-sovyet-iliskileri.txt"
    asked = [q for q in read_sets([corpus / "questions" / f"{name}.jsonl"]) if q.evidence]

    def met(
        question: LabelledQuestion, hits: Sequence[tuple[str, str]]
    ) -> tuple[list[int | None], int | None]:
        texts = [text for _, text in hits]
        evidence = [letters(quote) for quote in question.evidence]
        accepted = evidence + [letters(quote) for quote in question.alternatives]
        first, words = first_met(texts, accepted)
        if len(evidence) == 1:
            return [first], words
        # The first rank that counts for R@k and MRR stands before those of the parts.
        return [first, *(first_met(texts, [quote])[0] for quote in evidence)], words

    documents = [{"id": file.stem, "text": file.read_text("utf-8")}]
    return Task(name, documents, corpus, asked, 20, met)


def thquad(folder: Path) -> Task:
    """THQuAD's paragraphs, train and test as one corpus, with the test questions.

    An evidence is the paragraph that a question was asked about; hits in one paragraph count once.
    """
    documents: list[dict[str, str]] = []
    asked: list[LabelledQuestion] = []
    for file in sorted(THQUAD.glob("*.json")):
        for text in json.loads(file.read_text("utf-8"))["data"]:
            for paragraph in text["paragraphs"]:
                doc = f"p{len(documents):04d}"
                documents.append({"id": doc, "text": paragraph["context"]})
                if "_test_" in file.name:
                    asked += [_question(q["question"], doc, len(asked)) for q in paragraph["qas"]]
    folder.mkdir()
    entries = []
    for document in documents:
        name = f"{document['id']}.txt"
        (folder / name).write_text(document["text"], "utf-8")
        entries.append(
            f'[[document]]\nfile = "{name}"\nid = "{document["id"]}"\n'
            f'title = "{document["id"]}"\nlanguages = ["tr"]\n'
        )
    (folder / "corpus.toml").write_text("\n".join(entries), "utf-8")

    def met(
        question: LabelledQuestion, hits: Sequence[tuple[str, str]]
    ) -> tuple[list[int | None], int | None]:
        places = list(dict.fromkeys(doc for doc, _ in hits))
        wanted = question.evidence[0]
        return [places.index(wanted) + 1 if wanted in places else None], None

    return Task("thquad", documents, folder, asked, 50, met)


def among(count: int, folder: Path, material: Path) -> Task:
    """THQuAD's paragraphs among made ones, so many passages in all, with some test questions.

    A made passage is short enough that nobody splits it; its vector is read, not embedded.
    """
    given = thquad(folder)
    embed(material)
    encoder = recalled(material)
    made: list[str] = []
    for document in made_documents(A_PASSAGE * (count - len(given.documents))):
        sentences = [s for p in document.text.split("\n\n") for s in re.split(r"(?<=\.) ", p)]
        made += [
            " ".join(sentences[i : i + A_PASSAGE]) for i in range(0, len(sentences), A_PASSAGE)
        ]
    made = list(dict.fromkeys(made))[: count - len(given.documents)]
    vectors = encoder.encode_passages(made, tokens=False).vectors
    np.save(folder / "vectors.npy", vectors)
    return replace(
        given,
        name=f"among-{count}",
        documents=[d | {"made": False} for d in given.documents]
        + [{"id": f"m{n:06d}", "text": text, "made": True} for n, text in enumerate(made)],
        questions=given.questions[::EVERY],
        k=10,
        material=material,
        vectors=folder / "vectors.npy",
    )


def _question(text: str, doc: str, number: int) -> LabelledQuestion:
    return LabelledQuestion(
        question_id=f"thquad-{number}", set_name="thquad", lang="tr", type="fact", text=text,
        history=(), evidence=(doc,), alternatives=(), accept=("not_in_text",), kind="unsorted",
    )  # fmt: skip


# --- running and scoring -----------------------------------------------------------------------


def run(system: str, task: Task, python: Path | None, folder: Path) -> dict[str, Any]:
    """Run one system on a task in a process of its own; gives what it found, by name."""
    asked, out = folder / "task.json", folder / "out.json"
    content = {
        "model": str(bundled_model(default_cache())),
        "corpus": str(task.corpus),
        "k": task.k,
        "material": task.material and str(task.material),
        "vectors": task.vectors and str(task.vectors),
        "documents": task.documents,
        "questions": [
            {"text": q.text, "history": [[t.question, t.answer] for t in q.history]}
            for q in task.questions
        ],
    }
    asked.write_text(json.dumps(content, ensure_ascii=False), "utf-8")
    ours = system == OURS
    command = (
        [sys.executable, str(HERE / "ours.py")]
        if ours
        else [str(python), str(HERE / "systems.py"), system]
    )
    subprocess.run(
        [*command, str(asked), str(out)], check=True, capture_output=True, encoding="utf-8"
    )
    found = json.loads(out.read_text("utf-8"))
    return found if ours else {system: found}


def figures(task: Task, out: dict[str, Any]) -> dict[str, Any]:
    """Score what a system found."""
    answers = out.pop("answers")
    rows = []
    for question, answer in zip(task.questions, answers, strict=True):
        ranks, words = task.met(question, answer["hits"])
        rows.append(_row(question, ranks, words))
    names = _FIGURES.get(task.name, _FIGURES["thquad"])
    by_type: dict[str, list[Row]] = {}
    for row in rows:
        by_type.setdefault(row.question.type, []).append(row)
    timed = [a for a in answers if a["ms"] is not None]
    return out | {
        "questions": len(rows),
        "figures": {name: _shape(found) for name, found in score(rows, names).items()},
        "R@300w by type": {
            type_: _shape(score(part, ("R@300w",))["R@300w"])
            for type_, part in sorted(by_type.items())
        },
        "total_p50_ms": _median([a["ms"] for a in timed]),
        "encoder_p50_ms": _median([a["encoder_ms"] for a in timed]),
        "beyond_p50_ms": _median([a["ms"] - a["encoder_ms"] for a in timed]),
    }


def _row(question: LabelledQuestion, ranks: Sequence[int | None], words: int | None) -> Row:
    """What of a row retrieval fills; there is no answer to score."""
    return Row(
        question=question, verdict="partial", rank=ranks[0], words=words,
        quote_ranks=tuple(ranks[1:] or ranks), cited=False, quotes_cited=(), citations_hold=(),
        quoted_words=0, exact=(), similarity=0.0, ms=0.0, first_hit=None, citations=(),
    )  # fmt: skip


def _shape(found: Estimate) -> list[float | None]:
    return [None if v is None else round(v, 3) for v in (found.value, found.low, found.high)]


def _median(values: Sequence[float]) -> float | None:
    return round(statistics.median(values), 1) if values else None


# --- writing -----------------------------------------------------------------------------------


def machine() -> dict[str, Any]:
    """What the figures of latency hang on."""
    return {
        "cores": os.cpu_count(),
        "processor": platform.processor() or platform.machine(),
        "system": platform.platform(terse=True),
        "python": platform.python_version(),
        "load": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None,
    }


def write(results: dict[str, Any], folder: Path) -> None:
    """Write results.json and results.md."""
    text = json.dumps(results, ensure_ascii=False, indent=1)
    (folder / "results.json").write_text(text + "\n", "utf-8")
    parts = [_table(name, found) for name, found in results["tasks"].items() if found]
    about = {s: f["about"] for found in results["tasks"].values() for s, f in found.items()}
    notes = [f"- `{system}`: {text}" for system, text in about.items()]
    notes += [f"- {note}" for note in results["notes"]]
    where = ", ".join(f"{key} {value}" for key, value in results["machine"].items())
    head = "In brackets: 95 % of 1,000 resamples of the questions. Milliseconds are medians."
    (folder / "results.md").write_text(
        "\n\n".join([f"{head} Machine: {where}.", *parts, "\n".join(notes)]) + "\n", "utf-8"
    )


def _table(name: str, found: dict[str, Any]) -> str:
    names = _FIGURES.get(name, _FIGURES["thquad"])
    cross = name in ("dev", "hard")
    count = next(iter(found.values()))["questions"]
    titles = ["system", *names, *(["cross-lingual R@300w"] if cross else [])]
    titles += ["ms", "of it encoder", "beyond it", "build s", "MB"]
    lines = [f"### {name} ({count} questions)", "", _line(titles), _line(["---"] * len(titles))]
    for system, out in found.items():
        cells = [_cell(out["figures"][figure]) for figure in names]
        if cross:
            cells.append(_cell(out["R@300w by type"].get("crosslingual", [None] * 3)))
        times = [out[f"{part}_p50_ms"] for part in ("total", "encoder", "beyond")]
        cells += ["–" if t is None else f"{t:.1f}" for t in times]
        memory = out["memory_mb"]
        cells += [f"{out['build_s']:.0f}", "–" if memory is None else f"{memory:,.0f}"]
        lines.append(_line([system, *cells]))
    return "\n".join(lines)


def _cell(values: Sequence[float | None]) -> str:
    value, low, high = values
    if value is None or low is None or high is None:
        return "–"
    return f"{value:.3f} [{low:.2f}, {high:.2f}]"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
