"""BM25 as an inner product, and what is fetched for a question."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dipnot.index.lexical import build_lexical
from dipnot.index.milvus_legs import (
    Words,
    rarity_of,
    read_tokens,
    term_weights,
    token_parts,
    token_rows,
)
from dipnot.language.tokens import index_terms
from dipnot.types import Filters
from fakes import places_of

TEXTS = st.lists(st.text("abc ", min_size=1, max_size=30), min_size=2, max_size=8)


@given(TEXTS)
def test_rarity_and_weights_multiply_to_the_bm25_of_the_home_of_files(texts: list[str]) -> None:
    terms = [index_terms(text) for text in texts]
    known = sorted({term for own in terms for term in own})
    if not known:
        return
    leg = build_lexical(texts, places_of(len(texts)))
    numbers = {term: i for i, term in enumerate(known)}
    mean = float(np.mean([len(own) for own in terms]))
    weights = [term_weights(own, mean, numbers) for own in terms]
    for term in known:
        rarity = rarity_of(leg.frequency(term), len(texts))
        held, scores = leg.best([term], len(texts), Filters())
        own = [weights[row][numbers[term]] * rarity for row in held]
        np.testing.assert_allclose(own, scores, rtol=1e-5)


def test_a_term_is_found_among_the_words_or_is_not() -> None:
    words = Words(["a", "c"], np.array([7, 3]), np.array([1, 2]))
    assert [words.at(term) for term in ("a", "b", "c", "d")] == [0, None, 1, None]


@pytest.mark.parametrize("count", [0, 1, 90, 400])
def test_tokens_come_back_out_of_their_rows(count: int) -> None:
    tokens = np.random.default_rng(3).normal(size=(count, 384)).astype(np.float16)
    rows = list(token_rows(5, tokens))
    assert len(rows) == token_parts(tokens.nbytes)
    assert [row["key"] for row in rows] == [(5 << 8) | part for part in range(len(rows))]
    body = b"".join(read_tokens(row) for row in rows)
    np.testing.assert_array_equal(np.frombuffer(body, np.float16).reshape(-1, 384), tokens)
