"""Searching inside a text: every place, whatever the case, the diacritics and the line breaks."""

from __future__ import annotations

import pytest

from dipnot.engine import Engine
from dipnot.server.find_in_text import find_in_text
from dipnot.types import Document


@pytest.fixture
def lake(engine: Engine) -> Document:
    return engine.document("lake")


def test_every_place_is_found_in_order_and_stands_where_it_is_said_to(lake: Document) -> None:
    found = find_in_text(lake, "GOL")
    words = [lake.text[s.start : s.end] for s in found.spans]
    assert set(words) <= {"göl", "Göl", "GÖL"}
    assert len(words) == sum(lake.text.count(w) for w in ("göl", "Göl", "GÖL"))
    assert list(found.spans) == sorted(found.spans, key=lambda s: s.start)
    assert set(found.pages) <= {p.number for p in lake.pages}


def test_spaces_and_line_breaks_are_the_same_and_no_character_is_special(lake: Document) -> None:
    first, second = lake.text.split()[:2]
    assert find_in_text(lake, f" {first} \n {second} ").spans[0].start == 0
    assert find_in_text(lake, ".*").spans == ()
    assert find_in_text(lake, " \t ").spans == ()
