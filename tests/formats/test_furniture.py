"""Running heads, feet and page numbers of text files."""

from __future__ import annotations

from dipnot.document.build import make_document
from dipnot.formats import read_pages
from dipnot.types import Document, Source

FIRST = "Değirmenin taşları komşu ilçeden kağnılarla getirilmiş ve köylüler"
SECOND = "o günü uzun süre unutmamıştır. Tuzla ise köyün batısında kuruldu."
WORDS = ("elma", "armut", "kiraz", "üzüm", "incir")


def read(text: str) -> Document:
    return make_document(Source("a.txt", "a"), read_pages("a.txt", text.encode()))


def labels(document: Document) -> list[str | None]:
    return [page.label for page in document.pages]


def test_heads_that_differ_left_and_right_and_feet_that_count_are_no_text() -> None:
    pages = [
        f"{'KASABA' if i % 2 else 'Ali Su'}\n{FIRST}\n{SECOND} {'Bu da var. ' * i}\n- {i} -\n"
        for i in range(7, 11)
    ]
    document = read("\f".join(pages))
    assert labels(document) == ["7", "8", "9", "10"]
    assert "KASABA" not in document.text
    assert "Ali Su" not in document.text
    assert "- 8 -" not in document.text


def test_a_sentence_goes_on_from_page_to_page() -> None:
    document = read(f"KASABA 11\n\n{FIRST}\n\f12 KASABA\n\n{SECOND}\n\fKASABA 13\n\nSon.\n")
    assert f"{FIRST} {SECOND}" in document.text


def test_roman_numbers_and_arabic_ones_count_by_themselves() -> None:
    feet = ["iii", "iv", "1", "2"]
    document = read("\f".join(f"{FIRST}\n{SECOND} {foot * 3}\n{foot}\n" for foot in feet))
    assert labels(document) == feet


def test_a_year_or_an_amount_on_an_edge_is_no_page_number() -> None:
    document = read("1871 yılında kuruldu.\nYandı.\n\f1902 yılında yandı.\nBitti.\n")
    assert "1871 yılında" in document.text
    assert labels(document) == [None, None]


def test_lines_on_edges_whose_numbers_do_not_count_the_pages_are_text() -> None:
    for heads in (
        [f"Esas No: 2018/{n}" for n in (412, 17, 413, 90)],
        [f"Karar Tarihi: {n}.05.2019" for n in (3, 4, 5, 9)],
        [f"Madde {n} -" for n in (5, 9, 12, 20)],
    ):
        document = read("\f".join(f"{head}\n\n{FIRST}\n{SECOND}\n" for head in heads))
        assert all(head in document.text for head in heads)


def test_heads_that_come_again_with_the_number_of_an_issue_or_page_are_left_out() -> None:
    heads = [f"Göl Yazıları, sayı 12 (2019), s. {n} dir" for n in range(4, 9)]
    document = read("\f".join(f"{head}\n\n{FIRST}\n{SECOND}\n" for head in heads))
    assert "Yazıları" not in document.text


def test_a_head_is_left_out_of_the_first_page_too_which_bears_its_number_at_the_foot() -> None:
    pages = [f"KASABA\n\n{FIRST}\n\n- 21 -", f"22 Ali Su\n\n{SECOND}"]
    pages += [f"KASABA 23\n\n{FIRST}", f"24 Ali Su\n\n{SECOND}"]
    document = read("\f".join(pages))
    assert labels(document) == ["21", "22", "23", "24"]
    assert "KASABA" not in document.text


PART = f"{FIRST}\n{SECOND}\n"


def test_headings_that_count_up_with_the_pages_are_text() -> None:
    named = ("Giriş", "Yöntem", "Bulgular", "Sonuç")
    for heads in (
        [f"BÖLÜM {n}" for n in range(1, 5)],
        [f"Madde {n}" for n in range(5, 9)],
        [f"{n} {name}" for n, name in enumerate(named, start=1)],
        [str(year) for year in range(1919, 1923)],
    ):
        text = "\f".join(
            f"{h}\n\n{w.title()} ve {PART}" for h, w in zip(heads, WORDS, strict=False)
        )
        document = read(text)
        assert all(f"{head}\n\n" in document.text for head in heads)
        assert labels(document) == [None] * 4


def test_a_head_in_one_form_counts_pages_where_sentences_go_on_below_it() -> None:
    pages = [f"KASABA {n}\n\nkıyıda {PART}{word} ile" for n, word in enumerate(WORDS, start=11)]
    document = read("\f".join(pages))
    assert labels(document) == ["11", "12", "13", "14", "15"]
    assert "KASABA" not in document.text


def test_notes_of_one_line_one_on_each_page_are_no_feet() -> None:
    notes = [f"{n} {word.title()}, Göl Tarihi, s. {n * n + 7}." for n, word in enumerate(WORDS, 1)]
    pages = [f"{note[2:6]} için {PART}Kıyı kurudu.{note[0]}\n\n{note}" for note in notes]
    document = read("\f".join(pages))
    assert labels(document) == [None] * 5
    assert [document.text[slice(*n.span)] for n in document.footnotes] == [n[2:] for n in notes]
