"""What happens on each event of the text view: turning pages, following the outline.

Owns: the wiring of the text view to the backend, and which page of which document is shown. The
mark-up is in ``reading``, the components are in ``layout``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import gradio as gr

from dipnot_ui import reading
from dipnot_ui.backend import Backend, Failure, attempt
from dipnot_ui.labels import Lang, label
from dipnot_ui.layout import Page, Text

Place = tuple[str, int]
Updates = dict[Any, Any]


def wire(page: Page, backend: Backend, quiet: Mapping[str, Any]) -> None:
    """Say what happens on each event of the text view."""
    text = page.text

    def viewed(view: str, lang: Lang, place: Place | None) -> Updates:
        # The style sheet hides the view that is not chosen; there is nothing to do for the chat.
        if view != "text":
            return {text.place: place}
        return _everything(text, backend, lang, place)

    def chosen(doc_id: str, lang: Lang) -> Updates:
        return _everything(text, backend, lang, (doc_id, 1))

    def turned_back(lang: Lang, place: Place | None) -> Updates:
        return _everything(text, backend, lang, _moved(place, -1))

    def turned_on(lang: Lang, place: Place | None) -> Updates:
        return _everything(text, backend, lang, _moved(place, 1))

    def numbered(number: float | None, lang: Lang, place: Place | None) -> Updates:
        wanted = place if place is None or number is None else (place[0], int(number))
        return _everything(text, backend, lang, wanted)

    def followed(lang: Lang, place: Place | None, event: gr.EventData) -> Updates:
        # What a browser sends may be anything.
        number, at = getattr(event, "page", None), getattr(event, "at", None)
        if place is None or not isinstance(number, int) or not isinstance(at, int):
            return {text.place: place}
        return _everything(text, backend, lang, (place[0], number), at)

    everything = text.outputs()
    state: list[Any] = [page.lang, text.place]
    for switch in (page.view, page.lang):
        switch.input(viewed, [page.view, *state], everything, **quiet)
    text.document.input(chosen, [text.document, page.lang], everything, **quiet)
    text.previous.click(turned_back, state, everything, **quiet)
    text.next.click(turned_on, state, everything, **quiet)
    text.number.submit(numbered, [text.number, *state], everything, **quiet)
    text.outline.click(followed, state, everything, **quiet)


def _moved(place: Place | None, by: int) -> Place | None:
    return None if place is None else (place[0], place[1] + by)


def _everything(
    text: Text, backend: Backend, lang: Lang, place: Place | None, goal: int | None = None
) -> Updates:
    """Give the whole text view at a place, or at the first page of the first document."""
    updates: Updates = {
        text.previous: gr.update(value=label(lang, "page_previous"), interactive=False),
        text.next: gr.update(value=label(lang, "page_next"), interactive=False),
        text.number: gr.update(label=label(lang, "page_number")),
        text.outline: "",
    }
    documents = attempt(backend.documents)
    if isinstance(documents, Failure) or not documents:
        return {**updates, text.leaf: _problem(lang, documents)}
    ids = [str(d["doc_id"]) for d in documents]
    doc_id, number = place if place is not None and place[0] in ids else (ids[0], 1)
    updates[text.document] = gr.update(
        choices=[(str(d.get("title") or d["doc_id"]), str(d["doc_id"])) for d in documents],
        value=doc_id,
        label=label(lang, "reading_document"),
        visible=len(ids) > 1,
    )
    document = attempt(backend.document, doc_id)
    if isinstance(document, Failure):
        return {**updates, text.leaf: _problem(lang, document)}
    count = len(document.get("pages") or ())
    number = min(max(number, 1), max(count, 1))
    leaf = attempt(backend.page, doc_id, number)
    before = attempt(backend.page, doc_id, number - 1) if number > 1 else None
    return {
        **updates,
        text.place: (doc_id, number),
        text.number: gr.update(label=label(lang, "page_number"), value=number),
        text.previous: gr.update(value=label(lang, "page_previous"), interactive=number > 1),
        text.next: gr.update(value=label(lang, "page_next"), interactive=number < count),
        text.outline: reading.outline(lang, document, number),
        text.leaf: _problem(lang, leaf)
        if isinstance(leaf, Failure)
        else reading.leaf(
            lang, document, leaf, None if isinstance(before, Failure) else before, goal
        ),
    }


def _problem(lang: Lang, failed: Failure | Sequence[Any]) -> str:
    if not isinstance(failed, Failure):
        return reading.problem(label(lang, "no_documents"))
    return reading.problem(failed.sentence or label(lang, "error_general"))
