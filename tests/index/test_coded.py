"""Vectors that stay on disk as codes: which rows are stored, and what the others are made of."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from dipnot.index.build import Index, build_index
from dipnot.index.centring import centred
from dipnot.index.coded import CodedVectors, parts_of, stored_rows
from dipnot.types import Document, Page, Paragraph, Span, Vectors
from fakes import DIMENSION, FakeEncoder, query_of


@pytest.fixture(scope="module")
def index() -> Index:
    texts = [
        "Göl kurudu. Köy boşaldı. Dağ kaldı. Yol uzundu.",
        "Kale yıkıldı.",
        "Su aktı. Et bitti.",
    ]
    documents = []
    for n, text in enumerate(texts):
        whole = Span(0, len(text))
        documents.append(
            Document(
                f"d{n}", "", None, ("tr",), text, "", str(n), (Page(1, None, whole),), (),
                (Paragraph(whole, "body", "tr"),), (), (),
            )
        )  # fmt: skip
    return build_index(documents, (), FakeEncoder(), None, "g", lambda *_: None, None, 0)[0]


def test_windows_of_three_are_the_mean_of_the_two_windows_of_two_inside(index: Index) -> None:
    places, passages = index.places, index.passages
    rows = np.arange(len(passages))
    stored = stored_rows(places)
    assert {len(passages[r].sentences) for r in stored} == {1, 2}
    one, other = parts_of(rows, places)
    for row in rows.tolist():
        if row in stored:
            assert one[row] == other[row] == row
        else:
            first, second = passages[one[row]], passages[other[row]]
            assert first.sentences + second.sentences[1:] == passages[row].sentences


def test_rows_are_given_in_any_order_and_all_at_once(index: Index) -> None:
    vectors = index.legs.dense.vectors
    assert isinstance(vectors, CodedVectors)
    everything = np.asarray(vectors)
    assert everything.shape == vectors.shape == (len(index.passages), DIMENSION)
    np.testing.assert_allclose(np.linalg.norm(everything, axis=1), 1, atol=1e-5)
    asked = np.array([3, 0, 3, len(everything) - 1])
    np.testing.assert_allclose(vectors[asked], everything[asked], atol=1e-6)
    assert vectors[asked[:0]].shape == (0, DIMENSION)


def test_products_are_those_of_the_vectors_put_together(index: Index) -> None:
    vectors = index.legs.dense.vectors
    assert isinstance(vectors, CodedVectors)
    asked = np.random.default_rng(3).normal(size=(4, DIMENSION)).astype(np.float32)
    rows = np.array([5, 0, 1, 5, len(index.passages) - 1, 2, 3, 4])
    np.testing.assert_allclose(vectors.products(rows, asked), vectors[rows] @ asked.T, atol=1e-5)
    assert vectors.products(rows[:0], asked).shape == (0, 4)


def test_scores_by_codes_are_products_with_the_centred_vectors(index: Index) -> None:
    leg, rows = index.legs.dense, np.arange(len(index.passages))
    mean: Vectors = np.random.default_rng(4).normal(0, 0.05, leg.means.shape).astype(np.float32)
    leg = replace(leg, means=mean)
    query = query_of(vector=mean[0] * 10)
    own = centred(np.asarray(leg.vectors), mean[index.places.languages])
    np.testing.assert_allclose(leg.scores_of(query, rows), own @ query.vector, atol=1e-5)
