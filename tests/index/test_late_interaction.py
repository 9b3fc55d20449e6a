"""The leg of late interaction: the fast form equals the plain loop, and is saved whole."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dipnot.errors import IndexDamaged
from dipnot.index.joined import plain
from dipnot.index.late_interaction import (
    LateLeg,
    build_late,
    context_begins,
    context_scores,
    open_late,
)
from dipnot.index.places import make_places
from dipnot.types import LANGUAGES, Filters, Language, Span, Vectors
from fakes import passages_of, places_of, query_of

MEANS = np.random.default_rng(50).normal(size=(len(LANGUAGES), 8)).astype(np.float32) * 0.1


def unit(rows: int, seed: int) -> Vectors:
    made = np.random.default_rng(seed).normal(size=(rows, 8)).astype(np.float32)
    scaled: Vectors = made / np.linalg.norm(made, axis=1, keepdims=True)
    return scaled


def leg_of(counts: list[int], languages: list[Language] | None = None) -> LateLeg:
    passages = passages_of([f"söz {n}" for n in range(len(counts))], languages or LANGUAGES)
    tokens = [unit(count, n) for n, count in enumerate(counts)]
    return build_late(tokens, MEANS, make_places(passages))


@given(
    st.lists(st.tuples(st.integers(0, 5), st.sampled_from(LANGUAGES)), min_size=1, max_size=7),
    st.integers(0, 4),
    st.data(),
)
def test_best_matches_equal_a_plain_loop(
    sentences: list[tuple[int, Language]], words: int, data: st.DataObject
) -> None:
    languages = [language for _, language in sentences]
    leg = leg_of([count for count, _ in sentences], languages)
    query = unit(words, 99)
    asked = np.array(data.draw(st.lists(st.integers(0, len(sentences) - 1), max_size=6)), np.int64)
    found = leg.matches(query_of(tokens=query), asked)
    assert found.shape == (len(asked), words)
    for row, sentence in zip(found, asked, strict=True):
        mean = MEANS[LANGUAGES.index(languages[sentence])]
        own = leg.tokens_of(int(sentence)).astype(np.float32) - mean
        for score, token in zip(row, query, strict=True):
            cosines = [float(token @ o / np.linalg.norm(o)) for o in own]
            assert score == pytest.approx(max(cosines, default=-1.0), abs=1e-4)


def test_a_row_scores_what_its_sentences_match_together_and_the_best_alone() -> None:
    leg = leg_of([3, 1, 4])
    query = query_of(tokens=unit(2, 7))
    matches = leg.matches(query, np.arange(3))
    # Each row of these is one sentence: both parts are its mean.
    np.testing.assert_allclose(
        leg.scores_of(query, np.arange(3)), 2 * matches.mean(axis=1), rtol=1e-5
    )


def test_it_finds_nothing_by_itself() -> None:
    rows, scores = leg_of([2, 2]).candidates(query_of(tokens=unit(2, 1)), 5, Filters())
    assert len(rows) == len(scores) == 0


def test_no_sentences_make_a_leg_without_tokens() -> None:
    leg = leg_of([])
    asked = np.zeros(0, np.int64)
    assert leg.matches(query_of(tokens=unit(2, 1)), asked).shape == (0, 2)
    assert leg.scores_of(query_of(tokens=unit(2, 1)), asked).shape == (0,)


def test_a_saved_leg_gives_the_same_and_another_number_of_sentences_is_refused(
    tmp_path: Path,
) -> None:
    leg = leg_of([2, 0, 3])
    leg.save(tmp_path)
    again = open_late([tmp_path], MEANS, leg.places, plain(len(leg.places.sentences)))
    query = query_of(tokens=unit(3, 5))
    np.testing.assert_array_equal(
        leg.matches(query, np.arange(3)), again.matches(query, np.arange(3))
    )
    with pytest.raises(IndexDamaged, match=r"5 tokens of 3 sentences, expected 4.*Run"):
        open_late([tmp_path], MEANS, places_of(4), plain(4))


def test_what_a_sentence_leaves_unsaid_is_met_in_those_right_before_it_in_its_document() -> None:
    """The word asked for stands in sentence 1; others follow, the last of another document."""
    starts = [0, 10, 20, 30, 300, 409, 411, 500, 600, 700, 800, 0]
    spans = [Span(start, start + 5) for start in starts]
    passages = [
        replace(p, doc_id="one" if n < 11 else "other", span=spans[n], sentences=(spans[n],))
        for n, p in enumerate(passages_of([f"söz {n}" for n in range(12)]))
    ]
    places = make_places(passages)
    named, silent = np.array([0.8], np.float32), np.array([0.1], np.float32)
    matches = {n: named if n == 1 else silent for n in range(12)}
    rows = np.arange(12)
    near = np.flatnonzero(context_scores(places, rows, matches) > 0.5)
    assert near.tolist() == [1, 2, 3, 4, 5]  # 400 characters on, and no further
    assert context_begins(places, rows[[0, 2, 5, 6, 10, 11]]).tolist() == [0, 0, 1, 2, 5, 11]


def test_no_more_than_eight_sentences_stand_before_one() -> None:
    spans = [Span(start * 10, start * 10 + 5) for start in range(12)]
    passages = [
        replace(p, doc_id="one", span=span, sentences=(span,))
        for p, span in zip(passages_of(["söz"] * 12), spans, strict=True)
    ]
    assert context_begins(make_places(passages), np.array([3, 11])).tolist() == [0, 3]
