"""A large index that changes a little: what is new is written beside what is there.

Owns: when that is worth it, and what is written. A corpus that is coded lies in a base and in some
segments that were added to it, each smaller than the one before. A build writes one segment, of the
texts that are new or changed and of those in added segments that are no larger: so a text is
written again as often as its corpus doubles, at most. When a quarter as much lies beside the base,
or is gone from it, all is written anew, with lists that fit. Codecs and means are the base's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from dipnot.index.build import Index, assembled, cut, new_manifest, report
from dipnot.index.coded import CodedVectors
from dipnot.index.columns import Columns
from dipnot.index.dense import add_dense
from dipnot.index.embedding import Earlier, embed
from dipnot.index.kept import Known
from dipnot.index.lexical import frequencies_in
from dipnot.index.places import make_places
from dipnot.types import (
    BuildReport,
    Document,
    Encoder,
    FileFailure,
    Manifest,
    Passage,
    Progress,
)

_SHARE = 4  # of the base: where one in so many is beside it or gone, all is written anew


@dataclass(frozen=True, slots=True)
class Addition:
    """What a build adds to a generation.

    ``index``: of the texts that are written, in memory; its manifest tells of the whole generation.
    ``onto``: of the generation whose base and added segments are taken over, the latter as far as
    the new manifest names them. ``removed``: of each of these, the base first, how many rows of
    texts that are no longer there hold a term.
    """

    index: Index
    onto: Manifest
    removed: Sequence[Mapping[str, int]]


def is_growable(index: Index) -> bool:
    """Whether an index is such that a change is written beside it."""
    return index.columns is not None and isinstance(index.legs.dense.vectors, CodedVectors)


def grow_index(
    hashes: Mapping[str, str],
    read: Sequence[Document],
    failed: Sequence[FileFailure],
    encoder: Encoder,
    previous: Index,
    generation: str,
    progress: Progress,
    kept: Known | None = None,
) -> tuple[Addition, BuildReport] | None:
    """Make what is to be added to an index; None where all is to be written anew.

    ``hashes``: of all documents, in their order. ``read``: those that ``previous`` does not hold;
    the others are taken from there. See ``build_index`` for the rest.
    """
    columns, before = previous.columns, previous.manifest.documents
    if columns is None or not is_growable(previous):
        return None
    fresh = {d.doc_id: d for d in read}
    same = [d for d in hashes if d not in fresh]
    places = previous.places
    sizes = columns.sentences.sizes
    living = [0] * len(sizes)
    for doc_id in same:
        living[columns.segments[doc_id]] += len(places.sentences_of(doc_id))
    new = cut(read, progress)
    staying = segments_kept(sizes, living, len(make_places(new).sentences))
    if not staying:
        return None
    taken = {d for d in same if columns.segments[d] < staying}
    documents = [fresh.get(d) or previous.documents[d] for d in hashes if d not in taken]
    passages = _passages_of(documents, new, previous, fresh)
    own = make_places(passages)
    earlier = Earlier(previous.rows_with, places, previous.legs)
    made = embed(passages, own, encoder, earlier, kept, progress, exact=-1)  # codes alone
    progress("indexing", 0, 1)
    added = previous.manifest.added[: staying - 1] + ((generation,) if documents else ())
    total = sum(len(places.rows_of(d)) for d in taken) + len(passages)
    manifest = replace(new_manifest(encoder, generation, hashes, failed, total), added=added)
    vectors, means = made.vectors, previous.means
    assert isinstance(vectors, CodedVectors)  # noqa: S101 - as those of ``previous``
    dense = add_dense(vectors, means.passages, own, previous.legs.dense)
    index = assembled(manifest, documents, passages, own, means, dense, made)
    removed = _removed(previous, columns, taken, staying)
    told = report(before, hashes, failed, generation, total, made.fresh, kept)
    return Addition(index, previous.manifest, removed), told


def segments_kept(sizes: Sequence[int], living: Sequence[int], coming: int) -> int:
    """How many segments, the oldest first, are taken over as they are; 0: all is written anew.

    ``sizes``: sentences of each, and how many of them are ``living``; ``coming``: new sentences.
    """
    staying, written = len(sizes), coming
    while staying > 1 and (
        living[staying - 1] <= written or 2 * living[staying - 1] < sizes[staying - 1]
    ):
        staying -= 1
        written += living[staying]
    beside = written + sum(sizes[1:staying]) + sizes[0] - living[0]
    return staying if _SHARE * beside <= sizes[0] else 0


def _passages_of(
    documents: Sequence[Document],
    new: Sequence[Passage],
    previous: Index,
    fresh: Collection[str],
) -> list[Passage]:
    """The passages of documents: ``new`` ones of those that are fresh, others as they were cut."""
    own = {doc_id: list(of) for doc_id, of in groupby(new, lambda p: p.doc_id)}
    passages: list[Passage] = []
    for document in documents:
        if document.doc_id in fresh:
            passages += own.get(document.doc_id, [])
        else:
            rows = previous.places.rows_of(document.doc_id)
            passages += previous.passages[rows.start : rows.stop]
    return passages


def _removed(
    previous: Index, columns: Columns, taken: set[str], staying: int
) -> list[Mapping[str, int]]:
    """Count what is gone from each segment that stays: what was gone before, and what goes now."""
    made: list[Mapping[str, int]] = []
    for number, part in enumerate(previous.legs.lexical.parts[:staying]):
        gone = [d for d, n in columns.segments.items() if n == number and d not in taken]
        rows = [previous.places.rows_of(d) for d in gone]
        passages = [p for own in rows for p in previous.passages[own.start : own.stop]]
        more = frequencies_in(passages) if passages else {}
        made.append(Counter(part.removed) + Counter(more))
    return made
