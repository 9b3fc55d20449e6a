"""What looks like a note typed by hand: openers, markers, zones."""

from __future__ import annotations

import pytest

from dipnot.formats.notesigns import ends_sentence, find_signs, is_rule, item_of
from dipnot.types import Line, SourcePage


def pages(text: str) -> list[SourcePage]:
    """A page of lines; an empty one parts blocks."""
    return [SourcePage(tuple(Line(t, n) for n, t in enumerate(text.split("\n"), 1)))]


@pytest.mark.parametrize(
    ("text", "style", "label"),
    [
        ("[1] Bekçi defteri.", "bracket", "1"), ("{2} Bekçi.", "curly", "2"),
        ("(a) Bekçi.", "paren", "a"), ("¹² Bekçi.", "high", "12"), ("** Bekçi.", "star", "**"),
        ("3. Bekçi.", "weak", "3"), ("b) Bekçi.", "item", "b"),
        ("[Footnote A: A deed.]", "named", "A"),
    ],
)  # fmt: skip
def test_a_line_opens_a_note_in_one_of_the_styles(text: str, style: str, label: str) -> None:
    (unit,) = find_signs(pages(text))
    assert unit.opener is not None
    assert (unit.opener.style, unit.opener.label) == (style, label)
    assert text[unit.opener.body :].startswith(("Bekçi", "A deed"))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Göl kurudu.[1] Kaldı.", [("1", "bracket")]), ("Göl kurudu* ve", [("*", "star")]),
        ("Göl kurudu.¹ Kaldı", [("1", "high")]), ("Göl kurudu.7 Kaldı", [("7", "plain")]),
        ("Göl 1887 yılında kurudu.", []), ("Göl kurudu. (1) Kıyı", [("1", "paren")]),
        ("Üç yer vardır: (a) ev, (b) yol.", []), ("Göl *hiç* kurumadı.", []),
        ("Göl *hiç\nkurumadı* ve† kaldı*.", [("†", "star"), ("*", "star")]),
    ],
)  # fmt: skip
def test_marks_are_found_in_the_running_text(text: str, found: list[tuple[str, str]]) -> None:
    units = find_signs(pages(text))
    assert [(m.label, m.style) for unit in units for m in unit.markers] == found


def test_in_a_list_of_sources_nothing_opens_a_note_and_in_one_of_notes_all_do() -> None:
    for head, zones in (("Kaynakça", [None, None]), ("Notlar", [1, 1])):
        units = find_signs(pages(f"{head}\n\n[1] Bekçi.\n\n[2] Köy."))
        openers = [u.opener for u in units if u.line.text.startswith("[")]
        assert [o and o.zone for o in openers] == zones


def test_below_a_rule_notes_stand_until_the_page_ends() -> None:
    below = pages("Göl kurudu.\n-----\n1 Bekçi.")
    units = find_signs([*below, *pages("1. Köy.")])
    zones = [u.opener.zone for u in units if u.opener]
    assert zones == [-1, 0]
    assert is_rule("-----")
    assert not is_rule("- - a")


def test_a_line_tells_its_number_as_an_item_and_whether_it_ends_a_sentence() -> None:
    items = find_signs(pages("(2) İşveren gelir.\n\nMADDE 5 – (1) İşveren gelir.\n\nGöl."))
    assert [item_of(unit) for unit in items if unit.line.text] == [2, 1, None]
    assert ends_sentence("Göl kurudu.”")
    assert not ends_sentence("Göl kurudu ve")


def test_a_number_behind_what_is_abbreviated_is_cited_and_marks_no_note() -> None:
    (unit,) = find_signs(pages("See Eq. (1), Fig. (2), No. (3) and so on, etc. (4) It dried. (5)"))
    assert [m.label for m in unit.markers] == ["4", "5"]


def test_single_stars_that_open_several_lines_are_bullets() -> None:
    for text in ("Göl*\n\n* Bir\n* İki", "Göl*\n\n* Bir\n\n* İki", "Göl*\n* Bir ve\nüç\n* İki"):
        assert [unit.opener for unit in find_signs(pages(text)) if unit.opener] == []
    alone = [*pages("Göl*\n\n* Bir"), *pages("Köy*\n\n* İki")]
    assert [unit.opener.label for unit in find_signs(alone) if unit.opener] == ["*", "*"]
