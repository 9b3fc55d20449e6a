from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from dipnot.corpus import read_text, scan_corpus
from dipnot.document.build import make_document
from dipnot.errors import CorpusError
from dipnot.formats import read_pages, reader_of
from dipnot.formats.encodings import decode
from dipnot.formats.pdf.letters import Word
from dipnot.formats.pdf.markers import Note
from dipnot.formats.pdf.notes import _cut
from dipnot.formats.pdf.rows import Row
from dipnot.types import Document, Source
from format_files import W, docx, lines, paragraph, pdf, word

FILES = Path(__file__).parents[1] / "data_formats"
TURKISH = "Türkiye’nin dış politikası, şartlar ağırlaşınca, ılımlı bir çizgi izledi.\n"


def read(name: str, data: bytes | str) -> Document:
    raw = data.encode() if isinstance(data, str) else data
    document = make_document(Source(name, "metin"), read_pages(name, raw))
    check_offsets(document)
    return document


def read_file(name: str) -> Document:
    return read(name, (FILES / name).read_bytes())


def check_offsets(document: Document) -> None:
    end = len(document.text)
    running = document.pages[-1].span.end
    assert [page.number for page in document.pages] == list(range(1, len(document.pages) + 1))
    assert document.pages[0].span.start == 0
    for before, after in zip(document.pages, document.pages[1:], strict=False):
        assert before.span.end == after.span.start
    for part in document.paragraphs:
        assert 0 <= part.span.start < part.span.end <= end
    for note in document.footnotes:
        assert running <= note.span.start < note.span.end <= end
        assert 0 <= note.marker <= running


def texts(document: Document, *kinds: str) -> list[str]:
    return [document.text[slice(*p.span)] for p in document.paragraphs if p.kind in kinds]


def headings(document: Document) -> list[tuple[int, str]]:
    return [(section.level, section.heading) for section in document.sections]


def notes(document: Document) -> list[tuple[str, int, str, str]]:
    """Label, page, the words before the marker, the note."""
    return [
        (
            note.label,
            note.page,
            document.text[: note.marker].rstrip()[-12:],
            document.text[slice(*note.span)],
        )
        for note in document.footnotes
    ]


# --- real files --------------------------------------------------------------------------------

NOTE_1 = "Kaptan Rıza, Fenerler Üzerine Notlar, s. 12."
NOTE_2 = "Defterlerin dökümü için bkz. Ek 2; sayılar yuvarlanmıştır."
NOTE_3 = "Bu görüşe katılmayanlar da vardır: Sezen, Kıyılar, s. 88-90."
NOTE_4 = "Müze Arşivi, kutu 4, dosya 17."
LONG_NOTE = (
    f"{NOTE_1} Bu kaynak yazarın kendi gözlemlerine dayanır ve başka hiçbir yerde basılmamıştır; "
    "yazma bir nüshası müzede saklanmaktadır."
)


def test_a_two_column_pdf_is_read_column_by_column() -> None:
    document = read_file("fener.pdf")
    body = texts(document, "body")
    assert document.title == "Kıyıların Işığı: Fenerler"
    assert texts(document, "front") == ["Kıyıların Işığı: Fenerler"]
    assert headings(document) == [
        (1, "Giriş"), (1, "Sözleşme ve Şirket"), (1, "Bekçiler"), (1, "Sonuç"),
    ]  # fmt: skip
    assert body[0] == "Deniz Aksoy"
    assert body[1] == (
        "Osmanlı kıyılarında fenerlerin yapımı, on dokuzuncu yüzyılın ortasında hız kazandı. Kırım "
        "Savaşı sırasında Boğazlardan geçen gemilerin sayısı artınca, idare yeni bir fener idaresi "
        "kurmaya karar verdi. Görüşmeler uzun sürdü ve sonunda bir imtiyaz sözleşmesi imzalandı."
    )
    assert len(body) == 23


