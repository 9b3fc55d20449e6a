"""The lexical leg: BM25 over folded terms, whatever the texts hold."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dipnot.errors import IndexDamaged
from dipnot.index.joined import plain
from dipnot.index.lexical import LexicalLeg, build_lexical, open_lexical
from dipnot.index.passages import make_passages
from dipnot.index.places import make_places
from dipnot.language.tokens import index_terms
from dipnot.types import Document, Filters, Page, Paragraph, Span
from fakes import places_of, query_of

TEXTS = [
    "Göl 1887 yılında kurutuldu.",
    "Köylüler göl kıyısına evler yaptı. Göl, göl!",
    "The mill was rebuilt in 1905.",
    "ve ile bir",
]


def leg_of(texts: Sequence[str]) -> LexicalLeg:
    return build_lexical(texts, places_of(len(texts)))


def scores(leg: LexicalLeg, query: str) -> list[float]:
    """BM25 of every passage."""
    found: list[float] = leg.scores_of(query_of(query), np.arange(len(leg.places.first))).tolist()
    return found


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
        scores(leg_of(TEXTS), query), bm25(TEXTS, query), rtol=1e-5, atol=1e-7
    )


@given(
    st.lists(st.lists(st.sampled_from("abcde"), max_size=6), max_size=30),
    st.lists(st.sampled_from("abcdez"), max_size=4),
    st.integers(1, 40),
    st.sampled_from([Filters(), Filters("d1"), Filters(None, "en"), Filters("d0", "tr", "body")]),
)
def test_candidates_are_the_best_of_those_that_share_a_term_and_pass(
    texts: list[list[str]], asked: list[str], k: int, filters: Filters
) -> None:
    leg = leg_of([" ".join(c * 3 for c in text) for text in texts])
    query = query_of(" ".join(c * 3 for c in asked))
    rows, found = leg.candidates(query, k, filters)
    everything = np.arange(len(texts))
    expected = leg.scores_of(query, everything)
    passing = [r for r in everything[leg.places.allowed(everything, filters)] if expected[r] > 0]
    assert len(rows) == min(k, len(passing))
    assert set(rows.tolist()) <= set(passing)
    np.testing.assert_allclose(found, expected[rows], rtol=1e-5)
    assert (np.diff(found) <= 1e-6).all()
    left = [expected[r] for r in passing if r not in rows]
    assert not left or max(left) <= found.min() + 1e-5


@pytest.mark.parametrize("query", ["", "ve ile", "zürafa", "?!", "\n"])
def test_a_query_without_a_known_term_scores_nothing(query: str) -> None:
    leg = leg_of(TEXTS)
    assert scores(leg, query) == [0.0] * 4
    assert len(leg.candidates(query_of(query), 9, Filters())[0]) == 0


@pytest.mark.parametrize("texts", [[], [""], ["ve ile bir", "the of"], ["***"]])
def test_texts_without_any_term_are_indexed_saved_and_opened(
    texts: list[str], tmp_path: Path
) -> None:
    leg_of(texts).save(tmp_path / "l")
    opened = open_lexical([tmp_path / "l"], places_of(len(texts)), plain(len(texts)))
    assert scores(opened, "göl") == [0.0] * len(texts)


@given(st.lists(st.text(max_size=30), min_size=1, max_size=8), st.text(max_size=30))
def test_any_texts_and_query_give_one_finite_score_a_text(texts: list[str], query: str) -> None:
    found = scores(leg_of(texts), query)
    assert len(found) == len(texts)
    assert np.isfinite(found).all()
    assert min(found) >= 0


def test_a_saved_index_gives_the_same(tmp_path: Path) -> None:
    leg = leg_of(TEXTS)
    leg.save(tmp_path / "l")
    opened = open_lexical([tmp_path / "l"], leg.places, plain(4))
    assert scores(opened, "göl 1905") == scores(leg, "göl 1905")
    with pytest.raises(IndexDamaged, match=r"holds 4 sentences, expected 5.*Run"):
        open_lexical([tmp_path / "l"], places_of(5), plain(5))


@pytest.mark.parametrize("damage", ["missing", "empty", "pickle", "junk"])
def test_a_damaged_folder_is_named_and_no_pickle_is_read(damage: str, tmp_path: Path) -> None:
    folder = tmp_path / "l"
    leg_of(TEXTS).save(folder)
    for path in folder.iterdir():
        if path.suffix == ".npy" and damage == "pickle":
            np.save(path, np.array([{"a": 1}], dtype=object), allow_pickle=True)
        elif damage == "missing":
            path.unlink()
        elif damage != "pickle":
            path.write_bytes(b"" if damage == "empty" else b"[1]")
    with pytest.raises(IndexDamaged, match=r"/l cannot be opened: .*Run `\.venv/bin/dipnot build"):
        open_lexical([folder], places_of(4), plain(4))


def test_the_frequency_of_a_term_is_how_many_passages_hold_it() -> None:
    leg = leg_of(TEXTS)
    assert [leg.frequency(term) for term in ("gol", "1905", "zuraf")] == [2, 1, 0]


def test_a_word_is_known_where_some_text_has_it_in_any_form() -> None:
    leg = leg_of(["Değirmenin taşı müzededir.", "The mill was rebuilt."])
    assert leg.knows("değirmenci")
    assert leg.knows("mill")
    assert leg.knows("of the")
    assert not leg.knows("Roma")
    assert not leg.knows("taşı Roma")


def test_a_word_of_the_other_language_counts_as_the_word_and_several_by_their_number() -> None:
    leg = leg_of(TEXTS)
    plain = scores(leg, "lake mill")
    asked = replace(query_of("lake mill"), counterparts=(("gol",), ()))
    rows = np.arange(len(TEXTS))
    with_word = leg.scores_of(asked, rows)
    np.testing.assert_allclose(with_word, np.array(plain) + scores(leg, "göl"), rtol=1e-6)
    several = replace(asked, counterparts=(("evler", "gol"), ()))
    half = np.array(plain) + (np.array(scores(leg, "göl")) + scores(leg, "evler")) / 2**0.5
    np.testing.assert_allclose(leg.scores_of(several, rows), half, rtol=1e-6)
    found, best = leg.candidates(asked, 9, Filters())
    assert dict(zip(found.tolist(), best.tolist(), strict=True)) == pytest.approx(
        {row: score for row, score in enumerate(with_word.tolist()) if score}
    )


def test_terms_are_found_by_their_first_letters() -> None:
    leg = leg_of(TEXTS)
    assert leg.starting("kur") == ["kurut"]
    assert list(leg.starting("zz")) == []
    assert set(leg.starting("")) >= {"gol", "mill", "1905"}


def test_a_window_weighs_what_its_sentences_hold_together() -> None:
    texts = ["Göl kurudu. Göl göl! Köy boşaldı. Değirmen kaldı.", "Köy eskidi.", "Ve ile. Göl."]
    documents = [document_of(f"d{n}", text) for n, text in enumerate(texts)]
    passages = [p for document in documents for p in make_passages(document)]
    places = make_places(passages)
    leg = build_lexical([passages[r].text for r in places.sentences], places)
    rows, everything = np.arange(len(passages)), [p.text for p in passages]
    for asked in ("göl", "köy göl", "değirmen köyü kaldı", "zürafa"):
        expected = np.array(bm25(everything, asked))
        np.testing.assert_allclose(leg.scores_of(query_of(asked), rows), expected, rtol=1e-5)
        found, own = leg.candidates(query_of(asked), 99, Filters())
        assert sorted(found.tolist()) == np.flatnonzero(expected).tolist()
        np.testing.assert_allclose(own, expected[found], rtol=1e-5)
        best = leg.candidates(query_of(asked), 1, Filters())[1]
        np.testing.assert_allclose(best, np.sort(expected[expected > 0])[::-1][:1], rtol=1e-5)
    for term in ("gol", "koy", "degir", "zuraf"):
        holding = [r for r in rows if term in index_terms(everything[r])]
        assert leg.frequency(term) == len(holding)
        assert leg.rows_with_rarest([term]).tolist() == holding


def document_of(doc_id: str, text: str) -> Document:
    whole = Span(0, len(text))
    return Document(
        doc_id, "", None, ("tr",), text, "", doc_id, (Page(1, None, whole),), (),
        (Paragraph(whole, "body", "tr"),), (), (),
    )  # fmt: skip
