"""What workers of the tests do: embed as the fake encoder does, and die of some texts."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

from dipnot.building import _prepared
from dipnot.corpus import Text
from dipnot.index.kept import Known
from dipnot.index.prepared import Prepared
from dipnot.types import FileFailure
from fakes import FakeEncoder


def prepare(_: str, __: Any, item: tuple[Text, Known]) -> Prepared | FileFailure:
    """Embed a text, unless it is the one that kills, always or the first time."""
    log = Path(os.environ["SPREAD_LOG"])
    name = item[0].source.doc_id
    once = log.with_name("died-once")
    if name == "poison" or (name == "once" and not once.exists()):
        once.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    done = _prepared(FakeEncoder(), *item)
    with log.open("a") as file:
        file.write(f"{name}\n")
    return done
