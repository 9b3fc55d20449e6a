from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dipnot.document.build import make_document
from dipnot.document.references import find_references
from dipnot.formats import read_pages
from dipnot.types import Document, Source, Span


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
        ("(BCA 30-18-1-1/1-1-5)", "BCA", None, "30-18-1-1/1-1-5"),
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
        ("(aktaran Ada, 2018)", "Ada", "2018", None),
        ("(bk. Ada, 2018, s. 7)", "Ada", "2018", "s. 7"),
        ("(bakınız Ada, 2018)", "Ada", "2018", None),
        ("(e.g., Hill, 1999)", "Hill", "1999", None),
        ("(van Hill, 1999)", "van Hill", "1999", None),
        ("(de Hill, 1999, p. 3)", "de Hill", "1999", "p. 3"),
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
        "(Hale and Carr 2004)",
        "(van kedisi, 1998)",
        "(Madde 10-15)",
        "(Articles 23-25)",
        "(Göl Treni 737-800)",
        "(Kod 978-975-08-1234-5)",
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


# --- resolved by the list of sources -----------------------------------------------------------

ENTRIES = """
ADA, Bir ve AK, İki (2001). Göl ve Kıyı (1918-1923). Ankara: Su.

GÜRÜN, Kamuran (1991). Kıyılar. Ankara: Su.

———, (1983). Dosya. Ankara, 1985.

Gönlübol, Mehmet vd. (1974). Olaylar.

BCA: Cumhuriyet Arşivi.

Soysal, İ. (2000a). Bir.

Soysal, İ. (2000b). İki.

William Hale, Dış Politika, İstanbul 2003.

Adalı, Can (2001). Ada.
"""


def read(text: str) -> Document:
    return make_document(Source("a.md", "a"), read_pages("a.md", text.encode()))


def resolved(document: Document) -> list[tuple[str, str | None]]:
    text = document.text
    return [
        (text[slice(*r.span)], text[slice(*r.entry)] if r.entry else None)
        for r in document.references
    ]


@pytest.mark.parametrize(
    "heading",
    ["KAYNAKÇA", "Kaynaklar", "BİBLİYOGRAFYA", "REFERENCES", "Bibliography", "Works Cited",
     "7. Kaynakça:"],
)  # fmt: skip
def test_a_source_is_resolved_under_any_name_of_the_list(heading: str) -> None:
    found = resolved(
        read(f"# Giriş\n\nGeldi (Gürün, 1991, s. 4).\n\n# {heading}\n\nGürün, K. (1991). Kıyı.\n")
    )
    assert found == [("Gürün, 1991, s. 4", "Gürün, K. (1991). Kıyı.")]


@pytest.mark.parametrize(
    ("cited", "entry"),
    [
        ("Gürün, 1991, s. 4", "GÜRÜN, Kamuran (1991). Kıyılar. Ankara: Su."),
        ("Gürün, 1983, s. 3", "———, (1983). Dosya. Ankara, 1985."),
        ("Kamuran Gürün, 1991, s. 4", "GÜRÜN, Kamuran (1991). Kıyılar. Ankara: Su."),
        ("Ada ve Ak, 2001", "ADA, Bir ve AK, İki (2001). Göl ve Kıyı (1918-1923). Ankara: Su."),
        ("Gönlübol ve diğerleri, s. 85", "Gönlübol, Mehmet vd. (1974). Olaylar."),
        ("BCA, 30-18-1-1/1-1-5", "BCA: Cumhuriyet Arşivi."),
        ("Soysal, 2000b, s. 1", "Soysal, İ. (2000b). İki."),
        ("Hale, 2003, s. 55", "William Hale, Dış Politika, İstanbul 2003."),
        ("Gürün, 1985, s. 3", None),  # where it was printed, not the year it is listed under
        ("Ada, 1923, s. 1", None),
        ("Soysal, 2000, s. 1", None),  # either of two
        ("Gürün, s. 85", None),
        ("Yok, 1991, s. 4", None),
        ("Adal, 2001, s. 4", None),
    ],
)
def test_a_source_is_resolved_by_author_and_year_or_not_at_all(
    cited: str, entry: str | None
) -> None:
    text = f"# Giriş\n\nGeldi ({cited}).\n\n# Kaynakça\n\n## Kitaplar\n{ENTRIES}"
    assert resolved(read(text)) == [(cited, entry)]


