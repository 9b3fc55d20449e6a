from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from dipnot.document.build import headings_at, make_document, page_at
from dipnot.types import Document, Line, Mark, Source, SourcePage, Span

SOURCE = Source("a.txt", "a", title="Göl ve Kıyısı", title_en="The Lake", languages=("tr", "en"))


def page(*lines: str | Line, notes: tuple[str, ...] = ()) -> SourcePage:
    return SourcePage(
        tuple(Line(li, i) if isinstance(li, str) else li for i, li in enumerate(lines, 1)),
        tuple(Line(note, 100 + i) for i, note in enumerate(notes)),
    )


def read(*pages: SourcePage, source: Source = SOURCE) -> Document:
    return make_document(source, pages)


def texts(document: Document) -> list[str]:
    return [document.text[p.span.start : p.span.end] for p in document.paragraphs]


# --- paragraphs --------------------------------------------------------------------------------


def test_a_paragraph_goes_on_over_lines_and_pages() -> None:
    document = read(page("Göl 1887 yılında", "kurutuldu ve"), page("kaldı.", "", "Son."))
    assert texts(document) == ["Göl 1887 yılında kurutuldu ve kaldı.", "Son."]
    assert document.text[document.pages[1].span.start :].startswith("kaldı.")


def test_an_indented_or_unfilled_line_ends_a_paragraph_only_behind_a_sentence() -> None:
    lines = [
        Line("Göl kurutuldu, köylüler taşındı ve", 1, 1.0),
        Line("kaldı.", 2, 0.2),
        Line("Değirmen yandı, bekçi ise", 3, 0.95),
        Line("kimseye haber vermedi.", 4, 1.0),
        Line("Yağmur yağdı ve durdu, gölün", 5, 0.95),
        Line("suyu arttı.", 6, 0.3),
    ]
    assert [t.split()[0] for t in texts(read(page(*lines)))] == ["Göl", "Değirmen", "Yağmur"]


def test_narrow_lines_inside_quotation_marks_are_one_paragraph() -> None:
    lines = [
        Line("Şöyle dedi:", 1, 0.3),
        Line("“Göl kurudu ve gitti. Köyde o yıl.", 2, 1.0),
        Line("Değirmen yandı, bekçi de", 3, 0.95),
        Line("gitti.”", 4, 0.3),
    ]
    assert texts(read(page(*lines)))[1].startswith("“Göl")
    assert texts(read(page(*lines)))[1].endswith("gitti.”")


def test_a_hyphen_at_a_line_end_is_dropped_only_where_the_text_writes_the_word_without() -> None:
    document = read(
        page(
            "Kıyıdaki değir-",
            "men ve 1918-",
            "1923 arası Türk-",
            "Rus sınırı, Misak-ı Millî.",
            "Değirmen, misak-",
            "ı Millî ve değirmen.",
        )
    )
    assert texts(document) == [
        (
            "Kıyıdaki değirmen ve 1918-1923 arası Türk-Rus sınırı, Misak-ı Millî. Değirmen, "
            "misak-ı Millî ve değirmen."
        )
    ]


def test_a_hyphen_in_a_note_is_joined_as_in_the_text() -> None:
    document = read(page("Göl1 kurudu.", notes=("1 Bkz. s. 1080-", "1081 ve son.")))
    assert texts(document)[1] == "Bkz. s. 1080-1081 ve son."


def test_bullets_and_numbered_items_are_list_items() -> None:
    document = read(page("Nedenler şunlardır:", "- Kuraklık,", "- yangın", "ve göç.", "", "Son."))
    assert [(p.kind, t) for p, t in zip(document.paragraphs, texts(document), strict=True)] == [
        ("body", "Nedenler şunlardır:"),
        ("list", "- Kuraklık,"),
        ("list", "- yangın ve göç."),
        ("body", "Son."),
    ]


def test_title_author_and_labelled_lines_are_front_matter() -> None:
    document = read(
        page("GÖL VE", "KIYISI", "", "Ayşe Su*", "", "Anahtar Kelimeler: göl, kıyı", "", "Metin."),
        source=Source("a.txt", "a", title="Göl ve Kıyısı", author="Ayşe Su"),
    )
    assert [p.kind for p in document.paragraphs] == ["front", "front", "front", "body"]


