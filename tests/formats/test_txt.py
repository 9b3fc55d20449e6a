"""Plain text by itself: what white space means; more in ``test_read_pages``."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dipnot.document.build import make_document
from dipnot.formats.txt import is_double_spaced, read
from dipnot.types import Source


def test_lines_keep_their_numbers_and_form_feeds_part_pages() -> None:
    first, second = read("a.txt", "Göl kurudu.\n\nSon.\n\fYeni sayfa.\n".encode())
    assert [(li.text, li.number) for li in first.lines if li.text] == [
        ("Göl kurudu.", 1), ("Son.", 3),
    ]  # fmt: skip
    assert [li.text for li in second.lines if li.text] == ["Yeni sayfa."]


@given(st.lists(st.text("abc. ", min_size=1, max_size=20), max_size=12))
def test_any_lines_are_of_one_kind_or_the_other(lines: list[str]) -> None:
    assert is_double_spaced(lines) in (True, False)
    assert not is_double_spaced([])


def test_a_line_of_one_sign_parts_what_stands_around_it() -> None:
    text = "Göl kurudu.\n~~~~~~~~~~~~~~~~\nKÖY\n\nKöylüler kıyıdan ayrıldı.\n"
    (page,) = read("a.txt", text.encode())
    assert [line.text for line in page.lines if line.text] == [
        "Göl kurudu.", "KÖY", "Köylüler kıyıdan ayrıldı.",
    ]  # fmt: skip


def test_a_word_that_a_soft_hyphen_or_the_sign_of_a_scanner_cuts_is_whole() -> None:
    text = (
        "Değirmenin taşları komşu ilçeden kağnılarla getirilmiş ve köylü\xad\n"
        "ler o günü uzun süre un\xadut\u200bmamıştır; tuzla ise köyün batı\xac\n"
        "sında kuruldu. A ¬ B doğrudur.\n"
    )
    document = make_document(Source("a.txt", "a"), read("a.txt", text.encode()))
    for words in ("köylüler o günü", "unutmamıştır", "köyün batısında", "A ¬ B"):
        assert words in " ".join(document.text.split())
