"""What the reader reads of an index, and what its readings change."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dipnot.engine import Engine
from dipnot.retrieval.rerank import READ, cut_windows, read_best, read_scores
from dipnot.settings import Settings
from fakes import LIGHTHOUSE, RAILWAY, FakeEncoder, FakeReader


@pytest.fixture
def reader() -> FakeReader:
    return FakeReader()


@pytest.fixture
def read(settings: Settings, encoder: FakeEncoder, reader: FakeReader) -> Engine:
    """An engine of three texts whose best passages are read."""
    (settings.corpus / "railway.txt").write_text(RAILWAY, "utf-8")
    (settings.corpus / "lighthouse.txt").write_text(LIGHTHOUSE, "utf-8")
    made = Engine(settings, encoder, reader)
    made.load()
    return made


def test_windows_hold_whole_neighbouring_sentences_of_one_section_each_once(
    read: Engine, reader: FakeReader
) -> None:
    read.ask("değirmen istasyon lamp", (), 10)
    ((windows),) = reader.read_windows
    texts = [sentence for window in windows for sentence in window]
    assert len(texts) == len(set(texts))
    index = read.index
    singles = [index.passages[r] for r in index.places.sentences]
    for window in windows:
        found = [next(i for i, p in enumerate(singles) if p.text == s) for s in window]
        assert found == list(range(found[0], found[0] + len(found)))
        assert len({(singles[i].doc_id, singles[i].headings) for i in found}) == 1
    assert len(texts) <= 2 * READ


def test_a_question_is_read_once_and_a_search_where_it_is_not_told_otherwise(
    read: Engine, reader: FakeReader
) -> None:
    question = "Değirmen ne zaman yandı?"
    assert read.search(question, rerank=False)[1]
    assert reader.read_windows == []
    _, answer = read.ask(question)
    assert len(reader.read_windows) == 1
    _, hits = read.search(question)
    assert len(reader.read_windows) == 2
    assert [hit.passage.passage_id for hit in hits[:8]] == [
        hit.passage.passage_id for hit in answer.hits
    ]


def test_windows_with_the_best_matches_are_read_and_the_others_count_lowest(
    settings: Settings, encoder: FakeEncoder, reader: FakeReader
) -> None:
    for n in range(7):
        text = f"Bu, {n}. köyün kendi metnidir ve başka bir şey söylemez."
        (settings.corpus / f"village-{n}.txt").write_text(text, "utf-8")
    made = Engine(settings, encoder)
    made.load()
    index = made.index
    rows = np.array([r for r in index.places.sentences if "köy" in index.passages[r].text])
    sentences = [int(index.places.first[r]) for r in rows]
    matches = {s: float(n == 3) + n / 10 for n, s in enumerate(sentences)}
    readings = read_best(index, reader, "Kaç köy var?", rows, matches)
    assert set(readings) == {sentences[n] for n in (2, 3, 4, 5, 6)}
    readings = {s: replace(r, evidence=float(s)) for s, r in readings.items()}
    scores = read_scores(index.places, rows, readings)
    assert scores[0] == scores[1] == scores[2:].min() < scores[3]


@given(st.lists(st.tuples(st.integers(1, 60), st.booleans()), max_size=12))
def test_windows_are_short_unless_of_one_sentence_and_hold_each_once(
    sentences: list[tuple[int, bool]],
) -> None:
    words, goes_on = [n for n, _ in sentences], [may for _, may in sentences]
    windows = cut_windows(words, goes_on)
    assert [i for window in windows for i in window] == list(range(len(sentences)))
    for window in windows:
        assert len(window) == 1 or (len(window) <= 4 and sum(words[i] for i in window) <= 40)
        assert all(goes_on[i] for i in window[1:])


def test_a_passage_that_is_read_as_evidence_rises(
    settings: Settings, encoder: FakeEncoder, reader: FakeReader
) -> None:
    plain = Engine(settings, encoder)
    plain.load()
    question = "Bekçi yangını kime haber verdi?"
    wanted = "Bekçi yangını kimseye haber vermedi."

    def place(engine: Engine) -> int:
        hits = engine.ask(question, (), 10)[1].hits
        return next(h.rank for h in hits if wanted in h.passage.text)

    with_reader = Engine(settings, encoder, reader)
    with_reader.load()
    assert place(with_reader) <= place(plain)
    assert place(with_reader) == 1


def test_hits_stay_in_order_of_score_whether_read_or_not(read: Engine) -> None:
    hits = read.ask("değirmen", (), 100)[1].hits
    assert [h.rank for h in hits] == list(range(1, len(hits) + 1))
    best = [h.score for h in hits[:READ]]
    assert best == sorted(best, reverse=True)


def test_the_words_that_answer_are_marked_where_the_reader_is_sure(
    read: Engine, reader: FakeReader
) -> None:
    answer = read.ask("Hangi taşı bugün müzededir?")[1]
    marked = [c for c in answer.citations if c.highlight]
    assert len(marked) == 1
    (start, end) = marked[0].highlight[0]
    assert marked[0].quote[start:end] == "Değirmenin"
    # Only that sentence is read again, behind the one before it in its paragraph.
    assert reader.read_more == [
        ("Bekçi yangını kimseye haber vermedi.", "Değirmenin taşı bugün müzededir.")
    ]


def test_without_a_reader_the_answers_are_those_of_similarity(
    settings: Settings, encoder: FakeEncoder
) -> None:
    engine = Engine(settings, encoder)
    engine.load()
    assert engine.ask("Değirmen ne zaman yandı?")[1].citations


def test_rows_and_labelled_lines_are_read_alone_with_what_stands_over_them(
    settings: Settings, encoder: FakeEncoder, reader: FakeReader
) -> None:
    table = "# Machines\n\nThese are sold.\n\n| Item | Press |\n|---|---|\n| Weight | 41 kg |\n"
    (settings.corpus / "machines.md").write_text(table, "utf-8")
    made = Engine(settings, encoder)
    made.load()
    index = made.index
    orders = list(index.places.sentences_of("machines"))
    row = next(o for o in orders if "Weight" in index.sentence(o).text)
    prose = next(o for o in orders if "sold" in index.sentence(o).text)
    nothing = np.array([], np.int64)
    readings = read_best(index, reader, "weight", nothing, {row: 0.1, prose: 0.9})
    assert set(readings) == {row}
    assert reader.read_windows == [[["Item | Press", "Weight | 41 kg"]]]
    # One that is among the best passages is read once, and in the same call as they are.
    best = np.array([index.places.sentences[row], index.places.sentences[prose]])
    read_best(index, reader, "weight", best, {row: 0.1, prose: 0.9})
    windows = [["These are sold."], ["Item | Press", "Weight | 41 kg"]]
    assert [sorted(told) for told in reader.read_windows[1:]] == [sorted(windows)]
