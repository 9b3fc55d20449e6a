"""What stands around the conversation: head, empty state, progress."""

from __future__ import annotations

from dipnot_ui import panels
from ui_parts import (
    HOSTILE,
    Reader,
    document,
)


def test_nothing_from_outside_becomes_markup_around_the_conversation() -> None:
    documents = [document(title=HOSTILE, title_en=None, author=HOSTILE, pages=HOSTILE)] * 5
    for markup in (
        panels.intro("tr", [*documents, document(examples=[HOSTILE])]),
        panels.choice("tr", documents),
        panels.progress("tr", {"stage": HOSTILE, "error": HOSTILE}),
    ):
        seen = Reader(markup)
        assert seen.tags.keys().isdisjoint({"script", "img"})
        assert seen.tags["a"] == markup.count('<a href="/corpus">')
        assert HOSTILE in seen.text


def test_examples_are_each_shown_once_beside_what_dipnot_can_and_cannot_do() -> None:
    made = panels.intro("en", [document(), document(examples=["Ne zaman?", "Kim?", ""])])
    assert made.count("data-ask=") == 2
    text = Reader(made).text
    assert "Makes up no sentences" in text
    assert "where the text does not say, it says so" in text


def test_documents_are_chosen_by_title_where_there_are_several() -> None:
    assert panels.choice("en", [document()]) == ""
    made = Reader(panels.choice("en", [document(), document(doc_id="b", title=None)]))
    assert made.tags["option"] == 3
    assert "All documents" in made.text


def test_the_head_leads_to_the_text_and_to_the_corpus() -> None:
    assert 'href="/text/a/p1"' in panels.head("tr", [document()])
    assert 'href="/corpus"' in panels.head("tr", [])
    assert "dn-text-link" not in panels.head("tr", [])


def test_progress_is_told_in_words_and_numbers() -> None:
    made = panels.progress("tr", {"stage": "embedding", "done": 12, "total": 30, "error": None})
    assert "Cümleler işleniyor (12/30)" in Reader(made).text
    assert '<progress aria-label="Cümleler işleniyor" value="12" max="30">' in made


def test_the_page_says_what_goes_to_which_language_model_where_there_is_one() -> None:
    llm = {"model": "small", "endpoint": "http://127.0.0.1:1/v1<b>"}
    told = Reader(panels.intro("en", [], llm)).text
    assert "your question and the passages quoted go to http://127.0.0.1:1/v1<b>" in told
    assert "small" in Reader(panels.intro("tr", [], llm)).text
    assert "language model" not in panels.intro("en", [])


def test_a_first_start_that_failed_is_told_in_the_pages_language_with_where_more_is_told() -> None:
    status = {"ready": False, "error": "The corpus folder 'x' does not exist."}
    made = panels.progress("tr", status)
    assert "Dizin kurulamadı" in made
    assert '<a href="/corpus">Derlem</a>' in made
    # The server's own words are English, and are marked so.
    assert '<p lang="en">The corpus folder &#x27;x&#x27; does not exist.</p>' in made
    assert "<progress" not in made
    assert "The index could not be made" in panels.progress("en", status)


def test_what_the_page_words_itself_is_not_said_twice() -> None:
    made = panels.progress("tr", {"ready": False, "sentence": "Dizin henüz hazır değil."})
    assert "Dizin henüz hazır değil." in made
    assert "lang=" not in made
    assert "<progress" not in made
