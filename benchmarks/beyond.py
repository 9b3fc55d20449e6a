"""Whether a language model helps with more than writing: three uses, each with and without.

    .venv/bin/python benchmarks/beyond.py [--each 12] [--url URL --model NAME]

*Judge*: asked whether the quotations state the answer, its probability of yes beside the verdict's
own confidence, on questions that dev and hard answer and on near misses. *Follow-up*: its rewriting
of a follow-up, beside Dipnot's own. *Other language*: its translation of an English question on the
Turkish text as a second query. None of the three is built in: here is what says whether one should
be. Writes ``benchmarks/beyond.md``; the small model of this machine is asked unless one is named.
"""

from __future__ import annotations

import argparse
import json
import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import httpx
import local_model
from writing import ROOT, SETS, _endpoint

from dipnot.engine import Engine, load_models
from dipnot.errors import DipnotError
from dipnot.language.folding import fold
from dipnot.models.endpoint import Endpoint, EndpointTrouble, Message
from dipnot.settings import Settings
from dipnot.types import Answer, Hit, Turn

OUT = ROOT / "benchmarks" / "beyond.md"
LOST = 0.1  # of the questions that are answered: what a second refusal may cost
DEPTHS = (1, 5)
_JUDGED = 4  # times as many questions are asked for the judge: few near misses get a quotation
Rows = list[tuple[str, str]]
T = TypeVar("T")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--each", type=int, default=12, help="questions of a kind and set")
    parser.add_argument("--url", help="an endpoint (default: the small model of this machine)")
    parser.add_argument("--model", default=local_model.MODEL)
    parser.add_argument("--index", type=Path, default=ROOT / "index")
    arguments = parser.parse_args()
    base = Settings(corpus=ROOT / "corpus", index=arguments.index)
    engine = Engine(base, *load_models(base))
    engine.load()
    tables: dict[str, Rows] = {}
    with _endpoint(arguments.url, arguments.model) as endpoint:
        for title, use in (
            ("other language", other_language),
            ("follow-up", follow_up),
            ("judge", judge),
        ):
            tables[title] = use(engine, endpoint, arguments.each)
            print(title, tables[title], flush=True)
            OUT.write_text(_page(arguments, tables), "utf-8")  # with a slow model it takes hours


# --- a judge of near misses ------------------------------------------------------------------


def judge(engine: Engine, endpoint: Endpoint, each: int) -> Rows:
    """Areas under the curve: of what is quoted, is it an answer or a near miss?"""
    own: list[tuple[float, bool]] = []
    said: list[tuple[float, bool]] = []
    for name in ("dev", "hard"):
        for file, answerable in ((name, True), (f"{name}-unanswerable", False)):
            for row in _spread(_alone(SETS / f"{file}.jsonl"), _JUDGED * each):
                answer = engine.ask(row["question"])[1]
                if answer.citations:
                    own.append((answer.confidence or 0.0, answerable))
                    said.append((_yes(endpoint, answer), answerable))
    both = [(a + b, answerable) for (a, answerable), (b, _) in zip(own, said, strict=True)]
    answered = sum(answerable for _, answerable in own)
    rows = [("quoted: questions with an answer, near misses", f"{answered}, {len(own) - answered}")]
    for label, signal in (("without: confidence", own), ("its yes alone", said), ("both", both)):
        found = f"{_area(signal):.2f}, {_told_apart(signal):.2f}"
        rows.append((f"{label}: area, near misses told apart", found))
    return rows


def _yes(endpoint: Endpoint, answer: Answer) -> float:
    """The probability of yes against no as the first word of its answer."""
    quotations = "\n".join(f"[{c.n}] {' '.join(c.quote.split())}" for c in answer.citations)
    asked = answer.resolved_question or answer.question
    body = {
        "model": endpoint.model,
        "messages": [
            {"role": "system", "content": "You answer with yes or no."},
            {"role": "user", "content": f"{quotations}\n\nQuestion: {asked}\n\nDo the quotations "
             "state the answer to the question? Answer yes or no."},
        ],
        "max_tokens": 1, "temperature": 0, "logprobs": True, "top_logprobs": 20,
    }  # fmt: skip
    headers = {"Authorization": f"Bearer {endpoint.key}"} if endpoint.key else {}
    response = httpx.post(
        f"{endpoint.url}/chat/completions", json=body, headers=headers, timeout=600, trust_env=False
    )
    first = response.raise_for_status().json()["choices"][0]["logprobs"]["content"][0]
    chance: dict[str, float] = defaultdict(float)
    for candidate in first["top_logprobs"]:
        chance[candidate["token"].strip().lower()] += math.exp(candidate["logprob"])
    return chance["yes"] / ((chance["yes"] + chance["no"]) or 1.0)


def _area(signal: Sequence[tuple[float, bool]]) -> float:
    """How often a question with an answer scores above one without."""
    with_, without = ([s for s, a in signal if a is kind] for kind in (True, False))
    won = sum((a > b) + (a == b) / 2 for a in with_ for b in without)
    return won / (len(with_) * len(without) or 1)


def _told_apart(signal: Sequence[tuple[float, bool]]) -> float:
    """The share of near misses below a threshold under which few answers fall."""
    with_ = sorted(s for s, a in signal if a)
    without = [s for s, a in signal if not a]
    at = with_[int(LOST * len(with_))] if with_ else 0.0
    return sum(s < at for s in without) / (len(without) or 1)


# --- a follow-up that stands alone ------------------------------------------------------------


