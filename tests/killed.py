"""Builds that die between any two things they do to the disk; run by test_faults.

    python killed.py CORPUS INDEX [BYTES | large]

Each round changes the text, forks, and lets the child build until its next step: it kills itself at
the first, the second, the third … thing that it opens, makes, renames or removes in the index. What
is left must open with its offsets, as the old or the new text. The last child dies no more. With
BYTES no file may grow beyond so much: the build fails as on a full disk, and kills nothing. With
`large` the text is one of many that are coded, so that it is written beside the others.
Prints how many rounds there were and how the last build ended.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).parent))
os.environ["OMP_NUM_THREADS"] = "1"  # in a fork OpenMP waits for helpers that are not there

from dipnot.building import update_index
from dipnot.errors import IndexUnusable
from dipnot.index.store import check_offsets, open_index
from dipnot.settings import Settings
from fakes import LAKE, FakeEncoder
from large import coded, put_texts

WATCHED = ("open", "os.mkdir", "os.rename", "os.link", "os.remove", "os.rmdir",
           "os.truncate")  # fmt: skip


def build(settings: Settings) -> None:
    """Build once, quietly."""
    update_index(settings, FakeEncoder(), lambda *_: None, lambda _: None)


def die_at(step: int, folder: str) -> None:
    """Have this process kill itself at its so-manieth step."""
    done = 0

    def seen(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal done
        if event in WATCHED and folder in str(arguments[0]):
            done += 1
            if done > step:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(seen)


def in_a_child(settings: Settings, step: int) -> int:
    """Build in a child until a step; gives how it ended."""
    child = os.fork()
    if child == 0:
        try:
            die_at(step, str(settings.index))
            build(settings)
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def kill_at_every_step(settings: Settings) -> str:
    """Go on until a build comes to its end."""
    build(settings)
    old, step, code = "müzededir", 0, -1
    while code != 0:
        new = f"kayıp {step}"
        (settings.corpus / "lake.txt").write_text(LAKE.replace("müzededir", new), "utf-8")
        code = in_a_child(settings, step)
        index = open_index(settings.index, FakeEncoder())
        check_offsets(index)
        text = index.documents["lake"].text
        assert new in text or old in text, f"step {step} left another text"
        old, step = new if new in text else old, step + 1
    assert old == new, "the last build came to its end"
    return f"{step} rounds"


def fill_the_disk(settings: Settings, most: int) -> str:
    """Build where files cannot grow beyond so many bytes."""
    import resource

    build(settings)
    (settings.corpus / "lake.txt").write_text(LAKE.replace("müzededir", "kayıp"), "utf-8")
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))
    try:
        build(settings)
    except IndexUnusable as error:
        ended = str(error)
    else:
        ended = "built"
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    index = open_index(settings.index, FakeEncoder())
    check_offsets(index)
    assert ("kayıp" in index.documents["lake"].text) == (ended == "built")
    assert list((settings.index / "generations").glob(".*")) == [], "nothing half-written stays"
    build(settings)
    assert "kayıp" in open_index(settings.index, FakeEncoder()).documents["lake"].text
    return ended


if __name__ == "__main__":
    mock.patch.object(os, "fsync", return_value=None).start()  # that is for a power cut
    told = Settings(corpus=Path(sys.argv[1]), index=Path(sys.argv[2]))
    more = sys.argv[3:]
    if more == ["large"]:
        put_texts(told.corpus)
        coded().start()
    filled = more and more != ["large"]
    print(fill_the_disk(told, int(more[0])) if filled else kill_at_every_step(told))
