"""Strings of the four styles, judged against the style's own rules in both languages."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import permutations

import pytest

from citing_parts import ARTICLE, BARE, BOOK, both, first, second, text_of
from dipnot.citing import processor
from dipnot.citing.items import Cited
from dipnot.citing.processor import STYLES, Markup, collated, escaped, range_of, write
from dipnot.types import CitationStyle as Style
from dipnot.types import Document, Language

ENGLISH = text_of(
    "lakes", "Lakes: a short history", "Ann Lee, Bo Ek and John Smith",
    language="en", year="2001-06", journal="Journal of Lakes", volume="3", pages="1-20",
)  # fmt: skip
ASKS = text_of("kim", "Kim kuruttu?", "{Su Kurumu}", year="1991", journal="Belleten", volume="5")

MARKUPS: tuple[Markup, ...] = ("text", "markdown")


def notes(places: Sequence[Cited], style: Style, language: Language) -> list[str]:
    return list(write(places, style, language).notes)


def entries(documents: Sequence[Document], style: Style, language: Language) -> list[str]:
    return list(write([first(d) for d in documents], style, language).bibliography)


@pytest.mark.parametrize(
    ("style", "language", "note", "entry"),
    [
        (
            "chicago", "tr",
            ("Işıl Demir, “Göller ve Kıyıları”, Taş Dergisi 19, sy. 4 (2023): 210-11, "
            "https://doi.org/10.1000/abc."),
            ("Demir, Işıl. “Göller ve Kıyıları”. Taş Dergisi 19, sy. 4 (2023): 201-30. "
            "https://doi.org/10.1000/abc."),
        ),
        (
            "chicago", "en",
            ("Işıl Demir, “Göller ve Kıyıları,” Taş Dergisi 19, no. 4 (2023): 210–11, "
            "https://doi.org/10.1000/abc."),
            ("Demir, Işıl. “Göller ve Kıyıları.” Taş Dergisi 19, no. 4 (2023): 201–30. "
            "https://doi.org/10.1000/abc."),
        ),
        (
            "apa", "tr", "(Demir, 2023, ss. 210-211)",
            ("Demir, I. (2023). Göller ve Kıyıları. Taş Dergisi, 19(4), 201-230. "
            "https://doi.org/10.1000/abc"),
        ),
        (
            "apa", "en", "(Demir, 2023, pp. 210–211)",
            ("Demir, I. (2023). Göller ve Kıyıları. Taş Dergisi, 19(4), 201–230. "
            "https://doi.org/10.1000/abc"),
        ),
        (
            "isnad", "tr", "Işıl Demir, “Göller ve Kıyıları”, Taş Dergisi 19/4 (2023), 210-211.",
            ("Demir, Işıl. “Göller ve Kıyıları”. Taş Dergisi 19/4 (2023), 201-230. "
            "https://doi.org/10.1000/abc."),
        ),
        (
            "isnad", "en", "Işıl Demir, “Göller ve Kıyıları,” Taş Dergisi 19/4 (2023), 210–211.",
            ("Demir, Işıl. “Göller ve Kıyıları.” Taş Dergisi 19/4 (2023), 201–230. "
            "https://doi.org/10.1000/abc."),
        ),
        (
            "mla", "tr", "(Demir 210-11)",
            ("Demir, Işıl. “Göller ve Kıyıları”. Taş Dergisi, c. 19, sy. 4, 2023, ss. 201-30, "
            "https://doi.org/10.1000/abc."),
        ),
        (
            "mla", "en", "(Demir 210–11)",
            ("Demir, Işıl. “Göller ve Kıyıları.” Taş Dergisi, vol. 19, no. 4, 2023, pp. 201–30, "
            "https://doi.org/10.1000/abc."),
        ),
    ],
)  # fmt: skip
def test_an_article_is_cited_as_the_style_has_it(
    style: Style, language: Language, note: str, entry: str
) -> None:
    written = write([both(ARTICLE)], style, language)
    assert written.notes == (note,)
    assert written.bibliography == (entry,)


def test_two_authors_of_a_book_are_joined_as_the_language_does() -> None:
    assert notes([second(BOOK)], "chicago", "tr") == [
        "İnci Şahin ve Ömer Çınar, Kuyular (Ak, 1990), 211."
    ]
    assert notes([second(BOOK)], "isnad", "tr") == [
        "İnci Şahin - Ömer Çınar, Kuyular (İzmir: Ak, 1990), 211."
    ]
    assert notes([second(BOOK)], "apa", "tr") == ["(Şahin ve Çınar, 1990, s. 211)"]
    assert notes([second(BOOK)], "apa", "en") == ["(Şahin & Çınar, 1990, p. 211)"]
    assert entries([BOOK], "apa", "tr") == ["Şahin, İ. ve Çınar, Ö. (1990). Kuyular. Ak."]
    assert entries([BOOK], "mla", "tr") == ["Şahin, İnci ve Ömer Çınar. Kuyular. Ak, 1990."]
    assert entries([BOOK], "mla", "en") == ["Şahin, İnci, and Ömer Çınar. Kuyular. Ak, 1990."]


def test_a_text_of_which_little_is_known_is_cited_by_what_is_known() -> None:
    assert notes([first(BARE)], "chicago", "tr") == ["Işıl Demir, “Yalın Metin”, t.y., 1."]
    assert notes([first(BARE)], "chicago", "en") == ["Işıl Demir, “Yalın Metin,” n.d., 1."]
    assert notes([first(BARE)], "isnad", "tr") == ["Işıl Demir, “Yalın Metin”, ts., 1."]
    assert notes([first(BARE)], "apa", "tr") == ["(Demir, t.y., s. 1)"]
    assert entries([BARE], "apa", "en") == ["Demir, I. (n.d.). Yalın Metin."]
    assert entries([BARE], "chicago", "tr") == ["Demir, Işıl. “Yalın Metin”."]


@pytest.mark.parametrize("style", STYLES)
def test_a_title_stands_once_in_the_place_of_an_author_who_is_unknown(style: Style) -> None:
    nameless = text_of("adsiz", "Adsız Metin", None, year="1991")
    (entry,) = entries([nameless], style, "tr")
    assert entry.count("Adsız Metin") == 1
    assert "1991" in entry


def test_months_titles_and_several_authors_are_those_of_the_language() -> None:
    english, turkish = (
        notes([first(ENGLISH)], "chicago", "en"),
        notes([first(ENGLISH)], "chicago", "tr"),
    )
    assert english == [
        "Ann Lee et al., “Lakes: A Short History,” Journal of Lakes 3 (June 2001): 210."
    ]
    assert turkish == [
        "Ann Lee vd., “Lakes: A Short History”, Journal of Lakes 3 (Haziran 2001): 210."
    ]
    assert entries([ENGLISH], "apa", "en") == [
        "Lee, A., Ek, B., & Smith, J. (2001). Lakes: a short history. Journal of Lakes, 3, 1–20."
    ]


def test_a_title_that_asks_keeps_its_mark_and_no_stop_beside_it() -> None:
    assert entries([ASKS], "apa", "tr") == ["Su Kurumu. (1991). Kim kuruttu? Belleten, 5."]
    assert entries([ASKS], "chicago", "en") == ["Su Kurumu. “Kim kuruttu?” Belleten 5 (1991)."]


def test_a_later_note_to_the_same_text_is_short() -> None:
    full, short = notes([first(ARTICLE), second(ARTICLE)], "chicago", "tr")
    assert "Taş Dergisi" in full
    assert short == "Demir, “Göller ve Kıyıları”, 211."


def test_two_works_of_one_author_are_told_apart() -> None:
    both_works = [first(ARTICLE), first(BARE)]
    assert notes(both_works, "mla", "en") == [
        "(Demir, “Göller ve Kıyıları” 210)", "(Demir, “Yalın Metin” 1)",
    ]  # fmt: skip
    twins = [text_of(n, t, year="2001", journal="Taş") for n, t in (("x", "Çay"), ("y", "Dere"))]
    assert notes([first(t) for t in twins], "apa", "tr") == [
        "(Demir, 2001a, s. 210)", "(Demir, 2001b, s. 210)",
    ]  # fmt: skip


def test_works_without_an_author_are_not_works_of_one() -> None:
    works = [
        text_of(n, t, None, year="2020", journal="Taş") for n, t in (("x", "Çay"), ("y", "Su"))
    ]
    told = notes([first(work) for work in works], "apa", "tr")
    assert [("2020," in note, "Çay" in note, "Su" in note) for note in told] == [
        (True, True, False), (True, False, True),
    ]  # fmt: skip
    assert all("(2020)" in entry for entry in entries(works, "apa", "tr"))
    for work, note in zip(works, notes([first(w) for w in works], "mla", "tr"), strict=True):
        assert note.count(work.title) == 1
    same = [text_of(n, "Çay", None, year="2020", journal="Taş") for n in "xy"]
    assert ["2020a" in n or "2020b" in n for n in notes(list(map(first, same)), "apa", "tr")] == [
        True, True,
    ]  # fmt: skip


def test_a_bibliography_is_sorted_by_the_alphabet_of_the_language() -> None:
    authors = ["Can Çınar", "Can Cura", "Can Ilgaz", "Can İnan", "Can Şen", "Can Soy", "Can Zor"]
    order = ["Cura", "Çınar", "Ilgaz", "İnan", "Soy", "Şen", "Zor"]
    texts = [text_of(f"d{n}", "Taş", a, year="2001") for n, a in enumerate(authors)]
    assert [e.split(",")[0] for e in entries(texts[::-1], "apa", "tr")] == order
    assert all(
        sorted(p, key=lambda w: collated(w, "tr")) == order[:4] for p in permutations(order[:4])
    )


@pytest.mark.parametrize(
    ("pages", "form", "expected"),
    [
        ("201-230", "chicago-16", "201-30"),
        ("100-104", "chicago-16", "100-104"),
        ("101–108", "chicago-16", "101-8"),
        ("1-20", "minimal-two", "1-20"),
        ("95-102", "chicago-16", "95-102"),
        ("201-230", "expanded", "201-230"),
        ("xii-xv", "chicago-16", "xii-xv"),
        ("12", None, "12"),
        ("30-12", "minimal-two", "30-12"),
    ],
)
def test_the_end_of_a_range_is_shortened_as_the_style_says(
    pages: str, form: str | None, expected: str
) -> None:
    assert range_of(pages, form).replace("\ue000", "-") == expected


def test_titles_stand_in_italics_in_markdown_and_nothing_of_a_text_is_markup() -> None:
    hostile = text_of("kotu", "*Çay* [x](y) <b>_z_</b>", journal="Taş", year="2001")
    written = write([first(ARTICLE), first(hostile)], "chicago", "tr", "markdown")
    assert "*Taş Dergisi*" in written.notes[0]
    assert r"“\*Çay\* \[x\](y) \<b\>\_z\_\</b\>”" in written.notes[1]
    assert escaped("# R&D &amp; `x`") == r"\# R&D \&amp; \`x\`"


def test_a_style_is_read_once_and_two_who_write_with_it_do_not_disturb_each_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    alone = {markup: write([first(ARTICLE)], "mla", "tr", markup) for markup in MARKUPS}

    def unread(*_: object, **__: object) -> None:
        raise AssertionError("the style was read again")

    monkeypatch.setattr(processor, "CitationStylesStyle", unread)
    with ThreadPoolExecutor(4) as pool:
        for markup, found in [
            (markup, pool.submit(write, [first(ARTICLE)], "mla", "tr", markup))
            for markup in MARKUPS * 8
        ]:
            assert found.result() == alone[markup]
