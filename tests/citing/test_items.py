"""Texts as references, and what stands beside a note."""

from __future__ import annotations

import pytest

from citing_parts import ARTICLE, BARE, BOOK, both, first, note, second, text_of
from dipnot.citing.items import beside, cited, date_of, item_of, missing_of
from dipnot.types import Span


def test_a_text_of_a_journal_is_an_article_one_with_a_publisher_a_book() -> None:
    assert item_of(ARTICLE)["type"] == "article-journal"
    assert item_of(BOOK)["type"] == "book"
    assert item_of(BARE) == {
        "id": "yalin",
        "type": "document",
        "title": "Yalın Metin",
        "author": [{"family": "Demir", "given": "Işıl"}],
        "language": "tr-TR",
    }


def test_a_doi_is_kept_without_its_address_and_stands_for_the_url() -> None:
    for doi in ("10.1000/a", "https://doi.org/10.1000/a", "doi: 10.1000/a"):
        item = item_of(text_of(doi=doi, url="https://example.org/a"))
        assert item["DOI"] == "10.1000/a"
        assert "URL" not in item


@pytest.mark.parametrize(
    ("year", "expected"),
    [
        ("2023", {"date-parts": [[2023]]}),
        ("2023-06", {"date-parts": [[2023, 6]]}),
        ("2023-06-15", {"date-parts": [[2023, 6, 15]]}),
        ("2023-13", {"literal": "2023-13"}),
        ("1920'ler", {"literal": "1920'ler"}),
        (None, None),
    ],
)
def test_a_date_is_read_as_far_as_it_is_one(
    year: str | None, expected: dict[str, object] | None
) -> None:
    assert date_of(year) == expected


def test_pages_are_the_printed_ones_and_else_counted() -> None:
    assert [p.pages for p in (first(ARTICLE), both(ARTICLE), note(ARTICLE))] == [
        "210", "210-211", "211",
    ]  # fmt: skip
    assert both(BARE).pages == "1-2"


def test_what_the_author_cites_stands_apart_in_the_words_of_the_text() -> None:
    assert beside(first(ARTICLE), "tr") == "Kaynak aktarımı: Soysal, 2000, s. 17-18."
    assert beside(first(ARTICLE), "en") == "Citing: Soysal, 2000, s. 17-18."
    assert beside(second(ARTICLE), "tr") == ""


def test_a_note_of_the_article_is_named_as_the_articles() -> None:
    assert beside(note(ARTICLE), "tr") == "Makalenin kendi dipnotu: 4."
    assert beside(note(BOOK), "tr") == "Metnin kendi dipnotu: 4."
    assert beside(note(ARTICLE), "en") == "The article’s own note: 4."


def test_a_quotation_is_on_one_line() -> None:
    assert "\n" not in cited(ARTICLE, Span(0, 66)).quote


def test_what_a_full_footnote_wants_and_the_corpus_does_not_say_is_named() -> None:
    assert missing_of(ARTICLE) == ()
    assert missing_of(BOOK) == ()
    assert missing_of(text_of(publisher="Ak")) == ("year", "place")
    assert missing_of(BARE) == ("year", "journal", "volume", "issue", "pages", "doi")
