from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dipnot.language.sentences import split_sentences

PROSE = st.text(alphabet="aAbiİ1 .!?…,;:\n“”\"'()[]«»-–’sS", max_size=200) | st.text(max_size=80)


def sentences(text: str) -> list[str]:
    return [text[span.start : span.end] for span in split_sentences(text)]


@pytest.mark.parametrize(
    "whole",
    [
        "Göl 1887 yılında kurutuldu (Yılmaz, 1990, s. 12).",
        "Ayrıntı için bkz. Yılmaz, 1990, s. 12.",
        "I. Dünya Savaşı’ndan sonra II. Murat gölü görmüştü.",
        "Göl 19. yüzyılda, 3. Köprü’den önce kurutuldu.",
        "O, 108. İslam halifesidir.",
        "Dr. Rıza Nur ve Prof. Dr. Ali Bey oradaydı.",
        "Ona V.I. Lenin ve T.C. Hükümeti yazdı.",
        "M.Ö. 500 yılında göl vardı.",
        "Toplam 13.612.000 altın verildi.",
        "Şehzade Bayezid (d. 3 Aralık 1447 – ö. 26 Mayıs 1512) padişahtı.",
        "Köylüler (Çerkez, Abaza, vs.) Müslüman oldular.",
        "Bey “Göl kurudu. Değirmen durdu.” sözleriyle anlattı.",
        'Bey "Göl kurudu. Değirmen durdu." sözleriyle anlattı.',
        "Şöyle dedi: «Göl kurudu. Değirmen durdu» ve gitti.",
        "Göl kurudu. (Yılmaz, 1990, s. 12).",
        "The lake, i.e. Lake One, was drained in the 19th century.",
        "See pp. 12-14 and Fig. 3 of St. John.",
        "Göl ... kurudu… ve kaldı.",
        "Ozan (1240?-1320?) Anadolu’da yaşamıştır.",
        "Bu büyük (!) Dost köyü sattı.",
        "The miller [?] John Hill left (b. 1850?) England.",
        "Toplantıya Sn. Ayşe Su, Uzm. Dr. Can Ak ve İnş. Müh. Ali Su geldi.",
        "Tğm. Ali Bey, Yb. Can Bey ve Korg. Kaya Bey oradaydı.",
        "Göl Gıda San. Tic. Ltd. Şti. ve Kıyı San. A.Ş. kuruldu.",
        "Değirmen Göl Cd. No: 5 ve Kıyı Bulv. No: 12 adresindedir.",
        "See Art. 5 of the Treaty, Sec. 3 of the Act, Figs. 2 and 3, Eq. 4 and Nos. 12 and 13.",
        "On Mt. Hill they met Gov. Brown, the Hon. John Mill and Messrs. Hill and Brown.",
        "Use pathlib.Path to join and collections.Counter to count.",
        "Article 5. The king may dissolve the house.",
        "1. The lake 2. The mill 3. His house were sold.",
        "1. Cutting the board of the bell 2. Building the core 3. Pouring the metal.",
        "Hill, J. The Lake, London 1990.",
        "Hill J. The lake, London 1990.",
        "Partinin 5. Siyasi Kongresi toplandı.",
        "Sayın Bn. Ayşe Su ve Gnkur. Bşk. Ali Kaya geldi.",
        "They met Pres. Brown, Sen. Hill and Rep. Kaya.",
        "It was signed by Hill of Acme Inc. London in the year of the fire.",
        "kelime",
    ],
)
def test_no_sentence_ends_here(whole: str) -> None:
    assert sentences(whole) == [whole]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Göl 1887’de kurutuldu.", "Köylüler taşındı."),
        ("Göl kurudu (Yılmaz, 1990, s. 12).", "1891’de değirmen yandı."),
        ("Göl kurudu. (Yılmaz, 1990, s. 12).", "Köylüler taşındı."),
        ("Göl kurudu mu?", "Evet!"),
        ("Göl kurudu (neden mi?)", "Bilinmez."),
        ("Göl kurudu. (Yoksa 1851?)", "Bilinmez."),
        ("Göl kurudu…", "Değirmen durdu."),
        ("Bey “Göl kurudu.” dedi.", "Gitti."),
        ("Göl kurumuştu (Yılmaz, 1990, s. 12)", "Bu olay unutuldu."),
        ("Savaş 1923.", "Bu yıl bitti."),
        ("The vote was 38 to 12.", "The bill passed."),
        ("He was 65.", "She was 70."),
        ("He was 65.", "“The lake is ours,” she said."),
        ("He was 65.", "Hill was 70."),
        ("It is told in chapter 5.", "The king left."),
        ("He fell in World War I.", "The peace came."),
        ("It was made by Acme Inc.", "The firm closed."),
        ("He lived in Washington, D.C.", "The city grew."),
        ("He left the U.S.", "It was late."),
        ("Değirmenci o yıl 65.", "Bunu kimse bilmez."),
        ("Saati kur.", "Sonra bekle."),
        ("Köşede sağa sok.", "Ardından bak."),
        ("Köyler, kentler vb.", "Bunlar çoktu."),
        ("The answer was no.", "The lake stayed."),
        ("They were fond of art.", "The lake stayed."),
        ("They were fond of art.", "1923 was dry."),
        ("Hattın hızı 100 Mbps.", "Hat yenidir."),
        ("Parts were of lead and Sn.", "The rest was lost."),
        ("Hmm.", "Hill was not sure."),
        ("Kararı TBMM.", "Meclis aldı."),
        ("Bunu gören Can.", "Dr. Ayşe Su görmedi."),
        ("Bir “açık tırnak kaldı.", "Sonra “Göl” dedi."),
    ],
)
def test_a_sentence_ends_here(first: str, second: str) -> None:
    assert sentences(f"{first} {second}") == [first, second]


