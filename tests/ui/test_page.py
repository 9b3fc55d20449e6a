"""The chat page without a browser: its words, its mark-up, its paragraphs, its asking."""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from html.parser import HTMLParser
from string import Formatter
from typing import Any

import fastapi
import pytest
from fastapi.testclient import TestClient

import dipnot_ui
from dipnot.engine import Engine
from dipnot.server.serve import ChatBackend, make_server_app
from dipnot_ui import panels, reading, render
from dipnot_ui.backend import BackendError
from dipnot_ui.context import Context, Note, find_context
from dipnot_ui.labels import LABELS, Lang, lang_of_browser
from dipnot_ui.turns import MAX_QUESTION, Turn, ask, history_of, page_cache

HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(1)>\"'*a* _b_ [c](javascript:d) $$e$$ "
    "${f} {{g}} `h` </mark></details></li> # i"
)

# A document of three pages. The second paragraph runs over all of them; note 1 hangs on its
# second sentence, and stands behind the text.
PARAGRAPHS = (
    "İlk paragraf.",
    "Birinci cümle. Antlaşma 16 Mart 1921’de imzalandı. Üçüncü cümle IĞDIR’da biter.",
    "Son paragraf.",
)
TEXT = "\n\n".join(PARAGRAPHS)
NOTE = "Metni için bkz. Soysal, 2000, s. 32."
QUOTE = "Antlaşma 16 Mart 1921’de imzalandı."
QUOTE_START = TEXT.index(QUOTE)
QUOTE_END = QUOTE_START + len(QUOTE)
EDGES = (0, TEXT.index("16 Mart"), TEXT.index("IĞDIR"), len(TEXT))
NOTE_START = len(TEXT) + 2


class FakeBackend:
    """A backend of canned answers that counts its calls."""

    def __init__(self, answer: dict[str, Any] | Exception | None = None) -> None:
        self.answer = answer if answer is not None else answer_of([citation()])
        self.calls: Counter[str] = Counter()
        self.histories: list[list[Mapping[str, str]]] = []

    def ask(
        self, question: str, history: Sequence[Mapping[str, str]], doc_id: str | None = None
    ) -> dict[str, Any]:
        self.calls["ask"] += 1
        self.histories.append(list(history))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def page(self, doc_id: str, number: int) -> dict[str, Any]:
        self.calls["page"] += 1
        if not 1 <= number < len(EDGES):
            raise BackendError("There is no such page.")
        start, end = EDGES[number - 1], EDGES[number]
        notes = [footnote()] if number == 2 else []
        return {
            "doc_id": doc_id, "number": number, "text": TEXT[start:end], "start": start,
            "end": end, "headings": [], "footnotes": notes,
        }  # fmt: skip

    def document(self, doc_id: str) -> dict[str, Any]:
        self.calls["document"] += 1
        return read_document(doc_id=doc_id)

    def documents(self) -> list[dict[str, Any]]:
        self.calls["documents"] += 1
        return [document()]

    def status(self) -> dict[str, Any]:
        self.calls["status"] += 1
        return {"ready": True, "stage": "idle", "done": 0, "total": 0, "error": None}

    def rebuild(self, token: str) -> dict[str, Any]:
        self.calls["rebuild"] += 1
        raise BackendError("The admin token is wrong.")


def document(**changes: Any) -> dict[str, Any]:
    base = {
        "doc_id": "a", "title": "Türk-Sovyet İlişkileri", "title_en": "Turkish-Soviet Relations",
        "author": "Adil Ayaz", "languages": ["tr"], "pages": 30, "passages": 350,
        "examples": ["Ne zaman?"],
    }  # fmt: skip
    return {**base, **changes}


def read_document(**changes: Any) -> dict[str, Any]:
    """The document of three pages as the API tells its parts."""
    headings = [("İlk paragraf.", 1, 1), ("Üçüncü cümle", 3, 2), ("Son paragraf.", 2, 3)]
    base = {
        "doc_id": "a", "title": "T", "author": None, "languages": ["tr"], "passages": 3,
        "pages": [
            {"number": n, "label": None, "start": EDGES[n - 1], "end": EDGES[n]} for n in (1, 2, 3)
        ],
        "sections": [
            {"heading": h, "level": level, "page": page, "start": TEXT.index(h), "end": len(TEXT)}
            for h, level, page in headings
        ],
        "footnotes": [footnote()], "references": [],
    }  # fmt: skip
    return {**base, **changes}


