"""The chat's events without a browser: what is shown of a state of the index and of the turns."""

from __future__ import annotations

import json

import gradio as gr
import pytest

from dipnot_ui.app import (
    _documents,
    _everything,
    _is_judged,
    _sentence,
    _status,
    _told,
    drawer,
    make_ui,
)
from dipnot_ui.backend import BackendError, Failure
from dipnot_ui.labels import Lang, label
from dipnot_ui.layout import lay_out
from dipnot_ui.turns import Turn, as_data
from ui_parts import QUOTE, FakeBackend, answer_of, asked, citation


def test_making_the_page_asks_the_backend_nothing() -> None:
    backend = FakeBackend()
    made = make_ui(backend)
    assert made.title == "Dipnot"
    assert not backend.calls


def test_no_event_can_be_called_as_an_api() -> None:
    assert make_ui(FakeBackend()).get_api_info()["named_endpoints"] == {}


def test_a_backend_that_cannot_tell_is_not_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    backend = FakeBackend()

    def fail() -> None:
        raise BackendError("It is being prepared.")

    for call in ("status", "documents"):
        monkeypatch.setattr(backend, call, fail)
    assert _status(backend, "en") == {"ready": False, "sentence": "It is being prepared."}
    assert _documents(backend) == []


@pytest.mark.parametrize("lang", ["tr", "en"])
def test_the_page_says_that_the_newest_index_cannot_be_used(lang: Lang) -> None:
    backend = FakeBackend()
    with gr.Blocks():
        page = lay_out(drawer(backend))
    well = _everything(page, backend, lang)[page.progress]
    assert (well["value"], well["visible"]) == ("", False)
    backend.damaged = True
    told = _everything(page, backend, lang)
    assert label(lang, "damaged") in told[page.progress]["value"]
    assert told[page.progress]["visible"]
    assert told[page.send]["interactive"], "it answers all the same"


def test_the_script_is_told_what_to_keep_only_of_a_whole_turn() -> None:
    assert json.loads(_told("tr", Turn("q", "k", first=citation())))["turn"] is None
    whole = json.loads(_told("tr", asked(answer_of([citation()]))))
    assert whole["turn"]["answer"]["citations"][0]["quote"] == QUOTE
    assert QUOTE in whole["html"]


def test_kept_turns_are_drawn_in_a_language_and_looked_up_in_the_text() -> None:
    draw = drawer(FakeBackend())
    kept = as_data(asked(answer_of([citation(), citation(n=2, start=0)])))
    (made,) = draw({"turns": [kept], "lang": "en"})
    assert made.count("no longer stands in the text") == 1
    assert "Answered" in made


def test_while_there_is_no_index_kept_turns_are_drawn_without_a_sign_of_a_quotation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    backend = FakeBackend()
    kept = [as_data(asked(answer_of([citation()]))), as_data(asked(answer_of([])))]
    monkeypatch.setattr(backend, "status", lambda: {"ready": False})
    cited, bare = drawer(backend)({"turns": kept, "lang": "en"})
    assert QUOTE in cited
    assert "have not been compared" in cited
    for sign in ("blockquote", "dn-quote", "<a ", 'data-do="cite"', "helpful"):
        assert sign not in cited
    assert "dn-unchecked" in cited
    assert "dn-unchecked" not in bare
    monkeypatch.setattr(backend, "status", lambda: {"ready": True})
    (again,) = drawer(backend)({"turns": kept[:1], "lang": "en"})
    assert "dn-unchecked" not in again
    assert '<blockquote class="dn-quote"' in again


@pytest.mark.parametrize("turns", [None, "x", {}, [None, 3, {"question": "q"}]])
def test_whatever_a_browser_gives_is_drawn(turns: object) -> None:
    made = drawer(FakeBackend())({"turns": turns, "lang": {"not": "a language"}})
    assert all("okunamıyor" in one for one in made)
    assert len(made) == (3 if isinstance(turns, list) else 0)


def test_a_call_that_is_none_draws_nothing() -> None:
    assert drawer(FakeBackend())(None) == drawer(FakeBackend())([[], "tr"]) == []


def test_a_refusal_is_told_in_the_pages_language() -> None:
    refused = Failure("There is no index.", "no-index-yet")
    assert _sentence("tr", refused) == "Dizin henüz hazır değil. Birazdan yeniden deneyin."
    assert _sentence("en", refused) == "There is no index."


@pytest.mark.parametrize(("kept", "thumbs"), [(True, 2), (False, 0)])
def test_where_no_feedback_is_kept_none_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, *, kept: bool, thumbs: int
) -> None:
    backend = FakeBackend()
    monkeypatch.setattr(backend, "status", lambda: {"ready": True, "feedback": kept})
    turn = asked(answer_of([citation()]))
    (drawn,) = drawer(backend)({"turns": [as_data(turn)], "lang": "tr"})
    told = json.loads(_told("tr", turn, judged=_is_judged(backend.status())))["html"]
    assert [made.count("helpful") for made in (drawn, told)] == [thumbs, thumbs]
    assert _is_judged(Failure(None))
