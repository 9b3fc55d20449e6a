"""The embeddings of passages: taken over from an earlier build where they can be, or made.

Owns: what is embedded, and how it is held meanwhile. Sentences are embedded with their tokens; of
these the encoder puts windows together, or else it reads their texts as well. A corpus of many
sentences is coded batch by batch, so that a build never holds all of it as the encoder gave it;
what an earlier build coded is taken over as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from dipnot.index.centring import normed
from dipnot.index.codec import (
    EXACT,
    SAMPLE,
    TOKEN_AXES,
    TOKEN_BITS,
    VECTOR_BITS,
    Codec,
    Codes,
    learn_codec,
)
from dipnot.index.coded import CodedVectors, parts_of, stored_rows
from dipnot.index.kept import Known
from dipnot.index.late_interaction import Halves, LateLeg
from dipnot.index.legs import Legs
from dipnot.index.passages import SHOWN_GRAIN, embedded_text
from dipnot.index.places import Places, expand
from dipnot.types import Encoded, Encoder, Passage, Progress, Rows, Vectors

_AT_ONCE = 256  # sentences embedded between two writes of what was embedded
_TAKEN = 4096  # passages taken over at once
Tokens = Halves | Vectors | Codes


@dataclass(frozen=True, slots=True)
class Earlier:
    """An index from which embeddings are taken over.

    ``rows_with``: of those of some hashes that it holds, a row that has it.
    """

    rows_with: Callable[[Sequence[str]], Mapping[str, int]]
    places: Places
    legs: Legs


@dataclass(frozen=True, slots=True)
class Embedded:
    """The vectors of passages, and of each single sentence its tokens, None where there are none.

    ``codec``: of the tokens, None where they are as the encoder gave them. ``fresh``: how many
    passages were embedded. ``carried``: whether the codes are those of an earlier build.
    """

    vectors: Vectors | CodedVectors
    tokens: list[Tokens] | None
    codec: Codec | None
    fresh: int
    carried: bool


def embed(
    passages: Sequence[Passage],
    places: Places,
    encoder: Encoder,
    previous: Earlier | None,
    kept: Known | None,
    progress: Progress,
    exact: int = EXACT,
) -> Embedded:
    """Embed passages; ``exact``: the most sentences that are not coded."""
    gathered = _Gathered(places, encoder.dimension, previous, exact)
    hashes = [p.content_hash for p in passages]
    left = _taken_over(hashes, places, previous, gathered)
    fresh = _kept(hashes, left, kept, gathered)
    new = np.zeros(len(passages), np.bool_)
    new[fresh] = True

    def put(rows: list[int], encoded: Encoded, *, single: bool) -> None:
        gathered.put(rows, encoded.vectors, encoded.tokens)
        if kept is not None:
            kept.add([hashes[r] for r in rows], encoded, single=single)
        new[rows] = False

    def texts(rows: Iterable[int]) -> list[str]:
        return [embedded_text(passages[r].text) for r in rows]

    batches = list(_batches(fresh, places))
    done, total = 0, sum(len(sentences) for sentences, _ in batches)
    for sentences, windows in batches:
        rows = places.sentences[sentences].tolist()
        tell = _shifted(progress, done, total)
        encoded = encoder.encode_passages(texts(rows), tokens=True, progress=tell)
        done += len(rows)
        own = [i for i, row in enumerate(rows) if new[row]]
        put([rows[i] for i in own], _part(encoded, own), single=True)
        vectors = None
        if encoded.tokens is not None:
            at = np.searchsorted(sentences, places.first[windows]).tolist()
            pairs = [(encoded.tokens[i], encoded.tokens[i + 1]) for i in at]
            vectors = encoder.encode_windows(pairs)
        if vectors is None:
            vectors = encoder.encode_passages(texts(windows), tokens=False).vectors
        put(windows, Encoded(vectors), single=False)
    return gathered.whole(len(fresh))


def _batches(fresh: Sequence[int], places: Places) -> Iterator[tuple[Rows, list[int]]]:
    """What is embedded together: sentences by number, ascending, and rows of windows over them.

    A window's sentences are there with it, though their own vectors may be known. The first batches
    of many are from everywhere.
    """
    rows = np.array(fresh, np.int64)
    first, last = places.first[rows], places.last[rows] - 1
    wanted, many = np.union1d(first, last), last > first
    order = np.argsort(last[many], kind="stable")
    windows, ends = rows[many][order], last[many][order]
    begins = range(0, len(wanted), _AT_ONCE)
    step = max(1, len(wanted) // SAMPLE)
    for begin in [own for start in range(step) for own in begins[start::step]]:
        part = wanted[begin : begin + _AT_ONCE]
        over = windows[slice(*np.searchsorted(ends, (part[0], part[-1] + 1)))]
        yield np.union1d(part, places.first[over]), over.tolist()


def _part(encoded: Encoded, which: list[int]) -> Encoded:
    tokens = encoded.tokens
    return Encoded(encoded.vectors[which], tokens and tuple(tokens[i] for i in which))


class _Gathered:
    """What is embedded so far. Codes wait for the codecs, which are learned from the first."""

    def __init__(
        self, places: Places, dimension: int, previous: Earlier | None, exact: int
    ) -> None:
        self.places = places
        self.single = places.last - places.first == 1
        self.stored = stored_rows(places)
        coded = previous.legs.dense.vectors if previous is not None else None
        # One that has shrunk to half of what is coded is exact again, and measured anew.
        self.carried = isinstance(coded, CodedVectors) and len(places.sentences) > exact // 2
        self.codecs: tuple[Codec, Codec | None] | None = None
        if self.carried and isinstance(coded, CodedVectors) and previous is not None:
            self.codecs = coded.codec, previous.legs.late.codec if previous.legs.late else None
        self.coded = self.carried or len(places.sentences) > exact
        self.vectors: Vectors | Codes = (
            np.zeros((len(self.stored), dimension), np.uint8)
            if self.coded
            else np.zeros((len(places.first), dimension), np.float32)
        )
        self.tokens: dict[int, Tokens] = {}
        self._waiting: list[tuple[Rows, Vectors, Sequence[Tokens] | None]] = []
        self._sentences = 0  # among those that wait

    def put(self, rows: Sequence[int], vectors: Vectors, tokens: Sequence[Tokens] | None) -> None:
        """Take up what was embedded of these rows."""
        numbers = np.asarray(rows, np.int64)
        if not self.coded:
            self.vectors[numbers] = vectors
            self.tokens.update(zip(rows, tokens or (), strict=False))
            return
        short = None if tokens is None else [own.astype(np.float16) for own in tokens]
        self._waiting.append((numbers, vectors, short))
        self._sentences += int(self.single[numbers].sum())
        if self.codecs or self._sentences >= SAMPLE:
            self._code()

    def put_codes(self, rows: Rows, vectors: Codes) -> None:
        """Take up vectors that are coded already."""
        self.vectors[np.searchsorted(self.stored, rows)] = vectors

    def whole(self, fresh: int) -> Embedded:
        """Give all of it; windows that were not embedded are put together."""
        if self.coded:
            self._code()
        vectors = self._vectors()
        singles = self.places.sentences.tolist()
        codec = self.codecs[1] if self.codecs else None
        if any(row not in self.tokens for row in singles):
            return Embedded(vectors, None, None, fresh, self.carried)
        return Embedded(vectors, [self.tokens[r] for r in singles], codec, fresh, self.carried)

    def _vectors(self) -> Vectors | CodedVectors:
        if self.coded and self.codecs:
            return CodedVectors(self.vectors, self.codecs[0], self.places, self.stored)
        vectors: Vectors = self.vectors  # type: ignore[assignment]
        composed = np.setdiff1d(np.arange(len(self.places.first)), self.stored)
        one, other = parts_of(composed, self.places)
        vectors[composed] = normed(vectors[one] + vectors[other])
        return vectors

    def _code(self) -> None:
        waiting, self._waiting, self._sentences = self._waiting, [], 0
        if not waiting:
            return
        if self.codecs is None:
            vectors = np.concatenate([vectors for _, vectors, _ in waiting])
            tokens = [t for _, _, own in waiting for t in own or ()]
            self.codecs = (
                learn_codec(vectors, vectors.shape[1], VECTOR_BITS),
                learn_codec(np.concatenate(tokens), TOKEN_AXES, TOKEN_BITS) if tokens else None,
            )
        for rows, vectors, own in waiting:
            self.put_codes(rows, self.codecs[0].encode(vectors))
            if own is not None and self.codecs[1] is not None and len(own):
                codes = self.codecs[1].encode(np.concatenate(own))
                self.tokens.update(zip(rows.tolist(), _split(codes, map(len, own)), strict=True))


def _taken_over(
    hashes: Sequence[str], places: Places, previous: Earlier | None, gathered: _Gathered
) -> Rows:
    """Take over what an index before holds; gives the rows left of those that are stored."""
    wanted = stored_rows(places)
    if previous is None:
        return wanted
    late, dense = previous.legs.late, previous.legs.dense.vectors
    coded = isinstance(dense, CodedVectors)
    known = previous.rows_with([hashes[r] for r in wanted.tolist()])
    if not known or (coded and not gathered.carried):
        return wanted
    old = np.array([known.get(hashes[r], -1) for r in wanted.tolist()], np.int64)
    sizes = previous.places.last[old] - previous.places.first[old]
    # Of a longer window no codes are stored.
    fits = np.where(gathered.single[wanted], sizes == 1, sizes <= SHOWN_GRAIN if coded else True)
    found = (old >= 0) & fits
    for part in _parts(int(found.sum()), spread=gathered.coded and not gathered.carried):
        new, before = wanted[found][part], old[found][part]
        alone = gathered.single[new]
        own = None if late is None else _tokens_of(late, previous.places, before[alone])
        if isinstance(dense, CodedVectors):
            gathered.put_codes(new, dense.codes_of(before))
            gathered.tokens.update(zip(new[alone].tolist(), own or (), strict=False))
        else:
            gathered.put(new[alone].tolist(), dense[before[alone]], own)
            gathered.put(new[~alone].tolist(), dense[before[~alone]], None)
    left: Rows = wanted[~found]
    return left


def _parts(count: int, *, spread: bool) -> list[slice]:
    """Cut so many rows into parts; ``spread``: each from everywhere: codecs learn of the first."""
    many = -(-count // _TAKEN)
    if spread:
        return [slice(begin, None, many) for begin in range(many)]
    return [slice(begin, begin + _TAKEN) for begin in range(0, count, _TAKEN)]


def _tokens_of(late: LateLeg, places: Places, rows: Rows) -> list[Tokens]:
    """The tokens of each of some sentences of an index, which are given as rows."""
    sentences = np.searchsorted(places.sentences, rows)
    begins, ends = late.offsets[sentences], late.offsets[sentences + 1]
    return list(_split(late.tokens[expand(begins, ends)], (ends - begins).tolist()))


def _kept(hashes: Sequence[str], rows: Rows, kept: Known | None, gathered: _Gathered) -> list[int]:
    """Take over what an interrupted build kept; gives the rows that are left."""
    if kept is None:
        return [int(row) for row in rows]
    fresh = []
    spread = [rows[part] for part in _parts(len(rows), spread=gathered.coded)]
    for row in np.concatenate([rows[:0], *spread]).tolist():
        found = kept.find(hashes[row], single=bool(gathered.single[row]))
        if found is None:
            fresh.append(row)
        else:
            tokens = None if found.tokens is None else [found.tokens]
            gathered.put([row], found.vector[None, :], tokens)
    return fresh


def _split(laid: Tokens, counts: Iterable[int]) -> Iterator[Tokens]:
    at = 0
    for count in counts:
        yield laid[at : at + count]
        at += count


def _shifted(progress: Progress, base: int, total: int) -> Progress:
    """Tell of a part's progress as of the whole's."""

    def tell(stage: str, done: int, of: int) -> None:
        progress(stage, *((base + done, total) if of else (0, 0)))

    return tell
