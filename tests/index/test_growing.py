"""An index that is added to is the index that would have been built of all texts in one go."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dipnot.index import growing
from dipnot.index.build import Index, build_index
from dipnot.index.growing import Addition, grow_index, is_growable, segments_kept
from dipnot.index.prepared import taken_over
from dipnot.index.store import check_offsets, new_generation, open_generation, open_index, publish
from dipnot.types import Document, Filters, Page, Paragraph, Section, Span
from fakes import FakeEncoder, query_of, unit_rows

NAMES = "göl köy dağ nehir orman şehir ada kale liman köprü".split()
BASE = {f"d{n:02}": n for n in range(0, 40, 2)}


def document_of(name: str, seed: int) -> Document:
    """A text; of a seed below 0 one that has no word."""
    sentences = (
        ["— … —"]
        if seed < 0
        else [
            f"{NAMES[(seed + i) % 10].title()} {NAMES[seed * i * 7 % 10]} söz{seed}a{i} kuruldu. "
            for i in range(2 + seed % 4)
        ]
    )
    text = "".join(sentences)
    head, whole = Span(0, len(sentences[0])), Span(0, len(text))
    return Document(
        name, name, None, ("tr",), text, f"{name}.txt", f"{name}-{seed}", (Page(1, None, whole),),
        (Section(f"Başlık {seed}", 1, head),) if seed % 3 else (),
        (Paragraph(whole, "list" if seed % 5 == 0 else "body", "tr"),), (), (),
    )  # fmt: skip


def documents_of(texts: Mapping[str, int]) -> list[Document]:
    return [document_of(name, texts[name]) for name in sorted(texts)]


def quiet(*_: object) -> None:
    """Progress that nobody sees."""


def built(texts: Mapping[str, int], previous: Index | None = None) -> Index:
    documents = documents_of(texts)
    return build_index(documents, (), FakeEncoder(), previous, "g", quiet, None, 0)[0]


def begun(folder: Path, texts: Mapping[str, int] = BASE) -> Index:
    documents, name = documents_of(texts), new_generation(folder)
    publish(folder, build_index(documents, (), FakeEncoder(), None, name, quiet, None, 0)[0], 3)
    return open_index(folder)


def grown(folder: Path, texts: Mapping[str, int], encoder: FakeEncoder | None = None) -> Index:
    """Bring an index up to texts, as a build does."""
    previous, documents = open_index(folder), documents_of(texts)
    hashes = {d.doc_id: d.content_hash for d in documents}
    read = [d for d in documents if previous.manifest.documents.get(d.doc_id) != d.content_hash]
    name, encoder = new_generation(folder), encoder or FakeEncoder()
    made = grow_index(hashes, read, (), encoder, previous, name, quiet)
    if made is None:
        whole = build_index(documents, (), encoder, previous, name, quiet, None, 0)
    publish(folder, made[0] if made else whole[0], 3)
    return open_index(folder)


def assert_same(index: Index, texts: Mapping[str, int], carried: Index) -> None:
    """Whether an index is what a build of all texts in one go makes.

    ``carried``: an index with its codecs and means, which tell a new one of nothing.
    """
    new, same = built(texts), built(texts, carried)
    assert tuple(index.passages) == tuple(new.passages)
    assert list(index.documents.items()) == list(new.documents.items())
    assert index.manifest.passages == len(new.passages)
    check_offsets(index)
    for name in ("row_bounds", "sentence_bounds", "first", "last", "sentences", "starts"):
        np.testing.assert_array_equal(getattr(index.places, name), getattr(new.places, name))
    for passage in new.passages[::7]:
        assert index.row_of(passage.passage_id) == new.row_of(passage.passage_id)
    assert dict(index.rows_with(new.hashes())).keys() == set(new.hashes())
    lexical, fresh = index.legs.lexical, new.legs.lexical
    for term in fresh.parts[0].vocabulary:
        assert lexical.frequency(term) == fresh.frequency(term)
    assert list(lexical.starting("")) == list(fresh.starting(""))
    rows = np.arange(len(new.passages))
    first = min(texts)
    for text in ("göl köy", f"liman söz{texts[first]}a1", "zürafa"):
        query = query_of(text, unit_rows([text])[0], unit_rows(text.split()))
        np.testing.assert_allclose(lexical.scores_of(query, rows), fresh.scores_of(query, rows))
        for filters in (Filters(), Filters(first), Filters(kind="list"), Filters(language="tr")):
            both = [leg.candidates(query, 9, filters) for leg in (lexical, fresh)]
            np.testing.assert_array_equal(both[0][0], both[1][0])
            np.testing.assert_allclose(both[0][1], both[1][1])
            both = [own.legs.dense.candidates(query, len(rows), filters) for own in (index, same)]
            np.testing.assert_array_equal(np.sort(both[0][0]), np.sort(both[1][0]))
            np.testing.assert_allclose(both[0][1], both[1][1], atol=1e-5)
        for leg in ("dense", "late"):
            own = [dict(of.legs.named())[leg].scores_of(query, rows) for of in (index, same)]
            np.testing.assert_allclose(own[0], own[1], atol=1e-5)


steps = st.tuples(
    st.sampled_from(["add", "edit", "remove", "rename"]), st.integers(0, 60), st.integers(50, 99)
)


@settings(max_examples=15)
@given(st.lists(steps, min_size=1, max_size=6), st.sampled_from([1, 4]))
def test_after_any_changes_all_is_as_if_it_were_built_in_one_go(
    changes: list[tuple[str, int, int]], share: int
) -> None:
    with TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        patch.setattr(growing, "_SHARE", share)
        texts = dict(BASE)
        first = index = begun(Path(name))
        for kind, place, seed in changes:
            chosen = sorted(texts)[place % len(texts)]
            if kind in ("remove", "rename") and len(texts) > 1:
                seed = texts.pop(chosen) if kind == "rename" else seed  # noqa: PLW2901
                texts.pop(chosen, None)
            if kind == "edit":
                texts[chosen] = seed
            elif kind != "remove":
                texts[f"d{place:02}"] = seed
            index = grown(Path(name), texts)
        assert_same(index, texts, first)


def _composed(index: Index, doc_id: str) -> int:
    """How many windows of a text are put together of two others."""
    rows = np.array(index.places.rows_of(doc_id))
    return int((index.places.last[rows] - index.places.first[rows] == 3).sum())


def test_one_text_more_is_written_and_embedded_alone(tmp_path: Path) -> None:
    first = begun(tmp_path)
    encoder = FakeEncoder()
    index = grown(tmp_path, BASE | {"d05": 77}, encoder)
    assert index.manifest.added == (index.manifest.generation,)
    folder = tmp_path / "generations" / index.manifest.generation
    new = [p for p in folder.rglob("*") if p.is_file() and p.stat().st_nlink == 1]
    own = {p.relative_to(folder).parts[0] for p in new}
    assert own == {"manifest.json", "manifest.sha256", "added"}
    assert len(index.passages) > len(first.passages)
    assert len(encoder.passages) == len(index.places.rows_of("d05")) - _composed(index, "d05")


def test_a_text_without_a_word_is_added_as_well(tmp_path: Path) -> None:
    first = begun(tmp_path)
    index = grown(tmp_path, BASE | {"d05": -1})
    assert len(index.passages) == len(first.passages)
    assert "d05" in index.documents
    again = grown(tmp_path, BASE | {"d05": -1, "d07": 7})
    assert len(again.places.rows_of("d07"))


def test_segments_that_are_no_larger_than_what_is_new_are_written_along() -> None:
    assert segments_kept([1000], [1000], 10) == 1
    assert segments_kept([1000, 50], [1000, 50], 10) == 2
    assert segments_kept([1000, 50, 10], [1000, 50, 10], 10) == 2
    assert segments_kept([1000, 50, 40], [1000, 50, 40], 40) == 1, "the two of 40 outgrow the 50"
    assert segments_kept([1000, 50], [1000, 20], 0) == 1, "more than half of it is gone"
    assert segments_kept([1000, 50], [1000, 50], 0) == 2
    assert segments_kept([1000], [1000], 251) == 0
    assert segments_kept([1000], [749], 0) == 0
    assert segments_kept([1000, 200], [1000, 200], 51) == 0


def test_a_small_index_is_not_added_to(tmp_path: Path) -> None:
    documents, name = documents_of(BASE), new_generation(tmp_path)
    publish(tmp_path, build_index(documents, (), FakeEncoder(), None, name, quiet)[0], 3)
    index = open_index(tmp_path)
    assert not is_growable(index)
    assert grow_index({}, [], (), FakeEncoder(), index, "g", quiet) is None


def test_generations_go_on_standing_when_the_one_they_grew_from_is_pruned(tmp_path: Path) -> None:
    texts, first = dict(BASE), begun(tmp_path)
    for seed in range(50, 55):
        texts[f"e{seed}"] = seed
        index = grown(tmp_path, texts)
    kept = sorted(p.name for p in (tmp_path / "generations").iterdir())
    assert len(kept) == 3
    assert first.manifest.generation not in kept
    assert_same(index, texts, first)
    before = {d: seed for d, seed in texts.items() if seed != 54}
    assert_same(open_generation(tmp_path, kept[1]), before, first)


def test_texts_are_taken_over_into_an_engine_as_they_stand_in_any_segment(tmp_path: Path) -> None:
    first, texts = begun(tmp_path), BASE | {"d05": 77}
    index, same = grown(tmp_path, texts), built(texts, first)
    for doc_id in ("d04", "d05"):
        one, other = (taken_over(own, doc_id) for own in (index, same))
        assert (one.document, one.passages, one.terms) == (
            other.document, other.passages, other.terms,
        )  # fmt: skip
        np.testing.assert_allclose(one.vectors, other.vectors, atol=1e-6)
        assert one.tokens is not None
        assert other.tokens is not None
        for a, b in zip(one.tokens, other.tokens, strict=True):
            np.testing.assert_array_equal(a, b)


def test_a_disk_without_hard_links_gets_copies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = begun(tmp_path)

    def refused(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(os, "link", refused)
    texts = BASE | {"d05": 77}
    assert_same(grown(tmp_path, texts), texts, first)
    assert all(p.stat().st_nlink == 1 for p in tmp_path.rglob("*") if p.is_file())


def test_an_addition_names_what_it_is_added_to(tmp_path: Path) -> None:
    first = begun(tmp_path)
    hashes = {d.doc_id: d.content_hash for d in documents_of(BASE)}
    gone = hashes.pop("d00")
    made = grow_index(hashes, [], (), FakeEncoder(), first, "g", quiet)
    assert gone
    assert made is not None
    addition, report = made
    assert isinstance(addition, Addition)
    assert addition.onto == first.manifest
    assert report.removed == ("d00",)
    assert report.embedded == 0
    assert addition.removed[0], "the terms of a text that is gone are told"
