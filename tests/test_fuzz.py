"""The short form of benchmarks/fuzz.py: nothing that it throws finds anything."""

from __future__ import annotations

import functools
import re
import runpy
import subprocess
import sys
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


def test_no_pattern_of_ours_takes_more_than_linear_time() -> None:
    """All of them, by the method that is called: what each repeats, again and again."""
    fuzz = runpy.run_path(str(SCRIPT))["fuzz"]
    done, found = fuzz("patterns", seed=20, seconds=600)
    assert found == []
    assert done > 10_000


@pytest.mark.parametrize(
    ("bad", "way"),
    [
        (r"\s+[.,]", "finditer"), (r"[\w-]+$", "finditer"), (r"\b\w+m[ae]d\w*(?= \w)", "finditer"),
        (r"title:\s*\|?\s*x", "match"), (r".*\D\s*\d", "fullmatch"),
    ],
)  # fmt: skip
def test_a_pattern_that_takes_more_is_found(bad: str, way: str) -> None:
    fuzz = runpy.run_path(str(SCRIPT))
    pattern = re.compile(bad)
    found = [
        fuzz["within"](2, functools.partial(fuzz["too_slow"], (pattern, way), bit, before))
        for before, bit in fuzz["hostile"](pattern)
    ]
    assert any(found)


@pytest.mark.parametrize(("what", "most"), [("api", 120), ("formats", 60), ("index", 150)])
def test_what_nobody_would_send_finds_nothing(what: str, most: int) -> None:
    fuzz = runpy.run_path(str(SCRIPT))["fuzz"]
    assert fuzz(what, seed=20, seconds=600, most=most) == (most, [])


def test_a_pattern_is_fuzzed_by_the_method_that_its_module_calls() -> None:
    """A match that need not reach the end is linear where a match of the whole explodes."""
    from dipnot.language.sentences import _NOTES
    from dipnot.question.ellipsis import _CONTRASTS, _HAPPENED, _WORD

    fuzz = runpy.run_path(str(SCRIPT))
    ways: dict[re.Pattern[str], set[str]] = {}
    for pattern, way in fuzz["patterns"]():
        ways.setdefault(pattern, set()).add(way)
    assert ways[_NOTES] == ways[_CONTRASTS] == {"match"}
    assert ways[_HAPPENED] == {"fullmatch"}
    assert "finditer" in ways[_WORD]
    assert fuzz["in_fork"](lambda: fuzz["too_slow"]((_NOTES, "match"), "²"), 10) == ""
    assert fuzz["in_fork"](lambda: fuzz["too_slow"]((_NOTES, "fullmatch"), "²"), 1) != ""


# What `fuzz.py patterns` found once: who calls what, and a bit that it despaired of in a row.
FOUND = {
    "identifiers": ("exact", "_IDENTIFIER.sub('', text)", "a."),
    "rows of dots": ("exact", "_IDENTIFIER.sub('', text)", "."),
    "who … authors of": ("answer_type", "_PATTERNS['byline'].search(text)", "who "),
    "conclusion … say": ("about_text", "_PATTERNS['conclusion'].search(text)", "conclusion "),
    "and what about …": ("ellipsis", "_CONTRASTS.fullmatch(text)", "and what about "),
}
TRIAL = """
import resource, sys
import dipnot.question.{module} as its
text = {bit!r} * (400_000 // len({bit!r})) + chr(0)
used = resource.getrusage(resource.RUSAGE_SELF).ru_utime
resource.setrlimit(resource.RLIMIT_CPU, (int(used) + 20, int(used) + 20))
its.{call}
print("through")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="bounds the processor's time")
@pytest.mark.parametrize("name", FOUND)
def test_a_pattern_that_was_slow_once_gets_through_a_text_that_it_would_take_minutes_for(
    name: str,
) -> None:
    """Processor time is counted, and a hundredth of it is enough: no busy machine fails this."""
    module, call, bit = FOUND[name]
    trial = TRIAL.format(module=module, call=call, bit=bit)
    done = subprocess.run(
        [sys.executable, "-c", trial], capture_output=True, encoding="utf-8", check=False
    )
    assert (done.returncode, done.stdout) == (0, "through\n"), done.stderr
