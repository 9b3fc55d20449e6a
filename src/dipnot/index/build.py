"""Passages with their vectors, terms and tokens, aligned by position, and how they are made.

Owns: what an index is in memory, building one from documents, and reusing what an earlier one
holds. Knows nothing of files.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from dipnot.index.centring import LanguageMeans, centred, measure
from dipnot.index.dense import METRIC, build_dense
from dipnot.index.late_interaction import Halves, build_late
from dipnot.index.legs import Legs
from dipnot.index.lexical import build_lexical
from dipnot.index.passages import CHUNKING, embedded_text, make_passages
from dipnot.index.places import Places, make_places
from dipnot.types import (
    BuildReport,
    Document,
    Encoder,
    FileFailure,
    Manifest,
    Passage,
    Progress,
    Vectors,
)

FORMAT = 3  # of the files of a generation: raise it when what is written changes


@dataclass(frozen=True, slots=True)
class Index:
    """Everything that answering needs. ``rows``: of each passage, by its id."""

    manifest: Manifest
    documents: Mapping[str, Document]
    passages: tuple[Passage, ...]
    rows: Mapping[str, int]
    places: Places
    means: LanguageMeans
    legs: Legs

    def sentence(self, number: int) -> Passage:
        """The sentence of a number, as the passage that it is by itself."""
        return self.passages[int(self.places.sentences[number])]


def index_of(
    manifest: Manifest,
    documents: Sequence[Document],
    passages: Sequence[Passage],
    places: Places,
    means: LanguageMeans,
    legs: Legs,
) -> Index:
    """Put an index together out of what was built or opened."""
    return Index(
        manifest=manifest,
        documents={d.doc_id: d for d in documents},
        passages=tuple(passages),
        rows={p.passage_id: row for row, p in enumerate(passages)},
        places=places,
        means=means,
        legs=legs,
    )


def build_index(
    documents: Sequence[Document],
    failed: Sequence[FileFailure],
    encoder: Encoder,
    previous: Index | None,
    generation: str,
    progress: Progress,
) -> tuple[Index, BuildReport]:
    """Make an index of documents; what ``previous`` holds of the same passages is not embedded.

    ``previous`` must come from the same encoder.
    """
    passages: list[Passage] = []
    for done, document in enumerate(documents):
        progress("cutting", done, len(documents))
        passages.extend(make_passages(document))
    places = make_places(passages)
    vectors, tokens, embedded = _embed(passages, encoder, previous, progress)
    progress("indexing", 0, 1)
    languages = [passages[r].language for r in places.sentences]
    means = measure(languages, vectors[places.sentences], tokens, encoder)
    hashes = {d.doc_id: d.content_hash for d in documents}
    manifest = Manifest(
        format_version=FORMAT,
        generation=generation,
        created_at=datetime.now(UTC).isoformat(timespec="seconds"),
        encoder=encoder.name,
        encoder_fingerprint=encoder.fingerprint,
        chunking=CHUNKING,
        dimension=encoder.dimension,
        metric=METRIC,
        passages=len(passages),
        documents=hashes,
        failed=tuple(failed),
        files={},
    )
    shifted = centred(vectors, means.passages[places.languages])
    legs = Legs(
        dense=build_dense(vectors, shifted, places),
        lexical=build_lexical([p.text for p in passages], places),
        late=None if tokens is None else build_late(tokens, means.tokens, places),
    )
    index = index_of(manifest, documents, passages, places, means, legs)
    before = previous.manifest.documents if previous else {}
    return index, report(before, hashes, failed, generation, len(passages), embedded)


def report(
    before: Mapping[str, str],
    after: Mapping[str, str],
    failed: Sequence[FileFailure],
    generation: str,
    passages: int,
    embedded: int,
) -> BuildReport:
    """Compare the documents of two generations by their content hashes."""
    return BuildReport(
        generation=generation,
        added=tuple(sorted(set(after) - set(before))),
        changed=tuple(sorted(d for d in after if d in before and after[d] != before[d])),
        removed=tuple(sorted(set(before) - set(after))),
        reused=tuple(sorted(d for d in after if before.get(d) == after[d])),
        failed=tuple(failed),
        passages=passages,
        embedded=embedded,
    )


def _embed(
    passages: Sequence[Passage], encoder: Encoder, previous: Index | None, progress: Progress
) -> tuple[Vectors, list[Halves | Vectors] | None, int]:
    """Vectors of all passages, tokens of the single sentences, and how many were embedded."""
    vectors = np.zeros((len(passages), encoder.dimension), np.float32)
    tokens: dict[int, Halves | Vectors] = {}
    known = {p.content_hash: row for row, p in enumerate(previous.passages)} if previous else {}
    numbers = {int(r): n for n, r in enumerate(previous.places.sentences)} if previous else {}
    late = previous.legs.late if previous else None
    fresh: list[int] = []
    for row, passage in enumerate(passages):
        old = known.get(passage.content_hash)
        single = len(passage.sentences) == 1
        if previous is None or old is None or (single and old not in numbers):
            fresh.append(row)
            continue
        vectors[row] = previous.legs.dense.vectors[old]
        if single and late is not None:
            tokens[row] = late.tokens_of(numbers[old])
    has_tokens = previous is None or late is not None
    done = 0
    total = len(fresh)
    for with_tokens in (True, False):
        rows = [r for r in fresh if (len(passages[r].sentences) == 1) == with_tokens]
        base = done

        def tell(stage: str, part: int, _: int, base: int = base) -> None:
            progress(stage, base + part, total)

        encoded = encoder.encode_passages(
            [embedded_text(passages[r].text) for r in rows], tokens=with_tokens, progress=tell
        )
        vectors[rows] = encoded.vectors
        if with_tokens and encoded.tokens is not None:
            tokens.update(zip(rows, encoded.tokens, strict=True))
        elif with_tokens and rows:
            has_tokens = False
        done += len(rows)
    singles = [r for r, p in enumerate(passages) if len(p.sentences) == 1]
    if not has_tokens or any(r not in tokens for r in singles):
        return vectors, None, total
    return vectors, [tokens[r] for r in singles], total
