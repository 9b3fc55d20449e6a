"""How the page looks: everything it needs is written into it."""

from __future__ import annotations

import re

from dipnot_ui.look import head, theme


def test_the_head_holds_style_sheet_and_icon_and_loads_nothing() -> None:
    made = head()
    assert "#dn-top" in made
    assert 'href="data:image/svg+xml,' in made
    assert [at for at in re.findall(r"(?:src|href)=\"(.{5})", made) if at != "data:"] == []
    assert re.findall(r"@import|url\((?!['\"]?data:)", made) == []


def test_no_address_is_told_where_a_reader_goes_on_to() -> None:
    assert '<meta name="referrer" content="no-referrer">' in head()


def test_fonts_are_the_readers_own() -> None:
    made = theme()
    assert made._stylesheets == []
    assert "https://" not in made._get_theme_css()  # type: ignore[no-untyped-call]
