"""The training material: THQuAD's train files and the machine-written questions of this folder.

Owns: reading both into one form, realigning THQuAD's wrong answer offsets, what is held out, and
the made-up unanswerable questions (a name or year exchanged).
"""

from __future__ import annotations

import json
import random
import re
import zlib
from dataclasses import dataclass, field
from pathlib import Path

from dipnot.language.folding import fold
from dipnot.language.sentences import split_sentences
from dipnot.types import Span

HERE = Path(__file__).parent
THQUAD = HERE.parent / "benchmarks" / "data" / "thquad"
_WORD = re.compile(r"\w+")


@dataclass
class Paragraph:
    """A paragraph, its sentences, the text it belongs to."""

    pid: str
    group: str
    text: str
    sentences: tuple[Span, ...]
    held_out: bool


@dataclass
class Question:
    """A question of a paragraph; ``answer`` and ``evidence`` are None where it has no answer."""

    text: str
    lang: str
    pid: str
    source: str
    kind: str
    answer: Span | None
    evidence: Span | None
    variants: list[str] = field(default_factory=list)


def held_out(group: str) -> bool:
    """Whether a text is kept from training: one in eight, by its name alone."""
    return zlib.crc32(group.encode()) % 8 == 0


def load() -> tuple[dict[str, Paragraph], list[Question]]:
    """Read all paragraphs and questions there are."""
    paragraphs: dict[str, Paragraph] = {}
    questions: list[Question] = []
    number = 0
    for path in sorted(THQUAD.glob("*train*.json")):
        for article in json.loads(path.read_text("utf-8"))["data"]:
            for paragraph in article["paragraphs"]:
                number += 1
                pid = f"T{number:03d}"
                text = paragraph["context"]
                paragraphs[pid] = _paragraph(pid, (article.get("title") or "").strip(), text)
                for qa in paragraph["qas"]:
                    found = realigned(text, qa["answers"][0])
                    if found is not None:
                        questions.append(
                            Question(qa["question"], "tr", pid, "thquad", "fact", found, found)
                        )
    for path in sorted((HERE / "data").glob("*-paragraphs.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            group = f"{path.stem}-{row['group']}"
            paragraphs[row["p"]] = _paragraph(row["p"], group, row["text"])
    for path in sorted((HERE / "data").glob("questions-*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            questions.append(_written(json.loads(line), paragraphs))
    return paragraphs, questions


def _paragraph(pid: str, group: str, text: str) -> Paragraph:
    return Paragraph(pid, group, text, split_sentences(text, 0, len(text)), held_out(group))


def _written(row: dict[str, str], paragraphs: dict[str, Paragraph]) -> Question:
    text = paragraphs[row["p"]].text
    answer = evidence = None
    if row["type"] != "none":
        begin = text.index(row["evidence"])
        evidence = Span(begin, begin + len(row["evidence"]))
        at = begin + row["evidence"].index(row["answer"])
        answer = Span(at, at + len(row["answer"]))
    return Question(row["q"], row["lang"], row["p"], "written", row["type"], answer, evidence)


def realigned(text: str, answer: dict[str, object]) -> Span | None:
    """Find an answer at the place nearest to the offset given, which is often wrong."""
    words, given = str(answer["text"]), int(str(answer["answer_start"]))
    starts = [m.start() for m in re.finditer(re.escape(words), text)] if words else []
    if not starts:
        return None
    start = min(starts, key=lambda s: abs(s - given))
    return Span(start, start + len(words))


def thinned(question: str, evidence: str, rng: random.Random) -> str:
    """Drop some of the words that a question shares with its evidence, or fold it as if typed."""
    if rng.random() < 0.2:
        return fold(question)
    shared = {fold(w)[:5] for w in _WORD.findall(evidence)}
    words = question.split()
    kept = [w for w in words if fold(w)[:5] not in shared or rng.random() < 0.5]
    return " ".join(kept) if len(kept) >= 3 else question


_YEAR = re.compile(r"\b1[0-9]\d\d\b")
_NAME = re.compile(r"(?<=[\w,;] )[A-ZÇĞİÖŞÜÂ][\w]{2,}")


def exchanged(question: Question, paragraph: Paragraph, rng: random.Random) -> str | None:
    """Exchange a year or a name of a question for another of its paragraph."""
    for pattern in rng.sample([_YEAR, _NAME], 2):
        found = [m for m in pattern.finditer(question.text) if m.group() in paragraph.text]
        if not found:
            continue
        match = rng.choice(found)
        others = {m.group() for m in pattern.finditer(paragraph.text)} - set(
            _WORD.findall(question.text)
        )
        if pattern is _YEAR:
            others |= {str(int(match.group()) + rng.choice([-7, -3, -2, 2, 3, 5, 8]))}
        if others:
            new = rng.choice(sorted(others))
            return question.text[: match.start()] + new + question.text[match.end() :]
    return None
