"""Scores: each metric against figures worked out by hand, and the spread."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dipnot.engine import Engine
from dipnot.evaluation.scores import (
    METRICS,
    Operating,
    Row,
    evaluate,
    first_met,
    grouped,
    letters,
    make_row,
    ndcg,
    operating_points,
    recall_curve,
    reciprocal_rank,
    score,
    unfindable,
)
from dipnot.types import Span, Turn
from evaluated import DOC, FakeEngine, answer, hits, pages_of, question, row


def quiet(stage: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


def value(rows: list[Row], name: str) -> float | None:
    return score(rows, (name,))[name].value


# --- finding evidence --------------------------------------------------------------------------


def test_evidence_is_met_after_the_words_read_up_to_its_end() -> None:
    texts = ["bir iki üç", "dört beş altı yedi", "beş altı"]
    assert first_met(texts, [letters("beş altı")]) == (2, 3 + 3)


def test_of_several_quotes_in_one_hit_the_one_that_ends_first_counts() -> None:
    assert first_met(["bir iki üç dört"], [letters("üç dört"), letters("iki")]) == (1, 2)


def test_evidence_cut_in_two_by_a_hit_is_not_met() -> None:
    assert first_met(["bir iki", "üç dört"], [letters("iki üç")]) == (None, None)


def test_quotes_are_compared_by_letters_and_digits_alone() -> None:
    assert letters("Türkiye’nin “16”\nMART – ﬁkri") == letters("Türkiye'nin 16 mart fikri")


@given(st.data())
def test_reading_word_by_word_meets_evidence_at_the_same_word(data: st.DataObject) -> None:
    word = st.text("ab.", min_size=1, max_size=3)
    texts = [" ".join(w) for w in data.draw(st.lists(st.lists(word, max_size=5), max_size=4))]
    evidence = data.draw(st.lists(st.text("ab", min_size=1, max_size=4), min_size=1, max_size=3))

    def within(budget: int) -> bool:
        used = 0
        for text in texts:
            words = text.split()[: budget - used]
            if any(quote in letters(" ".join(words)) for quote in evidence):
                return True
            used += len(words)
        return False

    reached = [budget for budget in range(1, 21) if within(budget)]
    assert first_met(texts, evidence)[1] == (reached[0] if reached else None)


# --- metrics -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("rank", "expected"), [(1, 1), (4, 0.25), (10, 0.1), (11, 0), (None, 0)])
def test_reciprocal_rank_counts_within_ten(rank: int | None, expected: float) -> None:
    assert reciprocal_rank(rank) == expected


@pytest.mark.parametrize(
    ("ranks", "expected"),
    [
        ([1], 1.0),
        ([3], 0.5),  # 1 / log2(4)
        ([11], 0.0),
        ([None], 0.0),
        ([1, None], 0.61315),  # 1 / (1 + 0.63093)
        ([1, 1], 1.0),
        ([2, 2], 0.69343),  # (0.63093 + 0.5) / 1.63093: the second takes place 3
        ([1, 1, 5], 0.94690),  # (1 + 0.63093 + 0.38685) / 2.13093
        ([10, 10], 0.17724),  # 0.28906 / 1.63093: place 11 is out
    ],
)
def test_ndcg_counts_each_quote_once_at_the_next_free_place(
    ranks: list[int | None], expected: float
) -> None:
    assert ndcg(ranks) == pytest.approx(expected, abs=1e-5)


def sample() -> list[Row]:
    """Four answerable questions and three that are not, with everything that can happen."""
    filler = " ".join(["dolgu"] * 149)
    return [
        # At once, cited by one of two citations: 4 words.
        row(question("a", evidence=["iki üç"]), ["bir iki üç"], "answered",
            ["Bir iki üç.", "Yok."], ms=10),
        # In the second hit, word 149 + 2; partial and not cited: 1 word.
        row(question("b", evidence=["beş altı"]), [filler, "beş altı yedi"], "partial",
            ["Hayır."], ms=20),
        # Two quotes: one in the hits and cited, one nowhere; 1 + 3 words.
        row(question("c", evidence=["on", "yüz"]), ["on"], "answered", ["On.", "Başka bir şey."],
            ms=30),
        # Never found, refused.
        row(question("d", evidence=["bin"]), ["sıfır"], "not_in_text", ms=40),
        row(question("e"), ["bir"], "not_in_text", ms=50),
        row(question("f", accept=("not_in_text", "partial")), ["bir"], "partial", ["Bir."], ms=60),
        row(question("g"), ["bir"], "answered", ["Bir."], ms=70),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("R@150w", 2 / 4),
        ("R@300w", 3 / 4),
        ("R@1000w", 3 / 4),
        ("R@1", 2 / 4),
        ("R@3", 3 / 4),
        ("MRR@10", (1 + 1 / 2 + 1 + 0) / 4),
        ("nDCG@10", (1 + 0.630930 + 0.613147 + 0) / 4),
        ("cited", 2 / 4),
        ("cited_all", 2 / 5),
        ("citation_precision", 2 / 5),
        ("refused", 2 / 3),
        ("false_refusals", 1 / 4),
        ("answered_precision", 2 / 3),
        ("answered_share", 2 / 4),
        ("exact", 1.0),
        ("words", 4.0),  # of 4, 1 and 4; the refusal quotes nothing and does not count
        ("ask_p50_ms", 40.0),
    ],
)
def test_figures_are_those_worked_out_by_hand(name: str, expected: float) -> None:
    assert value(sample(), name) == pytest.approx(expected, abs=1e-6)


def test_no_metric_is_left_without_a_value_on_a_full_set() -> None:
    assert [n for n, e in score(sample()).items() if e.value is None] == []


def test_metrics_of_nothing_are_none_and_do_not_fail() -> None:
    scores = score([])
    assert set(scores) == set(METRICS)
    assert {(e.value, e.low, e.high, e.n) for e in scores.values()} == {(None, None, None, 0)}


def test_an_alternative_counts_as_found_and_cited_but_not_as_a_part() -> None:
    asked = question(evidence=["bir", "iki"], alternatives=["hepsi"])
    found = row(asked, ["hepsi burada"], "answered", ["Hepsi burada."])
    assert (found.rank, found.cited, found.quotes_cited) == (1, True, (False, False))
    assert found.citations_hold == (True,)
    assert found.quote_ranks == (None, None)


def test_an_alternative_stands_for_the_only_quote_in_ndcg() -> None:
    found = row(question(evidence=["bir"], alternatives=["öteki"]), ["yok", "öteki"])
    assert found.quote_ranks == (2,)


def test_offsets_that_give_back_another_text_are_not_exact() -> None:
    pages = pages_of("bir iki", "üç")
    (hit,) = hits(pages, "bir iki")
    wrong = replace(hit, passage=replace(hit.passage, span=Span(1, 8)))
    found = make_row(question(), pages, answer(pages, "answered", "üç"), [hit, wrong], 1.0)
    assert found.exact == (True, False, True)


def test_a_question_whose_evidence_stands_in_no_text_is_named() -> None:
    asked = [question("in", evidence=["İKİ üç"]), question("out", evidence=["üç", "dört"])]
    assert unfindable(pages_of("bir iki", "üç"), asked) == ["out"]


def test_recall_by_words_passes_through_the_figures() -> None:
    rows = sample()
    curve = recall_curve(rows, (150, 300))
    assert curve == list(score(rows, ("R@150w", "R@300w")).values())


def test_types_and_kinds_are_scored_apart() -> None:
    rows = [
        row(question("a", evidence=["bir"], type_="fact"), ["bir"]),
        row(question("b", evidence=["bir"], type_="why"), ["iki"]),
        row(question("c", kind="off topic"), [], "not_in_text"),
    ]
    assert {k: v["R@1"].value for k, v in grouped(rows, "type").items()} == {"fact": 1, "why": 0}
    assert {k: v["refused"].value for k, v in grouped(rows, "kind").items()} == {"off topic": 1}


def test_answering_more_questions_moves_along_coverage_and_ties_come_together() -> None:
    yes = question(evidence=["bir"])
    rows = [
        row(yes, ["bir"], "answered", ["Bir."], likeness=0.9),
        row(question(), ["bir"], "partial", ["Bir."], likeness=0.8),
        row(yes, ["bir"], "partial", ["Bir."], likeness=0.8),
        row(yes, ["bir"], "answered", ["Başka."], likeness=0.7),
        row(yes, ["bir"], "not_in_text", likeness=0.95),
    ]
    assert operating_points(rows) == [
        Operating(1 / 4, 1.0),
        Operating(2 / 4, 2 / 3),
        Operating(3 / 4, 2 / 4),
    ]


# --- spread ------------------------------------------------------------------------------------


def test_the_interval_of_a_share_is_the_one_that_statistics_expects() -> None:
    yes, no = question(evidence=["bir"]), question(evidence=["yok"])
    rows = [row(yes if n % 2 else no, ["bir"]) for n in range(100)]
    found = score(rows, ("R@1",))["R@1"]
    assert found.n == 100
    assert found.low == pytest.approx(0.40, abs=0.02)  # 0.5 ± 1.96 · 0.05
    assert found.high == pytest.approx(0.60, abs=0.02)


def test_the_same_rows_give_the_same_intervals() -> None:
    assert score(sample()) == score(sample())


def test_questions_are_resampled_not_their_quotes() -> None:
    one = row(question(evidence=["bir", "iki", "üç", "dört"]), [], "answered", ["Bir iki."])
    found = score([one], ("cited_all",))["cited_all"]
    assert (found.value, found.low, found.high, found.n) == (0.5, 0.5, 0.5, 4)


# --- asking ------------------------------------------------------------------------------------


def test_hits_are_those_of_the_search_and_of_a_follow_up_those_of_its_answer() -> None:
    pages = pages_of("bir", "iki", "üç")
    said = answer(pages, "answered", found=hits(pages, "iki"))
    engine = FakeEngine(pages, said, hits(pages, "bir", "üç", "iki"))
    turn = Turn("Kim?", "Biri.")
    alone = question("a", evidence=["iki"], text="Ne?")
    follow_up = question("b", evidence=["iki"], text="Peki?", history=[turn])
    assert [r.rank for r in evaluate(engine, [alone, follow_up], 5, quiet)] == [3, 1]
    assert engine.asked == [("Ne?", ()), ("Peki?", (turn,))]
    assert [r.rank for r in evaluate(engine, [alone, follow_up], 2, quiet)] == [None, 1]


def test_progress_tells_how_many_questions_were_asked() -> None:
    pages = pages_of("bir")
    told: list[tuple[str, int, int]] = []
    engine = FakeEngine(pages, answer(pages, "not_in_text"))
    evaluate(engine, [question("a"), question("b")], 5, lambda *step: told.append(step))
    assert told == [("asking", 0, 2), ("asking", 1, 2)]


def test_a_real_engine_is_scored_and_quotes_exactly(engine: Engine) -> None:
    asked = question(evidence=["3 Mayıs 1902’de yandı"], text="Kıyıdaki değirmen ne zaman yandı?")
    rows = evaluate(engine, [asked], 5, quiet)
    assert score(rows, ("exact",))["exact"].value == 1.0
    assert rows[0].rank is not None
    assert rows[0].first_hit is not None
    assert rows[0].first_hit.passage.doc_id == "lake"
    assert unfindable(engine.index, [asked]) == []
    assert DOC not in engine.index.documents
