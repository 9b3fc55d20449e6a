"""Notes that nothing but their labels tie: what is one, where it hangs, and what is none."""

from __future__ import annotations

import pytest

from dipnot.document.build import make_document
from dipnot.formats import read_pages
from dipnot.types import Document, Source
from format_files import paragraph, word


def read(name: str, text: str | bytes) -> Document:
    data = text.encode() if isinstance(text, str) else text
    return make_document(Source(name, "a"), read_pages(name, data))


def notes(document: Document) -> list[tuple[str, str, str]]:
    """Label, the words before the marker, the note."""
    text = document.text
    return [
        (note.label, text[: note.marker][-8:], text[slice(*note.span)])
        for note in document.footnotes
    ]


def running(document: Document) -> str:
    return document.text[: document.pages[-1].span.end]


BODY = "Değirmen kuruldu{0} ve yandı. Üç taşı vardı.{1} Köylüler geldi.\n\n"


@pytest.mark.parametrize(
    ("first", "second"),
    [("[1]", "[2]"), ("*", "†"), ("¹", "²"), ("(1)", "(2)"), ("{1}", "{2}"), ("[a]", "[b]")],
)
def test_marks_of_every_make_lead_to_the_paragraphs_that_they_open(first: str, second: str) -> None:
    text = BODY.format(first, second) + f"{first} Köprü defteri.\n\n{second} Kimi dört der.\n"
    document = read("a.txt", text)
    assert running(document) == "Değirmen kuruldu ve yandı. Üç taşı vardı. Köylüler geldi."
    assert [n[1].split()[-1] for n in notes(document)] == ["kuruldu", "vardı."]
    assert [n[2] for n in notes(document)] == ["Köprü defteri.", "Kimi dört der."]


def test_notes_below_a_rule_or_a_heading_need_no_brackets() -> None:
    for head in ("--------", "NOTLAR\n"):
        text = (
            f"Değirmen kuruldu.1 Yandı.2 Köylüler\nbaktı.\n\n{head}\n1 Köprü\ndefteri.\n2 Gece.\n"
        )
        document = read("a.txt", text)
        assert [n[2] for n in notes(document)] == ["Köprü defteri.", "Gece."]
        assert "kuruldu. Yandı. Köylüler" in running(document)


def test_labels_may_begin_anew_on_each_page() -> None:
    document = read("a.txt", "Göl kurudu.*\n\n* Bir.\n\fKıyı kaldı.*\n\n* İki.\n")
    assert [(n.page, document.text[: n.marker][-7:]) for n in document.footnotes] == [
        (1, "kurudu."), (2, " kaldı."),
    ]  # fmt: skip


def test_what_stands_between_two_notes_of_a_list_belongs_to_the_first() -> None:
    text = "Göl kurudu.[1] Kıyı kaldı.[2]\n\n[1] Bir.\n\nDevamı var.\n\n[2] İki.\n\nKöy büyüdü.\n"
    document = read("a.txt", text)
    assert [n[2] for n in notes(document)] == ["Bir. Devamı var.", "İki."]
    assert running(document).endswith("Köy büyüdü.")


def test_gutenberg_notes_go_on_until_their_bracket_closes() -> None:
    text = "The mill[A] stood.\n\n[Footnote A: A deed of 1640.\n\nIt was long.]\n\nIt burned.\n"
    document = read("a.txt", text)
    assert [(n[0], n[2]) for n in notes(document)] == [("A", "A deed of 1640. It was long.")]
    assert running(document) == "The mill stood.\n\nIt burned."


def test_a_note_inside_a_note_hangs_where_the_outer_one_does() -> None:
    document = read("a.txt", "Göl kurudu.[1] Köy kaldı.\n\n[1] Bir.[2]\n\n[2] İki.\n")
    assert [document.text[: n.marker][-7:] for n in document.footnotes] == ["kurudu.", "kurudu."]


