from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dipnot.corpus import read_text, scan_corpus
from dipnot.document.voices import quotations_in, speaker_of, voice_of
from dipnot.language.sentences import split_sentences
from dipnot.types import Span, Voice

ROOT = Path(__file__).parents[2]


def heard(sentence: str, *, cites: bool = False) -> tuple[Voice, str | None]:
    return voice_of(sentence, has_reference=cites, is_quotation=False), speaker_of(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Göl 1902 yılında kurutuldu ve köylüler kıyıya yerleşti.",
        "Bu dönem “altın çağ” olarak anılır.",
        "Daha sonra “karma ekonomi” denecek olan model ortaya çıktı.",
        "Buna göre taraflar altı ay önce haber verecekti.",
        "Ova 1923’e göre daha kurak.",
        "Kaya’nın yazdığı “Göl ve Kıyı Üzerine Yeni Notlar” geçen yıl yayımlandı.",
        "“Göl ve Kıyı Üzerine Yeni Notlar Dizisi” 1902’de yayımlandı.",
        "It could be argued that the lake was the heart of the valley.",
        "The period of “mutual trust” began when the mill was rebuilt.",
        "Yukarıda belirtilen nedenlerle köy boşaldı.",
        "Kaya köye dönmek istediğini söylemişti.",
        "Evidence suggests that the lake dried up twice.",
        "Nobody believes that the lake dried up.",
        "According to Table 3, the lake dried up twice.",
        "Kaya’nın yazdığı ‘Göl ve Kıyı Üzerine Notlar’ geçen yıl yayımlandı.",
        "– Göl artık bizim değildir!",
        "– Sonuç olarak göl kurumuş, köylüler göçmüş, diye düşünüldü.",
        "He asked 'em to leave the boys' house at once.",
        "'Tis true that the boys and the girls' books were lost.",
    ],
)
def test_the_author_speaks_where_nobody_else_is_heard(sentence: str) -> None:
    assert heard(sentence) == ("author", None)


@pytest.mark.parametrize(
    ("sentence", "speaker"),
    [
        ("Kaya’ya göre göl iki kez kurudu.", "Kaya"),
        ("Ayşe Demir'e göre göl hiç kurumadı.", "Ayşe Demir"),
        ("Oysa Demir’e göre göl hiç kurumadı.", "Demir"),
        ("Kaya, gölün kuruduğunu iddia etse de, Demir bunu kabul etmez.", "Kaya"),
        ("Kaya gölün iki kez kuruduğunu ileri sürmektedir.", "Kaya"),
        ("Kaya ve Demir, gölün kuruduğunu belirtmektedir.", "Kaya ve Demir"),
        ("According to Hill, the lake dried up twice.", "Hill"),
        ("The lake, as Hill has noted, dried up twice.", "Hill"),
        ("Hill (1999) argues that the lake never dried up.", "Hill"),
        ("Jane Hill has shown that the lake never dried up.", "Jane Hill"),
    ],
)
def test_a_view_is_retold_from_the_source_that_is_named(sentence: str, speaker: str) -> None:
    assert heard(sentence) == ("cited", speaker)


def test_a_source_in_parentheses_makes_a_sentence_cited_and_names_no_speaker() -> None:
    assert heard("Göl kurutuldu (Kaya, 1990, s. 12).", cites=True) == ("cited", None)


