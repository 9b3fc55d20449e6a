"""Small files of every kind that was once read wrong, checked through `dipnot inspect --json`.

`data_documents/cases-*.json` say of each file what must hold: `has`, `lacks` (in the text, white
space folded), `body` (in the running text), `order`, `notes` (how many), `tied` (label, the words
it hangs behind, words of the note), `untied`, `exact` (label, the whole note), `head`,
`headless`, `label` (page, what is printed on it), `title`, `cited` (citations tied to an entry),
`answerable` (stands in no front matter), `odd` (an oddity is told), `equations` (marked as such).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dipnot.cli import main

FILES = Path(__file__).parents[1] / "data_documents"
CASES = [
    case
    for path in sorted(FILES.glob("cases-*.json"))
    for case in json.loads(path.read_text("utf-8"))
]


def flat(text: str) -> str:
    """Fold white space, but not what parts paragraphs."""
    return "\n\n".join(" ".join(part.split()) for part in text.split("\n\n"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["file"])
def test_a_file_of_a_difficult_kind_is_read_right(
    case: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["inspect", str(FILES / case["file"]), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    check_text(case, report)
    check_notes(case, report)
    check_structure(case, report)


def check_text(case: dict[str, Any], report: dict[str, Any]) -> None:
    text = flat(report["text"])
    running = flat(report["text"][: report["pages"][-1]["end"]])
    for words in case.get("has", ()):
        assert words in text
    for words in case.get("lacks", ()):
        assert words not in text
    for words in case.get("body", ()):
        assert words in running
    for first, second in case.get("order", ()):
        assert 0 <= text.find(first) < text.find(second)
    front = [b for b in report["blocks"] if b["kind"] == "front"]
    for words in case.get("answerable", ()):
        assert words in text
        assert not any(words in report["text"][b["start"] : b["end"]] for b in front)


def check_notes(case: dict[str, Any], report: dict[str, Any]) -> None:
    notes = [
        (note["label"], flat(report["text"][: note["marker"]]), note["text"])
        for note in report["footnotes"]
    ]
    if "notes" in case:
        assert len(notes) == case["notes"]
    for label, behind, words in case.get("tied", ()):
        assert any(n[0] == label and n[1].endswith(behind) and words in n[2] for n in notes)
    for label, behind in case.get("untied", ()):
        assert not any(n[0] == label and n[1].endswith(behind) for n in notes)
    for label, whole in case.get("exact", ()):
        assert (label, whole) in [(n[0], flat(n[2])) for n in notes]


def check_structure(case: dict[str, Any], report: dict[str, Any]) -> None:
    headings = [section["heading"] for section in report["sections"]]
    for heading in case.get("head", ()):
        assert heading in headings
    for heading in case.get("headless", ()):
        assert heading not in headings
    labels = {str(page["number"]): page["label"] for page in report["pages"]}
    for number, label in case.get("label", ()):
        assert labels.get(number) == label
    if "title" in case:
        assert report["title"] == case["title"]
    if "cited" in case:
        assert sum(bool(r["entry"]) for r in report["references"]) == case["cited"]
    if "equations" in case:
        assert [equation["text"] for equation in report["equations"]] == case["equations"]
    if "odd" in case:
        assert bool(report["oddities"]) == case["odd"]
