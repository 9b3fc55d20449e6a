"""The corpus folder as a shelf: names, putting, taking, and where a file stands."""

from __future__ import annotations

import errno
import os
import shutil
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest

from dipnot import corpus
from dipnot.corpus import read_bytes, read_catalogue
from dipnot.engine import Engine
from dipnot.errors import AlreadyThere, Busy, CorpusError, InvalidInput, NotFound, TooLarge
from dipnot.server import shelf
from dipnot.server.shelf import (
    Listing,
    Reader,
    _strike_out,
    check_free,
    check_name,
    incoming,
    look,
    take_off,
)
from dipnot.types import FileFailure
from fakes import LAKE, LIGHTHOUSE


@pytest.mark.parametrize(
    "name",
    [
        "", ".", "..", "../a.txt", "a/b.txt", "a\\b.txt", "/etc/a.txt", "C:a.txt", ".gizli.txt",
        "README.md", "a\0.txt", "a\n.txt", "a\u202etxt.pdf", " a.txt", "a.txt ", "a.exe", "a",
        "corpus.toml", "ğ" * 120 + ".txt", "a?.txt",
    ],
)  # fmt: skip
def test_a_name_that_is_no_plain_one_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput):
        check_name(name)


def test_a_turkish_name_is_taken_in_its_usual_form() -> None:
    assert check_name(unicodedata.normalize("NFD", "Göl çayı.PDF")) == "Göl çayı.PDF"


def put(folder: Path, name: str, data: bytes, *, replace: bool = False) -> bool:
    with incoming(folder, name) as coming:
        coming.write(data)
        return coming.publish(replace=replace)


def test_a_file_system_without_hard_links_takes_files_and_none_over_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", refused)
    assert put(tmp_path, "lake.txt", LAKE.encode()) is False
    assert (tmp_path / "lake.txt").read_text("utf-8") == LAKE
    monkeypatch.setattr(shelf, "check_free", lambda *_, **__: "lake")  # it comes only then
    with pytest.raises(AlreadyThere):
        put(tmp_path, "lake.txt", LIGHTHOUSE.encode())
    monkeypatch.setattr(Path, "replace", refused)
    with pytest.raises(CorpusError, match="takes no file"):
        put(tmp_path, "other.txt", LIGHTHOUSE.encode())
    assert [p.name for p in tmp_path.iterdir()] == ["lake.txt"]
    assert (tmp_path / "lake.txt").read_text("utf-8") == LAKE


def test_a_file_is_put_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert put(tmp_path, "lake.txt", LAKE.encode()) is False
    assert (tmp_path / "lake.txt").read_text("utf-8") == LAKE
    for name, data in (
        ("a.pdf", b"no pdf"),
        ("b.txt", b""),
        ("c.docx", b"PK\3\4"),
        ("d.txt", b" "),
    ):
        with pytest.raises(InvalidInput, match=name):
            put(tmp_path, name, data)
    monkeypatch.setattr(shelf, "MAX_BYTES", 5)
    with pytest.raises(TooLarge):
        put(tmp_path, "e.txt", b"123456")
    assert [p.name for p in tmp_path.iterdir()] == ["lake.txt"]


def test_nothing_is_overwritten_unasked(tmp_path: Path) -> None:
    put(tmp_path, "lake.txt", b"One lake.")
    with pytest.raises(AlreadyThere, match="replace=true"):
        put(tmp_path, "lake.txt", b"Two lakes.")
    with pytest.raises(AlreadyThere, match="the id 'lake'"):
        check_free(tmp_path, "Lake.md", replace=True)
    assert (tmp_path / "lake.txt").read_bytes() == b"One lake."
    assert put(tmp_path, "lake.txt", b"Two lakes.", replace=True) is True
    assert (tmp_path / "lake.txt").read_bytes() == b"Two lakes."


def test_a_file_whose_name_has_its_letters_in_parts_is_found_by_its_usual_name(
    tmp_path: Path,
) -> None:
    path = tmp_path / "go\u0308l.txt"
    path.write_text(LAKE, "utf-8")
    assert Reader().inspect(tmp_path, "g\u00f6l.txt")["file"] == "g\u00f6l.txt"
    with pytest.raises(AlreadyThere, match="replace=true"):
        put(tmp_path, "g\u00f6l.txt", b"One lake.")
    assert put(tmp_path, "g\u00f6l.txt", b"Two lakes.", replace=True) is True
    assert path.read_bytes() == b"Two lakes."
    take_off(tmp_path, "g\u00f6l.txt")
    assert list(tmp_path.iterdir()) == []


def test_a_link_is_replaced_itself_and_never_what_it_leads_to(tmp_path: Path) -> None:
    folder, outside = tmp_path / "corpus", tmp_path / "outside.txt"
    folder.mkdir()
    outside.write_text("mine")
    (folder / "lake.txt").symlink_to(outside)
    with pytest.raises(AlreadyThere):
        put(folder, "lake.txt", b"A lake.")
    put(folder, "lake.txt", b"A lake.", replace=True)
    assert outside.read_text() == "mine"
    (folder / "link.txt").symlink_to(outside)
    with pytest.raises(InvalidInput, match="leads out"):
        Reader().inspect(folder, "link.txt")
    take_off(folder, "link.txt")
    assert outside.exists()


