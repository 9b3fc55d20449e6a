"""Kill builds at random moments for as long as is asked, and look at what they leave.

    python benchmarks/kills.py [MINUTES]

Owns: the long form of the soak in tests/test_rebuild.py, with the fake encoder of the tests. Each
round starts a build and kills it a random time behind a random one of its steps; the text is
changed when one came to its end. What is on disk then must open, with its checksums and offsets,
and hold the text as it was or as it is, not both. Prints counts, or the error of the first index
that does not; `killed: STAGE` names the stage that was told last.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from threading import Timer

from dipnot import rebuild
from dipnot.errors import BuildFailed, IndexDamaged
from dipnot.index.store import check_offsets, list_generations, open_index
from dipnot.settings import Settings
from dipnot.types import BuildReport, Step

SENTENCES = 400
START, PAUSE = 3.0, 0.05  # seconds at most until a build is killed: from its start, from a step
TESTS = Path(__file__).parent.parent / "tests"


def kill(process: rebuild.Process) -> None:
    """Kill the builder alone, as running out of memory does."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(process.pid, signal.SIGKILL)


def build(
    settings: Settings, fatal: int, chance: random.Random
) -> tuple[BuildReport | None, list[str]]:
    """Build, and kill that once so many steps were told; gives what it reports, and the steps."""
    process, pause = rebuild.start_build(settings), chance.uniform(0, PAUSE)
    timer = Timer(chance.uniform(0, START), kill, [process])
    stages = ["starting"]
    if fatal == 0:
        timer.start()

    def told(step: Step) -> None:
        stages.append(step.stage)
        if fatal and len(stages) > fatal:
            time.sleep(pause)
            kill(process)

    try:
        return rebuild.follow_build(process, told), stages
    except BuildFailed:
        return None, stages
    finally:
        timer.cancel()


def soak(settings: Settings, seconds: float) -> Counter[str]:
    """Kill builds for so long; gives how they ended. Raises where an index is not as it was."""
    counts: Counter[str] = Counter()
    chance, end = random.Random(20), time.monotonic() + seconds
    made, steps, before, text = 0, 10, "", text_of(0)
    while time.monotonic() < end:
        (settings.corpus / "lake.txt").write_text(text, "utf-8")
        report, stages = build(settings, chance.randrange(steps + 3), chance)
        if report is None:
            counts[f"killed: {stages[-1]}"] += 1
        else:
            counts["done, something taken over" if report.resumed else "done"] += 1
        if list_generations(settings.index):
            index = open_index(settings.index)
            check_offsets(index)
            there = index.documents["lake"].text.split()
            if there != text.split() and (report is not None or there != before.split()):
                raise IndexDamaged(f"Neither the old nor the new text is there after {stages}.")
        if report is not None:
            made, steps = made + 1, len(stages)
            before, text = text, text_of(made)
    return counts


def text_of(made: int) -> str:
    """A text in which half of the sentences are new each time."""
    pairs = (f"Göl {n} kez kurutuldu. {n} ev, {made} köprü yapıldı." for n in range(SENTENCES))
    return " ".join(pairs) + "\n"


def main(minutes: float) -> None:
    """Soak in a folder of its own."""
    rebuild.COMMAND = (sys.executable, str(TESTS / "builder.py"))
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(corpus=Path(folder) / "corpus", index=Path(folder) / "index")
        settings.corpus.mkdir()
        counts = soak(settings, 60 * minutes)
    print(", ".join(f"{count} {name}" for name, count in sorted(counts.items())))


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 10)