@pytest.mark.parametrize(
    ("prose", "cited", "entry"),
    [
        ("Sonra Gürün (1991), bunu saptadı.", "Gürün (1991)", "GÜRÜN, Kamuran"),
        ("Bunu Kamuran Gürün’e (1991, s. 4) göre", "Kamuran Gürün’e (1991, s. 4)", "GÜRÜN"),
        ("Köy boşaldı ve Gürün (1991) yazdı.", "Gürün (1991)", "GÜRÜN"),
        ("As Ada and Ak (2001) say, peace came.", "Ada and Ak (2001)", "ADA, Bir ve AK"),
        ("As K. Gürün (1991: 40) says, peace came.", "Gürün (1991: 40)", "GÜRÜN"),
        ("Peace came (Hale 2003).", "Hale 2003", "William Hale"),
        ("Peace came (see Ada and Ak 2001).", "Ada and Ak 2001", "ADA, Bir ve AK"),
    ],
)
def test_a_form_that_may_be_no_citation_is_one_where_the_list_has_its_source(
    prose: str, cited: str, entry: str
) -> None:
    ((text, listed),) = resolved(read(f"# Giriş\n\n{prose}\n\n# Kaynakça\n{ENTRIES}"))
    assert text == cited
    assert listed is not None
    assert listed.startswith(entry)


def test_an_author_with_an_apostrophe_in_the_name_is_found() -> None:
    text = "# Giriş\n\nBunu O’Neill (2001) yazdı.\n\n# Kaynakça\n\nO’Neill, J. (2001). The Lake.\n"
    assert resolved(read(text)) == [("O’Neill (2001)", "O’Neill, J. (2001). The Lake.")]


@pytest.mark.parametrize(
    "prose",
    [
        "Barış (Lozan 1923) geldi ve Ankara (1923) oldu.",
        "Lozan Barış (1923) ve Konferans (2001) geldi.",
        "Soysal (2000) yazdı.",  # either of two
        "Göl (1991) kurudu (Mayıs 1991).",
    ],
)
def test_what_the_list_does_not_have_by_its_whole_name_cites_nothing(prose: str) -> None:
    listed = f"{ENTRIES}\nLozan Barış Konferansı (1923). Tutanaklar.\n"
    assert resolved(read(f"# Giriş\n\n{prose}\n\n# Kaynakça\n{listed}")) == []
    assert read(f"# Giriş\n\n{prose} Gürün (1991) de yazdı.\n").references == ()


def test_without_a_list_a_source_has_no_entry() -> None:
    assert resolved(read("# Giriş\n\nGeldi (Gürün, 1991, s. 4).\n")) == [
        ("Gürün, 1991, s. 4", None)
    ]


def test_what_a_list_holds_in_parentheses_cites_nothing() -> None:
    text = "# Giriş\n\nGeldi.\n\n# Kaynakça\n\nGürün, K. (1991). Kıyı (Ada, 1983, s. 4).\n"
    assert read(text).references == ()


NUMBERED = "\n\n# References\n\n[1] K. Gürün, Shores, 1991.\n\n[2] Ada, B. (2001). Lake.\n\n"
NUMBERED += "[3] The Times, 4 May 1920.\n"


@pytest.mark.parametrize(
    ("cited", "expected"),
    [
        ("[1]", [("K. Gürün", "1991", None)]),
        ("[2, p. 40]", [("Ada", "2001", "p. 40")]),
        ("[1, 3]", [("K. Gürün", "1991", None), ("The Times", "1920", None)]),
        ("[1-3]", [("K. Gürün", "1991", None), ("Ada", "2001", None), ("The Times", "1920", None)]),
        ("[9]", []),
        ("[1, 9]", []),
        ("[1923]", []),
        ("[sic]", []),
    ],
)
def test_numbers_in_brackets_are_resolved_where_the_list_has_them(
    cited: str, expected: list[tuple[str, str | None, str | None]]
) -> None:
    document = read(f"# Introduction\n\nPeace came {cited} and went.{NUMBERED}")
    assert [(r.author, r.year, r.locator) for r in document.references] == expected
    starts = [document.text[slice(*r.entry)][3:6].strip() for r in document.references if r.entry]
    assert starts == [author[: len(s)] for (author, *_), s in zip(expected, starts, strict=True)]
    assert {document.text[slice(*r.span)] for r in document.references} <= {cited}


def test_a_list_that_has_lost_its_numbers_is_counted_where_nothing_else_is_cited() -> None:
    listed = "\n\n# References\n\nGürün, K. (1991). Shores.\n\nAda, B. (2001). Lake.\n"
    assert resolved(read(f"# One\n\nPeace came [2].{listed}")) == [("[2]", "Ada, B. (2001). Lake.")]
    assert resolved(read(f"# One\n\nPeace came [2] (Hale, 2003).{listed}")) == [
        ("Hale, 2003", None)
    ]


def test_without_a_list_a_number_in_brackets_is_no_source() -> None:
    assert read("# One\n\nPeace came [12] and went [3, 5].\n").references == ()
