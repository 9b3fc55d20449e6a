"""The legs that retrieval stands on, behind one protocol.

Owns: what a leg is, which there are, and in which folder each has its files. A leg finds candidates
and scores what the others found; nothing that it does for a question grows with the corpus but its
own search.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from dipnot.index.centring import LanguageMeans
from dipnot.index.dense import DenseLeg, open_dense
from dipnot.index.late_interaction import LateLeg, open_late
from dipnot.index.lexical import LexicalLeg, open_lexical
from dipnot.index.places import Places
from dipnot.types import Filters, Query, Rows, Vectors


class Leg(Protocol):
    """One way to find passages; rows are numbers of passages of any grain."""

    def candidates(self, query: Query, k: int, filters: Filters) -> tuple[Rows, Vectors]:
        """Find at most ``k`` rows that the filters allow, best first, with their scores."""

    def scores_of(self, query: Query, rows: Rows) -> Vectors:
        """Score these rows, float32, shape (len(rows),), on the scale of ``candidates``."""

    def save(self, folder: Path) -> None:
        """Write what is needed to open the leg again into a folder that exists."""


@dataclass(frozen=True, slots=True)
class Legs:
    """The legs of an index; ``late`` is None for an encoder without token vectors."""

    dense: DenseLeg
    lexical: LexicalLeg
    late: LateLeg | None

    def named(self) -> Iterator[tuple[str, Leg]]:
        """Each leg that there is, with the name of its folder."""
        yield "dense", self.dense
        yield "lexical", self.lexical
        if self.late is not None:
            yield "late", self.late


def save_legs(legs: Legs, folder: Path) -> None:
    """Write each leg into a folder of its own."""
    for name, leg in legs.named():
        (folder / name).mkdir()
        leg.save(folder / name)


def open_legs(folder: Path, places: Places, means: LanguageMeans) -> Legs:
    """Open what ``save_legs`` wrote; raises IndexDamaged, or what reading a file raises."""
    return Legs(
        dense=open_dense(folder / "dense", places, means.passages),
        lexical=open_lexical(folder / "lexical", places),
        late=open_late(folder / "late", means.tokens, places) if len(means.tokens) else None,
    )