@pytest.mark.parametrize(
    ("sentence", "speaker"),
    [
        ("Demir “göl artık bizim için bir yüktür” dedi.", "Demir"),
        ("Demir, Kaya’yı köye gönderirken “göl artık bizim için bir yüktür” demiştir.", "Demir"),
        ("Ayşe Demir 3 Mart 1902 tarihinde “Göl artık bizim değildir.” derken ağladı.",
         "Ayşe Demir"),
        ("Demir Türk basınına verdiği demeçte “Göl bizim için her şeydir” demiştir.", "Demir"),
        ("Köprü açıldıktan sonra Vali Demir “bu yol artık hepimizin yoludur” diye yazdı.",
         "Vali Demir"),
        ("Kaya geldikten sonra Demir “göl artık bizim için bir yüktür” dedi.", "Demir"),
        ("Demir’in “göl artık bizim için bir yüktür” sözleri unutulmadı.", "Demir"),
        ("Vali Demir şunu söyledi: “Göl artık bizim için bir yüktür.”", "Vali Demir"),
        ("Ardından “göl artık bizim için bir yüktür” dedi.", None),
        ("Toplantıda “gölün bir an önce kurutulması gerektiği” vurgulandı.", None),
        ('Jane Hill said, "The lake is no longer ours to keep."', "Jane Hill"),
        ("In 1902 Hill declared that “the lake is no longer ours”.", "Hill"),
        ("“The lake is no longer ours,” said Jane Hill.", "Jane Hill"),
        ("“The lake is no longer ours,” Hill wrote.", "Hill"),
        ("In the words of Jane Hill, “the lake is no longer ours”.", "Jane Hill"),
        ("“Göl artık bizim değildir ve hiçbir zaman olmayacaktır.”", None),
        ("‘The lake is no longer ours to keep,’ said Jane Hill.", "Jane Hill"),
        ("Demir 'göl artık bizim için bir yüktür' dedi.", "Demir"),
        ("‘The mill’s wheel stands. The lake is gone for ever.’", None),
        ("— Ben bu köyden asla gitmeyeceğim, dedi Zeynep.", None),
        ("“Well,” said Hill when they had left, “what do you make of it all?”", "Hill"),
        ("In a letter to Brown, Hill wrote that “the lake is no longer ours”.", "Hill"),
        ("Hill came to the lake and said, “The lake is no longer ours.”", "Hill"),
        ("As Hill has also noted, “the lake is no longer ours”.", "Hill"),
        ("Brown left, and the mayor of Bath wrote: “The lake is no longer ours.”", None),
        ("The Ottoman government declared that “the lake is no longer ours”.", None),
        ("Göl Konferansı sırasında Vali Demir “bu yol artık hepimizin yoludur” dedi.",
         "Vali Demir"),
        ("Demir Bey dün Kıyı Meclisi açılışında “bu yol artık hepimizin yoludur” dedi.",
         "Demir Bey"),
        ("Vali Demir Bey ile Ayşe Su “bu yol artık hepimizin yoludur” dedi.", None),
        ("Demir eve döndüğünde annesi “bu yol artık hepimizin yoludur” dedi.", None),
        ("Göl Lisesi öğrencileri “bu yol artık hepimizin yoludur” dedi.", None),
        ("Anlatılana göre “göl artık bizim için bir yüktür” diyerek gitti.", None),
    ],
)  # fmt: skip
def test_words_in_quotation_marks_are_the_speakers(sentence: str, speaker: str | None) -> None:
    assert heard(sentence) == ("quoted", speaker)
    assert heard(sentence, cites=True) == ("quoted", speaker)


@pytest.mark.parametrize(
    ("sentence", "speaker"),
    [
        ("Hill and Kaya said, “The lake was dry and gone.”", None),
        ("“The lake was dry and gone,” said Hill and Kaya.", None),
        ("The mill burned and Kaya said, “The lake was dry and gone.”", "Kaya"),
        ("In London Hill said, “The lake was dry and gone.”", "Hill"),
        ("In New York Hill said, “The lake was dry and gone.”", None),
        ("On Monday Hill said, “The lake was dry and gone.”", "Hill"),
        ("— Göl kurudu, diye bağırdı Kaya.", None),
    ],
)
def test_no_place_day_or_one_of_two_is_the_speaker(sentence: str, speaker: str | None) -> None:
    assert heard(sentence) == ("quoted", speaker)


def test_an_apostrophe_behind_s_closes_no_quotation() -> None:
    sentence = "'He took the boys' house and the mill,' said Hill."
    assert [sentence[s.start : s.end] for s in quotations_in(sentence)] == [
        "'He took the boys' house and the mill,'"
    ]
    sentence = "The 'end of all the seas' was told of 'the end of all lands' too."
    assert len(quotations_in(sentence)) == 2


