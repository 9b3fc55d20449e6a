"""The evaluation's page: whole, escaped, with nothing from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

import pytest

from dipnot.errors import InvalidInput
from dipnot.evaluation.report import _VERDICTS, About, as_page, check_place, write
from dipnot.evaluation.scores import METRICS, Row
from dipnot.types import Turn, Verdict
from evaluated import question, row
from markup import HOSTILE, Reader

ABOUT = About(version="1", created="2024-01-01 12:00", generation="g1", encoder="e5", k=20)


def sample(set_names: Sequence[str] = ("one", "two")) -> list[Row]:
    rows = []
    for name in set_names:
        yes = question(f"{name}-a", evidence=["bir"], set_name=name)
        rows += [
            row(yes, ["bir iki"], "answered", ["Bir iki."]),
            row(
                question(f"{name}-b", evidence=["yok"], set_name=name), ["bir"], "partial", ["İki"]
            ),
            row(question(f"{name}-c", set_name=name), ["bir"], "answered", ["Bir."]),
        ]
    return rows


def test_the_page_is_whole_and_shows_every_figure_and_failure() -> None:
    read = Reader(as_page(sample(), ABOUT))
    assert read.open == []
    for text in (
        *METRICS,
        "g1",
        "e5",
        "one-b · fact · partial · evidence in no hit",
        "First hit: metin, page 1",
    ):
        assert text in read.texts
    assert read.tags.count("svg") == 5
    assert read.tags.count("details") == 4


def test_every_verdict_has_its_words_on_the_page() -> None:
    assert set(_VERDICTS) == set(get_args(Verdict))
    missed = row(question("one-a", evidence=["bir"]), ["bir"], "no_question")
    assert "no question" in as_page([*sample(), missed], ABOUT)


def test_what_comes_from_questions_and_texts_is_escaped_everywhere() -> None:
    hostile = question(
        HOSTILE, evidence=[f"{HOSTILE} a"], set_name=HOSTILE, type_=HOSTILE, lang=HOSTILE,
        text=HOSTILE, history=[Turn(HOSTILE, HOSTILE)],
    )  # fmt: skip
    refused = question("u", kind=HOSTILE, set_name="other")
    rows = [row(hostile, [HOSTILE], "partial", [HOSTILE]), row(refused, [HOSTILE])]
    page = as_page(rows, About(HOSTILE, HOSTILE, HOSTILE, HOSTILE, 20))
    read = Reader(page)
    assert not {"script", "img"} & set(read.tags)
    assert not [name for name, _ in read.attributes if name.startswith("on")]
    assert HOSTILE in read.texts
    assert ("lang", HOSTILE) in read.attributes


def test_nothing_comes_from_elsewhere() -> None:
    read = Reader(as_page(sample(), ABOUT))
    assert not {"link", "script", "iframe", "img", "object"} & set(read.tags)
    assert not {name for name, _ in read.attributes} & {"src", "href", "style"}
    style = read.texts[read.texts.index("Dipnot evaluation") + 1]
    assert not re.search(r"url|@import|@font-face", style)


def test_light_and_dark_have_the_same_colours_by_name() -> None:
    page = as_page(sample(), ABOUT)
    light, dark = re.findall(r":root\{([^}]*)\}", page)
    assert re.findall(r"--\w+", light) == re.findall(r"--\w+", dark)


def test_sections_without_questions_say_so() -> None:
    read = Reader(as_page([row(question("u"), [], "not_in_text")], ABOUT))
    assert read.tags.count("svg") == 1
    assert read.texts.count("No such questions were asked.") == 4


@pytest.mark.parametrize(("sets", "lines"), [(1, 1), (2, 2), (4, 4), (5, 1)])
def test_there_is_a_curve_a_set_while_there_are_colours(sets: int, lines: int) -> None:
    page = as_page(sample([f"s{n}" for n in range(sets)]), ABOUT)
    assert page.count('<path class="band') == lines


def test_a_place_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    for file in (tmp_path, tmp_path / "none" / "page.html"):
        with pytest.raises(InvalidInput, match="expected a file in a folder that exists"):
            check_place(file)
        with pytest.raises(InvalidInput, match="cannot be written"):
            write(file, "")
    check_place(tmp_path / "page.html")
