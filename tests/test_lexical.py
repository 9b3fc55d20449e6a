"""The lexical leg: BM25 over folded terms, whatever the texts hold."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dipnot.errors import IndexDamaged
from dipnot.lexical import build_lexical, open_lexical
from dipnot.tokens import index_terms

TEXTS = [
    "Göl 1887 yılında kurutuldu.",
    "Köylüler göl kıyısına evler yaptı. Göl, göl!",
    "The mill was rebuilt in 1905.",
    "ve ile bir",
]


def bm25(texts: Sequence[str], query: str) -> list[float]:
    """Lucene's BM25 as Kamphuis et al. (ECIR 2020) write it, term by term."""
    bags = [index_terms(text) for text in texts]
    mean = sum(map(len, bags)) / len(bags)
    scores = [0.0] * len(bags)
    for term in dict.fromkeys(index_terms(query)):
        holding = sum(term in bag for bag in bags)
        idf = math.log(1 + (len(bags) - holding + 0.5) / (holding + 0.5))
        for i, bag in enumerate(bags):
            count = bag.count(term)
            if count:
                scores[i] += idf * count / (count + 1.2 * (0.25 + 0.75 * len(bag) / mean))
    return scores


@pytest.mark.parametrize("query", ["göl", "GÖL kıyısı 1887", "mill göl mill", "İL", "gol kiyisi"])
def test_scores_equal_bm25_written_out(query: str) -> None:
    np.testing.assert_allclose(
        build_lexical(TEXTS).scores(query), bm25(TEXTS, query), rtol=1e-5, atol=1e-7
    )


@pytest.mark.parametrize("query", ["", "ve ile", "zürafa", "?!", "\n"])
def test_a_query_without_a_known_term_scores_nothing(query: str) -> None:
    assert build_lexical(TEXTS).scores(query).tolist() == [0.0] * 4


@pytest.mark.parametrize("texts", [[], [""], ["ve ile bir", "the of"], ["***"]])
def test_texts_without_any_term_are_indexed_saved_and_opened(
    texts: list[str], tmp_path: Path
) -> None:
    build_lexical(texts).save(tmp_path / "l")
    opened = open_lexical(tmp_path / "l", len(texts))
    assert opened.scores("göl").tolist() == [0.0] * len(texts)


@given(st.lists(st.text(max_size=30), min_size=1, max_size=8), st.text(max_size=30))
def test_any_texts_and_query_give_one_finite_score_a_text(texts: list[str], query: str) -> None:
    scores = build_lexical(texts).scores(query)
    assert scores.shape == (len(texts),)
    assert np.isfinite(scores).all()
    assert (scores >= 0).all()


def test_a_saved_index_gives_the_same(tmp_path: Path) -> None:
    index = build_lexical(TEXTS)
    index.save(tmp_path / "l")
    opened = open_lexical(tmp_path / "l", 4)
    assert opened.scores("göl 1905").tolist() == index.scores("göl 1905").tolist()
    with pytest.raises(IndexDamaged, match=r"holds 4 passages, expected 5.*Run"):
        open_lexical(tmp_path / "l", 5)


@pytest.mark.parametrize("damage", ["missing", "empty", "pickle", "junk"])
def test_a_damaged_folder_is_named_and_no_pickle_is_read(damage: str, tmp_path: Path) -> None:
    folder = tmp_path / "l"
    build_lexical(TEXTS).save(folder)
    for path in folder.iterdir():
        if path.suffix == ".npy" and damage == "pickle":
            np.save(path, np.array([{"a": 1}], dtype=object), allow_pickle=True)
        elif damage == "missing":
            path.unlink()
        elif damage != "pickle":
            path.write_bytes(b"" if damage == "empty" else b"[1]")
    with pytest.raises(IndexDamaged, match=r"/l cannot be opened: .*Run `\.venv/bin/dipnot build"):
        open_lexical(folder, 4)


def test_a_word_is_known_where_some_text_has_it_in_any_form() -> None:
    index = build_lexical(["Değirmenin taşı müzededir.", "The mill was rebuilt."])
    assert index.knows("değirmenci")
    assert index.knows("mill")
    assert index.knows("of the")
    assert not index.knows("Roma")
    assert not index.knows("taşı Roma")
