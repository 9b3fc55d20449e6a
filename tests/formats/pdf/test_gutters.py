"""White strips down a page."""

from __future__ import annotations

from dipnot.formats.pdf.gutters import strips_of
from dipnot.formats.pdf.rows import rows_of
from format_files import line

LEFT, RIGHT = "köylüler kıyıya yeni evler yaptı", "bekçi yangını kimseye haber verdi"


def test_the_white_between_two_columns_is_a_strip_as_tall_as_they_are() -> None:
    words = [w for n in range(8) for x, t in ((50.0, LEFT), (300.0, RIGHT))
             for w in line(t, 700.0 - 12 * n, x)]  # fmt: skip
    strip = strips_of(rows_of(words))[0]
    assert (strip.first, strip.last) == (0, 7)
    assert 50.0 < strip.x0 < strip.middle < strip.x1 <= 300.0


def test_a_page_of_one_column_has_none() -> None:
    words = [w for n in range(8) for w in line(f"{LEFT} {RIGHT}", 700.0 - 12 * n, 50.0)]
    assert strips_of(rows_of(words)) == []
