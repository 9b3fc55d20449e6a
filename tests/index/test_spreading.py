"""One function over many items: here, or in other processes (see test_milvus_build)."""

from __future__ import annotations

import sys

import pytest

from dipnot.errors import BuildFailed
from dipnot.index.spreading import spread


def lost(item: int, reason: str) -> int:
    raise AssertionError((item, reason))


def test_one_process_does_the_work_in_order_as_it_is_asked_for() -> None:
    begun: list[int] = []

    def work(item: int) -> int:
        begun.append(item)
        return item * 2

    done = spread(work, lost, range(3), 0)
    assert next(done) == 0
    assert begun == [0]
    assert list(done) == [2, 4]


def test_without_ray_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(BuildFailed, match=r"dipnot\[ray\]"):
        list(spread(abs, lost, [1], 2))


def test_workers_that_do_not_start_are_told_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    ray = pytest.importorskip("ray")

    def slow(**_: object) -> None:
        raise RuntimeError("Timed out waiting for file gcs_server_port")

    monkeypatch.setattr(ray, "init", slow)
    with pytest.raises(BuildFailed, match="did not start here: Timed out"):
        list(spread(abs, lost, [1], 2))
