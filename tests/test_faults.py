"""What disks, hands and the power may do to an index: each is really done, and nothing is lost."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from dipnot.building import update_index
from dipnot.corpus import Corpus, scan_corpus
from dipnot.engine import Engine
from dipnot.errors import IndexUnusable
from dipnot.index.store import check_offsets, current_generation, open_index, open_newest
from dipnot.server.api import make_app
from dipnot.server.schemas import summary_shape
from dipnot.server.serve import ChatBackend
from dipnot.settings import Settings
from fakes import LAKE, FakeEncoder
from large import coded, put_texts

FILES = os.environ.get("DIPNOT_TEST_FILES", "2000")  # before the shell's settings are kept out
POSIX = pytest.mark.skipif(os.name != "posix", reason="forks and kills")


def build(settings: Settings) -> str:
    return update_index(settings, FakeEncoder(), lambda *_: None, lambda _: None).generation


def change(settings: Settings, word: str) -> None:
    (settings.corpus / "lake.txt").write_text(LAKE.replace("müzededir", word), "utf-8")


def folder_of(settings: Settings) -> Path:
    return settings.index / "generations" / current_generation(settings.index)


def killed(settings: Settings, *more: str) -> str:
    script = Path(__file__).parent / "killed.py"
    done = subprocess.run(
        [sys.executable, str(script), str(settings.corpus), str(settings.index), *more],
        capture_output=True, encoding="utf-8", check=False, env={**os.environ, "PYTHONUTF8": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@POSIX
@pytest.mark.parametrize("more", [(), ("large",)])
def test_a_build_killed_between_any_two_steps_leaves_an_index_and_the_next_is_clean(
    settings: Settings, more: tuple[str, ...]
) -> None:
    rounds = int(killed(settings, *more).split()[0])
    assert rounds > 30, "the hook sees what a build does"
    assert bool(open_index(settings.index).manifest.added) is bool(more)
    assert list((settings.index / "generations").glob(".*")) == []


@POSIX
@pytest.mark.parametrize("most", [10, 200, 1000, 5000, 100_000_000])
def test_a_disk_that_takes_no_more_leaves_the_old_index_serving(
    settings: Settings, most: int
) -> None:
    ended = killed(settings, str(most))
    assert ended == "built" if most > 10**6 else "cannot be written to" in ended


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="mounts a small disk")
def test_a_really_full_disk_leaves_the_old_index_serving(settings: Settings) -> None:
    settings.index.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(settings.index)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("may not mount")
    try:
        first = build(settings)
        filling = settings.index / "filling"
        with pytest.raises(OSError, match="No space"), filling.open("wb") as file:
            file.writelines([b"\0" * 4096] * 1000)
        change(settings, "kayıptır")
        with pytest.raises(IndexUnusable, match=r"cannot be written to .*No space left"):
            build(settings)
        assert current_generation(settings.index) == first
        check_offsets(open_index(settings.index))
        engine = Engine(settings, FakeEncoder())
        engine.load()
        assert engine.index.manifest.generation == first
        assert engine.search("göl")[1]
        filling.unlink()
        assert build(settings) > first
    finally:
        subprocess.run(["umount", "-l", str(settings.index)], check=True)


# --- the power -----------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform != "linux", reason="asks which file was synced")
@pytest.mark.parametrize("large", [False, True])
def test_when_the_power_goes_nothing_is_named_that_is_not_on_the_disk(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, *, large: bool
) -> None:
    """Before each rename all that it brings about was synced: files, their folders, the name."""
    if large:
        put_texts(settings.corpus)
    with coded() if large else nullcontext():
        build(settings)
    change(settings, "kayıptır")
    before = {p.stat().st_ino for p in settings.index.rglob("*")}
    synced: set[str] = set()
    told: list[str] = []
    sync, rename, replace_ = os.fsync, Path.rename, Path.replace

    def fsync(handle: int) -> None:
        synced.add(str(Path(f"/proc/self/fd/{handle}").readlink()))
        sync(handle)

    def renamed(path: Path, target: Path) -> Path:
        new = [p for p in (path, *path.rglob("*")) if p.stat().st_ino not in before]
        inside = [str(p) for p in new]
        assert set(inside) <= synced, f"not on the disk: {set(inside) - synced}"
        told.append(f"{target.name} named")
        return rename(path, target)

    def replaced(path: Path, target: Path) -> Path:
        assert str(path) in synced
        if target.name == "CURRENT":
            named = path.read_text().strip()
            assert told == [f"{named} named"]
            assert str(settings.index / "generations") in synced
            synced.discard(str(settings.index))
        told.append(f"{target.name} replaced")
        return replace_(path, target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(Path, "rename", renamed)
    monkeypatch.setattr(Path, "replace", replaced)
    build(settings)
    assert bool(open_index(settings.index).manifest.added) is large
    assert told[1:] == ["CURRENT replaced"]
    assert str(settings.index) in synced, "the new CURRENT is on the disk at the end"


# --- other hands ---------------------------------------------------------------------------------


def test_a_served_index_whose_files_are_cut_short_kills_no_server(
    settings: Settings, engine: Engine
) -> None:
    for path in folder_of(settings).rglob("*"):
        if path.is_file():
            os.truncate(path, path.stat().st_size // 3)
    for ask in (engine.search, engine.ask):
        with pytest.raises(IndexUnusable, match="cut short"):
            ask("Değirmen ne zaman yandı?")


SERVED = (
    "centring/passages.npy", "centring/question_tokens.npy", "centring/questions.npy",
    "centring/tokens.npy", "dense/index.faiss", "dense/vectors.npy", "documents.jsonl",
    "late/offsets.npy", "late/tokens.npy", "lexical/frequencies.npy", "lexical/lengths.npy",
    "lexical/postings.npy", "lexical/starts.npy", "lexical/vocabulary.json", "manifest.json",
    "manifest.sha256", "passages/again.npy", "passages/hashes.npy", "passages/names.json",
    "passages/sentences.npy", "passages/texts.utf8", "passages/windows.npy",
)  # fmt: skip


def all_answers(client: TestClient, passage: str) -> dict[str, Any]:
    """What each way of asking gives: its body without the time it took, or None for a 503."""
    told = {"question": "Değirmen ne zaman yandı?"}
    quoted = {"doc_id": "lake", "quote": "Göl 1887 yılında kurutuldu."}
    given = {
        "ask": client.post("/api/ask", json=told),
        "search": client.get("/api/search", params={"q": told["question"]}),
        "verify": client.post("/api/verify", json=quoted),
        "documents": client.get("/api/documents"),
        "document": client.get("/api/documents/lake"),
        "text": client.get("/api/documents/lake/text"),
        "page": client.get("/api/documents/lake/pages/1"),
        "passage": client.get(f"/api/passages/{passage}"),
    }
    for name, got in given.items():
        assert got.status_code in (200, 503), f"{name}: {got.text}"
        assert got.status_code == 200 or "cut short" in got.text, f"{name}: {got.text}"
    return {
        name: {k: v for k, v in got.json().items() if k != "took_ms"} if got.is_success else None
        for name, got in given.items()
    }


@pytest.mark.parametrize("left", [0, 3])
@pytest.mark.parametrize("name", SERVED)
def test_any_one_file_cut_short_under_a_server_is_an_error_or_changes_nothing(
    settings: Settings, engine: Engine, name: str, left: int
) -> None:
    """A mapped file that is emptied would end the process at the next look: SIGBUS."""
    client = TestClient(make_app(engine), raise_server_exceptions=False)
    passage = engine.search("göl")[1][0].passage.passage_id
    before = all_answers(client, passage)
    assert None not in before.values()
    path = folder_of(settings) / name
    os.truncate(path, path.stat().st_size // left if left else 0)
    for way, answer in all_answers(client, passage).items():
        assert answer in (None, before[way]), way


def test_those_are_all_files_of_a_generation(settings: Settings, engine: Engine) -> None:
    folder = folder_of(settings)
    assert sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()) == [
        *SERVED
    ]


def test_a_served_index_whose_files_are_removed_goes_on_serving(
    settings: Settings, engine: Engine
) -> None:
    shutil.rmtree(settings.index / "generations")
    assert engine.search("göl")[1]


def test_an_index_that_was_cut_short_under_a_server_is_replaced_by_one_that_is_whole(
    settings: Settings,
) -> None:
    first = build(settings)
    change(settings, "kayıptır")
    build(settings)
    engine = Engine(settings, FakeEncoder())
    engine.load()
    os.truncate(folder_of(settings) / "late" / "tokens.npy", 200)
    with pytest.raises(IndexUnusable, match="cut short"):
        engine.ask("Değirmen ne zaman yandı?")
    engine.catch_up()
    assert engine.index.manifest.generation == first
    assert engine.ask("Değirmen ne zaman yandı?")[1].hits
    assert "late/tokens.npy" in str(engine.staleness())


def test_an_error_that_passed_leaves_nothing_wrong_behind(settings: Settings) -> None:
    build(settings)
    engine = Engine(settings, FakeEncoder())
    engine.load()
    tokens = folder_of(settings) / "late" / "tokens.npy"
    held = tokens.read_bytes()
    os.truncate(tokens, 200)
    with pytest.raises(IndexUnusable, match="cut short"):
        engine.ask("Değirmen ne zaman yandı?")
    tokens.write_bytes(held)  # as of a disk that is there again
    engine.catch_up()
    assert engine.trouble is None
    assert engine.staleness() is None
    change(settings, "kayıptır")
    made = build(settings)
    engine.catch_up()
    assert engine.index.manifest.generation == made


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="has no pipes")
@pytest.mark.parametrize("name", ["CURRENT", "HELD", "manifest.json", "late/tokens.npy"])
def test_a_pipe_in_the_place_of_a_file_is_never_waited_for(settings: Settings, name: str) -> None:
    build(settings)
    path = (settings.index if name.isupper() else folder_of(settings)) / name
    path.unlink(missing_ok=True)
    os.mkfifo(path)
    engine = Engine(settings, FakeEncoder())
    engine.load()
    assert engine.search("göl")[1]
    assert open_newest(settings.index)[0].documents


def test_generations_that_are_swapped_or_emptied_are_refused_each(settings: Settings) -> None:
    build(settings)
    whole = folder_of(settings)
    for path in sorted(p for p in whole.rglob("*") if p.is_file()):
        data = path.read_bytes()
        path.unlink()
        with pytest.raises(IndexUnusable, match=path.name.replace(".", r"\.")):
            open_index(settings.index)
        path.write_bytes(data)
    check_offsets(open_index(settings.index))


def test_a_corpus_of_ten_thousand_names_is_stamped_and_scanned(tmp_path: Path) -> None:
    from dipnot.corpus import stamp_corpus

    for number in range(10_000):
        (tmp_path / f"{number}.txt").write_bytes(b"a")
    assert len(scan_corpus(tmp_path).texts) == len(stamp_corpus(tmp_path)) == 10_000


@POSIX
def test_a_short_soak_of_readers_during_rebuilds_finds_nothing_wrong() -> None:
    """The long one is benchmarks/soak.py."""
    script = Path(__file__).parent.parent / "benchmarks" / "soak.py"
    short = ("load", "--fake", "--clients=6", "--seconds=1", "--rebuilds=2")
    done = subprocess.run(
        [sys.executable, str(script), *short], capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr + done.stdout
    result = json.loads(done.stdout)
    assert result["wrong"] == 0
    assert result["generations"] >= 2
    assert result["citations compared"] > 0


# --- folders that are read-only, and many files --------------------------------------------------


@contextmanager
def read_only(folder: Path, *, mounted: bool) -> Iterator[None]:
    """Have the system refuse every write; root is refused by the mount alone."""
    if mounted:
        subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
    else:
        for path in (folder, *folder.rglob("*")):
            path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        yield
    finally:
        for path in () if mounted else (folder, *(p for p in folder.rglob("*") if p.is_dir())):
            path.chmod(0o755)


@pytest.mark.skipif(sys.platform != "linux", reason="mounts, or is refused by the mode of a folder")
def test_an_index_in_a_folder_that_is_really_read_only_is_served_after_a_restart(
    settings: Settings,
) -> None:
    settings.index.mkdir()
    mounted = os.geteuid() == 0
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(settings.index)]
    if mounted and subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("may not mount")
    try:
        first = build(settings)
        with read_only(settings.index, mounted=mounted):
            with pytest.raises(OSError, match=r"Read-only|denied"):
                (settings.index / "x").touch()
            for word in ("müzededir", "kayıptır"):  # as it was built, and after a change
                change(settings, word)
                engine = Engine(settings, FakeEncoder())
                engine.load()
                assert engine.index.manifest.generation == first
                assert engine.ask("Değirmen ne zaman yandı?")[1].citations
            assert engine.staleness() == "these texts changed: lake"
            with pytest.raises(IndexUnusable, match=r"cannot be written to .*(Read-only|denied)"):
                build(settings)
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(settings.index)], check=True)


def small_files(folder: Path, count: int) -> Settings:
    """So many texts of two sentences, in folders of a thousand."""
    for number in range(count):
        path = folder / "corpus" / str(number // 1000) / f"metin {number}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"Kuyu {number}\n\nKuyu {number} numaralıdır. Suyu tatlıdır.\n", "utf-8")
    return Settings(folder / "corpus", folder / "index", allowed_hosts=("testserver",))


def test_a_folder_of_many_small_files_is_built_opened_served_and_listed(tmp_path: Path) -> None:
    """DIPNOT_TEST_FILES=10000 is the long form."""
    count = int(FILES)
    settings = small_files(tmp_path, count)
    build(settings)
    engine = Engine(settings, FakeEncoder())
    engine.load()
    client = TestClient(make_app(engine))
    listed = client.get("/api/documents").json()["documents"]
    assert len({document["doc_id"] for document in listed}) == count
    assert all(document["passages"] > 0 for document in listed)
    last = client.post("/api/ask", json={"question": f"Kuyu {count - 1} nedir?"})
    assert last.status_code == 200
    assert str(count - 1) in last.json()["hits"][0]["text"]
    assert client.get("/api/index").json()["stale"] is False


def test_listing_twice_the_texts_takes_twice_the_work_and_no_more(tmp_path: Path) -> None:
    """Lines are counted, not time, for the API's list and for the chat's."""
    counts = []
    for count in (100, 200):
        engine = Engine(small_files(tmp_path / str(count), count), FakeEncoder())
        engine.load()
        index, steps = engine.index, 0

        def stepped(*_: object) -> Any:
            nonlocal steps
            steps += 1
            return stepped

        before = sys.gettrace()
        sys.settrace(stepped)
        try:
            listed = [summary_shape(index, document) for document in index.documents.values()]
            told = ChatBackend(engine).documents()
        finally:
            sys.settrace(before)
        assert len(listed) == len(told) == count
        counts.append(steps)
    assert counts[1] < 2.2 * counts[0]


def test_the_corpus_is_read_again_only_where_a_file_changed(
    settings: Settings, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`GET /api/index` hashes no text that it knows."""
    scans: list[Path] = []

    def scan(folder: Path) -> Corpus:
        scans.append(folder)
        return scan_corpus(folder)

    monkeypatch.setattr("dipnot.engine.scan_corpus", scan)
    client = TestClient(make_app(engine))
    for _ in range(2):
        assert client.get("/api/index").json()["stale"] is False
    assert len(scans) == 1
    change(settings, "kayıptır")
    for _ in range(2):
        assert client.get("/api/index").json()["stale"] is True
    assert len(scans) == 2
