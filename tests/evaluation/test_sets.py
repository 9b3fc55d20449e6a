"""Question sets: what a line holds, what lies beside a set, and what a wrong one is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dipnot.errors import InvalidInput
from dipnot.evaluation.sets import find_sets, own_texts, read_sets, strangers
from dipnot.types import Turn

ROOT = Path(__file__).parents[2]
LINE = {"id": "a", "lang": "tr", "type": "fact", "question": "Ne oldu?", "evidence": ["Oldu."]}


def write(folder: Path, name: str, *lines: dict[str, Any] | str) -> Path:
    file = folder / name
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    file.write_text("\n".join(texts), "utf-8")
    return file


def refusal(folder: Path, *lines: dict[str, Any] | str, name: str = "set.jsonl") -> str:
    with pytest.raises(InvalidInput) as caught:
        read_sets([write(folder, name, *lines)])
    return str(caught.value)


def test_a_line_gives_a_question_with_its_turns_and_what_counts_as_refusal(tmp_path: Path) -> None:
    line = LINE | {
        "history": [["Kim?", "Biri."]], "evidence": [], "accept": ["partial", "not_in_text"],
        "note": "off-topic: weather",
    }  # fmt: skip
    (found,) = read_sets([write(tmp_path, "set.jsonl", line)])
    assert found.history == (Turn("Kim?", "Biri."),)
    assert found.accept == ("partial", "not_in_text")
    assert found.kind == "off topic"
    assert found.set_name == "set"


def test_only_a_verdict_of_not_in_text_refuses_unless_the_line_says_more(tmp_path: Path) -> None:
    (found,) = read_sets([write(tmp_path, "set.jsonl", LINE)])
    assert found.accept == ("not_in_text",)
    assert found.kind == "unsorted"


def test_blank_lines_and_a_byte_order_mark_are_no_questions(tmp_path: Path) -> None:
    file = write(tmp_path, "set.jsonl", "\ufeff" + json.dumps(LINE), "", "  ")
    assert len(read_sets([file])) == 1


def test_a_line_separator_inside_a_quote_ends_no_line(tmp_path: Path) -> None:
    raw = json.dumps(LINE | {"evidence": ["bir\u2028iki"]}, ensure_ascii=False)
    (found,) = read_sets([write(tmp_path, "set.jsonl", raw)])
    assert found.evidence == ("bir\u2028iki",)


def test_alternatives_beside_a_set_belong_to_it_and_given_ones_to_all(tmp_path: Path) -> None:
    one = write(tmp_path, "one.jsonl", LINE)
    two = write(tmp_path, "two.jsonl", LINE | {"id": "b"})
    write(tmp_path, "one-alt-evidence.json", {"a": ["beside"], "b": ["not of this set"]})
    given = write(tmp_path, "more.json", {"a": ["given"], "b": ["given"]})
    assert [q.alternatives for q in read_sets([one, two], given)] == [
        ("beside", "given"),
        ("given",),
    ]


def test_unanswerable_questions_count_to_the_set_beside_them(tmp_path: Path) -> None:
    file = write(tmp_path, "one-unanswerable.jsonl", LINE | {"evidence": []})
    assert read_sets([file])[0].set_name == "one"


def test_the_sets_of_a_corpus_are_the_jsonl_files_in_its_folder_questions(tmp_path: Path) -> None:
    (tmp_path / "questions").mkdir()
    write(tmp_path / "questions", "b.jsonl", LINE)
    write(tmp_path / "questions", "a.jsonl", LINE)
    write(tmp_path / "questions", "a-alt-evidence.json", {})
    assert [f.name for f in find_sets(tmp_path)] == ["a.jsonl", "b.jsonl"]


def test_a_corpus_without_question_sets_says_what_to_type(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"holds no question set; .* `dipnot eval QUESTIONS"):
        find_sets(tmp_path)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("[1]", "is '[1]'; expected an object"),
        (r'{"id": "\ud800"}', "holds a lone surrogate"),
        ({"lang": "tr"}, '"id" is missing; expected text'),
        (LINE | {"id": " "}, "\"id\" is '\" \"'; expected text"),
        (LINE | {"type": 3}, "\"type\" is '3'; expected text"),
        (LINE | {"question": "?!"}, '"question" is \'?!\', without a letter or digit'),
        (LINE | {"evidence": "Oldu."}, "\"evidence\" is '\"Oldu.\"'; expected a list of quotes"),
        (LINE | {"evidence": ["…"]}, '"evidence" is \'["…"]\'; expected a list of quotes'),
        (LINE | {"history": [["Kim?"]]}, "expected a list of at most 50 pairs"),
        (LINE | {"history": [["a", "b"]] * 51}, "expected a list of at most 50 pairs"),
        (LINE | {"accept": ["never"]}, "expected a list of answered, partial, not_in_text"),
        (LINE | {"accept": []}, "expected a list of answered, partial, not_in_text"),
        (LINE | {"histroy": []}, "'histroy' is unknown; did you mean history?"),
        (LINE | {"acept": []}, "'acept' is unknown; did you mean accept?"),
        (LINE | {"id": "a\x1b[2Jb"}, "expected a line of text"),
        (LINE | {"type": "a\nb"}, "expected a line of text"),
        (LINE | {"note": 1}, "\"note\" is '1'; expected text"),
    ],
)  # fmt: skip
def test_a_wrong_line_is_named_with_what_was_found_and_expected(
    tmp_path: Path, line: dict[str, Any] | str, told: str
) -> None:
    message = refusal(tmp_path, LINE, "", line)
    assert f"{tmp_path / 'set.jsonl'}, line 3: " in message
    assert told in message


def test_an_id_that_stands_twice_is_refused_with_both_places(tmp_path: Path) -> None:
    message = refusal(tmp_path, LINE, LINE)
    assert "line 2: the id 'a' stands in" in message
    assert "line 1 already" in message


def test_evidence_in_a_file_of_unanswerable_questions_is_refused(tmp_path: Path) -> None:
    assert "expected []" in refusal(tmp_path, LINE, name="x-unanswerable.jsonl")


def test_a_file_that_is_empty_missing_or_no_text_is_refused(tmp_path: Path) -> None:
    assert "is empty" in refusal(tmp_path, "", " ")
    (tmp_path / "bytes.jsonl").write_bytes(b"{\xff}")
    for name, told in (("none.jsonl", "cannot be read"), ("bytes.jsonl", "is not UTF-8: byte 1")):
        with pytest.raises(InvalidInput, match=told):
            read_sets([tmp_path / name])


def test_alternatives_of_another_form_are_refused(tmp_path: Path) -> None:
    file = write(tmp_path, "set.jsonl", LINE)
    write(tmp_path, "set-alt-evidence.json", {"a": "no list"})
    with pytest.raises(InvalidInput, match=r"set-alt-evidence\.json: 'a' has .* expected a list"):
        read_sets([file])


def test_a_set_with_texts_of_its_own_comes_last_and_bears_its_folders_name(tmp_path: Path) -> None:
    own = tmp_path / "questions" / "bridge"
    (own / "corpus").mkdir(parents=True)
    (tmp_path / "questions" / "empty").mkdir()
    file = write(own, "questions.jsonl", LINE)
    set_ = write(tmp_path / "questions", "set.jsonl", LINE)
    assert find_sets(tmp_path) == [set_, file]
    assert (own_texts(set_), own_texts(file)) == (None, own / "corpus")
    assert read_sets([file])[0].set_name == "bridge"


def test_a_question_file_beside_the_corpus_itself_is_about_the_corpus(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    assert own_texts(write(tmp_path, "questions.jsonl", LINE)) is None


def test_every_quote_of_the_sets_that_are_shipped_stands_in_their_texts() -> None:
    files = [file for file in find_sets(ROOT / "corpus") if own_texts(file)]
    assert len(files) == 6
    for file in files:
        questions = read_sets([file])
        assert len(questions) == 60
        (text,) = (path.read_text("utf-8") for path in file.parent.glob("corpus/*"))
        joined = " ".join(text.split())
        quotes = [quote for q in questions for quote in (*q.evidence, *q.alternatives)]
        assert [quote for quote in quotes if joined.count(" ".join(quote.split())) != 1] == []


def test_further_quotes_of_no_question_are_named(tmp_path: Path) -> None:
    file = write(tmp_path, "set.jsonl", LINE | {"answers": [], "section": "1"})
    write(tmp_path, "set-alt-evidence.json", {"a": ["Oldu."], "z": ["Oldu."]})
    given = write(tmp_path, "given.json", {"y": ["Oldu."]})
    assert strangers([file], given, read_sets([file])) == ["y", "z"]
    assert strangers([file], None, read_sets([file])) == ["z"]


def test_the_kind_of_an_unanswerable_question_steers_no_terminal(tmp_path: Path) -> None:
    line = LINE | {"evidence": [], "note": "off-\x1b[2Jtopic: x"}
    assert read_sets([write(tmp_path, "set.jsonl", line)])[0].kind == "off [2Jtopic"


def test_the_sets_that_are_shipped_give_further_quotes_of_their_own_questions_alone() -> None:
    files = find_sets(ROOT / "corpus")
    assert strangers(files, None, [q for file in files for q in read_sets([file])]) == []
