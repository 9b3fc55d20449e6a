"""How utterances and conversations are treated: those of corpus/questions/conversations.

    python benchmarks/conversations.py --work /tmp/conversations [--held-out] [--failures]
    python benchmarks/conversations.py --work /tmp/conversations --write

Owns: what counts as right. Without evidence the verdict tells; with it, a quotation must hold it
(of several things asked for, all), and a premise that the text denies is answered in part. Builds
an index of each text into the folder `--work`, at the first run, and keeps there what was counted;
`--write` puts the counts of both runs, of the third held out and of the others, into README.md.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from figures import write

from dipnot.answer.frames import said
from dipnot.engine import Engine, load_models
from dipnot.errors import InvalidInput
from dipnot.settings import Settings
from dipnot.types import LANGUAGES, Answer, Turn

CORPUS = Path(__file__).parents[1] / "corpus"
SETS = CORPUS / "questions"
OURS = tuple(
    said(what, language, texts="").partition(":")[0]
    for what in ("dipnot", "texts")
    for language in LANGUAGES
)


@dataclass
class Asked:
    """An utterance, the turns before it, and what is wanted."""

    text: str
    question: str
    kind: str
    verdict: str
    evidence: list[str]
    group: str
    history: list[Turn] = field(default_factory=list)


def rows_of(name: str, *, held_out: bool) -> list[dict[str, Any]]:
    """The lines of a file of the folder, of the third held out or the others."""
    lines = (SETS / "conversations" / name).read_text("utf-8").splitlines()
    return [row for row in map(json.loads, lines) if row["held_out"] == held_out]


def single(*, held_out: bool) -> Iterator[Asked]:
    """The utterances that stand alone."""
    for row in rows_of("kinds.jsonl", held_out=held_out):
        yield Asked(
            row["set"], row["question"], row["kind"], row["verdict"], row["evidence"], row["kind"]
        )


def turn_of(text: str, turn: dict[str, Any], history: list[Turn]) -> Asked:
    """A turn of a conversation."""
    kind = turn["kind"].replace("about-dipnot", "about_dipnot")
    verdict = "answered" if turn["evidence"] else "not_in_text"
    if turn["resolved"] is None:
        verdict = "no_question"
    group = "follow-ups" if turn["follows"] else "stand-alone turns"
    return Asked(text, turn["question"], kind, verdict, turn["evidence"], group, history)


def is_right(asked: Asked, answer: Answer | None) -> bool:
    """Whether an utterance was treated right; None: it was refused as no text."""
    if answer is None:
        return asked.kind == "gibberish"
    if asked.verdict == "no_question":
        ours = answer.text.startswith(OURS)
        return answer.verdict == "no_question" and ours == (asked.kind == "about_dipnot")
    if asked.verdict == "not_in_text":
        return answer.verdict == "not_in_text"
    denied = asked.verdict == "partial" and asked.kind in ("negation", "premise")
    if answer.verdict not in ("answered", "partial") or (denied and answer.verdict != "partial"):
        return False
    quoted = plain(" ¶ ".join(citation.quote for citation in answer.citations))
    holds = [plain(evidence) in quoted for evidence in asked.evidence]
    return all(holds) if asked.kind == "several" else any(holds)


def plain(text: str) -> str:
    """Fold what differs by typing alone: spaces, case, quotation marks, Markdown's stars."""
    marks = str.maketrans("’‘“”", "''\"\"", "*")
    return " ".join(text.translate(marks).split()).lower()


class Engines:
    """An engine for each text, with one set of models."""

    def __init__(self, work: Path) -> None:
        self._work = work
        self._settings = Settings()
        self._models = load_models(self._settings)
        self._made: dict[str, Engine] = {}

    def ask(self, asked: Asked) -> Answer | None:
        """Ask; None where the words are refused."""
        try:
            return self._of(asked.text).ask(asked.question, asked.history)[1]
        except InvalidInput:
            return None

    def _of(self, text: str) -> Engine:
        if text not in self._made:
            corpus = CORPUS if text == "article" else SETS / text / "corpus"
            own = replace(self._settings, corpus=corpus, index=self._work / text)
            self._made[text] = Engine(own, *self._models)
            self._made[text].load()
        return self._made[text]


def kept(work: Path, *, held_out: bool) -> Path:
    """Where the counts of a run are kept."""
    return work / ("counts-held-out.json" if held_out else "counts-others.json")


def table(work: Path) -> list[str]:
    """A row a kind: how many were treated right, of those that were looked at and the others."""
    files = [kept(work, held_out=held) for held in (False, True)]
    runs = [json.loads(file.read_text("utf-8")) if file.exists() else {} for file in files]
    lines = ["| treated right | looked at | held out |", "|---|---|---|"]
    for group in dict.fromkeys(group for run in runs for group in run):
        cells = ["{} of {}".format(*run[group]) if group in run else "–" for run in runs]
        lines.append(f"| {group.replace('_', ' ')} | {cells[0]} | {cells[1]} |")
    return lines


def main() -> None:
    """Ask everything and print how much was treated right."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--held-out", action="store_true")
    parser.add_argument("--failures", action="store_true")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    if options.write:
        write("conversations", table(options.work))
        return
    engines = Engines(options.work)
    right, total = Counter[str](), Counter[str]()

    def count(asked: Asked) -> Answer | None:
        answer = engines.ask(asked)
        total[asked.group] += 1
        right[asked.group] += is_right(asked, answer)
        if options.failures and not is_right(asked, answer):
            said_ = "refused" if answer is None else f"{answer.verdict}: {answer.text[:200]}"
            print(f"{asked.text}, {asked.group}: {asked.question}\n    {said_}")
        return answer

    for asked in single(held_out=options.held_out):
        count(asked)
    for row in rows_of("conversations.jsonl", held_out=options.held_out):
        history: list[Turn] = []
        for turn in row["turns"]:
            answer = count(turn_of(row["set"], turn, list(history)))
            if answer is not None:
                history.append(Turn(turn["question"], answer.text))
    for group, count_ in total.items():
        print(f"{group:20}{right[group]:4} of {count_}")
    counts = {group: (right[group], total[group]) for group in total}
    kept(options.work, held_out=options.held_out).write_text(json.dumps(counts), "utf-8")


if __name__ == "__main__":
    main()
