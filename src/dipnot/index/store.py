"""Generations on disk: written beside the old one, verified, and swapped in by one rename.

    index/CURRENT                one line: the generation being served
    index/generations/<id>/      manifest.json  documents.jsonl  passages.jsonl  centring/
                                 and a folder a leg, whose files the leg alone knows

Owns: that layout, its checksums, the lock, pruning and rolling back. Readers never see half a
build; a crash at any point leaves the old generation serving. Arrays and JSON only, no pickles.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from pydantic import TypeAdapter, ValidationError

from dipnot.checksums import file_sha256
from dipnot.errors import (
    REBUILD,
    BuildRunning,
    IndexDamaged,
    IndexMismatch,
    IndexMissing,
    IndexUnusable,
    NotFound,
    reason_of,
    shown,
)
from dipnot.index.build import FORMAT, Index, index_of
from dipnot.index.centring import open_means
from dipnot.index.legs import open_legs, save_legs
from dipnot.index.passages import CHUNKING
from dipnot.index.places import make_places
from dipnot.types import Document, Encoder, Manifest, Passage

_CENTRING = "centring"
_ID = re.compile(r"\d{8}T\d{6}-[0-9a-f]{6}")
_MANIFEST: TypeAdapter[Manifest] = TypeAdapter(Manifest)
_DOCUMENT: TypeAdapter[Document] = TypeAdapter(Document)
_PASSAGE: TypeAdapter[Passage] = TypeAdapter(Passage)


def new_generation() -> str:
    """Make an id: when, to the microsecond, and one random digit. Later ids sort behind."""
    now = datetime.now(UTC)
    return f"{now:%Y%m%dT%H%M%S}-{now.microsecond:05x}{secrets.token_hex(1)[0]}"


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    """Turn what the system refuses into a sentence."""
    try:
        yield
    except Timeout:
        raise
    except OSError as error:
        raise IndexUnusable(
            f"The index cannot be written to {folder}: {error.strerror or error}. Make room or "
            "give the right to write there, or name another folder with --index."
        ) from error


@contextmanager
def build_lock(folder: Path) -> Iterator[None]:
    """Hold the one right to build into an index folder; raises BuildRunning."""
    lock = FileLock(folder / ".lock")
    try:
        with _writing(folder):
            folder.mkdir(parents=True, exist_ok=True)
            lock.acquire(timeout=0)
    except Timeout:
        raise BuildRunning(
            f"Another process is building the index in {folder}. Wait until it is done."
        ) from None
    try:
        yield
    finally:
        lock.release()


def publish(folder: Path, index: Index, keep: int) -> str:
    """Write a generation, verify it by opening it, make it the current one, prune old ones.

    The caller holds ``build_lock``. Gives the generation's id.
    """
    with _writing(folder):
        _publish(folder, index)
    generation = index.manifest.generation
    for old in list_generations(folder)[keep:]:
        if old != generation:
            shutil.rmtree(folder / "generations" / old, ignore_errors=True)
    return generation


def _publish(folder: Path, index: Index) -> None:
    generations = folder / "generations"
    generations.mkdir(parents=True, exist_ok=True)
    _sweep(generations)
    generation = index.manifest.generation
    staged = generations / f".{generation}"
    try:
        _write(staged, index)
        check_offsets(_open_folder(staged))
        final = generations / generation
        staged.rename(final)
        _sync_folder(generations)
        _point_to(folder, generation)
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def current_generation(folder: Path) -> str:
    """Name the generation being served; raises IndexMissing or IndexDamaged."""
    try:
        name = (folder / "CURRENT").read_text("utf-8").strip()
    except FileNotFoundError:
        raise IndexMissing(f"There is no index in {folder} yet. {REBUILD}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise IndexDamaged(f"{folder / 'CURRENT'} cannot be read: {error}. {REBUILD}") from None
    if not _ID.fullmatch(name):
        raise IndexDamaged(f"{folder / 'CURRENT'} holds {shown(name)}, no generation. {REBUILD}")
    return name


def list_generations(folder: Path) -> list[str]:
    """Name the generations kept, newest first."""
    generations = folder / "generations"
    if not generations.is_dir():
        return []
    return sorted((p.name for p in generations.iterdir() if _ID.fullmatch(p.name)), reverse=True)


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of the generation being served."""
    return _read_manifest(folder / "generations" / current_generation(folder))


def open_index(folder: Path, encoder: Encoder | None = None) -> Index:
    """Open the generation being served, read-only, with its checksums verified.

    Raises IndexMissing, IndexDamaged, or IndexMismatch when format, chunking or ``encoder`` differ.
    """
    generation = current_generation(folder)
    try:
        index = _open_folder(folder / "generations" / generation)
    except IndexUnusable:
        if current_generation(folder) == generation:
            raise
        return open_index(folder, encoder)  # a build was faster, and pruned it meanwhile
    if encoder is not None:
        check_encoder(index.manifest, encoder)
    return index


def check_encoder(manifest: Manifest, encoder: Encoder) -> None:
    """Raise IndexMismatch unless the index was built by this very encoder."""
    found = (manifest.encoder_fingerprint, manifest.dimension)
    if found != (encoder.fingerprint, encoder.dimension):
        raise IndexMismatch(
            f"The index was built with the encoder {shown(manifest.encoder)} "
            f"({manifest.encoder_fingerprint[:8]}, {manifest.dimension} dimensions), but "
            f"{shown(encoder.name)} ({encoder.fingerprint[:8]}, {encoder.dimension}) is loaded. "
            f"{REBUILD}"
        )