def test_a_pdf_paragraph_goes_on_over_columns_pages_and_the_notes_between() -> None:
    body = texts(read_file("fener.pdf"), "body")
    over_columns = (
        "Kıyı halkı yeni yapılara önce kuşkuyla baktı. Balıkçılar ışığın balıkları kaçıracağından "
        "korkuyordu; bir süre sonra ise fenerin yokluğunu düşünemez oldular. Köylerde fener "
        "bekçisi saygı gören bir memurdu."
    )
    over_pages = (
        "Bekçilerin tuttuğu defterler bugün önemli bir kaynaktır. Hava durumu, geçen gemiler ve "
        "kazalar bu defterlere günü gününe yazılmıştır. Defterlerin bir kısmı yangında yok olmuş, "
        "kalanlar müzede toplanmıştır."
    )
    assert body[5] == over_columns
    assert body[-1] == over_pages


def test_a_pdf_keeps_printed_page_numbers_and_loses_headers_and_footers() -> None:
    document = read_file("fener.pdf")
    assert [page.label for page in document.pages] == ["145", "146", "147"]
    assert "Kıyı Araştırmaları Dergisi" not in document.text
    assert "Cilt 3" not in document.text
    assert "145" not in document.text


def test_pdf_notes_hang_on_their_markers() -> None:
    assert notes(read_file("fener.pdf")) == [
        ("1", 1, "e verecekti.", NOTE_1),
        ("2", 1, "klar vardır.", NOTE_2),
        ("3", 2, "kuyla baktı.", NOTE_3),
        ("4", 2, "r kaynaktır.", NOTE_4),
    ]


def test_a_pdf_printed_by_a_browser_is_read_with_notes_over_two_pages() -> None:
    document = read_file("kiyi.pdf")
    assert notes(document) == [
        ("*", 1, "\nDeniz Aksoy", "Bağımsız araştırmacı."),
        ("1", 1, "e verecekti.", LONG_NOTE),
        ("2", 2, "tleştirildi.", NOTE_2),
        ("3", 2, "r kaynaktır.", NOTE_3),
        ("4", 3, "hız kazandı.", NOTE_4),
    ]  # fmt: skip


def test_a_pdf_printed_by_a_browser_keeps_tables_quotations_and_page_numbers() -> None:
    document = read_file("kiyi.pdf")
    assert [page.label for page in document.pages] == ["31", "32", "33"]
    assert headings(document) == [(1, "Giriş"), (1, "Bekçiler"), (1, "Defterler"), (1, "Sonuç")]
    assert texts(document, "list") == ["1856 | Ahırkapı", "1857 | Rumeli"]
    assert texts(document, "quotation") == [
        "Fener sönerse kıyı da söner; bekçi uyursa deniz uyanır ve herkes bunu bilir."
    ]
    assert (
        "Kırım Savaşı sırasında Boğazlardan geçen gemilerin sayısı artınca yeni bir idare "
        "kurulmasına karar verildi."
    ) in texts(document, "body")
    assert len(texts(document, "body")) == 14


@pytest.mark.parametrize("name", ["fener.md", "fener.html", "fener.docx"])
def test_a_text_is_read_alike_from_markdown_html_and_docx(name: str) -> None:
    document = read_file(name)
    assert document.title == "Kıyıların Işığı"
    assert headings(document) == [(1, "Giriş"), (2, "Sözleşme"), (1, "Sonuç")]
    assert texts(document, "body") == [
        "Deniz Aksoy",
        (
            "Osmanlı kıyılarında fenerlerin yapımı, on dokuzuncu yüzyılın ortasında hız kazandı. "
            "Görüşmeler uzun sürdü ve sonunda bir imtiyaz sözleşmesi imzalandı."
        ),
        "Sözleşmenin maddeleri şunlardır:",
        "Cumhuriyet döneminde fenerler devletleştirildi.",
    ]
    assert texts(document, "quotation") == ["Kıyı halkı yeni yapılara önce kuşkuyla baktı."]
    assert [text.removeprefix("1. ").removeprefix("2. ") for text in texts(document, "list")] == [
        "Şirket fenerleri kuracaktır.",
        "Gelirin bir bölümü hazineye verilecektir.",
        "Yıl | Fener",
        "1856 | Ahırkapı",
        "1857 | Rumeli",
    ]
    second = "Defterlerin dökümü için bkz. Ek 2. Sayılar yuvarlanmıştır."
    assert notes(document) == [
        ("1", 1, "hız kazandı.", NOTE_1),
        ("2", 1, "si imzalandı", second),
        ("3", 1, "tleştirildi.", "Müze Arşivi, kutu 4."),
    ]


