"""Words to rows: what stands on a line, and how large it is."""

from __future__ import annotations

from dipnot.formats.pdf.layout import PageLayout, Region, lay_out, widen
from dipnot.formats.pdf.rows import Row
from dipnot.formats.pdf.words import Sheet
from format_files import line


def rows(layout: PageLayout) -> list[str]:
    return [row.text for region in layout.regions for row in region.rows]


def test_words_on_one_baseline_are_a_row_from_left_to_right() -> None:
    words = line("göl kurudu", 700.0) + line("köylüler taşındı", 688.0)
    (layout,) = lay_out([Sheet(None, words)])
    assert rows(layout) == ["göl kurudu", "köylüler taşındı"]


def test_a_row_takes_the_size_and_the_baseline_of_most_of_its_letters() -> None:
    row = Row([*line("kurudu", 700.0), *line("1", 704.0, x=80.0, size=6.0)])
    assert (row.size, row.y, row.text) == (10.0, 700.0, "kurudu 1")
    assert (row.x0, row.x1) == (50.0, 85.0)


def test_nothing_on_a_page_is_a_page_without_rows() -> None:
    (layout,) = lay_out([Sheet(None, [])])
    assert rows(layout) == []


def test_what_closes_a_bracket_on_the_last_line_is_no_page_number() -> None:
    words = [*line("görüldü (s.", 700.0), *line("1101).", 650.0)]
    (layout,) = lay_out([Sheet(None, words)])
    assert layout.label is None
    assert [row.text for region in layout.regions for row in region.rows][-1] == "1101)."


def test_a_running_foot_above_a_line_that_only_one_page_has_is_left_out() -> None:
    pages = []
    for n in range(6):
        body = [w for k in range(8) for w in line(f"göl kurudu {n}{k}", 700.0 - 12 * k)]
        pages.append(Sheet(None, body + line("Göl Yazıları", 560.0)))
    pages[0].words += line("göl.ornek.org", 540.0)
    rows = [row.text for region in lay_out(pages)[0].regions for row in region.rows]
    assert "Göl Yazıları" not in rows
    assert rows[-1] == "göl.ornek.org"


def headed(heads: list[str], top: float = 720.0) -> list[Sheet]:
    """Pages of eight lines, each with lines on top, parted from the text."""
    return [
        Sheet(None, [
            *(w for k, text in enumerate(head.split("|")) for w in line(text, top - 12 * k)),
            *(w for k in range(8) for w in line(f"göl kurudu {n}{k}", 660.0 - 12 * k)),
        ])
        for n, head in enumerate(heads)
    ]  # fmt: skip


def test_lines_on_top_whose_numbers_do_not_count_the_pages_are_text() -> None:
    records = ["Esas No: 2018/412|Tarihi: 3.05.2019", "Esas No: 2018/17|Tarihi: 4.11.2020",
               "Esas No: 2019/413|Tarihi: 5.01.2021"]  # fmt: skip
    chapters = [f"CHAPTER {n // 2 + 1}" if n % 2 == 0 else "" for n in range(10)]
    for heads in (records, chapters, ["Madde 5", "Madde 9"]):
        found = [row for layout in lay_out(headed(heads)) for row in rows(layout)]
        assert [text for head in heads for text in head.split("|") if text] == [
            text for text in found if not text.startswith("göl")
        ]


def test_heads_with_page_numbers_are_left_out_where_two_pages_of_a_book_stand_on_each() -> None:
    for heads in (
        [f"Göl Yazıları, sayfa {n} / 7 (2019)" for n in range(1, 8)],
        [f"{2 * n} KASABA GÜNLÜĞÜ {2 * n + 1}" for n in range(6, 13)],
    ):
        found = [row for layout in lay_out(headed(heads)) for row in rows(layout)]
        assert all(text.startswith("göl") for text in found)


def footed(feet: list[str]) -> list[Sheet]:
    """Pages of eight lines, each with a small line at one height at the foot."""
    return [
        Sheet(None, [
            *(w for k in range(8) for w in line(f"göl kurudu {n}{k}", 660.0 - 12 * k)),
            *line(foot, 540.0, size=8.0),
        ])
        for n, foot in enumerate(feet)
    ]  # fmt: skip


def test_notes_of_one_line_one_on_each_page_are_no_feet() -> None:
    notes = [f"{n} Yazar {c}, a.g.e., s. {40 + n * n}." for n, c in enumerate("ABCDE", start=1)]
    again = [f"{n} A.g.e., s. {page}." for n, page in enumerate((40, 52, 55, 90, 97), start=1)]
    for feet in (notes, again):
        layouts = lay_out(footed(feet))
        assert [rows(layout)[-1] for layout in layouts] == feet
        assert [layout.label for layout in layouts] == [None] * 5


def test_feet_of_facing_pages_bear_their_numbers() -> None:
    layouts = lay_out(footed([f"{n} {'ALİ SU' if n % 2 else 'GÖL'}" for n in range(31, 37)]))
    assert [layout.label for layout in layouts] == [str(n) for n in range(31, 37)]
    assert not any("ALİ" in row for layout in layouts for row in rows(layout))


