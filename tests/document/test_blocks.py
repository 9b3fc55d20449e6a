"""Printed lines to blocks: where one begins and ends, and what kind of text it is."""

from __future__ import annotations

from dipnot.document.blocks import Block, Running, make_blocks
from dipnot.types import Line, Role


def running(*texts: str, role: Role | None = None) -> list[Running]:
    return [Running(0, Line(text, n, role=role)) for n, text in enumerate(texts, start=1)]


def texts(blocks: list[Block]) -> list[str]:
    return [block.text for block in blocks]


def test_empty_lines_part_blocks_and_leave_none() -> None:
    blocks = make_blocks(running("", "Göl kurudu ve", "köylüler taşındı.", "", "", "Son.", ""))
    assert texts(blocks) == ["Göl kurudu ve köylüler taşındı.", "Son."]
    assert [block.after_gap for block in blocks] == [True, True]
    assert make_blocks([]) == make_blocks(running("", "")) == []


def test_an_item_opens_a_block_wherever_it_stands() -> None:
    blocks = make_blocks(running("Şunlar kaldı:", "- göl ve", "kıyısı", "- değirmen", "b) taş"))
    assert texts(blocks) == ["Şunlar kaldı:", "- göl ve kıyısı", "- değirmen", "b) taş"]


def test_quotations_that_stay_open_are_counted() -> None:
    block = Block([])
    for line in running("“Göl", "ve “kıyı” kurudu", "dedi.”"):
        block.append(line)
    assert block.open_quotes == 0