# --- encodings ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1254"]
)
@pytest.mark.parametrize("suffix", [".txt", ".md", ".html"])
def test_turkish_is_read_in_the_encodings_it_comes_in(encoding: str, suffix: str) -> None:
    document = read(f"a{suffix}", (TURKISH * 3).encode(encoding))
    assert document.text.startswith(TURKISH.strip())


def test_latin_5_is_read() -> None:
    text = TURKISH.replace("’", "'")
    assert decode("a.txt", text.encode("iso8859-9")) == text


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param("Москва приняла договор о дружбе".encode("cp1251"), id="cyrillic"),
        pytest.param("Þórður það er gott að sjá þig".encode("cp1252"), id="icelandic"),
        pytest.param("Zażółć gęślą jaźń i wszystko".encode("cp1250"), id="polish"),
        pytest.param("Озеро высохло, и люди ушли.".encode("koi8-r"), id="russian"),
        pytest.param((TURKISH * 3).encode()[:40] + b"\xff" + TURKISH.encode(), id="damaged"),
    ],
)
def test_what_cannot_be_told_is_an_error_and_never_garbled(raw: bytes) -> None:
    with pytest.raises(CorpusError, match=r"'a\.txt': byte \d+ is .*Save the file as UTF-8\."):
        decode("a.txt", raw)


@pytest.mark.parametrize(
    "head", ['<meta charset="iso-8859-9">', '<?xml version="1.0" encoding="windows-1254"?>']
)
def test_html_may_name_its_encoding(head: str) -> None:
    document = read("a.html", f"{head}<p>Şark</p>".encode("cp1254"))
    assert document.text == "Şark"


def test_turkish_html_that_calls_itself_western_is_read_as_turkish() -> None:
    page = f'<meta charset="iso-8859-1"><p>{TURKISH}</p>'.encode("cp1254")
    assert read("a.html", page).text == TURKISH.strip()


@pytest.mark.parametrize("suffix", [".txt", ".md", ".html"])
def test_turkish_saved_from_a_western_code_page_is_put_right(suffix: str) -> None:
    for wrong in (
        TURKISH.encode("cp1254").decode("cp1252"),
        TURKISH.encode().decode("cp1252", "surrogateescape").encode("utf-8", "ignore").decode(),
    ):
        assert read(f"a{suffix}", wrong * 3).text.startswith(TURKISH.strip())


@pytest.mark.parametrize(
    "text", ["Það er þörf á þessu og þýðing ýmissa orða.", "Ã ve Ä harfleri. Åbo kenti."]
)
def test_letters_of_other_languages_stay(text: str) -> None:
    assert decode("a.txt", text.encode()) == text


def test_western_html_is_read_as_it_says() -> None:
    page = '<meta charset="iso-8859-1"><p>Það er þörf á þessu</p>'.encode("cp1252")
    assert read("a.html", page).text == "Það er þörf á þessu"


# --- Markdown ----------------------------------------------------------------------------------


def test_a_markdown_marker_before_a_full_stop_leaves_no_space() -> None:
    document = read("a.md", "Savaş bitti [^1].\n\n[^1]: Not.\n")
    assert document.text == "Savaş bitti.\n\nNot."
    assert document.footnotes[0].marker == len("Savaş bitti")


def test_the_head_of_a_markdown_file_and_its_html_tags_are_no_text() -> None:
    document = read("a.md", "---\nx: y\n---\n\nBir<br>iki <b>üç</b>.\n\n<div>Dört.</div>\n")
    assert texts(document, "body") == ["Bir iki üç.", "Dört."]