def footnote(**changes: Any) -> dict[str, Any]:
    base = {
        "label": "1", "text": NOTE, "page": 2, "marker": QUOTE_END, "start": NOTE_START,
        "end": NOTE_START + len(NOTE),
    }  # fmt: skip
    return {**base, **changes}


def citation(**changes: Any) -> dict[str, Any]:
    base = {
        "n": 1, "quote": QUOTE, "highlight": [], "doc_id": "a", "title": "Türk-Sovyet İlişkileri",
        "headings": ["Bölüm", "Kararsızlık Dönemi"], "kind": "body", "language": "tr", "page": 1,
        "page_end": 2, "start": QUOTE_START, "end": QUOTE_END, "attribution": [],
        "voice": "author", "passage_id": "a:1",
    }  # fmt: skip
    return {**base, **changes}


def answer_of(citations: list[dict[str, Any]], **changes: Any) -> dict[str, Any]:
    base = {
        "question": "Ne zaman?", "verdict": "answered", "answer": "Metin şöyle diyor: [1]",
        "mode": "extractive", "language": "tr", "generation": "g1", "took_ms": 1.0,
        "citations": citations, "hits": [],
    }  # fmt: skip
    return {**base, **changes}


def shown(answer: dict[str, Any] | Exception, lang: Lang = "tr", **options: Any) -> str:
    backend = FakeBackend(answer)
    turn = ask(backend, page_cache(backend), Turn("Ne zaman?", key="k"), [], lang)
    return render.conversation(lang, [turn], **options)