def follow_up(engine: Engine, endpoint: Endpoint, each: int) -> Rows:
    """Where the evidence of a follow-up is found: as Dipnot reads it, rewritten, by hand."""
    found: dict[str, list[int]] = {"without": [], "with": [], "resolved by hand": []}
    for turns, asked in _spread(list(_follow_ups()), each * 2):
        history: list[Turn] = []
        for turn in turns:
            history.append(Turn(turn["question"], engine.ask(turn["question"], history)[1].text))
        said = _said(endpoint, _REWRITE, "\n".join(
            [f"User: {t.question}\nAnswer: {t.answer[:300]}" for t in history[-2:]]
            + [f"User: {asked['question']}"]))  # fmt: skip
        for label, question, before in (
            ("without", asked["question"], history),
            ("with", said or asked["question"], []),
            ("resolved by hand", asked["resolved"], []),
        ):
            found[label].append(_rank(_ask(engine, question, before), asked["evidence"]))
    return _depths(found)


_REWRITE = (
    "Rewrite the user's last question so that it can be understood without the conversation. Keep "
    "its language. Write the question alone.\n\nUser: Who built the lighthouse?\nAnswer: Two "
    "brothers built it.\nUser: And when?\nRewritten: When did two brothers build the lighthouse?"
)


def _follow_ups() -> Iterator[tuple[list[dict[str, Any]], dict[str, Any]]]:
    for row in _lines(SETS / "conversations" / "conversations.jsonl"):
        if row["set"] != "article":
            continue
        for i, turn in enumerate(row["turns"]):
            if turn["kind"] == "follow-up" and turn["evidence"] and turn["resolved"]:
                yield row["turns"][:i], turn


# --- a second query -------------------------------------------------------------------------


def other_language(engine: Engine, endpoint: Endpoint, each: int) -> Rows:
    """Where an English question's evidence is found: alone, translated, both lists fused."""
    found: dict[str, list[int]] = {"without": [], "its translation alone": [], "with: fused": []}
    for name in ("dev", "hard"):
        english = [r for r in _alone(SETS / f"{name}.jsonl") if r["lang"] == "en"]
        for row in _spread(english, each):
            own = _search(engine, row["question"])
            said = _said(endpoint, _TRANSLATE, f"English: {row['question']}\nTurkish:")
            other = _search(engine, said) if said else []
            for label, hits in zip(found, (own, other, _fused(own, other)), strict=True):
                found[label].append(_rank(hits, row["evidence"]))
    return _depths(found)


_TRANSLATE = (
    "Translate the question into Turkish. Write the translation alone.\n\n"
    "English: When was the lighthouse built?\nTurkish: Deniz feneri ne zaman yapıldı?"
)


def _fused(*lists: Sequence[Hit]) -> list[Hit]:
    """By reciprocal rank, as such lists are commonly fused."""
    scores: dict[str, float] = defaultdict(float)
    hits = {hit.passage.passage_id: hit for own in lists for hit in own}
    for own in lists:
        for rank, hit in enumerate(own, 1):
            scores[hit.passage.passage_id] += 1 / (60 + rank)
    return [hits[name] for name in sorted(scores, key=lambda name: -scores[name])]


# --- shared --------------------------------------------------------------------------------------


def _said(endpoint: Endpoint, task: str, material: str) -> str:
    """The first line of what the model says; nothing where it fails."""
    messages: list[Message] = [
        {"role": "system", "content": task},
        {"role": "user", "content": material},
    ]
    text = ""
    try:
        for piece in endpoint.stream(messages):
            text += piece
            if "\n" in text.strip() or len(text) > 300:
                break
    except EndpointTrouble:
        pass
    return next((line.strip() for line in text.splitlines() if line.strip()), "")[:300]


def _ask(engine: Engine, question: str, before: Sequence[Turn]) -> Sequence[Hit]:
    try:
        return engine.ask(question, before)[1].hits
    except DipnotError:
        return ()


def _search(engine: Engine, question: str) -> list[Hit]:
    try:
        return engine.search(question)[1]
    except DipnotError:
        return []


def _rank(hits: Sequence[Hit], evidence: Sequence[str]) -> int:
    """The rank of the first passage that holds evidence; 0 where none does."""
    wanted = [fold(" ".join(e.split())) for e in evidence]
    for rank, hit in enumerate(hits, 1):
        text = fold(" ".join(hit.passage.text.split()))
        if any(w in text for w in wanted):
            return rank
    return 0


def _depths(found: dict[str, list[int]]) -> Rows:
    rows = [("questions", str(max(map(len, found.values()))))]
    for label, ranks in found.items():
        shares = [sum(0 < r <= d for r in ranks) / (len(ranks) or 1) for d in DEPTHS]
        rows.append((f"{label}: evidence first, among five", ", ".join(f"{s:.2f}" for s in shares)))
    return rows


def _lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def _alone(file: Path) -> list[dict[str, Any]]:
    return [row for row in _lines(file) if not row["history"]]


def _spread(rows: Sequence[T], size: int) -> list[T]:
    """Evenly over the set, always the same."""
    return [rows[i * len(rows) // size] for i in range(min(size, len(rows)))]


def _page(arguments: argparse.Namespace, tables: dict[str, Rows]) -> str:
    lines = [
        "# A language model beyond writing, measured",
        "",
        f"Written by `benchmarks/beyond.py --each {arguments.each}` with `{arguments.model}`. None",
        "of these uses is built in: `docs/language-model.md`.",
    ]
    for title, rows in tables.items():
        lines += ["", f"| {title} | |", "|---|---|", *(f"| {a} | {b} |" for a, b in rows)]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
