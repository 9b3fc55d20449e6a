"""Centring: what a language has in common is subtracted, and what is saved is opened."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from dipnot.errors import IndexDamaged
from dipnot.index.centring import centred, mean_of, measure, open_means
from dipnot.types import LANGUAGES
from fakes import DIMENSION, FakeEncoder, unit_rows

TEXTS = ["Göl 1887 yılında kurutuldu.", "Köylüler kıyıya ev yaptı.", "The mill burned."]
OF = ["tr", "tr", "en"]


def test_what_is_centred_has_length_one_and_nothing_gives_nothing() -> None:
    rows = unit_rows(TEXTS)
    moved = centred(rows, rows.mean(axis=0))
    assert moved.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(moved, axis=1), 1, atol=1e-5)
    assert (centred(rows, rows) == 0).all()


def test_a_question_in_no_language_is_centred_by_the_mean_of_all() -> None:
    means = np.arange(len(LANGUAGES) * 3, dtype=np.float32).reshape(len(LANGUAGES), 3)
    for row, language in enumerate(LANGUAGES):
        np.testing.assert_array_equal(mean_of(means, language), means[row])
    np.testing.assert_array_equal(mean_of(means, None), means.mean(axis=0))


def test_a_language_of_which_the_corpus_has_nothing_has_a_mean_all_the_same() -> None:
    means = measure(["tr", "tr"], unit_rows(TEXTS[:2]), None, FakeEncoder())
    assert means.passages.shape == means.questions.shape == (len(LANGUAGES), DIMENSION)
    assert (np.linalg.norm(means.passages, axis=1) > 0).all()
    assert means.tokens.shape == means.question_tokens.shape == (0, DIMENSION)


@pytest.mark.parametrize("tokens", [True, False])
def test_means_are_opened_as_they_were_saved(tmp_path: Path, *, tokens: bool) -> None:
    own = [unit_rows(text.split()) for text in TEXTS] if tokens else None
    means = measure(OF, unit_rows(TEXTS), own, FakeEncoder(with_tokens=tokens))
    means.save(tmp_path)
    opened = open_means(tmp_path, DIMENSION)
    for name in ("passages", "tokens", "questions", "question_tokens"):
        np.testing.assert_array_equal(getattr(opened, name), getattr(means, name))


def test_means_of_another_shape_are_refused(tmp_path: Path) -> None:
    measure(OF, unit_rows(TEXTS), None, FakeEncoder()).save(tmp_path)
    with pytest.raises(IndexDamaged, match="expected 2 rows of 7"):
        open_means(tmp_path, 7)
