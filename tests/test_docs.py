"""What README, constraints and the package say holds: it is compared with the code."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from dipnot import __version__
from dipnot.formats import SUFFIXES
from dipnot.settings import Settings

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def test_the_readme_names_every_command_and_no_other() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "dipnot", "--help"], capture_output=True, text=True, check=True
    )
    commands = set(re.findall(r"^    (\w+)(?: {2,}|$)", done.stdout, re.MULTILINE))
    assert set(re.findall(r"^\| `dipnot (\w+)", README, re.MULTILINE)) == commands


def test_the_readme_names_every_setting_and_its_default() -> None:
    table = README[README.index("| key") : README.index("## How it works")]
    for field in fields(Settings):
        assert f"`{field.name}`" in table or field.name in ("allow_public", "engine")
    assert "`allow_public = true`" in table
    assert str(Settings().port) in table


def test_the_readme_names_every_format() -> None:
    assert [s for s in SUFFIXES if f"`{s}`" not in README and s != ".htm"] == []


Tables = dict[str, dict[str, dict[str, str]]]


def tables_of(text: str) -> Tables:
    """The tables of a page by the head of their first column; cells by row and column."""
    found: Tables = {}
    for block in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        head, _, *rows = (
            [cell.strip(" *") for cell in line.strip().strip("|").split("|")]
            for line in block.strip().splitlines()
        )
        columns = [re.sub(r" \(\d+\)$", "", cell) for cell in head]  # `dev (165)`
        cells = {row[0]: dict(zip(columns[1:], row[1:], strict=True)) for row in rows}
        found.setdefault(columns[0], {}).update(cells)
    return found


def same_figure(shown: str, measured: str) -> bool:
    """Whether a figure is what was measured, rounded; an interval behind that does not count."""
    digits = len(shown.partition(".")[2])
    distance = abs(float(shown) - float(measured.split(maxsplit=1)[0]))
    return distance <= float(f"5e-{digits + 1}") + 1e-9


@pytest.mark.parametrize("first", ["metric", "refused by kind", "system", "median"])
def test_the_figures_of_the_readme_are_those_of_the_benchmarks(first: str) -> None:
    measured = tables_of((ROOT / "benchmarks" / "README.md").read_text("utf-8"))[first]
    shown = {
        (row, column): cell
        for row, cells in tables_of(README)[first].items()
        for column, cell in cells.items()
        if re.fullmatch(r"[\d.]+", cell)
    }
    assert len(shown) >= 3
    wrong = {
        at: cell for at, cell in shown.items() if not same_figure(cell, measured[at[0]][at[1]])
    }
    assert wrong == {}


def test_every_table_of_figures_in_the_readme_is_compared() -> None:
    figures = README[README.index("## Figures") : README.index("## Limits")]
    assert set(tables_of(figures)) == {"metric", "refused by kind", "system", "median"}


def test_files_that_the_readme_links_to_are_there() -> None:
    for name in re.findall(r"\]\(([\w./-]+)\)", README):
        assert (ROOT / name).is_file()


def test_every_dependency_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    pins = (ROOT / "constraints.txt").read_text("utf-8").lower().replace("_", "-")
    assert "torch==2.13.0\n" in pins
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    names = [re.split(r"[<>=~! ]", w)[0].lower() for w in wanted]
    assert [n for n in names if f"\n{n}==" not in pins] == []


def test_the_changelog_goes_on_from_the_last_release() -> None:
    """Between releases the version is a development one, and what changed has a place."""
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    heads = re.findall(r"^## (.+)$", changelog, re.MULTILINE)
    released = [re.fullmatch(r"(\d+\.\d+\.\d+) \(\d{4}-\d\d-\d\d\)", head) for head in heads[1:]]
    assert heads[0] == "Unreleased"
    assert all(released)
    assert released[0] is not None
    last, now = released[0].group(1), __version__.partition(".dev")[0]
    assert [int(n) for n in now.split(".")] > [int(n) for n in last.split(".")]
    assert set(re.findall(r"^### (.+)$", changelog, re.MULTILINE)) <= {"Added", "Changed", "Fixed"}


def test_the_wheel_leaves_corpus_and_index_out() -> None:
    hatch = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]
    assert hatch["build"]["targets"]["wheel"]["packages"] == ["src/dipnot", "ui/dipnot_ui"]


@pytest.mark.parametrize("host", ["pypi" + ".org", "huggingface" + ".co", "pythonhosted" + ".org"])
def test_no_file_of_ours_names_a_registry_or_hub(host: str) -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if tracked.returncode != 0:
        pytest.skip("not a git checkout")
    for name in filter(None, tracked.stdout.split("\0")):
        path = ROOT / name
        if path.suffix in (".png", ".pdf", ".docx") or not path.is_file():
            continue
        assert host not in path.read_text("utf-8", errors="replace"), name
