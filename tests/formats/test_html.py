"""HTML by itself: what of a page is read."""

from __future__ import annotations

import time

import pytest

from dipnot.formats.html import read


def blocks(body: str) -> list[tuple[str, str | None]]:
    pages = read("a.html", f"<html><body>{body}</body></html>".encode())
    return [(line.text, line.role) for page in pages for line in page.lines]


def test_what_is_not_shown_is_no_text() -> None:
    assert blocks("<p>Bir<script>x()</script><style>p{}</style></p><p hidden>İki</p>") == [
        ("Bir", "paragraph")
    ]


def test_a_page_that_names_its_main_part_is_that_part() -> None:
    assert blocks("<nav><p>Menü</p></nav><main><p>Göl kurudu.</p></main><p>Alt bilgi</p>") == [
        ("Göl kurudu.", "paragraph")
    ]


def test_a_page_inside_a_form_and_titles_that_are_buttons_are_read() -> None:
    text = TOLD
    found = blocks(
        f"<form><input name=q><button>Ara</button><h2><button>Kim geldi? <i>+</i></button></h2>"
        f"<p>{text}</p><p>{text}</p><p>{text}</p><h2>Su<button>Bağını al</button></h2></form>"
        "<form><p><label>E-posta</label><input></p></form>"
    )
    assert found == [
        ("Kim geldi? +", "heading"), *[(text, "paragraph")] * 3, ("Su", "heading"),
    ]  # fmt: skip


TOLD = "Göl o yıl kurudu ve köylüler kıyıdan ayrıldı."


def test_an_article_is_the_page_only_where_it_tells_most_of_it() -> None:
    links = "<ul><li><a href=x>Komşu köyün kuyusu da o yaz kurudu, diyor muhtar.</a></li></ul>"
    assert blocks(f"<article><p>{TOLD}</p></article>{links}<footer>{TOLD}</footer>") == [
        (TOLD, "paragraph")
    ]
    assert blocks(f"<p>{TOLD}</p><article><p>Bir alıntı.</p></article><p>{TOLD}</p>") == [
        (TOLD, "paragraph"), ("Bir alıntı.", "paragraph"), (TOLD, "paragraph"),
    ]  # fmt: skip


def test_the_title_is_that_of_the_main_part_or_of_the_page() -> None:
    head = "<head><title>Göller</title></head>"
    for main, first in (("<h1>Sular</h1>", "Sular"), ("<h2>Su</h2>", "Su"), ("", "Göller")):
        page = f"<html>{head}<header><h1>Göller</h1></header><main>{main}<p>{TOLD}</p></main>"
        (found,) = read("a.html", page.encode())
        assert [line.text for line in found.lines] == [first, TOLD]


SECTIONS = f"<h2>Giriş</h2><p>{TOLD}</p><h2>Son</h2><p>{TOLD}</p>"


@pytest.mark.parametrize(
    ("header", "first"),
    [
        ("<header><h1>Göl Raporu</h1></header>", "Göl Raporu"),
        ("<div class=entry-header><h1>Göl Raporu</h1></div>", "Göl Raporu"),
        ("<header><h1><a href=/>Göl</a></h1></header>", "Göl Raporu - Kıyı"),
        ("<header><h1>Kıyı</h1></header>", "Göl Raporu - Kıyı"),
    ],
)
def test_the_title_stands_in_the_header_where_the_main_part_has_only_parts(
    header: str, first: str
) -> None:
    page = f"<title>Göl Raporu - Kıyı</title>{header}<main>{SECTIONS}</main>"
    (found,) = read("a.html", page.encode())
    assert [line.text for line in found.lines] == [first, "Giriş", TOLD, "Son", TOLD]


def test_one_heading_behind_prose_does_not_name_the_main_part() -> None:
    page = "<title>Göl</title><div><h1>Göl</h1></div>"
    page += f"<article><p>{TOLD}</p><h3>Son</h3><p>{TOLD}</p></article>"
    (found,) = read("a.html", page.encode())
    assert found.lines[0].text == "Göl"


BESIDE = f"<p>{'Kıyı boştu. ' * 99}</p>"
FIELDS = "<input name=a><input name=b><input name=c><select><option>x</select>"


