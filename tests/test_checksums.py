"""Checksums: the bytes of a file and nothing else."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dipnot.checksums import file_sha256, open_regular


def test_a_sum_is_of_the_bytes_whatever_the_file_is_called(tmp_path: Path) -> None:
    @given(data=st.binary(max_size=200))
    def check(data: bytes) -> None:
        for name in ("a", "b.bin"):
            (tmp_path / name).write_bytes(data)
            assert file_sha256(tmp_path / name) == hashlib.sha256(data).hexdigest()

    check()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="has no pipes")
def test_a_pipe_is_no_file_and_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="no regular file"):
        open_regular(tmp_path / "pipe")
    (tmp_path / "file").write_bytes(b"")
    whole = (tmp_path / "file").stat()
    monkeypatch.setattr(Path, "stat", lambda *_, **__: whole)  # it was swapped in just now
    with pytest.raises(OSError, match="no regular file"):
        open_regular(tmp_path / "pipe")
