"""Rows of a PDF to paragraphs."""

from __future__ import annotations

from dipnot.formats.pdf.layout import Region
from dipnot.formats.pdf.paragraphs import Placed, find_paragraphs
from dipnot.formats.pdf.rows import Row, rows_of
from format_files import line

FULL = "köylüler kıyıya yeni evler yaptı ve bekçi yangını haber verdi"


def placed(*texts: tuple[str, float], size: float = 10.0, page: int = 0) -> list[Placed]:
    """Rows of one column as wide as ``FULL``, each with its indent."""
    rows: list[Row] = []
    for n, (text, indent) in enumerate(texts):
        rows += rows_of(line(text, 700.0 - 12 * n, 50.0 + indent, size=size))
    region = Region(rows)
    region.left, region.right = 50.0, max(row.x1 for row in rows)
    return [Placed(page, row, region, first=n == 0) for n, row in enumerate(rows)]


def texts(*rows: Placed) -> list[str]:
    return [paragraph.text for paragraph in find_paragraphs(rows, 10.0)]


def test_a_full_line_goes_on_and_an_indented_one_behind_a_stop_opens() -> None:
    assert texts(*placed((FULL, 0.0), (f"{FULL}.", 0.0), (FULL, 15.0))) == [
        f"{FULL} {FULL}.",
        FULL,
    ]


def test_a_paragraph_goes_on_behind_the_small_print_of_a_figure() -> None:
    before, behind = placed((FULL, 0.0), (FULL, 0.0)), placed(("ve sonra yandı.", 0.0))
    figure = placed(("Şekil 1. Değirmen.", 0.0), size=7.0)
    assert f"{FULL} {FULL} ve sonra yandı." in texts(*before, *figure, *behind)


def test_smaller_print_that_begins_inside_a_line_goes_on_in_the_next() -> None:
    first, second = placed((f"{FULL} [ilk", 0.0), ("kez söyleyen Ali]", 0.0))
    for word in (*first.row.words[-1:], *second.row.words):
        word.size, word.font = 9.0, "small"
    second.row.size = 9.0
    assert texts(first, second) == [f"{FULL} [ilk kez söyleyen Ali]"]


def test_a_sentence_that_a_page_breaks_off_goes_on_however_short_its_last_line_was() -> None:
    last = placed((FULL, 0.0), ("ve göl kuruyunca", 0.0))
    following = placed(("köylüler göç etti.", 0.0), page=1)
    assert texts(*last, *following) == [f"{FULL} ve göl kuruyunca köylüler göç etti."]


def test_an_equation_ends_or_goes_on_the_sentence_in_which_it_stands() -> None:
    rows = placed(("boy şudur", 0.0), ("c = d", 60.0), ("burada d çaptır.", 0.0), ("Göl", 15.0))
    rows[1].row.equation = "c = d"
    assert texts(*rows) == ["boy şudur c = d burada d çaptır.", "Göl"]
    rows = placed(("Boy kısadır.", 0.0), ("c = d", 60.0), ("Göl kurudu.", 0.0))
    rows[1].row.equation = "c = d"
    assert texts(*rows) == ["Boy kısadır.", "c = d", "Göl kurudu."]


def test_a_few_words_far_above_a_column_are_a_paragraph_of_their_own() -> None:
    head, below = placed(("GİRİŞ 1", 0.0)), placed((FULL.capitalize(), 0.0))
    head[0].row.y, head[0].row.x1 = 740.0, 400.0
    assert texts(*head, *below) == ["GİRİŞ 1", FULL.capitalize()]


def set_off(y: float, *texts: str, indent: float = 20.0) -> list[Placed]:
    """Rows in smaller print inside the column of ``placed``, from a height on."""
    rows = [Row(line(text, y - 10 * n, 50.0 + indent, size=8.0)) for n, text in enumerate(texts)]
    region = Region(rows)
    region.left, region.right = 50.0, 350.0
    return [Placed(0, row, region, first=False) for row in rows]


def test_a_quotation_that_is_set_off_stays_in_its_sentence_and_a_caption_does_not() -> None:
    quoted = ("göl bütün yaz boyunca kurudu ve", "köylüler gitti diye yazar")

    def told(indent: float, *between: str) -> list[str]:
        rows = [
            *placed((FULL, 0.0), (FULL, 0.0)),
            *set_off(672.0, *between, indent=indent),
            Placed(0, Row(line("demekte ve susmaktadır.", 648.0)), Region([]), first=False),
        ]
        for item in rows:
            item.region = rows[0].region
        return texts(*rows)

    assert told(20.0, *quoted) == [f"{FULL} {FULL}", *quoted, "demekte ve susmaktadır."]
    figure = f"{FULL} {FULL} demekte ve susmaktadır."
    assert figure in told(20.0, "Şekil 1. Değirmen.")
    assert figure in told(0.0, *quoted)


def test_a_line_that_is_bold_from_end_to_end_stays_in_its_sentence() -> None:
    rows = placed((FULL, 0.0), (FULL, 0.0), (f"{FULL}.", 0.0), (FULL, 0.0))
    for word in (*rows[0].row.words[-3:], *rows[1].row.words, *rows[2].row.words[:2]):
        word.bold = True
    rows[1].row.bold = True
    assert texts(*rows) == [f"{FULL} {FULL} {FULL}. {FULL}"]
    # A heading is bold up to its end, and what stands below it is not.
    rows = placed((FULL, 0.0), (FULL, 0.0))
    for word in rows[0].row.words:
        word.bold = True
    rows[0].row.bold = True
    assert texts(*rows) == [FULL, FULL]
