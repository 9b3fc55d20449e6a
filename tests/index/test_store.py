"""Generations on disk: whole or not there, whatever happens while one is written."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from dipnot.building import update_index
from dipnot.checksums import file_sha256
from dipnot.engine import Engine
from dipnot.errors import (
    BuildRunning,
    IndexDamaged,
    IndexMismatch,
    IndexMissing,
    IndexUnusable,
)
from dipnot.index import store
from dipnot.index.manifests import seal
from dipnot.index.store import (
    build_lock,
    check_offsets,
    current_generation,
    list_generations,
    new_generation,
    open_index,
    publish,
    read_manifest,
)
from dipnot.settings import Settings
from fakes import LAKE, FakeEncoder


def build(settings: Settings, encoder: FakeEncoder | None = None) -> str:
    return update_index(settings, encoder or FakeEncoder(), lambda *_: None).generation


def change(settings: Settings, word: str) -> None:
    (settings.corpus / "lake.txt").write_text(LAKE.replace("müzededir", word), "utf-8")


def folder_of(settings: Settings) -> Path:
    return settings.index / "generations" / current_generation(settings.index)


def test_an_index_that_is_opened_equals_the_one_that_was_published(settings: Settings) -> None:
    encoder = FakeEncoder()
    engine = Engine(settings, encoder)
    engine.load()
    built, opened = engine.index, open_index(settings.index, encoder)
    assert opened.documents == built.documents
    assert tuple(opened.passages) == tuple(built.passages)
    assert opened.manifest == built.manifest
    np.testing.assert_array_equal(opened.legs.dense.vectors, built.legs.dense.vectors)
    np.testing.assert_array_equal(opened.means.questions, built.means.questions)
    assert opened.legs.late is not None
    assert built.legs.late is not None
    np.testing.assert_array_equal(opened.legs.late.tokens, built.legs.late.tokens)
    check_offsets(opened)


def test_a_generation_holds_the_files_of_the_design_and_its_manifest_sums_them(
    settings: Settings,
) -> None:
    build(settings)
    folder = folder_of(settings)
    names = {p.name for p in folder.iterdir()}
    assert names == {
        "manifest.json", "documents.jsonl", "passages", "centring", "dense", "lexical",
        "late", "manifest.sha256",
    }  # fmt: skip
    files = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    assert set(json.loads((folder / "manifest.json").read_text())["files"]) == files - {
        "manifest.json", "manifest.sha256",
    }  # fmt: skip
    assert {p.name for p in settings.index.iterdir()} == {"CURRENT", "generations", ".lock"}


# --- damage --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["documents.jsonl", "passages/windows.npy", "passages/texts.utf8",
     "dense/vectors.npy", "dense/index.faiss",
     "late/tokens.npy", "late/offsets.npy", "lexical/vocabulary.json",
     "centring/questions.npy", "manifest.json", "manifest.sha256"],
)  # fmt: skip
@pytest.mark.parametrize("damage", ["missing", "truncated", "altered", "a folder"])
def test_a_damaged_file_is_named_with_what_to_type(
    settings: Settings, name: str, damage: str
) -> None:
    build(settings)
    path = folder_of(settings) / name
    data = bytearray(path.read_bytes())
    path.unlink()
    if damage == "truncated":
        path.write_bytes(data[: len(data) // 2])
    elif damage == "altered":
        data[0] ^= 1
        path.write_bytes(data)
    elif damage == "a folder":
        path.mkdir()
    with pytest.raises(IndexDamaged) as caught:
        open_index(settings.index)
    assert str(path) in str(caught.value)
    assert "Run `.venv/bin/dipnot build`." in str(caught.value)
    assert "\n" not in str(caught.value)


def test_every_file_that_is_not_summed_up_rightly_is_refused(settings: Settings) -> None:
    """Even one whose checksum an attacker, or a disk, has made to fit."""
    build(settings)
    folder = folder_of(settings)
    manifest = json.loads((folder / "manifest.json").read_text())
    for name, data in (
        ("documents.jsonl", b"{}\n"),
        ("passages/names.json", b"\xff\n"),
        ("passages/names.json", b"{}\n"),
        ("passages/texts.utf8", b""),
        ("dense/vectors.npy", b"\x93NUMPY"),
        ("late/tokens.npy", b""),
        ("dense/index.faiss", b"junk"),
        ("centring/passages.npy", b""),
        ("lexical/vocabulary.json", b"[]"),
        ("lexical/postings.npy", b"7"),
        ("late/offsets.npy", b"\x80\x04N."),
    ):
        damaged = folder.parent / "20000101T000000-000000"
        shutil.rmtree(damaged, ignore_errors=True)
        shutil.copytree(folder, damaged)
        (damaged / name).write_bytes(data)
        manifest["files"][name] = file_sha256(damaged / name)
        manifest["generation"] = damaged.name
        (damaged / "manifest.json").write_text(json.dumps(manifest))
        seal(damaged)
        (settings.index / "CURRENT").write_text(damaged.name)
        with pytest.raises(IndexDamaged, match=r"Run `\.venv/bin/dipnot build`"):
            open_index(settings.index)


@pytest.mark.parametrize("name", [".DS_Store", "._vectors.npy", ".nfs00000001", "Thumbs.db"])
def test_what_systems_leave_in_folders_damages_no_index(settings: Settings, name: str) -> None:
    made = build(settings)
    for folder in (
        settings.index / "generations" / made,
        settings.index / "generations" / made / "dense",
    ):
        (folder / name).write_bytes(b"x")
    assert open_index(settings.index).manifest.generation == made


@pytest.mark.parametrize(
    "name",
    ["dense/vectors.npy", "late/tokens.npy", "late/offsets.npy", "centring/tokens.npy",
     "lexical/postings.npy",
     "lexical/starts.npy", "lexical/lengths.npy"],
)  # fmt: skip
def test_no_pickle_is_ever_loaded(settings: Settings, tmp_path: Path, name: str) -> None:
    build(settings)
    folder = folder_of(settings)
    trap = tmp_path / "sprung"

    class Trap:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return os.mkdir, (str(trap),)

    path, manifest = folder / name, json.loads((folder / "manifest.json").read_text())
    assert path.exists()
    np.save(path, np.array([Trap()], dtype=object), allow_pickle=True)
    manifest["files"][name] = file_sha256(path)
    (folder / "manifest.json").write_text(json.dumps(manifest))
    seal(folder)
    with pytest.raises(IndexDamaged):
        open_index(settings.index)
    assert not trap.exists()


@pytest.mark.parametrize(
    "text", ["", "junk", "../../etc", "20260101T000000-abcdef/..", "\0", "x" * 9999, "\udcff"]
)
def test_a_current_that_names_no_generation_is_refused(settings: Settings, text: str) -> None:
    build(settings)
    (settings.index / "CURRENT").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(IndexDamaged, match=r"CURRENT.*Run `\.venv/bin/dipnot build`") as caught:
        open_index(settings.index)
    assert len(str(caught.value)) < 400


def test_a_current_that_names_a_generation_which_is_not_there_is_refused(
    settings: Settings,
) -> None:
    build(settings)
    (settings.index / "CURRENT").write_text("20260101T000000-abcdef\n")
    with pytest.raises(IndexDamaged, match=r"20260101T000000-abcdef.manifest\.json is missing"):
        open_index(settings.index)


def test_no_index_says_what_to_run(settings: Settings) -> None:
    with pytest.raises(IndexMissing, match=r"no index in .* yet\. Run `\.venv/bin/dipnot build`"):
        open_index(settings.index)
    assert not settings.index.exists(), "opening never writes"


@pytest.mark.parametrize(
    ("key", "value", "error"),
    [
        ("format_version", 99, IndexMismatch), ("format_version", None, IndexMismatch),
        ("chunking", "sentences-9/9", IndexMismatch), ("passages", "many", IndexDamaged),
        ("passages", 1, IndexDamaged), ("dimension", 3, IndexDamaged),
        ("files", None, IndexDamaged), ("files", {}, IndexDamaged),
        ("generation", "20000101T000000-000000", IndexDamaged),
    ],
)  # fmt: skip
def test_a_manifest_of_another_kind_is_refused_with_what_to_run(
    settings: Settings, key: str, value: object, error: type[IndexUnusable]
) -> None:
    build(settings)
    path = folder_of(settings) / "manifest.json"
    manifest = json.loads(path.read_text())
    path.write_text(json.dumps({**manifest, key: value}))
    seal(path.parent)
    with pytest.raises(error, match=r"Run `\.venv/bin/dipnot build`"):
        open_index(settings.index)


@pytest.mark.parametrize("text", ["", "[]", "7", "[" * 100_000, "\xff", "{}"])
def test_a_manifest_that_is_none_is_refused(settings: Settings, text: str) -> None:
    build(settings)
    (folder_of(settings) / "manifest.json").write_text(text, "latin-1")
    seal(folder_of(settings))
    with pytest.raises(IndexUnusable, match=r"manifest\.json.*Run `\.venv/bin/dipnot build`"):
        open_index(settings.index)


def test_no_wrong_bit_of_a_manifest_or_its_checksum_passes(settings: Settings) -> None:
    build(settings)
    chance = random.Random(20)
    for name in ("manifest.json", "manifest.sha256"):
        path = folder_of(settings) / name
        whole = path.read_bytes()
        for _ in range(100):
            data = bytearray(whole)
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
            path.write_bytes(data)
            with pytest.raises(IndexUnusable, match=r"Run `\.venv/bin/dipnot build`"):
                read_manifest(settings.index)
        path.write_bytes(whole)
    check_offsets(open_index(settings.index))


def test_an_index_of_another_encoder_is_refused_with_both_names(settings: Settings) -> None:
    build(settings)
    with pytest.raises(IndexMismatch, match=r"'fake'.*'other'.*Run `\.venv/bin/dipnot build`"):
        open_index(settings.index, FakeEncoder("other", "0" * 32))


# --- building --------------------------------------------------------------------------------


def test_ids_of_generations_sort_by_when_they_were_made() -> None:
    made = []
    for _ in range(50):
        made.append(new_generation())
        time.sleep(0.00002)
    assert made == sorted(made)
    assert all(store._ID.fullmatch(name) for name in made)


@pytest.mark.parametrize("name", ["20991301T000000-000000", "99991231T235959-ffffff"])
def test_a_folder_that_is_named_by_no_time_is_no_generation(settings: Settings, name: str) -> None:
    made = build(settings)
    (settings.index / "generations" / name).mkdir()
    assert list_generations(settings.index) == [made]
    (settings.corpus / "lake.txt").write_text("Göl artık yoktur.\n", "utf-8")
    assert build(settings) > made


def test_only_one_builds_at_a_time(settings: Settings) -> None:
    with build_lock(settings.index), pytest.raises(BuildRunning, match="Another process"):
        build(settings)
    assert build(settings)


def test_a_lock_left_by_a_dead_process_does_not_count(settings: Settings) -> None:
    settings.index.mkdir()
    script = f"""
