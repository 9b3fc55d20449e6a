"""The leg of late interaction: how well each word of a question is met by some word of a passage.

Owns: the token vectors of every sentence, their scoring and their files. The score is the MaxSim of
ColBERT (Khattab and Zaharia, SIGIR 2020) averaged over the question's tokens, with each language's
mean token subtracted from both sides. Any encoder with token vectors will do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from dipnot.errors import REBUILD, IndexDamaged
from dipnot.index.centring import centred_cosines, normed
from dipnot.index.codec import Codec, Codes, open_codec
from dipnot.index.joined import JoinedRows, Runs, Table, join
from dipnot.index.places import Places, expand
from dipnot.index.stored import open_rows
from dipnot.types import Filters, Query, Rows, Vectors

Halves = npt.NDArray[np.float16]
_TOKENS, _OFFSETS = "tokens.npy", "offsets.npy"
# What stands before a passage: characters, and sentences at most (benchmarks/LOG.md).
_BEFORE, _MOST_BEFORE = 400, 8


@dataclass(frozen=True, slots=True)
class LateLeg:
    """Token vectors of sentences, one after another.

    ``tokens``: float16, shape (tokens, dimension), rows of length 1. ``offsets``: int64, shape
    (sentences + 1,): sentence i owns the rows from offsets[i] to offsets[i + 1]. ``means``: the
    mean token of each of ``LANGUAGES``, float32, shape (languages, dimension).
    Of an index that was opened the tokens stay on disk. ``codec``: of a corpus so large that its
    tokens are codes, what they stand for; cosines are then taken on the axes that are kept.
    """

    tokens: Halves | Codes | Table | JoinedRows
    offsets: Rows
    means: Vectors
    places: Places
    codec: Codec | None = None

    def candidates(self, query: Query, k: int, filters: Filters) -> tuple[Rows, Vectors]:  # noqa: ARG002 - one protocol
        """Find nothing: this leg scores what the others find."""
        return np.zeros(0, np.int64), np.zeros(0, np.float32)

    def scores_of(self, query: Query, rows: Rows) -> Vectors:
        """Score these rows, float32, shape (len(rows),); see ``passage_scores``."""
        sentences = np.unique(expand(self.places.first[rows], self.places.last[rows]))
        matches = dict(zip(sentences.tolist(), self.matches(query, sentences), strict=True))
        return passage_scores(self.places, rows, matches)

    def matches(self, query: Query, sentences: Rows) -> Vectors:
        """Give for each sentence and query token the best cosine with a token of the sentence.

        Gives float32, shape (len(sentences), query tokens); a sentence without tokens matches
        nothing (-1).
        """
        asked = query.tokens if query.tokens is not None else np.zeros((0, 1), np.float32)
        matches = np.full((len(sentences), len(asked)), -1.0, np.float32)
        counts = self.offsets[sentences + 1] - self.offsets[sentences]
        filled = np.flatnonzero(counts > 0)
        if not len(filled) or not len(asked):
            return matches
        own, counts = sentences[filled], counts[filled]
        laid = self.tokens[expand(self.offsets[own], self.offsets[own + 1])]
        languages = np.repeat(self.places.languages[self.places.sentences[own]], counts)
        if self.codec is None:
            tokens, means = laid.astype(np.float32), self.means
        else:
            tokens = self.codec.decode(laid)
            means = self.codec.drawn(self.means - self.codec.mean)
            asked = normed(self.codec.drawn(asked))
        products = tokens @ np.vstack([asked, means]).T
        squares = np.einsum("ij,ij->i", tokens, tokens)
        cosines = centred_cosines(products, squares, asked, means, languages)
        matches[filled] = np.maximum.reduceat(cosines, np.cumsum(counts) - counts, axis=0)
        return matches

    def tokens_of(self, sentence: int) -> Halves:
        """The token vectors of one sentence, as far as they were kept."""
        part = self.tokens[self.offsets[sentence] : self.offsets[sentence + 1]]
        return (part if self.codec is None else self.codec.restore(part)).astype(np.float16)

    def save(self, folder: Path, *, added: bool = False) -> None:
        """Write tokens and offsets into a folder; the means are centring's.

        ``added``: to a segment that has the codec already.
        """
        if self.codec is not None and not added:
            self.codec.save(folder)
        np.save(folder / _TOKENS, np.asarray(self.tokens), allow_pickle=False)
        np.save(folder / _OFFSETS, self.offsets, allow_pickle=False)


def passage_scores(
    places: Places, rows: Rows, matches: Mapping[int, Vectors], counting: Vectors | None = None
) -> Vectors:
    """Score rows by how their sentences match: taken together, and the best one alone.

    ``matches``: of each of their sentences, as ``LateLeg.matches`` gives them. ``counting``: what
    each token of the question counts, mean 1; all alike without.
    """
    together, alone = _matched(places.first[rows], places.last[rows], matches, counting)
    return together + alone


def context_scores(
    places: Places, rows: Rows, matches: Mapping[int, Vectors], counting: Vectors | None = None
) -> Vectors:
    """Score rows by how their sentences match together with those right before them.

    What a sentence leaves unsaid (who *he* is) mostly stands there. ``matches``, ``counting``: as
    for ``passage_scores``, of the sentences from ``context_begins`` on.
    """
    return _matched(context_begins(places, rows), places.last[rows], matches, counting)[0]


def context_begins(places: Places, rows: Rows) -> Rows:
    """The first sentence with which each of these rows is read, at most so far before its own."""
    first = places.first[rows]
    document = np.searchsorted(places.sentence_bounds, first, side="right") - 1
    earliest = np.maximum(first - _MOST_BEFORE, places.sentence_bounds[document])
    begins = first.copy()
    for _ in range(_MOST_BEFORE):
        before = np.maximum(begins - 1, earliest)
        near = places.starts[first] - places.starts[before] <= _BEFORE
        begins = np.where(near, before, begins)
    return begins


def _matched(
    first: Rows, last: Rows, matches: Mapping[int, Vectors], counting: Vectors | None
) -> tuple[Vectors, Vectors]:
    """How well ranges of sentences match: all of each taken together, and the best one alone."""
    if not len(first):
        return np.zeros(0, np.float32), np.zeros(0, np.float32)
    parts = np.stack([matches[s] for s in expand(first, last).tolist()])
    parts = parts if counting is None else parts * counting
    begins = np.cumsum(last - first) - (last - first)
    together: Vectors = np.maximum.reduceat(parts, begins, axis=0).mean(axis=1)
    alone: Vectors = np.maximum.reduceat(parts.mean(axis=1), begins)
    return together, alone


def build_late(
    tokens: Sequence[Vectors | Halves | Codes],
    means: Vectors,
    places: Places,
    codec: Codec | None = None,
) -> LateLeg:
    """Lay the tokens of all sentences end to end; they are codes where there is a codec."""
    offsets = np.cumsum([0, *map(len, tokens)]).astype(np.int64)
    none: Any = np.zeros((0, means.shape[1]), np.float16)
    laid = np.concatenate([codec.encode(none) if codec else none, *tokens])
    return LateLeg(laid if codec else laid.astype(np.float16), offsets, means, places, codec)


def open_late(
    folders: Sequence[Path],
    means: Vectors,
    places: Places,
    sentences: Runs,
    base: Path | None = None,
) -> LateLeg:
    """Open what was saved of segments as one leg, ``sentences`` being their ranges.

    ``base``: the folder that has the codec, None: the first. Raises IndexDamaged where tokens and
    sentences do not fit, or what reading a file raises.
    """
    offsets = [np.load(folder / _OFFSETS, allow_pickle=False) for folder in folders]
    tables = [open_rows(folder / _TOKENS) for folder in folders]
    codec = open_codec(base or folders[0], means.shape[1])
    for folder, own, table, size in zip(folders, offsets, tables, sentences.sizes, strict=True):
        if len(own) != size + 1 or own[-1] != len(table):
            raise IndexDamaged(
                f"{folder} holds {len(table)} tokens of {len(own) - 1} sentences, expected "
                f"{size} sentences. {REBUILD}"
            )
    if sentences.is_plain:
        return LateLeg(tables[0], offsets[0], means, places, codec)
    counts = join([np.diff(own)[:, None] for own in offsets], sentences)[:][:, 0]
    laid = join(tables, sentences.mapped(offsets))
    return LateLeg(laid, np.concatenate([[0], np.cumsum(counts)]), means, places, codec)
