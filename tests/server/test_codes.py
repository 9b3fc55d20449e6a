"""The kinds of problem: each has a code that stays, and a page that explains it."""

from __future__ import annotations

import re

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
