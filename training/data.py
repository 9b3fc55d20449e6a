"""The training material: paragraphs of texts of many kinds, and questions on them.

Owns: the form of a paragraph and a question, reading THQuAD's train files and the two files of
this folder into it, realigning THQuAD's wrong answer offsets, and what is held out.
"""

from __future__ import annotations

import json
import random
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from dipnot.language.detection import language_of
from dipnot.language.folding import fold
from dipnot.language.sentences import split_sentences
from dipnot.question.conversation import standalone
from dipnot.types import Span, Turn

HERE = Path(__file__).parent
THQUAD = HERE.parent / "benchmarks" / "data" / "thquad"
PARAGRAPHS, QUESTIONS = HERE / "data" / "paragraphs.jsonl", HERE / "data" / "questions.jsonl"
# Kinds of questions: of several things, told in several places; leaning on the one before.
OPEN, FOLLOW = "open", "follow"
NEXT_TURN = " // "  # between the questions that came before one
_WORD = re.compile(r"\w+")


@dataclass
class Paragraph:
    """A paragraph, its sentences, the text it belongs to, and the shelf that text stands on."""

    pid: str
    group: str
    shelf: str
    lang: str
    text: str
    sentences: tuple[Span, ...]
    held_out: bool


class Place(NamedTuple):
    """A range of a paragraph."""

    pid: str
    span: Span


@dataclass
class Question:
    """A question of a paragraph; of none (``pid`` is empty) where it belongs to no text.

    ``answer``: the words that answer; None where nothing does, and then ``evidence`` is the place
    that tempts, as far as it is known. ``also``: further places that answer. ``variants``: how it
    may be asked; a follow-up with what it leaves out, as Dipnot searches for it, and without.
    """

    text: str
    lang: str
    pid: str
    source: str
    kind: str
    answer: Span | None
    evidence: Span | None
    also: tuple[Place, ...] = ()
    variants: list[str] = field(default_factory=list)


Loaded = tuple[dict[str, Paragraph], list[Question]]


def held_out(group: str) -> bool:
    """Whether a text is kept from training: one in eight, by its name alone."""
    return zlib.crc32(group.encode()) % 8 == 0


def load(public: Path | None = None) -> Loaded:
    """Read all paragraphs and questions; ``public``: the folder of the public sets."""
    from public import load_public  # noqa: PLC0415 - it needs the forms above

    paragraphs: dict[str, Paragraph] = {}
    questions: list[Question] = []
    for part in (_thquad(), _written(), *load_public(public)):
        paragraphs |= part[0]
        questions += part[1]
    return paragraphs, questions


def make_paragraph(
    pid: str, group: str, shelf: str, text: str, lang: str | None = None
) -> Paragraph:
    """Make a paragraph; its sentences are cut as Dipnot cuts them."""
    language = lang or language_of(text)
    cut = split_sentences(text, 0, len(text))
    return Paragraph(pid, group, shelf, language, text, cut, held_out(group))


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """Read a file of JSON Lines."""
    for line in path.read_text("utf-8").split("\n"):
        if line.strip():
            yield json.loads(line)


def _thquad() -> Loaded:
    paragraphs: dict[str, Paragraph] = {}
    questions: list[Question] = []
    for path in sorted(THQUAD.glob("*train*.json")):
        for article in json.loads(path.read_text("utf-8"))["data"]:
            for paragraph in article["paragraphs"]:
                pid, text = f"T{len(paragraphs) + 1:03d}", paragraph["context"]
                group = (article.get("title") or "").strip()
                paragraphs[pid] = make_paragraph(pid, group, "history", text)
                for qa in paragraph["qas"]:
                    found = realigned(text, qa["answers"][0])
                    if found is not None:
                        questions.append(
                            Question(qa["question"], "tr", pid, "thquad", "fact", found, found)
                        )
    return paragraphs, questions


def _written() -> Loaded:
    paragraphs = {
        row["p"]: make_paragraph(row["p"], row["group"], row["shelf"], row["text"], row["lang"])
        for row in rows(PARAGRAPHS)
    }
    known = _thquad()[0] | paragraphs
    by_group: dict[str, list[Paragraph]] = {}
    for paragraph in paragraphs.values():
        by_group.setdefault(paragraph.group, []).append(paragraph)
    return paragraphs, [question_of(row, known, by_group) for row in rows(QUESTIONS)]


def question_of(
    row: dict[str, Any], paragraphs: dict[str, Paragraph], by_group: dict[str, list[Paragraph]]
) -> Question:
    """A question as its row has it; ``by_group``: the paragraphs of each text."""
    if not row["p"]:
        return Question(row["q"], row["lang"], "", row["batch"], row["why"], None, None)
    own = paragraphs[row["p"]]
    source = "texts" if row["batch"].startswith("W") else "written"
    answerable = row["type"] != "none"
    tells: str = row["evidence"] if answerable else row.get("near") or ""
    at = own.text.find(tells) if tells else -1
    evidence = Span(at, at + len(tells)) if at >= 0 else None
    answer = None
    if answerable:
        assert evidence is not None
        begin = evidence.start + tells.index(row["answer"])
        answer = Span(begin, begin + len(row["answer"]))
    also = [
        Place(p.pid, Span(start, start + len(words)))
        for words in row.get("also", ())
        for p in by_group[own.group]
        if (start := p.text.find(words)) >= 0
    ]
    kind = row["type"] if answerable else row.get("why", "none")
    whole, variants = row["q"], []
    if "after" in row:
        asked = row["after"].split(NEXT_TURN)
        answers = [*[""] * (len(asked) - 1), f"“{row['quoted']}” [1]"]
        turns = [Turn(*turn) for turn in zip(asked, answers, strict=True)]
        whole = standalone(row["q"], turns)
        variants = [whole, whole, row["q"]]
    return Question(
        whole, row["lang"], own.pid, source, kind, answer, evidence, tuple(also), variants
    )


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
