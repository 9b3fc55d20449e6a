"""The index in memory: what is embedded, what is reused, and where windows stand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from dipnot.building import update_index
from dipnot.corpus import Text, read_text
from dipnot.engine import Engine
from dipnot.index.build import Index, build_index
from dipnot.index.passages import embedded_text, make_passages
from dipnot.settings import Settings
from dipnot.types import LANGUAGES, Document, Source
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


def composed(index: Index) -> list[int]:
    """The windows of three sentences, whose vectors are made of those of two."""
    return [row for row, p in enumerate(index.passages) if len(p.sentences) == 3]


def check_aligned(index: Index) -> None:
    """Everything that is aligned by position belongs together."""
    from fakes import unit_rows

    texts = [embedded_text(p.text) for p in index.passages]
    legs = index.legs
    by_row = dict(enumerate(unit_rows(texts)))
    for row in composed(index):
        first, last = int(index.places.first[row]), int(index.places.last[row])
        halves = (index.places.row_over(first, last - 1), index.places.row_over(first + 1, last))
        together = by_row[halves[0]] + by_row[halves[1]]
        by_row[row] = together / np.linalg.norm(together)
    expected = np.array([by_row[row] for row in range(len(texts))])
    np.testing.assert_allclose(legs.dense.vectors, expected, atol=1e-6)
    assert legs.dense.index.ntotal == len(texts) == len(legs.lexical.places.first)
    assert legs.late is not None
    for number, row in enumerate(index.places.sentences):
        own = unit_rows(texts[row].split())
        np.testing.assert_allclose(legs.late.tokens_of(number), own, atol=1e-3)


def test_every_passage_of_one_or_two_sentences_is_embedded_once_in_its_place(
    tmp_path: Path,
) -> None:
    encoder = FakeEncoder()
    lake = read("lake", LAKE, tmp_path)
    index = build([lake], encoder)
    assert composed(index)
    assert sorted(embedded(encoder, lake)) == sorted(
        embedded_text(p.text) for p in index.passages if len(p.sentences) < 3
    )
    check_aligned(index)


def test_a_second_text_embeds_its_own_passages_only(tmp_path: Path) -> None:
    encoder = FakeEncoder()
    lake, railway = read("lake", LAKE, tmp_path), read("railway", RAILWAY, tmp_path)
    first = build([lake], encoder)
    embedded(encoder)
    second = build([railway, lake], encoder, first)
    expected = sorted(embedded_text(p.text) for p in make_passages(railway) if len(p.sentences) < 3)
    assert sorted(embedded(encoder, lake, railway)) == expected
    check_aligned(second)
    fresh = build([railway, lake], encoder)
    np.testing.assert_array_equal(second.legs.dense.vectors, fresh.legs.dense.vectors)
    assert second.legs.late is not None
    assert fresh.legs.late is not None
    np.testing.assert_array_equal(second.legs.late.tokens, fresh.legs.late.tokens)
    np.testing.assert_array_equal(second.means.passages, fresh.means.passages)


def test_a_changed_text_embeds_only_the_windows_that_changed_and_their_sentences(
    tmp_path: Path,
) -> None:
    encoder = FakeEncoder()
    lake = read("lake", LAKE, tmp_path)
    first = build([lake], encoder)
    embedded(encoder)
    changed = read("lake", LAKE.replace("müzededir", "kayıptır"), tmp_path)
    second = build([changed], encoder, first)
    given = embedded(encoder, lake, changed)
    new = [p for p in second.passages if "kayıptır" in p.text and len(p.sentences) < 3]
    texts = {embedded_text(p.text) for p in new}
    texts |= {embedded_text(changed.text[slice(*span)]) for p in new for span in p.sentences}
    assert sorted(given) == sorted(texts)
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


def test_an_encoder_without_token_vectors_still_answers(settings: Settings) -> None:
    engine = Engine(settings, FakeEncoder(with_tokens=False))
    engine.load()
    assert engine.index.legs.late is None
    (settings.corpus / "railway.txt").write_text(RAILWAY, "utf-8")
    update_index(settings, FakeEncoder(with_tokens=False), lambda *_: None)
    engine.reload()
    _, answer = engine.ask("Demiryolu kasabaya ne zaman ulaştı?")
    assert any("1911" in hit.passage.text for hit in answer.hits)


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
    assert len(engine.index.means.passages) == len(LANGUAGES)
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
