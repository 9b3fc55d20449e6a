"""Reading a file in a process of its own, with a bound on its time and memory.

Owns: those bounds. The libraries that read PDF, DOCX, HTML and Markdown are good, yet a file made
to harm can make a parser crash, or run for hours; then only that process ends.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from dipnot.errors import CorpusError, shown
from dipnot.types import About, Line, Mark, SourcePage

TIMEOUT = 600  # seconds; 2,000 pages of PDF take about one minute
MEMORY = 2 * 1024**3  # bytes of address space

Reader = Callable[[str, bytes], tuple[SourcePage, ...]]


def read_confined(name: str, suffix: str, data: bytes) -> tuple[SourcePage, ...]:
    """Read a file in another process. Raises CorpusError, also where that process failed."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUTF8": "1"}
    environment["OPENBLAS_NUM_THREADS"] = "1"  # each thread would count as memory
    command = [sys.executable, "-P", "-m", "dipnot.formats.confined", suffix, name]
    try:
        done = subprocess.run(  # noqa: S603 - ourselves
            command, input=data, capture_output=True, timeout=TIMEOUT, env=environment, check=False
        )
    except subprocess.TimeoutExpired:
        raise CorpusError(
            f"{shown(name)} was not read within {TIMEOUT} seconds. Split it, or save it again."
        ) from None
    except OSError as error:
        raise CorpusError(f"{shown(name)} cannot be read: {error.strerror}.") from None
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        raise CorpusError(
            f"{shown(name)} is damaged or too complex: reading it as {suffix[1:].upper()} broke "
            "off. Save it again from the program that made it."
        ) from None
    if "error" in answer:
        raise CorpusError(answer["error"])
    return tuple(_page(page) for page in answer["pages"])


def _page(values: dict[str, Any]) -> SourcePage:
    return SourcePage(
        tuple(_line(line) for line in values["lines"]),
        tuple(_line(line) for line in values["notes"]),
        values["label"],
        values["doubt"],
        About(*values["about"]) if values["about"] else None,
    )


def _line(values: dict[str, Any]) -> Line:
    marks = tuple(Mark(*mark) for mark in values.pop("marks"))
    note = values.pop("note")
    return Line(**values, marks=marks, note=Mark(*note) if note else None)


def _bound() -> None:
    """Take the bounds on; Windows has none."""
    try:
        import resource  # noqa: PLC0415 - not everywhere
    except ImportError:
        return
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    bound = MEMORY if most == resource.RLIM_INFINITY else min(MEMORY, most)
    resource.setrlimit(resource.RLIMIT_AS, (bound, most))
    resource.setrlimit(resource.RLIMIT_CPU, (TIMEOUT, TIMEOUT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _main(suffix: str, name: str) -> None:
    from dipnot.formats import reader_of  # noqa: PLC0415 - it imports this module

    data = sys.stdin.buffer.read()
    read = reader_of(suffix)
    _bound()
    answer: dict[str, Any]
    try:
        answer = {"pages": [asdict(page) for page in read(name, data)]}
    except CorpusError as error:
        answer = {"error": str(error)}
    except (MemoryError, RecursionError):
        answer = {"error": f"{shown(name)} needs too much memory to be read. Split the file."}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    _main(*sys.argv[1:3])
