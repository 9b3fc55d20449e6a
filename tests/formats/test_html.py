"""HTML by itself: what of a page is read."""

from __future__ import annotations

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


def test_a_link_of_a_heading_to_itself_is_read_where_it_is_all_that_the_heading_says() -> None:
    whole = '<h2><a class="header-anchor" href="#a"><span>1. Göller</span></a></h2>'
    beside = '<h2>Sular<a class="headerlink" href="#b">¶</a></h2>'
    beside += '<h2>Kıyılar<a class="permalink" href="#c">Permalink</a></h2>'
    assert [words for words, _ in blocks(whole + beside)] == ["1. Göller", "Sular", "Kıyılar"]
