"""The short form of benchmarks/fuzz.py: nothing that it throws finds anything."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parent.parent / "benchmarks" / "fuzz.py"


def test_no_pattern_of_ours_repeats_a_repeat() -> None:
    """Such a one takes a time that doubles with each letter; `fuzz.py patterns` takes the time."""
    fuzz = runpy.run_path(str(SCRIPT))
    for bad in (r"(?:\w+)*", r"(\s*\w+)+x", r"a(?:b|\d+)*"):
        assert fuzz["piles"](fuzz["sre_parse"](bad))
    ours = [pattern for pattern, _ in fuzz["patterns"]()]
    assert len(ours) > 300
    assert [p.pattern for p in ours if fuzz["piles"](fuzz["sre_parse"](p.pattern, p.flags))] == []


@pytest.mark.parametrize(("what", "most"), [("api", 120), ("formats", 60), ("index", 150)])
def test_what_nobody_would_send_finds_nothing(what: str, most: int) -> None:
    fuzz = runpy.run_path(str(SCRIPT))["fuzz"]
    assert fuzz(what, seed=20, seconds=600, most=most) == (most, [])
