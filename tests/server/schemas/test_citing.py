"""Bodies that name ranges of the texts are bounded."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from dipnot.server import schemas

RANGE = {"doc_id": "lake", "start": 0, "end": 5}


@pytest.mark.parametrize(
    "citations", [[], [RANGE] * (schemas.MOST_CITED + 1), [{**RANGE, "start": -1}], [{"start": 0}]]
)
def test_none_too_many_and_impossible_ranges_are_refused(citations: list[object]) -> None:
    with pytest.raises(ValidationError):
        schemas.CiteBody.model_validate({"citations": citations})


def test_a_comment_has_its_bound() -> None:
    told = {"question": "a", "verdict": "answered", "helpful": True}
    longest = "x" * schemas.COMMENT_LENGTH
    assert schemas.FeedbackBody.model_validate({**told, "comment": longest}).comment == longest
    with pytest.raises(ValidationError):
        schemas.FeedbackBody.model_validate({**told, "comment": longest + "x"})
