"""Printed lines to blocks: where one begins and ends, and what kind of text it is."""

from __future__ import annotations

import pytest

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


@pytest.mark.parametrize(
    "lines",
    [
        ("Köyün kıyısındaki büyük göl yıllar önce bir yaz boyunca",
         "– ki o yaz çok kuraktı – bütünüyle kurudu ve köylüler", "başka bir ovaya göç ettiler."),
        ("Bu karar kurulun oyuyla kabul edilmiş ve oylamada üyelerin",
         "12) numaralı önerge ile birlikte geri çekildiği görülmüştür."),
        ("The court found that the application falls wholly within",
         "Article 5 (1) of the Convention and that it has to be heard", "before the end."),
        ("Kurul davacının bu isteğini yerinde bulmuş ve Sözleşme'nin",
         "madde 12. hükmünü uygulamaya karar vermiştir."),
    ],
)  # fmt: skip
def test_a_line_that_a_sentence_was_broken_at_opens_no_block(lines: tuple[str, ...]) -> None:
    assert texts(make_blocks(running(*lines))) == [" ".join(lines)]


@pytest.mark.parametrize(
    "lines",
    [
        ("Malzemeler", "- un", "- su"),
        ("Gölün kurumasının köylülerce bilinen nedenleri", "- kuraklık", "- bentler ve göç"),
        ("Gölün kurumasının köylülerce bilinen nedenleri", "- Kuraklık"),
        ("Gölün kurumasının köylülerce bilinen nedenleri şunlardır:", "- kuraklık ve göç"),
        ("B. Kişinin dokunulmazlığı, maddi ve manevi varlığı", "Madde 17. Herkes yaşar."),
        ("B. Kişinin dokunulmazlığı, maddi ve manevi varlığı", "MADDE 17- herkes yaşar."),
        ("Right to liberty and to the security of a person", "Article 5 (1) Everyone is free."),
        ("Madde 4. Gölün kıyısında oturanlar kuruldan izin alırlar", "madde 5. bunlar seçilir"),
    ],
)
def test_a_line_that_begins_as_an_item_does_opens_one_behind_what_may_announce_it(
    lines: tuple[str, ...],
) -> None:
    assert texts(make_blocks(running(*lines))) == list(lines)


def test_quotations_that_stay_open_are_counted() -> None:
    block = Block([])
    for line in running("“Göl", "ve “kıyı” kurudu", "dedi.”"):
        block.append(line)
    assert block.open_quotes == 0
