"""What the page loads: our own files, and nothing else."""

from __future__ import annotations

import re

from dipnot_ui.look import FILES, file, head, theme


def test_the_head_loads_only_what_is_served_here() -> None:
    made = head()
    loaded = re.findall(r'(?:src|href)="([^"]+)"', made)
    ours = {f"/ui/{name}" for name in FILES}
    assert all(at in ours or at.startswith("/look/") for at in loaded)
    assert {"/ui/style.css", "/ui/page.js"} <= set(loaded)


def test_scripts_load_only_files_that_are_served_and_write_no_markup() -> None:
    for name in FILES:
        text = file(name).decode()
        for at in re.findall(r'from "([^"]+)"', text):
            assert at == "/look/text.js" or at.removeprefix("/ui/") in FILES
        assert not re.findall(r"innerHTML|insertAdjacentHTML|outerHTML|\beval\b", text)
        assert not re.findall(r"https?://|@import|url\(", text)


def test_no_address_is_told_where_a_reader_goes_on_to() -> None:
    assert '<meta name="referrer" content="no-referrer">' in head()


def test_no_font_comes_from_elsewhere() -> None:
    made = theme()
    assert made._stylesheets == []
    assert "https://" not in made._get_theme_css()  # type: ignore[no-untyped-call]
