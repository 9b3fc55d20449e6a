"""Generations on disk: written beside the old one, verified, and swapped in by one rename.

    index/CURRENT                one line: the generation being served
    index/generations/<id>/      manifest.json  documents.jsonl  passages/  centring/
                                 and a folder a leg, whose files the leg alone knows;
                                 manifest.sha256, a line as `sha256sum` writes it
      added/<id>/                a segment that a later build added: documents and legs as above
      removed.json               of each segment, the base first, the terms of texts that are gone

Owns: that layout, its checksums, the lock and pruning. Readers never see half a
build; a crash at any point leaves the old generation serving. Arrays and JSON only, no pickles.
Segments that a generation has from the one before are the same files (hard links, or copies where
there are none), so that each generation is whole in its folder and goes with it.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from filelock import FileLock, Timeout

from dipnot.checksums import file_sha256, open_regular
from dipnot.errors import (
    REBUILD,
    BuildRunning,
    IndexDamaged,
    IndexMissing,
    IndexUnusable,
    listed,
    reason_of,
    shown,
)
from dipnot.index.build import Index
from dipnot.index.centring import open_means
from dipnot.index.columns import open_columns, save_columns
from dipnot.index.growing import Addition
from dipnot.index.legs import open_legs, save_legs
from dipnot.index.manifests import check_encoder, check_files, manifest_of, write_manifest
from dipnot.types import Encoder, Manifest

_CENTRING, _ADDED, _REMOVED = "centring", "added", "removed.json"
_LONGEST_LINE = 4096
_NEXT = ".NEXT"
_ID = re.compile(r"\d{8}T\d{6}-[0-9a-f]{6}")


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


def is_generation(name: str) -> bool:
    """Whether a name is an id, of a time that is one and that another can come behind."""
    with suppress(ValueError, OverflowError):
        return _ID.fullmatch(name) is not None and _behind(name) > name
    return False


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


def publish(folder: Path, made: Index | Addition, keep: int) -> str:
    """Write a generation, verify it by opening it, make it the current one, prune old ones.

    The caller holds ``build_lock``. Gives the generation's id.
    """
    with writing(folder):
        generation = _publish(folder, made)
    for old in list_generations(folder)[keep:]:
        if old != generation:
            shutil.rmtree(folder / "generations" / old, ignore_errors=True)
    return generation


def _publish(folder: Path, made: Index | Addition) -> str:
    generations = folder / "generations"
    generations.mkdir(parents=True, exist_ok=True)
    _sweep(folder)
    written = made.index if isinstance(made, Addition) else made
    generation = written.manifest.generation
    staged = generations / f".{generation}"
    try:
        if isinstance(made, Addition):
            _write_beside(staged, made, generations / made.onto.generation)
        else:
            _write(staged, made)
        opened = _open_folder(staged, summed=True)  # the sums were just taken of the files
        check_offsets(opened, written.documents)
        _stage(folder / _NEXT, generation)  # it names what is there and not the current one
        staged.rename(generations / generation)
        _sync_folder(generations)
        _put(folder / _NEXT, folder / "CURRENT")
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    return generation


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
    if not is_generation(name):
        raise IndexDamaged(f"{folder / 'CURRENT'} holds {shown(name)}, no generation. {REBUILD}")
    return name


def list_generations(folder: Path) -> list[str]:
    """Name the generations kept, newest first."""
    generations = folder / "generations"
    if not generations.is_dir():
        return []
    return sorted((p.name for p in generations.iterdir() if is_generation(p.name)), reverse=True)


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


def check_offsets(index: Index, doc_ids: Iterable[str] | None = None) -> None:
    """Raise IndexDamaged unless every passage and sentence gives back its text by its offsets.

    ``doc_ids``: of these documents alone, None: of all.
    """
    rows = (range(len(index.passages)),)
    own = rows if doc_ids is None else map(index.places.rows_of, doc_ids)
    for passage in (index.passages[row] for part in own for row in part):
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
    _finish(staged, index.manifest, {})


def _write_beside(staged: Path, made: Addition, onto: Path) -> None:
    """Write a generation that has segments of another one: their files are not written again."""
    index, generation = made.index, made.index.manifest.generation
    staged.mkdir()
    own = tuple(f"{_ADDED}/{name}/" for name in index.manifest.added)
    beside = (f"{_ADDED}/", _REMOVED)
    taken = {
        name: told
        for name, told in made.onto.files.items()
        if name.startswith(own) or not name.startswith(beside)
    }
    for name in taken:
        _take_over(onto / name, staged / name)
    if index.documents:
        segment = staged / _ADDED / generation
        segment.mkdir(parents=True)
        save_columns(segment, list(index.documents.values()), index.passages, index.places)
        save_legs(index.legs, segment, added=True)
    if any(made.removed):
        removed = [*made.removed, *([{}] if index.documents else [])]
        (staged / _REMOVED).write_text(json.dumps(removed), "ascii")
    _finish(staged, index.manifest, taken)


def _take_over(source: Path, target: Path) -> None:
    """Have a file that is never changed in another folder too."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:  # this disk has no hard links
        shutil.copyfile(source, target)
        _sync_file(target)


def _finish(staged: Path, manifest: Manifest, taken: Mapping[str, str]) -> None:
    """Sum up the files of a generation but those that are summed up, and see all onto the disk."""
    names = sorted(p.relative_to(staged).as_posix() for p in staged.rglob("*") if p.is_file())
    sums = {name: taken.get(name) or file_sha256(staged / name) for name in names}
    write_manifest(staged, replace(manifest, files=sums))
    for path in staged.rglob("*"):
        if path.is_dir():
            _sync_folder(path)
        elif path.relative_to(staged).as_posix() not in taken:
            _sync_file(path)
    _sync_folder(staged)


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
        if is_generation(named) and named != current_generation(folder):
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


def _open_folder(folder: Path, *, summed: bool = False) -> Index:
    """Open a generation's folder; ``summed``: its checksums were compared already."""
    manifest = manifest_of(folder)
    if manifest.generation != folder.name.removeprefix("."):
        raise IndexDamaged(
            f"{folder} holds the generation {shown(manifest.generation)} and not its own. {REBUILD}"
        )
    if not summed:
        check_files(folder, manifest)
    if not all(map(is_generation, manifest.added)):
        raise IndexDamaged(f"{folder} names {listed(manifest.added)} as segments. {REBUILD}")
    try:
        segments = [folder, *(folder / _ADDED / name for name in manifest.added)]
        columns = open_columns(segments, list(manifest.documents))
        passages = columns.passages
        if len(passages) != manifest.passages:
            raise IndexDamaged(
                f"{folder} holds {len(passages)} passages, expected {manifest.passages}. {REBUILD}"
            )
        means = open_means(folder / _CENTRING, manifest.dimension)
        legs = open_legs(segments, columns, means, _removed_of(folder))
    except (OSError, ValueError, LookupError, TypeError) as error:
        reason = reason_of(error).rstrip(".")
        raise IndexDamaged(f"{folder} cannot be opened: {reason}. {REBUILD}") from None
    places = passages.places
    return Index(
        manifest, columns.documents, passages, places, means, legs, columns, passages.headed()
    )


def _removed_of(folder: Path) -> Sequence[Mapping[str, int]]:
    path = folder / _REMOVED
    removed: Sequence[Mapping[str, int]] = json.loads(path.read_bytes()) if path.exists() else ()
    return removed
