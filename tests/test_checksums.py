"""Checksums: the bytes of a file and nothing else."""

from __future__ import annotations

import hashlib
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from dipnot.checksums import file_sha256


def test_a_sum_is_of_the_bytes_whatever_the_file_is_called(tmp_path: Path) -> None:
    @given(data=st.binary(max_size=200))
    def check(data: bytes) -> None:
        for name in ("a", "b.bin"):
            (tmp_path / name).write_bytes(data)
            assert file_sha256(tmp_path / name) == hashlib.sha256(data).hexdigest()

    check()
