"""The kinds of problem that the API answers with: their stable codes, and a page about each.

Owns: what a code means and what to do about it, in words. Which error is which problem is told in
``problems``.
"""

from __future__ import annotations

from html import escape
from typing import NamedTuple

from dipnot.server.plain import page_of


class Kind(NamedTuple):
    """A kind of problem: its status, its title, when it comes, what to do, and an example."""

    status: int
    title: str
    when: str
    remedy: str
    example: str
    field: str | None = None


_KINDS = (
    Kind(
        400, "Bad request", "The request is no HTTP that can be read.",
        "Send it again as /api/docs describes it.", "The request cannot be read.",
    ),
    Kind(
        401, "Not authorized", "A call for maintainers came without the admin token, or with "
        "another one.", "Send the header Authorization: Bearer, followed by the token that the "
        "server was started with in DIPNOT_ADMIN_TOKEN.",
        "The admin token is missing or wrong; expected the header `Authorization: Bearer "
        "$DIPNOT_ADMIN_TOKEN`.",
    ),
    Kind(
        401, "Reading is closed", "The server was started with a key for readers, and the request "
        "came without it.", "Send the header Authorization: Bearer, followed by the key; a "
        "browser asks for it as the password, with any name.",
        "This server asks for a key. Send the header `Authorization: Bearer KEY`; a browser asks "
        "for it as the password, with any name.",
    ),
    Kind(
        408, "Too slow", "The body of the request did not come within thirty seconds.",
        "Send it again over a better connection.",
        "The body did not come within 30 seconds. Send it again.", "body",
    ),
    Kind(
        403, "Admin is off", "A call for maintainers came, but this server has no admin token.",
        "Start the server with DIPNOT_ADMIN_TOKEN set.",
        "This server has no admin token. Start it with DIPNOT_ADMIN_TOKEN set.",
    ),
    Kind(
        403, "Wrong host", "The request names a host that this server does not answer for. So "
        "no web page can reach it under a name of its own. At /mcp the status is 421.",
        "Use the address that the server printed, or add the name to allowed_hosts.",
        "This server does not answer for 'dipnot.example'; expected 127.0.0.1, localhost, [::1]. "
        "Add a name with DIPNOT_ALLOWED_HOSTS.",
    ),
    Kind(
        403, "Wrong origin", "A web page of another site sent the request.",
        "Open the page from this server, or add the other site to cors_origins.",
        "Pages of 'https://a.example' may not call this server. Allow them with "
        "DIPNOT_CORS_ORIGINS.",
    ),
    Kind(
        404, "Not found", "The path, an id or the value of a filter names nothing.",
        "Take ids from a search or from /api/documents; they are those of one generation.",
        "There is no document 'x'; known: a, b.",
    ),
    Kind(
        405, "Method not allowed", "The path is there, but not for this method.",
        "Take one of the methods that the header Allow names.",
        "'DELETE' is not allowed for '/api/search'; expected GET, HEAD, OPTIONS.",
    ),
    Kind(
        409, "Rebuild already running", "A rebuild was to begin while another one runs.",
        "Wait until GET /api/index/rebuild no longer says running.",
        "A rebuild is running already. Wait until it is done.",
    ),
    Kind(
        409, "Already there", "A file was to be put into the corpus where one of that name, or of "
        "the same id, lies already.", "Give it another name, or say that it replaces the other: "
        "?replace=true.", "'kopruler.pdf' is in the corpus already. Replace it with "
        "?replace=true, or give the file another name.",
    ),
    Kind(
        409, "Text changed", "A quotation came with its range, and the text no longer says that "
        "there: it was rebuilt from another file, or the range is wrong.",
        "Ask again, or find the quotation with POST /api/verify.",
        "'kopruler' no longer says what was quoted of it at 120 to 171.", "citations.0",
    ),
    Kind(
        413, "Too large", "The body is larger than 1 MiB.", "Send a shorter one: a question has "
        "at most 2,000 characters, a history 50 turns.",
        "The body is larger than 1,048,576 bytes. Send a shorter one.", "body",
    ),
    Kind(
        422, "Invalid input", "A value is not of the type or within the limits that it should be, "
        "or a field or parameter is unknown.", "Correct the field that is named; see /api/docs.",
        "k is 0; expected 1 to 100.", "k",
    ),
    Kind(
        429, "Too many at once", "As many questions as the server takes are being answered. It "
        "does not count how often anybody asks.", "Ask again after the seconds that the header "
        "Retry-After gives; max_concurrent sets how many are taken.",
        "All 8 places for questions are taken. Try again.",
    ),
    Kind(
        429, "Too often", "More feedback came within a minute than the server keeps.",
        "Send it again after the seconds that the header Retry-After gives.",
        "More than 30 pieces of feedback came within a minute. Try again later.",
    ),
    Kind(
        500, "Failed", "Something went wrong that should not have.", "Look into the server's log "
        "for the id that the header X-Request-ID gives.",
        "An unexpected error; the server's log says more.",
    ),
    Kind(
        503, "No index yet", "The index is being prepared, or was never built.",
        "Wait; GET /api/health says how far it is. Or run `.venv/bin/dipnot build`.",
        "There is no index yet. Run `.venv/bin/dipnot build`.",
    ),
    Kind(
        503, "Index unusable", "The index is damaged, or was built by another version or model.",
        "Run `.venv/bin/dipnot check`, which says what is wrong, then `.venv/bin/dipnot build`.",
        "The index was built with another encoder. Run `.venv/bin/dipnot build`.",
    ),
    Kind(
        503, "Corpus unusable", "The corpus folder is missing, takes no file, or has a corpus.toml "
        "that cannot be read. Questions are answered from the index all the same.",
        "Do what the sentence says: make the folder, or mend its corpus.toml.",
        "corpus/corpus.toml is not valid TOML: Expected ']]' at the end of an array declaration "
        "(at line 1, column 11).",
    ),
    Kind(
        503, "Stopping", "The server was told to stop. It finishes what it answers; what waited "
        "was not begun.", "Ask again; it may be back in a moment, or another answers behind the "
        "same address.", "The server is stopping. Ask again in a moment.",
    ),
    Kind(
        504, "Took too long", "The answer was not there after thirty seconds, or the request as a "
        "whole was not answered after ninety.", "Ask a shorter question, or again later; GET "
        "/metrics tells which stage takes long.",
        "The answer took longer than 30 seconds and was given up. Ask a shorter question, or again "
        "later.",
    ),
)  # fmt: skip


