"""Passages with their vectors, terms and tokens, aligned by position, and how they are made.

Owns: what an index is in memory, and building one from documents. Knows nothing of files.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np

from dipnot.index.centring import LanguageMeans, measure
from dipnot.index.codec import EXACT
from dipnot.index.coded import CodedVectors
from dipnot.index.columns import Columns, StoredPassages
from dipnot.index.dense import METRIC, DenseLeg, build_dense
from dipnot.index.embedding import Earlier, Embedded, embed
from dipnot.index.headed import Headed, headed
from dipnot.index.kept import Kept, Known
from dipnot.index.late_interaction import build_late
from dipnot.index.legs import Legs
from dipnot.index.lexical import build_lexical
from dipnot.index.passages import CHUNKING, make_passages
from dipnot.index.places import Places, make_places
from dipnot.types import (
    LANGUAGES,
    BuildReport,
    Document,
    Encoder,
    FileFailure,
    Manifest,
    Passage,
    Progress,
)

FORMAT = 6  # of the files of a generation: raise it when what is written changes
_MEASURED = 8192  # sentences, of a corpus that is coded, by which the means are measured


@dataclass(frozen=True, slots=True)
class Index:
    """Everything that answering needs; of an open one, passages are read when asked for.

    ``columns``: what an open one is made of. ``headed``: None in an engine, which does not tell.
    """

    manifest: Manifest
    documents: Mapping[str, Document]
    passages: Sequence[Passage]
    places: Places
    means: LanguageMeans
    legs: Legs
    columns: Columns | None = None
    headed: Headed | None = None

    def sentence(self, number: int) -> Passage:
        """The sentence of a number, as the passage that it is by itself."""
        return self.passages[int(self.places.sentences[number])]

    def text_of(self, row: int) -> str:
        """The text of a passage, without the rest of it."""
        if isinstance(self.passages, StoredPassages):
            return self.passages.text_of(row)
        return self.passages[row].text

    def row_of(self, passage_id: str) -> int | None:
        """The row of a passage by its id; None where there is none."""
        if isinstance(self.passages, StoredPassages):
            return self.passages.row_of(passage_id)
        rows = self.places.rows_of(passage_id.rpartition(".")[0])
        own = zip(rows, self.passages[rows.start : rows.stop], strict=True)
        return next((row for row, p in own if p.passage_id == passage_id), None)

    def hashes(self) -> list[str]:
        """Of every passage, by row, the hash of what is embedded."""
        if isinstance(self.passages, StoredPassages):
            return self.passages.all_hashes()
        return [p.content_hash for p in self.passages]

    def rows_with(self, hashes: Sequence[str]) -> Mapping[str, int]:
        """Of those of these hashes that are there, a row that has it."""
        if isinstance(self.passages, StoredPassages):
            return self.passages.rows_with(hashes)
        return {own: row for row, own in enumerate(self.hashes())}


def build_index(
    documents: Sequence[Document],
    failed: Sequence[FileFailure],
    encoder: Encoder,
    previous: Index | None,
    generation: str,
    progress: Progress,
    kept: Kept | None = None,
    exact: int = EXACT,
) -> tuple[Index, BuildReport]:
    """Make an index of documents; what ``previous`` or ``kept`` holds of them is not embedded.

    Both must come from the same encoder; ``kept`` takes up what is embedded, batch by batch.
    ``exact``: the most sentences of which every vector is kept as the encoder gave it.
    """
    passages = cut(documents, progress)
    places = make_places(passages)
    earlier = Earlier(previous.rows_with, previous.places, previous.legs) if previous else None
    made = embed(passages, places, encoder, earlier, kept, progress, exact)
    progress("indexing", 0, 1)
    means = previous.means if made.carried and previous else _measured(made, places, encoder)
    hashes = {d.doc_id: d.content_hash for d in documents}
    manifest = new_manifest(encoder, generation, hashes, failed, len(passages))
    dense = build_dense(made.vectors, means.passages, places)
    index = assembled(manifest, documents, passages, places, means, dense, made)
    before = previous.manifest.documents if previous else {}
    told = report(before, hashes, failed, generation, len(passages), made.fresh, kept)
    return index, told


def cut(documents: Sequence[Document], progress: Progress) -> list[Passage]:
    """Cut documents into passages, telling of each."""
    passages: list[Passage] = []
    for done, document in enumerate(documents):
        progress("cutting", done, len(documents))
        passages.extend(make_passages(document))
    return passages


def new_manifest(
    encoder: Encoder,
    generation: str,
    hashes: Mapping[str, str],
    failed: Sequence[FileFailure],
    passages: int,
) -> Manifest:
    """Tell of a generation of which no file is written yet; ``hashes``: of its documents."""
    return Manifest(
        format_version=FORMAT,
        generation=generation,
        created_at=datetime.now(UTC).isoformat(timespec="seconds"),
        encoder=encoder.name,
        encoder_fingerprint=encoder.fingerprint,
        chunking=CHUNKING,
        dimension=encoder.dimension,
        metric=METRIC,
        passages=passages,
        documents=dict(hashes),
        failed=tuple(failed),
        files={},
    )


def assembled(
    manifest: Manifest,
    documents: Sequence[Document],
    passages: Sequence[Passage],
    places: Places,
    means: LanguageMeans,
    dense: DenseLeg,
    made: Embedded,
) -> Index:
    """Put an index together of what is embedded, with its other legs."""
    late = None
    if made.tokens is not None:
        late = build_late(made.tokens, means.tokens, places, made.codec)
    lexical = build_lexical([passages[r].text for r in places.sentences], places)
    own = {d.doc_id: d for d in documents}
    legs = Legs(dense, lexical, late)
    over = headed(places, [passages[r].headings for r in places.sentences])
    return Index(manifest, own, tuple(passages), places, means, legs, headed=over)


def _measured(made: Embedded, places: Places, encoder: Encoder) -> LanguageMeans:
    """Measure the means; of a corpus that is coded, by sentences from everywhere in it."""
    count = len(places.sentences)
    if isinstance(made.vectors, CodedVectors):
        sample = np.unique(np.linspace(0, count - 1, min(count, _MEASURED)).astype(np.int64))
    else:
        sample = np.arange(count)
    rows = places.sentences[sample]
    tokens: list[Any] | None = made.tokens and [made.tokens[n] for n in sample.tolist()]
    if tokens and made.codec is not None:
        tokens = [made.codec.restore(own) for own in tokens]
    languages = [LANGUAGES[n] for n in places.languages[rows]]
    return measure(languages, made.vectors[rows], tokens, encoder)


def report(
    before: Mapping[str, str],
    after: Mapping[str, str],
    failed: Sequence[FileFailure],
    generation: str,
    passages: int,
    embedded: int,
    kept: Known | None = None,
) -> BuildReport:
    """Compare the documents of two generations by their content hashes.

    ``kept``: what was embedded by a build before that did not come to its end.
    """
    return BuildReport(
        generation=generation,
        added=tuple(sorted(set(after) - set(before))),
        changed=tuple(sorted(d for d in after if d in before and after[d] != before[d])),
        removed=tuple(sorted(set(before) - set(after))),
        reused=tuple(sorted(d for d in after if before.get(d) == after[d])),
        failed=tuple(failed),
        passages=passages,
        embedded=embedded,
        resumed=kept.found if kept else 0,
    )
