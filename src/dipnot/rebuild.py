"""A build in a process of its own, beside the index that is being served.

Owns: how that process is started, followed and stopped, what it says, and when a changed corpus is
built. It says one JSON object a line:

    {"step": {…}}      where it stands, as ``Step``
    {"warning": "…"}   the index on disk is damaged, and the build goes on without it
    {"report": {…}}    its end, as ``BuildReport``; or
    {"error": "…"}     its end, as a sentence

It gets its settings on its standard input and ends when that is closed, as it is when whoever
started it dies. It may be killed at any moment: see ``index.store``.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, BinaryIO

from pydantic import TypeAdapter, ValidationError

from dipnot.building import update_index
from dipnot.corpus import Stamp, stamp_corpus
from dipnot.errors import REBUILD, BuildFailed, DipnotError
from dipnot.models.lazy import lazy_encoder
from dipnot.settings import SECRETS, Settings
from dipnot.types import Address, BuildReport, Encoder, Progress, Step

log = logging.getLogger(__name__)

COMMAND: tuple[str, ...] = (sys.executable, "-P", "-m", "dipnot.rebuild")
Process = subprocess.Popen[bytes]

_REPORT: TypeAdapter[BuildReport] = TypeAdapter(BuildReport)
_STEP: TypeAdapter[Step] = TypeAdapter(Step)
_PATHS = ("corpus", "index", "cache")
_NICE = 10
_OOM_SCORE, _ENDED_FIRST = Path("/proc/self/oom_score_adj"), 500
_NO_MEMORY = (
    "The build needs more memory than it may have; the index is as it was. Give it more, or split "
    f"large texts. What was embedded is kept. {REBUILD}"
)
_MOMENT = 0.2  # seconds between two steps told of one stage
_GRACE = 5.0  # seconds from asking a build to end to ending it
_LOOK = 1.0  # seconds between two looks at a folder
_PAUSES = 5, 60  # looks before a build that failed is tried again: at first, and at most


# --- who starts it -----------------------------------------------------------------------------


def start_build(settings: Settings, *, gives_way: bool = True) -> Process:
    """Start a build in a process group of its own; raises BuildFailed.

    ``gives_way``: at lower priority, because answers go on meanwhile.
    """
    if os.name == "nt":
        apart: dict[str, Any] = {"creationflags": _windows_flags()}
    else:
        apart = {"start_new_session": True}  # Ctrl-C in the terminal is for the server alone
    secret = {f"DIPNOT_{name.upper()}" for name in SECRETS}  # a build is told what it has to know
    apart["env"] = {name: value for name, value in os.environ.items() if name not in secret}
    try:
        process = subprocess.Popen(  # noqa: S603 - ourselves
            COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, **apart
        )
    except OSError as error:
        raise BuildFailed(f"No build can be started: {error.strerror or error}.") from None
    if process.stdin is not None:
        with contextlib.suppress(OSError):  # it died already: ``follow_build`` says so
            process.stdin.write(
                json.dumps(_told(settings) | {"gives_way": gives_way}).encode() + b"\n"
            )
            process.stdin.flush()
    return process


def follow_build(
    process: Process, tell: Callable[[Step], None], warn: Callable[[str], None] = log.warning
) -> BuildReport:
    """Pass on what a build says until it ends; raises BuildFailed with its sentence."""
    end: dict[str, Any] = {}
    try:
        for line in process.stdout or ():
            said = _parsed(line)
            if "step" in said:
                tell(_STEP.validate_python(said["step"]))
            elif "warning" in said:
                warn(said["warning"])
            else:
                end = said or end
        code = process.wait()
    finally:
        _hang_up(process)
    if "error" in end:
        raise BuildFailed(end["error"])
    try:
        return _REPORT.validate_python(end["report"])
    except (KeyError, ValidationError):
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        raise BuildFailed(
            f"The build broke off ({how}) without saying why; the memory may have been too small. "
            f"The index is as it was. {REBUILD}"
        ) from None


def stop_build(process: Process) -> None:
    """End a build at once, with the processes that it started; nothing if it has ended."""
    if process.poll() is None:
        _end(process, signal.SIGTERM)
        try:
            process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            _end(process, getattr(signal, "SIGKILL", signal.SIGTERM))
            process.wait()


def _end(process: Process, number: int) -> None:
    if os.name == "nt":
        process.terminate()
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):  # it was faster
        os.killpg(process.pid, number)


def _hang_up(process: Process) -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()


def _parsed(line: bytes) -> dict[str, Any]:
    try:
        said = json.loads(line)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _windows_flags() -> int:
    names = ("BELOW_NORMAL_PRIORITY_CLASS", "CREATE_NEW_PROCESS_GROUP")
    return sum(getattr(subprocess, name, 0) for name in names)


def _told(settings: Settings) -> dict[str, Any]:
    """What a build has to know: no token but that of the index' engine, no address but its own."""
    told = {k: getattr(settings, k) for k in (*_PATHS, "encoder", "keep_generations")}
    told |= {k: None if told[k] is None else str(told[k]) for k in _PATHS}
    if settings.engine is None:
        return told
    key = {"index_key": settings.index_key, "index_key_file": str(settings.index_key_file or "")}
    return told | {"engine": asdict(settings.engine), **key}


