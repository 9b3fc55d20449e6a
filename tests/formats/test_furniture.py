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


def test_numbers_between_unparted_lines_are_pages() -> None:
    document = read(f"{FIRST}\n{SECOND}\n12\n{FIRST}\n{SECOND}\n13\n{FIRST}\n{SECOND}\n")
    assert labels(document) == ["12", "13", None]
    assert "12" not in document.text


def test_numbers_that_part_chapters_are_text() -> None:
    document = read(f"1\n\n{FIRST}\n{SECOND}\n\n2\n\n{FIRST}\n{SECOND}\n")
    assert len(document.pages) == 1
    assert "2" in document.text


def test_page_numbers_inside_lines_are_lifted_out_and_cut_no_word() -> None:
    document = read("The mill stood, and knowl[Pg 12]edge of it was [Pg 13] lost.\n")
    assert document.text == "The mill stood, and knowledge of it was lost."
    assert labels(document) == [None, "12", "13"]


def test_a_year_or_an_amount_on_an_edge_is_no_page_number() -> None:
    document = read("1871 yılında kuruldu.\nYandı.\n\f1902 yılında yandı.\nBitti.\n")
    assert "1871 yılında" in document.text
    assert labels(document) == [None, None]


def test_numbers_of_years_rows_stanzas_and_articles_are_text() -> None:
    years = "".join(f"{1918 + i}\nO yıl {word} imzalandı.\n" for i, word in enumerate(WORDS))
    rows = "Sıra\n" + "".join(f"{i}\n{word}\n" for i, word in enumerate(WORDS, start=1))
    entries = "".join(f"{i}\n{word.title()} için {FIRST}\n{SECOND}\n" for i, word in
                      enumerate(WORDS, start=14))  # fmt: skip
    stanzas = "\n".join(
        f"{i}\nrüzgâr eser {word} diye\nsular akar ince ince\nbir {word} kalır geriye\n"
        for i, word in enumerate(WORDS, start=1)
    )
    articles = "\n".join(f"Madde {i}\n\n{word.title()} {SECOND}\n" for i, word in enumerate(WORDS))
    for text in (years, rows, entries, stanzas, articles):
        document = read(text)
        assert len(document.pages) == 1
        assert [number for number in text.split() if number.isdigit()] == [
            word for word in document.text.split() if word.isdigit()
        ]


def test_numbers_of_long_pages_that_cut_sentences_are_pages_below_their_heads_too() -> None:
    page = "".join(f"{FIRST}\n{SECOND}\n" for _ in range(5))
    pages = [f"KASABA TARİHİ\n{word} diye anılan {page}\nSonra {word} ile" for word in WORDS]
    document = read("".join(f"{text}\n\n{i}\n\n" for i, text in enumerate(pages, start=1)))
    assert labels(document)[:4] == ["1", "2", "3", "4"]
    assert f"Sonra {WORDS[0]} ile {WORDS[1]} diye" in document.text


def test_pages_that_a_text_cites_in_brackets_stay_in_their_sentences() -> None:
    for cited in (("45", "12"), ("230",), ("45", "45", "46", "12"), ("12", "31", "58")):
        text = "Akçura şöyle yazar" + "".join(f" [s. {page}] ve ekler" for page in cited) + "."
        document = read(text)
        assert document.text == text
        assert labels(document) == [None]


def test_page_numbers_inside_lines_may_leave_out_a_page_of_pictures_and_turn_arabic() -> None:
    pages = ("viii", "ix", "1", "2", "4", "5", "6")
    document = read("".join(f"The mill stood [Pg {page}] there and " for page in pages) + "burned.")
    assert labels(document) == [None, *pages]


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


def test_a_few_pages_without_a_number_do_not_break_the_row() -> None:
    missing = (9, 16, 17, 24)
    document = read(
        "".join(f"{PART * 6}{FIRST} ve\n{'' if n in missing else n}\n" for n in range(5, 30))
    )
    assert labels(document) == [str(n) for n in range(5, 30) if n not in missing]


def test_years_and_numbers_of_rows_that_cut_no_sentence_are_text() -> None:
    years = "".join(f"{y}\nMeclis açıldı.\nSevr imzalandı.\n" for y in (1920, 1921, 1922))
    table = "Tablo\n" + "".join(f"{n}\nAnkara\nTürkiye\n" for n in (12, 13, 14))
    for text in (f"KRONOLOJİ\n{years}", table):
        document = read(text)
        assert labels(document) == [None]
        assert all(n in document.text for n in text.split() if n.isdigit())


def test_cantos_in_small_letters_are_no_pages() -> None:
    canto = "\n".join(f"rüzgâr eser {word} diye sular akar geceye" for word in WORDS * 4)
    document = read("".join(f"{n}\n\n{canto}\n\n" for n in range(1, 6)))
    assert labels(document) == [None]


def test_numbers_between_dashes_begin_at_one_where_nothing_follows_the_last() -> None:
    pages = [f"{word.title()} için {PART}\n- {n} -\n\n" for n, word in enumerate(WORDS, start=1)]
    assert labels(read("".join(pages))) == ["1", "2", "3", "4", "5"]
    chapters = [f"- {n} -\n\n{word.title()} için {PART}\n" for n, word in enumerate(WORDS, start=1)]
    assert "- 2 -" in read("".join(chapters)).text


def test_braces_behind_letters_and_close_together_are_text() -> None:
    for text in (
        "Let x_{1}, x_{2} and x_{3} be the three roots.",
        "Şablon {1} ve {2} alanlarını doldurur.",
        "Yazar gölü anlatır [s. 12]. Köye gelir [s. 13].",
        "Yazar gölü anlatır [s. 12]. Köye gelir [s. 13]. Gider [s. 14].",
    ):
        document = read(text)
        assert document.text == text
        assert labels(document) == [None]


def test_braces_and_brackets_a_page_apart_number_pages() -> None:
    for sign in ("{%d}", "[s. %d]"):
        text = " ".join(f"{PART * 5}{sign % n}" for n in (12, 13, 14))
        assert labels(read(text)) == [None, "12", "13", "14"]