@pytest.mark.parametrize(
    "text",
    [
        "Alan 40 m² ve 10⁶ çuval.\n\n1. Birinci madde.\n\n2. İkinci madde.\n",
        "Göl 1887 yılında kurudu.\n\n1 Eylül günü yağmur yağdı.\n",
        "Nedenler şunlardır:\n\n1. Kuraklık vardı.\n\n2. Yangın çıktı.\n",
        "Barış geldi [1].\n\nKaynakça\n\n[1] Gürün, K. (1983). Kıyı.\n",
        "Göl kurudu.\n\n* Birinci öğe.\n\n* İkinci öğe.\n",
    ],
)
def test_lists_dates_powers_and_sources_are_no_notes(text: str) -> None:
    assert read("a.txt", text).footnotes == ()


def test_two_marks_raised_together_are_two_marks() -> None:
    page = "<p>Bir.<sup>1, 2</sup> İki.</p><p><sup>1</sup> A.</p><p><sup>2</sup> B.</p>"
    document = read("a.html", page)
    assert document.text == "Bir. İki.\n\nA.\n\nB."
    assert [n.marker for n in document.footnotes] == [4, 4]


def test_chapters_of_a_word_file_have_their_own_typed_notes() -> None:
    raised = '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>1</w:t></w:r>'

    def chapter(name: str) -> str:
        return (
            f"<w:p><w:r><w:t>{name} kuruldu.</w:t></w:r>{raised}</w:p>"
            "<w:p><w:r><w:t>Notlar</w:t></w:r></w:p>"
            f"<w:p><w:r><w:t>1. {name} defteri.</w:t></w:r></w:p>"
            "<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>Bölüm</w:t></w:r></w:p>"
        )

    document = read("a.docx", word(chapter("Değirmen") + chapter("Tuzla") + paragraph("Son.")))
    assert [(n[1], n[2]) for n in notes(document)] == [
        ("kuruldu.", "Değirmen defteri."), ("kuruldu.", "Tuzla defteri."),
    ]  # fmt: skip


def test_numbered_paragraphs_of_an_article_are_no_notes_of_the_one_before() -> None:
    text = (
        "MADDE 1 – (1) Göl kurudu.(2) Köy kaldı.\n\n(2) Kıyı büyüdü.\n\n(3) Ada battı.(1)\n\n"
        "(1) Ek: 1902.\n\nMADDE 2 – (1) Son.\n\n(2) Bitti.\n"
    )
    assert [(n[0], n[2]) for n in notes(read("a.txt", text))] == [("1", "Ek: 1902.")]


def test_items_of_a_list_are_no_notes_of_figures_that_end_words() -> None:
    items = "".join(f"<li>Madde {word}.</li>" for word in ("bir", "iki", "üç", "dört"))
    document = read("a.html", f"<p>Kurulum python3 ve python4 ister.</p><ol>{items}</ol>")
    assert document.footnotes == ()
    assert "python4 ister" in document.text


@pytest.mark.parametrize(
    "line",
    [
        "Çözeltide Ca²⁺ ve Fe³⁺ vardı.",
        "Hız 5 m·s⁻¹ ve yoğunluk 10⁻³ kg·m⁻³ oldu.",
        "Burada sin²x + cos²x = 1 olur.",
        "Burada sin² x + tan³ x vardır.",
    ],
)
@pytest.mark.parametrize("name", ["a.txt", "a.md"])
def test_items_of_a_list_are_no_notes_of_powers_and_charges(name: str, line: str) -> None:
    items = "1. Çözeltiyi ısıtın.\n\n2. Karışımı süzün.\n\n3. Sonucu yazın.\n"
    document = read(name, f"{line}\n\n{items}")
    assert document.footnotes == ()
    assert document.text.startswith(line)


def test_notes_are_no_list_where_only_the_mark_of_the_first_is_lost() -> None:
    text = "Göl vardı. Köy¹ doldu, ada² battı, kıyı³ kaldı, yol⁴ bitti.\n\n"
    items = "\n\n".join(f"{i} {w}." for i, w in enumerate(("Bir", "İki", "Üç", "Dört"), start=1))
    document = read("a.txt", f"{text.replace('¹', '')}{items}\n")
    assert [(label, before.split()[-1]) for label, before, _ in notes(document)] == [
        ("2", "ada"), ("3", "kıyı"), ("4", "yol"),
    ]  # fmt: skip


