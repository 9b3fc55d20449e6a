"""What a language model adds to the quotations, and what its checks leave out.

Asks a sample of the questions of several sets and has the answers written, by the small model of
this machine (``make llm`` installs it) or by any endpoint:

    .venv/bin/python benchmarks/writing.py [--each 12] [--url URL --model NAME]

The key, if the endpoint wants one, is in DIPNOT_LLM_KEY. Writes its tables into
``benchmarks/writing.md``. What is drafted is kept in ``benchmarks/found/drafts.jsonl``: a run that
was ended goes on there, and other checks judge the same drafts without asking again.

Citation recall and precision are ALCE's (Gao et al., EMNLP 2023) with Dipnot's own checks as the
judge, on all that was drafted and on what was shown: the first tells of the model, the second is 1
by construction. How far that judge can be believed, the pairs of
``data/support.jsonl`` say, which were judged by hand.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import local_model

from dipnot.answer.drafts import Draft, DraftEnded, drafts_of
from dipnot.answer.standing import Quoted, lacking
from dipnot.answer.support import Judges, supports
from dipnot.answer.writer import messages_of, struck
from dipnot.engine import Engine, load_models
from dipnot.language.detection import language_of
from dipnot.language.folding import fold
from dipnot.models.endpoint import Endpoint, EndpointTrouble, Limits, Message
from dipnot.settings import Settings
from dipnot.types import Answer

ROOT = Path(__file__).parent.parent
SETS = ROOT / "corpus" / "questions"
OUT = ROOT / "benchmarks" / "writing.md"


class Asked(NamedTuple):
    """An answerable question and what answers it."""

    text: str
    answers: tuple[str, ...]


class Kept:
    """An endpoint whose drafts are kept: asked once for each request, however often it is run."""

    def __init__(self, endpoint: Endpoint, file: Path = OUT.parent / "found" / "drafts.jsonl"):
        self._endpoint, self._file = endpoint, file
        lines = file.read_text("utf-8").splitlines() if file.exists() else []
        self._kept = {row["request"]: row for row in map(json.loads, lines)}
        self.asked = 0  # requests that were sent

    def stream(self, messages: Sequence[Message]) -> Iterator[str]:
        request = sha256(json.dumps([self._endpoint.model, messages]).encode()).hexdigest()
        if request in self._kept:
            yield from self._kept[request]["pieces"]
            if (reason := self._kept[request]["trouble"]) is not None:
                raise EndpointTrouble(reason, "As it was when it was asked.")
            return
        self.asked += 1
        row: dict[str, Any] = {"request": request, "pieces": [], "trouble": None}
        try:
            for piece in self._endpoint.stream(messages):
                row["pieces"].append(piece)
                yield piece
        except EndpointTrouble as trouble:
            row["trouble"] = trouble.reason
            raise
        finally:  # also where enough was read
            self._kept[request] = row
            self._file.parent.mkdir(exist_ok=True)
            with self._file.open("a", encoding="utf-8") as file:
                file.write(json.dumps(row) + "\n")


@dataclass
class Tally:
    """What came of the questions of a set."""

    asked: int = 0
    sent: int = 0
    written: int = 0
    drafted: int = 0
    recalled: int = 0
    citations: int = 0
    precise: int = 0
    lacking: int = 0  # of those shown: names, years, numbers that the quotation lacks
    strikes: Counter[str] = field(default_factory=Counter)
    troubles: Counter[str] = field(default_factory=Counter)
    first: list[float] = field(default_factory=list)
    quoted: list[float] = field(default_factory=list)
    told: int = 0  # the written text has a gold answer
    told_by_quotes: int = 0  # the quotations of the same questions have


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--each", type=int, default=12, help="questions of a set")
    parser.add_argument("--url", help="an endpoint (default: the small model of this machine)")
    parser.add_argument("--model", default=local_model.MODEL)
    parser.add_argument("--sets", nargs="*", default=["dev", "hard", "memoir", "report"])
    parser.add_argument("--index", type=Path, default=ROOT / "index")
    arguments = parser.parse_args()
    base = Settings(corpus=ROOT / "corpus", index=arguments.index)
    encoder, reader = load_models(base)
    assert reader is not None
    tallies: dict[str, Tally] = {}
    pairs: dict[str, Counter[str]] = {}
    with _endpoint(arguments.url, arguments.model) as endpoint:
        for name in arguments.sets:
            engine = Engine(_settings(base, name), encoder, reader)
            engine.load()
            judges = Judges(reader, encoder, engine.index.means)
            pairs = pairs or _pairs(judges)
            questions = _sample(_read(name), arguments.each)
            tallies[name] = _run(engine, Kept(endpoint), judges, questions)
            print(name, tallies[name], flush=True)
            # After each set: with a slow model it takes hours.
            OUT.write_text(_page(arguments, tallies, pairs), "utf-8")


@contextmanager
def _endpoint(url: str | None, model: str) -> Iterator[Endpoint]:
    if url is not None:
        yield Endpoint(url.rstrip("/"), model, os.environ.get("DIPNOT_LLM_KEY"))
        return
    with local_model.running() as own:
        yield Endpoint(own, model, limits=Limits(pause=300, whole=600))


def _settings(base: Settings, name: str) -> Settings:
    if not (SETS / name).is_dir():
        return base
    beside = base.index.with_name(f"{base.index.name}-eval")
    return replace(base, corpus=SETS / name / "corpus", index=beside / name, keep_generations=1)


def _read(name: str) -> list[Asked]:
    file = SETS / name / "questions.jsonl" if (SETS / name).is_dir() else SETS / f"{name}.jsonl"
    lines = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    answerable = [q for q in lines if q.get("answers") and not q.get("history")]
    return [Asked(q["question"], tuple(q["answers"])) for q in answerable]


def _sample(questions: Sequence[Asked], size: int) -> list[Asked]:
    """Evenly spread over the set, always the same."""
    return [questions[i * len(questions) // size] for i in range(min(size, len(questions)))]


def _run(engine: Engine, endpoint: Kept, judges: Judges, questions: Sequence[Asked]) -> Tally:
    tally = Tally()
    for question in questions:
        begun = time.perf_counter()
        index, answer = engine.ask(question.text)
        tally.quoted.append(time.perf_counter() - begun)
        tally.asked += 1
        if not answer.citations:
            continue
        tally.sent += 1
        judges = replace(judges, means=index.means)
        shown: list[str] = []
        asked = endpoint.asked
        try:
            for draft in drafts_of(endpoint.stream(messages_of(index, answer))):
                if _weigh(tally, judges, answer, draft):
                    if not shown and endpoint.asked > asked:
                        tally.first.append(time.perf_counter() - begun)
                    shown.append(draft.bare)
        except EndpointTrouble as trouble:
            tally.troubles[trouble.reason] += 1
        except DraftEnded:
            tally.troubles["long"] += 1
        tally.written += bool(shown)
        if shown:
            tally.told += _tells(question, " ".join(shown))
            tally.told_by_quotes += _tells(question, " ".join(c.quote for c in answer.citations))
    return tally


def _weigh(tally: Tally, judges: Judges, answer: Answer, draft: Draft) -> bool:
    """Count a sentence; gives whether it is shown."""
    tally.drafted += 1
    strike = struck(judges, answer, draft)
    quotations = {c.n: Quoted(c.quote, c.language) for c in answer.citations}
    tally.citations += len(draft.citations)
    tally.precise += sum(
        n in quotations and _holds(judges, answer, draft, [quotations[n]]) for n in draft.citations
    )
    if strike is not None:
        tally.strikes[strike] += 1
        return False
    tally.recalled += 1
    quoted = [quotations[n] for n in draft.citations]
    tally.lacking += lacking(draft.bare, answer.language, quoted) in ("name", "number")
    return True


def _holds(judges: Judges, answer: Answer, draft: Draft, quoted: Sequence[Quoted]) -> bool:
    language = answer.language
    if lacking(draft.bare, language, quoted) is not None:
        return False
    return supports(judges, draft.bare, language, quoted)


def _tells(question: Asked, text: str) -> bool:
    return any(fold(answer) in fold(text) for answer in question.answers)


def _pairs(judges: Judges) -> dict[str, Counter[str]]:
    """How the checks judge pairs that were judged by hand."""
    found: dict[str, Counter[str]] = {}
    for line in (ROOT / "benchmarks" / "data" / "support.jsonl").read_text("utf-8").splitlines():
        pair = json.loads(line)
        own = language_of(pair["sentence"], "en")
        quoted = [Quoted(pair["quotation"], language_of(pair["quotation"], "en"))]
        kept = lacking(pair["sentence"], own, quoted) is None
        kept = kept and supports(judges, pair["sentence"], own, quoted)
        counts = found.setdefault(pair["part"], Counter())
        counts["supported" if pair["supported"] else "not"] += 1
        counts["supported_shown" if pair["supported"] else "not_shown"] += kept
    return found


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.2f}" if whole else "–"


def _ms(seconds: Sequence[float]) -> str:
    return f"{median(seconds) * 1e3:,.0f}" if seconds else "–"


Row = Callable[[Tally], str | int]
ROWS: dict[str, Row] = {
    "questions": lambda t: t.asked,
    "sent to the model": lambda t: t.sent,
    "written (of those sent)": lambda t: _share(t.written, t.sent),
    "fell back to quotations": lambda t: _share(t.sent - t.written, t.sent),
    "sentences drafted": lambda t: t.drafted,
    "struck": lambda t: _share(t.drafted - t.recalled, t.drafted),
    "citation recall, all drafted": lambda t: _share(t.recalled, t.drafted),
    "citation precision, all drafted": lambda t: _share(t.precise, t.citations),
    "names, years, numbers shown that the quotation lacks": lambda t: t.lacking,
    "written text has the gold answer": lambda t: _share(t.told, t.written),
    "its quotations have it": lambda t: _share(t.told_by_quotes, t.written),
    "median ms, quotations": lambda t: _ms(t.quoted),
    "median ms, first sentence shown": lambda t: _ms(t.first),
}


def _page(
    arguments: argparse.Namespace, tallies: dict[str, Tally], pairs: dict[str, Counter[str]]
) -> str:
    names = list(tallies)
    lines = [
        "# Written answers, measured",
        "",
        f"Written by `benchmarks/writing.py` with `{arguments.model}`, {arguments.each} questions",
        "of each set, evenly spread. What each row is, and what it is worth: ",
        "`docs/language-model.md`.",
        "",
        f"| written answers | {' | '.join(names)} |",
        f"|---|{'---|' * len(names)}",
    ]
    for label, of in ROWS.items():
        lines.append(f"| {label} | {' | '.join(str(of(tallies[n])) for n in names)} |")
    lines += ["", f"| struck because | {' | '.join(names)} |", f"|---|{'---|' * len(names)}"]
    for why in sorted({w for t in tallies.values() for w in t.strikes}):
        lines.append(f"| {why} | {' | '.join(str(t.strikes[why]) for t in tallies.values())} |")
    lines += ["", f"| ended early | {' | '.join(names)} |", f"|---|{'---|' * len(names)}"]
    for why in sorted({w for t in tallies.values() for w in t.troubles}) or ["–"]:
        lines.append(f"| {why} | {' | '.join(str(t.troubles[why]) for t in tallies.values())} |")
    lines += [
        "",
        "The checks against pairs judged by hand (`data/support.jsonl`); the thresholds were",
        "chosen on the first part:",
        "",
        "| pairs | supported, shown | not supported, shown |",
        "|---|---|---|",
    ]
    for part, c in pairs.items():
        lines.append(
            f"| {part} | {c['supported_shown']} of {c['supported']} | "
            f"{c['not_shown']} of {c['not']} |"
        )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
