"""Bring texts with questions, as they are written, into the files that training reads.

usage: python training/written.py FOLDER   (replaces what was there of the same batches)

A file is a text: its sentences by paragraph, one a line with its number, then questions, each
with the sentences that answer or the one that tempts. A question of several things (`open`) has a
line for each. One that leans on another has for its kind `follow`, the number of the sentence that
was quoted for the other, and that question, or the last two with ` // ` between them.
`everyday.txt` has questions of no text.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from data import FOLLOW, OPEN, PARAGRAPHS, QUESTIONS, rows

EVERYDAY = "everyday"
_FOLLOWS = re.compile(rf"{FOLLOW} (\d+) (.+)")
Row = dict[str, Any]

# Kinds of text by shelf; the first whose word the kind has.
SHELVES: Mapping[str, str] = {
    "medicine": "medic health patient clinic diagnosis hospital first-aid drug nutrition",
    "law": "law regulation directive decree contract lease statute charter by-laws rules"
    " policy tender insurance agreement court judgment ruling petition warranty",
    "business": "annual timetable price product budget company job invoice programme",
    "science": "museum textbook encyclop lecture natur biology research essay biograph syllabus"
    " village history",
    "manuals": "manual device appliance recipe cookbook how-to faq repair software gardening"
    " agricultural guide instruction",
    "minutes": "minutes meeting debate hearing interview speech",
    "letters": "letter diary memoir e-mail travel blog",
    "news": "news incident sports column press",
    "stories": "story tale novel fable play theatre mystery detective chapter parable voyage",
}


def shelf_of(kind: str) -> str:
    """The shelf of a kind of text."""
    for shelf, words in SHELVES.items():
        if any(re.search(rf"\b{re.escape(w)}", kind.lower()) for w in words.split()):
            return shelf
    return "other"


def read_text(path: Path) -> tuple[list[Row], list[Row]]:
    """Read a written text: rows of its paragraphs and of its questions."""
    told: dict[str, str] = {}
    parts: list[list[str]] = []
    place: dict[int, tuple[int, str]] = {}
    questions = []
    for line in path.read_text("utf-8").split("\n"):
        fields = line.strip().split("|")
        if line.startswith("# ") and not parts:
            name, _, value = line[2:].partition(":")
            told[name.strip()] = value.strip()
        elif line.strip() == "P":
            parts.append([])
        elif found := re.match(r"(\d+) (.+)$", line.strip()):
            place[int(found[1])] = (len(parts) - 1, found[2])
            parts[-1].append(found[2])
        elif len(fields) > 4:
            questions.append(fields)
    name = path.stem
    batch = name.partition("-")[0]
    common = {"group": name, "shelf": shelf_of(told["kind"]), "kind": told["kind"],
              "title": told["title"], "lang": told["lang"]}  # fmt: skip
    paragraphs = [
        {"batch": batch, "p": f"{name}-{n}", **common, "text": " ".join(sentences)}
        for n, sentences in enumerate(parts)
    ]
    made = [r for q in questions if (r := _question(q, batch, name, place))]
    return paragraphs, [_with_others(row, made) for row in made]


def _with_others(row: Row, all_: Iterable[Row]) -> Row:
    """A question of several things, with the places of the others."""
    if row["type"] != OPEN:
        return row
    others = [r["evidence"] for r in all_ if r["type"] == OPEN and r["q"] == row["q"]]
    also = dict.fromkeys([*row["also"], *others])
    return row | {"also": [words for words in also if words != row["evidence"]]}


def _question(
    fields: list[str], batch: str, name: str, place: Mapping[int, tuple[int, str]]
) -> Row | None:
    numbers = [int(n) for n in fields[2].split(",")]
    if any(n not in place for n in numbers):
        return None
    part, sentence = place[numbers[0]]
    asked = {"batch": batch, "p": f"{name}-{part}", "q": fields[-1].strip(), "lang": fields[0]}
    kind = fields[-2]
    follows = _FOLLOWS.fullmatch(kind)
    if follows:
        kind = FOLLOW
        asked |= {"after": follows[2], "quoted": place[int(follows[1])][1]}
    if fields[1] == "u":
        return asked | {"type": "none", "answer": None, "evidence": None, "near": sentence,
                        "why": kind}  # fmt: skip
    if fields[3] not in sentence:
        return None
    also = [place[n][1] for n in numbers[1:]]
    return asked | {"type": kind, "answer": fields[3], "evidence": sentence, "also": also}


def read_everyday(path: Path) -> list[Row]:
    """Read questions that belong to no text."""
    asked = (line.strip().partition("|") for line in path.read_text("utf-8").split("\n"))
    return [
        {"batch": EVERYDAY, "p": "", "q": q, "lang": lang, "type": "none", "answer": None,
         "evidence": None, "near": None, "why": EVERYDAY}
        for lang, _, q in asked
        if q
    ]  # fmt: skip


def _replace(path: Path, new: Iterable[Row]) -> int:
    found = list(new)
    batches = {row["batch"] for row in found}
    kept = [row for row in rows(path) if row["batch"] not in batches]
    lines = [json.dumps(row, ensure_ascii=False) for row in [*kept, *found]]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return len(found)


def main() -> None:
    folder = Path(sys.argv[1])
    made = [read_text(path) for path in sorted(folder.glob("W*-*.txt"))]
    everyday = folder / f"{EVERYDAY}.txt"
    extra = read_everyday(everyday) if everyday.exists() else []
    print(_replace(PARAGRAPHS, [p for text in made for p in text[0]]), "paragraphs")
    print(_replace(QUESTIONS, [*(q for text in made for q in text[1]), *extra]), "questions")


if __name__ == "__main__":
    main()
