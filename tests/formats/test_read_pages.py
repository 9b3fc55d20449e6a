from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dipnot.document.build import make_document
from dipnot.errors import CorpusError
from dipnot.formats import read_pages
from dipnot.formats.blocks import UNSEEN
from dipnot.formats.txt import is_double_spaced
from dipnot.formats.widths import full_width, line_width
from dipnot.types import Source, SourcePage

WRAPPED = """\
Göl 1887 yılında kurutuldu ve köylüler kıyıya
yeni evler yaptı. Balıkçılar başka bir kente
taşındı.

Kıyıdaki değirmen 1902’de yandı. Bekçi yangını
kimseye haber vermedi.
"""
LONG = "Göl 1887 yılında kurutuldu ve köylüler kıyıya yeni evler yaptı. " * 4


def pages(text: str | bytes) -> tuple[SourcePage, ...]:
    return read_pages("a.txt", text.encode() if isinstance(text, str) else text)


def paragraphs(text: str | bytes) -> list[str]:
    document = make_document(Source("a.txt", "a"), pages(text))
    return [document.text[p.span.start : p.span.end] for p in document.paragraphs]


def double_spaced(*lines: str) -> str:
    return "".join(f"{line}\n\n" if line.strip() else f"{line}\n" for line in lines)


# --- prose -------------------------------------------------------------------------------------


def test_hard_wrapped_paragraphs_are_joined_at_their_lines_and_parted_at_empty_ones() -> None:
    assert paragraphs(WRAPPED) == [
        (
            "Göl 1887 yılında kurutuldu ve köylüler kıyıya yeni evler yaptı. Balıkçılar başka bir "
            "kente taşındı."
        ),
        "Kıyıdaki değirmen 1902’de yandı. Bekçi yangını kimseye haber vermedi.",
    ]


@pytest.mark.parametrize("end", ["\r\n", "\r", "\u2028", "\x85"])
def test_any_line_ends_read_alike(end: str) -> None:
    assert paragraphs(WRAPPED.replace("\n", end)) == paragraphs(WRAPPED)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_is_not_text(encoding: str) -> None:
    assert paragraphs(WRAPPED.encode(encoding)) == paragraphs(WRAPPED)


def test_big_endian_utf_16_is_read() -> None:
    assert paragraphs(b"\xfe\xff" + WRAPPED.encode("utf-16-be")) == paragraphs(WRAPPED)


def test_each_long_line_is_a_paragraph() -> None:
    assert paragraphs(f"{LONG}\n{LONG}\n") == [LONG.strip(), LONG.strip()]


def test_lines_that_all_end_sentences_are_paragraphs() -> None:
    lines = [f"Göl {year} yılında kurudu." for year in range(1880, 1890)]
    assert paragraphs("\n".join(lines)) == lines


def test_a_form_feed_starts_a_page() -> None:
    read = pages("Birinci sayfa.\n\fİkinci sayfa\n\f\nÜçüncü sayfa.\n\f")
    assert [[li.text for li in page.lines if li.text] for page in read] == [
        ["Birinci sayfa."],
        ["İkinci sayfa"],
        ["Üçüncü sayfa."],
    ]


def test_a_paragraph_goes_on_over_a_form_feed() -> None:
    assert paragraphs("Göl 1887 yılında\n\fkurutuldu ve kaldı.") == [
        "Göl 1887 yılında kurutuldu ve kaldı."
    ]


def test_a_heading_on_top_of_a_page_is_no_part_of_the_paragraph_before() -> None:
    text = "Göl kurudu.\n\fKıyı\n\nDeğirmen yandı."
    document = make_document(Source("a.txt", "a", title="T"), pages(text))
    assert [s.heading for s in document.sections] == ["Kıyı"]


def test_a_text_of_one_word_is_a_paragraph() -> None:
    assert paragraphs("merhaba") == ["merhaba"]


def test_a_letter_dropped_before_a_paragraph_begins_its_word() -> None:
    assert paragraphs("G\nöl 1887 yılında kurudu ve\nkaldı.") == [
        "Göl 1887 yılında kurudu ve kaldı."
    ]


def test_text_without_empty_lines_is_parted_by_how_far_its_lines_reach() -> None:
    lines = ["GÖLÜN KURUMASI", *COLUMN, "Kıyı kaldı.", "DEĞİRMEN", *COLUMN]
    document = make_document(Source("a.txt", "a"), pages("\n".join(li.strip() for li in lines)))
    assert [s.heading for s in document.sections] == ["GÖLÜN KURUMASI", "DEĞİRMEN"]
    assert len(document.paragraphs) == 2


def test_a_huge_line_is_read_whole() -> None:
    assert paragraphs(LONG * 4_000) == [(LONG * 4_000).strip()]


def test_many_short_paragraphs_are_no_headings() -> None:
    names = [f"Ahmet {letter}" for letter in "ABCDEFGHIJ"]
    assert paragraphs("\n\n".join(names)) == names


def test_a_short_paragraph_above_prose_is_a_heading() -> None:
    document = make_document(Source("a.txt", "a", title="T"), pages(f"Kıyı\n\n{WRAPPED}"))
    assert [s.heading for s in document.sections] == ["Kıyı"]


@pytest.mark.parametrize("text", ["", " \n\t\r\n\n", "\ufeff", "\f\f\n"])
def test_a_file_without_text_is_an_error_that_says_so(text: str) -> None:
    with pytest.raises(CorpusError, match=r"'a\.txt' holds no text\. Remove it or put its text"):
        pages(text)


