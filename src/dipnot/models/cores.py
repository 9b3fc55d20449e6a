"""How many cores this process may use.

Owns: where a system keeps that, and what a container may be limited to.
"""

from __future__ import annotations

import os
from math import ceil
from pathlib import Path

GROUPS = Path("/sys/fs/cgroup")
OWN = Path("/proc/self/cgroup")


def cores(groups: Path = GROUPS, own: Path = OWN) -> int:
    """Tell how many cores we may use: those we may run on, within the limit of a container.

    ``groups``: where Linux keeps the limits of its control groups; ``own``: which of them is ours.
    """
    allowed = os.cpu_count() or 1
    if hasattr(os, "sched_getaffinity"):
        allowed = len(os.sched_getaffinity(0))
    return min([allowed, *_limits(groups, own)])


def _limits(groups: Path, own: Path) -> list[int]:
    """The limits of our group and of those around it; a part of a core counts as one."""
    try:
        line = next(line for line in own.read_text().splitlines() if line.startswith("0::"))
    except (OSError, ValueError, StopIteration):  # another system
        return []
    group = Path(line.removeprefix("0::/"))
    found = []
    for folder in (group, *group.parents):
        try:
            quota, period = (groups / folder / "cpu.max").read_text().split()
            found.append(max(1, ceil(int(quota) / int(period))))
        except (OSError, ValueError, ZeroDivisionError):  # `max`: no limit
            continue
    return found
