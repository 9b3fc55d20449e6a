"""The values that pass between rooms: they cannot be changed, and spans are half-open."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dipnot import types
from dipnot.types import Filters, Span

spans = st.builds(
    lambda start, length: Span(start, start + length), st.integers(0, 30), st.integers(0, 30)
)
VALUES = [
    kind
    for kind in vars(types).values()
    if isinstance(kind, type) and dataclasses.is_dataclass(kind)
]


@pytest.mark.parametrize("kind", VALUES, ids=lambda kind: kind.__name__)
def test_no_value_can_be_changed_or_given_more(kind: type) -> None:
    assert kind.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert "__slots__" in vars(kind)


def test_a_value_that_is_set_is_refused() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Filters().doc_id = "a"  # type: ignore[misc]


@given(one=spans, other=spans)
def test_spans_overlap_and_hold_as_their_code_points_do(one: Span, other: Span) -> None:
    points, others = set(range(*one)), set(range(*other))
    if points and others:
        assert one.overlaps(other) == other.overlaps(one) == bool(points & others)
        assert one.holds(other) == (others <= points)
