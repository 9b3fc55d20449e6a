"""Errors as problem details: one status for each kind of error, and nothing of the inside."""

from __future__ import annotations

import pytest

from dipnot import errors
from dipnot.errors import DipnotError
from dipnot.server.problems import problem_of, problems


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.InvalidInput("k is 0.", "k"), 422), (errors.TooLarge("Too long.", "body"), 413),
        (errors.NotFound("No such page."), 404), (errors.BuildRunning("Wait."), 409),
        (errors.Busy("Wait."), 429), (errors.NotReady("Not yet."), 503),
        (errors.IndexMissing("None."), 503), (errors.CorpusError("Broken."), 503),
        (DipnotError("Broken."), 500),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else str(value),
)  # fmt: skip
def test_each_kind_of_error_has_its_status_and_keeps_its_sentence(
    error: DipnotError, status: int
) -> None:
    problem = problem_of(error)
    assert problem["status"] == status
    assert problem["detail"] == str(error)
    assert problem["type"].startswith("/api/problems/")
    assert problem.get("field") == getattr(error, "field", None)


def test_every_error_that_we_raise_has_a_status() -> None:
    def below(kind: type[DipnotError]) -> set[type[DipnotError]]:
        return {kind, *(k for own in kind.__subclasses__() for k in below(own))}

    for kind in below(DipnotError):
        error = kind.__new__(kind)
        error.args = ("Broken.",)
        error.field, error.configured = None, True  # type: ignore[attr-defined]
        assert 400 <= problem_of(error)["status"] < 600


def test_an_unexpected_error_says_nothing_of_itself() -> None:
    problem = problem_of(RuntimeError("/secret/path"))
    assert problem["status"] == 500
    assert "secret" not in str(problem)


def test_a_route_describes_the_problems_it_may_answer_with() -> None:
    described = problems(404, 429)
    assert list(described) == [404, 429]
    assert all(answer["description"] for answer in described.values())
