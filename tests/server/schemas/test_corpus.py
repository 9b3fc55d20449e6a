"""A file of the corpus is in one of the states that the page knows."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from dipnot.server import schemas


def test_a_state_of_a_file_that_no_page_knows_is_refused() -> None:
    told = dict.fromkeys(schemas.FileShape.model_fields) | {
        "file": "a.txt", "languages": [], "examples": [], "removable": True,
    }  # fmt: skip
    assert schemas.FileShape.model_validate({**told, "state": "new"}).state == "new"
    with pytest.raises(ValidationError):
        schemas.FileShape.model_validate({**told, "state": "lost"})
