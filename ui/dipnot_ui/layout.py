"""The components of the page and where they stand.

Owns: ids, classes and order. Their words come from ``app`` when the page opens, and so does all
that happens to them. The conversation is HTML of our own and not a ``gr.Chatbot``, which reads
what it is given as Markdown: a text's asterisks and dollar signs must come out as they stand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from dipnot_ui import panels, render
from dipnot_ui.labels import Lang, label
from dipnot_ui.turns import MAX_QUESTION

_MAX_EXAMPLES = 8
_POLL_SECONDS = 1.0

# Gradio writes new HTML over old and so would shut what the reader opened; it does not scroll.
_LOG_JS = """
const open = new Set();
let count = 0;
let waiting = false;
element.addEventListener('toggle', (event) => {
  if (event.target.open) open.add(event.target.id); else open.delete(event.target.id);
}, true);
watch('value', () => {
  for (const id of open) {
    const details = document.getElementById(id);
    if (details) details.open = true;
  }
  const turns = element.querySelectorAll('.dn-turn');
  const last = turns[turns.length - 1];
  const waits = !!last && !!last.querySelector('.dn-searching');
  if (turns.length > count || (waiting && last && !waits)) {
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    last.scrollIntoView({block: 'start', behavior: calm ? 'auto' : 'smooth'});
  }
  count = turns.length;
  waiting = waits;
});
"""

# A button of the outline is plain HTML, so it says itself where it leads; the focus stays on it
# when the outline is written anew.
_OUTLINE_JS = """
let chosen = null;
element.addEventListener('click', (event) => {
  const button = event.target.closest('[data-page]');
  if (!button) return;
  chosen = button.dataset.at;
  trigger('click', {page: Number(button.dataset.page), at: Number(chosen)});
});
watch('value', () => {
  const again = chosen && element.querySelector(`[data-at="${chosen}"]`);
  if (again) again.focus({preventScroll: true});
  chosen = null;
  const box = element.closest('#dn-outline');
  const current = element.querySelector('[aria-current]');
  if (!box || !current) return;
  const [outer, inner] = [box.getBoundingClientRect(), current.getBoundingClientRect()];
  if (inner.top < outer.top || inner.bottom > outer.bottom)
    box.scrollTop += inner.top - outer.top - outer.height / 3;
});
"""
# A new page is read from its top, or from the heading that was asked for.
_LEAF_JS = """
let shown = '';
watch('value', () => {
  const leaf = element.querySelector('.dn-leaf');
  const goal = element.querySelector('[data-goal]');
  const number = leaf ? leaf.dataset.number : '';
  const above = element.getBoundingClientRect().top < 0;
  if (goal) goal.scrollIntoView({block: 'nearest'});
  else if (number !== shown && above) leaf && leaf.scrollIntoView({block: 'start'});
  shown = number;
});
"""


@dataclass(frozen=True, slots=True)
class Text:
    """The components of the text view; ``place`` is the document and the page it shows."""

    document: gr.Dropdown
    outline: gr.HTML
    previous: gr.Button
    number: gr.Number
    next: gr.Button
    leaf: gr.HTML
    place: gr.State

    def outputs(self) -> list[Any]:
        """Give all that turning a page may change."""
        return [
            self.document, self.outline, self.previous, self.number, self.next, self.leaf,
            self.place,
        ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Page:
    """The components that events change."""

    lang: gr.Radio
    head: gr.HTML
    view: gr.Radio
    progress: gr.HTML
    main: gr.Column
    text: Text
    log: gr.HTML
    examples: gr.Column
    examples_heading: gr.HTML
    chips: tuple[gr.Button, ...]
    follow: gr.Row
    follow_more: gr.Button
    follow_source: gr.Button
    document: gr.Dropdown
    question: gr.Textbox
    send: gr.Button
    new: gr.Button
    maintenance: gr.Accordion
    index: gr.HTML
    token: gr.Textbox
    rebuild: gr.Button
    rebuilding: gr.HTML
    timer: gr.Timer
    turns: gr.State
    stored_lang: gr.BrowserState

    def outputs(self) -> list[Any]:
        """Give all that ``app.everything`` may change."""
        return [
            self.lang, self.head, self.view, self.progress, self.main, self.log, self.examples,
            self.examples_heading, *self.chips, self.follow, self.follow_more,
            self.follow_source, self.document, self.question, self.send, self.new,
            self.maintenance, self.index, self.token, self.rebuild, self.rebuilding, self.timer,
        ]  # fmt: skip


def lay_out() -> Page:
    """Place the components. Their words come when the page opens and its language is known."""
    with gr.Row(elem_id="dn-top"):
        head = gr.HTML(
            panels.head("tr", []), elem_id="dn-head", apply_default_css=False, js_on_load=None
        )
        lang = gr.Radio(
            [("Türkçe", "tr"), ("English", "en")],
            value="tr",
            label=label("tr", "language"),
            show_label=False,
            container=False,
            elem_id="dn-lang",
            scale=0,
        )
    view = gr.Radio(
        views("tr"),
        value="ask",
        label=label("tr", "view"),
        show_label=False,
        container=False,
        visible=False,
        elem_id="dn-view",
    )
    progress = gr.HTML(
        elem_id="dn-progress", visible=False, apply_default_css=False, js_on_load=None
    )
    with gr.Column(visible="hidden", elem_id="dn-main") as main:
        log = gr.HTML(
            render.conversation("tr", []),
            elem_id="dn-log",
            apply_default_css=False,
            js_on_load=_LOG_JS,
        )
        with gr.Column(elem_id="dn-examples") as examples:
            examples_heading = gr.HTML(apply_default_css=False, js_on_load=None)
            chips = tuple(
                gr.Button("", size="sm", visible=False, elem_classes="dn-chip")
                for _ in range(_MAX_EXAMPLES)
            )
        with gr.Row(elem_id="dn-follow", visible=False) as follow:
            more = gr.Button(label("tr", "follow_more"), size="sm", elem_classes="dn-chip")
            source = gr.Button(label("tr", "follow_source"), size="sm", elem_classes="dn-chip")
        new = gr.Button(label("tr", "new"), size="sm", visible=False, elem_id="dn-new")
        with gr.Column(elem_id="dn-composer"):
            document = gr.Dropdown(
                [("", "")], value="", visible=False, container=False, elem_id="dn-document"
            )
            with gr.Row(elem_id="dn-ask"):
                # One line and no more than a few: Enter sends, Shift+Enter starts a line.
                question = gr.Textbox(
                    label=label("tr", "question"),
                    show_label=False,
                    container=False,
                    lines=1,
                    max_lines=6,
                    max_length=MAX_QUESTION,
                    elem_id="dn-question",
                    scale=1,
                    autofocus=True,
                )
                send = gr.Button(
                    label("tr", "send"), variant="primary", elem_id="dn-send", scale=0, min_width=80
                )
        with gr.Accordion(
            label("tr", "maintenance"), open=False, elem_id="dn-maintenance"
        ) as maintenance:
            index = gr.HTML(elem_id="dn-index", apply_default_css=False, js_on_load=None)
            token = gr.Textbox(
                type="password",
                label=label("tr", "token"),
                max_lines=1,
                max_length=1000,
                visible=False,
                elem_id="dn-token",
                html_attributes=gr.InputHTMLAttributes(autocomplete="off"),
            )
            rebuild = gr.Button(
                label("tr", "rebuild"), size="sm", visible=False, elem_id="dn-rebuild"
            )
            rebuilding = gr.HTML(elem_id="dn-rebuilding", apply_default_css=False, js_on_load=None)
    return Page(
        lang, head, view, progress, main, _lay_out_text(), log, examples, examples_heading, chips,
        follow, more, source, document, question, send, new, maintenance, index, token, rebuild,
        rebuilding,
        timer=gr.Timer(_POLL_SECONDS, active=False),
        turns=gr.State([]),
        # The language is no secret, and a fixed one keeps the choice across restarts.
        stored_lang=gr.BrowserState("", storage_key="dipnot-lang", secret="dipnot-lang"),
    )  # fmt: skip


def views(lang: Lang) -> list[tuple[str, str]]:
    """Give the names of the two views."""
    return [(label(lang, f"view_{view}"), view) for view in ("ask", "text")]


def _lay_out_text() -> Text:
    """Place the components of the text view: the outline, and a page with what turns it."""
    with gr.Column(elem_id="dn-text"):
        document = gr.Dropdown([("", "")], value="", visible=False, elem_id="dn-text-document")
        with gr.Row(elem_id="dn-reader"):
            outline = gr.HTML(elem_id="dn-outline", apply_default_css=False, js_on_load=_OUTLINE_JS)
            with gr.Column(elem_id="dn-sheet"):
                with gr.Row(elem_id="dn-turner"):
                    previous = gr.Button(
                        label("tr", "page_previous"), size="sm", min_width=0, scale=0
                    )
                    number = gr.Number(
                        1,
                        label=label("tr", "page_number"),
                        show_label=False,
                        container=False,
                        precision=0,
                        min_width=0,
                        scale=0,
                        elem_id="dn-page-number",
                    )
                    following = gr.Button(label("tr", "page_next"), size="sm", min_width=0, scale=0)
                leaf = gr.HTML(elem_id="dn-page", apply_default_css=False, js_on_load=_LEAF_JS)
    return Text(document, outline, previous, number, following, leaf, place=gr.State(None))
