"""Importing Gradio sooner.

Owns: keeping it from writing a type stub for each of its components. It reads and parses all of
their sources for that at every start, which takes a second, and writes where it is installed.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def no_stubs() -> Iterator[None]:
    """Have the library's classes seem to be in no file, for which Gradio writes no stub."""
    found = inspect.getfile

    def getfile(thing: Any) -> str:
        if isinstance(thing, type) and thing.__module__.startswith("gradio."):
            raise OSError(f"{thing.__module__} is not looked into")
        return found(thing)

    inspect.getfile = getfile  # type: ignore[assignment]
    try:
        yield
    finally:
        inspect.getfile = found
