"""The file of feedback: its lines, its bounds, and what is made of them."""

from __future__ import annotations

import json
import os
import stat
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from dipnot.errors import DipnotError, NotFound, TooLarge, TooOften
from dipnot.evaluation.sets import read_sets
from dipnot.server import feedback as module
from dipnot.server.feedback import A_MINUTE, Feedback, Keeper, as_lines, as_questions, read_feedback

QUOTE = {"doc_id": "lake", "start": 0, "end": 9, "pages": "1", "quote": "Göl kurutuldu."}
ONE = Feedback("Göl ne oldu?", "answered", (QUOTE,), helpful=True, comment="", generation="g")


def test_a_piece_of_feedback_is_a_line_that_its_owner_alone_may_read(tmp_path: Path) -> None:
    file = tmp_path / "feedback.jsonl"
    keeper = Keeper(file)
    keeper.keep(ONE)
    keeper.keep(replace(ONE, comment="iki\nsatır \ud800", helpful=False))
    assert file.read_bytes().count(b"\n") == 2
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    first, second = read_feedback(file)
    assert replace(first, at="") == ONE
    assert second.comment == "iki\nsatır \ud800"


def test_a_line_that_a_crash_cut_off_costs_no_other(tmp_path: Path) -> None:
    file = tmp_path / "feedback.jsonl"
    Keeper(file).keep(ONE)
    with file.open("ab") as torn:
        torn.write(b'{"question": "ya')
    Keeper(file).keep(ONE)
    assert len(list(read_feedback(file))) == 2


@pytest.mark.parametrize(
    "changed",
    [
        {"at": 5}, {"helpful": "yes"}, {"citations": [{"x": 1}]}, {"citations": "q"},
        {"citations": [1]}, {"question": None}, {"verdict": []}, {"comment": 1},
    ],
)  # fmt: skip
def test_a_line_of_another_form_is_passed_over(tmp_path: Path, changed: dict[str, object]) -> None:
    file = tmp_path / "feedback.jsonl"
    line = json.dumps(asdict(ONE) | changed)
    file.write_text(f"{line}\n{'[' * 100_000}\n", "utf-8")
    Keeper(file).keep(ONE)
    assert [replace(kept, at="") for kept in read_feedback(file)] == [ONE]


def test_so_much_is_kept_a_minute_and_no_more(tmp_path: Path) -> None:
    keeper = Keeper(tmp_path / "feedback.jsonl")
    for n in range(A_MINUTE):
        keeper.keep(ONE, now=float(n))
    with pytest.raises(TooOften):
        keeper.keep(ONE, now=59.0)
    keeper.keep(ONE, now=60.5)


def test_a_full_file_takes_nothing_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_BYTES", 500)
    file = tmp_path / "feedback.jsonl"
    keeper = Keeper(file)
    keeper.keep(ONE)
    with pytest.raises(TooLarge, match="full"):
        keeper.keep(replace(ONE, comment="x" * 400))
    assert len(list(read_feedback(file))) == 1


def test_where_it_is_off_or_cannot_be_written_a_sentence_says_so(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="off"):
        Keeper(None).keep(ONE)
    link = tmp_path / "link.jsonl"
    link.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(DipnotError, match="could not be kept"):
        Keeper(link).keep(ONE)
    assert not os.path.lexists(tmp_path / "elsewhere")
    assert list(read_feedback(tmp_path / "none.jsonl")) == []


def test_what_helped_becomes_questions_that_eval_reads(tmp_path: Path) -> None:
    refused = replace(ONE, question="When?", verdict="not_in_text", citations=())
    kept = [ONE, ONE, refused, replace(ONE, question="Neden?", helpful=False)]
    file = tmp_path / "own.jsonl"
    file.write_text(as_questions(kept), "utf-8")
    answered, absent = read_sets([file])
    assert (answered.text, answered.evidence, answered.lang) == (
        "Göl ne oldu?", ("Göl kurutuldu.",), "tr",
    )  # fmt: skip
    assert (absent.text, absent.evidence, absent.lang) == ("When?", (), "en")


def test_the_list_shows_no_control_characters(tmp_path: Path) -> None:
    line = as_lines([replace(ONE, comment="kötü \x1b[2J\nsatır", at="2026-01-02T03:04:05+00:00")])
    assert line == "2026-01-02 03:04  +  answered: Göl ne oldu?\n    kötü [2J satır"
