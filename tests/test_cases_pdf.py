"""PDFs that readers get wrong, one kind each; `cases-pdf.json` says what is right."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from dipnot.document import make_document
from dipnot.inspection import inspect_file
from dipnot.readers import read_pages
from dipnot.types import Document, Source

FILES = Path(__file__).parent / "data_documents"
CASES: list[dict[str, Any]] = json.loads((FILES / "cases-pdf.json").read_text("utf-8"))


@cache
def read(name: str) -> Document:
    return make_document(Source(name, "metin"), read_pages(name, (FILES / name).read_bytes()))


def flat(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def notes(document: Document) -> list[tuple[str, str, str]]:
    """Label, all that stands before the marker, the note."""
    text = document.text
    return [
        (note.label, flat(text[: note.marker]).rstrip(), flat(text[slice(*note.span)]))
        for note in document.footnotes
    ]


def checks(key: str) -> pytest.MarkDecorator:
    """Run a test over what the cases say under a key."""
    found = [
        pytest.param(case["file"], case[key], id=case["file"]) for case in CASES if key in case
    ]
    return pytest.mark.parametrize(("name", "expected"), found)


@checks("has")
def test_these_words_stand_in_the_text(name: str, expected: list[str]) -> None:
    text = flat(read(name).text)
    assert [words for words in expected if words not in text] == []


@checks("lacks")
def test_these_do_not(name: str, expected: list[str]) -> None:
    text = flat(read(name).text)
    assert [words for words in expected if words in text] == []


@checks("body")
def test_these_stand_in_the_running_text(name: str, expected: list[str]) -> None:
    document = read(name)
    running = flat(document.text[: document.pages[-1].span.end])
    assert [words for words in expected if words not in running] == []


@checks("order")
def test_the_first_stands_before_the_second(name: str, expected: list[list[str]]) -> None:
    text = flat(read(name).text)
    for first, second in expected:
        assert 0 <= text.find(first) < text.find(second)


@checks("notes")
def test_so_many_notes_are_found(name: str, expected: int) -> None:
    assert len(read(name).footnotes) == expected


@checks("tied")
def test_notes_hang_on_their_words(name: str, expected: list[list[str]]) -> None:
    found = notes(read(name))
    for label, before, words in expected:
        assert any(n == label and b.endswith(before) and words in text for n, b, text in found)


@checks("exact")
def test_a_note_is_this_and_nothing_else(name: str, expected: list[list[str]]) -> None:
    found = [(label, text) for label, _, text in notes(read(name))]
    assert [tuple(note) for note in expected if tuple(note) not in found] == []


@checks("head")
def test_these_are_headings(name: str, expected: list[str]) -> None:
    assert set(expected) <= {section.heading for section in read(name).sections}


@checks("label")
def test_pages_bear_the_numbers_printed_on_them(name: str, expected: list[list[str]]) -> None:
    pages = read(name).pages
    assert [[number, pages[int(number) - 1].label] for number, _ in expected] == expected


@checks("cited")
def test_citations_lead_to_their_entries(name: str, expected: int) -> None:
    assert sum(reference.entry is not None for reference in read(name).references) == expected


@checks("odd")
def test_something_odd_is_told(name: str, expected: bool) -> None:
    assert bool(inspect_file(FILES / name)["oddities"]) is expected


def test_every_kind_of_expectation_is_tested() -> None:
    told = {key for case in CASES for key in case} - {"file", "wrong_today", "right"}
    assert told == {
        "has", "lacks", "body", "order", "notes", "tied", "exact", "head", "label", "cited", "odd",
    }  # fmt: skip