def code_of(title: str) -> str:
    """The code of a kind of problem; it never changes."""
    return title.lower().replace(" ", "-")


KINDS = {code_of(kind.title): kind for kind in _KINDS}


def explain(code: str) -> str:
    """A page about a kind of problem; raises KeyError."""
    kind = KINDS[code]
    paragraphs = (kind.when, kind.remedy, f"Example: {kind.example}")
    body = "".join(f"<p>{escape(p)}</p>\n" for p in paragraphs)
    return page_of(
        f"{kind.title} ({kind.status})",
        f"<h1>{escape(kind.title)} ({kind.status})</h1>\n<p>Code: <code>{code}</code></p>\n{body}"
        '<p><a href="/api/problems">All kinds of problem</a></p>\n',
    )


def explain_all() -> str:
    """A page that lists the kinds of problem."""
    items = "".join(
        f'<li><a href="/api/problems/{code}">{escape(kind.title)}</a> ({kind.status})</li>\n'
        for code, kind in KINDS.items()
    )
    return page_of("Problems", f"<h1>Problems</h1>\n<ul>\n{items}</ul>\n")


def example_of(told: int | str) -> dict[str, str | int]:
    """A problem of a code, or the first of a status, as the API answers with it."""
    code, kind = next((c, k) for c, k in KINDS.items() if told in (c, k.status))
    body: dict[str, str | int] = {
        "type": f"/api/problems/{code}",
        "title": kind.title,
        "status": kind.status,
        "detail": kind.example,
        "code": code,
    }
    return body | ({"field": kind.field} if kind.field else {})
