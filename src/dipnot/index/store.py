"""Generations on disk: written beside the old one, verified, and swapped in by one rename.

    index/CURRENT                one line: the generation being served
    index/generations/<id>/      manifest.json  documents.jsonl  passages/  centring/
                                 and a folder a leg, whose files the leg alone knows;
                                 manifest.sha256, a line as `sha256sum` writes it

Owns: that layout, its checksums, the lock and pruning. Readers never see half a
build; a crash at any point leaves the old generation serving. Arrays and JSON only, no pickles.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from filelock import FileLock, Timeout
from pydantic import TypeAdapter, ValidationError

from dipnot.checksums import file_sha256, open_regular
from dipnot.errors import (
    REBUILD,
    BuildRunning,
    IndexDamaged,
    IndexMismatch,
    IndexMissing,
    IndexUnusable,
    listed,
    reason_of,
    shown,
)
from dipnot.index.build import FORMAT, Index
from dipnot.index.centring import open_means
from dipnot.index.columns import open_documents, open_passages, save_columns
from dipnot.index.legs import open_legs, save_legs
from dipnot.index.passages import CHUNKING
from dipnot.types import Encoder, Manifest

_CENTRING = "centring"
_LONGEST_LINE = 4096
_NEXT = ".NEXT"
_SUM, _SEAL = "manifest.sha256", "{}  manifest.json\n"
_ID = re.compile(r"\d{8}T\d{6}-[0-9a-f]{6}")
_MANIFEST: TypeAdapter[Manifest] = TypeAdapter(Manifest)


def new_generation(folder: Path | None = None) -> str:
    """Make an id: when, to the microsecond, and one random digit. Later ids sort behind.

    It sorts behind all that ``folder`` holds, even where the clock was set back.
    """
    return new_generation_behind(next(iter(list_generations(folder)), "") if folder else "")


def new_generation_behind(newest: str) -> str:
    """Make an id that sorts behind another."""
    now = datetime.now(UTC)
    made = f"{now:%Y%m%dT%H%M%S}-{now.microsecond:05x}{secrets.token_hex(1)[0]}"
    return made if made > newest else _behind(newest)


def _behind(generation: str) -> str:
    """The id that is a microsecond after another."""
    time, _, fraction = generation.partition("-")
    at = datetime.strptime(f"{time}+0000", "%Y%m%dT%H%M%S%z")
    later = at + timedelta(microseconds=min(int(fraction[:5], 16), 999_999) + 1)
    return f"{later:%Y%m%dT%H%M%S}-{later.microsecond:05x}{fraction[5]}"


@contextmanager
def writing(folder: Path) -> Iterator[None]:
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
        with writing(folder):
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
    with writing(folder):
        _publish(folder, index)
    generation = index.manifest.generation
    for old in list_generations(folder)[keep:]:
        if old != generation:
            shutil.rmtree(folder / "generations" / old, ignore_errors=True)
    return generation


def _publish(folder: Path, index: Index) -> None:
    generations = folder / "generations"
    generations.mkdir(parents=True, exist_ok=True)
    _sweep(folder)
    generation = index.manifest.generation
    staged = generations / f".{generation}"
    try:
        _write(staged, index)
        check_offsets(_open_folder(staged, summed=True))  # the sums were just taken of the files
        _stage(folder / _NEXT, generation)  # it names what is there and not the current one
        staged.rename(generations / generation)
        _sync_folder(generations)
        _put(folder / _NEXT, folder / "CURRENT")
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def current_generation(folder: Path) -> str:
    """Name the generation being served; raises IndexMissing or IndexDamaged."""
    try:
        with open_regular(folder / "CURRENT") as file:
            name = file.read(_LONGEST_LINE).decode("utf-8").strip()
    except FileNotFoundError:
        raise IndexMissing(f"There is no index in {folder} yet. {REBUILD}") from None
    except (OSError, UnicodeDecodeError) as error:
        reason = reason_of(error)
        raise IndexDamaged(f"{folder / 'CURRENT'} cannot be read: {reason}. {REBUILD}") from None
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
    return manifest_of(folder / "generations" / current_generation(folder))


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


def open_newest(folder: Path, encoder: Encoder | None = None) -> tuple[Index, str | None]:
    """Open the generation being served, or else the newest that is whole and fits.

    Gives it with why it is not the one being served, None where it is. Raises what ``open_index``
    does where no generation is whole.
    """
    try:
        return open_index(folder, encoder), None
    except IndexUnusable as error:
        for generation in list_generations(folder):
            with suppress(IndexUnusable):
                return open_generation(folder, generation, encoder), str(error)
        raise


def open_generation(folder: Path, generation: str, encoder: Encoder | None = None) -> Index:
    """Open a generation by its id; raises what ``open_index`` does."""
    index = _open_folder(folder / "generations" / generation)
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


# --- writing -----------------------------------------------------------------------------------


def _write(staged: Path, index: Index) -> None:
    staged.mkdir()
    save_columns(staged, list(index.documents.values()), index.passages, index.places)
    (staged / _CENTRING).mkdir()
    index.means.save(staged / _CENTRING)
    save_legs(index.legs, staged)
    names = sorted(p.relative_to(staged).as_posix() for p in staged.rglob("*") if p.is_file())
    manifest = replace(index.manifest, files={name: file_sha256(staged / name) for name in names})
    (staged / "manifest.json").write_bytes(_MANIFEST.dump_json(manifest))
    seal(staged)
    for path in staged.rglob("*"):
        _sync_folder(path) if path.is_dir() else _sync_file(path)
    _sync_folder(staged)


def seal(folder: Path) -> None:
    """Write the checksum of a generation's manifest, which has those of all its other files."""
    (folder / _SUM).write_text(_SEAL.format(file_sha256(folder / "manifest.json")), "ascii")


