"""What goes into ``<head>``, Gradio's theme, and the files that the page loads from us.

Owns: their names and addresses. Fonts, colours and the icon are the host's, under ``/look/``, so
that a text looks the same here and on a page of its own.
"""

from __future__ import annotations

from importlib.resources import files

import gradio as gr

from dipnot_ui.words import as_block

SERIF = ("Dipnot Serif", "Dipnot Stand-in", "Georgia", "Noto Serif", "DejaVu Serif")
_MONO = ("ui-monospace", "Menlo", "Consolas", "DejaVu Sans Mono", "monospace")
FILES = {
    "style.css": "text/css; charset=utf-8",
    "page.js": "text/javascript; charset=utf-8",
    "addresses.js": "text/javascript; charset=utf-8",
    "asking.js": "text/javascript; charset=utf-8",
    "conversation.js": "text/javascript; charset=utf-8",
    "editing.js": "text/javascript; charset=utf-8",
    "store.js": "text/javascript; charset=utf-8",
    "turn.js": "text/javascript; charset=utf-8",
    "source.js": "text/javascript; charset=utf-8",
    "rising.js": "text/javascript; charset=utf-8",
    "rail.js": "text/javascript; charset=utf-8",
    "renewing.js": "text/javascript; charset=utf-8",
    "taking.js": "text/javascript; charset=utf-8",
    "parts.js": "text/javascript; charset=utf-8",
    "dress.js": "text/javascript; charset=utf-8",
}


def theme() -> gr.themes.Base:
    """Give the theme: plain shapes in our serif; the style sheet does the rest."""
    made = gr.themes.Base(
        primary_hue="slate",
        secondary_hue="slate",
        neutral_hue="stone",
        font=[*SERIF, "serif"],
        font_mono=list(_MONO),
    )
    return made.set(
        body_background_fill="#fbfaf7",
        body_background_fill_dark="#17191c",
        body_text_color="#1f2328",
        body_text_color_dark="#e7e4dd",
    )


def file(name: str) -> bytes:
    """Read one of ``FILES``."""
    return files("dipnot_ui").joinpath(name).read_bytes()


def head() -> str:
    """Give what goes into ``<head>``. It is put there by ``served``: Gradio would do so late."""
    return (
        '<meta name="color-scheme" content="light dark">'
        '<meta name="referrer" content="no-referrer">'
        '<link rel="icon" type="image/svg+xml" href="/look/icon.svg">'
        '<link rel="preload" href="/look/serif.woff2" as="font" type="font/woff2" crossorigin>'
        '<link rel="stylesheet" href="/look/text.css"><link rel="stylesheet" href="/ui/style.css">'
        f'{as_block()}<script type="module" src="/ui/page.js"></script>'
    )
