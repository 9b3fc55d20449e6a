"""The public sets that training reads from a folder: fairy tales, privacy policies, medicine.

Owns: their three forms. ``training/README.md`` says where anybody gets them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from data import Loaded, Paragraph, Place, Question, make_paragraph, rows

from dipnot.types import Span

_MANY_SPACES = re.compile(r"\s+")
_SHORTEST = 40  # characters of a paragraph; headings and addresses are shorter


def load_public(folder: Path | None) -> Iterator[Loaded]:
    """Read those sets that lie in a folder."""
    if folder is None:
        return
    for path in sorted((folder / "fairytaleqa").glob("*.jsonl")):
        yield _stories(path)
    for path in sorted((folder / "policyqa").glob("*.jsonl")):
        yield _passages(path, "policy")
    for path in sorted((folder / "covidqa").glob("*.jsonl")):
        yield _passages(path, "medicine")


def _stories(path: Path) -> Loaded:
    paragraphs: dict[str, Paragraph] = {}
    questions: list[Question] = []
    for row in rows(path):
        group = f"story-{row['story']}"
        pids = {}
        for number, text in row["sections"]:
            pids[number.strip()] = pid = f"{group}-{number.strip()}"
            flat = _MANY_SPACES.sub(" ", text).strip()
            paragraphs[pid] = make_paragraph(pid, group, "stories", flat, "en")
        for asked in row["questions"]:
            own = [paragraphs[pids[s.strip()]] for s in asked["sections"] if s.strip() in pids]
            places = _found(own, asked["answers"]) if asked["explicit"] else []
            if places:
                questions.append(_question(asked["question"], asked["kind"], places))
    return paragraphs, questions


def _found(paragraphs: list[Paragraph], answers: list[str]) -> list[Place]:
    """Where answers stand word for word, but for case, spaces and the mark at the end."""
    places = []
    for answer in answers:
        words = _MANY_SPACES.sub(" ", answer).strip(" .,!?;:\"'")
        for paragraph in paragraphs:
            at = paragraph.text.lower().find(words.lower()) if len(words) > 1 else -1
            if at >= 0 and len(paragraph.text.lower()) == len(paragraph.text):
                places.append(Place(paragraph.pid, Span(at, at + len(words))))
                break
    return places


def _question(text: str, kind: str, places: list[Place]) -> Question:
    first, *others = places
    return Question(text, "en", first.pid, "public", kind, first.span, first.span, tuple(others))


def _passages(path: Path, shelf: str) -> Loaded:
    """Read texts whose answers are given by their offsets."""
    paragraphs: dict[str, Paragraph] = {}
    questions: list[Question] = []
    for number, row in enumerate(rows(path)):
        name = f"{shelf}-{number:03d}"
        group = f"{shelf}-{row['title']}" if "title" in row else name
        cut = _cut(row["context"])
        for n, span in enumerate(cut):
            pid = f"{name}-{n}"
            text = row["context"][slice(*span)].replace("\n", " ")
            paragraphs[pid] = make_paragraph(pid, group, shelf, text, "en")
        for asked in row["questions"]:
            places = list(_placed(asked["answers"], row["context"], cut, name))
            # Some of the policies' answers are single words that answer nothing by themselves.
            least = 2 if shelf == "policy" else 1
            texts = [paragraphs[p.pid].text[slice(*p.span)] for p in places]
            places = [p for p, t in zip(places, texts, strict=True) if len(t.split()) >= least]
            if places:
                questions.append(_question(asked["question"], shelf, places))
    return paragraphs, questions


def _cut(context: str) -> list[Span]:
    """Cut a text at its empty lines."""
    spans = []
    begin = 0
    for match in [*re.finditer(r"\n\s*\n", context), None]:
        end = match.start() if match else len(context)
        if end - begin >= _SHORTEST or match is None:
            spans.append(Span(begin, end))
        begin = match.end() if match else end
    return spans


def _placed(answers: list[list[Any]], context: str, cut: list[Span], name: str) -> Iterator[Place]:
    for words, start in answers:
        stripped = words.strip()
        begin = start + words.index(stripped)
        if context[begin : begin + len(stripped)] != stripped:
            continue
        for n, span in enumerate(cut):
            if span.start <= begin and begin + len(stripped) <= span.end:
                at = begin - span.start
                yield Place(f"{name}-{n}", Span(at, at + len(stripped)))
