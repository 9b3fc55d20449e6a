"""The legs that retrieval stands on, behind one protocol.

Owns: what a leg is, which there are, and in which folder each has its files. A leg finds candidates
and scores what the others found; nothing that it does for a question grows with the corpus but its
own search.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from dipnot.index.centring import LanguageMeans
from dipnot.index.columns import Columns
from dipnot.index.dense import DenseLeg, open_dense
from dipnot.index.late_interaction import LateLeg, open_late
from dipnot.index.lexical import LexicalLeg, open_lexical
from dipnot.types import Filters, Query, Rows, Vectors


class Leg(Protocol):
    """One way to find passages; rows are numbers of passages of any grain."""

    def candidates(self, query: Query, k: int, filters: Filters) -> tuple[Rows, Vectors]:
        """Find at most ``k`` rows that the filters allow, best first, with their scores."""

    def scores_of(self, query: Query, rows: Rows) -> Vectors:
        """Score these rows, float32, shape (len(rows),), on the scale of ``candidates``."""

    def save(self, folder: Path, *, added: bool = False) -> None:
        """Write what is needed to open the leg again into a folder that exists.

        ``added``: but what the oldest segment has for all of them.
        """


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


def save_legs(legs: Legs, folder: Path, *, added: bool = False) -> None:
    """Write each leg into a folder of its own; ``added``: to other segments."""
    for name, leg in legs.named():
        (folder / name).mkdir()
        leg.save(folder / name, added=added)


def open_legs(
    folders: Sequence[Path],
    columns: Columns,
    means: LanguageMeans,
    removed: Sequence[Mapping[str, int]] = (),
) -> Legs:
    """Open what ``save_legs`` wrote of segments; raises IndexDamaged, or what reading raises.

    ``removed``: see ``open_lexical``.
    """
    dense, lexical, late = ([f / name for f in folders] for name in ("dense", "lexical", "late"))
    places, sentences = columns.passages.places, columns.sentences
    return Legs(
        dense=open_dense(dense, places, means.passages, columns.rows, columns.stored),
        lexical=open_lexical(lexical, places, sentences, removed),
        late=open_late(late, means.tokens, places, sentences) if len(means.tokens) else None,
    )
