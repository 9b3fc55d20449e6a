"""The manifest of a generation: its identity, and the checksums of all its files.

    manifest.json      as ``Manifest``
    manifest.sha256    a line as `sha256sum` writes it

Owns: those two files, what of them is refused, and the comparing of checksums.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from dipnot.checksums import file_sha256, open_regular
from dipnot.errors import REBUILD, IndexDamaged, IndexMismatch, listed, shown
from dipnot.index.build import FORMAT
from dipnot.index.passages import CHUNKING
from dipnot.types import Encoder, Manifest

MANIFEST = "manifest.json"
_LONGEST_LINE = 4096
_SUM, _SEAL = "manifest.sha256", f"{{}}  {MANIFEST}\n"
# Of macOS, of NFS and of Windows.
_LEFT_BY_SYSTEMS = re.compile(r"\.DS_Store|\._.*|\.nfs[0-9a-f]+|Thumbs\.db|desktop\.ini")
_MANIFEST: TypeAdapter[Manifest] = TypeAdapter(Manifest)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest of a generation, and its checksum."""
    (folder / MANIFEST).write_bytes(_MANIFEST.dump_json(manifest))
    seal(folder)


def seal(folder: Path) -> None:
    """Write the checksum of a generation's manifest, which has those of all its other files."""
    (folder / _SUM).write_text(_SEAL.format(file_sha256(folder / MANIFEST)), "ascii")


def manifest_of(folder: Path) -> Manifest:
    """Read the manifest of a generation's folder; raises IndexDamaged or IndexMismatch."""
    path = folder / MANIFEST
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
            f"{folder / MANIFEST} or {path} was altered: the SHA-256 is {found[:12]}…, "
            f"expected {shown(told[:12])}. {REBUILD}"
        )


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


def check_files(folder: Path, manifest: Manifest) -> None:
    """Raise IndexDamaged unless a generation holds the files that were summed up, and no other.

    What systems leave in every folder does not count: nothing reads it.
    """
    own = (p for p in folder.rglob("*") if not _LEFT_BY_SYSTEMS.fullmatch(p.name) and p.is_file())
    there = {p.relative_to(folder).as_posix() for p in own}
    unsummed = there - {MANIFEST, _SUM} - set(manifest.files)
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
