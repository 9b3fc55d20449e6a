"""What README, constraints and the package say holds: it is compared with the code."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from dipnot.formats import SUFFIXES
from dipnot.settings import Settings

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def test_the_readme_names_every_command_and_no_other() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "dipnot", "--help"], capture_output=True, text=True, check=True
    )
    commands = set(re.findall(r"^    (\w+) {2,}", done.stdout, re.MULTILINE))
    assert set(re.findall(r"^\| `dipnot (\w+)", README, re.MULTILINE)) == commands


def test_the_readme_names_every_setting_and_its_default() -> None:
    table = README[README.index("| key") : README.index("## How it works")]
    for field in fields(Settings):
        assert f"`{field.name}`" in table or field.name == "allow_public"
    assert "`allow_public = true`" in table
    assert str(Settings().port) in table


def test_the_readme_names_every_format() -> None:
    assert [s for s in SUFFIXES if f"`{s}`" not in README and s != ".htm"] == []


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
