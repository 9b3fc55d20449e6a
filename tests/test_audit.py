"""Known holes of dependencies are looked for, and nothing says so where they were not."""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
SCRIPT = ROOT / ".ci" / "audit"
HOLE = {"id": "X-1", "fix_versions": ["2.1"]}
WHOLE, OPEN, UNKNOWN = (
    {"name": "whole", "version": "1.0", "vulns": []},
    {"name": "open", "version": "2.0", "vulns": [HOLE]},
    {"name": "unknown", "skip_reason": "not found"},
)


@pytest.fixture
def audit() -> dict[str, Any]:
    return runpy.run_path(str(SCRIPT))


def test_a_hole_fails_and_is_named_with_the_version_that_mends_it(audit: dict[str, Any]) -> None:
    said, code = audit["report"]({"dependencies": [WHOLE, OPEN]})
    assert (said, code) == ("open 2.0: X-1, mended in 2.1\nKnown holes in 2 pins: 1.", 1)


@pytest.mark.parametrize(
    ("pins", "words"),
    [
        ([WHOLE], "Known holes in 1 pins: 0."),
        ([WHOLE, UNKNOWN], "NOT looked at, because unknown to whom is asked: unknown."),
        ([UNKNOWN, UNKNOWN], "NOT looked for: none of 2 pins is known"),
    ],
)
def test_what_was_not_looked_at_is_told(
    audit: dict[str, Any], pins: list[dict[str, Any]], words: str
) -> None:
    said, code = audit["report"]({"dependencies": pins})
    assert words in said
    assert code == 0


FAKE = """
import pathlib, sys
told = {told!r}
if told:
    pathlib.Path(sys.argv[sys.argv.index("--output") + 1]).write_text(told)
print("first", "no route to host", sep="\\n", file=sys.stderr)
sys.exit(1)
"""


@pytest.mark.parametrize(("told", "fails"), [("", True), ('{"dependencies": []}', False)])
def test_a_tool_that_reached_nobody_is_told_from_one_that_found_a_hole(
    audit: dict[str, Any], told: str, fails: bool
) -> None:
    """Both end with 1."""
    command = [sys.executable, "-c", FAKE.format(told=told)]
    if not fails:
        assert audit["asked"](command) == {"dependencies": []}
        return
    with pytest.raises(subprocess.CalledProcessError) as caught:
        audit["asked"](command)
    assert audit["reason"](caught.value) == "no route to host"


@pytest.mark.skipif(os.name != "posix", reason="puts what does not run before what does")
def test_where_it_cannot_be_installed_that_is_said_and_the_check_goes_on(tmp_path: Path) -> None:
    """With an index of packages that is an empty folder."""
    home = tmp_path / "venv"
    trial = (
        f"import runpy, sys; sys.prefix = {str(home)!r}\n"
        f"runpy.run_path({str(SCRIPT)!r}, run_name='__main__')"
    )
    closed = {k: v for k, v in os.environ.items() if not k.startswith("PIP_")}
    closed |= {"PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull}
    command = [sys.executable, "-c", trial]
    done = subprocess.run(command, env=closed, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    assert "NOT looked for: pip-audit could not run here" in done.stdout


def test_what_it_installs_is_pinned() -> None:
    lines = (ROOT / ".ci" / "audit.txt").read_text("utf-8").splitlines()[1:]
    assert all("==" in line for line in lines)
    assert any(line.startswith("pip_audit==") for line in lines)
    assert ".ci/audit" in (ROOT / "Makefile").read_text("utf-8")