def test_labels_that_no_paper_uses_open_paragraphs_that_can_be_quoted() -> None:
    document = read(
        page("Bakım: Taşlar açılır.", "", "Madde 2- (Değişik: 1902) Anahtar bekçidedir."),
        source=Source("a.txt", "a"),
    )
    assert [p.kind for p in document.paragraphs] == ["body", "body"]


def test_keywords_far_from_the_front_are_body_but_below_an_abstract() -> None:
    far = [line for i in range(14) for line in (f"Göl {i} kurudu.", "")]
    below = page(*far, "Keywords: lake, shore", "", "ABSTRACT", "", "Bir.", "", "Keywords: lake.")
    kinds = [p.kind for p in read(below).paragraphs]
    assert kinds == ["body"] * 15 + ["abstract", "front"]


def test_a_quotation_between_its_marks_behind_a_colon_is_a_block_quotation() -> None:
    document = read(page("Şöyle dedi:", "", "“Göl kurudu.", "Gidelim.”", "", "Gittiler."))
    assert [p.kind for p in document.paragraphs] == ["body", "quotation", "body"]


def test_the_title_is_the_first_block_in_capitals_where_the_catalogue_names_none() -> None:
    lines = [Line("GÖL VE", 1, 0.2), Line("KIYISI", 2, 0.2), Line("Göl kurudu.", 3, 0.3)]
    document = read(page(*lines), source=Source("a.txt", "a"))
    assert document.title == "GÖL VE KIYISI"
    assert read(page("Göl kurudu."), source=Source("not.txt", "a")).title == "not"


# --- headings ----------------------------------------------------------------------------------


def sectioned() -> Document:
    return read(
        page(
            "GİRİŞ",
            "",
            "Bir.",
            "",
            "Dönem (1918-1939)",
            "",
            "İki.",
            "",
            "İlk (1918-1923)",
            "",
            "Üç.",
        ),
        page(
            "",
            "SONUÇ",
            "",
            "Dört.",
            "",
            "The Lake",
            "",
            "EXTENDED SUMMARY",
            "",
            "Beş.",
            "",
            "Aims",
            "",
            "Altı.",
        ),
    )


def test_levels_come_from_capitals_names_and_years() -> None:
    assert [(s.heading, s.level) for s in sectioned().sections] == [
        ("GİRİŞ", 1),
        ("Dönem (1918-1939)", 1),
        ("İlk (1918-1923)", 2),
        ("SONUÇ", 1),
        ("EXTENDED SUMMARY", 1),
        ("Aims", 2),
    ]


def test_headings_over_an_offset_are_given_outermost_first() -> None:
    document = sectioned()
    for words, headings in (
        ("Bir.", ("GİRİŞ",)),
        ("İki.", ("Dönem (1918-1939)",)),
        ("Üç.", ("Dönem (1918-1939)", "İlk (1918-1923)")),
        ("Dört.", ("SONUÇ",)),
        ("Altı.", ("EXTENDED SUMMARY", "Aims")),
    ):
        assert headings_at(document, document.text.index(words)) == headings


def test_a_title_above_a_heading_belongs_to_no_section_before_it() -> None:
    document = sectioned()
    assert headings_at(document, document.text.index("The Lake")) == ()


# --- footnotes ---------------------------------------------------------------------------------


def test_markers_before_and_behind_marks_are_taken_out_and_tied() -> None:
    document = read(
        page(
            "Göl (s. 419)1. Kıyı ilginçtir2 (Ada) ve",
            "yandı.3 Son.",
            notes=("1 Bir.", "2  İki.", "3 Üç."),
        ),
    )
    assert texts(document)[0] == "Göl (s. 419). Kıyı ilginçtir (Ada) ve yandı. Son."
    assert [document.text[: n.marker].split()[-1] for n in document.footnotes] == [
        "419)",
        "ilginçtir",
        "yandı.",
    ]


