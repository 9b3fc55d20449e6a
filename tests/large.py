"""A corpus that is taken for a large one, so that a change is written beside what is there."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from unittest import mock

from dipnot.index.build import build_index


def put_texts(corpus: Path, count: int = 8) -> None:
    """Put texts into a corpus, beside which one more or less is little."""
    for n in range(count):
        text = " ".join(f"Köy{n}a{i} kuruldu ve {i * n + 7} ev yapıldı." for i in range(12))
        (corpus / f"other{n}.txt").write_text(f"{text}\n", "utf-8")


def coded() -> mock._patch[object]:
    """Have builds code a corpus of any size."""
    return mock.patch("dipnot.building.build_index", partial(build_index, exact=0))
