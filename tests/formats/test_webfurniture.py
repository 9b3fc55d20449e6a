"""Web furniture: what stands around the text of a page is told from the text."""

from __future__ import annotations

import pytest

from dipnot.formats.html import read

TOLD = "Göl o yıl kurudu ve köylüler kıyıdan ayrıldı."


def blocks(body: str) -> list[tuple[str, str | None]]:
    pages = read("a.html", f"<html><body>{body}</body></html>".encode())
    return [(line.text, line.role) for page in pages for line in page.lines]


MENU = "<ul class='main-menu'><li><a href=/>Ana sayfa</a></li><li><a href=/g>Gündem</a></li></ul>"


@pytest.mark.parametrize(
    "around",
    [
        MENU, "<div id='cookie-banner'><p>Çerez kullanırız.</p></div>",
        "<div role='dialog'>Çerez kullanırız.</div>", "<a class='skip-link' href='#x'>Geç</a>",
        "<p class='breadcrumb'><a href=/>Ana sayfa</a> &gt; Göller</p>",
        "<span class='sr-only'>Yeni sekmede açılır.</span>",
        ("<div class='related-articles'><h3>İlgili</h3><a href=b>Nehir taştı</a><a href=c>Baraj</a>"
        "</div>"),
        "<div class='share'>Paylaş: <a href=f>Facebook</a><a href=t>Twitter</a></div>",
        "<footer><p>© 2020 Göl Gazetesi. Tüm hakları saklıdır.</p></footer>",
        "<span style='visibility: hidden'>Gizli.</span>",
    ],
)  # fmt: skip
def test_what_stands_around_the_text_of_a_page_is_not_read(around: str) -> None:
    assert blocks(f"{around}<h1>Göl</h1><p>{TOLD}</p>{around}") == [
        ("Göl", "heading"), (TOLD, "paragraph"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "around",
    [
        f"<div class='menu'><p>{TOLD}</p><p>Bir <a href=x>bağ</a> ve <a href=y>bir</a>.</p></div>",
        f"<footer><p>{TOLD}</p></footer>", f"<div class='cookie-recipes'>{TOLD}</div>",
        f"<div class='cookie-banner'><h1>Su</h1>{TOLD}</div>", f"<p class='not-sr-only'>{TOLD}</p>",
    ],
)  # fmt: skip
def test_a_name_alone_makes_no_text_furniture(around: str) -> None:
    assert TOLD in [text for text, _ in blocks(around + TOLD)]


def test_a_list_of_links_to_the_headings_says_them_twice() -> None:
    items = "<ul><li><a href=#a>1. Göller</a><li><a href=#b>2. Irmaklar</a></ul>"
    body = f"<h2 id=a>Göller</h2><p>{TOLD}</p><h2 id=b>Irmaklar</h2><p>{TOLD}</p>"
    read_so = [("Göller", "heading"), (TOLD, "paragraph")]
    assert blocks(f"<h2>İçindekiler</h2>{items}{body}")[:2] == read_so
    assert blocks(f"<div><p>Konular</p>{items}</div>{body}")[:2] == read_so
    told = items.replace("</a>", "</a>, anlatılır.")
    assert blocks(told + body)[0] == ("1. Göller, anlatılır.", "list")


def test_names_that_nest_without_end_cost_no_more_than_the_page() -> None:
    links = "<a href=x>bir</a>" * 3000
    deep = "<div class=menu>" * 200 + f"<p>{TOLD} {'Su akar. ' * 3000}</p>{links}" + "</div>" * 200
    assert TOLD in blocks(deep)[0][0]
