"""A corpus that is coded: it is found in as one that is not, and an edit keeps its codes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import cast

import numpy as np
import pytest

from dipnot.errors import IndexDamaged
from dipnot.index import embedding
from dipnot.index.build import Index, build_index
from dipnot.index.centring import normed
from dipnot.index.coded import CodedVectors
from dipnot.index.kept import open_kept
from dipnot.index.salvage import salvage
from dipnot.index.store import check_offsets, open_index, publish
from dipnot.types import Document, Filters, Page, Pair, Paragraph, Rows, Span, Vectors
from fakes import FakeEncoder, query_of, unit_rows

NAMES = "göl köy dağ nehir orman şehir ada kale liman köprü".split()
SENTENCES = 30


def document_of(name: str, size: int = SENTENCES) -> Document:
    text = " ".join(
        f"{NAMES[i % 10].title()} {NAMES[i * 7 % 10]} {name}{i // 7} kuruldu." for i in range(size)
    )
    whole = Span(0, len(text))
    return Document(
        name, name, None, ("tr",), text, name, name, (Page(1, None, whole),), (),
        (Paragraph(whole, "body", "tr"),), (), (),
    )  # fmt: skip


def built(
    names: str, encoder: FakeEncoder, previous: Index | None = None, exact: int = 0
) -> tuple[Index, int]:
    documents = [document_of(name) for name in names.split()]
    index, report = build_index(
        documents, (), encoder, previous, "20260101T000000-abcdef", lambda *_: None, None, exact
    )
    return index, report.embedded


def found(index: Index, text: str, filters: Filters = Filters(), k: int = 10) -> Rows:  # noqa: B008
    rows: Rows = index.legs.dense.candidates(query_of(vector=unit_rows([text])[0]), k, filters)[0]
    return rows


def test_what_is_found_among_codes_is_what_is_found_among_vectors(tmp_path: Path) -> None:
    encoder = FakeEncoder()
    exact, coded = built("a b c", encoder, exact=90)[0], built("a b c", encoder)[0]
    assert isinstance(coded.legs.dense.vectors, CodedVectors)
    assert not isinstance(exact.legs.dense.vectors, CodedVectors)
    publish(tmp_path, coded, 1)
    opened = open_index(tmp_path)
    check_offsets(opened)
    rows = np.arange(len(exact.passages))
    query = query_of("göl", unit_rows(["göl a1"])[0], unit_rows(["göl", "a1"]))
    for one, other in zip(exact.legs.named(), opened.legs.named(), strict=True):
        before, after = one[1].scores_of(query, rows), other[1].scores_of(query, rows)
        assert np.corrcoef(before, after)[0, 1] > 0.95
    for filters in (Filters(), Filters("b"), Filters("b", "tr", "body"), Filters(kind="list")):
        true = found(exact, "göl a1", filters, 999)
        true = true[np.isin(true, coded.legs.dense.vectors.stored)][:40]
        own = found(opened, "göl a1", filters, 40)
        assert opened.places.allowed(own, filters).all()
        assert len(own) == len(true)
        assert np.isin(own, true).sum() >= 0.8 * len(true)


def test_an_edit_embeds_what_is_new_alone_and_keeps_every_other_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedding, "SAMPLE", 50)
    encoder = FakeEncoder()
    publish(tmp_path, built("a b", encoder)[0], 1)
    first = open_index(tmp_path)
    second, embedded = built("c a b", encoder, first)
    assert embedded == 2 * SENTENCES - 1
    assert second.means is first.means
    for name in "ab":
        for leg in ("vectors", "tokens"):
            before, after = _codes(first, name, leg), _codes(second, name, leg)
            np.testing.assert_array_equal(before, after)
    assert "c" in second.passages[found(second, "göl c1")[0]].doc_id


def _codes(index: Index, doc_id: str, leg: str) -> Vectors:
    if leg == "tokens":
        numbers, late = index.places.sentences_of(doc_id), index.legs.late
        assert late is not None
        return cast(
            "Vectors", late.tokens[late.offsets[numbers.start] : late.offsets[numbers.stop]]
        )
    rows = np.array(index.places.rows_of(doc_id))
    vectors = index.legs.dense.vectors
    assert isinstance(vectors, CodedVectors)
    return cast("Vectors", vectors.codes_of(rows[np.isin(rows, vectors.stored)]))


def test_a_corpus_that_grows_beyond_what_is_kept_exactly_is_coded_without_embedding(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(embedding, "SAMPLE", 50)
    encoder = FakeEncoder()
    small = built("a b", encoder, exact=1000)[0]
    grown, embedded = built("a b", encoder, small)
    assert embedded == 0
    assert isinstance(grown.legs.dense.vectors, CodedVectors)
    assert grown.legs.late is not None
    assert grown.legs.late.codec is not None


def test_a_corpus_that_shrinks_to_half_of_what_is_coded_is_exact_again() -> None:
    encoder = FakeEncoder()
    large = built("a b c", encoder, exact=80)[0]
    assert isinstance(built("a b", encoder, large, exact=80)[0].legs.dense.vectors, CodedVectors)
    small, embedded = built("a", encoder, large, exact=80)
    assert embedded == 2 * SENTENCES - 1
    assert not isinstance(small.legs.dense.vectors, CodedVectors)
    assert small.means is not large.means


@pytest.mark.parametrize("interrupted", [False, True])
def test_codecs_are_learned_from_texts_of_everywhere(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, interrupted: bool
) -> None:
    monkeypatch.setattr(embedding, "SAMPLE", 50)
    monkeypatch.setattr(embedding, "_TAKEN", 64)
    encoder, names = FakeEncoder(), "a b c d"
    exact = built(names, encoder, exact=1000)[0]
    learned: list[set[str]] = []
    code = embedding._Gathered._code

    def noting(gathered: embedding._Gathered) -> None:
        rows = [row for own, *_ in gathered._waiting for row in own.tolist()]
        learned.append({exact.passages[row].doc_id for row in rows})
        code(gathered)

    monkeypatch.setattr(embedding._Gathered, "_code", noting)
    kept = open_kept(tmp_path, encoder)
    if interrupted:
        for passage in exact.passages:
            single = len(passage.sentences) == 1
            made = encoder.encode_passages([passage.text], tokens=single)
            kept.add([passage.content_hash], made, single=single)
        kept.close()
        kept = open_kept(tmp_path, encoder)
    documents = [document_of(name) for name in names.split()]
    build_index(
        documents, (), encoder, None if interrupted else exact,
        "20260101T000000-abcdef", lambda *_: None, kept, 0,
    )  # fmt: skip
    kept.close()
    assert learned[0] == set(names.split())


def test_codes_of_a_generation_that_cannot_be_opened_are_salvaged(tmp_path: Path) -> None:
    encoder = FakeEncoder()
    publish(tmp_path, built("a", encoder)[0], 1)
    index = open_index(tmp_path)
    folder = tmp_path / "generations" / index.manifest.generation
    (folder / "dense" / "index.faiss").write_bytes(b"")
    with pytest.raises(IndexDamaged):
        open_index(tmp_path)
    kept = open_kept(tmp_path, encoder)
    salvage(tmp_path, encoder, set(), kept)
    again = open_kept(tmp_path, encoder)
    for row, passage in enumerate(index.passages):
        single = row in index.places.sentences
        record = again.find(passage.content_hash, single=single)
        assert record is not None
        assert (record.tokens is not None) == single
        np.testing.assert_allclose(
            record.vector, index.legs.dense.vectors[np.array([row])][0], atol=1e-5
        )
    kept.close()
    again.close()


class Joining(FakeEncoder):
    """Puts windows together of the tokens of their sentences."""

    def encode_windows(self, windows: Sequence[Pair]) -> Vectors:
        sums = [2 * first.sum(axis=0) + second.sum(axis=0) for first, second in windows]
        return normed(np.array(sums, np.float32).reshape(-1, self.dimension))


@pytest.mark.parametrize("at_once", [4, 256])
def test_a_window_is_put_together_of_its_sentences_and_read_by_none(
    monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(embedding, "_AT_ONCE", at_once)
    encoder = Joining()
    index = built("a b", encoder, exact=1000)[0]
    sentences = {index.sentence(n).text for n in range(len(index.places.sentences))}
    own = [text for text in encoder.passages if "kuruldu" in text]
    assert set(own) == sentences
    assert len(own) <= len(sentences) + len(sentences) / at_once + 1
    for row, passage in enumerate(index.passages):
        if len(passage.sentences) == 2:
            one, other = (index.sentence(index.places.first[row] + n).text for n in (0, 1))
            pair = (unit_rows(one.split()), unit_rows(other.split()))
            made = encoder.encode_windows([pair])[0]
            np.testing.assert_allclose(
                index.legs.dense.vectors[np.array([row])][0], made, atol=1e-5
            )


def test_an_edit_puts_the_same_windows_together_as_a_build_of_all() -> None:
    encoder = Joining()
    whole = built("a b", encoder, exact=1000)[0]
    first = built("b", encoder, exact=1000)[0]
    edited, embedded = built("a b", encoder, first, exact=1000)
    assert embedded == 2 * SENTENCES - 1
    rows = np.arange(len(whole.passages))
    np.testing.assert_allclose(
        edited.legs.dense.vectors[rows], whole.legs.dense.vectors[rows], atol=1e-6
    )
