"""Plain pages: HTML without a script, readable by everybody.

Owns: the frame of such a page and its look. What goes into it must be escaped before.
"""

from __future__ import annotations

from html import escape

from fastapi.responses import HTMLResponse

_STYLE = """
:root { color-scheme: light dark }
body { font: 1.1rem/1.6 Georgia, serif; max-width: 38rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.3rem } h2 { font-size: 1.1rem }
header, nav { display: flex; gap: 1rem; justify-content: space-between }
:focus-visible { outline: 3px solid }
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'self'"


def page_of(title: str, body: str, *, lang: str = "en", style: str = "") -> str:
    """Put a body into a page; ``title`` is escaped here, the body is not."""
    return (
        f'<!doctype html>\n<html lang="{escape(lang)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<title>{escape(title)}</title>\n<link rel="icon" href="data:,">\n'
        f"<style>{_STYLE}{style}</style>\n</head>\n<body>\n<main>\n{body}</main>\n</body>\n</html>\n"
    )


def plain_response(html: str, status: int = 200) -> HTMLResponse:
    """Answer with a plain page, which may load nothing."""
    headers = {
        "Content-Security-Policy": f"{_POLICY}; img-src data:",
        "X-Content-Type-Options": "nosniff",
    }
    return HTMLResponse(html, status, headers)
