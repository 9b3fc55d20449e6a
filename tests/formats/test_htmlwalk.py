"""Elements of a page to blocks: which element is which."""

from __future__ import annotations

from dipnot.formats.html import read


def blocks(body: str) -> list[tuple[str, str | None]]:
    pages = read("a.html", f"<html><body>{body}</body></html>".encode())
    return [(line.text, line.role) for page in pages for line in page.lines]


def test_each_element_is_the_block_that_it_says_it_is() -> None:
    made = blocks(
        "<h1>Göl</h1><h2>Giriş</h2><p>Göl <b>ku</b>rudu.</p><ul><li>bir<li>iki</ul>"
        "<blockquote>Söz</blockquote>"
    )
    assert [text for text, _ in made] == ["Göl", "Giriş", "Göl kurudu.", "bir", "iki", "Söz"]
    roles = dict(made)
    assert (roles["Giriş"], roles["Göl kurudu."]) == ("heading", "paragraph")
    assert (roles["bir"], roles["Söz"]) == ("list", "quotation")