def test_a_yaml_head_names_title_author_year_and_language() -> None:
    head = "---\ntitle: >\n  The Lake\nauthor:\n  - Ada\n  - 'Bo'\n"
    head += "date: 2019-05-01\nlang: en-GB\n---\n\n"
    document = read("a.md", head + "Rex.\n")
    assert (document.title, document.author) == ("The Lake", "Ada, Bo")
    assert document.imprint.year == "2019"
    assert texts(document, "front") == ["The Lake", "Ada, Bo"]
    assert document.paragraphs[-1].language == "en"


def test_a_title_of_the_head_that_the_text_repeats_stands_once() -> None:
    document = read(
        "a.md", "---\ntitle: The Lake\n---\n\n# The Lake\n\nIt dried.\n\n## Why\n\nSun.\n"
    )
    assert document.text == "The Lake\n\nIt dried.\n\nWhy\n\nSun."


def test_notes_that_a_formatter_wrapped_are_notes() -> None:
    text = "Bir.[^1] İki.[^2]\n\n[^1]:\n  Uzun\n  not.\n\n  Devamı.\n\n[^2]: Kısa.\n\nSon.\n"
    document = read("a.md", text)
    assert notes(document) == [
        ("1", 1, "Bir.", "Uzun not. Devamı."),
        ("2", 1, "Bir. İki.", "Kısa."),
    ]
    assert texts(document, "body") == ["Bir. İki.", "Son."]


def test_a_named_note_is_labelled_by_its_place_and_a_number_as_typed() -> None:
    document = read("a.md", "Bir[^a] iki[^7].\n\n[^7]: Yedi.\n\n[^a]: A.\n")
    assert notes(document) == [("1", 1, "Bir", "A."), ("7", 1, "Bir iki", "Yedi.")]


@pytest.mark.parametrize("text", [">" * 500 + " x", "- " * 300 + "x"])
def test_markdown_nested_absurdly_is_an_error(text: str) -> None:
    with pytest.raises(CorpusError, match=r"'a\.md' (nests|holds no text)"):
        read("a.md", text)


# --- HTML --------------------------------------------------------------------------------------


def test_navigation_scripts_and_what_is_hidden_are_no_text() -> None:
    document = read(
        "a.html",
        "<title>T</title><nav>Menü</nav><script>x()</script><style>p{}</style>"
        "<p>Bir <span hidden>gizli</span>iki<!-- yorum -->.</p><p style='display: none'>yok</p>",
    )
    assert document.text == "T\n\nBir iki."
    assert document.title == "T"


def test_only_the_main_part_of_a_page_is_read() -> None:
    document = read("a.html", "<p>Reklam</p><main><h1>Ad</h1><p>Metin.</p></main><p>Telif</p>")
    assert document.text == "Ad\n\nMetin."


MARKERS = {
    "aria": (
        '<a href="#n1" role="doc-noteref">1</a>',
        '<p id="n1" role="doc-footnote">1. Not.</p>',
    ),
    "markdown": (
        '<sup id="fnref1"><a href="#fn1">1</a></sup>',
        '<ol><li id="fn1"><p>Not. <a href="#fnref1">↩</a></p></li></ol>',
    ),
    "word": (
        '<a href="#_ftn1" name="_ftnref1"><sup>[1]</sup></a>',
        '<div id="ftn1"><p><a href="#_ftnref1" name="_ftn1"><sup>[1]</sup></a> Not.</p></div>',
    ),
    "wiki": (
        '<sup id="cite_ref-1"><a href="#cite_note-1">[1]</a></sup>',
        '<ol><li id="cite_note-1"><a href="#cite_ref-1">^</a> <span>Not.</span></li></ol>',
    ),
    "plain": (
        '<sup><a href="#dipnot1">1</a></sup>',
        '<p><a id="dipnot1">1</a>) Not.</p>',
    ),
    "both ways": (
        '<sup><a id="n-a" href="#n-b">1</a></sup>',
        '<p><sup><a id="n-b" href="#n-a">1</a></sup> Not.</p>',
    ),
    "raised": (
        '<sup><a href="#dipnot1">1</a></sup>',
        '<p id="dipnot1"><sup>1</sup> Not.</p>',
    ),
}


