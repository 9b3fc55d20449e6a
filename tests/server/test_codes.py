"""The kinds of problem: each has a code that stays, and a page that explains it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dipnot.server.codes import KINDS, code_of, example_of, explain, explain_all


@pytest.mark.parametrize("code", sorted(KINDS))
def test_each_kind_is_explained_with_what_to_do_and_an_example(code: str) -> None:
    kind, page = KINDS[code], explain(code)
    assert re.fullmatch(r"[a-z-]+", code)
    assert code_of(kind.title) == code
    assert f"<h1>{kind.title} ({kind.status})</h1>" in page
    assert page.count("<p>") >= 4
    assert f'href="/api/problems/{code}"' in explain_all()


def test_an_unknown_code_has_no_page() -> None:
    with pytest.raises(KeyError):
        explain("nope")


def test_the_example_of_a_status_is_a_problem_of_that_status() -> None:
    for status in {kind.status for kind in KINDS.values()}:
        problem = example_of(status)
        assert problem["status"] == status
        assert problem["type"] == f"/api/problems/{problem['code']}"


def test_the_page_about_the_api_names_each_code_with_its_status() -> None:
    page = (Path(__file__).parents[2] / "docs" / "api.md").read_text("utf-8")
    rows = re.findall(r"^\| (\d{3}) \| (`.+`) \|$", page, re.MULTILINE)
    told = {code: int(status) for status, codes in rows for code in re.findall(r"`(.+?)`", codes)}
    assert told == {code: kind.status for code, kind in KINDS.items()}


def test_a_command_that_is_told_is_one_that_can_be_typed() -> None:
    for kind in KINDS.values():
        assert "`dipnot " not in f"{kind.when} {kind.remedy} {kind.example}"
