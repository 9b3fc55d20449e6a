"""Plain pages: HTML that needs no script, readable by everybody.

Owns: the frame of such a page and what it may load. What goes into it must be escaped before.
"""

from __future__ import annotations

import re
from html import escape

from fastapi import Request
from fastapi.responses import HTMLResponse

from dipnot.types import Language

_POLICY = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; font-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
_SPOKEN: dict[str | None, Language] = {"tr": "tr", "en": "en"}
_SCRIPTED = "; script-src 'self'; connect-src 'self'"


def page_of(title: str, body: str, *, lang: str = "en", script: str = "") -> str:
    """Put a body into a page; ``title`` is escaped here, the body is not.

    ``script`` is the name of a file of ours which adds to what the page does without it.
    """
    load = f'<script type="module" src="/look/{escape(script)}"></script>\n' if script else ""
    return (
        f'<!doctype html>\n<html lang="{escape(lang)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{escape(title)}</title>\n"
        '<link rel="icon" type="image/svg+xml" href="/look/icon.svg">\n'
        '<link rel="stylesheet" href="/look/text.css">\n'
        f'{load}</head>\n<body class="plain">\n<main>\n{body}</main>\n</body>\n</html>\n'
    )


def plain_response(html: str, status: int = 200, *, script: bool = False) -> HTMLResponse:
    """Answer with a plain page, which loads nothing but our own files."""
    headers = {
        "Content-Security-Policy": f"{_POLICY}{_SCRIPTED if script else ''}",
        "X-Content-Type-Options": "nosniff",
    }
    return HTMLResponse(html, status, headers)


def language_asked(request: Request, named: str | None = None) -> Language:
    """Tell the language of a page.

    That of its address, else the one chosen here before, else the first that the browser prefers.
    """
    preferred = request.headers.get("accept-language", "").lower()
    asked = (named, request.cookies.get("dipnot-lang"), *re.findall(r"(?:^|,)\s*(\w\w)", preferred))
    return next((_SPOKEN[tongue] for tongue in asked if tongue in _SPOKEN), "en")
