"""What is intact of generations that cannot be opened: their embeddings, by content hash.

Owns: which files of a damaged generation are trusted. A file whose checksum is that of its manifest
is whole, whatever became of the others and of the manifest itself; so one wrong bit, or a new
format of other files, costs no embedding.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from dipnot.checksums import file_sha256, open_regular
from dipnot.errors import IndexUnusable
from dipnot.index.codec import open_codec
from dipnot.index.coded import CodedVectors, stored_rows
from dipnot.index.columns import open_columns
from dipnot.index.joined import plain
from dipnot.index.kept import Kept
from dipnot.index.late_interaction import open_late
from dipnot.index.manifests import MANIFEST
from dipnot.index.passages import CHUNKING
from dipnot.index.store import list_generations
from dipnot.index.stored import open_rows
from dipnot.types import Encoded, Encoder

_UNREADABLE = (OSError, ValueError, KeyError, TypeError, AttributeError, IndexUnusable)


def salvage(folder: Path, encoder: Encoder, known: Collection[str], kept: Kept) -> None:
    """Keep the embeddings that generations hold of passages which are not known by their hash.

    The caller holds the right to build. What cannot be read is passed over.
    """
    for generation in list_generations(folder):
        with suppress(*_UNREADABLE):
            _take(folder / "generations" / generation, encoder, known, kept)


def _take(folder: Path, encoder: Encoder, known: Collection[str], kept: Kept) -> None:
    with open_regular(folder / MANIFEST) as file:
        manifest = json.loads(file.read())
    made_by = [manifest[k] for k in ("encoder_fingerprint", "dimension", "chunking")]
    if made_by != [encoder.fingerprint, encoder.dimension, CHUNKING]:
        return
    for name in manifest.get("added", ()):
        with suppress(*_UNREADABLE):
            _take_segment(folder, f"added/{name}/", manifest, encoder, known, kept)
    _take_segment(folder, "", manifest, encoder, known, kept)


def _take_segment(
    base: Path, name: str, manifest: Any, encoder: Encoder, known: Collection[str], kept: Kept
) -> None:
    """Take what a segment holds; ``name``: of its folder, that of the base is empty."""
    folder = base / name
    needed = [*_own(manifest, f"{name}passages/"), *_own(manifest, f"{name}dense/vectors.npy")]
    codecs = [_own(manifest, f"{leg}/codec.npz") for leg in ("dense", "late")]
    if not needed or not _whole(base, manifest, *needed, *codecs[0]):
        return
    passages = open_columns([folder]).passages
    places = passages.places
    stored, late = open_rows(folder / "dense" / "vectors.npy"), None
    codec = open_codec(base / "dense", encoder.dimension)
    vectors = stored if codec is None else CodedVectors(stored, codec, places, stored_rows(places))
    tokens_of = _own(manifest, f"{name}late/")
    if tokens_of and _whole(base, manifest, *tokens_of, *codecs[1]):
        means = np.zeros((0, encoder.dimension), np.float32)
        sentences = plain(len(places.sentences))
        late = open_late([folder / "late"], means, places, sentences, base / "late")
    numbers = {int(row): number for number, row in enumerate(places.sentences)}
    without = late is None and not tokens_of
    for row, content_hash in enumerate(passages.all_hashes()):
        number = numbers.get(row)
        if content_hash in known or (number is not None and not (late or without)):
            continue
        tokens = (
            None if number is None or late is None else (late.tokens_of(number).astype(np.float32),)
        )
        encoded = Encoded(vectors[np.array([row])], tokens)
        kept.add([content_hash], encoded, single=number is not None)


def _own(manifest: Any, prefix: str) -> list[str]:
    """The files of a generation whose names begin so."""
    return [name for name in manifest["files"] if name.startswith(prefix)]


def _whole(folder: Path, manifest: Any, *names: str) -> bool:
    """Whether these files are what the manifest summed up."""
    with suppress(OSError, KeyError):
        return all(manifest["files"][name] == file_sha256(folder / name) for name in names)
    return False
