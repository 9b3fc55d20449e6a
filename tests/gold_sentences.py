"""Paragraphs whose sentences were cut by hand, and how ours are compared with them."""

from __future__ import annotations

from pathlib import Path

from dipnot.language.sentences import split_sentences

GOLD = Path(__file__).parent / "data_sentences"
NAMES = ("article", "thquad")


def gold_paragraphs(name: str) -> list[list[str]]:
    """Give the sentences of each paragraph, each with the space that follows it."""
    blocks = (GOLD / f"{name}.txt").read_text("utf-8").strip("\n").split("\n\n")
    return [
        [line[:-1] if line.endswith("\\") else f"{line} " for line in block.split("\n")]
        for block in blocks
    ]


def inner_boundaries(sentences: list[str]) -> set[int]:
    """Where sentences meet, in characters that are not white space: nobody's spaces matter."""
    ends: list[int] = []
    for sentence in sentences:
        ends.append((ends[-1] if ends else 0) + len("".join(sentence.split())))
    return set(ends[:-1])


def ours(text: str) -> list[str]:
    return [text[span.start : span.end] for span in split_sentences(text)]


def around(text: str, boundary: int) -> str:
    at = [i for i, char in enumerate(text) if not char.isspace()][boundary]
    return f"{text[max(0, at - 50) : at]}‖{text[at : at + 40]}"


def f1(right: int, found: int, expected: int) -> float:
    return 2 * right / (found + expected) if found + expected else 1.0