def test_a_space_forgotten_behind_a_full_stop_joins_no_sentences() -> None:
    assert sentences("Kaleyi onarttı.Kasım ayında döndü.1302’de öldü.") == [
        "Kaleyi onarttı.",
        "Kasım ayında döndü.",
        "1302’de öldü.",
    ]
    assert sentences("Bkz. s.104 ve Dr.Rıza Nur.") == ["Bkz. s.104 ve Dr.Rıza Nur."]
    for whole in (
        "Yazışma için: ayse.Su@firma.com adresi.",
        "Call path.Join(a) or os.path.Split here.",
    ):
        assert sentences(whole) == [whole]


def test_what_amended_a_sentence_stands_before_it() -> None:
    assert sentences("Üye seçilir. (Ek cümle: 12/7/2013-6495/33 md.) Bir yıl kalır. Gider.") == [
        "Üye seçilir.", "(Ek cümle: 12/7/2013-6495/33 md.) Bir yıl kalır.", "Gider.",
    ]  # fmt: skip
    for source in ("(Kaynak: Su, 1983, s. 4)", "(Su: 1983)", "(Gazete: 12.7.1923)"):
        assert sentences(f"Göl kurudu. {source} Köy kaldı.") == [
            f"Göl kurudu. {source}", "Köy kaldı.",
        ]  # fmt: skip


def test_a_quotation_behind_one_that_was_never_closed_stays_whole() -> None:
    second = "Sonra “Göl kurudu. Değirmen durdu.” dedi."
    assert sentences(f"Bir “açık tırnak kaldı. {second}") == ["Bir “açık tırnak kaldı.", second]


def test_offsets_count_from_the_start_of_the_text() -> None:
    text = "Başlık. Bir. İki. Son."
    assert [text[s.start : s.end] for s in split_sentences(text, 8, 17)] == ["Bir.", "İki."]


@given(PROSE, PROSE, PROSE)
def test_spans_are_in_order_inside_and_lose_nothing_but_white_space(
    before: str, paragraph: str, after: str
) -> None:
    text = before + paragraph + after
    start, end = len(before), len(before) + len(paragraph)
    at = start
    for span in split_sentences(text, start, end):
        assert at <= span.start < span.end <= end
        assert not text[at : span.start].strip()
        piece = text[span.start : span.end]
        assert piece == piece.strip()
        at = span.end
    assert not text[at:end].strip()


@pytest.mark.parametrize("unit", ["kelime ", "a", "1, ", "(", "“a ", "söz; "])
def test_what_no_sentence_ends_is_cut_before_it_grows_without_bound(unit: str) -> None:
    text = unit * 20_000
    assert max(len(s) for s in sentences(text)) <= 2_000
    assert "".join(sentences(text)).replace(" ", "") == text.replace(" ", "")


def test_overlong_text_is_cut_at_its_lesser_marks_and_between_words() -> None:
    assert all(s.endswith(";") for s in sentences("birkaç söz; " * 500)[:-1])
    assert {s[-6:] for s in sentences("kelime " * 900)} == {"kelime"}


def test_the_mark_of_a_note_stays_with_the_sentence_that_it_hangs_on() -> None:
    assert sentences("Göl kurudu.[a] Yandı.¹ Kim yaktı?* Kıyı kaldı.(2) Son{3} ve bitti.") == [
        "Göl kurudu.[a]", "Yandı.¹", "Kim yaktı?*", "Kıyı kaldı.(2)", "Son{3} ve bitti.",
    ]  # fmt: skip