# --- the process itself ------------------------------------------------------------------------


def run_build(make_encoder: Callable[[str, Path | None], Encoder] = lazy_encoder) -> None:
    """Build as standard input tells, and say on standard output how it goes."""
    # What libraries print must not come between the lines.
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as out:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        told = json.loads(_first_line())
        if told.pop("gives_way") and hasattr(os, "nice"):
            os.nice(_NICE)
        _go_first()
        settings = _heard(told)
        threading.Thread(target=_end_with_the_other, daemon=True).start()
        try:
            encoder = make_encoder(settings.encoder, settings.cache)
            said = update_index(settings, encoder, _telling(out), lambda s: _say(out, warning=s))
        except DipnotError as error:
            _say(out, error=str(error))
        except MemoryError:
            _say(out, error=_NO_MEMORY)
        except Exception as error:
            log.exception("the build failed")
            name = type(error).__name__
            _say(out, error=f"An unexpected error: {name}. The server's log says more.")
        else:
            _say(out, report=asdict(said))


def _go_first() -> None:
    """Be what Linux ends where memory runs out: answers go on, and a build can be begun again."""
    with contextlib.suppress(OSError):
        _OOM_SCORE.write_text(f"{_ENDED_FIRST}")


def _heard(told: dict[str, Any]) -> Settings:
    paths = {k: None if told[k] is None else Path(told[k]) for k in _PATHS}
    if "engine" in told:
        told |= {"engine": Address(**told["engine"])}
        told |= {"index_key_file": Path(told["index_key_file"]) if told["index_key_file"] else None}
    return replace(Settings(), **told | paths)


def _first_line() -> bytes:
    """Read a line without a buffer, which would stay locked when the process ends."""
    line = b""
    while not line.endswith(b"\n") and (char := os.read(sys.stdin.fileno(), 1)):
        line += char
    return line


def _end_with_the_other() -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    os._exit(1)


def _say(out: BinaryIO, **said: Any) -> None:
    out.write(json.dumps(said).encode() + b"\n")
    out.flush()


def _telling(out: BinaryIO) -> Progress:
    pace = Pace()
    last = ("", 0.0)

    def tell(stage: str, done: int, total: int) -> None:
        nonlocal last
        now = time.monotonic()
        step = pace.step(stage, done, total, now)
        if stage != last[0] or now - last[1] >= _MOMENT:
            last = stage, now
            _say(out, step=asdict(step))

    return tell


class Pace:
    """How fast a stage of a build goes, from when it began."""

    def __init__(self) -> None:
        """Begin with no stage."""
        self._stage, self._since, self._from = "", 0.0, 0

    def step(self, stage: str, done: int, total: int, now: float) -> Step:
        """Say where the stage stands; ``now`` is in seconds of any clock that only goes on."""
        if stage != self._stage or done < self._from:
            self._stage, self._since, self._from = stage, now, done
        gone, passed = done - self._from, now - self._since
        if gone <= 0 or passed <= 0 or total <= 0:
            return Step(stage, done, total)
        rate = gone / passed
        return Step(stage, done, total, round(rate, 2), round(max(0, total - done) / rate, 1))


# --- a corpus that changes ---------------------------------------------------------------------


def changes(
    folder: Path,
    built: Stamp,
    stop: threading.Event,
    look: Callable[[Path], Stamp] = stamp_corpus,
    every: float = _LOOK,
    failed: Callable[[], bool] = lambda: False,
) -> Iterator[Stamp]:
    """Give the corpus' stamp each time that it changed and has been still for two looks.

    ``built``: the stamp from before the last build, for a text may have changed while it ran. A
    file that is still being written changes from look to look, and is waited for. ``failed``: tells
    whether the last build did; the stamp is given again then, after a pause that doubles.
    """
    seen, still, looks, pause = built, 0, 0, _PAUSES[0]
    while not stop.wait(every):
        now = look(folder)
        still, looks = still + 1 if now == seen else 0, looks + 1
        seen = now
        if still < 2:
            continue
        if now != built:
            built, looks, pause = now, 0, _PAUSES[0]
            yield now
        elif looks >= pause and failed():
            looks, pause = 0, min(2 * pause, _PAUSES[1])
            yield now


if __name__ == "__main__":
    handler = logging.StreamHandler()
    handler.setLevel(logging.WARNING)  # a library may log more on a logger of its own
    logging.basicConfig(level=logging.WARNING, format="dipnot: %(message)s", handlers=[handler])
    run_build()
