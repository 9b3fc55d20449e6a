"""The shipped article, read: every expectation here was taken by hand from its source."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from dipnot.corpus import read_text, scan_corpus
from dipnot.document.build import headings_at, page_at
from dipnot.language.sentences import split_sentences
from dipnot.types import Document

CORPUS = Path(__file__).parent.parent / "corpus"

FIRST_AND_LAST_WORDS = (
    ("İKİ DÜNYA SAVAŞI ARASINDA", "Makalenin türü: Araştırma makalesi"),
    ("Turkish-Soviet Relations in The Inter-War Period", "N40, N94, N95"),
    ("GİRİŞ", "adlandırabileceğimiz 1923-1936 yılları"),
    ("arasındaki dönemde, Dostluk", "Fransa bunu kabul etmek zorunda"),
    ("kaldılar. Nisan 1915’te", "yol açan koşulların"),
    ("oluşmasında Osmanlı", "Sovyet Rusya’ya Çarlık"),
    ("Rusya’sının borçlarını", "İkinci zaman dilimi 1923-1936"),
    ("dönemidir ki; işbirliği", "2020, s. 728-729). Dönem"),
    ("içerisinde Türkiye ile Rusya", "s. 175-187). Ermeniler"),
    ("için toprak isteği", "(Madde 6), “Sovyet Rusya"),
    ("kapitülasyonların egemenlik", "altın rubledir (Çakıcı, 2023,"),
    ("s. 97). Bu dönemde", "Yerasimos, 2000, s. 613)."),
    ("İşbirliği ve Karşılıklı", "üçüncü bir devlete gönderilecek"),
    ("malların gümrüğe", "Türk nasyonalizmi ya da"),
    ("tarıma dayalı", "Benzer şekilde 27 Ağustos 1928 tarihli"),
    ("Briand-Kellogg Paktı ve", "ilişkiler kurmak istemekteydi."),
    ("SSCB ile siyasi ilişkilerin", "denecek olan model ortaya"),
    ("çıkıyordu (Kazgan,", "saldırgan tutumu karşısında"),
    ("Türkiye’nin böyle barışçıl", "Sovyet İttihadı ile yakın ve samimi"),
    ("dostluğumuz, gerek siyaset", "Türk halkını hükümet"),
    ("aleyhine yönlendirmek", "antlaşma imzalayarak Türkiye’den"),
    ("uzaklaşmıştı. Alman-Sovyet", "sağlanabileceği düşünülmektedir."),
    ("İki ülke arasında ortak", "zorunluluğunun ifadesidir."),
    ("Türkiye, dış politikasını", "(ekonomi, nüfus, askerî güç, savunma"),
    ("sanayii, coğrafi konum)", "fazla katkı yapacaktır."),
    ("EXTENDED SUMMARY", "who saw the demise of"),
    ("Tsarist Russia as the", "friendship with USSR. From the"),
    ("mid-1930s, once", "agreed cooperation against imperialism."),
    ("The new Bolshevik regime", "industry, location) compared to"),
    ("pre-WWII, Turkey is", "alliance of choice."),
)

HEADINGS = (
    (1, 1, "Öz"),
    (1, 2, "Abstract"),
    (1, 3, "GİRİŞ"),
    (
        1,
        4,
        (
            "I. Dünya Savaşı’nın Başlangıcından Mondros Mütarekesi’ne Kadar Türk-Sovyet İlişkileri "
            "(1914-1918)"
        ),
    ),
    (1, 6, "İki Savaş Arası Dönemde (1918-1939) Türk-Sovyet İlişkileri"),
    (2, 8, "Kararsızlık Dönemi (1918-1923)"),
    (2, 13, "İşbirliği ve Karşılıklı Güven Dönemi (1923-1936)"),
    (2, 18, "Geçici İşbirliğinden Kopuş Dönemi (1936-1939)"),
    (1, 22, "SONUÇ"),
    (1, 26, "EXTENDED SUMMARY"),
    (2, 26, "Introduction"),
    (2, 26, "Turkish-Russian Relations during World War I (1914-1918)"),
    (2, 27, "Period of Indecision in Turkish-Soviet Relations (1918-1923)"),
    (2, 27, "Period of Cooperation and Mutual Trust (1923-1936)"),
    (2, 28, "Break of Transitory Cooperation (1936-1939)"),
    (2, 28, "Conclusion"),
)

NOTES = (
    (4, "s. 419)", "Rusya’nın 2 Kasım 1914’de", "(Kurat, 1987, s. 419)."),
    (5, "s. XV).", "İsmail Gaspıralı’nın", "da geliyordu."),
    (6, "s. 385-386).", "Rusya içindeki Türk", "s. 352-395."),
    (8, "durması ilginçtir", "Böyle bir görüşmenin", "(Ada, 2018, s. 1101)."),
    (9, "s. 175-187).", "16 Ekim 1920 görüşmeleri", "için s. 175-187."),
    (10, "sonra imzalandı.", "16 Mart 1921 tarihli", "Soysal, 2000, s. 32-38."),
    (11, "alarak perçinliyordu.", "Antlaşmanın tam metni", "s. 41-47."),
    (12, "destek vermişlerdi.", "Bu konuda Bkz. Yüksel", "97-122, December."),
    (16, "içinde katılmıştı", "Briand-Kellogg Paktı savaşı", "Türkiye de imzaladı."),
    (17, "konu olmuştu.", "1930 ve 1932 yıllarında", "(Rıfkı, 1932, s. 102)."),
    (20, "s. 59-61).", "Fransa’yla antlaşma", "antlaşması imzalandı."),
)

# Kind, page, first words. Where a first line is as wide as any other the source does not show
# whether a paragraph begins there; such lines go on with the paragraph before.
PARAGRAPHS = """
front 1 İKİ DÜNYA SAVAŞI ARASINDA TÜRK-SOVYET İLİŞKİLERİ
front 1 Adil AYAZ*
abstract 1 Tarih boyunca çeşitli zaman
abstract 1 Makalede, metot olarak
abstract 1 Türk-Rus ilişkilerinde meydana gelen
front 1 Makalenin türü:
front 2 Turkish-Soviet Relations in The Inter-War Period
abstract 2 This article endeavors
abstract 2 Employing a method
abstract 2 Following the determination
front 2 Article Type:
front 2 Keywords: Turkish foreign policy
front 2 JEL Codes:
body 3 Türk-Rus ilişkileri, özellikle
body 3 Türkiye açısından zor
body 3 Makalenin kaleme alınmasının diğer
body 4 Yeni bir durum olarak
body 4 Makalenin sonuç bölümünde
body 4 Osmanlı İmparatorluğu I. Dünya
body 4 Rusya bu emellerini
body 5 I. Dünya Savaşı devam ederken
body 5 XX. yüzyılın başında
body 6 Osmanlı’nın yüzyıllardır
body 6 Türkiye’nin Millî Mücadele’den
body 7 İki savaş arası dönemde Türkiye ile
list 7 - 16 Mart 1921 Türk-Sovyet
list 7 - 13 Ekim 1921 Kars
list 7 - 17 Aralık 1925 tarihli
list 7 - 11 Mart 1927 tarihli
list 7 - 27 Ağustos 1928 tarihli
list 7 - 9 Şubat 1929 tarihli
list 7 - 17 Aralık 1929’da 1925
list 7 - 17 Mart 1931 Dostluk
list 7 - 18 Temmuz 1932
list 7 - 7 Kasım 1935’te
body 7 Genel olarak Türk-Sovyet
body 8 Dönemin başlangıcında; Rusya'nın
body 8 Bolşevik Rusya’nın Türkiye ile
body 8 Millî Mücadele döneminde Bolşeviklerle
body 9 Konunun BMM’de müzakere
body 9 Moskova görüşmelerinden dönen
body 10 1920’de Türk heyetinin
body 10 Moskova’ya geri dönen
body 11 Millî Mücadele’nin mali
body 11 Sakarya Zaferi’nden sonra
body 12 Bu dönemde Sovyet Rusya ile
body 12 Sonuçta dönem içerisinde
body 13 Mustafa Kemal Paşa 1 Kasım
body 13 Bu dönemde Musul sorunuyla
body 13 Dönemin önemli gelişmelerinden
body 14 İki ülke arasında karşılıklı
body 15 Bu dönemde SSCB’yi
body 15 17 Aralık 1929’da 1925
body 15 17 Mart 1931’de 1925
body 15 Bu Antlaşmalara ve Ek
body 16 Siyasi ilişkiler dönem içindeki
body 16 Dönemin önemli siyasi
body 17 SSCB ile siyasi ilişkilerin
body 17 Siyasi ilişkilerin geliştiği
body 17 1929 Dünya Ekonomik
body 18 Dönem içerisinde, SSCB
body 18 II. Dünya Savaşı öncesinde
body 19 İtalya’nın Habeşistan’ı
body 19 Türk-Sovyet ilişkilerinin olumlu
quotation 19 “Sovyet İttihadı ile
body 20 Hükümet Programında yer alan
body 20 Türkiye 1934 yılında
body 21 Bundan sonra SSCB’nin
body 21 Dışişleri Bakanı Şükrü
body 21 Türk-Sovyet ilişkileri bu zamana
body 22 Sonuç olarak yukarıda
body 22 Bu dönem içinde Türkiye'nin
body 22 II. Dünya Savaşı öncesi ülkeler
body 22 Türkiye ve Rusya arasında 1939
body 23 İki ülke arasında ortak
body 23 I. Dünya Savaşı’nın sona
body 23 Millî Mücadele yılları ve
body 23 I. Dünya Savaşı’ndan büyük
body 23 İki ülke arasındaki müspet
body 24 Türkiye, dış politikasını
body 24 II. Dünya Savaşı öncesi oluşan
body 24 Savaşın bitiminden yarım
front 26 Turkish-Soviet Relations in The Inter-War Period
summary 26 The historical course
summary 26 This paper aims first
summary 26 Second, it aims to shed
summary 26 The paper concludes by
summary 26 The Ottoman Empire had
summary 27 In the early 1920s
summary 27 The official start of
summary 27 The Bolshevik regime was
summary 27 While both Turkey and
summary 27 A major development in
summary 27 The fact that Soviet Russia
summary 27 The political relations further
summary 28 It is reasonable to assert
summary 28 The USSR felt discomfort
summary 28 In this period, it could
summary 28 In the Inter-War Period
summary 28 The most important reason
summary 29 The new Bolshevik regime
summary 29 Having established by 1936
summary 29 The choices of the USSR
summary 29 The world has been evolving
footnote 4 Rusya’nın 2 Kasım
footnote 5 İsmail Gaspıralı’nın
footnote 6 Rusya içindeki Türk
footnote 8 Böyle bir görüşmenin
footnote 9 16 Ekim 1920
footnote 10 16 Mart 1921
footnote 11 Antlaşmanın tam metni
footnote 12 Bu konuda Bkz.
footnote 16 Briand-Kellogg Paktı
footnote 17 1930 ve 1932
footnote 20 Fransa’yla antlaşma
""".strip().splitlines()


@pytest.fixture(scope="module")
def document() -> Document:
    (text,) = scan_corpus(CORPUS).texts
    return read_text(text)


def paragraph(document: Document, first_words: str) -> str:
    found = [
        document.text[p.span.start : p.span.end]
        for p in document.paragraphs
        if document.text.startswith(first_words, p.span.start)
    ]
    assert len(found) == 1, first_words
    return found[0]


def test_catalogue_names_the_article(document: Document) -> None:
    assert document.doc_id == "turk-sovyet-iliskileri"
    assert document.title == "İki Dünya Savaşı Arasında Türk-Sovyet İlişkileri"
    assert document.title_en == "Turkish-Soviet Relations in The Inter-War Period"
    assert document.author == "Adil Ayaz"
    assert document.languages == ("tr", "en")


def test_thirty_pages_begin_and_end_at_the_printed_words(document: Document) -> None:
    assert [page.number for page in document.pages] == list(range(1, 31))
    for page, (first, last) in zip(document.pages, FIRST_AND_LAST_WORDS, strict=True):
        text = document.text[page.span.start : page.span.end].strip()
        assert text.startswith(first), (page.number, text[:60])
        assert text.endswith(last), (page.number, text[-60:])


def test_page_25_has_two_lines(document: Document) -> None:
    page = document.pages[24]
    assert document.text[page.span.start : page.span.end].strip() == (
        "sanayii, coğrafi konum) içinde yer alacağı kutba her zamankinden daha fazla katkı "
        "yapacaktır."
    )


def test_headings_stand_at_their_level_and_page(document: Document) -> None:
    found = [(s.level, page_at(document, s.span.start), s.heading) for s in document.sections]
    assert tuple(found) == HEADINGS


def test_a_heading_stands_in_the_text_as_it_is(document: Document) -> None:
    for section in document.sections:
        assert document.text.startswith(section.heading, section.span.start)


def test_subsections_lie_in_the_section_above_them(document: Document) -> None:
    at = document.text.index("Gümrü Antlaşması imzalanmıştı")
    assert headings_at(document, at) == (HEADINGS[4][2], HEADINGS[5][2])
    at = document.text.index("In the early 1920s")
    assert headings_at(document, at) == ("EXTENDED SUMMARY", HEADINGS[12][2])
    at = document.text.index("Savaşın bitiminden yarım asır")
    assert headings_at(document, at) == ("SONUÇ",)


def test_title_block_stands_under_no_heading(document: Document) -> None:
    assert headings_at(document, 0) == ()
    assert headings_at(document, document.text.index("Turkish-Soviet Relations")) == ()
    assert headings_at(document, document.text.index("Makalenin türü")) == ("Öz",)


def test_footnotes_stand_on_their_pages_and_hang_where_they_were_printed(
    document: Document,
) -> None:
    assert [note.label for note in document.footnotes] == [str(n) for n in range(1, 12)]
    for note, (page, before, first, last) in zip(document.footnotes, NOTES, strict=True):
        text = document.text[note.span.start : note.span.end]
        assert note.page == page_at(document, note.span.start) == page
        assert page_at(document, note.marker - 1) == page
        assert document.text[: note.marker].endswith(before), note.label
        assert text.startswith(first), note.label
        assert text.endswith(last), note.label


def test_words_behind_markers_go_on(document: Document) -> None:
    for joined in (
        "(Kurat, 1987, s. 419).\n",
        "(Akçura, 2018, s. XV). Bu düşüncelerin",
        "s. 385-386). Bunun sebebi",
        "ilginçtir (Çakıcı ve Öksüz, 2020, s. 728-729). Dönem içerisinde",
        "imzalandı. Bu antlaşma",
        "perçinliyordu.\n",
        "vermişlerdi. Türkiye’nin",
        "katılmıştı (Armaoğlu",
        "olmuştu. (Rıfkı, 1932",
        "s. 59-61). Bunun üzerine",
    ):
        assert joined in document.text, joined


def test_note_4_is_joined_over_its_page_break(document: Document) -> None:
    note = document.footnotes[3]
    text = document.text[note.span.start : note.span.end]
    assert "(Çakıcı ve Öksüz, 2020, s. 733-734). Mdivani Mart 1921’de" in text


def test_note_9_keeps_the_line_that_starts_with_a_date(document: Document) -> None:
    note = document.footnotes[8]
    text = document.text[note.span.start : note.span.end]
    assert "antlaşmadır. Türkiye 8 Eylül 1928’de Pakt’a katılmıştır. SSCB" in text


def test_ten_hyphens_at_line_ends_belong_to_their_words(document: Document) -> None:
    for kept in (
        "occurred in the Turkish-Russian relations",
        "s. 1080-1081;",
        "s. 385-386)",
        "kabul edilen Türk-Rus hududundan",
        "1920-1921 yıllarında",
        "Türk-İngiliz ve Türk-Fransız",
        "dönemi olan 1918-1923 arası",
        "in the period of 1918-1923 the Ankara",
        "perspective on the Turkish-Russian relations",
        "thus, the Turkish-Soviet rapprochement",
    ):
        assert kept in document.text, kept
    assert "- " not in document.text.replace("\n- ", "")


def test_every_paragraph_begins_where_it_was_printed(document: Document) -> None:
    assert len(document.paragraphs) == len(PARAGRAPHS)
    for found, expected in zip(document.paragraphs, PARAGRAPHS, strict=True):
        kind, page, words = expected.split(" ", 2)
        assert document.text.startswith(words, found.span.start), (
            document.text[found.span.start :][:60],
            expected,
        )
        assert (found.kind, page_at(document, found.span.start)) == (kind, int(page)), expected


def test_english_is_what_the_english_parts_hold(document: Document) -> None:
    for found in document.paragraphs:
        page = page_at(document, found.span.start)
        assert found.language == ("en" if page == 2 or page >= 26 else "tr"), page


def test_block_quotation_over_two_pages_is_one_paragraph(document: Document) -> None:
    text = paragraph(document, "“Sovyet İttihadı ile")
    assert "samimi dostluğumuz" in text
    assert text.endswith("kuvvetlenmekte ve gelişmektedir.”")


def test_list_items_end_where_they_were_printed(document: Document) -> None:
    items = [document.text[p.span.start : p.span.end] for p in document.paragraphs
             if p.kind == "list"]  # fmt: skip
    assert len(items) == 10
    assert items[0].endswith("(Moskova Antlaşması) (Soysal, 2000, s. 32-38),")
    assert items[3].endswith("(Bilge, 1992, s.104),")
    assert items[6].endswith("Soysal, 2000, s. 279-280),")
    assert items[9].endswith("(Gönlübol ve diğerleri, 1974, s. 118-119) .")


@pytest.mark.parametrize(
    ("page", "count"), [(7, 12), (9, 9), (13, 4), (14, 6), (19, 8), (20, 9), (24, 1), (29, 1)]
)
def test_citations_of_a_page_are_all_found(document: Document, page: int, count: int) -> None:
    found = Counter(page_at(document, r.span.start) for r in document.references)
    assert found[page] == count


def test_citations_of_notes_are_found(document: Document) -> None:
    start = document.footnotes[0].span.start
    found = [(r.author, r.year, r.locator) for r in document.references if r.span.start > start]
    assert found == [
        ("Kurat", "1987", "s. 419"),
        ("Togan", "2021", "s. 352-395"),
        ("Çakıcı ve Öksüz", "2020", "s. 733-734"),
        ("Ada", "2018", "s. 1101"),
        ("Gürün", "1983", "s. 42-47"),
        ("Soysal", "2000", "s. 32-38"),
        ("Soysal", "2000", "s. 41-47"),
        ("Yüksel Nizamoğlu", "2015", None),
        ("Rıfkı", "1932", "s. 102"),
    ]


def test_nothing_else_in_parentheses_is_a_citation(document: Document) -> None:
    cited = {document.text[r.span.start : r.span.end] for r in document.references}
    for other in ("1918-1923", "Moskova Antlaşması", "Madde 6", "20 Temmuz 1936", "1939 yılında",
                  "17 Aralık 1925", "1928", "Kunduh", "USSR"):  # fmt: skip
        assert f"({other})" in document.text
        assert other not in cited
    assert not any("ekonomi" in c or "İngiltere" in c or "economy" in c for c in cited)


def test_long_sentences_with_abbreviations_and_quotations_stay_whole(document: Document) -> None:
    spans = [span for p in document.paragraphs for span in split_sentences(document.text, *p.span)]
    sentences = {document.text[s.start : s.end] for s in spans}
    for whole in (
        "Birleşik Krallık ve Fransa bunu kabul etmek zorunda kaldılar.",
        (
            "1905 Devriminden bu yana Rusya Türkleri zaten ezilen uluslardan biri olarak Çarlığa "
            "karşıydı (Akal, 2008, s. 116)."
        ),
        "VIII. Hükümet Programı 7 Mart 1935 günü TBMM’de Başbakan İnönü tarafından okundu:",
        (
            "Türkiye’nin etkin tarafsızlığından İngilizler de memnun değildi. (Deringil, 1994, "
            "s. 171-172)."
        ),
        (
            "Ancak bu tarihten savaşın başladığı 1939 yılı Eylül ayına kadar kurulan IX ila XII. "
            "Hükümetlerin programlarında Sovyet dostluğundan hiç söz edilmemişti (Erdaş, 2018, "
            "s. 32-38)."
        ),
        (
            "Millî Mücadele boyunca gönderilen mali yardımların toplamı 13.612.000 altın rubledir "
            "(Çakıcı, 2023, s. 97)."
        ),
        "16 Ekim 1920 görüşmeleri için s. 158-173, 17 Ekim 1920 görüşmeleri için s. 175-187.",
        (
            "The Ottoman Empire had been fighting the Tsarist Russia for centuries, eventually "
            "entering its last war, i.e., the World War I, by attacking the latter."
        ),
        (
            "The official start of relations between Turkey and Russia is recognized as the letter "
            "of April 26, 1920, to V.I. Lenin by Mustafa Kemal, the speaker of the newly convening "
            "Turkish Grand Assembly, immediately after its inauguration."
        ),
    ):
        assert whole in sentences, whole
    # A speech of two sentences and the words around it are one.
    assert any(
        s.startswith("Mustafa Kemal Paşa 1 Kasım 1924") and s.endswith("C. 10, s. 4).")
        for s in sentences
    )
    # A full stop is missing behind this source.
    assert any(s.endswith("düşünülmüştü (Erden, 2017, s. 135)") for s in sentences)


def test_every_printed_word_is_in_the_text_once(document: Document) -> None:
    """Count letters: but for line ends, note labels and marker digits nothing is lost or added."""
    source = (CORPUS / "turk-sovyet-iliskileri.txt").read_text("utf-8")
    printed = Counter(c for c in source if not c.isspace() and not c.isdigit())
    read = Counter(c for c in document.text if not c.isspace() and not c.isdigit())
    assert read == printed
    digits = sum(map(str.isdigit, source)) - sum(map(str.isdigit, document.text))
    assert digits == 2 * sum(len(note.label) for note in document.footnotes)
