"""One build from scan to swap, and what the disk, the clock and other hands may do meanwhile."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dipnot import building, corpus
from dipnot.building import read_all, refresh, stale, update_index
from dipnot.corpus import scan_corpus
from dipnot.errors import CorpusError, IndexUnusable
from dipnot.index import store
from dipnot.index.generations import is_held, roll_back
from dipnot.index.passages import embedded_text
from dipnot.index.store import (
    build_lock,
    check_offsets,
    current_generation,
    list_generations,
    new_generation,
    open_index,
)
from dipnot.settings import Settings
from dipnot.types import Document
from fakes import LAKE, RAILWAY, FakeEncoder
from large import coded, put_texts


def test_reports_name_what_was_added_changed_removed_and_reused(
    settings: Settings, encoder: FakeEncoder
) -> None:
    def update() -> tuple[tuple[str, ...], ...]:
        made = update_index(settings, encoder, lambda *_: None)
        return made.added, made.changed, made.removed, made.reused

    assert update() == (("lake",), (), (), ())
    (settings.corpus / "railway.txt").write_text(RAILWAY, "utf-8")
    (settings.corpus / "lake.txt").write_text(LAKE + "\nSon.\n", "utf-8")
    assert update() == (("railway",), ("lake",), (), ())
    (settings.corpus / "lake.txt").unlink()
    assert update() == ((), (), ("lake",), ("railway",))


def test_nothing_changed_embeds_and_publishes_nothing(
    settings: Settings, encoder: FakeEncoder
) -> None:
    first = update_index(settings, encoder, lambda *_: None)
    encoder.passages.clear()
    again = update_index(settings, encoder, lambda *_: None)
    assert encoder.passages == []
    assert again.generation == first.generation == current_generation(settings.index)
    assert again.reused == ("lake",)


def test_another_encoder_reuses_nothing(settings: Settings, encoder: FakeEncoder) -> None:
    first = update_index(settings, encoder, lambda *_: None)
    other = FakeEncoder("other", "0" * 32)
    made = update_index(settings, other, lambda *_: None)
    assert made.embedded == first.embedded > 0
    assert open_index(settings.index, other).manifest.encoder == "other"


def test_what_is_missing_is_built_and_what_fits_is_opened(
    settings: Settings, encoder: FakeEncoder
) -> None:
    index, built = refresh(settings, encoder, lambda *_: None)
    assert built is not None
    assert built.added == ("lake",)
    again, nothing = refresh(settings, encoder, lambda *_: None)
    assert nothing is None
    assert again.manifest.generation == index.manifest.generation


def test_an_index_is_stale_by_what_differs_and_only_by_that(
    settings: Settings, encoder: FakeEncoder
) -> None:
    manifest = refresh(settings, encoder, lambda *_: None)[0].manifest
    corpus = scan_corpus(settings.corpus)
    assert stale(manifest, corpus, encoder) is None
    assert stale(manifest, corpus, None) is None
    assert "other" in str(stale(manifest, corpus, FakeEncoder("other", "0" * 32)))
    assert "passages were cut as" in str(stale(replace(manifest, chunking="x"), corpus, encoder))
    (settings.corpus / "railway.txt").write_text(RAILWAY, "utf-8")
    assert "railway" in str(stale(manifest, scan_corpus(settings.corpus), encoder))


def test_a_corpus_of_which_nothing_can_be_read_is_an_error_with_the_reasons(
    settings: Settings,
) -> None:
    (settings.corpus / "lake.txt").write_bytes(b"a\0b")
    with pytest.raises(CorpusError, match=r"No text in .* can be read\..*lake\.txt"):
        read_all(scan_corpus(settings.corpus), settings.corpus, lambda *_: None)
    (settings.corpus / "lake.txt").unlink()
    with pytest.raises(CorpusError, match=r"holds no text\. Put a text into it"):
        read_all(scan_corpus(settings.corpus), settings.corpus, lambda *_: None)


def build(settings: Settings, warned: list[str] | None = None) -> str:
    warn = (warned if warned is not None else []).append
    return update_index(settings, FakeEncoder(), lambda *_: None, warn).generation


def test_a_folder_that_nobody_may_write_to_is_an_error_only_where_something_changed(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = build(settings)

    @contextmanager
    def refuse(folder: Path) -> Iterator[None]:
        raise IndexUnusable(f"The index cannot be written to {folder}: Read-only file system.")
        yield

    monkeypatch.setattr(building, "build_lock", refuse)
    assert build(settings) == made
    (settings.corpus / "railway.txt").write_text(RAILWAY, "utf-8")
    with pytest.raises(IndexUnusable, match="Read-only"):
        build(settings)


@pytest.mark.parametrize("line", ["", "20000101T000000-000000\n"])
def test_a_current_that_points_nowhere_is_put_right_without_embedding(
    settings: Settings, line: str
) -> None:
    made = build(settings)
    (settings.index / "CURRENT").write_text(line)
    warned: list[str] = []
    assert build(settings, warned) == made == current_generation(settings.index)
    assert len(warned) == 1
    assert warned[0].endswith(f"The build goes on from {made}.")


def test_an_index_of_another_encoder_is_said_and_built_anew(settings: Settings) -> None:
    update_index(settings, FakeEncoder("other", "0" * 32), lambda *_: None)
    warned: list[str] = []
    made = build(settings, warned)
    assert "'other'" in warned[0]
    assert warned[0].endswith("The build begins anew.")
    assert open_index(settings.index, FakeEncoder()).manifest.generation == made


def test_a_generation_whose_folder_is_anothers_or_holds_what_is_not_summed_is_refused(
    settings: Settings,
) -> None:
    first = build(settings)
    (settings.corpus / "railway.txt").write_text(RAILWAY, "utf-8")
    second = build(settings)
    folder = settings.index / "generations"
    (folder / first).rename(folder / "x")
    (folder / second).rename(folder / first)
    (folder / "x").rename(folder / second)
    with pytest.raises(IndexUnusable, match="and not its own"):
        open_index(settings.index)
    third = build(settings)
    (folder / third / "dense" / "more.npy").write_bytes(b"")
    with pytest.raises(IndexUnusable, match=r"no checksum of: dense/more\.npy"):
        open_index(settings.index)


def test_a_text_that_is_saved_between_scan_and_reading_is_read_again_by_the_next_build(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = settings.corpus / "lake.txt"
    real = corpus.scan_corpus

    def scan(folder: Path) -> corpus.Corpus:
        found = real(folder)
        path.write_text(LAKE[: len(LAKE) // 2], "utf-8")  # an editor is half-way
        return found

    with monkeypatch.context() as patch:
        patch.setattr(building, "scan_corpus", scan)
        half = build(settings)
    path.write_text(LAKE, "utf-8")
    assert build(settings) != half
    assert "The mill was rebuilt" in open_index(settings.index).documents["lake"].text


def test_a_corpus_that_vanishes_between_scan_and_reading_is_a_sentence(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = corpus.scan_corpus

    def scan(folder: Path) -> corpus.Corpus:
        found = real(folder)
        (folder / "lake.txt").unlink()
        folder.rmdir()
        return found

    monkeypatch.setattr(building, "scan_corpus", scan)
    with pytest.raises(CorpusError, match=r"No text in .* can be read\. 'lake\.txt'"):
        build(settings)


def test_a_text_that_is_removed_between_scan_and_reading_is_reported_and_the_rest_is_built(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    (settings.corpus / "railway.txt").write_text(RAILWAY, "utf-8")
    real = corpus.scan_corpus

    def scan(folder: Path) -> corpus.Corpus:
        found = real(folder)
        (folder / "lake.txt").unlink()
        return found

    monkeypatch.setattr(building, "scan_corpus", scan)
    told = update_index(settings, FakeEncoder(), lambda *_: None)
    assert told.added == ("railway",)
    assert [failure.file for failure in told.failed] == ["lake.txt"]
    assert [*open_index(settings.index).documents] == ["railway"]


def test_a_clock_that_is_set_back_changes_no_order(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [build(settings)]

    class Back(datetime):
        @classmethod
        def now(cls, tz: object = None) -> Back:
            return cls(2001, 1, 1, tzinfo=UTC)

    monkeypatch.setattr(store, "datetime", Back)
    for word in "abcde":
        (settings.corpus / "lake.txt").write_text(LAKE.replace("müzededir", word), "utf-8")
        made.append(build(settings))
        assert current_generation(settings.index) == made[-1]
    assert made == sorted(made)
    assert list_generations(settings.index) == made[:-4:-1]
    assert all(store._ID.fullmatch(name) for name in made)


def test_an_id_behind_another_carries_over_the_second(tmp_path: Path) -> None:
    (tmp_path / "generations" / "29991231T235959-f423f0").mkdir(parents=True)
    assert new_generation(tmp_path) == "30000101T000000-000000"


def test_rolling_back_steps_over_what_is_damaged_or_of_another_encoder(settings: Settings) -> None:
    first = build(settings)
    (settings.corpus / "lake.txt").write_text(LAKE.replace("müzededir", "a"), "utf-8")
    second = build(settings)
    (settings.corpus / "lake.txt").write_text(LAKE.replace("müzededir", "b"), "utf-8")
    third = build(settings)
    (settings.index / "generations" / second / "documents.jsonl").write_bytes(b"")
    with build_lock(settings.index):
        with pytest.raises(IndexUnusable, match="'other'"):
            roll_back(settings.index, first, FakeEncoder("other", "0" * 32))
        assert current_generation(settings.index) == third
        assert not is_held(settings.index)
        assert roll_back(settings.index, None, FakeEncoder()) == first
    assert is_held(settings.index)
    assert build(settings) > third
    assert not is_held(settings.index)


def test_a_build_that_is_asked_for_ends_the_hold_though_nothing_changed(settings: Settings) -> None:
    build(settings)
    (settings.corpus / "railway.txt").write_text(RAILWAY, "utf-8")
    build(settings)
    (settings.corpus / "railway.txt").unlink()
    with build_lock(settings.index):
        roll_back(settings.index)
    assert not update_index(settings, FakeEncoder(), lambda *_: None).published
    assert not is_held(settings.index)


def test_a_generation_that_was_gone_back_to_and_cannot_be_used_is_built_anew(
    settings: Settings,
) -> None:
    first = build(settings)
    (settings.corpus / "railway.txt").write_text(RAILWAY, "utf-8")
    build(settings)
    with build_lock(settings.index):
        roll_back(settings.index)
    index, built = refresh(settings, FakeEncoder(), lambda *_: None)
    assert (index.manifest.generation, built) == (first, None)
    index, built = refresh(settings, FakeEncoder("other", "0" * 32), lambda *_: None)
    assert set(index.documents) == {"lake", "railway"}
    assert built is not None


def test_moving_and_renaming_a_text_embeds_nothing(settings: Settings) -> None:
    (settings.corpus / "railway.txt").write_text(RAILWAY, "utf-8")
    first = build(settings)
    (settings.corpus / "eski").mkdir()
    (settings.corpus / "lake.txt").rename(settings.corpus / "eski" / "lake.txt")
    (settings.corpus / "railway.txt").rename(settings.corpus / "demiryolu.txt")
    encoder = FakeEncoder()
    report = update_index(settings, encoder, lambda *_: None)
    assert report.embedded == 0
    texts = embedded_text(LAKE + RAILWAY)
    assert not [given for given in encoder.passages if given in texts], "but what is neutral"
    assert report.generation != first
    index = open_index(settings.index, encoder)
    assert set(index.documents) == {"eski-lake", "demiryolu"}
    store.check_offsets(index)


def test_a_change_of_a_large_corpus_reads_cuts_and_embeds_what_changed_alone(
    settings: Settings, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_texts(settings.corpus, 16)
    with coded():
        update_index(settings, encoder, lambda *_: None)
    first = open_index(settings.index)
    encoder.passages.clear()
    read: list[str] = []

    def reading(text: corpus.Text) -> Document:
        read.append(text.source.doc_id)
        return corpus.read_text(text)

    monkeypatch.setattr(building, "read_text", reading)
    (settings.corpus / "lake.txt").write_text(LAKE + "\nSon söz budur.\n", "utf-8")
    (settings.corpus / "other3.txt").unlink()
    made = update_index(settings, encoder, lambda *_: None)
    assert (read, made.changed, made.removed) == (["lake"], ("lake",), ("other3",))
    assert not any("Köy" in text for text in encoder.passages)
    index = open_index(settings.index, encoder)
    assert index.manifest.added == (made.generation,)
    assert made.passages == len(index.passages) < len(first.passages)
    for doc_id in ("other4", "lake"):
        before, after = (own.documents[doc_id].text for own in (first, index))
        assert (before == after) is (doc_id == "other4")
    check_offsets(index)


def test_a_text_half_saved_while_a_large_index_grows_is_read_again(
    settings: Settings, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_texts(settings.corpus)
    path, whole = settings.corpus / "lake.txt", LAKE + "\nSon söz budur.\n"
    real = corpus.scan_corpus

    def scan(folder: Path) -> corpus.Corpus:
        found = real(folder)
        path.write_text(LAKE[: len(LAKE) // 2], "utf-8")  # an editor is half-way
        return found

    with coded():
        update_index(settings, encoder, lambda *_: None)
        path.write_text(whole, "utf-8")
        with monkeypatch.context() as patch:
            patch.setattr(building, "scan_corpus", scan)
            half = update_index(settings, encoder, lambda *_: None)
        assert open_index(settings.index).manifest.added == (half.generation,)
        path.write_text(whole, "utf-8")
        update_index(settings, encoder, lambda *_: None)
    assert "Son söz budur." in open_index(settings.index).documents["lake"].text


def test_texts_that_are_all_replaced_are_built_in_one_go(
    settings: Settings, encoder: FakeEncoder
) -> None:
    put_texts(settings.corpus)
    with coded():
        update_index(settings, encoder, lambda *_: None)
        (settings.corpus / "lake.txt").unlink()
        put_texts(settings.corpus, 4)
        for n in range(4, 8):
            path = settings.corpus / f"other{n}.txt"
            path.write_text(path.read_text("utf-8").replace("ev", "ahır"), "utf-8")
        update_index(settings, encoder, lambda *_: None)
    index = open_index(settings.index, encoder)
    assert index.manifest.added == ()
    assert set(index.documents) == {f"other{n}" for n in range(8)}
    check_offsets(index)


def test_a_wrong_bit_in_a_segment_costs_what_is_in_it_alone(
    settings: Settings, encoder: FakeEncoder
) -> None:
    put_texts(settings.corpus)
    with coded():
        update_index(settings, encoder, lambda *_: None)
        (settings.corpus / "lake.txt").write_text(LAKE + "\nSon söz budur.\n", "utf-8")
        made = update_index(settings, encoder, lambda *_: None)
        folder = settings.index / "generations" / made.generation / "added" / made.generation
        path = folder / "dense" / "vectors.npy"
        data = bytearray(path.read_bytes())
        data[-1] ^= 1
        path.write_bytes(data)
        for old in list_generations(settings.index)[1:]:
            shutil.rmtree(settings.index / "generations" / old)
        encoder.passages.clear()
        again = update_index(settings, encoder, lambda *_: None, lambda _: None)
    assert not any("Köy" in text for text in encoder.passages)
    assert encoder.passages
    assert again.resumed > 0
    check_offsets(open_index(settings.index, encoder))
