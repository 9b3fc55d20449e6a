"""What was asked for last is kept, and no more than that."""

from __future__ import annotations

import pytest

from dipnot.index.recent import Recent


def test_a_value_is_made_once_while_it_is_kept_and_the_oldest_goes() -> None:
    recent: Recent[str, str] = Recent(2)
    made: list[str] = []

    def make(key: str) -> str:
        made.append(key)
        return key.upper()

    assert [recent.get(key, make) for key in "abacab"] == ["A", "B", "A", "C", "A", "B"]
    assert made == ["a", "b", "c", "b"]


def test_what_cannot_be_made_is_not_kept() -> None:
    recent: Recent[str, int] = Recent(2)
    with pytest.raises(ValueError, match="no"):
        recent.get("no", lambda _: int("no"))
    assert recent.get("no", lambda _: 1) == 1