def make_current(folder: Path, generation: str) -> None:
    """Serve a whole generation from now on, by one rename. The caller holds ``build_lock``."""
    write_line(folder, "CURRENT", generation)


def write_line(folder: Path, name: str, line: str) -> None:
    """Replace a file of one line by one rename, and see it onto the disk."""
    _stage(folder / f".{name}", line)
    _put(folder / f".{name}", folder / name)


def _stage(path: Path, line: str) -> None:
    path.write_text(f"{line}\n", "utf-8")
    _sync_file(path)


def _put(staged: Path, path: Path) -> None:
    staged.replace(path)
    _sync_folder(path.parent)


def _sweep(folder: Path) -> None:
    """Remove what a crashed build left, named but never current included; the lock is held."""
    for left in (folder / "generations").glob(".*"):
        shutil.rmtree(left, ignore_errors=True)
    with suppress(OSError, UnicodeDecodeError, IndexUnusable):
        with open_regular(folder / _NEXT) as file:
            named = file.read(_LONGEST_LINE).decode("utf-8").strip()
        if _ID.fullmatch(named) and named != current_generation(folder):
            shutil.rmtree(folder / "generations" / named, ignore_errors=True)
    (folder / _NEXT).unlink(missing_ok=True)


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


def manifest_of(folder: Path) -> Manifest:
    """Read the manifest of a generation's folder; raises IndexDamaged or IndexMismatch."""
    path = folder / "manifest.json"
    try:
        with open_regular(path) as file:
            raw = file.read()
        version = json.loads(raw).get("format_version")
    except FileNotFoundError:
        raise IndexDamaged(f"{path} is missing. {REBUILD}") from None
    except (OSError, ValueError, AttributeError, RecursionError) as error:
        raise IndexDamaged(f"{path} cannot be read: {error}. {REBUILD}") from None
    if version != FORMAT:
        raise IndexMismatch(
            f"{path} has the format {shown(version)}, this release reads {FORMAT}. {REBUILD}"
        )
    _check_seal(folder, raw)
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


def _check_seal(folder: Path, manifest: bytes) -> None:
    path = folder / _SUM
    try:
        with open_regular(path) as file:
            told = file.read(_LONGEST_LINE).decode("ascii", "replace")
    except OSError as error:
        raise IndexDamaged(f"{path} cannot be read: {error.strerror}. {REBUILD}") from None
    found = hashlib.sha256(manifest).hexdigest()
    if told != _SEAL.format(found):
        raise IndexDamaged(
            f"{folder / 'manifest.json'} or {path} was altered: the SHA-256 is {found[:12]}…, "
            f"expected {shown(told[:12])}. {REBUILD}"
        )


def _open_folder(folder: Path, *, summed: bool = False) -> Index:
    """Open a generation's folder; ``summed``: its checksums were compared already."""
    manifest = manifest_of(folder)
    if manifest.generation != folder.name.removeprefix("."):
        raise IndexDamaged(
            f"{folder} holds the generation {shown(manifest.generation)} and not its own. {REBUILD}"
        )
    if not summed:
        _check_files(folder, manifest)
    try:
        documents, passages = open_documents(folder), open_passages(folder)
        if len(passages) != manifest.passages:
            raise IndexDamaged(
                f"{folder} holds {len(passages)} passages, expected {manifest.passages}. {REBUILD}"
            )
        means = open_means(folder / _CENTRING, manifest.dimension)
        legs = open_legs(folder, passages.places, means)
    except (OSError, ValueError, LookupError, TypeError) as error:
        reason = reason_of(error).rstrip(".")
        raise IndexDamaged(f"{folder} cannot be opened: {reason}. {REBUILD}") from None
    return Index(manifest, documents, passages, passages.places, means, legs)


def _check_files(folder: Path, manifest: Manifest) -> None:
    there = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    unsummed = there - {"manifest.json", _SUM} - set(manifest.files)
    if unsummed:
        raise IndexDamaged(
            f"{folder} holds files that its manifest has no checksum of: {listed(unsummed)}. "
            f"{REBUILD}"
        )
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:  # sums are taken side by side
        sums = {name: pool.submit(file_sha256, folder / name) for name in manifest.files}
    for name, expected in manifest.files.items():
        try:
            found = sums[name].result()
        except OSError as error:
            raise IndexDamaged(f"{folder / name}: {error.strerror}. {REBUILD}") from None
        if found != expected:
            raise IndexDamaged(
                f"{folder / name} was altered: its SHA-256 is {found[:12]}…, expected "
                f"{expected[:12]}…. {REBUILD}"
            )