class Reader(HTMLParser):
    """What a browser makes of mark-up: its elements, its text, and that all tags are closed."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: Counter[str] = Counter()
        self.attributes: Counter[str] = Counter()
        self.text = ""
        self.feed(markup)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes.update(name for name, _ in attrs)
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


# --- words ---------------------------------------------------------------------------------------


def test_both_languages_have_the_same_words_and_none_is_empty() -> None:
    assert LABELS["tr"].keys() == LABELS["en"].keys()
    assert all(text.strip() for words in LABELS.values() for text in words.values())


def test_both_languages_fill_in_the_same_values() -> None:
    def names(text: str) -> set[str | None]:
        return {name for _, name, _, _ in Formatter().parse(text) if name}

    assert all(names(LABELS["tr"][key]) == names(LABELS["en"][key]) for key in LABELS["tr"])


@pytest.mark.parametrize(
    ("header", "lang"),
    [
        ("tr-TR,tr;q=0.9,en;q=0.8", "tr"),
        ("en-GB,en;q=0.9,tr;q=0.8", "en"),
        ("de,en;q=0.3,tr;q=0.5", "tr"),
        ("tr;q=0,en;q=0.1", "en"),
        ("de-DE", "en"),
        ("tr;q=abc,;;,", "tr"),
        ("", "en"),
        (None, "en"),
    ],
)
def test_the_browsers_language_chooses_turkish_only_if_it_is_preferred(
    header: str | None, lang: Lang
) -> None:
    assert lang_of_browser(header) == lang


# --- escaping and highlights ---------------------------------------------------------------------


@pytest.mark.parametrize("verdict", ["answered", "partial", "not_in_text", HOSTILE])
def test_nothing_from_outside_becomes_markup(verdict: str) -> None:
    hostile = citation(
        n=HOSTILE, quote=HOSTILE, title=HOSTILE, headings=[HOSTILE, HOSTILE], kind=HOSTILE,
        language=HOSTILE, page=HOSTILE, page_end=HOSTILE, start=HOSTILE, end=HOSTILE,
        attribution=[HOSTILE], voice=HOSTILE, highlight=[[0, 9], [5, 400]],
    )  # fmt: skip
    answer = answer_of(
        [hostile], verdict=verdict, answer="x " + HOSTILE, language=HOSTILE, generation=HOSTILE,
        hits=[{**hostile, "text": HOSTILE}],
    )  # fmt: skip
    note = Note(HOSTILE, HOSTILE, 3)
    turn = Turn(HOSTILE, answer, contexts=(Context(HOSTILE, 0, (2, 9), (note,)),), key=HOSTILE)
    seen = Reader(render.conversation("en", [turn], name_documents=True))
    assert seen.tags.keys().isdisjoint({"script", "img", "a"})
    assert not [name for name in seen.attributes if name.startswith("on")]
    assert HOSTILE in seen.text


def test_nothing_from_outside_becomes_markup_around_the_conversation() -> None:
    documents = [document(title=HOSTILE, title_en=None, author=HOSTILE, pages=HOSTILE)] * 5
    work = {"state": "running", "stage": HOSTILE, "done": 1, "total": 2, "error": HOSTILE}
    report = {"state": "done", "report": {HOSTILE: HOSTILE}}
    for markup in (
        panels.head("tr", documents),
        panels.maintenance("en", documents, {}, HOSTILE),
        panels.progress("tr", {"stage": HOSTILE, "error": HOSTILE}),
        panels.rebuild("tr", {"rebuild": work}),
        panels.rebuild("tr", {"rebuild": report}),
        panels.rebuild("tr", {}, HOSTILE),
    ):
        seen = Reader(markup)
        assert seen.tags.keys().isdisjoint({"script", "img", "a"})
        assert HOSTILE in seen.text


def test_markdown_and_formulas_stay_as_they_stand() -> None:
    text = "*yıldız* _alt_ [1](x) $$x^2$$ `kod` # başlık"
    assert Reader(render.marked(text, [])).text == text
    assert "<mark>" not in render.marked(text, [])


@pytest.mark.parametrize(
    ("spans", "marked"),
    [
        ([[0, 5]], ["İĞNEı"]),
        ([[6, 9]], ["ş&ö"]),
        ([[0, 5], [3, 9]], ["İĞNEı ş&ö"]),
        ([[6, 9], [0, 2]], ["İĞ", "ş&ö"]),
        ([[-4, 2], [8, 900]], ["İĞ", "ö"]),
        ([[5, 5], [9, 4], [40, 50], "ab", [1], [None, 2], ["x", 3], 7], []),
        (None, []),
        ("12", []),
    ],
)
def test_highlights_mark_code_points_and_ignore_what_is_no_span(
    spans: object, marked: list[str]
) -> None:
    made = render.marked("İĞNEı ş&ö", spans)
    assert [Reader(found).text for found in re.findall("<mark>(.*?)</mark>", made)] == marked
    assert Reader(made).text == "İĞNEı ş&ö"


def test_a_lone_surrogate_can_be_sent() -> None:
    assert render.esc("a\ud800b").encode()


# --- paragraphs and notes ------------------------------------------------------------------------


def test_a_paragraph_is_found_whole_across_page_breaks_with_the_quotation_in_it() -> None:
    found = find_context(citation(), FakeBackend().page)
    assert found is not None
    assert found.text == PARAGRAPHS[1]
    assert found.text[slice(*found.mark)] == QUOTE
    assert found.start == TEXT.index(PARAGRAPHS[1])


def test_a_paragraph_begun_on_the_page_before_is_shown_from_its_beginning() -> None:
    quote = "IĞDIR’da biter."
    start = TEXT.index(quote)
    place = citation(quote=quote, page=3, page_end=3, start=start, end=start + len(quote))
    found = find_context(place, FakeBackend().page)
    assert found is not None
    assert found.text == PARAGRAPHS[1]
    assert found.text[slice(*found.mark)] == quote


def test_the_first_and_the_last_paragraph_end_where_the_document_does() -> None:
    for number, text in ((1, PARAGRAPHS[0]), (3, PARAGRAPHS[2])):
        start = TEXT.index(text)
        place = citation(quote=text, page=number, page_end=number, start=start)
        found = find_context(place, FakeBackend().page)
        assert found is not None
        assert (found.text, found.mark) == (text, (0, len(text)))


def test_the_footnote_that_hangs_on_a_quotation_comes_with_it() -> None:
    found = find_context(citation(), FakeBackend().page)
    assert found is not None
    assert [note.text for note in found.notes_of_quote()] == [NOTE]


def test_a_footnote_elsewhere_in_the_paragraph_is_not_the_quotations() -> None:
    place = citation(quote="Birinci cümle.", page_end=1, start=TEXT.index("Birinci"))
    found = find_context(place, FakeBackend().page)
    assert found is not None
    assert found.notes_of_quote() == ()
    assert [note.text for note in found.notes] == [NOTE]


def test_a_quoted_footnote_is_its_own_paragraph() -> None:
    place = citation(kind="footnote", quote="bkz. Soysal", page=2, page_end=2)
    place["start"] = NOTE_START + NOTE.index("bkz.")
    found = find_context(place, FakeBackend().page)
    assert found is not None
    assert found.text == NOTE
    assert found.text[slice(*found.mark)] == "bkz. Soysal"


def test_a_quotation_that_the_pages_do_not_hold_gets_no_paragraph() -> None:
    assert find_context(citation(quote="Başka bir cümle."), FakeBackend().page) is None


def test_the_opened_paragraph_marks_the_quotation_and_raises_the_notes_label() -> None:
    found = find_context(citation(), FakeBackend().page)
    assert found is not None
    made = render.paragraph(found)
    assert f"<mark>{QUOTE}</mark><sup" in made
    assert Reader(made).text == PARAGRAPHS[1].replace(QUOTE, QUOTE + "1")


def test_a_quotation_over_two_paragraphs_is_marked_in_both() -> None:
    made = render.paragraph(Context("Bir iki.\n\nÜç dört.", 100, (4, 12)))
    assert made == "<p>Bir <mark>iki.</mark></p><p><mark>Üç</mark> dört.</p>"


# --- answers -------------------------------------------------------------------------------------


def test_an_answer_shows_the_quotation_its_place_and_its_folded_paragraph() -> None:
    made = shown(answer_of([citation(highlight=[[9, 21]])]))
    text = Reader(made).text
    assert "Yanıtlandı" in text
    assert "<mark>16 Mart 1921</mark>" in made
    assert "Kararsızlık Dönemi" in text
    assert "s. 1–2" in text
    assert f"karakter {QUOTE_START}–{QUOTE_END}" in text
    assert text.count(NOTE) == 2  # below the quotation, and in its paragraph
    assert "<details" in made
    assert "<details open" not in made


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"page_end": 1}, "p. 1"),
        ({}, "pp. 1–2"),
        ({"kind": "summary"}, "summary"),
        ({"kind": "epigraph"}, "epigraph"),
        (
            {"voice": "cited", "attribution": ["Gürün, 1983, s. 40"]},
            "reporting a source: Gürün, 1983, s. 40",
        ),
        ({"voice": "quoted", "attribution": ["Aralov"]}, "quoted from: Aralov"),
    ],
)
def test_the_footnote_line_says_where_and_whose(changes: dict[str, Any], words: str) -> None:
    assert words in Reader(shown(answer_of([citation(**changes)]), "en")).text


def test_the_document_is_named_only_where_there_are_several() -> None:
    assert "dn-title" not in shown(answer_of([citation()]))
    assert "dn-title" in shown(answer_of([citation()]), name_documents=True)


def test_a_partial_answer_says_that_part_may_stay_open() -> None:
    text = Reader(shown(answer_of([citation()], verdict="partial", answer=""), "en")).text
    assert "Partly" in text
    assert "may leave part of it open" in text


def test_what_the_text_does_not_say_is_said_and_the_nearest_places_are_folded_away() -> None:
    hit = {**citation(), "text": "En yakın cümle."}
    answer = answer_of([], verdict="not_in_text", answer="Metin bunu söylemiyor.", hits=[hit] * 9)
    made = shown(answer)
    assert 'data-verdict="not_in_text"' in made
    assert "dn-citation" not in made
    before, _, folded = made.partition("<details")
    assert "Metinde yok" in before
    assert "Metin bunu söylemiyor." in before
    assert "En yakın cümle." not in before
    assert "yanıt değildir" in folded
    assert folded.count("En yakın cümle.") == 5


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (f"“{QUOTE}” [1]", ""),
        (f"{QUOTE} [1]", ""),
        (f"Metin şöyle diyor: “{QUOTE}” [1]", "Metin şöyle diyor:"),
        ("Şu yerler soruya değiniyor: [1] [2]", "Şu yerler soruya değiniyor:"),
        ("Önce [1], sonra [2] söylüyor.", "Önce [1], sonra [2] söylüyor."),
        ("", ""),
    ],
)
def test_quotations_are_not_shown_twice(answer: str, said: str) -> None:
    assert render.framing(answer, [citation()]) == said


def test_a_pending_turn_shows_the_question_and_that_it_is_searched() -> None:
    text = Reader(render.conversation("en", [Turn("When?")])).text
    assert "When?" in text
    assert "Searching" in text


# --- asking --------------------------------------------------------------------------------------


def test_an_error_meant_for_the_reader_is_shown_as_it_is() -> None:
    assert "Çok fazla soru var." in Reader(shown(BackendError("Çok fazla soru var."))).text


def test_any_other_error_is_a_general_sentence_and_goes_to_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.ERROR):
        text = Reader(shown(RuntimeError("/secret/path"), "en")).text
    assert "Something went wrong" in text
    assert "secret" not in text
    assert "Traceback" not in text
    assert "/secret/path" in caplog.text


def test_a_failing_page_leaves_the_answer_without_its_paragraph() -> None:
    made = shown(answer_of([citation(page=9, page_end=9)]))
    assert QUOTE in made
    assert "<details" not in made


def test_a_question_too_long_never_reaches_the_backend() -> None:
    backend = FakeBackend()
    turn = ask(backend, page_cache(backend), Turn("x" * (MAX_QUESTION + 1)), [], "en")
    assert turn.error is not None
    assert str(MAX_QUESTION) in turn.error
    assert backend.calls["ask"] == 0


def test_the_history_is_the_last_ten_answered_turns() -> None:
    turns = [Turn(str(i), answer_of([], answer=f"a{i}")) for i in range(14)]
    turns += [Turn("failed", error="x"), Turn("pending")]
    assert history_of(turns) == [{"question": str(i), "answer": f"a{i}"} for i in range(4, 14)]


def test_pages_are_read_once_for_a_generation_of_the_index() -> None:
    backend = FakeBackend()
    read = page_cache(backend)
    for _ in range(3):
        read("g1", "a", 2)
    assert backend.calls["page"] == 1
    read("g2", "a", 2)
    assert backend.calls["page"] == 2


# --- the page ------------------------------------------------------------------------------------


def test_the_page_is_served_and_loads_nothing_from_elsewhere() -> None:
    backend = FakeBackend()
    client = TestClient(dipnot_ui.mount(fastapi.FastAPI(), backend))
    served = client.get("/")
    assert served.status_code == 200
    assert client.get("/config").json()["title"] == "Dipnot"
    loaded = re.findall(r"(?:src|href)=[\"'](https?:)?//(?!testserver)", served.text)
    assert loaded == []
    assert "https://" not in client.get("/theme.css").text
    assert backend.calls == Counter()


def test_the_page_advertises_no_api_and_sends_no_telemetry() -> None:
    client = TestClient(dipnot_ui.mount(fastapi.FastAPI(), FakeBackend()))
    info = client.get("/gradio_api/info").json()
    assert info == {"named_endpoints": {}, "unnamed_endpoints": {}}
    config = client.get("/config").json()
    assert config["analytics_enabled"] is False
    assert config["footer_links"] == []


def test_routes_added_before_the_page_are_kept() -> None:
    app = fastapi.FastAPI()
    app.get("/health")(lambda: {"ok": True})
    client = TestClient(dipnot_ui.mount(app, FakeBackend()))
    assert client.get("/health").json() == {"ok": True}


def test_where_there_is_no_admin_token_the_page_says_how_to_rebuild() -> None:
    off = Reader(panels.maintenance("en", [document()], {"admin": False}, "g1")).text
    assert "DIPNOT_ADMIN_TOKEN" in off
    assert ".venv/bin/dipnot build" in off
    assert "30 pages · 350 passages" in off
    assert "g1" in off
    assert "DIPNOT_ADMIN_TOKEN" not in panels.maintenance("en", [], {"admin": True}, None)


def test_progress_is_told_in_words_and_numbers() -> None:
    made = panels.progress("tr", {"stage": "embedding", "done": 12, "total": 30, "error": None})
    assert "Cümleler işleniyor (12/30)" in Reader(made).text
    assert '<progress aria-label="Cümleler işleniyor" value="12" max="30">' in made


# --- the text as it was read ---------------------------------------------------------------------


def leaf(number: int, lang: Lang = "en", **changes: Any) -> str:
    backend = FakeBackend()
    before = backend.page("a", number - 1) if number > 1 else None
    return reading.leaf(lang, read_document(**changes), backend.page("a", number), before)


def test_a_page_shows_all_its_text_once_with_its_headings_set_as_headings() -> None:
    made = leaf(2, footnotes=[])
    body = re.sub(r'.*<div class="dn-body"[^>]*>|</div>.*', "", made, flags=re.DOTALL)
    assert body == "<p>16 Mart 1921’de imzalandı. </p><h5>Üçüncü cümle</h5>"
    read = "".join(Reader(leaf(n, footnotes=[])).text for n in (1, 2, 3))
    assert all(read.count(word) == 1 for word in ("16 Mart", "Üçüncü cümle", "IĞDIR’da", "Son"))


def test_a_heading_that_the_text_does_not_hold_sets_nothing_as_a_heading() -> None:
    wrong = {"heading": "Başka", "level": 1, "page": 2, "start": EDGES[1], "end": EDGES[2]}
    assert Reader(leaf(2, sections=[wrong])).tags.keys().isdisjoint({"h3", "h4", "h5", "h6"})


def test_a_marker_is_raised_at_its_offset_and_leads_to_its_note_and_back() -> None:
    made = leaf(2)
    assert 'imzalandı.<sup class="dn-marker" id="dn-marker-0"><a href="#dn-note-0">1</a>' in made
    _, _, notes = made.partition('<ol class="dn-page-notes"')
    assert f'<li id="dn-note-0"><sup><a href="#dn-marker-0">1</a></sup><span class="dn-note-text" lang="tr">{NOTE}</span></li>' in notes  # fmt: skip  # noqa: E501


def test_a_marker_at_the_end_of_a_page_is_not_raised_on_the_next() -> None:
    notes = [footnote(marker=EDGES[1], page=1)]
    assert "dn-marker-0" in leaf(1, footnotes=notes)
    assert "dn-marker" not in leaf(2, footnotes=notes)


@pytest.mark.parametrize(
    ("marker", "words"),
    [(3, "marker: p. 1"), (NOTE_START + 1, "marker not found"), (None, "marker not found")],
)
def test_a_note_whose_marker_hangs_elsewhere_says_so(marker: int | None, words: str) -> None:
    made = leaf(2, footnotes=[footnote(marker=marker)])
    assert NOTE in made
    assert words in Reader(made).text


def test_a_paragraph_that_runs_over_pages_is_told_on_both() -> None:
    before, after = "Continued from the page before", "Continues on the next page"
    told = [tuple(words in leaf(n) for words in (before, after)) for n in (1, 2, 3)]
    assert told == [(False, True), (True, True), (True, False)]


def test_a_page_tells_its_number_its_printed_label_and_that_it_is_empty() -> None:
    page = {**FakeBackend().page("a", 1), "label": "xiv", "text": " "}
    text = Reader(reading.leaf("tr", read_document(), page)).text
    assert "Sayfa 1 / 3" in text
    assert "basılı: xiv" in text
    assert "Bu sayfada metin yok." in text


def test_the_outline_leads_to_every_heading_and_marks_those_of_the_page() -> None:
    made = reading.outline("tr", read_document(), 3)
    found = re.findall(
        r'<li class="dn-level-(\d)"><button type="button" data-page="(\d)" data-at="(\d+)"( aria)?',
        made,
    )
    starts = [str(TEXT.index(h)) for h in ("İlk", "Üçüncü", "Son")]
    assert found == [
        ("1", "1", starts[0], ""), ("3", "2", starts[1], ""), ("2", "3", starts[2], " aria"),
    ]  # fmt: skip
    assert "Başlık bulunamadı." in reading.outline("tr", read_document(sections=[]), 1)


def test_a_page_without_a_heading_belongs_to_the_last_one_before_it() -> None:
    sections = read_document()["sections"][:2]
    made = reading.outline("en", read_document(sections=sections), 3)
    assert re.findall(r'aria-current="true">([^<]+) ', made) == ["Üçüncü cümle"]


def test_nothing_of_a_document_becomes_markup() -> None:
    page = {**FakeBackend().page("a", 1), "text": HOSTILE * 2, "label": HOSTILE, "end": 9999}
    section = {"heading": HOSTILE, "level": 99, "page": 1, "start": 0, "end": 9}
    notes = [footnote(label=HOSTILE, text=HOSTILE, page=1, marker=m) for m in (len(HOSTILE), None)]
    whole = read_document(sections=[section], footnotes=notes, languages=[HOSTILE])
    for markup in (
        reading.leaf("tr", whole, page, page, 0),
        reading.outline("tr", whole, 1),
        reading.problem(HOSTILE),
    ):
        seen = Reader(markup)
        assert seen.tags.keys().isdisjoint({"script", "img"})
        assert not [name for name in seen.attributes if name.startswith("on")]
        assert HOSTILE in seen.text


def test_the_text_view_gets_what_the_api_tells_of_a_document(engine: Engine) -> None:
    told = ChatBackend(engine).document("lake")
    assert told == TestClient(make_server_app(engine)).get("/api/documents/lake").json()
    with pytest.raises(BackendError, match=r"no document .*lake"):
        ChatBackend(engine).document("x")
