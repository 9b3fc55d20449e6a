"""Kill builds at random moments for as long as is asked, and look at what they leave.

    python benchmarks/kills.py [MINUTES]

Owns: the long form of the soak in tests/test_rebuild.py, with the fake encoder of the tests. Each
round changes a text, starts a build and kills it after a random time; what is on disk then must
open, with its checksums and offsets. Prints one line of counts, or the error of the first index
that does not open.
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
from dipnot.errors import BuildFailed
from dipnot.index.store import check_offsets, list_generations, open_index
from dipnot.settings import Settings

TESTS = Path(__file__).parent.parent / "tests"


def kill(process: rebuild.Process) -> None:
    """Kill the builder alone, as running out of memory does."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(process.pid, signal.SIGKILL)


def soak(settings: Settings, seconds: float) -> Counter[str]:
    """Kill builds for so long; gives how they ended. Raises where an index does not open."""
    counts: Counter[str] = Counter()
    chance, end, longest = random.Random(20), time.monotonic() + seconds, 1.0
    while time.monotonic() < end:
        text = f"Göl kurutuldu. {counts.total()} ev yapıldı. Değirmen 1902 yılında yandı.\n"
        (settings.corpus / "lake.txt").write_text(text, "utf-8")
        begun = time.monotonic()
        process = rebuild.start_build(settings)
        timer = Timer(chance.uniform(0, 1.3 * longest), kill, [process])
        timer.start()
        try:
            report = rebuild.follow_build(process, lambda _: None)
            counts["resumed" if report.resumed else "done"] += 1
            longest = max(longest, time.monotonic() - begun)
        except BuildFailed:
            counts["killed"] += 1
        timer.cancel()
        if list_generations(settings.index):
            check_offsets(open_index(settings.index))
    return counts


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
