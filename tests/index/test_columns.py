"""Passages and documents as columns: what is opened equals what was saved, whatever it holds."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dipnot.errors import IndexDamaged
from dipnot.index.columns import StoredDocuments, open_columns, save_columns
from dipnot.index.passages import make_passages
from dipnot.index.places import make_places
from dipnot.types import Document, Page, Paragraph, Section, Span

WORDS = st.text(st.sampled_from("aşğİ ı𝔘\n\ud800.é7"), min_size=1, max_size=40)


def document_of(number: int, paragraphs: list[str]) -> Document:
    text, spans = "", []
    for paragraph in paragraphs:
        spans.append(Span(len(text), len(text) + len(paragraph)))
        text += paragraph + "\n\n"
    pages = (Page(1, None, Span(0, len(text) // 2)), Page(2, None, Span(len(text) // 2, len(text))))
    return Document(
        f"d.{number}", "ad", None, ("tr",), text, "d.txt", "0" * 64, pages,
        (Section("Başlık", 1, spans[-1]),) if number % 2 else (),
        tuple(Paragraph(span, "footnote" if i % 2 else "body", "tr")
              for i, span in enumerate(spans)), (), (),
    )  # fmt: skip


def saved(folder: Path, documents: list[Document]) -> list[Document]:
    passages = [p for d in documents for p in make_passages(d)]
    save_columns(folder, documents, passages, make_places(passages))
    return documents


@given(st.lists(st.lists(WORDS, min_size=1, max_size=4), max_size=4))
def test_what_is_opened_equals_what_was_saved(texts: list[list[str]]) -> None:
    whole = [[p.replace("\ud800", "") for p in own] for own in texts]
    documents = [document_of(n, paragraphs) for n, paragraphs in enumerate(whole)]
    passages = [p for d in documents for p in make_passages(d)]
    with TemporaryDirectory() as name:
        saved(Path(name), documents)
        opened = open_columns([Path(name)]).passages
        assert tuple(opened) == tuple(passages) == opened[:]
        own = {d.doc_id: d for d in documents}
        assert dict(open_columns([Path(name)], list(own)).documents) == own
        assert opened.all_hashes() == [p.content_hash for p in passages]
        for row, passage in enumerate(passages):
            assert opened.text_of(row) == passage.text
            assert opened.row_of(passage.passage_id) == row
        before, after = make_places(passages), opened.places
        for field in ("first", "last", "sentences", "starts", "ends", "kinds", "row_bounds"):
            np.testing.assert_array_equal(getattr(before, field), getattr(after, field))
        assert before.doc_ids == after.doc_ids


def test_an_id_of_no_passage_has_no_row(tmp_path: Path) -> None:
    saved(tmp_path, [document_of(1, ["Göl kurudu. Göl kurudu."])])
    opened = open_columns([tmp_path]).passages
    first = opened[0].passage_id
    for wrong in ("", "d.1", "d.1.", f"{first}-9", f"{first}x", first.upper(), f"d.2{first[3:]}"):
        assert opened.row_of(wrong) is None
    assert opened[-1].passage_id != opened[0].passage_id
    with pytest.raises(IndexError):
        opened[len(opened)]


def test_many_documents_are_read_as_they_are_asked_for(tmp_path: Path) -> None:
    documents = saved(tmp_path, [document_of(n, [f"Söz {n}."]) for n in range(70)])
    opened = open_columns([tmp_path], [d.doc_id for d in documents]).documents
    assert isinstance(opened, StoredDocuments)
    assert list(opened) == [d.doc_id for d in documents]
    first = opened["d.0"]
    assert opened["d.0"] is first
    assert [opened[d.doc_id] for d in documents] == documents
    assert opened["d.0"] is not first  # so many are not kept
    assert "d.70" not in opened
    assert len(opened) == 70
    with pytest.raises(KeyError):
        opened["d.70"]


@pytest.mark.parametrize("name", ["windows", "hashes", "again", "sentences"])
def test_columns_that_do_not_fit_each_other_are_refused(name: str, tmp_path: Path) -> None:
    saved(tmp_path, [document_of(1, ["Göl kurudu. Köy boşaldı."])])
    path = tmp_path / "passages" / f"{name}.npy"
    np.save(path, np.load(path)[:-1])
    with pytest.raises(IndexDamaged, match=r"do not fit each other.*Run"):
        open_columns([tmp_path])
