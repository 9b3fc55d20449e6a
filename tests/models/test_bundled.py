"""The packed model: found, checked, unpacked once, and what is said when it is wrong."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from dipnot.errors import EncoderError
from dipnot.models import bundled as modelfile
from dipnot.models.bundled import (
    bundled_model,
    default_cache,
    write_model,
)


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Let unpacking write two small files instead of 470 MB; gives the cache folder."""

    def write(_: bytes, folder: Path) -> None:
        (folder / "model.safetensors").write_bytes(b"weights")
        (folder / "1_Pooling").mkdir()
        (folder / "1_Pooling" / "config.json").write_text("{}")

    monkeypatch.setattr(modelfile, "write_model", write)
    return tmp_path / "cache"


def test_the_model_is_unpacked_once_and_then_found(
    tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = bundled_model(tiny)
    assert (folder / "model.safetensors").read_bytes() == b"weights"
    monkeypatch.setattr(modelfile, "packaged_file", None)  # a second unpacking would call it
    assert bundled_model(tiny) == folder
    assert [p.name for p in tiny.iterdir() if p.is_dir()] == [folder.name]


@pytest.mark.parametrize("damage", ["alter", "remove a file", "no checksums", "odd checksums"])
def test_a_damaged_folder_is_unpacked_again(tiny: Path, damage: str) -> None:
    folder = bundled_model(tiny)
    weights, sums = folder / "model.safetensors", folder / "checksums.json"
    if damage == "alter":
        weights.write_bytes(b"weighty")
    elif damage == "remove a file":
        weights.unlink()
    elif damage == "no checksums":
        sums.unlink()
    else:
        sums.write_text("[1]")
    assert bundled_model(tiny) == folder
    assert weights.read_bytes() == b"weights"


def test_a_failure_while_unpacking_leaves_nothing_behind(
    tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(modelfile, "write_model", full)
    with pytest.raises(EncoderError, match=r"No space left.*500 MB.*DIPNOT_CACHE"):
        bundled_model(tiny)
    assert [p for p in tiny.iterdir() if p.is_dir()] == []


def test_a_cache_that_cannot_be_written_is_named_with_the_setting_to_change(
    tmp_path: Path,
) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EncoderError, match=r"cannot be unpacked to .*file/cache.*DIPNOT_CACHE"):
        bundled_model(tmp_path / "file" / "cache")


@pytest.mark.parametrize(
    "data",
    [b"", b"junk", b"E5S1", b"E5S1\x02\0\0\0", b"E5S1\x01\0\0\0" + b"\xff" * 99,
     b"E5S1\x01\0\0\0" + b"\0" * 200],
)  # fmt: skip
def test_a_file_of_another_format_is_an_error_and_no_trace(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match=r"e5-small-q4\.bin"):
        write_model(data, tmp_path)


@pytest.mark.skipif(os.name != "posix", reason="the folder's name is the platform's")
def test_the_cache_folder_is_the_users(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert default_cache() == tmp_path / "dipnot"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert default_cache() == tmp_path / ".cache" / "dipnot"


@pytest.mark.model
def test_what_is_unpacked_is_byte_for_byte_what_lies_in_the_cache(tmp_path: Path) -> None:
    shipped = bundled_model(default_cache())
    try:
        fresh = bundled_model(tmp_path)
        assert (fresh / "checksums.json").read_bytes() == (shipped / "checksums.json").read_bytes()
    finally:
        shutil.rmtree(tmp_path)  # 470 MB


def test_what_a_killed_unpacking_left_is_removed_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "model.x1").mkdir()
    (tmp_path / "model.x1" / "weights").write_bytes(b"half")
    (tmp_path / "model.lock").touch()
    (tmp_path / "packed").write_bytes(b"")
    monkeypatch.setattr(
        modelfile, "write_model", lambda _, folder: (folder / "w").write_bytes(b"1")
    )
    modelfile._unpack_into(tmp_path / "packed", tmp_path / "model")
    assert {p.name for p in tmp_path.iterdir()} == {"model", "model.lock", "packed"}
