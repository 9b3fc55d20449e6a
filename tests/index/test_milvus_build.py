"""Builds into an engine: what dies half-way, what is copied, what is measured again."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dipnot.building import home_in, migrate, update_index
from dipnot.engine import Engine
from dipnot.errors import EncoderError, IndexMismatch
from dipnot.index import milvus_build, milvus_home
from dipnot.index.home import check_all
from dipnot.index.milvus import Milvus
from dipnot.index.milvus_home import MilvusHome
from dipnot.index.milvus_tables import ALWAYS
from dipnot.index.milvus_versions import versions_in
from dipnot.index.passages import embedded_text
from dipnot.settings import Settings
from dipnot.types import Address
from fakes import LAKE, LIGHTHOUSE, RAILWAY, FakeEncoder


@pytest.fixture
def there(settings: Settings, database: Address) -> Settings:
    (settings.corpus / "lighthouse.txt").write_text(LIGHTHOUSE, "utf-8")
    (settings.corpus / "railway.txt").write_text(RAILWAY, "utf-8")
    return replace(settings, engine=database)


def home_at(settings: Settings) -> MilvusHome:
    home = home_in(settings)
    assert isinstance(home, MilvusHome)
    return home


class Dies(Exception):
    """A builder is killed."""


WRITES = ("write", "delete")


def dying(after: int) -> Iterator[pytest.MonkeyPatch]:
    """Let the engine take so many writes, and then no more."""
    patch = pytest.MonkeyPatch()
    left = [after]
    for name in WRITES:
        whole = getattr(Milvus, name)

        def part(self: Milvus, *given: object, whole: object = whole, **named: object) -> object:
            left[0] -= 1
            if left[0] < 0:
                raise Dies
            return whole(self, *given, **named)  # type: ignore[operator]

        patch.setattr(Milvus, name, part)
    yield patch
    patch.undo()


@pytest.mark.cluster
@pytest.mark.parametrize("after", [3, 9, 14, 20, 24, 28, 31])
def test_a_build_that_dies_anywhere_leaves_the_served_generation_whole_and_is_gone_on_with(
    there: Settings, encoder: FakeEncoder, after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    update_index(there, encoder, lambda *_: None)
    home = home_at(there)
    before = home.open(encoder)
    texts = [p.text for p in before.passages]
    (there.corpus / "lake.txt").write_text(f"{LAKE}\n\nGöl şimdi kayıptır.\n", "utf-8")
    (there.corpus / "lighthouse.txt").write_text(f"{LIGHTHOUSE}\n\nIt is gone.\n", "utf-8")
    (there.corpus / "railway.txt").unlink()
    (there.corpus / "new.txt").write_text("Yeni bir köprü yapıldı. Uzundur.\n", "utf-8")
    for _ in dying(after):
        try:
            update_index(there, encoder, lambda *_: None)
            died = False
        except Dies:
            died = True
    index = home.open(encoder)
    if died:
        assert index.manifest.generation == before.manifest.generation
        assert [p.text for p in index.passages] == texts
        assert check_all(home, index)
    monkeypatch.setattr("dipnot.index.milvus_records._is_dead", lambda _: True)
    report = update_index(there, encoder, lambda *_: None)
    index = home.open(encoder)
    assert index.manifest.generation == report.generation
    assert list(index.documents) == ["lake", "lighthouse", "new"]
    assert any("kayıptır" in p.text for p in index.passages)
    assert check_all(home, index)
    open_ = [v.doc_id for v in versions_in(home) if v.until == ALWAYS]
    assert sorted(open_) == ["lake", "lighthouse", "new"], "nothing half-written stays"


@pytest.mark.cluster
def test_what_an_interrupted_build_embedded_is_not_embedded_again(
    there: Settings, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(milvus_build, "_MEASURED", 1)  # so that texts are written as they come
    update_index(there, encoder, lambda *_: None)
    for name in ("one", "two", "three"):
        text = f"Bu {name} metnidir. Kısa bir metin. Sonu {name} ile biter.\n"
        (there.corpus / f"{name}.txt").write_text(text, "utf-8")

    class Tires(FakeEncoder):
        def encode_passages(self, texts, *, tokens, progress=None):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
            if len(self.passages) > 4:
                raise EncoderError("It is tired.")
            return super().encode_passages(texts, tokens=tokens, progress=progress)

    tired = Tires()
    with pytest.raises(EncoderError):
        update_index(there, tired, lambda *_: None)
    assert tired.passages
    encoder.passages.clear()
    report = update_index(there, encoder, lambda *_: None)
    assert report.resumed >= 1
    assert tired.passages[0] not in encoder.passages, "the text that was whole is taken over"


@pytest.mark.cluster
def test_an_index_is_copied_into_an_engine_without_embedding_and_answers_alike(
    there: Settings, encoder: FakeEncoder
) -> None:
    files = replace(there, engine=None)
    update_index(files, encoder, lambda *_: None)
    encoder.passages.clear()
    report = migrate(files, there, encoder, lambda *_: None)
    assert report.embedded == 0
    assert not any("göl" in text.lower() for text in encoder.passages), "neutral sentences alone"
    one, other = Engine(files, encoder), Engine(there, encoder)
    one.reload()
    other.reload()
    assert list(one.index.passages) == list(other.index.passages)
    np.testing.assert_allclose(one.index.means.passages, other.index.means.passages, atol=1e-5)
    for question in ("Göl ne zaman kurudu?", "Who kept the lighthouse?", "Demiryolu nereye gider?"):
        mine, its = one.search(question)[1], other.search(question)[1]
        assert [h.passage.passage_id for h in mine] == [h.passage.passage_id for h in its]
        np.testing.assert_allclose(
            [h.score for h in mine], [h.score for h in its], atol=1e-3, rtol=1e-3
        )
        assert one.ask(question)[1].text == other.ask(question)[1].text
    nothing = update_index(there, encoder, lambda *_: None)
    assert not nothing.published, "it is up to the corpus"


@pytest.mark.cluster
def test_a_corpus_that_doubled_is_measured_again_and_its_rows_are_made_anew(
    settings: Settings, encoder: FakeEncoder, database: Address
) -> None:
    there = replace(settings, engine=database)
    update_index(there, encoder, lambda *_: None)
    home = home_at(there)
    first = home.open(encoder)
    (there.corpus / "more.txt").write_text(f"{LIGHTHOUSE}\n\n{RAILWAY}\n" * 2, "utf-8")
    encoder.passages.clear()
    report = update_index(there, encoder, lambda *_: None)
    assert report.reused == ("lake",)
    assert not set(encoder.passages) & {p.text for p in first.passages}
    assert home.record(2, home.records()).basis == 2
    assert check_all(home, home.open(encoder))
    files = replace(settings, index=settings.index.with_name("files"))
    update_index(files, encoder, lambda *_: None)
    means = home_in(files).open(encoder).means
    np.testing.assert_allclose(home.open(encoder).means.passages, means.passages, atol=1e-4)
    home.roll_back(None, encoder)
    assert check_all(home, home.open(encoder)), "the generation before has its own"


@pytest.mark.cluster
def test_what_another_release_cut_otherwise_is_written_anew(
    there: Settings, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    update_index(there, encoder, lambda *_: None)
    for module in (milvus_build, milvus_home):
        monkeypatch.setattr(module, "CHUNKING", "sentences-9/9")
    home = home_at(there)
    with pytest.raises(IndexMismatch, match="was cut as"):
        home.open(encoder)
    encoder.passages.clear()
    assert update_index(there, encoder, lambda *_: None).published
    assert encoder.passages, "nothing of it is taken over"
    assert check_all(home, home.open(encoder))


@pytest.mark.cluster
def test_a_text_put_back_after_a_change_of_model_is_embedded_by_the_new_one(
    there: Settings, encoder: FakeEncoder
) -> None:
    update_index(there, encoder, lambda *_: None)
    text = (there.corpus / "railway.txt").read_text("utf-8")
    (there.corpus / "railway.txt").unlink()
    update_index(there, encoder, lambda *_: None)
    other = FakeEncoder("other", "1" * 32)
    update_index(there, other, lambda *_: None)
    other.passages.clear()
    (there.corpus / "railway.txt").write_text(text, "utf-8")
    update_index(there, other, lambda *_: None)
    assert any(own in text for own in other.passages), "not taken from the model before"


@pytest.mark.cluster
@pytest.mark.parametrize("written", [0, 1])
def test_a_change_of_model_that_was_interrupted_takes_nothing_from_the_model_before(
    there: Settings, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch, written: int
) -> None:
    update_index(there, encoder, lambda *_: None)
    other = FakeEncoder("other", "1" * 32)
    write, left = milvus_build._Build._write, [written]

    def dying_write(build: milvus_build._Build, *given: Any) -> int:
        if not left[0]:
            raise Dies
        left[0] -= 1
        return write(build, *given)

    with monkeypatch.context() as patch:
        patch.setattr(milvus_build._Build, "_write", dying_write)
        with pytest.raises(Dies):
            update_index(there, other, lambda *_: None)
    monkeypatch.setattr("dipnot.index.milvus_records._is_dead", lambda _: True)
    other.passages.clear()
    update_index(there, other, lambda *_: None)
    index = home_at(there).open(other)
    sentences = [p for p in index.passages if len(p.sentences) == 1]
    unread = {p.doc_id for p in sentences if embedded_text(p.text) not in set(other.passages)}
    assert len(unread) <= written


@pytest.mark.cluster
def test_vectors_of_another_length_need_another_database(
    there: Settings, encoder: FakeEncoder
) -> None:
    update_index(there, encoder, lambda *_: None)
    other = FakeEncoder("long", "1" * 32)
    other.dimension = encoder.dimension * 2
    with pytest.raises(IndexMismatch, match="another database"):
        update_index(there, other, lambda *_: None)


@pytest.mark.cluster
def test_several_workers_embed_each_text_once_and_one_that_kills_them_is_left_out(
    there: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import spread_work

    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))  # workers import it too
    monkeypatch.setattr("dipnot.building._prepare_apart", spread_work.prepare)
    log = tmp_path / "log"
    monkeypatch.setenv("SPREAD_LOG", str(log))
    (there.corpus / "poison.txt").write_text("Bu metin zehirlidir. İşçiyi öldürür.\n", "utf-8")
    (there.corpus / "once.txt").write_text("Bu metin bir kez öldürür. Sonra durur.\n", "utf-8")
    report = update_index(there, FakeEncoder(), lambda *_: None, workers=2)
    assert [f.file for f in report.failed] == ["poison.txt"]
    assert "workers died" in report.failed[0].reason
    home = home_at(there)
    index = home.open(FakeEncoder())
    assert sorted(index.documents) == ["lake", "lighthouse", "once", "railway"]
    done = log.read_text().split()
    assert sorted(done) == ["lake", "lighthouse", "once", "railway"], "each once"
    assert check_all(home, index)
