"""Quotations: what counts as word for word, all the places, and the nearest with what differs."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dipnot.document.build import make_document
from dipnot.engine import Engine
from dipnot.index.build import Index, build_index
from dipnot.index.store import new_generation, open_index, publish
from dipnot.retrieval.quotations import MOST_PLACES, check_quotation, differences, fold_wording
from dipnot.types import Document, Line, Source, SourcePage
from fakes import LAKE, FakeEncoder

OTHER = """Başka Bir Yazı

Türk-Sovyet sınırı “Aras” ırmağıdır. Göl 1887 yılında kurutuldu. Sınır 1918-1923 arasında değişti.

İstanbul’un suyu IŞIL IŞIL akardı. Gölgeler uzundu ve serindi. \
Balıkçılar kıyıda beklerdi. Köylüler kıyıya
\fyeni evler yaptı. Su bitti.
"""


def document(doc_id: str, text: str) -> Document:
    pages = text.rstrip().split("\n\f") if "\f" in text else [text]
    numbered = [
        SourcePage(tuple(Line(line, n) for n, line in enumerate(page.split("\n"), 1)), label=label)
        for page, label in zip(pages, ("210", "211"), strict=False)
    ]
    return make_document(Source(f"{doc_id}.txt", doc_id), numbered)


@pytest.fixture(scope="module")
def index() -> Index:
    documents = [document("lake", LAKE), document("other", OTHER)]
    return build_index(documents, (), FakeEncoder(), None, "g1", lambda *_: None)[0]


@pytest.mark.parametrize(
    ("quote", "kinds"),
    [
        ("Bekçi yangını kimseye haber vermedi.", []),
        ("  “Bekçi yangını kimseye haber vermedi.”  ", []),
        ("BEKÇİ yangını  kimseye\nhaber vermedi", ["case"]),
        ("bekçi yangını kim-\nseye haber vermedi", ["case", "hyphenation"]),
        ("Bekçi yangını\n  kimseye haber", ["spaces"]),
        ("Türk-\nSovyet sınırı", ["spaces"]),
        ('Türk-Sovyet sınırı "Aras" ırmağıdır', ["quotation_marks", "quotation_marks"]),
        ("istanbul'un suyu ışıl ışıl akardı", ["case", "quotation_marks", "case", "case"]),
        ("1918–1923 arasında", ["hyphenation"]),
        ("yang\u0131n\u0131 kimseye", []),
        ("Ko\u0308ylu\u0308ler kıyıya yeni evler yaptı", ["case"]),  # letters in two parts
        ("kimseye haber vermedi. Değirmenin taşı bugün müzededir", []),
    ],
)
def test_spaces_marks_hyphens_and_case_may_differ_and_each_is_told(
    index: Index, quote: str, kinds: list[str]
) -> None:
    check = check_quotation(index, quote, None, None)
    assert check.stands
    assert check.nearest is None
    for place in check.places:
        text = index.documents[place.doc_id].text
        assert text[place.span.start : place.span.end] == place.text
        assert "words" not in {d.kind for d in place.differences}
        for d in place.differences:
            assert text[d.span.start : d.span.end] == d.found
    assert [d.kind for d in check.places[0].differences] == kinds


@pytest.mark.parametrize(
    "quote",
    [
        "Bekçi yangını kimseye haber verdi",
        "Bekci yangini kimseye haber vermedi",  # diacritics are letters
        "Göl",  # is found, but not in Gölgeler
        "Göl 1888 yılında kurutuldu",
    ],
)
def test_other_words_do_not_stand(index: Index, quote: str) -> None:
    check = check_quotation(index, quote, None, None)
    if quote == "Göl":
        assert all(p.text == "Göl" for p in check.places)
        assert all(not index.documents[p.doc_id].text[p.span.end].isalnum() for p in check.places)
        return
    assert (check.stands, check.as_cited, check.places) == (False, False, ())


def test_all_places_are_found_and_those_cited_come_first(index: Index) -> None:
    quote = "Göl 1887 yılında kurutuldu."
    assert [p.doc_id for p in check_quotation(index, quote, None, None).places] == ["lake", "other"]
    cited = check_quotation(index, quote, "other", None)
    assert (cited.as_cited, [p.doc_id for p in cited.places]) == (True, ["other", "lake"])
    assert check_quotation(index, quote, "other", 1).as_cited
    assert check_quotation(index, quote, "other", 210).as_cited  # as printed
    assert check_quotation(index, quote, "other", " 210 ").as_cited
    elsewhere = check_quotation(index, quote, "other", 211)
    assert (elsewhere.stands, elsewhere.as_cited) == (True, False)


def test_a_quotation_goes_on_over_the_break_of_a_page(index: Index) -> None:
    (place,) = check_quotation(index, "Köylüler kıyıya yeni evler yaptı.", "other", 2).places[:1]
    assert (place.page, place.page_end) == (1, 2)


def test_the_nearest_place_is_given_with_the_words_that_differ(index: Index) -> None:
    near = check_quotation(index, "Bekçi yangını herkese haber verdi.", None, None).nearest
    assert near is not None
    assert near.text == "Bekçi yangını kimseye haber vermedi."
    told = [(d.kind, d.quoted, d.found) for d in near.differences]
    assert ("words", "herkese", "kimseye") in told


@pytest.mark.parametrize("quote", ["Zürafalar ve balinalar gökyüzünde uçuştu", "Zürafa"])
def test_where_nothing_is_near_nothing_is_given(index: Index, quote: str) -> None:
    assert check_quotation(index, quote, None, None).nearest is None


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_any_words_cut_out_of_a_text_stand_where_they_were_cut(
    index: Index, data: st.DataObject
) -> None:
    text = index.documents["other"].text
    words = [m.span() for m in re.finditer(r"\S+", text[text.index("Türk-Sovyet") :])]
    words = [(a + text.index("Türk-Sovyet"), b + text.index("Türk-Sovyet")) for a, b in words]
    first = data.draw(st.integers(0, len(words) - 4))
    last = data.draw(st.integers(first + 3, min(first + 12, len(words) - 1)))
    start, end = words[first][0], words[last][1]
    cut = text[start:end]
    quote = data.draw(st.sampled_from([cut, cut.upper(), cut.replace(" ", "\n ")]))
    places = check_quotation(index, quote, "other", None).places
    assert any(
        p.doc_id == "other" and start <= p.span.start and p.span.end <= end for p in places
    ), quote


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60))
def test_folding_maps_back_into_the_text_and_is_final(text: str) -> None:
    folded = fold_wording(text)
    assert len(folded.origin) == len(folded.text) + 1
    assert list(folded.origin) == sorted(folded.origin)
    assert fold_wording(text.replace(" ", "  ")).text == folded.text


def test_differences_of_the_same_text_are_none() -> None:
    assert differences("a “b” c-d", "a “b” c-d") == ()


def test_quotations_are_found_in_either_home(engine: Engine, home: str) -> None:
    check = engine.verify("BEKÇİ yangını kimseye haber vermedi")[1]
    assert check.stands, home
    assert [place.text for place in check.places] == ["Bekçi yangını kimseye haber vermedi"]
    near = engine.verify("Bekçi yangını herkese haber verdi.")[1].nearest
    assert near is not None
    assert "kimseye" in near.text


def test_a_page_is_named_as_it_is_printed_in_roman_numbers_too(index: Index) -> None:
    other = index.documents["other"]
    pages = (replace(other.pages[0], label="xiv"), *other.pages[1:])
    told = replace(index, documents={**index.documents, "other": replace(other, pages=pages)})
    quote = "Göl 1887 yılında kurutuldu."
    for page, right in (("xiv", True), ("XIV", True), (1, True), ("xv", False)):
        assert check_quotation(told, quote, "other", page).as_cited is right


# --- however a text was cut and whatever stands in it --------------------------------------------


def index_of(**texts: str) -> Index:
    documents = [document(doc_id, text) for doc_id, text in texts.items()]
    return build_index(documents, (), FakeEncoder(), None, new_generation(), lambda *_: None)[0]


def test_the_place_that_is_cited_is_found_however_many_others_there_are() -> None:
    other = "\n\n".join(f"Göl burada ve {n} gün sonra kurudu." for n in range(MOST_PLACES + 10))
    index = index_of(a=f"Yazı\n\n{other}\n", b="Yazı\n\nGöl burada kaldı.\n")
    for page in (None, 1):
        check = check_quotation(index, "Göl burada", "b", page)
        assert check.as_cited
        assert check.places[0].doc_id == "b"
        assert len(check.places) == MOST_PLACES
    paged = index_of(a=f"Yazı\n\n{other}\n\f{other}\n", b="Yazı\n\nGöl burada kaldı.\n")
    for doc_id in ("a", None):
        check = check_quotation(paged, "Göl burada", doc_id, 211)
        assert check.as_cited, doc_id
        assert check.places[0].page == 2
    assert not check_quotation(paged, "Göl burada", "b", 2).as_cited


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("Bu anti-emperyalist bir tutum idi.", "antiemperyalist bir tutum"),
        (
            "Sözleşme 1918-1923 yıllarında geçerliydi.",
            "Sözleş-\nme 1918-1923 yılla-\nrında geçer-\nliydi",
        ),
        ("Türk-Sovyet sınırı değişti.", "Türk-Sovyet"),
        ("Türk-Sovyet sınırı değişti.", "Türk-\nSovyet"),
    ],
)
def test_a_word_that_only_one_of_both_has_with_a_hyphen_hides_no_quotation(
    text: str, quote: str
) -> None:
    check = check_quotation(index_of(a=f"Yazı\n\n{text}\n"), quote, None, None)
    assert check.stands
    # Another text has the word in the other form.
    words = quote.replace("-\n", "").replace("-", "")
    index = index_of(a=f"Yazı\n\n{text}\n", b=f"Yazı\n\nBaşka {words}dır, {quote}lar olmaz.\n")
    assert check_quotation(index, quote, "a", 1).as_cited


HEADED = "Başka Bir Yazı\n\nKARARSIZLIK DÖNEMİ\n\nSu derindi ve soğuktu.\n"


@pytest.mark.parametrize("quote", ["KARARSIZLIK DÖNEMİ", "kararsızlık dönemi Su derindi"])
def test_a_heading_stands_in_the_texts(quote: str, tmp_path: Path) -> None:
    far = "Taş ağırdı ve karaydı. " * 40
    for text in (HEADED, f"{HEADED}\n{far}\n\nBu kararsızlık dönemi sürdü.\n"):
        index = index_of(o=text, p="Yazı\n\nKöy boşaldı.\n")
        publish(tmp_path / "index", index, 3)
        for home in (index, open_index(tmp_path / "index", FakeEncoder())):
            for doc_id in (None, "o"):
                check = check_quotation(home, quote, doc_id, None)
                place = check.places[0]
                assert check.as_cited
                assert place.span.start == HEADED.index("KARARSIZLIK")
    assert check_quotation(index, "kararsızlık dönemi Taş", None, None).places == ()


def test_the_title_of_the_text_that_is_cited_stands_in_it() -> None:
    index = index_of(o=HEADED)
    assert check_quotation(index, "Başka Bir Yazı", "o", 1).as_cited


def test_a_long_quotation_of_one_word_is_looked_for_in_no_time() -> None:
    short = "\n\n".join(f"Göl {n} metre." for n in range(110))
    index = index_of(a=f"Yazı\n\n{short}\n\n{'göl ' * 1200}\n")
    quotes = ("göl " * 1000, "göl " * 999 + "köy", "Göl " * 1000, "göl su " * 900)
    started = time.process_time()
    checks = [check_quotation(index, quote, None, None) for quote in quotes]
    assert time.process_time() - started < 8
    assert [check.stands for check in checks] == [True, False, True, False]
    assert {d.kind for p in checks[2].places for d in p.differences} == {"case"}


def test_words_that_are_the_same_are_no_difference_in_a_long_quotation() -> None:
    words = " ".join(f"göl {n % 3}" for n in range(300))
    told = differences(f"Bir {words} köy", f"bir {words} Köy")
    assert [(d.kind, d.quoted, d.found) for d in told] == [
        ("case", "Bir", "bir"),
        ("case", "köy", "Köy"),
    ]
