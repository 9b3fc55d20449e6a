from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dipnot.references import find_references
from dipnot.types import Span


def found(text: str) -> list[tuple[str, str | None, str | None]]:
    return [(r.author, r.year, r.locator) for r in find_references(text, Span(0, len(text)))]


@pytest.mark.parametrize(
    ("text", "author", "year", "locator"),
    [
        ("(Gürün, 1983, s. 40)", "Gürün", "1983", "s. 40"),
        ("(Bilge, 1992, s.104)", "Bilge", "1992", "s.104"),
        ("(Yılmaz, 2002 s. 158-174)", "Yılmaz", "2002", "s. 158-174"),
        ("(Carr, 1989, 307)", "Carr", "1989", "307"),
        ("(Deringil,1994, s. 92-95)", "Deringil", "1994", "s. 92-95"),
        ("(Gürün, 1983, s 41-47)", "Gürün", "1983", "s 41-47"),
        ("(Gönlübol ve diğerleri, s. 85)", "Gönlübol ve diğerleri", None, "s. 85"),
        ("(Korkmaz, Yeniçağ, 11.11.2015)", "Korkmaz, Yeniçağ", "11.11.2015", None),
        ("(BCA, 30-18-1-1/1-1-5)", "BCA", None, "30-18-1-1/1-1-5"),
        ("Bkz. Togan, 2021, s. 352-395.", "Togan", "2021", "s. 352-395"),
        ("bkz. Yüksel Nizamoğlu (2015), “Rapor”", "Yüksel Nizamoğlu", "2015", None),
        ("(Weisband, 1999: 62)", "Weisband", "1999", "62"),
        (
            "(TBMM Zabıt Ceridesi, 01.11.1924, II, C. 10, s. 4)",
            "TBMM Zabıt Ceridesi",
            "01.11.1924",
            "II, C. 10, s. 4",
        ),
        (
            "(GCZ, 16-17 Ekim 1920, s. 158-173, s. 175-187)",
            "GCZ",
            "16-17 Ekim 1920",
            "s. 158-173, s. 175-187",
        ),
        ("(Akçura, 2018, s. XV)", "Akçura", "2018", "s. XV"),
        ("(Ocak, 1996, s. 5)", "Ocak", "1996", "s. 5"),
        ("(Soysal, 2000a)", "Soysal", "2000a", None),
        ("(Carr 1989, 307)", "Carr", "1989", "307"),
        ("(see also Carr, 1989, p. 12)", "Carr", "1989", "p. 12"),
        ("(akt. Ada, 2018, s. 7)", "Ada", "2018", "s. 7"),
    ],
)
def test_a_source_is_found_as_it_is_typed(
    text: str, author: str, year: str | None, locator: str | None
) -> None:
    assert found(f"Göl kurutuldu {text} ve kaldı.") == [(author, year, locator)]


@pytest.mark.parametrize(
    "text",
    [
        "(1918-1923)",
        "(Moskova Antlaşması)",
        "(Madde 6)",
        "(20 Temmuz 1936)",
        "(1939 yılında)",
        "(ekonomi, nüfus, askerî güç)",
        "(İngiltere, Fransa, SSCB ve Yugoslavya)",
        "(Mayıs 1909 - Ocak 1910)",
        "(Eylül 1910)",
        "(Lozan 1923)",
        "(SSCB, 1922-1991)",
        "(1877-1878 Osmanlı-Rus Savaşı)",
        "bkz. Lofça Muharebesi",
        "(d. 1447)",
        "()",
    ],
)
def test_what_cites_nothing_is_no_source(text: str) -> None:
    assert found(f"Göl kurutuldu {text} ve kaldı.") == []


def test_each_of_several_sources_stands_at_its_own_place() -> None:
    text = "Göl kurudu (Ada, 2018, s. 1127; bkz. Yüceer, 2016, s. 189; Carr, 1989)."
    spans = [r.span for r in find_references(text, Span(0, len(text)))]
    assert [text[s.start : s.end] for s in spans] == [
        "Ada, 2018, s. 1127",
        "Yüceer, 2016, s. 189",
        "Carr, 1989",
    ]


def test_sources_behind_see_are_read_over_their_abbreviations() -> None:
    assert found("Metin için Bkz. Gürün, 1983, s. 42-47; Soysal, 2000, s. 32-38.") == [
        ("Gürün", "1983", "s. 42-47"),
        ("Soysal", "2000", "s. 32-38"),
    ]


@given(st.text(alphabet="AaşS19850(),;:. -BbkzĞ", max_size=120), st.integers(0, 20))
def test_spans_lie_inside_in_order_and_apart(text: str, start: int) -> None:
    within = Span(min(start, len(text)), len(text))
    at = within.start
    for reference in find_references(text, within):
        assert at <= reference.span.start < reference.span.end <= within.end
        at = reference.span.end
