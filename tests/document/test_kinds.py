"""What each block of a text is."""

from __future__ import annotations

import pytest

from dipnot.document.blocks import Block, Running, make_blocks
from dipnot.document.kinds import classify, kinds_of
from dipnot.types import Line, Role, Source


def running(*texts: str, role: Role | None = None) -> list[Running]:
    return [Running(0, Line(text, n, role=role)) for n, text in enumerate(texts, start=1)]


def test_what_the_format_says_comes_before_what_a_line_looks_like() -> None:
    blocks = make_blocks(
        [*running("Göl kurudu", role="heading"), *running("GÖL KURUDU", role="paragraph")]
    )
    heading, paragraph = classify(blocks, Source("a.md", "a", title="T"))
    assert (heading.heading, paragraph.heading) == (True, False)


def test_kinds_follow_the_part_of_the_text_that_a_heading_opens() -> None:
    lines = [
        *running("Abstract", role="heading"), *running("The lake dried up.", role="paragraph"),
        *running("Giriş", role="heading"), *running("Göl kurudu.", role="paragraph"),
        *running("1902", "1903", role="table"),
    ]  # fmt: skip
    blocks = classify(make_blocks(lines), Source("a.md", "a", title="T"))
    assert list(kinds_of(blocks)) == ["abstract", "abstract", "body", "body", "list", "list"]


def plain(*headings: str) -> list[tuple[str, int, str]]:
    """Heading, level and kind of what stands under it, for a text without a format."""
    prose = "The committee met twice in the year and looked at the lake and at the mill."
    lines = running("THE LAKE", prose, *(text for h in headings for text in (h, prose, prose)))
    blocks = classify(make_blocks([item for line in lines for item in (line, *running(""))]),
                      Source("a.txt", "a"))  # fmt: skip
    kinds = list(kinds_of(blocks))
    return [
        (block.text, block.level, kind)
        for block, kind in zip(blocks, kinds, strict=True)
        if block.heading
    ]


def test_a_summary_on_top_ends_at_the_next_heading() -> None:
    assert plain("Summary", "Introduction", "Findings") == [
        ("Summary", 1, "summary"), ("Introduction", 1, "body"), ("Findings", 1, "body"),
    ]  # fmt: skip
    assert plain("Summary", "1. Introduction", "2. Findings", "3. Water") == [
        ("Summary", 1, "summary"), ("1. Introduction", 1, "body"), ("2. Findings", 1, "body"),
        ("3. Water", 1, "body"),
    ]  # fmt: skip


@pytest.mark.parametrize("behind", ["Kaynakça", "References", "Notlar", "Ekler", "Ek 1: Tablo"])
def test_sources_notes_and_appendices_end_a_summary_behind_the_body(behind: str) -> None:
    assert plain("Giriş", "Sonuç", "Summary", "Aims", behind)[2:] == [
        ("Summary", 1, "summary"), ("Aims", 2, "summary"), (behind, 1, "body"),
    ]  # fmt: skip


def test_an_extended_summary_and_one_behind_the_body_have_parts_of_their_own() -> None:
    assert plain("Extended Summary", "Aims", "1. Giriş", "2. Su", "3. Kıyı") == [
        ("Extended Summary", 1, "summary"), ("Aims", 2, "summary"), ("1. Giriş", 1, "body"),
        ("2. Su", 1, "body"), ("3. Kıyı", 1, "body"),
    ]  # fmt: skip
    assert plain("Giriş", "Summary", "Aims")[1:] == [
        ("Summary", 1, "summary"), ("Aims", 2, "summary"),
    ]  # fmt: skip


class Counted(Block):
    """A block that counts how often its words are read."""

    reads = 0

    @property
    def text(self) -> str:
        Counted.reads += 1
        return super().text


def test_a_text_of_many_headings_is_read_a_few_times_not_once_for_each() -> None:
    prose = "Bu sözcük gölün kıyısında yetişen ve suyu seven otların adıdır."
    lines = running(*(text for i in range(300) for text in (f"Kelime {i}", prose)))
    blocks = classify([Counted([line]) for line in lines], Source("a.txt", "a"))
    assert sum(block.heading for block in blocks) > 290
    assert Counted.reads < 100 * len(blocks)