def check_offsets(index: Index) -> None:
    """Raise IndexDamaged unless every passage and sentence gives back its text by its offsets."""
    for passage in index.passages:
        document = index.documents.get(passage.doc_id)
        if document is None or document.text[slice(*passage.span)] != passage.text:
            raise IndexDamaged(
                f"Passage {shown(passage.passage_id)} does not stand in its document at "
                f"{passage.span.start}-{passage.span.end}. {REBUILD}"
            )
        if not all(passage.span.holds(sentence) for sentence in passage.sentences):
            raise IndexDamaged(
                f"A sentence of {shown(passage.passage_id)} lies outside it. {REBUILD}"
            )


def roll_back(folder: Path) -> str:
    """Make the generation before the current one current; raises NotFound where there is none."""
    current = current_generation(folder)
    older = [name for name in list_generations(folder) if name < current]
    if not older:
        raise NotFound(f"There is no generation before {current} to roll back to.")
    _open_folder(folder / "generations" / older[0])
    _point_to(folder, older[0])
    return older[0]


# --- writing -----------------------------------------------------------------------------------


def _write(staged: Path, index: Index) -> None:
    staged.mkdir()
    _write_lines(staged / "documents.jsonl", _DOCUMENT, list(index.documents.values()))
    _write_lines(staged / "passages.jsonl", _PASSAGE, index.passages)
    (staged / _CENTRING).mkdir()
    index.means.save(staged / _CENTRING)
    save_legs(index.legs, staged)
    names = sorted(p.relative_to(staged).as_posix() for p in staged.rglob("*") if p.is_file())
    manifest = replace(index.manifest, files={name: file_sha256(staged / name) for name in names})
    (staged / "manifest.json").write_bytes(_MANIFEST.dump_json(manifest))
    for path in staged.rglob("*"):
        _sync_folder(path) if path.is_dir() else _sync_file(path)
    _sync_folder(staged)


def _write_lines(path: Path, adapter: TypeAdapter[Any], values: Sequence[Any]) -> None:
    with path.open("wb") as file:
        file.writelines(adapter.dump_json(value) + b"\n" for value in values)


def _point_to(folder: Path, generation: str) -> None:
    staged = folder / ".CURRENT"
    staged.write_text(f"{generation}\n", "utf-8")
    _sync_file(staged)
    staged.replace(folder / "CURRENT")
    _sync_folder(folder)


def _sweep(generations: Path) -> None:
    """Remove what a crashed build left; the lock is held, so nobody else is writing."""
    for left in generations.glob(".*"):
        shutil.rmtree(left, ignore_errors=True)


def _sync_file(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _sync_folder(path: Path) -> None:
    if os.name == "nt":
        return  # Windows has no handle of a folder to sync
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


# --- opening -----------------------------------------------------------------------------------


def _read_manifest(folder: Path) -> Manifest:
    path = folder / "manifest.json"
    try:
        raw = path.read_bytes()
        version = json.loads(raw).get("format_version")
    except FileNotFoundError:
        raise IndexDamaged(f"{path} is missing. {REBUILD}") from None
    except (OSError, ValueError, AttributeError, RecursionError) as error:
        raise IndexDamaged(f"{path} cannot be read: {error}. {REBUILD}") from None
    if version != FORMAT:
        raise IndexMismatch(
            f"{path} has the format {shown(version)}, this release reads {FORMAT}. {REBUILD}"
        )
    try:
        manifest = _MANIFEST.validate_json(raw)
    except ValidationError as error:
        raise IndexDamaged(
            f"{path} is not a manifest: {error.errors()[0]['msg']}. {REBUILD}"
        ) from None
    if manifest.chunking != CHUNKING:
        raise IndexMismatch(
            f"{path} was cut as {shown(manifest.chunking)}, this release cuts as {CHUNKING}. "
            f"{REBUILD}"
        )
    return manifest


def _open_folder(folder: Path) -> Index:
    manifest = _read_manifest(folder)
    _check_files(folder, manifest)
    try:
        documents = _read_lines(folder / "documents.jsonl", _DOCUMENT)
        passages = _read_lines(folder / "passages.jsonl", _PASSAGE)
        if len(passages) != manifest.passages:
            raise IndexDamaged(
                f"{folder} holds {len(passages)} passages, expected {manifest.passages}. {REBUILD}"
            )
        places = make_places(passages)
        means = open_means(folder / _CENTRING, manifest.dimension)
        legs = open_legs(folder, places, means)
    except (OSError, ValueError, KeyError) as error:
        reason = reason_of(error).rstrip(".")
        raise IndexDamaged(f"{folder} cannot be opened: {reason}. {REBUILD}") from None
    return index_of(manifest, documents, passages, places, means, legs)


def _check_files(folder: Path, manifest: Manifest) -> None:
    for name, expected in manifest.files.items():
        try:
            found = file_sha256(folder / name)
        except OSError as error:
            raise IndexDamaged(f"{folder / name}: {error.strerror}. {REBUILD}") from None
        if found != expected:
            raise IndexDamaged(
                f"{folder / name} was altered: its SHA-256 is {found[:12]}…, expected "
                f"{expected[:12]}…. {REBUILD}"
            )


def _read_lines(path: Path, adapter: TypeAdapter[Any]) -> list[Any]:
    with path.open("rb") as file:
        return [adapter.validate_json(line) for line in file]
