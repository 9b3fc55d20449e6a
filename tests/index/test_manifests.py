"""Manifests: what was written is read, and what was altered is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from dipnot.checksums import file_sha256
from dipnot.errors import IndexDamaged, IndexMismatch
from dipnot.index.build import new_manifest
from dipnot.index.manifests import (
    check_encoder,
    check_files,
    manifest_of,
    write_manifest,
)
from dipnot.types import Manifest
from fakes import FakeEncoder


def written(folder: Path) -> Manifest:
    (folder / "a").write_text("göl")
    made = new_manifest(FakeEncoder(), "g", {"d": "h"}, (), 3)
    made.files["a"] = file_sha256(folder / "a")
    write_manifest(folder, made)
    return made


def test_what_was_written_is_read_and_its_files_are_those_that_were_summed(tmp_path: Path) -> None:
    made = written(tmp_path)
    assert manifest_of(tmp_path) == made
    check_files(tmp_path, made)
    check_encoder(made, FakeEncoder())


def test_a_file_that_was_altered_or_never_summed_is_named(tmp_path: Path) -> None:
    made = written(tmp_path)
    (tmp_path / "b").write_text("köy")
    with pytest.raises(IndexDamaged, match=r"no checksum of: b.*Run"):
        check_files(tmp_path, made)
    (tmp_path / "b").unlink()
    (tmp_path / "a").write_text("dağ")
    with pytest.raises(IndexDamaged, match=r"a was altered.*Run"):
        check_files(tmp_path, made)


def test_the_format_of_the_release_before_is_refused_with_what_to_type(tmp_path: Path) -> None:
    written(tmp_path)
    path = tmp_path / "manifest.json"
    path.write_text(path.read_text().replace('"format_version":6', '"format_version":5'))
    with pytest.raises(IndexMismatch, match=r"has the format '5', this release reads 6\. Run"):
        manifest_of(tmp_path)


def test_another_encoder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(IndexMismatch, match="was built with the encoder 'fake'"):
        check_encoder(written(tmp_path), FakeEncoder("other", "0" * 32))