def test_a_block_quotation_is_quoted_without_marks_too() -> None:
    assert voice_of("Göl artık bizim değildir.", has_reference=False, is_quotation=True) == "quoted"


def test_sources_in_parentheses_do_not_dilute_a_quotation() -> None:
    sentence = (
        "Şöyle: “Göl bizimdir, kıyı sizindir” (Kaya, 1990, s. 12; Demir ve Ak, 2001, s. 3-9)."
    )
    assert voice_of(sentence, has_reference=True, is_quotation=False) == "quoted"


def test_a_quotation_cut_between_sentences_is_still_one() -> None:
    assert (
        voice_of("“Göl artık bizim değildir.", has_reference=False, is_quotation=False) == "quoted"
    )
    assert (
        voice_of(
            "Kıyı da bizim olmayacak.” Köylüler sustu.", has_reference=False, is_quotation=False
        )
        == "quoted"
    )


def test_the_outer_of_nested_quotations_is_found() -> None:
    text = 'Kaya “gölün “kendine has” suyu” ve "iki yol" dedi; «üç» ve 19” boru.'
    assert [text[slice(*s)] for s in quotations_in(text)] == [
        "“gölün “kendine has” suyu”", '"iki yol"', "«üç»",
    ]  # fmt: skip


@pytest.fixture(scope="module")
def article() -> list[tuple[str, Voice]]:
    document = read_text(scan_corpus(ROOT / "corpus").texts[0])
    return [
        (
            document.text[s.start : s.end],
            voice_of(
                document.text[s.start : s.end],
                any(s.holds(r.span) for r in document.references),
                p.kind == "quotation",
            ),
        )
        for p in document.paragraphs
        for s in split_sentences(document.text, *p.span)
    ]


@pytest.mark.parametrize(
    ("begins", "voice", "speaker"),
    [
        ("Gürün’e göre İnönü", "cited", "Gürün"),
        ("Trask’a göre bu antlaşma", "cited", "Trask"),
        ("Hale’e göre Türkiye bu", "cited", "Hale"),
        ("Avcıoğlu, Türkiye’nin ekonomik", "cited", "Avcıoğlu"),
        ("Lenin, Semyon İvanoviç", "quoted", "Lenin"),
        ("Litvinov Türk basınına", "quoted", "Litvinov"),
        ("Mustafa Kemal Paşa 1 Kasım 1924", "quoted", "Mustafa Kemal Paşa"),
        ("Osmanlı İmparatorluğu I. Dünya Savaşı’na, girdikten", "quoted", "Çar II. Nikola"),
        ("Mustafa Kemal’in başkanlık ettiği bu görüşmeler", "quoted",
         "Gümüşhane Mebusu Hasan Fehmi Bey"),
        ("“Sovyet İttihadı ile münasebetlerimiz", "quoted", None),
        ("Büyük Millet Meclisi Başkanı ve Vekiller", "cited", None),
        ("Aynı dönemde “kürtçülük” propagandası", "cited", None),
        ("Millî Mücadele’nin önderleri Bolşevik rejimin", "author", None),
        ("Antlaşmaya göre taraflardan biri", "author", None),
        ("Çiçerin Türkiye’de komünizm sorunundan", "author", None),
    ],
)  # fmt: skip
def test_the_voices_of_the_article_are_told_apart(
    article: list[tuple[str, Voice]], begins: str, voice: Voice, speaker: str | None
) -> None:
    ((sentence, found),) = [(s, v) for s, v in article if s.startswith(begins)]
    assert (found, speaker_of(sentence)) == (voice, speaker)


@given(st.text(alphabet='AaŞ göre’e“”"«»() 19dediKaya,.:', max_size=200))
def test_any_text_has_a_voice_and_quotations_inside_it_apart(text: str) -> None:
    assert voice_of(text, has_reference=False, is_quotation=False) in ("author", "cited", "quoted")
    speaker = speaker_of(text)
    assert speaker is None or speaker.strip()
    last = Span(0, 0)
    for span in quotations_in(text):
        assert last.end <= span.start < span.end <= len(text)
        last = span