@pytest.mark.parametrize(("marker", "note"), MARKERS.values(), ids=MARKERS)
def test_html_notes_of_every_common_make_hang_on_their_markers(marker: str, note: str) -> None:
    document = read("a.html", f"<p>Savaş bitti.{marker} Barış geldi.</p>{note}")
    assert document.text == "Savaş bitti. Barış geldi.\n\nNot."
    assert notes(document) == [("1", 1, "Savaş bitti.", "Not.")]


def test_a_link_to_a_section_is_no_footnote() -> None:
    document = read("a.html", '<p>Bkz. <a href="#b">2</a>.</p><h2 id="b">İki</h2><p>Metin.</p>')
    assert document.text == "Bkz. 2.\n\nİki\n\nMetin."
    assert document.footnotes == ()


def test_html_page_breaks_are_pages_with_their_labels() -> None:
    page = "<p>Bir <span role='doc-pagebreak' aria-label='s. 12'></span>iki.</p><p>Üç.</p>"
    document = read("a.html", page)
    assert texts(document, "body") == ["Bir iki.", "Üç."]
    assert [(p.label, p.span.start) for p in document.pages] == [(None, 0), ("12", 4)]


def test_tables_that_only_place_things_are_read_as_paragraphs() -> None:
    document = read("a.html", "<table><tr><td><h2>Ad</h2><p>Bir.</p><p>İki.</p></td></tr></table>")
    assert texts(document, "body") == ["Bir.", "İki."]


def test_html_nested_absurdly_is_an_error() -> None:
    with pytest.raises(CorpusError, match=r"'a\.html' nests its elements more than 250 deep"):
        read("a.html", "<div>" * 100_000 + "x")


# --- DOCX --------------------------------------------------------------------------------------


def test_docx_styles_say_what_is_a_heading_whatever_their_ids() -> None:
    styles = (
        '<w:style w:styleId="Balk2"><w:name w:val="heading 2"/></w:style>'
        '<w:style w:styleId="Benim"><w:name w:val="Benim"/><w:basedOn w:val="Balk2"/></w:style>'
        '<w:style w:styleId="Icind"><w:name w:val="toc 1"/></w:style>'
    )
    body = (
        paragraph("Bir", '<w:pStyle w:val="Icind"/>')
        + paragraph("Bir", '<w:pStyle w:val="Balk2"/>')
        + paragraph("Metin.")
        + paragraph("İki", '<w:pStyle w:val="Benim"/>')
        + paragraph("Üç", '<w:outlineLvl w:val="2"/>')
    )
    document = read("a.docx", word(body, styles=styles))
    assert headings(document) == [(1, "Bir"), (1, "İki"), (2, "Üç")]
    assert document.text == "Bir\n\nMetin.\n\nİki\n\nÜç"


def test_docx_pages_are_those_that_word_noted() -> None:
    brk = "<w:r><w:lastRenderedPageBreak/></w:r>"
    body = (
        f"<w:p><w:r><w:t>Bir </w:t></w:r>{brk}<w:r><w:t>iki.</w:t></w:r></w:p>"
        f"<w:p>{brk}<w:r><w:t>Üç.</w:t></w:r></w:p>"
    )
    document = read("a.docx", word(body))
    assert texts(document, "body") == ["Bir iki.", "Üç."]
    assert [page.span.start for page in document.pages] == [0, 4, 10]


def test_docx_deleted_and_hidden_text_stays_out_and_inserted_text_in() -> None:
    body = (
        "<w:p><w:del><w:r><w:delText>Eski</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>Yeni</w:t></w:r></w:ins>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t> gizli</w:t></w:r><w:r><w:t> metin.</w:t></w:r></w:p>"
    )
    assert read("a.docx", word(body)).text == "Yeni metin."


