"""What happens on each event of the page.

Owns: the wiring of components to the backend. The components are in ``layout``, the words in
``labels``, the mark-up in ``render`` and ``panels``, the asking in ``turns``. Nothing of a reader
is kept here: the conversation is the browser's, and comes with each question.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import gradio as gr
from starlette.datastructures import Headers

from dipnot_ui import panels, render
from dipnot_ui.backend import Backend, Failure, attempt
from dipnot_ui.fairness import AT_ALL, share
from dipnot_ui.labels import Lang, as_lang, has_label, label
from dipnot_ui.layout import Page, lay_out
from dipnot_ui.served import language_of
from dipnot_ui.turns import Turn, as_data, ask, check, history_of, page_cache, read_turn

_ASKING_AT_ONCE = 8
_DRAWN_AT_ONCE = 200
# The script draws what it holds anew, and a page served later comes in the language chosen.
_SET_LANG_JS = "(lang) => { window.dipnotPage?.speak(lang); }"
_SUBMIT_JS = "(question) => { window.dipnotPage?.submit(question); return ''; }"
_REFUSED_JS = "() => { window.dipnotPage?.refused(); }"

Updates = dict[Any, Any]


def make_ui(backend: Backend) -> gr.Blocks:
    """Build the page. It asks ``backend`` for nothing until a browser opens it."""
    blocks = gr.Blocks(title="Dipnot", analytics_enabled=False)
    with blocks:
        page = lay_out(drawer(backend))
        _wire(blocks, page, backend)
    blocks.queue(max_size=AT_ALL, default_concurrency_limit=_ASKING_AT_ONCE, api_open=False)
    share(blocks)
    return blocks


def _wire(blocks: gr.Blocks, page: Page, backend: Backend) -> None:
    """Say what happens on each event."""
    read_page = page_cache(backend)
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}

    def opened(request: gr.Request) -> Updates:
        lang = language_of(Headers(dict(request.headers)))
        return {**_everything(page, backend, lang), page.lang: lang}

    def changed(lang: Lang) -> Updates:
        return _everything(page, backend, lang)

    def ticked(lang: Lang) -> Updates:
        return _everything(page, backend, lang)

    def asked(lang: Lang, event: gr.EventData) -> Iterator[str]:
        # What a browser sends may be anything.
        told = {name: getattr(event, name, None) for name in ("key", "question", "doc_id")}
        turn = Turn(str(told["question"] or ""), str(told["key"] or ""))
        history = history_of(getattr(event, "history", None))
        doc_id = told["doc_id"] if isinstance(told["doc_id"], str) else None
        yield json.dumps({"key": turn.key})  # the question was taken
        spoken = as_lang(getattr(event, "lang", None)) or lang
        judged = _is_judged(attempt(backend.status))
        for found in ask(backend, read_page, turn, history, doc_id or None, spoken):
            yield _told(spoken, found, judged=judged)

    everything = page.outputs()
    blocks.load(opened, None, everything, **quiet).then(
        None, [page.lang], None, js=_SET_LANG_JS, api_visibility="private"
    )
    page.lang.input(changed, [page.lang], everything, **quiet).then(
        None, [page.lang], None, js=_SET_LANG_JS, api_visibility="private"
    )
    page.timer.tick(ticked, [page.lang], everything, **quiet)
    gr.on(
        [page.question.submit, page.send.click],
        None,
        [page.question],
        [page.question],
        js=_SUBMIT_JS,
        api_visibility="private",
    )
    asking = page.wire.ask(
        asked,
        [page.lang],
        [page.wire],
        trigger_mode="multiple",
        concurrency_id="ask",
        concurrency_limit=_ASKING_AT_ONCE,
        **quiet,
    )
    asking.failure(None, None, None, js=_REFUSED_JS, api_visibility="private")
    page.stop.click(None, None, None, cancels=[asking], **quiet)
    page.wire.stop(None, None, None, cancels=[asking], **quiet)


def _is_judged(status: Mapping[str, Any] | Failure) -> bool:
    """Tell whether the host keeps what readers think of answers."""
    return isinstance(status, Failure) or status.get("feedback") is not False


def _told(lang: Lang, turn: Turn, *, judged: bool = True) -> str:
    """Tell the script of a turn: how it looks, and what to keep of it once it is whole."""
    whole = turn.answer is not None or turn.failure is not None
    kept = as_data(turn) if whole else None
    return json.dumps(
        {"key": turn.key, "html": render.turn(lang, turn, judged=judged), "turn": kept}
    )


def drawer(backend: Backend) -> Callable[..., list[str]]:
    """Give what writes kept turns anew, each looked up in the text as it is now."""

    def draw(asked: object) -> list[str]:
        told = asked if isinstance(asked, dict) else {}
        turns, lang = told.get("turns"), told.get("lang")
        status = attempt(backend.status)
        generation = None if isinstance(status, Failure) else status.get("generation")
        ready = not isinstance(status, Failure) and bool(status.get("ready"))
        given = turns[:_DRAWN_AT_ONCE] if isinstance(turns, list) else []
        read = [read_turn(data) for data in given]
        kept = [check(backend, turn) if ready else replace(turn, unchecked=True) for turn in read]
        judged = _is_judged(status)
        return [_drawn(as_lang(lang) or "tr", turn, generation, judged=judged) for turn in kept]

    return draw


def _drawn(lang: Lang, turn: Turn, generation: str | None, *, judged: bool) -> str:
    """Write a kept turn; of what a browser kept, not all can be told to be right beforehand."""
    written = attempt(lambda: render.turn(lang, turn, generation, judged=judged))
    if isinstance(written, Failure):
        broken = Turn(turn.question, turn.key, failure=Failure(None, "unreadable"))
        return render.turn(lang, broken)
    return written


def _everything(page: Page, backend: Backend, lang: Lang) -> Updates:
    """Give the whole page in a language, as things stand. What the reader typed is left alone."""
    status = _status(backend, lang)
    ready = bool(status.get("ready"))
    documents = _documents(backend) if ready else []
    standing = panels.standing(lang, status)
    return {
        page.lang: gr.update(label=label(lang, "language")),
        page.head: panels.head(lang, documents),
        page.progress: gr.update(value=standing, visible=bool(standing)),
        page.intro: panels.intro(lang, documents, status.get("llm")),
        page.choice: panels.choice(lang, documents),
        page.question: gr.update(
            label=label(lang, "question"),
            placeholder=label(lang, "question_hint"),
            interactive=ready,
        ),
        page.send: gr.update(value=label(lang, "send"), interactive=ready),
        page.stop: gr.update(value=label(lang, "stop")),
        page.timer: gr.Timer(active=not ready),
    }


def _sentence(lang: Lang, failed: Failure) -> str:
    """Word a failure in the page's language; the server's own sentence is English."""
    key = "error_" + failed.code.replace("-", "_")
    if lang == "en" and failed.sentence:
        return failed.sentence
    known = has_label(key) and failed.code != "failed"
    return label(lang, key) if known else failed.sentence or label(lang, "error_general")


def _status(backend: Backend, lang: Lang) -> Mapping[str, Any]:
    """Ask for the status. A backend that cannot tell is one that is not ready."""
    status = attempt(backend.status)
    if isinstance(status, Failure):
        return {"ready": False, "sentence": _sentence(lang, status)}
    return status


def _documents(backend: Backend) -> Sequence[Mapping[str, Any]]:
    """Ask for the documents. Without them the page has no examples, but it answers."""
    documents = attempt(backend.documents)
    return [] if isinstance(documents, Failure) else documents
