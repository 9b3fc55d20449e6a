"""The components of the page and where they stand.

Owns: ids, classes and order. Their words come from ``app`` when the page opens, and so does all
that happens to them. The conversation is HTML of our own and not a ``gr.Chatbot``, which reads
what it is given as Markdown: a text's asterisks and dollar signs must come out as they stand.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gradio as gr

from dipnot_ui import panels
from dipnot_ui.labels import label
from dipnot_ui.turns import MAX_QUESTION

_POLL_SECONDS = 1.0

# By this the page's script asks and hears: 'ask' and 'stop' are events, `draw` is a call, and each
# value is a turn as JSON. It is never put into the page as it stands.
_WIRE_JS = """
window.dipnotWire = {
  ask: (data) => trigger('ask', data),
  stop: () => trigger('stop', {}),
  draw: (turns, lang) => server.draw({turns, lang}),
};
watch('value', () => {
  if (props.value) window.dispatchEvent(new CustomEvent('dipnot-turn', {detail: props.value}));
});
window.dispatchEvent(new Event('dipnot-wire'));
"""


@dataclass(frozen=True, slots=True)
class Page:
    """The components that events change."""

    lang: gr.Radio
    head: gr.HTML
    progress: gr.HTML
    intro: gr.HTML
    choice: gr.HTML
    question: gr.Textbox
    send: gr.Button
    stop: gr.Button
    wire: gr.HTML
    timer: gr.Timer

    def outputs(self) -> list[Any]:
        """Give all that ``app.everything`` may change."""
        return [
            self.lang, self.head, self.progress, self.intro, self.choice, self.question,
            self.send, self.stop, self.timer,
        ]  # fmt: skip


def lay_out(draw: Callable[..., Any]) -> Page:
    """Place the components. Their words come when the page opens and its language is known.

    ``draw`` is what the script calls to have kept turns written anew.
    """
    plain: dict[str, Any] = {"apply_default_css": False, "js_on_load": None}
    with gr.Row(elem_id="dn-top"):
        head = gr.HTML(panels.head("tr", []), elem_id="dn-head", **plain)
        lang = gr.Radio(
            [("Türkçe", "tr"), ("English", "en")],
            value="tr",
            label=label("tr", "language"),
            show_label=False,
            container=False,
            elem_id="dn-lang",
            scale=0,
        )
    progress = gr.HTML(elem_id="dn-progress", visible=False, **plain)
    with gr.Column(elem_id="dn-main"):
        intro = gr.HTML(elem_id="dn-intro", **plain)
        # What is in it is the script's: a turn is put there when it comes, and stays.
        gr.HTML('<section class="dn-log" role="log"></section>', elem_id="dn-log", **plain)
        with gr.Column(elem_id="dn-composer"):
            choice = gr.HTML(elem_id="dn-choice", **plain)
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
                stop = gr.Button(label("tr", "stop"), elem_id="dn-stop", scale=0, min_width=80)
    wire = gr.HTML(
        html_template="",
        apply_default_css=False,
        js_on_load=_WIRE_JS,
        server_functions=[draw],
        elem_id="dn-wire",
        visible="hidden",
    )
    return Page(
        lang, head, progress, intro, choice, question, send, stop, wire,
        timer=gr.Timer(_POLL_SECONDS, active=False),
    )  # fmt: skip