def test_nul_characters_are_an_error_that_says_so() -> None:
    with pytest.raises(CorpusError, match="holds NUL characters, so it is no text file"):
        pages("Göl\x00 kurudu ve kaldı.")


def test_bytes_that_are_no_text_are_an_error_that_names_the_byte() -> None:
    with pytest.raises(CorpusError, match=r"byte 5 is not UTF-8.*Save the file as UTF-8"):
        pages("Göl ".encode() + b"\xff" + "kuruduğu şüphelidir çığ".encode())


def test_cut_utf_16_is_an_error_that_says_so() -> None:
    with pytest.raises(CorpusError, match="is not UTF-16"):
        pages("Göl".encode("utf-16") + b"x")


def test_an_unknown_format_is_an_error_that_names_it() -> None:
    with pytest.raises(CorpusError, match=r"'a\.xyz': the format '\.xyz' is unknown; expected"):
        read_pages("a.xyz", b"text")


NO_NUL = st.characters(codec="utf-8", exclude_characters="\0")  # every other one is UTF-16


@given(st.text(NO_NUL) | st.text(alphabet="a.B \n\f\r“”-1", max_size=300))
def test_every_printed_character_of_prose_is_on_one_line(text: str) -> None:
    try:
        read = pages(text.encode("utf-8", "ignore"))
    except CorpusError:
        return
    whole = text.encode("utf-8", "ignore").decode().translate(UNSEEN)
    lines = "".join(line.text for page in read for line in page.lines)
    printed, found = ([c for c in t if not c.isspace() and c not in "-¬"] for t in (whole, lines))
    assert found == printed


# --- double-spaced -----------------------------------------------------------------------------

COLUMN = (
    "Göl 1887 yılında kurutuldu ve köylüler kıyıya yeni evler ",
    "yaptı, balıkçılar ise başka bir kente taşındı ve orada ",
    "kaldı, böylece kıyıdaki değirmen yalnız kaldı ve yıllar ",
    "boyunca kimse oraya uğramadı, çünkü yol bozulmuştu ve ",
    "kimsenin onu onaracak parası yoktu, ta ki yeni sahibi ",
    "gelip değirmeni satın alana ve taşını değiştirene kadar ",
    "geçen o uzun yıllar boyunca yalnız bekçi orada kaldı ve ",
    "kuşları saydı, ağları onardı, tekneyi boyadı, yağmuru ",
    "bekledi ve gölün geri geleceği günü hayal edip durdu. ",
)


def test_a_line_of_one_space_and_a_letter_under_text_starts_a_page() -> None:
    text = double_spaced(*COLUMN).rstrip("\n") + "\n" + double_spaced(" Yeni sayfa ", *COLUMN)
    assert [page.lines[0].text for page in pages(text)] == [COLUMN[0].strip(), "Yeni sayfa"]


def test_an_indented_line_under_an_empty_one_starts_no_page() -> None:
    assert len(pages(double_spaced(*COLUMN, " Girintili satır ", *COLUMN))) == 1


def test_a_line_of_many_spaces_opens_the_notes_of_a_page() -> None:
    (page,) = pages(double_spaced(*COLUMN * 2, " " * 60, "1 Not burada. "))
    assert [line.text for line in page.notes] == ["1 Not burada."]
    assert len(page.lines) == 2 * len(COLUMN)


def test_a_second_space_at_the_end_of_a_sentence_ends_the_paragraph() -> None:
    full = "kaldı, böylece kıyıdaki değirmen yalnız kaldı ve yılları. "
    assert len(paragraphs(double_spaced(*COLUMN[:2], full, *COLUMN))) == 1
    assert len(paragraphs(double_spaced(*COLUMN[:2], full + " ", *COLUMN))) == 2


def test_a_line_that_leaves_room_for_the_next_word_is_not_full() -> None:
    (page,) = pages(double_spaced(*COLUMN[:4], "Kısa satır. ", *COLUMN))
    assert page.lines[4].fill < 0.5
    assert min(line.fill for line in page.lines[:3]) > 0.9


def test_a_hyphen_at_a_line_end_is_measured_with_no_space_behind_it() -> None:
    (page,) = pages(double_spaced("Türk-", "Rus ilişkileri ve ", *COLUMN))
    width = full_width([line.strip() for line in COLUMN])
    assert page.lines[0].fill == pytest.approx(line_width("Türk-Rus") / width)


@pytest.mark.parametrize(
    "text",
    [
        "\n\n".join([LONG.strip()] * 12),
        "\n\n".join(["Göl kurudu ve kaldı.", "Değirmen yandı, bekçi gitti."] * 8),
        "\n\n".join(f"Ahmet {letter}" for letter in "ABCDEFGHIJKL"),
        WRAPPED * 6,
        "\n".join(COLUMN * 3),
        double_spaced(*COLUMN[:4]),
        double_spaced(*COLUMN) + "\n".join(COLUMN),
    ],
)
def test_ordinary_prose_is_not_taken_for_a_double_spaced_page(text: str) -> None:
    assert not is_double_spaced(text.split("\n"))


def test_a_double_spaced_page_is_known_by_lines_that_go_on() -> None:
    assert is_double_spaced(double_spaced(*COLUMN).split("\n"))
