"""The page of the corpus at ``/corpus``: plain HTML, with a style sheet and a script of ours.

Owns: its frame and words in both languages, and its files. All that comes from the corpus is put in
by the script, as text and never as mark-up.
"""

from __future__ import annotations

import json
from html import escape
from importlib import resources

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse

from dipnot.server.pages import nowhere
from dipnot.server.plain import language_asked

_FILES = {"corpus.js": "text/javascript", "corpus.css": "text/css"}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self'; font-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
    "Vary": "Accept-Language",
}


def serve_corpus_page(app: FastAPI) -> None:
    """Serve the page; it works before there is an index."""

    @app.get("/corpus", include_in_schema=False)
    def page(request: Request, lang: str | None = None) -> Response:
        return HTMLResponse(_page(language_asked(request, lang)), headers=_HEADERS)

    @app.get("/corpus/{name}", include_in_schema=False)
    def file(name: str, request: Request) -> Response:
        if name not in _FILES:
            return nowhere(request)
        return Response(_read(name), media_type=_FILES[name], headers=_HEADERS)


def _read(name: str) -> str:
    return resources.files("dipnot.server").joinpath("static", name).read_text("utf-8")


def _page(lang: str) -> str:
    """Write the page; what the server says in English is put into Turkish by the script."""
    told = json.loads(_read("corpus.json"))
    words = told[lang]
    html = _read("corpus.html")
    for key, value in words.items():
        html = html.replace(f"{{{{{key}}}}}", escape(value))
    said = told["said_in_turkish"] if lang == "tr" else {"oddity": {}, "reasons": []}
    block = json.dumps(words | said, ensure_ascii=False).replace("<", "\\u003c")
    return html.replace("{{words}}", block)
