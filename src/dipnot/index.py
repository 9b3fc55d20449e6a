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
import numpy.typing as npt

from dipnot.dense import METRIC, build_dense
from dipnot.late import Halves, TokenIndex, make_token_index
from dipnot.lexical import LexicalIndex, build_lexical
from dipnot.passages import CHUNKING, GRAINS, SHOWN_GRAIN, embedded_text, make_passages
from dipnot.types import (
    LANGUAGES,
    BuildReport,
    Document,
    Encoder,
    FileFailure,
    Manifest,
    Passage,
    Progress,
    Vectors,
)

FORMAT = 1  # of the files of a generation: raise it when what is written changes

Rows = npt.NDArray[np.int64]

# Sentences about nothing in particular. Their mean embedding is what a language has in common;
# they count as this many sentences of the corpus, so that a language of which the corpus holds
# little or nothing is centred all the same.
_NEUTRAL_WEIGHT = 24
_NEUTRAL: dict[str, tuple[str, ...]] = {
    "tr": (
        "Bu konuda daha önce birçok çalışma yapılmıştır.",
        "Toplantının hangi gün yapılacağı henüz belli değildir.",
        "Çocuklar sabah erkenden okula gittiler.",
        "Sonuçlar üçüncü bölümde ayrıntılı olarak ele alınmaktadır.",
        "Yazar, kitabın başında amacını kısaca açıklamıştır.",
        "Şehrin nüfusu son yıllarda hızla arttı.",
        "Bu kararın nedenleri farklı kaynaklarda farklı biçimde anlatılır.",
        "Kimse ne olduğunu tam olarak bilmiyordu.",
    ),
    "en": (
        "A number of studies have dealt with this question before.",
        "The day of the meeting has not been decided yet.",
        "The children went to school early in the morning.",
        "The results are discussed in detail in the third chapter.",
        "The author explains the aim briefly at the beginning of the book.",
        "The population of the city has grown quickly in recent years.",
        "The reasons for this decision are told differently in different sources.",
        "Nobody knew exactly what had happened.",
    ),
}


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
    neutral = _neutral_means(encoder)
    means = _means(
        [passages[r].language for r in layout.sentences], vectors[layout.sentences], neutral[0]
    )
    token_index = None
    token_means: dict[str, Vectors] = {}
    if tokens is not None and neutral[1]:
        owners = [passages[r].language for r in layout.sentences]
        languages = [o for o, t in zip(owners, tokens, strict=True) for _ in range(len(t))]
        flat = np.concatenate(tokens) if tokens else np.zeros((0, encoder.dimension), np.float32)
        token_means = _means(languages, flat.astype(np.float32), neutral[1])
        token_index = make_token_index(tokens, token_means, owners)
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
        language_means={k: [float(x) for x in v] for k, v in means.items()},
        token_means={k: [float(x) for x in v] for k, v in token_means.items()},
        files={},
    )
    index = Index(
        manifest=manifest,
        documents={d.doc_id: d for d in documents},
        passages=tuple(passages),
        vectors=vectors,
        dense=build_dense(centred(vectors, [p.language for p in passages], means)),
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


def _neutral_means(encoder: Encoder) -> tuple[dict[str, Vectors], dict[str, Vectors]]:
    """Mean sentence and mean token of each language's neutral sentences."""
    sentences: dict[str, Vectors] = {}
    tokens: dict[str, Vectors] = {}
    for language in LANGUAGES:
        encoded = encoder.encode_passages(_NEUTRAL[language], tokens=True)
        sentences[language] = encoded.vectors.mean(axis=0)
        if encoded.tokens is not None:
            tokens[language] = np.concatenate(encoded.tokens).mean(axis=0)
    return sentences, tokens


def _means(
    languages: Sequence[str], vectors: Vectors, neutral: Mapping[str, Vectors]
) -> dict[str, Vectors]:
    """Mean vector of each language, drawn to the neutral one where the corpus holds little."""
    means: dict[str, Vectors] = {}
    names = np.asarray(languages)
    for language in LANGUAGES:
        own = vectors[names == language] if len(names) else vectors[:0]
        weight = _NEUTRAL_WEIGHT
        total = own.sum(axis=0) + weight * neutral[language]
        means[language] = (total / (len(own) + weight)).astype(np.float32)
    return means


def centred(vectors: Vectors, languages: Sequence[str], means: Mapping[str, Vectors]) -> Vectors:
    """Subtract each language's mean and bring the rows back to length 1."""
    shifts = np.stack([means[language] for language in languages]) if languages else vectors
    moved = vectors - shifts
    lengths = np.linalg.norm(moved, axis=1, keepdims=True)
    return np.ascontiguousarray(moved / np.maximum(lengths, 1e-9), dtype=np.float32)
