"""A build into an engine, text by text: only what changed is embedded and written.

Owns: what is written in which order, so that a build may die anywhere. A text's rows are written
under a new version, which is whole when its last row is there; a whole version is never embedded
again, whoever wrote it; what is not whole is removed by the next build. What a generation no
longer has goes on to hold until its number. None of it is seen before the generation is served.
Where the newest generation is damaged nothing is gone on from: all rows are written anew, and what
is still there of embeddings is recalled.

Rows are centred by means, and weighed by a mean length, that stay the same while a corpus grows:
the *basis*. It is measured on the texts of the first build, as they come in the order of their
hashes, at most so many sentences; a corpus that doubled before as many were measured is measured
again, and its rows are made anew from what the engine holds, without embedding.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import numpy as np

from dipnot.errors import REBUILD, BuildRunning, IndexDamaged, IndexMismatch
from dipnot.index.build import FORMAT
from dipnot.index.centring import measure
from dipnot.index.dense import METRIC
from dipnot.index.kept import Recalled
from dipnot.index.milvus_home import Basis, MilvusHome, Record, numbers_in
from dipnot.index.milvus_legs import Words
from dipnot.index.milvus_tables import ALWAYS, make_tables
from dipnot.index.milvus_upkeep import check_counts, collect, damage
from dipnot.index.milvus_versions import (
    Version,
    close_rows,
    frequencies_of,
    keep_version,
    remove_version,
    stored_text,
    versions_in,
    write_text,
)
from dipnot.index.passages import CHUNKING
from dipnot.index.prepared import Prepared, Task, Work, is_single
from dipnot.index.store import new_generation_behind
from dipnot.types import Encoder, FileFailure, Manifest, Progress

log = logging.getLogger(__name__)

_MEASURED = 20_000  # sentences: the mean of so many is that of all, but for a hundredth


@dataclass(frozen=True, slots=True)
class Made:
    """What a build did: the texts of the generation by content hash, and counts."""

    generation: str
    hashes: dict[str, str]
    failed: tuple[FileFailure, ...]
    passages: int
    embedded: int
    adopted: int


def build_into(
    home: MilvusHome,
    wanted: Mapping[str, str],
    failed: Sequence[FileFailure],
    work: Work,
    encoder: Encoder,
    keep: int,
    progress: Progress,
) -> Made:
    """Bring the engine to the texts wanted, by content hash, and serve them; it is locked then."""
    return _Build(home, encoder, progress).run(wanted, failed, work, keep)


class _Build:
    """One build: the versions that there are, and the numbers that it gives out."""

    def __init__(self, home: MilvusHome, encoder: Encoder, progress: Progress) -> None:
        self._home, self._encoder, self._progress = home, encoder, progress
        self._engine = home.engine
        self._embedded = 0
        make_tables(self._engine, encoder.dimension)
        self._records = home.records()
        self._versions = {v.key: v for v in versions_in(home)}
        self._number = 1 + max(
            [
                0,
                *numbers_in(self._records),
                *(v.since for v in self._versions.values()),
                *(v.until for v in self._versions.values() if v.until < ALWAYS),
            ]
        )
        self._words: dict[str, int] = {}
        self._last_word = 0
        self._anew = self._is_damaged()
        _check_dimension(home, self._records, encoder)

    def run(
        self,
        wanted: Mapping[str, str],
        failed: Sequence[FileFailure],
        work: Work,
        keep: int,
    ) -> Made:
        self._tidy()
        self._learn_words()
        basis = self._basis()
        carried = self._carried(wanted)
        adopted = sum(self._versions[key].since > self._newest() for key in carried.values())
        missing = sorted((d for d in wanted if d not in carried), key=lambda d: wanted[d])
        failures = list(failed)
        prepared = self._successes(work(self._tasks(missing)), failures, len(missing))
        made, basis = self._write_all(prepared, carried, basis)
        texts = carried | made
        order = [d for d in wanted if d in texts]
        for key, version in list(self._versions.items()):
            if version.until == ALWAYS and texts.get(version.doc_id) != key:
                self._close(version)
        told = [(d, self._versions[texts[d]].content_hash, texts[d]) for d in order]
        rows = sum(self._versions[key].rows for key in texts.values())
        name = new_generation_behind(self._newest_name())
        self._publish(name, told, failures, basis, rows, keep)
        hashes = {doc_id: content_hash for doc_id, content_hash, _ in told}
        return Made(name, hashes, tuple(failures), rows, self._embedded, adopted)

    # --- before --------------------------------------------------------------------------------

    def _is_damaged(self) -> bool:
        trouble = damage(self._home, self._newest()) if self._newest() else None
        if trouble is not None:
            log.warning("%s All rows are written anew.", trouble.removesuffix(REBUILD).rstrip())
        return trouble is not None

    def _tidy(self) -> None:
        """Remove what builds that died left half-written, and close what they left half-closed."""
        for key, version in list(self._versions.items()):
            if not version.whole:
                remove_version(self._engine, version)
                del self._versions[key]
            elif self._newest() < version.until < ALWAYS:
                close_rows(self._engine, version)

    def _newest(self) -> int:
        """The number of the newest generation that is recorded; 0 where there is none."""
        return max(numbers_in(self._records), default=0)

    def _newest_name(self) -> str:
        told = (r for name, r in self._records.items() if name.startswith("generation/"))
        return max((r["manifest"]["generation"] for r in told), default="")

    def _learn_words(self) -> None:
        """Take over the numbers of the terms of all rows that may be carried on."""
        if self._anew:
            return
        if self._newest():
            words = self._home.words(self._newest())
            self._words.update(zip(words.terms, words.numbers.tolist(), strict=True))
        for version in self._versions.values():
            if version.since > self._newest():
                own = frequencies_of(self._engine, version.key)
                self._words.update({term: number for term, (number, _) in own.items()})
        self._last_word = max([0, *self._words.values()])

    def _basis(self) -> Basis | None:
        """What the rows that there are were made with; None where this encoder has none."""
        first = self._first_basis()
        if first is None:
            return None
        own = self._versions.values()
        bases = [v.basis for v in own if v.until == ALWAYS and v.basis >= first]
        if not bases:
            return None
        try:
            return self._home.basis(max(bases))
        except IndexDamaged:
            return None

    def _first_basis(self) -> int | None:
        """The oldest basis of rows that this encoder made; None where it made none."""
        told = self._records.get("encoder", {})
        if told.get("made_by") != self._made_by():
            return None
        others = [
            record["basis"]
            for name, record in self._records.items()
            if name.startswith("generation/")
            and record["manifest"]["encoder_fingerprint"] != self._encoder.fingerprint
        ]
        return max(int(told.get("first", 1)), 1 + max(others, default=0))

    def _made_by(self) -> list[Any]:
        return [self._encoder.fingerprint, self._encoder.dimension, CHUNKING]

    def _carried(self, wanted: Mapping[str, str]) -> dict[str, int]:
        """Versions that hold already of what is wanted."""
        basis = self._basis()
        if self._anew or basis is None:
            return {}
        return {
            v.doc_id: key
            for key, v in self._versions.items()
            if v.until == ALWAYS
            and v.basis == basis.number
            and wanted.get(v.doc_id) == v.content_hash
        }

    # --- texts ---------------------------------------------------------------------------------

    def _tasks(self, missing: Sequence[str]) -> Iterator[Task]:
        for doc_id in missing:
            yield Task(doc_id, self._recalled(doc_id))

    def _recalled(self, doc_id: str) -> Recalled:
        """What earlier versions of a text hold of its passages."""
        recalled = Recalled()
        first = self._first_basis()
        if first is None:
            return recalled
        for version in self._versions.values():
            if version.doc_id == doc_id and version.basis >= first:
                with suppress(IndexDamaged):
                    stored = stored_text(self._home, version)
                    singles = iter(stored.tokens or ())
                    for passage, vector in zip(stored.passages, stored.vectors, strict=True):
                        tokens = next(singles, None) if is_single(passage) else None
                        recalled.put(passage.content_hash, vector, tokens)
        return recalled

    def _successes(
        self, found: Iterable[Prepared | FileFailure], failures: list[FileFailure], total: int
    ) -> Iterator[Prepared]:
        for done, one in enumerate(found, start=1):
            self._progress("embedding", done, total)
            if isinstance(one, FileFailure):
                failures.append(one)
            else:
                self._embedded += one.embedded
                yield one

    def _write_all(
        self, prepared: Iterator[Prepared], carried: dict[str, int], basis: Basis | None
    ) -> tuple[dict[str, int], Basis]:
        """Write texts as they come, once it is settled with which basis."""
        held: list[Prepared] = []
        before = sum(self._versions[key].sentences for key in carried.values())
        enough = basis is not None and basis.sentences >= _MEASURED
        while not enough and (one := next(prepared, None)) is not None:
            held.append(one)
            enough = before + sum(text.sentences for text in held) >= _MEASURED
        total = before + sum(text.sentences for text in held)
        if basis is None or (basis.sentences < _MEASURED and total > 2 * basis.sentences):
            stored = [stored_text(self._home, self._versions[key]) for key in carried.values()]
            carried.clear()
            held = [*stored, *held]
            basis = self._measure(held)
        made = {}
        for one in held:
            made[one.document.doc_id] = self._write(one, basis)
        for one in prepared:
            made[one.document.doc_id] = self._write(one, basis)
        return made, basis

    def _measure(self, texts: Sequence[Prepared]) -> Basis:
        singles = [(t, i) for t in texts for i, p in enumerate(t.passages) if is_single(p)]
        languages = [t.passages[i].language for t, i in singles]
        vectors = np.array([t.vectors[i] for t, i in singles], np.float32)
        vectors = vectors.reshape(len(singles), self._encoder.dimension)
        with_tokens = all(t.tokens is not None for t in texts)
        tokens = [own for t in texts for own in t.tokens or ()] if with_tokens else None
        means = measure(languages, vectors, tokens, self._encoder)
        counts = [len(terms) for t in texts for terms in t.terms]
        number = 1 + max([0, *(v.basis for v in self._versions.values())])
        basis = Basis(number, means, float(np.mean(counts or [1])) or 1.0, len(singles))
        self._home.keep_basis(basis)
        first = self._first_basis() or number
        self._home.write({"encoder": {"made_by": self._made_by(), "first": first}})
        return basis

    def _write(self, text: Prepared, basis: Basis) -> int:
        """Write a text's rows under a new version; gives its number."""
        for passage in text.passages:
            if text.document.text[slice(*passage.span)] != passage.text:
                raise IndexDamaged(f"Passage {passage.passage_id} does not stand in its document.")
        key = 1 + max([0, *self._versions])
        document = text.document
        version = Version(
            key, self._number, ALWAYS, document.doc_id, document.content_hash,
            len(text.passages), text.sentences, sum(map(len, text.terms)), basis.number,
            whole=False,
        )  # fmt: skip
        self._versions[key] = version
        self._number_words(text)
        self._versions[key] = write_text(self._engine, version, text, basis, self._words)
        return key

    def _number_words(self, text: Prepared) -> None:
        """Give each term that is new the next number."""
        for term in sorted({term for terms in text.terms for term in terms} - self._words.keys()):
            self._last_word += 1
            self._words[term] = self._last_word

    # --- after ---------------------------------------------------------------------------------

    def _close(self, version: Version) -> None:
        """Let a version hold until this generation. The version itself is told first: see tidy."""
        closed = replace(version, until=self._number)
        self._versions[version.key] = closed
        keep_version(self._engine, closed)
        close_rows(self._engine, closed)

    def _publish(
        self,
        name: str,
        texts: Sequence[tuple[str, str, int]],
        failed: Sequence[FileFailure],
        basis: Basis,
        rows: int,
        keep: int,
    ) -> None:
        self._progress("writing", 0, 0)
        manifest = Manifest(
            format_version=FORMAT,
            generation=name,
            created_at=datetime.now(UTC).isoformat(timespec="seconds"),
            encoder=self._encoder.name,
            encoder_fingerprint=self._encoder.fingerprint,
            chunking=CHUNKING,
            dimension=self._encoder.dimension,
            metric=METRIC,
            passages=rows,
            documents={},
            failed=tuple(failed),
            files={},
        )
        record = Record(self._number, basis.number, bool(len(basis.means.tokens)), manifest)
        words = self._counted(texts)
        self._home.keep_generation(record, texts, words)
        records = self._home.records()
        self._home.open_number(self._number, records, self._encoder)
        check_counts(self._home, self._number, [self._versions[v] for _, _, v in texts])
        if max(numbers_in(records)) > self._number:
            raise BuildRunning("Another process has built meanwhile; its generation is served.")
        self._home.serve(self._number)
        collect(self._home, keep)

    def _counted(self, texts: Sequence[tuple[str, str, int]]) -> Words:
        """How many passages of the generation have each term, counted on from the newest one."""
        counts: Counter[str] = Counter()
        before: set[int] = set()
        if self._newest() and not self._anew:
            words = self._home.words(self._newest())
            counts.update(dict(zip(words.terms, words.frequencies.tolist(), strict=True)))
            before = {version for _, _, version in self._home.texts_of(self._newest())}
        now = {version for _, _, version in texts}
        for version in before - now:
            counts.subtract({t: n for t, (_, n) in frequencies_of(self._engine, version).items()})
        for version in now - before:
            counts.update({t: n for t, (_, n) in frequencies_of(self._engine, version).items()})
        terms = sorted(term for term, n in counts.items() if n > 0)
        return Words(
            terms,
            np.array([self._words[term] for term in terms], np.int64),
            np.array([counts[term] for term in terms], np.int64),
        )


def _check_dimension(home: MilvusHome, records: Mapping[str, Any], encoder: Encoder) -> None:
    """Raise IndexMismatch where the tables were made for vectors of another length."""
    made_by = records.get("encoder", {}).get("made_by")
    if made_by is not None and made_by[1] != encoder.dimension:
        raise IndexMismatch(
            f"The index in {home.engine.address} holds vectors of {made_by[1]} dimensions, but "
            f"{encoder.name} gives {encoder.dimension}. Name another database with --index."
        )
