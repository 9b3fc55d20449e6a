"""Scores as tables and JSON: the names that programs rely on, and what a person reads."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dipnot import cli
from dipnot.evaluation.scores import METRICS, Row
from dipnot.evaluation.tables import OVERVIEW, as_json, as_text, failures_as_text
from dipnot.index.store import open_index
from dipnot.settings import Settings
from evaluated import question, row
from fakes import FakeEncoder


def sample() -> list[Row]:
    return [
        row(question("a", evidence=["bir"], set_name="one"), ["bir"], "answered", ["Bir."]),
        row(question("b", evidence=["yok"], set_name="two", lang="en", text="Why\n so?"), ["bir"]),
        row(question("c", set_name="two", kind="off topic"), ["bir"], "partial", ["Bir."]),
    ]


def test_json_has_every_figure_with_its_interval_over_all_and_for_each_set() -> None:
    shape = json.loads(json.dumps(as_json(sample(), failures=False)))
    assert set(METRICS) < set(shape)
    assert shape["n"] == [2, 1]
    assert shape["R@1"] == 0.5
    assert shape["intervals"]["R@1"] == [0.0, 1.0]
    assert shape["R@300w by language"] == {"en": 0.0, "tr": 1.0}
    assert shape["intervals"]["cited by type"] == {"fact": [0.0, 1.0]}
    assert shape["refused by kind"] == {"off topic": 0.0}
    assert {name: part["R@1"] for name, part in shape["sets"].items()} == {"one": 1.0, "two": 0.0}
    assert "failures" not in shape


def test_failures_are_evidence_not_cited_and_questions_not_refused() -> None:
    shape = json.loads(json.dumps(as_json(sample(), failures=True)))
    assert [f["id"] for f in shape["failures"]] == ["b", "c"]
    assert shape["failures"][0]["evidence"] == ["yok"]
    assert shape["failures"][0]["first_hit"] == {"doc_id": "metin", "page": 1, "text": "bir"}
    lines = failures_as_text(sample()).splitlines()
    assert lines[0] == "Failures (2 of 3):"
    assert lines[1].split() == ["b", "fact", "answered", "rank", "–", "Why", "so?"]
    assert lines[2].split()[:5] == ["c", "off", "topic", "partial", "no"]


def cells(text: str) -> list[list[str]]:
    """The rows of the Markdown tables in a text."""
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_a_bar_in_a_name_opens_no_cell() -> None:
    rows = [
        row(question("a", evidence=["bir"], type_="fact|x"), ["bir"], "answered", ["Bir."]),
        row(question("b", evidence=["iki"]), ["iki"], "answered", ["İki."]),
    ]
    assert "| fact\\|x (1)" in as_text(rows)


def test_several_sets_are_one_table_with_a_row_a_set() -> None:
    head, rule, *rows = cells(as_text(sample()))
    assert head == ["set", "questions", *OVERVIEW]
    assert {cell.strip("-") for cell in rule} == {""}
    assert [row[:4] for row in rows] == [
        ["all", "2 + 1", "0.500", "0.500"],
        ["one", "1 + 0", "1.000", "1.000"],
        ["two", "1 + 1", "0.000", "0.000"],
    ]
    assert rows[1][head.index("refused")] == "–"


def test_one_set_is_shown_with_every_figure_and_its_interval() -> None:
    found = cells(as_text(sample()[1:]))
    assert found[0] == ["", "two (2)"]
    assert [row[0] for row in found[2 : len(METRICS) + 2]] == list(METRICS)
    assert ["R@1", "0.000 [0.00, 0.00]"] in found
    assert ["off topic (1)", "0.000 [0.00, 0.00]"] in found


def test_what_was_not_asked_is_a_dash() -> None:
    text = as_text(sample()[:1])
    assert ["refused", "–"] in cells(text)
    assert "Unanswerable" not in text


# --- the command -------------------------------------------------------------------------------

MILL = {
    "id": "mill", "lang": "tr", "type": "fact", "question": "Kıyıdaki değirmen ne zaman yandı?",
    "evidence": ["3 Mayıs 1902’de yandı"],
}  # fmt: skip


@pytest.fixture
def built(
    settings: Settings, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Settings:
    """A built corpus with a question set, and the folder that commands run in."""
    questions = settings.corpus / "questions"
    questions.mkdir()
    (questions / "lake.jsonl").write_text(json.dumps(MILL), "utf-8")
    none = MILL | {"id": "none", "question": "Kral kimdi?", "evidence": [], "note": "near miss: no"}
    (questions / "lake-unanswerable.jsonl").write_text(json.dumps(none), "utf-8")
    monkeypatch.setattr("dipnot.engine.load_encoder", lambda *_, **__: encoder)
    monkeypatch.setattr("dipnot.models.encoder.load_encoder", lambda *_: encoder)
    monkeypatch.setattr("dipnot.models.lazy.lazy_encoder", lambda *_: encoder)
    monkeypatch.chdir(tmp_path)
    assert cli.main(["build"]) == 0
    return settings


def test_eval_scores_the_questions_of_the_corpus(
    built: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert cli.main(["eval", "--json", "--failures", "-k", "3"]) == 0
    shape = json.loads(capsys.readouterr().out)
    assert shape["n"] == [1, 1]
    assert shape["exact"] == 1.0
    assert shape["R@3"] == 1.0
    assert "refused by kind" in shape
    assert isinstance(shape["failures"], list)


def test_eval_prints_a_table_and_writes_a_page(
    built: Settings, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    asked = str(built.corpus / "questions" / "lake.jsonl")
    assert cli.main(["eval", asked, "--failures", "--report", "page.html"]) == 0
    out = capsys.readouterr().out
    assert "R@300w" in out
    assert "Failures (" in out
    page = (tmp_path / "page.html").read_text("utf-8")
    assert page.startswith("<!doctype html>")
    assert "1 answerable, 0 not" in page


def test_a_set_with_texts_of_its_own_is_scored_on_an_index_of_its_own_that_is_kept(
    built: Settings, encoder: FakeEncoder, capsys: pytest.CaptureFixture[str]
) -> None:
    own = built.corpus / "questions" / "bridge"
    (own / "corpus").mkdir(parents=True)
    (own / "corpus" / "bridge.txt").write_text("The bridge fell in 1911.\n\nIt was red.\n", "utf-8")
    line = MILL | {
        "question": "When did the bridge fall?",
        "evidence": ["The bridge fell in 1911."],
    }
    (own / "questions.jsonl").write_text(json.dumps(line), "utf-8")
    capsys.readouterr()
    assert cli.main(["eval"]) == 0
    said = capsys.readouterr()
    assert [row[:2] for row in cells(said.out)[2:]] == [
        ["all", "2 + 1"], ["bridge", "1 + 0"], ["lake", "1 + 1"],
    ]  # fmt: skip
    assert "cannot be found" not in said.err
    assert list(open_index(built.index.with_name("index-eval") / "bridge").documents) == ["bridge"]
    assert "bridge" not in open_index(built.index).documents
    encoder.passages.clear()
    assert cli.main(["eval", str(own / "questions.jsonl")]) == 0
    assert encoder.passages == []
    assert cells(capsys.readouterr().out)[0] == ["", "bridge (1)"]


def test_eval_warns_of_evidence_that_stands_in_no_text(
    built: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    (built.corpus / "questions" / "lake.jsonl").write_text(
        json.dumps(MILL | {"evidence": ["5 Mayıs 1902’de yandı"]}), "utf-8"
    )
    assert cli.main(["eval"]) == 0
    assert "stands in no text of the index, so it cannot be found: mill." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["none.jsonl"], "dipnot: 'none.jsonl' cannot be read: No such file"),
        (["-k", "0"], "dipnot: k is 0; expected 1 to 100."),
        (["--report", "no/such/page.html"], "expected a file in a folder that exists"),
        (["--alt", "none.json"], "dipnot: 'none.json' cannot be read"),
        (["--corpus", "nowhere"], "holds no question set"),
    ],
)
def test_eval_refuses_wrong_usage_in_a_sentence(
    arguments: list[str], told: str, built: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["eval", *arguments]) == 2
    assert told in capsys.readouterr().err