def parts(head: str, size: float, *, begins: bool, foot: int = 0) -> list[Sheet]:
    """Pages of eight lines, each with a head that counts up, some with a number at the foot."""
    return [
        Sheet(None, [
            *line(f"{head} {n}", 700.0, size=size),
            *line(f"{'Göl' if begins else 'göl'} kurudu {n}0", 660.0),
            *(w for k in range(1, 8) for w in line(f"göl kurudu {n}{k}", 660.0 - 12 * k)),
            *(line(str(n + foot), 540.0) if foot else []),
        ])
        for n in range(5, 9)
    ]  # fmt: skip


def test_headings_that_count_up_with_the_pages_are_text() -> None:
    for sheets in (parts("Madde", 12, begins=True), parts("Week", 10, begins=True, foot=4)):
        layouts = lay_out(sheets)
        assert [rows(layout)[0].split()[1] for layout in layouts] == ["5", "6", "7", "8"]
        assert layouts[0].label in (None, "9")


def test_heads_with_page_numbers_stand_where_sentences_go_on_or_say_page() -> None:
    for sheets in (parts("KASABA", 12, begins=False), parts("KASABA, Page", 12, begins=True)):
        layouts = lay_out(sheets)
        assert [layout.label for layout in layouts] == ["5", "6", "7", "8"]
        assert all(rows(layout)[0].casefold().startswith("göl") for layout in layouts)


RAGGED = """Göl kenarındaki köylüler her yıl baharda
toplanıp suyun çekilmesini beklerdi ve yaşlılar
eski günleri anlatır, çocuklar kıyıda oynardı
ama o yıl yağmur hiç yağmadı ve toprak yazın
ortasında çatlamaya başladı, muhtar da ilçeye
gidip yardım istedi, kimse gelmedi ve sonunda
göç kafilesi yola çıktı ile köy boşaldı""".splitlines()


def columns(texts: list[str]) -> Region:
    """One column of lines, whose right margin is found."""
    found = [Row(line(text, 700.0 - 12 * n)) for n, text in enumerate(texts)]
    layout = PageLayout(regions=[Region(found)])
    widen([layout])
    return layout.regions[0]


def test_one_line_that_sticks_out_of_ragged_text_makes_no_margin() -> None:
    whole = max(Row(line(text, 0.0)).x1 for text in RAGGED)
    assert columns([*RAGGED, "x" * 90]).right == whole


def test_lines_of_verse_have_the_margin_of_the_widest() -> None:
    verse = [text.capitalize() for text in RAGGED]
    assert columns([*verse, "X" * 90]).right == Row(line("X" * 90, 0.0)).x1


def titled(titles: list[str]) -> list[Sheet]:
    """Pages of eight lines below a title in large print."""
    return [
        Sheet(None, [
            *line(title, 720.0, size=16.0),
            *(w for k in range(8) for w in line(f"göl {n}{k} kurudu", 680.0 - 12 * k)),
        ])
        for n, title in enumerate(titles)
    ]  # fmt: skip


def test_titles_of_pages_are_text_where_some_of_them_are_alike() -> None:
    titles = ["Giriş", "Yöntem", "Yöntem", "Yöntem", "Sonuç", "Ekler"]
    assert [rows(page)[0] for page in lay_out(titled(titles))] == titles


def test_large_print_on_top_of_nearly_all_pages_is_a_running_head() -> None:
    tops = [rows(page)[0] for page in lay_out(titled(["Göl"] * 5 + ["Ekler"]))]
    assert tops == [*(f"göl {n}0 kurudu" for n in range(5)), "Ekler"]


def test_the_head_of_a_table_is_read_once_and_left_out_where_the_table_goes_on() -> None:
    pages = [
        Sheet(None, [
            word
            for k, cells in enumerate([("Sıra", "Köy", "Yıl"), *[("1", f"Ali {n}", "9")] * 8])
            for x, cell in zip((50.0, 150.0, 250.0), cells, strict=True)
            for word in line(cell, 720.0 - 12 * k, x=x)
        ])
        for n in range(4)
    ]  # fmt: skip
    read = [text for page in lay_out(pages) for text in rows(page)]
    assert read[0] == "Sıra Köy Yıl"
    assert read.count("Sıra Köy Yıl") == 1


def test_a_page_of_several_bears_the_number_behind_its_name() -> None:
    for foot in ("Page {} of 9", "Sayfa: {} / 9 - Gizli", "Sayfa {} (toplam 9)"):
        sheets = headed(["GÖL"] * 6)
        for n, sheet in enumerate(sheets, start=3):
            sheet.words += line(foot.format(n), 500.0)
        assert [page.label for page in lay_out(sheets)] == list("345678")


def test_a_number_over_the_text_of_a_single_page_is_its_heading() -> None:
    text = [w for k in range(8) for w in line("göl kurudu ve köy taşındı", 680.0 - 12 * k)]
    (headed_page,) = lay_out([Sheet(None, line("1923", 710.0, size=14.0) + text)])
    (numbered,) = lay_out([Sheet(None, text + line("12", 500.0))])
    assert (headed_page.label, rows(headed_page)[0]) == (None, "1923")
    assert (numbered.label, rows(numbered)[-1]) == ("12", "göl kurudu ve köy taşındı")
