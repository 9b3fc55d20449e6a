"""Rows of an array, or bytes, that stay on disk and are read as they are asked for.

Owns: that reading. A file that is mapped into memory kills the process where it was cut short in
place, or where the disk cannot give it back; a file that is read gives an error instead. Rows that
adjoin are read in one go, and what is read again comes from the system's cache.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from dipnot.errors import REBUILD, IndexDamaged, reason_of
from dipnot.types import Rows

_NEAR = 16_384  # bytes that are sooner read than skipped


def open_rows(path: Path) -> StoredRows | npt.NDArray[Any]:
    """Open rows of numbers; raises OSError or ValueError where the file holds none, or not all.

    Windows reads no file at an offset, and lets nobody cut short what is mapped: there it is.
    """
    if hasattr(os, "preadv"):
        return StoredRows(path)
    mapped: npt.NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False)
    return mapped


class StoredRows:
    """A two-dimensional array in a ``.npy`` file, indexed by row; holds the file open.

    Any thread may read. ``dtype`` and ``shape`` are the array's.
    """

    def __init__(self, path: Path) -> None:
        """Open the file; raises OSError or ValueError where it is no such array, or not whole."""
        self._path = path
        with path.open("rb") as file:
            version = np.lib.format.read_magic(file)
            if version != (1, 0):
                raise ValueError(f"{path} has the version {version}, expected (1, 0)")
            shape, columns_first, self.dtype = np.lib.format.read_array_header_1_0(file)
            self._begin = file.tell()
            size = file.seek(0, os.SEEK_END)
            self._file = os.dup(file.fileno())
        if len(shape) != 2 or columns_first or self.dtype.hasobject:
            raise ValueError(f"{path} holds no rows of numbers")
        self.shape: tuple[int, int] = (shape[0], shape[1])
        self._width = shape[1] * self.dtype.itemsize
        if size != self._begin + shape[0] * self._width:
            raise ValueError(f"{path} has {size} bytes, which {shape[0]} rows have not")

    def __del__(self) -> None:
        """Let go of the file."""
        if hasattr(self, "_file"):
            os.close(self._file)

    def __len__(self) -> int:
        """How many rows there are."""
        return self.shape[0]

    def __getitem__(self, rows: int | slice | Rows) -> npt.NDArray[Any]:
        """Read one row, a range of rows, or rows by their numbers; raises IndexDamaged."""
        if isinstance(rows, slice):
            begin, end, _ = rows.indices(len(self))
            return self._read(np.array([begin]), np.array([max(begin, end)]))
        if isinstance(rows, np.ndarray):
            return self._read_some(rows)
        row: npt.NDArray[Any] = self._read(np.array([rows]), np.array([rows + 1]))[0]
        return row

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> npt.NDArray[Any]:
        """Read all of it."""
        return np.asarray(self[:], dtype)

    def _read_some(self, rows: Rows) -> npt.NDArray[Any]:
        """Read rows by their numbers; what lies between two that are near is read and dropped."""
        steps = np.diff(rows, prepend=len(self))  # the first is a break
        breaks = np.flatnonzero((steps < 1) | (steps * self._width > _NEAR))
        ends = np.append(breaks[1:], len(rows))[: len(breaks)]
        begins, ends = rows[breaks], rows[ends - 1] + 1
        read = self._read(begins, ends)
        if len(read) == len(rows):
            return read
        # Each row stands as far behind the first of its range as its number does.
        sizes = ends - begins
        shifts = np.cumsum(sizes) - sizes - begins
        at = rows + np.repeat(shifts, np.diff(breaks, append=len(rows)))
        wanted: npt.NDArray[Any] = read[at]
        return wanted

    def _read(self, begins: Rows, ends: Rows) -> npt.NDArray[Any]:
        """Read ranges of rows, one behind another."""
        made = np.empty((int((ends - begins).sum()), self.shape[1]), self.dtype)
        into, at = made.data.cast("B") if made.size else memoryview(b""), 0
        for begin, end in zip(begins.tolist(), ends.tolist(), strict=True):
            size = (end - begin) * self._width
            self._fill(into[at : at + size], self._begin + begin * self._width)
            at += size
        return made

    def _fill(self, into: memoryview, at: int) -> None:
        _read_at(self._file, self._path, into, at)


class StoredBytes:
    """A file of bytes, read by ranges; holds it open. Any thread may read."""

    def __init__(self, path: Path) -> None:
        """Open the file; raises OSError."""
        self._path = path
        with path.open("rb") as file:
            self._size = file.seek(0, os.SEEK_END)
            self._file = os.dup(file.fileno())

    def __del__(self) -> None:
        """Let go of the file."""
        if hasattr(self, "_file"):
            os.close(self._file)

    def __len__(self) -> int:
        """How many bytes there are."""
        return self._size

    def __getitem__(self, part: slice) -> bytes:
        """Read a range; raises IndexDamaged."""
        begin, end, _ = part.indices(self._size)
        made = bytearray(max(0, end - begin))
        _read_at(self._file, self._path, memoryview(made), begin)
        return bytes(made)


def open_bytes(path: Path) -> StoredBytes | bytes:
    """Open a file of bytes; raises OSError. Windows has it in memory; see ``open_rows``."""
    if hasattr(os, "preadv"):
        return StoredBytes(path)
    return path.read_bytes()


def _read_at(file: int, path: Path, into: memoryview, at: int) -> None:
    while into:
        try:
            got = os.preadv(file, [into], at)
        except OSError as error:
            raise IndexDamaged(f"{path} cannot be read: {reason_of(error)}. {REBUILD}") from None
        if not got:
            raise IndexDamaged(f"{path} was cut short while it was served. {REBUILD}")
        into, at = into[got:], at + got
