"""How many cores there are for us, on a whole machine and in a container."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dipnot.models.cores import cores


@pytest.fixture
def twelve(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(12)), raising=False)


def limited(folder: Path, group: str, limits: dict[str, str]) -> int:
    """The cores of a process in a group where groups have limits."""
    (folder / "own").write_text(f"1:name=systemd:/x\n0::{group}\n")
    for name, limit in limits.items():
        (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / name / "cpu.max").write_text(limit)
    return cores(folder, folder / "own")


@pytest.mark.usefixtures("twelve")
@pytest.mark.parametrize(
    ("limit", "found"),
    [
        ("200000 100000\n", 2),
        ("150000 100000\n", 2),
        ("50000 100000\n", 1),
        ("9900000 100000\n", 12),
        ("max 100000\n", 12),
        ("", 12),
        ("1 0", 12),
    ],
)
def test_a_containers_limit_is_kept_and_part_of_a_core_is_one(
    tmp_path: Path, limit: str, found: int
) -> None:
    assert limited(tmp_path, "/", {".": limit}) == found


@pytest.mark.usefixtures("twelve")
def test_the_limit_of_a_group_around_ours_holds_too(tmp_path: Path) -> None:
    limits = {"a.slice": "300000 100000", "a.slice/b.service": "500000 100000"}
    assert limited(tmp_path, "/a.slice/b.service", limits) == 3


@pytest.mark.usefixtures("twelve")
def test_where_there_are_no_groups_the_cores_are_those_we_may_run_on(tmp_path: Path) -> None:
    assert cores(tmp_path, tmp_path / "own") == 12
