"""Lines joined into one text: offsets, hyphens at line ends, and pages without gaps."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dipnot.document.blocks import Block, Running
from dipnot.document.writing import Writer, hyphen_rule
from dipnot.types import Line


def running(page: int, text: str, *markers: tuple[str, int]) -> Running:
    return Running(page, Line(text, 1), list(markers))


words = st.text("abçğ ", min_size=1, max_size=12).map(str.strip).filter(bool)


@given(st.lists(st.lists(words, min_size=1, max_size=4), max_size=6))
def test_every_block_stands_in_the_text_at_the_range_it_was_given(blocks: list[list[str]]) -> None:
    writer = Writer(hyphen_rule([]))
    written = [writer.add([running(0, text) for text in block]) for block in blocks]
    text = writer.text()
    assert writer.length == len(text)
    for (span, own), block in zip(written, blocks, strict=True):
        assert text[slice(*span)] == own == " ".join(block)


def test_a_marker_hangs_where_its_line_came_to_stand() -> None:
    writer = Writer(hyphen_rule([]))
    writer.add([running(0, "Giriş")])
    writer.add([running(0, "Göl"), running(0, "kurudu. Son", ("1", 7))])
    assert writer.text()[: writer.markers["1"]].endswith("Göl kurudu.")


def test_pages_cover_the_text_without_gaps_the_empty_ones_too() -> None:
    writer = Writer(hyphen_rule([]))
    writer.add([running(1, "Göl kurudu ve"), running(3, "köylüler taşındı.")])
    spans = writer.page_spans(5)
    assert spans[0].start == 0
    assert spans[-1].end == writer.length
    assert all(a.end == b.start for a, b in itertools.pairwise(spans))
    assert writer.text()[spans[3].start :] == "köylüler taşındı."


def test_a_word_keeps_the_hyphen_that_the_document_writes_it_with() -> None:
    seen = [running(0, "Türk-rus göller")]
    rule = hyphen_rule([Block(seen)])
    for line, following, joined in (
        ("Türk-", "rus", "Türk-rus"), ("gö-", "ller", "göller"), ("1918-", "1923", "1918-1923"),
        ("Türk-", "İngiliz", "Türk-İngiliz"),
    ):  # fmt: skip
        writer = Writer(rule)
        writer.add([running(0, line), running(0, following)])
        assert writer.text() == joined


def joined(*lines: str) -> str:
    block = Block([running(0, line) for line in lines])
    writer = Writer(hyphen_rule([block]))
    return writer.add(block.lines)[1]


def test_a_text_that_breaks_no_words_keeps_each_hyphen() -> None:
    prose = ["The lake dried up and the mill burned"] * 60
    assert "politico-history" in joined("a politico-", "history of it.", *prose)
    # One word that is known and was broken tells that this text does break words.
    assert "politicohistory" in joined("the l-", "ake, a politico-", "history of it.", *prose)


def test_a_prefix_keeps_its_hyphen_before_a_word_of_the_text() -> None:
    assert joined("three sub-", "periods; a Period", "of hope") == (
        "three sub-periods; a Period of hope"
    )


@pytest.mark.parametrize(
    ("line", "following", "text"),
    [("the VI-", "II. Cabinet", "the VIII. Cabinet"), ("in XIV-", "XV", "in XIV-XV"),
     ("in XVI-", "II-XXI", "in XVIII-XXI")],
)  # fmt: skip
def test_a_roman_numeral_that_was_cut_is_whole_and_a_range_stays(
    line: str, following: str, text: str
) -> None:
    assert joined(line, following) == text


def test_an_address_that_a_line_breaks_is_whole_and_one_that_ends_a_sentence_stays() -> None:
    assert joined("see https://www.", "ornek.org/a for") == "see https://www.ornek.org/a for"
    assert joined("see https://ornek.org/a.", "The lake") == "see https://ornek.org/a. The lake"
