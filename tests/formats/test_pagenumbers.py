"""Page numbers of text files that do not mark their pages."""

from __future__ import annotations

from dipnot.document.build import make_document
from dipnot.formats import read_pages
from dipnot.types import Document, Source

FIRST = "Değirmenin taşları komşu ilçeden kağnılarla getirilmiş ve köylüler"
SECOND = "o günü uzun süre unutmamıştır. Tuzla ise köyün batısında kuruldu."
PART = f"{FIRST}\n{SECOND}\n"
WORDS = ("elma", "armut", "kiraz", "üzüm", "incir")


def read(text: str) -> Document:
    return make_document(Source("a.txt", "a"), read_pages("a.txt", text.encode()))


def labels(document: Document) -> list[str | None]:
    return [page.label for page in document.pages]


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