def test_two_markers_on_a_line_are_found_in_their_order() -> None:
    document = read(page("Göl2 kurudu,1 kıyı2 kaldı.", notes=("1 Bir.", "2 İki.")))
    assert texts(document)[0] == "Göl2 kurudu, kıyı kaldı."
    hang = [document.text[: n.marker].split()[-1] for n in document.footnotes]
    assert hang == ["kurudu,", "kıyı"]


def test_years_pages_and_dates_are_no_markers() -> None:
    document = read(page("Göl 1919’da, s.1 ve 3.1 kadar (1-2) kaldı.1 Son.", notes=("1 Bir.",)))
    assert texts(document)[0] == "Göl 1919’da, s.1 ve 3.1 kadar (1-2) kaldı. Son."


def test_a_note_starts_only_at_the_next_number_and_goes_on_over_pages() -> None:
    document = read(
        page("Göl1 kurudu.", notes=("1 Türkiye", "8 Eylül 1928’de")),
        page("Kıyı2 kaldı.", notes=("katıldı.", "2 İki.")),
    )
    assert [(n.label, n.page) for n in document.footnotes] == [("1", 1), ("2", 2)]
    assert texts(document)[-2:] == ["Türkiye 8 Eylül 1928’de katıldı.", "İki."]


def test_a_note_without_a_marker_hangs_at_the_end_of_its_page() -> None:
    document = read(page("Göl kurudu."), page("Son.", notes=("1 Bir.",)))
    (note,) = document.footnotes
    assert note.marker == document.pages[1].span.end


def test_lines_below_the_rule_that_are_no_note_stay_in_the_running_text() -> None:
    document = read(
        page("Göl kurudu.", notes=("* Dr., Göl Üniversitesi.",)),
        page("Kıyı1 kaldı.", notes=("1 Bir.",)),
    )
    assert "* Dr., Göl Üniversitesi." in document.text[: document.pages[0].span.end]
    assert [n.label for n in document.footnotes] == ["1"]


def test_a_note_has_the_language_of_the_paragraph_it_hangs_on() -> None:
    document = read(
        page(
            "Göl 1887 yılında kurutuldu ve köylüler taşındı.1",
            "",
            "The lake was drained in 1887 and the houses were built.2",
            "",
            "Bu kıyıda köylüler için yeni evler yapıldı.",
            notes=("1 Carr, The Lake, p. 3.", "2 Soysal, 2000."),
        ),
    )
    assert [p.language for p in document.paragraphs] == ["tr", "en", "tr", "tr", "en"]


def test_a_line_that_says_nothing_has_the_language_of_the_prose_not_of_a_line_of_names() -> None:
    prose = "The delegation arrived in November and stayed until the summer of the next year."
    lines = (prose, "", "- Şükrü Saraçoğlu", "", "Table 4: 12, 15.")
    for languages, expected in (((), ["en", "tr", "en"]), (("en",), ["en", "tr", "en"])):
        document = read(page(*lines), source=Source("a.txt", "a", languages=languages))
        assert [p.language for p in document.paragraphs] == expected


def test_page_of_a_note_is_where_it_begins() -> None:
    document = read(page("Göl1 kurudu.", notes=("1 Bir.",)), page("Son."))
    assert page_at(document, document.footnotes[0].span.start) == 1
    assert page_at(document, document.text.index("Son.")) == 2


# --- what holds for any text -------------------------------------------------------------------

LINE = st.text(alphabet="aBcİşç .:,;-“”()1239'", max_size=40) | st.sampled_from(
    [
        "GİRİŞ",
        "- birinci",
        "Göl kurudu.1",
        "Şöyle dedi:",
        "“Göl kurudu.”",
        "Türk-",
        "Dönem (1918-1923)",
        "Öz",
        "EXTENDED SUMMARY",
        "2 Kasım 1918’de",
    ]
)
LINES = st.lists(
    st.builds(
        lambda text, number, fill: Line(" ".join(text.split()), number, fill),
        LINE,
        st.just(1),
        st.sampled_from([1.0, 0.99, 0.93, 0.5]),
    ),
    max_size=8,
).map(tuple)
NOTE_LINES = st.lists(
    st.builds(
        lambda label, text: Line(f"{label}{' '.join(text.split())}", 1),
        st.sampled_from(["", "", "1 ", "2 ", "3 ", "* "]),
        LINE,
    ),
    max_size=4,
).map(lambda lines: tuple(li for li in lines if li.text))
PAGES = st.lists(st.builds(SourcePage, LINES, NOTE_LINES), min_size=1, max_size=4)
SOURCES = st.sampled_from(
    [SOURCE, Source("a.txt", "a"), Source("a.txt", "a", languages=("en",), author="Öz")]
)