def test_docx_endnotes_have_roman_labels_and_separators_are_no_notes() -> None:
    note = "<w:p><w:r><w:endnoteRef/></w:r><w:r><w:t> {}</w:t></w:r></w:p>"
    endnotes = (
        f'<w:endnote w:id="0" w:type="separator">{note.format("çizgi")}</w:endnote>'
        f'<w:endnote w:id="2">{note.format("Son not.")}</w:endnote>'
    )
    body = '<w:p><w:r><w:t>Metin.</w:t></w:r><w:r><w:endnoteReference w:id="2"/></w:r></w:p>'
    document = read("a.docx", word(body, endnotes=endnotes))
    assert notes(document) == [("i", 1, "Metin.", "Son not.")]


# --- PDF ---------------------------------------------------------------------------------------


def test_pdf_page_labels_are_kept() -> None:
    labels = "/PageLabels<</Nums[0<</S/r>>1<</S/D/St 5>>]>>"
    document = read("a.pdf", pdf([lines("Bir sayfa."), lines("Bir sayfa daha.")], catalogue=labels))
    assert [(page.number, page.label) for page in document.pages] == [(1, "i"), (2, "5")]


def test_line_end_hyphens_are_mended_and_a_word_keeps_its_own() -> None:
    text = [
        "Bu metinde uzun kelimeler bol, kelime-",
        "ler de uzun ve Alman-Rus dostlugu, Alman-",
        "Rus savasi gibi.",
    ]
    assert read("a.pdf", pdf([lines(*text)])).text == (
        "Bu metinde uzun kelimeler bol, kelimeler de uzun ve Alman-Rus dostlugu, Alman-Rus savasi "
        "gibi."
    )


def test_short_lines_on_a_short_page_are_measured_by_the_pages_before() -> None:
    full = lines(*["Bu satir kenardan kenara kadar uzanan uzun bir satirdir ve"] * 8)
    short = lines("Bu cumle kisa kaldi.", "Bu cumle de oyle idi.")
    document = read("a.pdf", pdf([full + "\n" + lines("biter.", top=404), short]))
    assert texts(document, "body")[1:] == ["Bu cumle kisa kaldi.", "Bu cumle de oyle idi."]


def test_powers_stay_in_the_text() -> None:
    content = (
        "BT /F 10 Tf 50 500 Td (Alan 12 km) Tj ET\nBT /F 6 Tf 94.5 504 Td (2) Tj ET\n"
        + lines("kadardir.", top=488)
    )
    assert "km²" in read("a.pdf", pdf([content])).text


@pytest.mark.parametrize(
    ("data", "found"),
    [
        pytest.param(b"no pdf", "cannot be read as a PDF", id="no pdf"),
        pytest.param(pdf([""]), r"holds 1 page and no text: it is probably a scan", id="scan"),
        pytest.param(pdf([lines("x")] * 2001), r"has 2,001 pages; at most 2,000", id="too long"),
        pytest.param((FILES / "kilitli.pdf").read_bytes(), "is encrypted", id="encrypted"),
        pytest.param((FILES / "fener.pdf").read_bytes()[:2000], "cannot be read", id="cut"),
        pytest.param(b"", "holds no text", id="empty"),
    ],
)
def test_a_pdf_that_cannot_be_read_is_an_error_that_says_why(data: bytes, found: str) -> None:
    with pytest.raises(CorpusError, match=rf"'a\.pdf'.*{found}"):
        read("a.pdf", data)


# --- bounds ------------------------------------------------------------------------------------


def test_a_bad_file_keeps_no_other_from_being_read(tmp_path: Path) -> None:
    (tmp_path / "iyi.txt").write_text(TURKISH, "utf-8")
    (tmp_path / "bozuk.pdf").write_bytes(b"%PDF-1.7")
    (tmp_path / "kilitli.pdf").write_bytes((FILES / "kilitli.pdf").read_bytes())
    found = scan_corpus(tmp_path)
    assert [text.source.file for text in found.texts] == ["bozuk.pdf", "iyi.txt", "kilitli.pdf"]
    assert read_text(found.texts[1]).text == TURKISH.strip()
    for text in (found.texts[0], found.texts[2]):
        with pytest.raises(CorpusError, match=text.source.file):
            read_text(text)


