"""What happens on each event of the page.

Owns: the wiring of components to the backend. The components are in ``layout``, the words in
``labels``, the mark-up in ``render`` and ``panels``, the asking in ``turns``, the events of the
text view in ``leafing``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import gradio as gr

from dipnot_ui import leafing, panels, render
from dipnot_ui.backend import Backend, Failure, attempt
from dipnot_ui.labels import Lang, as_lang, label, lang_of_browser
from dipnot_ui.layout import Page, lay_out, views
from dipnot_ui.turns import MAX_TURNS, GenerationPageReader, Turn, ask, page_cache

_ASKING_AT_ONCE = 8
_SET_LANG_JS = "(lang) => { document.documentElement.lang = lang; }"

Updates = dict[Any, Any]


def make_ui(backend: Backend) -> gr.Blocks:
    """Build the page. It asks ``backend`` for nothing until a browser opens it."""
    blocks = gr.Blocks(title="Dipnot", analytics_enabled=False)
    with blocks:
        page = lay_out()
        _wire(blocks, page, backend)
    blocks.queue(max_size=200, default_concurrency_limit=_ASKING_AT_ONCE, api_open=False)
    return blocks


def _wire(blocks: gr.Blocks, page: Page, backend: Backend) -> None:
    """Say what happens on each event."""
    read_page = page_cache(backend)
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}

    def opened(stored: str, request: gr.Request) -> Updates:
        lang = as_lang(stored) or lang_of_browser(request.headers.get("accept-language"))
        return {**_everything(page, backend, lang, []), page.lang: lang}

    def changed(lang: Lang, turns: list[Turn]) -> Updates:
        return {**_everything(page, backend, lang, turns), page.stored_lang: lang}

    def ticked(lang: Lang, turns: list[Turn]) -> Updates:
        status = _status(backend, lang)
        if status.get("ready") and _rebuilding(status):
            return {page.rebuilding: panels.rebuild(lang, status)}
        updates = _everything(page, backend, lang, turns, status)
        # A new index may lack the document chosen before, and Gradio refuses such a choice.
        updates[page.document]["value"] = ""
        return updates

    def asked(
        question: str, turns: list[Turn], lang: Lang, doc_id: str | None
    ) -> Iterator[Updates]:
        yield from _ask(page, backend, read_page, question, turns, lang, doc_id)

    def cleared(lang: Lang, _turns: list[Turn]) -> Updates:
        return {page.turns: [], **_everything(page, backend, lang, [])}

    def rebuild(token: str, lang: Lang) -> Updates:
        started = attempt(backend.rebuild, token or "")
        if isinstance(started, Failure):
            problem = started.sentence or label(lang, "error_general")
            return {page.rebuilding: panels.rebuild(lang, {}, problem)}
        return {
            page.token: "",
            page.rebuild: gr.update(interactive=False),
            page.rebuilding: panels.rebuild(lang, _status(backend, lang)),
            page.timer: gr.Timer(active=True),
        }

    everything = page.outputs()
    state: list[Any] = [page.lang, page.turns]
    for event in (
        blocks.load(opened, [page.stored_lang], everything, **quiet),
        page.lang.input(changed, state, [*everything, page.stored_lang], **quiet),
    ):
        event.then(None, [page.lang], None, js=_SET_LANG_JS, api_visibility="private")
    page.timer.tick(ticked, state, everything, **quiet)

    leafing.wire(page, backend, quiet)

    after: list[Any] = [
        page.turns, page.log, page.question, page.examples, page.follow, page.send, page.new,
        page.timer,
    ]  # fmt: skip
    rest: list[Any] = [page.turns, page.lang, page.document]
    how = {**quiet, "concurrency_id": "ask", "concurrency_limit": _ASKING_AT_ONCE}
    asking = [
        gr.on([page.question.submit, page.send.click], asked, [page.question, *rest], after, **how),
        *(
            chip.click(asked, [chip, *rest], after, **how)
            for chip in (*page.chips, page.follow_more, page.follow_source)
        ),
    ]
    page.new.click(cleared, state, [page.turns, *everything], cancels=asking, **quiet)
    page.rebuild.click(
        rebuild,
        [page.token, page.lang],
        [page.token, page.rebuild, page.rebuilding, page.timer],
        **quiet,
    )


def _ask(
    page: Page,
    backend: Backend,
    read_page: GenerationPageReader,
    question: str,
    turns: Sequence[Turn],
    lang: Lang,
    doc_id: str | None,
) -> Iterator[Updates]:
    """Show the question at once, then what came of it."""
    question = (question or "").strip()
    if not question:
        yield {page.send: gr.update(interactive=True)}
        return
    many = len(_documents(backend)) > 1
    before = [turn for turn in turns if not turn.pending][-MAX_TURNS + 1 :]
    turn = Turn(question)
    yield {
        page.turns: [*before, turn],
        page.log: render.conversation(lang, [*before, turn], name_documents=many),
        page.question: "",
        page.examples: gr.update(visible=False),
        page.follow: gr.update(visible=False),
        page.send: gr.update(interactive=False),
        page.new: gr.update(visible=True),
    }
    after = [*before, ask(backend, read_page, turn, before, lang, doc_id or None)]
    yield {
        page.turns: after,
        page.log: render.conversation(lang, after, name_documents=many),
        page.follow: gr.update(visible=_can_follow(after)),
        page.send: gr.update(interactive=True),
    }


def _everything(
    page: Page,
    backend: Backend,
    lang: Lang,
    turns: Sequence[Turn],
    status: Mapping[str, Any] | None = None,
) -> Updates:
    """Give the whole page in a language, as things stand. What the reader typed is left alone."""
    status = status if status is not None else _status(backend, lang)
    ready, running = bool(status.get("ready")), _rebuilding(status)
    admin = bool(status.get("admin"))
    documents = _documents(backend) if ready else []
    asked_to_wait = any(turn.pending for turn in turns)
    return {
        page.lang: gr.update(label=label(lang, "language")),
        page.head: panels.head(lang, documents),
        page.view: gr.update(choices=views(lang), label=label(lang, "view"), visible=ready),
        page.progress: gr.update(
            value="" if ready else panels.progress(lang, status), visible=not ready
        ),
        page.main: gr.update(visible=True),
        page.log: render.conversation(lang, turns, name_documents=len(documents) > 1),
        page.examples_heading: panels.examples_heading(lang),
        **_examples(page, documents, shown=ready and not turns),
        page.follow: gr.update(visible=_can_follow(turns)),
        page.follow_more: gr.update(value=label(lang, "follow_more")),
        page.follow_source: gr.update(value=label(lang, "follow_source")),
        page.document: gr.update(
            choices=_choices(lang, documents),
            label=label(lang, "document"),
            visible=len(documents) > 1,
        ),
        page.question: gr.update(
            label=label(lang, "question"),
            placeholder=label(lang, "question_hint"),
            interactive=ready,
        ),
        page.send: gr.update(value=label(lang, "send"), interactive=ready and not asked_to_wait),
        page.new: gr.update(value=label(lang, "new"), visible=bool(turns)),
        page.maintenance: gr.update(label=label(lang, "maintenance")),
        page.index: panels.maintenance(lang, documents, status, _generation(status, turns)),
        page.token: gr.update(label=label(lang, "token"), visible=admin),
        page.rebuild: gr.update(
            value=label(lang, "rebuild"), visible=admin, interactive=not running
        ),
        page.rebuilding: panels.rebuild(lang, status),
        page.timer: gr.Timer(active=not ready or running),
    }


def _can_follow(turns: Sequence[Turn]) -> bool:
    """Whether the last answer quotes something that may be asked about."""
    answer = turns[-1].answer if turns else None
    return bool(answer and answer.get("citations"))


def _examples(page: Page, documents: Sequence[Mapping[str, Any]], *, shown: bool) -> Updates:
    """Fill the chips with the documents' examples, each once."""
    found = dict.fromkeys(str(e) for d in documents for e in d.get("examples") or () if e)
    texts = list(found)[: len(page.chips)]
    updates: Updates = {page.examples: gr.update(visible=shown and bool(texts))}
    for i, chip in enumerate(page.chips):
        there = i < len(texts)
        updates[chip] = gr.update(value=texts[i] if there else "", visible=there)
    return updates


def _choices(lang: Lang, documents: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    named = [(str(d.get("title") or d.get("doc_id")), str(d.get("doc_id"))) for d in documents]
    return [(label(lang, "all_documents"), ""), *named]


def _generation(status: Mapping[str, Any], turns: Sequence[Turn]) -> str | None:
    """Give the index's generation, which an answer tells if the status does not."""
    told = (turn.answer.get("generation") for turn in reversed(turns) if turn.answer is not None)
    generation = status.get("generation") or next(told, None)
    return str(generation) if generation else None


def _rebuilding(status: Mapping[str, Any]) -> bool:
    return bool((status.get("rebuild") or {}).get("state") == "running")


def _status(backend: Backend, lang: Lang) -> Mapping[str, Any]:
    """Ask for the status. A backend that cannot tell is one that is not ready."""
    status = attempt(backend.status)
    if isinstance(status, Failure):
        return {"ready": False, "error": status.sentence or label(lang, "error_general")}
    return status


def _documents(backend: Backend) -> Sequence[Mapping[str, Any]]:
    """Ask for the documents. Without them the page has no examples, but it answers."""
    documents = attempt(backend.documents)
    return [] if isinstance(documents, Failure) else documents
