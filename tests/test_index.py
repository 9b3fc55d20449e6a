"""The index in memory: what is embedded, what is reused, and where windows stand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from dipnot.building import update_index
from dipnot.corpus import Text, read_text
from dipnot.engine import Engine
from dipnot.index import Index, build_index, make_layout
from dipnot.passages import GRAINS, SHOWN_GRAIN, embedded_text, make_passages
from dipnot.settings import Settings
from dipnot.store import current_generation, open_index
from dipnot.types import Document, Source
from fakes import LAKE, LIGHTHOUSE, RAILWAY, FakeEncoder


def read(name: str, text: str, tmp_path: Path) -> Document:
    path = tmp_path / f"{name}.txt"
    path.write_text(text, "utf-8")
    return read_text(Text(Source(path.name, name), path, f"hash of {text}"))


def build(documents: list[Document], encoder: FakeEncoder, previous: Index | None = None) -> Index:
    return build_index(documents, (), encoder, previous, "g", lambda *_: None)[0]


def embedded(encoder: FakeEncoder, *documents: Document) -> list[str]:
    """What of these documents was given to the encoder since the last look."""
    texts = [embedded_text(document.text) for document in documents]
    given = [text for text in encoder.passages if any(text in whole for whole in texts)]
    encoder.passages.clear()
    return given


def check_aligned(index: Index) -> None:
    """Everything that is aligned by position belongs together."""
    from fakes import unit_rows

    texts = [embedded_text(p.text) for p in index.passages]
    np.testing.assert_array_equal(index.vectors, unit_rows(texts))
    assert index.lexical.size == index.dense.ntotal == len(texts)
    assert index.tokens is not None
    for number, row in enumerate(index.layout.sentences):
        own = unit_rows(texts[row].split())
        np.testing.assert_allclose(index.tokens.of(number), own, atol=1e-3)


def test_every_passage_is_embedded_once_in_its_place(tmp_path: Path) -> None:
    encoder = FakeEncoder()
    lake = read("lake", LAKE, tmp_path)
    index = build([lake], encoder)
    assert sorted(embedded(encoder, lake)) == sorted(embedded_text(p.text) for p in index.passages)
    check_aligned(index)


def test_a_second_text_embeds_its_own_passages_only(tmp_path: Path) -> None:
    encoder = FakeEncoder()
    lake, railway = read("lake", LAKE, tmp_path), read("railway", RAILWAY, tmp_path)
    first = build([lake], encoder)
    embedded(encoder)
    second = build([railway, lake], encoder, first)
    expected = sorted(embedded_text(p.text) for p in make_passages(railway))
    assert sorted(embedded(encoder, lake, railway)) == expected
    check_aligned(second)
    fresh = build([railway, lake], encoder)
    np.testing.assert_array_equal(second.vectors, fresh.vectors)
    assert second.tokens is not None
    assert fresh.tokens is not None
    np.testing.assert_array_equal(second.tokens.vectors, fresh.tokens.vectors)
    assert second.manifest.language_means == fresh.manifest.language_means


def test_a_changed_text_embeds_only_the_windows_that_changed(tmp_path: Path) -> None:
    encoder = FakeEncoder()
    lake = read("lake", LAKE, tmp_path)
    first = build([lake], encoder)
    embedded(encoder)
    changed = read("lake", LAKE.replace("müzededir", "kayıptır"), tmp_path)
    second = build([changed], encoder, first)
    given = embedded(encoder, lake, changed)
    assert sorted(given) == sorted(
        embedded_text(p.text) for p in second.passages if "kayıptır" in p.text
    )
    check_aligned(second)


def test_a_removed_text_is_gone_and_nothing_is_embedded(tmp_path: Path) -> None:
    encoder = FakeEncoder()
    lake, railway = read("lake", LAKE, tmp_path), read("railway", RAILWAY, tmp_path)
    first = build([lake, railway], encoder)
    embedded(encoder)
    second = build([lake], encoder, first)
    assert embedded(encoder, lake, railway) == []
    assert {p.doc_id for p in second.passages} == {"lake"} == set(second.documents)
    check_aligned(second)


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
    update_index(settings, encoder, lambda *_: None)
    other = FakeEncoder("other", "0" * 32)
    made = update_index(settings, other, lambda *_: None)
    assert made.embedded == made.passages > 0
    assert open_index(settings.index, other).manifest.encoder == "other"


def test_an_encoder_without_token_vectors_still_answers(settings: Settings) -> None:
    engine = Engine(settings, FakeEncoder(with_tokens=False))
    engine.load()
    assert engine.index.tokens is None
    (settings.corpus / "railway.txt").write_text(RAILWAY, "utf-8")
    update_index(settings, FakeEncoder(with_tokens=False), lambda *_: None)
    engine.reload()
    _, answer = engine.ask("Demiryolu kasabaya ne zaman ulaştı?")
    assert any("1911" in hit.passage.text for hit in answer.hits)


@pytest.mark.parametrize("count", [1, 2, 3, 4, 9])
def test_a_run_of_sentences_has_its_windows_of_every_grain(count: int, tmp_path: Path) -> None:
    text = " ".join(f"Bu {i}. söz uzunca bir cümledir." for i in range(100, 100 + count))
    passages = make_passages(read("run", text, tmp_path))
    layout = make_layout(passages)
    assert len(layout.sentences) == count
    for grain in GRAINS:
        windows = [(int(layout.first[r]), int(layout.last[r])) for r in layout.grain_rows[grain]]
        size = min(grain, count)
        assert windows == [(i, i + size) for i in range(count - size + 1)]
    for grain in GRAINS:
        for number, row in enumerate(layout.shown):
            overlapping = {
                int(r)
                for r in layout.grain_rows[grain]
                if layout.first[r] < layout.last[row] and layout.first[row] < layout.last[r]
            }
            assert {int(r) for r in layout.support[grain][number]} == overlapping
    assert layout.shown.tolist() == layout.grain_rows[SHOWN_GRAIN].tolist()


def test_runs_of_several_documents_do_not_touch(tmp_path: Path) -> None:
    passages = [
        p
        for name, text in (("a", LAKE), ("b", RAILWAY), ("c", LIGHTHOUSE))
        for p in make_passages(read(name, text, tmp_path))
    ]
    layout = make_layout(passages)
    for row, passage in enumerate(passages):
        singles = [
            passages[layout.sentences[s]] for s in range(layout.first[row], layout.last[row])
        ]
        assert [s.span for s in singles] == list(passage.sentences)
        assert {s.doc_id for s in singles} == {passage.doc_id}


@pytest.mark.parametrize(
    "text", ["Göl kurudu.", "Göl", "ve ile bir", "***", "GİRİŞ", "1887", "a" * 5000]
)
def test_a_corpus_of_one_short_line_is_built_served_and_asked(
    text: str, settings: Settings, encoder: FakeEncoder
) -> None:
    (settings.corpus / "lake.txt").write_text(text + "\n", "utf-8")
    engine = Engine(settings, encoder)
    engine.load()
    _, hits = engine.search("Göl ne oldu?")
    index, answer = engine.ask("Göl ne oldu?")
    whole = index.documents["lake"].text
    for hit in (*hits, *answer.hits):
        assert whole[slice(*hit.passage.span)] == hit.passage.text
    reopened = Engine(settings, encoder)
    reopened.load()
    assert reopened.search("Göl ne oldu?")[1] == hits


@pytest.mark.parametrize(
    ("text", "question"), [(LIGHTHOUSE, "Fener ne zaman yapıldı?"), (RAILWAY, "When did it open?")]
)
def test_a_corpus_in_one_language_answers_questions_in_the_other(
    text: str, question: str, settings: Settings, encoder: FakeEncoder
) -> None:
    (settings.corpus / "lake.txt").write_text(text, "utf-8")
    engine = Engine(settings, encoder)
    engine.load()
    assert set(engine.index.manifest.language_means) == {"tr", "en"}
    assert engine.ask(question)[1].hits


def test_the_same_sentence_in_two_texts_keeps_both_places(tmp_path: Path) -> None:
    encoder = FakeEncoder()
    documents = [read("a", "Göl kurudu.", tmp_path), read("b", "Göl kurudu.", tmp_path)]
    index = build(documents, encoder)
    assert [(p.doc_id, p.text) for p in index.passages] == [
        ("a", "Göl kurudu."), ("b", "Göl kurudu."),
    ]  # fmt: skip
    assert len({p.passage_id for p in index.passages}) == 2
    again = build([replace(d) for d in documents], encoder, index)
    check_aligned(again)
