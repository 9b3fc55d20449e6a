"""Embeddings of a build under way, so that one which is interrupted goes on where it was.

Owns: the file ``.embedded`` beside the generations: a line that names the encoder, then records
that are only ever appended, each with its checksum. What a crash has torn off at its end is cut
off; what does not fit is begun anew. It is removed when a generation is published.
"""

from __future__ import annotations

import json
import logging
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Protocol

import numpy as np

from dipnot.index.late_interaction import Halves
from dipnot.types import Encoded, Encoder, Vectors

log = logging.getLogger(__name__)

_FILE = ".embedded"
_FORMAT = 1
_MOST_BYTES = 4 * 1024**3
_LONGEST_LINE = 4096
_HEAD = struct.Struct("<32s?i")  # content hash, single sentence, tokens (-1: the model has none)
_SUM = struct.Struct("<I")


@dataclass(frozen=True, slots=True)
class Found:
    """What was embedded of a passage; ``tokens`` of single sentences only."""

    vector: Vectors
    tokens: Halves | None


class Known(Protocol):
    """Embeddings that need not be made again; ``found`` counts those that were there."""

    found: int

    def find(self, content_hash: str, *, single: bool) -> Found | None:
        """Look a passage up."""

    def add(self, hashes: Sequence[str], encoded: Encoded, *, single: bool) -> None:
        """Take up what was embedded."""


@dataclass(slots=True)
class Recalled:
    """Embeddings in memory, out of another home; nothing is added to them."""

    vectors: dict[str, Vectors] = field(default_factory=dict)
    tokens: dict[str, Halves] = field(default_factory=dict)
    found: int = 0

    def put(self, content_hash: str, vector: Vectors, tokens: Halves | None) -> None:
        """Recall a passage; ``tokens`` of single sentences only."""
        self.vectors[content_hash] = vector
        if tokens is not None:
            self.tokens[content_hash] = np.asarray(tokens, np.float16)

    def find(self, content_hash: str, *, single: bool) -> Found | None:
        """Look a passage up; ``found`` counts those that were there."""
        vector, tokens = self.vectors.get(content_hash), self.tokens.get(content_hash)
        if vector is None or (single and tokens is None):
            return None
        self.found += 1
        return Found(vector, tokens if single else None)

    def add(self, hashes: Sequence[str], encoded: Encoded, *, single: bool) -> None:
        """Keep nothing: whoever writes the text keeps it."""


class Kept:
    """The embeddings that are kept; holds the file open. One builder at a time."""

    def __init__(self, file: BinaryIO | None, dimension: int) -> None:
        """Read what the file holds from here on; None keeps nothing."""
        self._file = file
        self._dimension = dimension
        self._places: dict[tuple[bytes, bool], int] = {}
        self.found = 0
        if file is None:
            return
        try:
            self._read_all(file)
        except OSError as error:
            self._give_up(error)

    def find(self, content_hash: str, *, single: bool) -> Found | None:
        """Look a passage up; ``found`` counts those that were there."""
        at = self._places.get((_key(content_hash), single))
        if at is None or self._file is None:
            return None
        self._file.seek(at)
        record = self._read(self._file)
        if record is None:
            return None
        self.found += 1
        return record[1]

    def add(self, hashes: Sequence[str], encoded: Encoded, *, single: bool) -> None:
        """Append what was embedded. A disk that takes no more ends the keeping, not the build."""
        if self._file is None:
            return
        try:
            if self._file.seek(0, 2) < _MOST_BYTES:
                self._file.write(b"".join(_records(hashes, encoded, single=single)))
                self._file.flush()
        except OSError as error:
            self._give_up(error)

    def _give_up(self, error: OSError) -> None:
        log.warning("What is embedded cannot be kept: %s.", error.strerror or error)
        self._places.clear()
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        file, self._file = self._file, None
        if file is not None:
            try:
                file.close()
            except OSError:  # what was not written yet is lost, and is torn at most
                log.debug("%s could not be closed", _FILE)

    def _read_all(self, file: BinaryIO) -> None:
        """Find the records; cut off what is torn."""
        at = file.tell()
        while record := self._read(file):
            self._places[record[0]] = at
            at = file.tell()
        file.seek(at)
        file.truncate()

    def _read(self, file: BinaryIO) -> tuple[tuple[bytes, bool], Found] | None:
        """Read the record that begins here; None where there is none that is whole."""
        head = file.read(_HEAD.size)
        if len(head) < _HEAD.size:
            return None
        key, single, count = _HEAD.unpack(head)
        size = self._dimension * (4 + 2 * max(count, 0))
        body = file.read(size) if count >= -1 and size < _MOST_BYTES else b""
        total = file.read(_SUM.size)
        if len(body) < size or total != _SUM.pack(zlib.crc32(head + body)):
            return None
        vector = np.frombuffer(body, np.float32, self._dimension)
        tokens = np.frombuffer(body, np.float16, offset=vector.nbytes)
        shaped = None if count < 0 else tokens.reshape(count, self._dimension)
        return (key, single), Found(vector, shaped)


def open_kept(folder: Path, encoder: Encoder) -> Kept:
    """Open what an interrupted build of this encoder left; the caller holds the right to build."""
    told = {"format": _FORMAT, "encoder": encoder.fingerprint, "dimension": encoder.dimension}
    line = json.dumps(told).encode() + b"\n"
    path = folder / _FILE
    try:
        file = path.open("r+b" if path.exists() else "w+b")
        if file.readline(_LONGEST_LINE) != line:
            file.seek(0)
            file.truncate()
            file.write(line)
    except OSError as error:
        log.warning("What is embedded cannot be kept: %s.", error.strerror or error)
        return Kept(None, encoder.dimension)
    return Kept(file, encoder.dimension)


def forget_kept(folder: Path) -> None:
    """Remove what was kept: it is published."""
    (folder / _FILE).unlink(missing_ok=True)


def _records(hashes: Sequence[str], encoded: Encoded, *, single: bool) -> list[bytes]:
    made = []
    for row, content_hash in enumerate(hashes):
        own = encoded.tokens[row] if single and encoded.tokens is not None else None
        head = _HEAD.pack(_key(content_hash), single, -1 if own is None else len(own))
        body = encoded.vectors[row].astype(np.float32).tobytes()
        body += b"" if own is None else own.astype(np.float16).tobytes()
        made.append(head + body + _SUM.pack(zlib.crc32(head + body)))
    return made


def _key(content_hash: str) -> bytes:
    return content_hash.encode().ljust(32, b"\0")[:32]
