"""Late interaction: the fast form equals the plain loop."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dipnot.late import make_token_index
from dipnot.types import Vectors


def unit(rows: int, seed: int) -> Vectors:
    made = np.random.default_rng(seed).normal(size=(rows, 8)).astype(np.float32)
    scaled: Vectors = made / np.linalg.norm(made, axis=1, keepdims=True)
    return scaled


@given(
    st.lists(st.tuples(st.integers(0, 5), st.sampled_from(["tr", "en"])), min_size=1, max_size=7),
    st.integers(0, 4),
    st.data(),
)
def test_best_matches_equal_a_plain_loop(
    sentences: list[tuple[int, str]], words: int, data: st.DataObject
) -> None:
    tokens = [unit(count, i) for i, (count, _) in enumerate(sentences)]
    means = {"tr": unit(1, 50)[0] * 0.3, "en": unit(1, 51)[0] * 0.3}
    index = make_token_index(tokens, means, [language for _, language in sentences])
    query = unit(words, 99)
    asked = np.array(data.draw(st.lists(st.integers(0, len(sentences) - 1), max_size=6)), np.int64)
    found = index.best_matches(query, asked)
    assert found.shape == (len(asked), words)
    for row, sentence in zip(found, asked, strict=True):
        own = index.of(int(sentence)).astype(np.float32) - means[sentences[sentence][1]]
        for score, token in zip(row, query, strict=True):
            cosines = [float(token @ o / np.linalg.norm(o)) for o in own]
            assert score == pytest.approx(max(cosines, default=-1.0), abs=1e-4)


def test_no_sentences_make_an_index_without_tokens() -> None:
    index = make_token_index([], {}, [])
    assert index.best_matches(unit(2, 1), np.zeros(0, np.int64)).shape == (0, 2)
