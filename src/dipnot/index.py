"""Passages with their vectors, terms and tokens, aligned by position, and how they are made.

Owns: what an index is in memory, building one from documents, and reusing what an earlier one
holds. Knows nothing of files.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np

from dipnot.centring import centred, measure
from dipnot.dense import METRIC, build_dense
from dipnot.late import Halves, TokenIndex, make_token_index
from dipnot.lexical import LexicalIndex, build_lexical
from dipnot.passages import CHUNKING, GRAINS, SHOWN_GRAIN, embedded_text, make_passages
from dipnot.types import (
    BuildReport,
    Document,
    Encoder,
    FileFailure,
    Manifest,
    Passage,
    Progress,
    Rows,
    Vectors,
)

FORMAT = 2  # of the files of a generation: raise it when what is written changes


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the passages of each grain stand; derived from the passages alone.

    ``shown``: rows a search may show. ``sentences``: the row of each single sentence.
    ``first`` and ``last``: sentence range of each row, half-open. ``support[g]``: for each shown
    row the rows of grain g that overlap it, padded by repeating; shape (len(shown), m).
    """

    shown: Rows
    sentences: Rows
    first: Rows
    last: Rows
    grain_rows: dict[int, Rows]
    support: dict[int, Rows]


@dataclass(frozen=True, slots=True)
class Index:
    """Everything that answering needs. ``vectors``: raw, float32, shape (passages, dimension)."""

    manifest: Manifest
    documents: Mapping[str, Document]
    passages: tuple[Passage, ...]
    vectors: Vectors
    dense: Any
    lexical: LexicalIndex
    tokens: TokenIndex | None
    layout: Layout


def make_layout(passages: Sequence[Passage]) -> Layout:
    """Find out which passages belong to which grain and overlap which shown one."""
    sentences = np.array([i for i, p in enumerate(passages) if len(p.sentences) == 1], np.int64)
    number = {(passages[r].doc_id, passages[r].span.start): n for n, r in enumerate(sentences)}
    first = np.array([number[p.doc_id, p.sentences[0].start] for p in passages], np.int64)
    sizes = np.array([len(p.sentences) for p in passages], np.int64)
    last = first + sizes
    longest = np.zeros(len(sentences), np.int64)
    for begin, end in zip(first, last, strict=True):
        longest[begin:end] = np.maximum(longest[begin:end], end - begin)
    # A run of sentences too short for a grain stands there whole.
    run = longest[first] if len(first) else longest
    grain_rows = {g: np.flatnonzero((sizes == g) | ((sizes < g) & (run == sizes))) for g in GRAINS}
    shown = grain_rows[SHOWN_GRAIN]
    support = {
        g: _overlapping(rows, first, last, shown, len(sentences)) for g, rows in grain_rows.items()
    }
    return Layout(shown, sentences, first, last, grain_rows, support)


def _overlapping(rows: Rows, first: Rows, last: Rows, shown: Rows, sentences: int) -> Rows:
    holding: list[list[int]] = [[] for _ in range(sentences)]
    for row in rows:
        for s in range(first[row], last[row]):
            holding[s].append(int(row))
    found = [sorted({r for s in range(first[x], last[x]) for r in holding[s]}) for x in shown]
    width = max((len(f) for f in found), default=1)
    padded = [f + [f[-1]] * (width - len(f)) for f in found]
    return np.array(padded, np.int64).reshape(len(shown), width)


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
    layout = make_layout(passages)
    vectors, tokens, embedded = _embed(passages, encoder, previous, progress)
    progress("indexing", 0, 1)
    languages = [passages[r].language for r in layout.sentences]
    means = measure(languages, vectors[layout.sentences], tokens, encoder)
    token_index = make_token_index(tokens, means.tokens, languages) if tokens is not None else None
    shifts = np.array([means.passages[p.language] for p in passages], np.float32)
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
        language_means=_listed(means.passages),
        token_means=_listed(means.tokens),
        question_means=_listed(means.questions),
        question_token_means=_listed(means.question_tokens),
        files={},
    )
    index = Index(
        manifest=manifest,
        documents={d.doc_id: d for d in documents},
        passages=tuple(passages),
        vectors=vectors,
        dense=build_dense(centred(vectors, shifts.reshape(vectors.shape))),
        lexical=build_lexical([p.text for p in passages]),
        tokens=token_index,
        layout=layout,
    )
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
    numbers = {int(r): n for n, r in enumerate(previous.layout.sentences)} if previous else {}
    fresh: list[int] = []
    for row, passage in enumerate(passages):
        old = known.get(passage.content_hash)
        single = len(passage.sentences) == 1
        if previous is None or old is None or (single and old not in numbers):
            fresh.append(row)
            continue
        vectors[row] = previous.vectors[old]
        if single and previous.tokens is not None:
            tokens[row] = previous.tokens.of(numbers[old])
    has_tokens = previous is None or previous.tokens is not None
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


def _listed(means: Mapping[str, Vectors]) -> dict[str, list[float]]:
    return {language: [float(x) for x in mean] for language, mean in means.items()}