import os
from filelock import FileLock
FileLock({str(settings.index / ".lock")!r}).acquire()
os._exit(9)
"""
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 9
    assert build(settings)


def test_old_generations_are_pruned_and_the_newest_kept(settings: Settings) -> None:
    made = []
    for word in ("a", "b", "c", "d", "e"):
        change(settings, word)
        made.append(build(settings))
    assert list_generations(settings.index) == made[:1:-1]
    assert len(made[:1:-1]) == settings.keep_generations


@pytest.mark.parametrize(
    "step",
    ["save_columns", "save_legs", "_sync_file", "_sync_folder", "_open_folder", "check_offsets",
     "_stage", "_put", "file_sha256"],
)  # fmt: skip
def test_a_build_that_fails_at_any_step_leaves_the_old_generation_serving(
    settings: Settings, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = build(settings)
    change(settings, "kayıptır")
    real, calls = getattr(store, step), 0
    previous = store.open_index(settings.index)

    def fail_later(*arguments: object, **more: object) -> object:
        nonlocal calls
        calls += 1
        if calls > 1 or step != "_sync_file":
            raise OSError(28, "No space left on device")
        return real(*arguments, **more)

    with monkeypatch.context() as patch, build_lock(settings.index):
        from dipnot.building import read_all
        from dipnot.corpus import scan_corpus
        from dipnot.index.build import build_index

        documents, failed = read_all(scan_corpus(settings.corpus), settings.corpus, _quiet)
        index, _ = build_index(documents, failed, FakeEncoder(), previous, new_generation(), _quiet)
        patch.setattr(store, step, fail_later)
        with pytest.raises(IndexUnusable, match=r"cannot be written to .*No space left"):
            publish(settings.index, index, 3)
    assert current_generation(settings.index) == old
    check_offsets(open_index(settings.index))
    assert list((settings.index / "generations").glob(".*")) == []
    new = build(settings)
    assert current_generation(settings.index) == new != old


def _quiet(*_: object) -> None:
    pass


def test_an_index_folder_that_cannot_be_made_is_named(settings: Settings) -> None:
    settings.index.write_text("a file")
    with pytest.raises(IndexUnusable, match=r"cannot be written to .*index: .*--index"):
        build(settings)


def test_readers_go_on_while_generations_are_published_and_pruned(settings: Settings) -> None:
    """A reader that has just read CURRENT may find its generation pruned: it looks again."""
    build(settings)
    keep_one = Settings(corpus=settings.corpus, index=settings.index, keep_generations=1)
    real = store._open_folder
    overtaken = False

    def overtake(folder: Path, **more: bool) -> object:
        nonlocal overtaken
        if not overtaken:
            overtaken = True
            change(settings, "kayıptır")
            build(keep_one)
        return real(folder, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "_open_folder", overtake)
        index = open_index(settings.index)
    assert index.manifest.generation == current_generation(settings.index)