@pytest.mark.parametrize(
    "page",
    [
        f"<form>{FIELDS}<div><p>{TOLD}</p><p>{TOLD}</p><p>{TOLD} {TOLD} {TOLD}</p></div></form>",
        f"<form>{FIELDS}<div>{'<p>Göl o yıl kurudu mu?</p>' * 15}</div></form>{BESIDE}",
    ],
)
def test_prose_inside_a_form_is_read(page: str) -> None:
    assert any(words.startswith("Göl o yıl kurudu") for words, _ in blocks(page)[:1])


def test_answers_to_tick_are_words_apart() -> None:
    answers = "".join(f"<label><input type=radio name=q>{year}</label>" for year in (1923, 1924))
    found = blocks(f"<form><h1>Göl</h1><p>Göl ne zaman kurudu?</p>{answers}</form>")
    assert found[-1] == ("1923 1924", "paragraph")


def test_a_form_that_asks_beside_a_text_is_not_read() -> None:
    asks = f"<form><h3>Haber alın</h3><p>Yenilikleri size yollarız.</p>{FIELDS}</form>"
    assert blocks(f"{asks}<p>{TOLD}</p>") == [(TOLD, "paragraph")]


@pytest.mark.parametrize(
    "page",
    [
        f"<button class=accordion>Göl ne oldu?</button><div class=panel><p>{TOLD}</p></div>",
        f"<div><button>Göl ne oldu?</button></div><div><p>{TOLD}</p></div>",
    ],
)
def test_a_question_in_a_button_heads_its_answer(page: str) -> None:
    assert blocks(f"{page}<button>Bize yazın</button><p>{TOLD}</p>") == [
        ("Göl ne oldu?", "heading"), (TOLD, "paragraph"), (TOLD, "paragraph"),
    ]  # fmt: skip


def test_cells_with_empty_lines_between_long_paragraphs_are_no_row() -> None:
    cell = "<br><br>".join([f"{TOLD} {TOLD} {TOLD}"] * 4)
    found = blocks(f"<table><tr><td><a href=x>Ana sayfa</a></td><td>{cell}</td></tr></table>")
    assert found == [("Ana sayfa", "paragraph"), *[(f"{TOLD} {TOLD} {TOLD}", "paragraph")] * 4]
    short = "<table><tr><td>1</td><td>Göl<br><br>Kıyı</td></tr></table>"
    assert [role for _, role in blocks(short)] == ["table"]


def test_many_permalinks_in_one_block_are_read_at_once() -> None:
    line = '<br>Göl kurudu <a class="permalink" href="#x">¶</a>'
    start = time.process_time()
    blocks(f"<div>{line * 4_000}</div>")
    assert time.process_time() - start < 4


def test_a_link_of_a_heading_to_itself_is_read_where_it_is_all_that_the_heading_says() -> None:
    whole = '<h2><a class="header-anchor" href="#a"><span>1. Göller</span></a></h2>'
    beside = '<h2>Sular<a class="headerlink" href="#b">¶</a></h2>'
    beside += '<h2>Kıyılar<a class="permalink" href="#c">Permalink</a></h2>'
    assert [words for words, _ in blocks(whole + beside)] == ["1. Göller", "Sular", "Kıyılar"]


def test_words_that_a_style_sets_apart_are_not_glued() -> None:
    said = "<span>12 Mayıs 2020</span><span>Ayşe Kaya</span><a href=x>Göl</a>"
    assert blocks(f"<div>{said}</div>") == [("12 Mayıs 2020 Ayşe Kaya Göl", "paragraph")]
    assert blocks("<p>Bu<span>lut</span><span>lar</span> <span>M</span><span>Kemal</span></p>") == [
        ("Bulutlar MKemal", "paragraph")
    ]
    lines = "<span style='display: block'>Bir</span><span style='display:block'>iki</span>"
    assert blocks(f"{lines}<h2>{lines}</h2>") == [
        ("Bir", "paragraph"), ("iki", "paragraph"), ("Bir iki", "heading"),
    ]  # fmt: skip


def test_items_have_the_letters_that_a_list_counts_by() -> None:
    assert blocks("<ol type=a start=3><li>Göl<ol type=I><li>Su</ol><li>Kıyı</ol>") == [
        ("c. Göl", "list"), ("I. Su", "list"), ("d. Kıyı", "list"),
    ]  # fmt: skip
    assert blocks("<ol style='list-style-type: upper-alpha'><li>Göl</ol>") == [("A. Göl", "list")]


def test_what_was_deleted_from_a_page_is_no_text() -> None:
    assert blocks("<p>Bedeli <del>100</del> <ins>80</ins> lira.</p>") == [
        ("Bedeli 80 lira.", "paragraph")
    ]
