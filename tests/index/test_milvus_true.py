"""A true Milvus engine, shut in a network of its own; see true_engine.py for what it is asked."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.cluster
SHUT_IN = ["unshare", "--net", "sh", "-c", 'ip link set lo up; exec "$@"', "sh"]
SCRIPT = Path(__file__).parent.parent / "true_engine.py"


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    if importlib.util.find_spec("milvus") is None:
        pytest.skip("the package `milvus`, a true engine, is not installed here")
    able = shutil.which("unshare") and shutil.which("ip")
    if not able or subprocess.run([*SHUT_IN, "true"], check=False, capture_output=True).returncode:
        pytest.skip("no network namespace can be made here, and the engine would listen on all")
    done = subprocess.run(
        [*SHUT_IN, sys.executable, SCRIPT, tmp_path_factory.mktemp("true")],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_it_searches_within_a_generation_and_filters_inside_the_search(
    seen: dict[str, Any],
) -> None:
    assert seen["rows"] == 5_000
    assert seen["recall"] >= 0.98
    assert seen["filtered"] == [1] * 10


def test_it_publishes_and_goes_back_by_one_record_and_keeps_rows_for_both(
    seen: dict[str, Any],
) -> None:
    assert seen["generations"] == [5_000, 5_000]
    assert seen["open"] == 5_000
    assert seen["served"] == [2, 1, True]
    assert seen["lease"] is True
    assert seen["collected"] == 5_000


def test_it_refuses_wrong_credentials_which_are_not_told_is_refused_as_too_old_and_is_missed(
    seen: dict[str, Any],
) -> None:
    assert "refuses the credentials" in seen["wrong credentials"]
    assert "secret-of-nobody" not in seen["wrong credentials"]
    assert "2.4 or later" in seen["too old"]
    assert "cannot be reached" in seen["gone"]
