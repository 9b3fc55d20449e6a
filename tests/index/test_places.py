"""Where windows and sentences stand, against plain loops over the passages."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dipnot.corpus import Text, read_text
from dipnot.engine import Engine
from dipnot.index.passages import GRAINS, make_passages
from dipnot.index.places import Places, expand, make_places
from dipnot.types import KINDS, LANGUAGES, RUNNING, Document, Filters, Kind, Passage, Source, Span
from fakes import LAKE, LIGHTHOUSE, RAILWAY


def read(name: str, text: str, tmp_path: Path) -> Document:
    path = tmp_path / f"{name}.txt"
    path.write_text(text, "utf-8")
    return read_text(Text(Source(path.name, name), path, f"hash of {text}"))


@pytest.fixture
def passages(tmp_path: Path) -> list[Passage]:
    texts = (("a", LAKE), ("b", RAILWAY), ("c", LIGHTHOUSE))
    return [p for name, text in texts for p in make_passages(read(name, text, tmp_path))]


@pytest.fixture
def places(passages: list[Passage]) -> Places:
    return make_places(passages)


@pytest.mark.parametrize("count", [1, 2, 3, 4, 9])
def test_a_run_of_sentences_has_its_windows_of_every_grain(count: int, tmp_path: Path) -> None:
    text = " ".join(f"Bu {i}. söz uzunca bir cümledir." for i in range(100, 100 + count))
    passages = make_passages(read("run", text, tmp_path))
    places = make_places(passages)
    assert len(places.sentences) == count
    for grain in GRAINS:
        windows = [(int(places.first[r]), int(places.last[r])) for r in places.grains[grain].rows]
        size = min(grain, count)
        assert windows == [(i, i + size) for i in range(count - size + 1)]
    for found in places.grains.values():
        begins, ends = found.overlapping(places.first, places.last)
        for row, (begin, end) in enumerate(zip(begins, ends, strict=True)):
            assert found.rows[begin:end].tolist() == [
                r
                for r in found.rows
                if places.first[r] < places.last[row] and places.first[row] < places.last[r]
            ]


def test_runs_of_several_documents_do_not_touch(passages: list[Passage], places: Places) -> None:
    for row, passage in enumerate(passages):
        singles = [
            passages[places.sentences[s]] for s in range(places.first[row], places.last[row])
        ]
        assert [s.span for s in singles] == list(passage.sentences)
        assert {s.doc_id for s in singles} == {passage.doc_id}


def test_rows_and_sentences_of_a_document_are_found_by_its_name(
    passages: list[Passage], places: Places
) -> None:
    for doc_id in ("a", "b", "c", "nobody"):
        own = [row for row, p in enumerate(passages) if p.doc_id == doc_id]
        assert list(places.rows_of(doc_id)) == own
        assert [int(places.sentences[s]) for s in places.sentences_of(doc_id)] == [
            row for row in own if len(passages[row].sentences) == 1
        ]
        assert places.shown_of(doc_id) == len(set(own) & set(places.shown.tolist()))


@settings(deadline=None)  # a text is read each time
@given(st.data())
def test_sentences_that_a_range_overlaps_are_found_by_offset(data: st.DataObject) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        document = read("a", LAKE, Path(folder))
    passages = make_passages(document)
    places = make_places(passages)
    start = data.draw(st.integers(0, len(document.text) - 1))
    span = Span(start, data.draw(st.integers(start + 1, len(document.text))))
    singles = [p.span for p in passages if len(p.sentences) == 1]
    assert list(places.sentences_of("a", span)) == [
        n for n, own in enumerate(singles) if own.overlaps(span)
    ]


def test_the_row_over_sentences_is_theirs_or_that_of_the_first(
    passages: list[Passage], places: Places
) -> None:
    for row in range(len(passages)):
        assert places.row_over(int(places.first[row]), int(places.last[row])) == row
    last = len(places.sentences)
    assert places.row_over(0, last) == places.sentences[0]


def test_rows_to_show_are_those_that_overlap(places: Places) -> None:
    for row in range(len(places.first)):
        assert places.shown_over(np.array([row])).tolist() == [
            r
            for r in places.shown
            if places.first[r] < places.last[row] and places.first[row] < places.last[r]
        ]
    everything = np.arange(len(places.first))
    assert places.shown_over(everything).tolist() == places.shown.tolist()


@pytest.mark.parametrize("doc_id", [None, "b", "nobody"])
@pytest.mark.parametrize("language", [None, *LANGUAGES])
@pytest.mark.parametrize("kind", [None, *KINDS])
def test_filters_and_bitmaps_let_through_what_they_name(
    passages: list[Passage], places: Places, doc_id: str | None, language: str | None, kind: Kind
) -> None:
    filters = Filters(doc_id, language, kind)  # type: ignore[arg-type]
    kinds = RUNNING if kind == "body" else (kind,)
    expected = [
        doc_id in (None, p.doc_id)
        and language in (None, p.language)
        and (kind is None or p.kind in kinds)
        for p in passages
    ]
    rows = np.arange(len(passages))
    assert places.allowed(rows, filters).tolist() == expected
    if kind is not None:
        bits = np.unpackbits(places.bitmaps[kind], bitorder="little")[: len(passages)]
        assert bits.tolist() == [p.kind in kinds for p in passages]
        assert places.count_of(kind) == sum(p.kind in kinds for p in passages)
    assert [places.doc_of(row) for row in rows.tolist()] == [p.doc_id for p in passages]


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(-2, 9)), max_size=12))
def test_ranges_expand_to_their_numbers_one_after_another(ranges: list[tuple[int, int]]) -> None:
    begins = np.array([b for b, _ in ranges], np.int64)
    ends = begins + np.array([n for _, n in ranges], np.int64)
    assert expand(begins, ends).tolist() == [x for b, n in ranges for x in range(b, b + n)]


def test_sentences_of_the_article_stand_in_order(article: Engine) -> None:
    places = article.index.places
    for doc_id in places.doc_ids:
        own = places.sentences_of(doc_id)
        part = slice(own.start, own.stop)
        assert (np.diff(places.starts[part]) > 0).all()
        assert (np.diff(places.ends[part]) > 0).all()
