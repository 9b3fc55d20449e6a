"""One function over many items: in this process, or in many processes on many machines.

Owns: how work is spread and what becomes of a worker that dies. The only importer of Ray. The
function and its items must be such that they can be sent to another process.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from dipnot.errors import BuildFailed

T = TypeVar("T")
R = TypeVar("R")
_TRIES = 2  # times that an item is tried again whose worker died
_START_SECONDS = "120"  # that Ray's first server may take on a busy machine; its default is 30
_AHEAD = 2  # items a worker that are sent before the first of them is done


def spread(
    work: Callable[[T], R], lost: Callable[[T, str], R], items: Iterable[T], workers: int
) -> Iterator[R]:
    """Do the work on each item, each once, and give what comes of it as it comes.

    ``workers``: none does it here, one after another. ``lost``: what is given of an item that a
    worker died of, again and again, with the reason.
    """
    if workers < 1:
        return map(work, items)
    return _over_ray(work, lost, items, workers)


def _over_ray(
    work: Callable[[T], R], lost: Callable[[T, str], R], items: Iterable[T], workers: int
) -> Iterator[R]:
    ray = _ray()

    def apart(item: T) -> R:
        return work(item)

    remote = ray.remote(max_retries=_TRIES, num_cpus=1)(apart)
    here = not ray.is_initialized()
    if here:
        _start(ray, workers)
    try:
        waiting: dict[Any, T] = {}
        for item in items:
            waiting[remote.remote(item)] = item
            while len(waiting) >= workers * _AHEAD:
                yield _next(ray, waiting, lost)
        while waiting:
            yield _next(ray, waiting, lost)
    finally:
        if here:
            ray.shutdown()


def _next(ray: Any, waiting: dict[Any, T], lost: Callable[[T, str], R]) -> R:
    (ready,), _ = ray.wait(list(waiting), num_returns=1)
    item = waiting.pop(ready)
    try:
        done: R = ray.get(ready)
    except (ray.exceptions.WorkerCrashedError, ray.exceptions.OutOfMemoryError):
        return lost(item, f"{_TRIES + 1} workers died of it")
    except ray.exceptions.RayTaskError as error:
        raise error.cause from None
    return done


def _start(ray: Any, workers: int) -> None:
    """Join the machines that RAY_ADDRESS names, or start workers on this one."""
    quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": "ERROR"}
    if os.environ.get("RAY_ADDRESS"):
        ray.init(**quiet)
        return
    os.environ.setdefault("RAY_gcs_server_port_wait_time_s", _START_SECONDS)
    try:
        ray.init(
            num_cpus=workers, include_dashboard=False, _node_ip_address="127.0.0.1",
            object_store_memory=256 * 1024**2, **quiet,
        )  # fmt: skip
    except RuntimeError as error:
        ray.shutdown()
        raise BuildFailed(
            f"Ray's workers did not start here: {str(error)[:200]}. Free some memory and try "
            "again, or build without `--workers`."
        ) from None


def _ray() -> Any:
    try:
        import ray  # noqa: PLC0415 - an extra, and slow to import
        import ray.exceptions  # noqa: PLC0415 - as above
    except ImportError:
        raise BuildFailed(
            "Several workers need Ray. Type `.venv/bin/python -m pip install 'dipnot[ray]'`, or "
            "leave --workers out."
        ) from None
    return ray
