"""The plain pages beside the chat: of texts, about problems, and the one of the API.

Owns: their addresses, and what is said where an address leads nowhere.
"""

from __future__ import annotations

import re
from html import escape
from importlib import resources

from fastapi import FastAPI, Request, Response
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse

from dipnot.engine import Engine
from dipnot.errors import DipnotError, NotFound, shown
from dipnot.server.codes import KINDS, explain, explain_all
from dipnot.server.plain import language_asked, page_of, plain_response
from dipnot.server.problems import problem_of, refusal
from dipnot.server.reading import tag_generation, unless_known
from dipnot.server.text_page import text_page

_IN_TURKISH = {
    404: "Bu adreste bir sayfa yok: metin dizinde olmayabilir, ya da o kadar sayfası yoktur. "
    "Beklenen: /text/METİN/pSAYFA.",
    503: "Dizin henüz hazır değil. Birazdan yeniden deneyin.",
}
_NUMBER = re.compile(r"[0-9]{1,9}")
_NOWHERE = "Bu adreste bir şey yok."
_SWAGGER = {"swagger-ui-bundle.js": "text/javascript", "swagger-ui.css": "text/css"}


def serve_pages(app: FastAPI, engine: Engine) -> None:
    """Serve the plain pages: of the texts, where citations lead, and about problems."""

    @app.get("/text/{doc_id}/p{number}", include_in_schema=False)
    def text(
        doc_id: str, number: str, request: Request, find: str = "", lang: str = ""
    ) -> Response:
        if not _NUMBER.fullmatch(number):
            return no_text(request, f"{doc_id}/p{number}")
        tagged = Response()
        try:
            tag_generation(engine, tagged)
            found = text_page(engine.index, engine.document(doc_id), int(number), find, lang)
            if found is None:
                raise NotFound(f"{doc_id} has no page {number}.")
        except DipnotError as error:
            return _said(request, str(error), problem_of(error)["status"])
        response = plain_response(found, script=True)
        response.headers.update({k: tagged.headers[k] for k in ("etag", "cache-control")})
        return unless_known(request, response)

    @app.get("/text", include_in_schema=False)
    @app.get("/text/{path:path}", include_in_schema=False)
    def no_text(request: Request, path: str = "") -> Response:
        return _said(
            request, f"There is no page {shown(path)}; expected /text/DOCUMENT/pPAGE.", 404
        )

    @app.get("/api/problems", include_in_schema=False)
    def kinds() -> Response:
        return plain_response(explain_all())

    @app.get("/api/problems/{code}", include_in_schema=False)
    def kind(code: str) -> Response:
        if code not in KINDS:
            raise NotFound(f"There is no problem {shown(code)}; known: {', '.join(KINDS)}.")
        return plain_response(explain(code))


def nowhere(request: Request) -> Response:
    """Say that there is nothing at an address: on a page to a browser, else as a problem."""
    if "text/html" not in request.headers.get("accept", ""):
        told = f"There is nothing at {shown(request.url.path)}; see /api/docs."
        return refusal("Not found", told, 404)
    return _said(request, f"There is nothing at {shown(request.url.path)}.", 404, _NOWHERE)


def _said(request: Request, sentence: str, status: int, turkish: str | None = None) -> Response:
    """Say on a page why there is nothing at an address, in the language that a browser prefers."""
    lang = language_asked(request)
    words = (turkish or _IN_TURKISH.get(status, sentence)) if lang == "tr" else sentence
    back = "Soru sor" if lang == "tr" else "Ask a question"
    body = f'<h1>Dipnot</h1>\n<p>{escape(words)}</p>\n<p><a href="/">{back}</a></p>\n'
    return plain_response(page_of("Dipnot", body, lang=lang), status)


def serve_docs(app: FastAPI) -> None:
    """Serve the API's page from files of an installed package, so that nothing is fetched."""

    @app.get("/api/docs", include_in_schema=False)
    def docs() -> HTMLResponse:
        return get_swagger_ui_html(
            openapi_url="/api/openapi.json",
            title="Dipnot API",
            swagger_js_url="/api/docs/swagger-ui-bundle.js",
            swagger_css_url="/api/docs/swagger-ui.css",
            swagger_favicon_url="data:,",
            swagger_ui_parameters={"validatorUrl": None, "tryItOutEnabled": True},
        )

    @app.get("/api/docs/{name}", include_in_schema=False)
    def docs_file(name: str) -> Response:
        if name not in _SWAGGER:
            raise NotFound(f"There is no file {shown(name)}; known: {', '.join(_SWAGGER)}.")
        data = resources.files("fastapi_swagger.resources").joinpath(name).read_bytes()
        return Response(data, media_type=_SWAGGER[name])