def test_the_readme_of_a_corpus_is_no_text_unless_it_is_listed(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("Bu klasör hakkında.", "utf-8")
    (tmp_path / "a.md").write_text("Metin.", "utf-8")
    assert [text.source.file for text in scan_corpus(tmp_path).texts] == ["a.md"]
    (tmp_path / "corpus.toml").write_text('[[document]]\nfile = "README.md"\n', "utf-8")
    assert {text.source.file for text in scan_corpus(tmp_path).texts} == {"README.md", "a.md"}


def cut(rng: random.Random, data: bytearray) -> None:
    del data[rng.randrange(len(data)) :]


def flip(rng: random.Random, data: bytearray) -> None:
    for _ in range(rng.randrange(1, 30)):
        data[rng.randrange(len(data))] = rng.randrange(256)


def drop(rng: random.Random, data: bytearray) -> None:
    at = rng.randrange(len(data))
    del data[at : at + rng.randrange(1, 400)]


def repeat(rng: random.Random, data: bytearray) -> None:
    at, other = rng.randrange(len(data)), rng.randrange(len(data))
    data[at:at] = data[other : other + rng.randrange(1, 600)]


@pytest.mark.parametrize("harm", [cut, flip, drop, repeat])
@pytest.mark.parametrize("name", ["fener.md", "fener.html", "fener.docx", "fener.pdf", "kiyi.html"])
def test_a_damaged_file_is_read_or_is_an_error(
    name: str, harm: Callable[[random.Random, bytearray], None]
) -> None:
    whole = (FILES / name).read_bytes()
    read_here = reader_of(Path(name).suffix)
    for seed in range(12 if name.endswith("pdf") else 30):
        data = bytearray(whole)
        harm(random.Random(seed), data)
        try:
            check_offsets(make_document(Source(name, "a"), read_here(name, bytes(data))))
        except CorpusError as error:
            assert name in str(error)  # noqa: PT017 - either is right


@pytest.mark.parametrize("harm", [cut, flip, drop, repeat])
def test_a_docx_with_damaged_xml_is_read_or_is_an_error(
    harm: Callable[[random.Random, bytearray], None],
) -> None:
    note = '<w:footnote w:id="1"><w:p><w:r><w:t>Not.</w:t></w:r></w:p></w:footnote>'
    body = "<w:tbl><w:tr><w:tc>" + paragraph("Bir") + "</w:tc></w:tr></w:tbl>"
    body += '<w:p><w:r><w:footnoteReference w:id="1"/><w:lastRenderedPageBreak/></w:r></w:p>'
    xml = f"<w:document {W}><w:body>{body}</w:body></w:document>".encode()
    for seed in range(50):
        data = bytearray(xml)
        harm(random.Random(seed), data)
        parts = {"word/document.xml": bytes(data)}
        parts["word/footnotes.xml"] = f"<w:footnotes {W}>{note}</w:footnotes>".encode()
        try:
            reader_of(".docx")("a.docx", docx({**parts}))
        except CorpusError as error:
            assert "a.docx" in str(error)  # noqa: PT017 - either is right


def _row(text: str) -> Row:
    words = text.split()
    return Row(
        [Word(w, 10.0 * i, 10.0 * i + 9, 50.0, 8.0, 400, i > 0) for i, w in enumerate(words)]
    )


def test_a_line_of_a_pdf_note_that_begins_with_a_plain_one_opens_a_note_only_first_on_a_page() -> (
    None
):
    notes: list[Note] = []
    _cut(
        [_row("1 Yardımın toplamı"), _row("1 milyon altın rubledir."), _row("2 Ayrıca bkz.")],
        3,
        notes,
    )
    assert [(note.label, len(note.rows)) for note in notes] == [("1", 2), ("2", 1)]
    _cut([_row("1 Yeni sayfanın ilk notu."), _row("2 İkinci notu.")], 4, notes)
    assert [note.label for note in notes] == ["1", "2", "1", "2"]