@given(PAGES, SOURCES)
def test_pages_cover_the_running_text_without_gaps(pages: list[SourcePage], source: Source) -> None:
    document = make_document(source, pages)
    notes = [n.span.start for n in document.footnotes]
    at = 0
    for number, found in enumerate(document.pages, 1):
        assert (found.number, found.span.start) == (number, at)
        at = found.span.end
    assert len(document.pages) == len(pages)
    assert document.text[at : min(notes, default=at)].strip() == ""
    assert at == (len(document.text) if not notes else at)


@given(PAGES, SOURCES)
def test_spans_are_in_range_in_order_and_nested(pages: list[SourcePage], source: Source) -> None:
    document = make_document(source, pages)
    whole, running = Span(0, len(document.text)), Span(0, document.pages[-1].span.end)
    at = 0
    for paragraph in document.paragraphs:
        assert at <= paragraph.span.start < paragraph.span.end <= whole.end
        at = paragraph.span.end
    for reference in document.references:
        assert any(p.span.holds(reference.span) for p in document.paragraphs)
    for note in document.footnotes:
        assert whole.holds(note.span)
        assert 0 <= note.marker <= running.end
        assert any(p.span == note.span and p.kind == "footnote" for p in document.paragraphs)
    sections = document.sections
    for i, outer in enumerate(sections):
        assert running.holds(outer.span)
        for inner in sections[i + 1 :]:
            assert outer.span.holds(inner.span) or not outer.span.overlaps(inner.span)


@given(PAGES, SOURCES)
def test_looking_up_pages_and_headings_agrees_with_looking_at_all(
    pages: list[SourcePage], source: Source
) -> None:
    document = make_document(source, pages)
    for offset in range(document.pages[-1].span.end):
        holding = [p.number for p in document.pages if p.span.start <= offset < p.span.end]
        assert [page_at(document, offset)] == holding
        assert headings_at(document, offset) == tuple(
            s.heading for s in document.sections if s.span.start <= offset < s.span.end
        )
    for note in document.footnotes:
        assert page_at(document, note.span.start) == note.page


@given(PAGES, SOURCES)
def test_every_letter_stands_in_the_text_once(pages: list[SourcePage], source: Source) -> None:
    document = make_document(source, pages)
    printed = Counter(
        c for p in pages for li in (*p.lines, *p.notes) for c in li.text if c.isalpha()
    )
    assert Counter(c for c in document.text if c.isalpha()) == printed
    digits = sum(c.isdigit() for p in pages for li in (*p.lines, *p.notes) for c in li.text)
    lost = digits - sum(c.isdigit() for c in document.text)
    labels = sum(len(note.label) for note in document.footnotes)
    assert labels <= lost <= 2 * labels


@given(PAGES, SOURCES)
def test_reading_twice_gives_the_same(pages: list[SourcePage], source: Source) -> None:
    assert make_document(source, pages) == make_document(source, pages)


def test_many_lines_in_capitals_are_no_endless_title() -> None:
    lines = tuple(Line(f"BAŞLIK {i}", i, 0.2) for i in range(3_000))
    document = make_document(Source("a.txt", "a"), [SourcePage(lines)])
    assert document.text.count("BAŞLIK") == 3_000


def test_a_reader_may_tie_notes_itself() -> None:
    mark = Mark("n1", "a", 3)
    text = Line("Göl kurudu.", 1, role="paragraph", marks=(mark,))
    note = Line("Not.", 2, note=mark)
    document = make_document(SOURCE, [SourcePage((text,), (note,))])
    assert [(n.label, n.marker) for n in document.footnotes] == [("a", 3)]
