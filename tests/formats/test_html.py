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
    text = "Göl o yıl kurudu ve köylüler kıyıdan ayrıldı."
    found = blocks(
        f"<form><input name=q><button>Ara</button><h2><button>Kim geldi? <i>+</i></button></h2>"
        f"<p>{text}</p><p>{text}</p><p>{text}</p><h2>Sular<button>Yay</button></h2></form>"
        "<form><p><label>E-posta</label><input></p></form>"
    )
    assert found == [
        ("Kim geldi? +", "heading"), *[(text, "paragraph")] * 3, ("Sular", "heading"),
    ]  # fmt: skip
