"""Measure, and write the tables of questions into this folder's README.md.

usage: .venv/bin/python benchmarks/figures.py    (after `make build`; some ten minutes)

What stands between `<!-- NAME -->` and `<!-- end -->` is written anew: all sets in one table as
`dipnot eval` prints it, and of dev and hard every figure with its interval.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

README = Path(__file__).parent / "README.md"
SETS = ("dev", "hard")
KINDS = ("R@300w by type", "cited by type", "refused by kind")
DIPNOT = Path(sys.executable).with_name("dipnot")


def run(*arguments: str) -> str:
    done = subprocess.run([DIPNOT, "eval", *arguments], check=True, stdout=subprocess.PIPE)
    return done.stdout.decode()


def scored() -> dict[str, Any]:
    """Every figure of dev and hard by set, and its interval."""
    found = {}
    for name in SETS:
        stem = f"corpus/questions/{name}"
        found[name] = json.loads(run(f"{stem}.jsonl", f"{stem}-unanswerable.jsonl", "--json"))
    return found


def metrics(found: dict[str, Any]) -> list[str]:
    """A row a metric: its value and 95 % interval in each set."""
    names = [k for k, v in found[SETS[0]].items() if isinstance(v, float) and k != "ask_p50_ms"]
    lines = ["| metric | " + " | ".join(SETS) + " |", "|---|" + "---|" * len(SETS)]
    for name in names:
        cells = []
        for of in SETS:
            value, interval = found[of][name], found[of]["intervals"][name]
            digits = 0 if name == "words" else 3
            low, high = (f"{bound:.{max(digits - 1, 0)}f}" for bound in interval)
            cells.append(f"{value:.{digits}f} [{low}, {high}]")
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return lines


def by_kind(found: dict[str, Any], name: str) -> list[str]:
    """A row a kind of question."""
    kinds = dict.fromkeys(kind for of in SETS for kind in found[of][name])
    lines = [f"| {name} | " + " | ".join(SETS) + " |", "|---|" + "---|" * len(SETS)]
    for kind in kinds:
        values = [found[of][name].get(kind) for of in SETS]
        cells = ["–" if v is None else f"{v:.2f}" for v in values]
        lines.append(f"| {kind} | " + " | ".join(cells) + " |")
    return lines


def write(name: str, lines: Sequence[str]) -> None:
    """Replace what stands between the marks of a table."""
    text = README.read_text("utf-8")
    before, opened, rest = text.partition(f"<!-- {name} -->\n")
    _, closed, after = rest.partition("<!-- end -->")
    if not opened or not closed:
        raise SystemExit(f"{README} has no marks for the table {name!r}")
    README.write_text("".join([before, opened, "\n".join(lines), "\n", closed, after]), "utf-8")


def main() -> None:
    write("all sets", run().strip().splitlines())
    found = scored()
    write("metrics", metrics(found))
    for name in KINDS:
        write(name, by_kind(found, name))


if __name__ == "__main__":
    main()
