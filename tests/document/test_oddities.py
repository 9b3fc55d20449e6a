"""What is doubtful in a text as it was read."""

from __future__ import annotations

import pytest

from dipnot.document.build import make_document
from dipnot.document.oddities import Confidence, Oddity, confidence_of, find_oddities
from dipnot.types import Line, Mark, Source, SourcePage

PROSE = (
    "Göl 1887 yılında kurutuldu ve köylüler kıyıya yeni evler yaptı, balıkçılar da başka bir "
    "kente taşındı."
)


def odd(*pages: SourcePage) -> list[Oddity]:
    return list(find_oddities(make_document(Source("a.txt", "a"), pages), pages))


def page(*texts: str, notes: tuple[Line, ...] = (), doubt: str | None = None) -> SourcePage:
    return SourcePage(tuple(Line(t, n) for n, t in enumerate(texts, 1)), notes, doubt=doubt)


def note(label: str) -> Line:
    return Line("Bekçi defteri.", 1, role="paragraph", note=Mark(f"n{label}", label))


def test_plain_prose_has_nothing_doubtful() -> None:
    assert odd(page(PROSE)) == []


def test_a_page_is_doubted_by_its_reader_or_by_holding_nothing() -> None:
    found = odd(page(PROSE), page(PROSE, doubt="a scan"), page(""))
    assert [(o.kind, o.page) for o in found] == [("unreadable text", 2), ("page without text", 3)]


def test_a_mark_without_its_note_and_figures_that_cling_to_a_word_are_lonely_markers() -> None:
    marked = SourcePage((Line("Göl kurudu.", 1, marks=(Mark("n1", "1", 11),)),))
    (sure,) = odd(marked)
    assert (sure.kind, sure.confidence) == ("marker without note", 0.9)
    (likely,) = odd(page("Göl kurudu12 ve taşıldı."))
    assert likely.kind == "marker without note"
    assert likely.confidence < sure.confidence
    assert odd(SourcePage(marked.lines, (note("1"),))) == []


def test_notes_without_marker_and_gaps_in_their_numbers_are_told() -> None:
    lines = (Line("Göl kurudu.", 1, marks=(Mark("n1", "1", 11),)),)
    found = odd(SourcePage(lines, (note("1"), note("3"))))
    assert [(o.kind, o.detail) for o in found] == [
        ("note without marker", "note 3"),
        ("missing note", "note 3 follows note 1"),
    ]


def test_characters_that_stand_for_none_are_counted_by_page() -> None:
    (found,) = odd(page("G\ufffdl k\ufffdrudu."))
    assert (found.kind, found.confidence) == ("replaced character", 1.0)
    assert found.detail.startswith("2 times U+FFFD")


@pytest.mark.parametrize(
    ("text", "doubtful"),
    [("xqzwvk jqxzzw " * 9, True), ("Деревня у озера опустела. " * 9, False), ("xqzwvk", False)],
)
def test_a_page_of_letters_that_make_no_words_is_doubted(text: str, *, doubtful: bool) -> None:
    assert [o.kind for o in odd(page(text))] == ["unreadable text"] * doubtful


def sure(*pages: SourcePage) -> Confidence:
    document = make_document(Source("a.txt", "a"), pages)
    return confidence_of(document, list(find_oddities(document, pages)))


def test_what_is_surely_read_falls_with_each_page_and_note_that_is_doubtful() -> None:
    marked = (Line("Göl kurudu.", 1, marks=(Mark("n1", "1", 11),)),)
    assert sure(page(PROSE)) == Confidence(1.0, None)
    assert sure(SourcePage(marked, (note("1"),))) == Confidence(1.0, 1.0)
    assert sure(SourcePage(marked)).notes == 0.1
    assert sure(SourcePage(marked, (note("1"), note("2")))).notes == 0.55
    scan = sure(page(PROSE), page(PROSE), page(""))
    gibberish = sure(page(PROSE), page("xqzwvk jqxzzw " * 9))
    assert 0 < gibberish.text < scan.text < 1