def test_a_note_hangs_on_a_mark_of_its_own_make_where_there_is_one() -> None:
    document = read(
        "a.md",
        "Bu [1] izinlidir.\n\nGöl dolu<sup>1</sup>.\n\n## Dipnotlar\n<sup>1</sup> Kurudu.\n",
    )
    assert notes(document) == [("1", "Göl dolu", "Kurudu.")]


def test_a_note_that_begins_with_a_figure_and_a_line_that_begins_with_a_day() -> None:
    document = read(
        "a.txt",
        "Göl kurudu.[1] Köy taşındı.[2]\n\nNOTLAR\n\n1. Tutanak, kütük,\n1 Nisan 1929.\n\n"
        "2. 16 Ekim tutanağı.\n",
    )
    assert [text for _, _, text in notes(document)] == [
        "Tutanak, kütük, 1 Nisan 1929.",
        "16 Ekim tutanağı.",
    ]


def test_items_of_a_list_are_no_notes_where_these_open_with_raised_labels() -> None:
    page = (
        "<p>Göl kurudu.<sup>1</sup> Köylüler gitti.</p><ol><li>Ambar açılır.</li>"
        "<li>Kapı kapanır.</li></ol><hr><p><sup>1</sup> Yaz sonunda.</p>"
    )
    (found,) = read_pages("a.html", page.encode())
    assert [line.text for line in found.notes] == ["Yaz sonunda."]


@pytest.mark.parametrize("name", ["a.txt", "a.html", "a.docx"])
@pytest.mark.parametrize("labels", [("a", "b", "c"), ("1", "2", "3")])
def test_paragraphs_that_a_sentence_counts_up_before_are_no_notes(
    name: str, labels: tuple[str, str, str]
) -> None:
    a, b, c = labels
    said = [
        f"Üç tür yapı vardır: ({a}) ev, ({b}) yol; ({c}) köprü.",
        f"({a}) Ev, kıyıda durur.",
        f"({b}) Yol, köye gider.",
        f"({c}) Köprü yandı.",
    ]
    files: dict[str, str | bytes] = {
        "a.txt": "\n\n".join(said),
        "a.html": "".join(f"<p>{words}</p>" for words in said),
        "a.docx": word("".join(map(paragraph, said))),
    }
    document = read(name, files[name])
    assert notes(document) == []
    assert running(document) == "\n\n".join(said)


def test_words_set_off_with_stars_lead_to_no_note() -> None:
    document = read("a.txt", "Bu *çok* önemli bir konudur.\n\n* Bir budur.\n* İki budur.\n")
    assert notes(document) == []
    assert running(document) == "Bu *çok* önemli bir konudur.\n\n* Bir budur.\n\n* İki budur."


@pytest.mark.parametrize(
    "text",
    [
        "A tool for python3 files.\n\nInstall\n-------\n1. Download.\n2. Unpack.\n3. Run.\n",
        "Bölüm1 okunacak.\n\nNOTLAR\n\n1. Kitap getirin.\n\n2. Defter getirin.\n",
        "Şekil2 ve tablo1 bunu gösterir.\n\n--------\n\n1. Göl kurudu.\n\n2. Köy boşaldı.\n",
        "Ve tablo1 ile tablo2, tablo3 gibi.\n\nNotlar\n\n1. Göl.\n\n2. Köy.\n\n3. Su.\n",
        "Fiyatlara KDV dahil değildir*\n\n* Ankara şubesi\n* İzmir şubesi\n* Adana şubesi\n",
        "It is far (see Eq. (1) and Eq. (2)).\n\n(1) John came.\n\n(2) Mary came.\n",
    ],
)
def test_words_that_end_in_figures_bullets_and_cited_numbers_have_no_notes(text: str) -> None:
    document = read("a.txt", text)
    assert notes(document) == []
    assert document.text.startswith(text.split("\n", 1)[0])


def test_figures_behind_different_words_that_count_on_with_a_list_are_marks() -> None:
    text = "Değirmen kuruldu1 ve yandı2 sonra.\n\nNOTLAR\n\n1. Kitap.\n\n2. Defter.\n"
    assert [n[1].split()[-1] for n in notes(read("a.txt", text))] == ["kuruldu", "yandı"]
