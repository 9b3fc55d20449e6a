"""Reading a file in a process of its own, with a bound on its time and memory.

Owns: those bounds. The libraries that read PDF, DOCX, HTML and Markdown are good, yet a file made
to harm can make a parser crash, or run for hours; then only that process ends.
"""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import fields
from math import inf
from operator import attrgetter
from typing import Any

from dipnot.errors import CorpusError, shown
from dipnot.types import About, Line, Mark, SourcePage

TIMEOUT = 600  # seconds; 2,000 pages of PDF take about one minute
MEMORY = 2 * 1024**3  # bytes of address space
# What Python, a library, its loader or the C++ runtime last says where no memory is left.
_OUT_OF_MEMORY = (
    b"MemoryError",
    b"bad_alloc",
    b"Cannot allocate memory",
    b"failed to map segment",
    b"Memory allocation still failed",
)

_NAMES = tuple(field.name for field in fields(Line))
_values = attrgetter(*_NAMES)
_UNTIL_COLLECTED = 100_000  # objects; letters are many and none of them in a circle

Reader = Callable[[str, bytes], tuple[SourcePage, ...]]


def read_confined(name: str, suffix: str, data: bytes) -> tuple[SourcePage, ...]:
    """Read a file in another process. Raises CorpusError, also where that process failed."""
    # No setting reaches it, a token least of all: a file that harms the parser could read them.
    told = {name: value for name, value in os.environ.items() if not name.startswith("DIPNOT_")}
    environment = {**told, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUTF8": "1"}
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
        if any(sign in done.stderr for sign in _OUT_OF_MEMORY):
            raise CorpusError(_too_much(name)) from None
        raise CorpusError(
            f"{shown(name)} is damaged or too complex: reading it as {suffix[1:].upper()} broke "
            "off. Save it again from the program that made it."
        ) from None
    if "error" in answer:
        raise CorpusError(answer["error"])
    return tuple(_page(page) for page in answer["pages"])


def _packed(page: SourcePage) -> list[Any]:
    """A page as JSON may hold it; `asdict` copies every mark of it, and takes a tenth of a book."""
    lines, notes = ([_values(line) for line in side] for side in (page.lines, page.notes))
    return [lines, notes, page.label, page.doubt, page.about]


def _page(values: list[Any]) -> SourcePage:
    lines, notes, label, doubt, about = values
    return SourcePage(
        tuple(map(_line, lines)),
        tuple(map(_line, notes)),
        label,
        doubt,
        About(*about) if about else None,
    )


def _line(values: list[Any]) -> Line:
    line = dict(zip(_NAMES, values, strict=True))
    line["marks"] = tuple(Mark(*mark) for mark in line["marks"])
    line["note"] = Mark(*line["note"]) if line["note"] else None
    return Line(**line)


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


def _too_much(name: str) -> str:
    """Say which bound on memory was hit, ours or the shell's, and how to raise it."""
    most = _hard_bound()
    which, raised = "MEMORY in dipnot/formats/confined.py", "raise it there"
    if most < MEMORY:
        which, raised = "`ulimit -v` of the process", "raise it with `ulimit -Hv`"
    return (
        f"{shown(name)} needs more than {min(MEMORY, most) / 1024**3:.1f} GiB of memory, the bound "
        f"on reading one file ({which}). Split the file, or {raised}."
    )


def _hard_bound() -> float:
    """Give the bound on memory that this process cannot raise, in bytes."""
    try:
        import resource  # noqa: PLC0415 - not everywhere
    except ImportError:
        return inf
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    return inf if hard == resource.RLIM_INFINITY else float(hard)


def _main(suffix: str, name: str) -> None:
    from dipnot.formats import reader_of  # noqa: PLC0415 - it imports this module

    data = sys.stdin.buffer.read()
    read = reader_of(suffix)
    _bound()
    gc.set_threshold(_UNTIL_COLLECTED, 50, 100)
    answer: dict[str, Any]
    try:
        answer = {"pages": [_packed(page) for page in read(name, data)]}
    except CorpusError as error:
        answer = {"error": str(error)}
    except RecursionError:
        answer = {"error": f"{shown(name)} nests its parts too deep to be read. Save it flatter."}
    sys.stdout.write(json.dumps(answer))  # where memory ends, here too, the parent is told


if __name__ == "__main__":
    _main(*sys.argv[1:3])
