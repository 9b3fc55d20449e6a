"""How the page looks: the theme, the style sheet, and what goes into ``<head>``.

Owns: fonts and colours. Everything is on this machine: fonts are the reader's own, and the icon is
written into the page.
"""

from __future__ import annotations

from importlib.resources import files
from urllib.parse import quote

import gradio as gr

_SANS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "DejaVu Sans")
_MONO = ("ui-monospace", "Menlo", "Consolas", "DejaVu Sans Mono", "monospace")

# A page with a superscript one: a footnote's mark.
_ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
    '<rect width="32" height="32" rx="6" fill="#27496d"/>'
    '<path d="M7 22h12M7 26h8" stroke="#fff" stroke-width="2.4" stroke-linecap="round"/>'
    '<path d="M19.5 9.5 23 7v11" fill="none" stroke="#fff" stroke-width="2.6"/></svg>'
)


def theme() -> gr.themes.Base:
    """Give the theme: plain shapes, system fonts; the style sheet does the rest."""
    made = gr.themes.Base(
        primary_hue="slate",
        secondary_hue="slate",
        neutral_hue="stone",
        font=[*_SANS, "sans-serif"],
        font_mono=list(_MONO),
    )
    return made.set(
        body_background_fill="#fbfaf7",
        body_background_fill_dark="#17191c",
        body_text_color="#1f2328",
        body_text_color_dark="#e7e4dd",
    )


def head() -> str:
    """Give what goes into ``<head>``.

    The style sheet goes there whole: Gradio rewrites the selectors of what it is given as ``css``.
    """
    style = files("dipnot_ui").joinpath("style.css").read_text(encoding="utf-8")
    icon = f'<link rel="icon" type="image/svg+xml" href="data:image/svg+xml,{quote(_ICON)}">'
    return (
        '<meta name="color-scheme" content="light dark">'
        '<meta name="referrer" content="no-referrer">'
        f"{icon}<style>{style}</style>"
    )
