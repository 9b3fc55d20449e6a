"""The text view: a page as it was read, its notes and its outline."""

from __future__ import annotations

import re
from typing import Any

import pytest

from dipnot_ui import reading
from dipnot_ui.labels import Lang
from ui_parts import (
    EDGES,
    HOSTILE,
    NOTE,
    NOTE_START,
    TEXT,
    FakeBackend,
    Reader,
    footnote,
    read_document,
)


def leaf(number: int, lang: Lang = "en", **changes: Any) -> str:
    backend = FakeBackend()
    before = backend.page("a", number - 1) if number > 1 else None
    return reading.leaf(lang, read_document(**changes), backend.page("a", number), before)


def test_a_page_shows_all_its_text_once_with_its_headings_set_as_headings() -> None:
    made = leaf(2, footnotes=[])
    body = re.sub(r'.*<div class="dn-body"[^>]*>|</div>.*', "", made, flags=re.DOTALL)
    assert body == "<p>16 Mart 1921’de imzalandı. </p><h5>Üçüncü cümle</h5>"
    read = "".join(Reader(leaf(n, footnotes=[])).text for n in (1, 2, 3))
    assert all(read.count(word) == 1 for word in ("16 Mart", "Üçüncü cümle", "IĞDIR’da", "Son"))


def test_a_heading_that_the_text_does_not_hold_sets_nothing_as_a_heading() -> None:
    wrong = {"heading": "Başka", "level": 1, "page": 2, "start": EDGES[1], "end": EDGES[2]}
    assert Reader(leaf(2, sections=[wrong])).tags.keys().isdisjoint({"h3", "h4", "h5", "h6"})


def test_a_marker_is_raised_at_its_offset_and_leads_to_its_note_and_back() -> None:
    made = leaf(2)
    assert 'imzalandı.<sup class="dn-marker" id="dn-marker-0"><a href="#dn-note-0">1</a>' in made
    _, _, notes = made.partition('<ol class="dn-page-notes"')
    assert f'<li id="dn-note-0"><sup><a href="#dn-marker-0">1</a></sup><span class="dn-note-text" lang="tr">{NOTE}</span></li>' in notes  # fmt: skip  # noqa: E501


def test_a_marker_at_the_end_of_a_page_is_not_raised_on_the_next() -> None:
    notes = [footnote(marker=EDGES[1], page=1)]
    assert "dn-marker-0" in leaf(1, footnotes=notes)
    assert "dn-marker" not in leaf(2, footnotes=notes)


@pytest.mark.parametrize(
    ("marker", "words"),
    [(3, "marker: p. 1"), (NOTE_START + 1, "marker not found"), (None, "marker not found")],
)
def test_a_note_whose_marker_hangs_elsewhere_says_so(marker: int | None, words: str) -> None:
    made = leaf(2, footnotes=[footnote(marker=marker)])
    assert NOTE in made
    assert words in Reader(made).text


def test_a_paragraph_that_runs_over_pages_is_told_on_both() -> None:
    before, after = "Continued from the page before", "Continues on the next page"
    told = [tuple(words in leaf(n) for words in (before, after)) for n in (1, 2, 3)]
    assert told == [(False, True), (True, True), (True, False)]


def test_a_page_tells_its_number_its_printed_label_and_that_it_is_empty() -> None:
    page = {**FakeBackend().page("a", 1), "label": "xiv", "text": " "}
    text = Reader(reading.leaf("tr", read_document(), page)).text
    assert "Sayfa 1 / 3" in text
    assert "basılı: xiv" in text
    assert "Bu sayfada metin yok." in text


def test_the_outline_leads_to_every_heading_and_marks_those_of_the_page() -> None:
    made = reading.outline("tr", read_document(), 3)
    found = re.findall(
        r'<li class="dn-level-(\d)"><button type="button" data-page="(\d)" data-at="(\d+)"( aria)?',
        made,
    )
    starts = [str(TEXT.index(h)) for h in ("İlk", "Üçüncü", "Son")]
    assert found == [
        ("1", "1", starts[0], ""), ("3", "2", starts[1], ""), ("2", "3", starts[2], " aria"),
    ]  # fmt: skip
    assert "Başlık bulunamadı." in reading.outline("tr", read_document(sections=[]), 1)


def test_a_page_without_a_heading_belongs_to_the_last_one_before_it() -> None:
    sections = read_document()["sections"][:2]
    made = reading.outline("en", read_document(sections=sections), 3)
    assert re.findall(r'aria-current="true">([^<]+) ', made) == ["Üçüncü cümle"]


def test_nothing_of_a_document_becomes_markup() -> None:
    page = {**FakeBackend().page("a", 1), "text": HOSTILE * 2, "label": HOSTILE, "end": 9999}
    section = {"heading": HOSTILE, "level": 99, "page": 1, "start": 0, "end": 9}
    notes = [footnote(label=HOSTILE, text=HOSTILE, page=1, marker=m) for m in (len(HOSTILE), None)]
    whole = read_document(sections=[section], footnotes=notes, languages=[HOSTILE])
    for markup in (
        reading.leaf("tr", whole, page, page, 0),
        reading.outline("tr", whole, 1),
        reading.problem(HOSTILE),
    ):
        seen = Reader(markup)
        assert seen.tags.keys().isdisjoint({"script", "img"})
        assert not [name for name in seen.attributes if name.startswith("on")]
        assert HOSTILE in seen.text
