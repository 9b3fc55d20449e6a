"""A build in a process of its own with the fake encoder; the environment says what it does.

FAKE_HOLD    a path: passages are embedded once it is there
FAKE_ERROR   a sentence: embedding fails with it; `!` as the first character: unexpectedly
FAKE_MEMORY  a number: so many bytes may be taken beyond what the process has when it begins
FAKE_KILL    a number: the process dies when so many batches were embedded
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).parent))

from dipnot.errors import EncoderError
from dipnot.rebuild import run_build
from dipnot.types import Encoded, Progress
from fakes import FakeEncoder


class Told(FakeEncoder):
    """Does what the environment says."""

    def encode_passages(
        self, texts: Sequence[str], *, tokens: bool, progress: Progress | None = None
    ) -> Encoded:
        if progress is not None:
            progress("embedding", 0, len(texts))
        hold, error = os.environ.get("FAKE_HOLD"), os.environ.get("FAKE_ERROR", "")
        while hold and not Path(hold).exists():
            time.sleep(0.01)
        if error:
            raise RuntimeError(error) if error.startswith("!") else EncoderError(error)
        encoded = super().encode_passages(texts, tokens=tokens, progress=progress)
        self.batches = getattr(self, "batches", 0) + 1
        if self.batches > int(os.environ.get("FAKE_KILL", "99999")):
            os.kill(os.getpid(), signal.SIGKILL)
        return encoded


if __name__ == "__main__":
    mock.patch.object(os, "fsync", return_value=None).start()  # that is for a power cut
    if more := os.environ.get("FAKE_MEMORY"):
        import resource

        pages = int(Path("/proc/self/statm").read_text().split()[0])
        most = pages * resource.getpagesize() + int(more)
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    run_build(lambda *_: Told())
