"""How Gradio's page is served: in the reader's language, with nothing from elsewhere.

Owns: the policy of what the page may load, and what is taken out of Gradio's frame of HTML: the
tags for social networks, the language, the query string, which is our script's and makes Gradio's
own route fail.
"""

from __future__ import annotations

import gzip
import re
from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dipnot_ui import panels
from dipnot_ui.labels import Lang, as_lang, lang_of_browser
from dipnot_ui.look import head

COOKIE = "dipnot-lang"
# Gradio starts from scripts in its page and makes functions of strings; no host but ours is named.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "script-src-attr 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; object-src 'none'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)
_FOREIGN = re.compile(
    r'<(?:meta\s+(?:property="og:|name="twitter:)|link rel="manifest")[^<>]*>\s*', re.DOTALL
)
_BODY = re.compile(r"<body\b[^<>]*>")
_LANG = re.compile(r'(<html\s+lang=")en(")')


def language_of(headers: Headers) -> Lang:
    """Tell a reader's language: the one chosen here before, else what the browser prefers."""
    try:
        kept = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        kept = None
    chosen = as_lang(kept.value) if kept is not None else None
    return chosen or lang_of_browser(headers.get("accept-language"))


def as_ours(html: str, lang: Lang) -> str:
    """Take the tags for social networks out of a page, name its language, put in what is ours.

    Gradio would load our style after its own scripts; and until those have run there would be
    nothing to see. What is shown first is what they will show, and is taken away by our script.
    """
    page = _LANG.sub(rf"\g<1>{lang}\g<2>", _FOREIGN.sub("", html), count=1)
    page = page.replace("</head>", f"{head()}</head>", 1)
    first = (
        '<div id="dn-first" class="dn-first" inert aria-hidden="true">'
        f'<div class="dn-top">{panels.head(lang, [])}</div>{panels.intro(lang, [])}</div>'
    )
    return _BODY.sub(lambda found: found.group() + first, page, count=1)


class OurPage:
    """Serves ``/`` as our page; every other path is passed on as it is."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before an app."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http" or scope["path"] != "/":
            await self._app(scope, receive, send)
            return
        request = Headers(scope=scope)
        begun: list[Message] = []
        body = bytearray()

        async def rewrite(message: Message) -> None:
            if message["type"] == "http.response.start":
                begun.append(message)
                return
            if message["type"] != "http.response.body":
                await send(message)
                return
            body.extend(message.get("body", b""))
            if message.get("more_body"):
                return
            await _send(send, begun[0], bytes(body), request)

        # What is rewritten must not come compressed.
        plain = [(k, v) for k, v in scope["headers"] if k != b"accept-encoding"]
        await self._app({**scope, "query_string": b"", "headers": plain}, receive, rewrite)


async def _send(send: Send, start: Message, body: bytes, request: Headers) -> None:
    headers = MutableHeaders(raw=list(start.get("headers", ())))
    if headers.get("content-type", "").startswith("text/html"):
        lang = language_of(request)
        body = as_ours(body.decode("utf-8"), lang).encode("utf-8")
        headers["content-security-policy"] = POLICY
        headers["content-language"] = lang
        headers["vary"] = "Accept-Encoding, Accept-Language, Cookie"
        headers["cache-control"] = "no-cache"
        if "gzip" in request.get("accept-encoding", ""):
            body = gzip.compress(body, 6)
            headers["content-encoding"] = "gzip"
        headers["content-length"] = str(len(body))
    await send({**start, "headers": headers.raw})
    await send({"type": "http.response.body", "body": body})