def test_what_is_taken_off_must_lie_there_and_not_in_an_inner_folder(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("A lake.")
    (tmp_path / "corpus.toml").write_text("")
    for name in ("../a.txt", "corpus.toml", "b.txt", "in"):
        with pytest.raises(NotFound):
            take_off(tmp_path, name)
    with pytest.raises(InvalidInput, match="by hand"):
        take_off(tmp_path, "in/a.txt")
    assert (tmp_path / "in" / "a.txt").exists()


def test_a_folder_that_is_missing_is_said_to_be(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="takes no file"):
        put(tmp_path / "none", "a.txt", b"A lake.")


def test_one_file_is_looked_at_at_a_time(tmp_path: Path) -> None:
    (tmp_path / "lake.txt").write_text(LAKE, "utf-8")
    reader = Reader()
    assert reader.inspect(tmp_path, "lake.txt")["title"] == "Göl ve Kıyısı"
    with reader.place(), pytest.raises(Busy):
        reader.inspect(tmp_path, "lake.txt")


def test_each_file_has_a_state_against_the_index(engine: Engine) -> None:
    folder, manifest = engine.settings.corpus, engine.index.manifest
    assert [(f.file, f.state) for f in look(folder, manifest)] == [("lake.txt", "indexed")]
    assert [f.state for f in look(folder, None)] == ["new"]
    (folder / "lake.txt").write_text(LIGHTHOUSE, "utf-8")
    (folder / "new.txt").write_text(LIGHTHOUSE, "utf-8")
    broken = folder / "broken.pdf"
    broken.write_bytes(b"%PDF-1.4 broken")
    os.utime(broken, (0, 0))
    failed = replace(manifest, failed=(FileFailure("broken.pdf", "It is broken."),))
    assert [(f.file, f.state) for f in look(folder, failed)] == [
        ("broken.pdf", "failed"), ("lake.txt", "changed"), ("new.txt", "new"),
    ]  # fmt: skip
    os.utime(broken)  # saved again since
    assert look(folder, failed)[0].state == "new"
    (folder / "lake.txt").unlink()
    assert look(folder, manifest)[-1].state == "removed"


def test_a_folder_is_read_again_only_where_something_of_it_changed(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, read = engine.settings.corpus, list[str]()

    def reading(path: Path, inside: Path | None = None) -> bytes:
        read.append(path.name)
        return read_bytes(path, inside)

    monkeypatch.setattr(corpus, "read_bytes", reading)
    listing = Listing(folder)
    first = listing.look(engine.index.manifest)
    assert listing.look(engine.index.manifest) == first == look(folder, engine.index.manifest)
    assert read == ["lake.txt"] * 2
    assert [f.state for f in listing.look(None)] == ["new"]
    (folder / "lake.txt").write_text(LIGHTHOUSE, "utf-8")
    assert [f.state for f in listing.look(engine.index.manifest)] == ["changed"]
    (folder / "gone.txt").symlink_to(folder / "nothing.txt")
    assert [f.state for f in listing.look(engine.index.manifest)] == ["failed", "changed"]
    (folder / "corpus.toml").write_text("[[document\n")
    with pytest.raises(CorpusError, match="not valid TOML"):
        listing.look(None)
    shutil.rmtree(folder)
    with pytest.raises(CorpusError, match="does not exist"):
        listing.look(None)


CATALOGUE = """# Bizim metinler
[[document]]
file = "a.txt"  # ilki
title = "[[document]]"

# ikincisi
[[document]]
file = "b.txt"
# arada bir söz
examples = [
  "Ne zaman?",
]

[[document]]
file = "c.txt"
"""


@pytest.mark.parametrize("name", ["a.txt", "b.txt", "c.txt"])
def test_with_a_file_its_entry_goes_and_every_other_line_stays(tmp_path: Path, name: str) -> None:
    for file in ("a.txt", "b.txt", "c.txt"):
        (tmp_path / file).write_text("Metin.")
    catalogue = tmp_path / "corpus.toml"
    catalogue.write_text(CATALOGUE, "utf-8")
    take_off(tmp_path, name)
    left = catalogue.read_text("utf-8")
    assert name not in left
    assert [source.file for source in read_catalogue(catalogue)] == [
        file for file in ("a.txt", "b.txt", "c.txt") if file != name
    ]
    assert {*left.splitlines()} < {*CATALOGUE.splitlines()}
    assert "# Bizim metinler" in left
    assert [p.name for p in tmp_path.iterdir() if p.suffix == ".part"] == []


@pytest.mark.parametrize(
    "odd", ['document = [{file = "a.txt"}, {file = "b.txt"}]\n', "[[document]\n", 'x = "a.txt"\n']
)
def test_a_catalogue_that_is_not_of_whole_lines_is_left_as_it_is(tmp_path: Path, odd: str) -> None:
    (tmp_path / "a.txt").write_text("Metin.")
    (tmp_path / "corpus.toml").write_text(odd, "utf-8")
    _strike_out(tmp_path / "corpus.toml", "a.txt")
    assert (tmp_path / "corpus.toml").read_text("utf-8") == odd
