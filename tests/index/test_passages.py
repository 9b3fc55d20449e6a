from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from dipnot.document.build import make_document
from dipnot.formats import read_pages
from dipnot.index.passages import GRAINS, embedded_text, make_passages
from dipnot.types import Document, Passage, Source

TEXT = """GİRİŞ

Göl 1887 yılında kurutuldu. Köylüler kıyıya yeni evler yaptı. Balıkçılar kente taşındı.

Değirmen 1902’de yandı.

SONUÇ

Göl geri gelmedi. Köylüler bunu anladı.

The mill was rebuilt by the new owner. It ground wheat for the whole valley.
"""


def document(text: str, doc_id: str = "a") -> Document:
    source = Source("a.txt", doc_id, title="Göl")
    return make_document(source, read_pages("a.txt", text.encode()))


def ids(passages: list[Passage]) -> dict[str, str]:
    return {p.passage_id: p.text for p in passages}


def test_windows_of_every_grain_slide_by_one_sentence() -> None:
    texts = [p.text for p in make_passages(document("Bir göl. İki köy. Üç ev. Dört yol."))]
    assert texts == [
        "Bir göl.",
        "Bir göl. İki köy.",
        "Bir göl. İki köy. Üç ev.",
        "İki köy.",
        "İki köy. Üç ev.",
        "İki köy. Üç ev. Dört yol.",
        "Üç ev.",
        "Üç ev. Dört yol.",
        "Dört yol.",
    ]


def test_a_window_crosses_paragraphs_but_no_section_and_no_language() -> None:
    passages = make_passages(document(TEXT))
    assert any("taşındı.\n\nDeğirmen" in p.text for p in passages)
    for passage in passages:
        assert not ("yandı" in passage.text and "Göl geri" in passage.text)
        assert not ("anladı" in passage.text and "The mill" in passage.text)
    assert {p.headings for p in passages} == {("GİRİŞ",), ("SONUÇ",)}
    assert {p.language for p in passages} == {"tr", "en"}


def test_a_short_section_is_a_passage_once() -> None:
    assert len(make_passages(document("Göl kurudu."))) == 1


def test_a_row_of_stars_is_no_passage() -> None:
    assert [p.text for p in make_passages(document("Göl kurudu.\n\n***"))] == ["Göl kurudu."]


def test_equal_sentences_are_different_passages() -> None:
    passages = make_passages(document("Göl kurudu. Köy kaldı. Göl kurudu."))
    alike = [p for p in passages if p.text == "Göl kurudu."]
    assert len(alike) == 2
    assert alike[1].passage_id == f"{alike[0].passage_id}-2"


def test_ids_name_the_document_and_the_words_not_the_place() -> None:
    wide, narrow = document("Göl  kurudu."), document("Göl\nkurudu.")
    assert ids(make_passages(wide)).keys() == ids(make_passages(narrow)).keys()
    (passage,) = make_passages(document("Göl kurudu.", "b"))
    assert re.fullmatch(r"b\.[0-9a-f]{12}", passage.passage_id)


def test_ids_stay_when_a_paragraph_is_added_elsewhere() -> None:
    before = ids(make_passages(document(TEXT)))
    after = ids(make_passages(document("ÖNSÖZ\n\nBu yeni bir bölümdür.\n\n" + TEXT)))
    assert before.items() <= after.items()
    inside = ids(make_passages(document(TEXT.replace("SONUÇ", "Yeni bir cümle.\n\nSONUÇ"))))
    assert before.items() <= inside.items()


SENTENCE = st.sampled_from(
    """Göl kurudu.|Köy kaldı.|The mill was there.|Bkz. s. 4.|…|BAŞLIK|Kıyı (1918-1923)|- ağ,
    |x""".split("|")
)
PROSE = st.lists(
    st.lists(SENTENCE, min_size=1, max_size=5).map(" ".join), min_size=1, max_size=8
).map("\n\n".join)


@given(PROSE)
@settings(max_examples=80)
def test_a_passage_is_the_text_at_its_span(text: str) -> None:
    read = document(text)
    passages = make_passages(read)
    assert len({p.passage_id for p in passages}) == len(passages)
    assert len({p.span for p in passages}) == len(passages)
    for passage in passages:
        assert read.text[passage.span.start : passage.span.end] == passage.text
        assert passage.text == passage.text.strip()
        assert 1 <= len(passage.sentences) <= max(GRAINS)
        assert passage.sentences[0].start == passage.span.start
        assert passage.sentences[-1].end == passage.span.end
        assert 1 <= passage.page <= passage.page_end <= len(read.pages)


@given(PROSE)
def test_every_word_outside_headings_is_in_a_passage(text: str) -> None:
    read = document(text)
    passages = make_passages(read)
    for paragraph in read.paragraphs:
        for at in range(*paragraph.span):
            if read.text[at].isalnum():
                assert any(p.span.start <= at < p.span.end for p in passages)


@given(PROSE)
def test_cutting_twice_gives_the_same(text: str) -> None:
    assert make_passages(document(text)) == make_passages(document(text))


def test_what_is_embedded_has_no_line_breaks() -> None:
    assert embedded_text(" Göl\n\n kurudu. ") == "Göl kurudu."
