"""Generations in an engine: which there are, which is served, and opening one.

    record generation/<number>   what a generation is made of; its long lists are in dipnot_texts
    record served/<number>       written once for each publishing and rollback; the last one counts

Owns: those records. A row of a passage holds from one generation on until, not including, another;
so generations share their rows, and publishing or going back is one record more. Nothing that is
served is ever changed by a build: what it replaces goes on to hold for the generations before.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import asdict, dataclass, replace
from typing import Any, cast

import numpy as np
from pydantic import TypeAdapter, ValidationError

from dipnot.errors import (
    REBUILD,
    IndexAway,
    IndexDamaged,
    IndexMismatch,
    IndexMissing,
    IndexUnusable,
    NotFound,
    listed,
    shown,
)
from dipnot.index.build import Index
from dipnot.index.centring import LanguageMeans
from dipnot.index.fetched import FetchedDocuments, FetchedPassages
from dipnot.index.late_interaction import LateLeg
from dipnot.index.legs import Legs
from dipnot.index.manifests import check_encoder
from dipnot.index.milvus import Milvus
from dipnot.index.milvus_legs import (
    Fetched,
    FetchedTokens,
    Held,
    MilvusDense,
    MilvusLexical,
    Words,
    read_dense,
    read_terms,
    read_tokens,
)
from dipnot.index.milvus_records import (
    forget_record,
    held_lease,
    read_records,
    write_records,
)
from dipnot.index.milvus_tables import DENSE, LEXICAL, TOKENS, as_arrays, as_bytes, get, put
from dipnot.index.passages import CHUNKING
from dipnot.index.places import Places, join_places, places_from
from dipnot.types import Encoder, Generation, Manifest, Rows

FORMAT = 1  # of the tables and records: raise it when what is written changes
_SERVED_KEPT = 8  # records of what was served, for whoever wants to know
_MANIFEST: TypeAdapter[Manifest] = TypeAdapter(Manifest)


@dataclass(frozen=True, slots=True)
class Record:
    """A generation as it is recorded, without its long lists.

    ``basis``: the number of the means and mean length that its rows were made with; ``late``:
    whether its sentences have token vectors.
    """

    number: int
    basis: int
    late: bool
    manifest: Manifest


@dataclass(frozen=True, slots=True)
class Basis:
    """What the rows of the engine are made with, until all are made anew.

    ``mean_length``: of passages, in terms, as BM25 needs it. ``sentences``: how many were measured.
    """

    number: int
    means: LanguageMeans
    mean_length: float
    sentences: int


@dataclass(frozen=True, slots=True)
class MilvusHome:
    """An index in an engine. Opening never writes."""

    engine: Milvus

    # --- what there is -------------------------------------------------------------------------

    def records(self) -> dict[str, Any]:
        """All records by their names; raises IndexMissing where there is no index."""
        return read_records(self.engine)

    def served(self, records: Mapping[str, Any] | None = None) -> tuple[int, bool]:
        """The number of the generation being served, and whether it was rolled back to."""
        records = self.records() if records is None else records
        last = max((name for name in records if name.startswith("served/")), default=None)
        if last is None:
            raise IndexMissing(f"There is no index in {self.engine.address} yet. {REBUILD}")
        return int(records[last]["generation"]), bool(records[last]["held"])

    def current(self) -> str:
        """Name the generation being served."""
        return self.manifest().generation

    def manifest(self) -> Manifest:
        """Tell of the generation being served, without its texts."""
        records = self.records()
        return self.record(self.served(records)[0], records).manifest

    def is_held(self) -> bool:
        """Tell whether the current generation was rolled back to, and is to stay."""
        with suppress(IndexUnusable):
            return self.served()[1]
        return False

    def release(self) -> None:
        """Let the next start of a server build again. The caller holds ``lock``."""
        number, held = self.served()
        if held:
            self.serve(number)

    def record(self, number: int, records: Mapping[str, Any]) -> Record:
        """Read the record of a generation; raises IndexDamaged or IndexMismatch."""
        told = records.get(_generation(number))
        if told is None:
            raise IndexDamaged(f"The engine has no record of generation {number}. {REBUILD}")
        if told.get("format") != FORMAT:
            raise IndexMismatch(
                f"The index in {self.engine.address} has the format {shown(told.get('format'))}, "
                f"this release reads {FORMAT}. {REBUILD}"
            )
        try:
            manifest = _MANIFEST.validate_python(told["manifest"])
        except (ValidationError, KeyError):
            raise IndexDamaged(
                f"The record of generation {number} is not whole. {REBUILD}"
            ) from None
        if manifest.chunking != CHUNKING:
            raise IndexMismatch(
                f"The index in {self.engine.address} was cut as {shown(manifest.chunking)}, this "
                f"release cuts as {CHUNKING}. {REBUILD}"
            )
        return Record(number, int(told["basis"]), bool(told["late"]), manifest)

    def generations(self) -> list[Generation]:
        """Tell of the generations kept, newest first."""
        try:
            records = self.records()
            current = self.served(records)[0]
        except IndexMissing:
            return []
        return [self._describe(n, records, current) for n in numbers_in(records)]

    def _describe(self, number: int, records: Mapping[str, Any], current: int) -> Generation:
        try:
            told = self.record(number, records).manifest
        except IndexUnusable as error:
            name = records[_generation(number)].get("manifest", {}).get("generation", str(number))
            return Generation(name, current=number == current, trouble=str(error))
        documents = int(records[_generation(number)]["texts"])
        return Generation(
            told.generation, told.created_at, told.encoder, documents, told.passages,
            number == current,
        )  # fmt: skip

    # --- opening -------------------------------------------------------------------------------

    def open(self, encoder: Encoder | None = None) -> Index:
        """Open the generation being served; raises IndexUnusable in one of its kinds."""
        records = self.records()
        return self.open_number(self.served(records)[0], records, encoder)

    def open_newest(self, encoder: Encoder | None = None) -> tuple[Index, str | None]:
        """Open the one being served, or else the newest that is whole; gives why it is another."""
        try:
            return self.open(encoder), None
        except (IndexAway, IndexMissing):
            raise
        except IndexUnusable as error:
            records = self.records()
            for number in numbers_in(records):
                with suppress(IndexDamaged, IndexMismatch):
                    return self.open_number(number, records, encoder), str(error)
            raise

    def open_number(
        self, number: int, records: Mapping[str, Any], encoder: Encoder | None = None
    ) -> Index:
        """Open a generation by its number."""
        record = self.record(number, records)
        if encoder is not None:
            check_encoder(record.manifest, encoder)
        texts = self.texts_of(number)
        names = [f"v{version}/places" for _, _, version in texts]
        parts = get(self.engine, names)
        arrays = [as_arrays(parts[name]) for name in names]
        offsets = np.cumsum(np.concatenate([[0], *(a.pop("tokens") for a in arrays)]))
        own = [places_from(t[0], a) for t, a in zip(texts, arrays, strict=True)]
        places = join_places([part for part in own if len(part.first)])
        self._check_counts(record, places)
        versions = {doc_id: version for doc_id, _, version in texts}
        held = Held(
            self.engine,
            number,
            np.array([versions[doc_id] for doc_id in places.doc_ids], np.int64),
            places,
        )
        basis = self.basis(record.basis)
        hashes = {doc_id: content_hash for doc_id, content_hash, _ in texts}
        manifest = replace(record.manifest, documents=hashes)
        return _index(held, manifest, versions, basis, self.words(number), record, offsets)

    def _check_counts(self, record: Record, places: Places) -> None:
        if len(places.first) != record.manifest.passages:
            raise IndexDamaged(
                f"Generation {record.manifest.generation} has {len(places.first)} passages in the "
                f"engine, expected {record.manifest.passages}. {REBUILD}"
            )

    def texts_of(self, number: int) -> list[tuple[str, str, int]]:
        """The texts of a generation: id, content hash and version of each, in order."""
        name = f"g{number}/texts"
        told = json.loads(get(self.engine, [name])[name])
        return [(doc_id, content_hash, int(version)) for doc_id, content_hash, version in told]

    def words(self, number: int) -> Words:
        """The index terms of a generation."""
        name, arrays = f"g{number}/terms", f"g{number}/frequencies"
        found = get(self.engine, [name, arrays])
        counted = as_arrays(found[arrays])
        terms = found[name].decode("utf-8").split("\n") if found[name] else []
        return Words(terms, counted["numbers"], counted["frequencies"])

    def basis(self, number: int) -> Basis:
        """What the rows of a generation are made with."""
        name = f"b{number}/basis"
        arrays = as_arrays(get(self.engine, [name])[name])
        length, sentences = arrays.pop("counts").tolist()
        return Basis(number, LanguageMeans(**arrays), length, int(sentences))

    # --- publishing and going back -------------------------------------------------------------

    def keep_basis(self, basis: Basis) -> None:
        """Write what rows are made with."""
        fields = ("passages", "tokens", "questions", "question_tokens")
        arrays = {name: getattr(basis.means, name) for name in fields}
        counts = np.array([basis.mean_length, basis.sentences], np.float64)
        put(self.engine, f"b{basis.number}/basis", as_bytes({**arrays, "counts": counts}))

    def keep_generation(
        self, record: Record, texts: Sequence[tuple[str, str, int]], words: Words
    ) -> None:
        """Write what a generation is made of; it is not served yet."""
        number = record.number
        put(self.engine, f"g{number}/texts", json.dumps(list(texts)).encode())
        put(self.engine, f"g{number}/terms", "\n".join(words.terms).encode())
        counted = {"numbers": words.numbers, "frequencies": words.frequencies}
        put(self.engine, f"g{number}/frequencies", as_bytes(counted))
        told = {
            "format": FORMAT,
            "basis": record.basis,
            "late": record.late,
            "texts": len(texts),
            "manifest": asdict(replace(record.manifest, documents={})),
        }
        self.write({_generation(number): told})

    def serve(self, number: int, *, held: bool = False) -> None:
        """Serve a generation from now on, by writing one record."""
        names = [name for name in self.records() if name.startswith("served/")]
        last = int(max(names, default="served/0").partition("/")[2])
        self.write({f"served/{last + 1:09}": {"generation": number, "held": held}})
        for name in sorted(names)[:-_SERVED_KEPT]:
            forget_record(self.engine, name)

    def write(self, records: Mapping[str, Any]) -> None:
        """Write records by their names."""
        write_records(self.engine, records)

    def roll_back(self, generation: str | None, encoder: Encoder | None = None) -> str:
        """Serve a generation kept, by default the newest whole one before the current one.

        Raises what ``generations.roll_back`` does. The caller holds ``lock``.
        """
        records = self.records()
        current = self.served(records)[0]
        named = {records[_generation(n)]["manifest"]["generation"]: n for n in numbers_in(records)}
        if generation is not None and generation not in named:
            raise NotFound(f"There is no generation {shown(generation)}; known: {listed(named)}.")
        numbers = [named[generation]] if generation else [n for n in named.values() if n < current]
        if not numbers:
            raise NotFound(f"There is no generation before {self.current()} to roll back to.")
        refused: IndexUnusable | None = None
        for number in numbers:
            try:
                index = self.open_number(number, records, encoder)
            except IndexUnusable as error:
                refused = refused or error
                continue
            self.serve(number, held=number != numbers_in(records)[0])
            return index.manifest.generation
        raise refused or NotFound("There is no generation to roll back to.")

    def lock(self) -> AbstractContextManager[None]:
        """Hold the one right to build; raises BuildRunning."""
        return held_lease(self.engine)


def _generation(number: int) -> str:
    return f"generation/{number:09}"


def numbers_in(records: Mapping[str, Any]) -> list[int]:
    """The numbers of the generations that are recorded, newest first."""
    names = (name for name in records if name.startswith("generation/"))
    return sorted((int(name.partition("/")[2]) for name in names), reverse=True)


def _index(
    held: Held,
    manifest: Manifest,
    versions: Mapping[str, int],
    basis: Basis,
    words: Words,
    record: Record,
    offsets: Rows,
) -> Index:
    """An index whose rows, passages and texts are fetched as they are asked for."""
    engine = held.engine
    dense = MilvusDense(held, Fetched(engine, DENSE, ["vector", "body"], read_dense))
    lexical = MilvusLexical(held, words, Fetched(engine, LEXICAL, ["terms"], read_terms))
    late = None
    if record.late:
        fetched = Fetched(engine, TOKENS, ["body"], read_tokens)
        tokens = FetchedTokens(held, offsets, record.manifest.dimension, fetched)
        late = LateLeg(cast(Any, tokens), offsets, basis.means.tokens, held.places)
    documents = FetchedDocuments(engine, versions)
    passages = FetchedPassages(held, dense.fetched, documents)
    return Index(
        manifest=manifest,
        documents=documents,
        passages=passages,
        places=held.places,
        means=basis.means,
        # They answer as the house's own do; what only a build or a file asks of a leg they lack.
        legs=Legs(cast(Any, dense), cast(Any, lexical), late),
    )
