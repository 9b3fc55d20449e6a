"""Every shape refuses what it does not know; a year is a number."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pydantic import ValidationError

from dipnot.engine import Engine
from dipnot.server.schemas.base import Shape, year_of


class Bridge(Shape):
    name: str


def test_an_unknown_field_is_refused_and_nothing_changes_once_made() -> None:
    with pytest.raises(ValidationError):
        Bridge.model_validate({"name": "a", "built": 1887})
    with pytest.raises(ValidationError):
        Bridge(name="a").name = "b"


@pytest.mark.parametrize(
    ("year", "number"), [("2022", 2022), ("2023-06", 2023), ("yaz 1887", 1887), ("", None)]
)
def test_the_year_of_an_imprint_is_a_number(engine: Engine, year: str, number: int | None) -> None:
    document = engine.document("lake")
    imprint = replace(document.imprint, year=year or None)
    assert year_of(replace(document, imprint=imprint)) == number
