"""The page at ``/verify``: whether a quotation stands in the texts, where, and what differs.

Owns: its mark-up and words. It needs no script; the chat shows the same page beside a conversation.
Its address holds what is asked, ``/verify?quote=…&doc=…&page=…``, so that it can be sent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape

from fastapi import FastAPI, Request, Response

from dipnot.engine import Engine
from dipnot.errors import DipnotError
from dipnot.index.build import Index
from dipnot.question.limits import QUOTE_LENGTH
from dipnot.server.addresses import address_of
from dipnot.server.plain import language_asked, page_of, plain_response
from dipnot.server.problems import problem_of
from dipnot.types import Difference, Document, Language, QuoteCheck, QuotePlace

_WORDS: dict[Language, dict[str, str]] = {
    "tr": {
        "title": "Alıntı denetimi", "ask": "Soru sor",
        "lead": "Bir alıntı metinde kelimesi kelimesine geçiyor mu, nerede, gösterilen yerde mi?",
        "quote": "Alıntı", "doc": "Alındığı metin", "any": "hangisi olursa", "page": "Sayfa",
        "check": "Denetle", "result": "Sonuç",
        "stands": "Kelimesi kelimesine geçiyor.",
        "stands_folded": "Kelimesi kelimesine geçiyor; işaretlerde şu farklarla:",
        "elsewhere": "Kelimesi kelimesine geçiyor, ama gösterilen yerde değil.",
        "absent": "Metinlerde böyle geçmiyor. En yakın yer, farklarıyla:",
        "nowhere": "Metinlerde geçmiyor; yakın bir yer de bulunamadı.",
        "places": "{n} yerde", "p": "s. {n}", "pp": "s. {n}–{last}",
        "spaces": "boşluk", "quotation_marks": "tırnak işareti", "hyphenation": "tire",
        "case": "büyük ya da küçük harf", "words": "kelime",
        "have": "alıntıda {quoted}, metinde {found}", "nothing": "hiçbir şey",
        "key": "Üstü çizili olan alıntıda, altı çizili olan metindedir.",
        "invalid-input": "Alıntı denetlenemiyor: en çok 8.000 karakter olmalı, denetim karakteri "
        "içermemeli ve yalnız “ve”, “ile” gibi sözcüklerden oluşmamalı.",
        "not-found": "Böyle bir metin yok.",
        "too-many-at-once": "Şu anda çok soru soruluyor. Birazdan yeniden deneyin.",
        "no-index-yet": "Dizin henüz hazır değil. Birazdan yeniden deneyin.",
        "stopping": "Sunucu kapanıyor. Birazdan yeniden deneyin.",
    },
    "en": {
        "title": "Check a quotation", "ask": "Ask a question",
        "lead": "Does a quotation stand in the texts word for word, where, and where it is cited?",
        "quote": "Quotation", "doc": "Cited from", "any": "any text", "page": "Page",
        "check": "Check", "result": "Result",
        "stands": "It stands word for word.",
        "stands_folded": "It stands word for word; its signs differ:",
        "elsewhere": "It stands word for word, but not where it is cited.",
        "absent": "It does not stand in the texts like this. The nearest place, with what differs:",
        "nowhere": "It does not stand in the texts, and nothing near it was found.",
        "places": "{n} places", "p": "p. {n}", "pp": "pp. {n}–{last}",
        "spaces": "spaces", "quotation_marks": "quotation marks", "hyphenation": "hyphens",
        "case": "capital or small letters", "words": "words",
        "have": "the quotation has {quoted}, the text {found}", "nothing": "nothing",
        "key": "What is struck out is the quotation’s, what is underlined is the text’s.",
    },
}  # fmt: skip


def serve_quote_page(app: FastAPI, engine: Engine) -> None:
    """Serve the page. What cannot be checked is said on it, above the form as it was filled in."""

    @app.get("/verify", include_in_schema=False)
    def verify(
        request: Request, quote: str = "", doc: str = "", page: str = "", lang: str = ""
    ) -> Response:
        spoken = language_asked(request, lang)
        words = _WORDS[spoken]
        status, said = 200, ""
        documents: Mapping[str, Document] = {}
        try:
            documents = engine.index.documents
            if quote.strip():
                index, check = engine.verify(quote, doc or None, page.strip()[:20] or None)
                said = _result(index, check, words)
        except DipnotError as error:
            problem = problem_of(error)
            status = problem["status"]
            said = f'<p class="bad">{escape(words.get(problem["code"], str(error)))}</p>'
        form = _form(list(documents.values()), quote, doc, page, words)
        told = f'<section class="checked" aria-label="{words["result"]}">{said}</section>\n'
        body = f"{_head(words)}{form}{told if said else ''}"
        html = page_of(f"{words['title']} · Dipnot", body, lang=spoken, script="text.js")
        return plain_response(html, status, script=True)


def _head(words: dict[str, str]) -> str:
    return (
        f'<header class="running"><h1 class="title">{words["title"]}</h1>'
        f'<a class="own" href="/">{words["ask"]}</a></header>\n'
        f'<p class="lead">{words["lead"]}</p>\n'
    )


def _form(
    documents: Sequence[Document], quote: str, doc: str, page: str, words: dict[str, str]
) -> str:
    options = "".join(
        f'<option value="{escape(d.doc_id)}"{" selected" if d.doc_id == doc else ""}>'
        f"{escape(d.title)}</option>"
        for d in documents
    )
    choice = (
        f'<label for="check-doc">{words["doc"]}</label> <select id="check-doc" name="doc">'
        f'<option value="">{words["any"]}</option>{options}</select>'
        if len(documents) > 1
        else ""
    )
    return (
        f'<form class="check" action="/verify"><label for="check-quote">{words["quote"]}</label>'
        f'<textarea id="check-quote" name="quote" rows="4" maxlength="{QUOTE_LENGTH}" required>'
        f'{escape(quote)}</textarea><p class="where">{choice}'
        f'<label for="check-page">{words["page"]}</label> <input id="check-page" name="page" '
        f'size="4" maxlength="20" value="{escape(page)}">'
        f"<button>{words['check']}</button></p></form>\n"
    )


def _result(index: Index, check: QuoteCheck, words: dict[str, str]) -> str:
    """Say whether it stands, then each place with its footnote and what differs there."""
    if check.stands:
        folded = any(place.differences for place in check.places)
        key = "elsewhere" if not check.as_cited else "stands_folded" if folded else "stands"
        count = f" {words['places'].format(n=len(check.places))}." if len(check.places) > 1 else ""
        items = "".join(f"<li>{_place(index, p, words)}</li>" for p in check.places)
        return (
            f'<p class="verdict" role="status" data-stands="true">{words[key]}{count}</p>'
            f"<ol>{items}</ol>"
        )
    if check.nearest is None:
        return f'<p class="verdict" role="status" data-stands="false">{words["nowhere"]}</p>'
    nearest = _place(index, check.nearest, words)
    return (
        f'<p class="verdict" role="status" data-stands="false">{words["absent"]}</p>'
        f'<ol><li>{nearest}</li></ol><p class="quiet">{words["key"]}</p>'
    )


def _place(index: Index, place: QuotePlace, words: dict[str, str]) -> str:
    document = index.documents[place.doc_id]
    spoken = "en" if document.languages[:1] == ("en",) else "tr"
    year = document.imprint.year
    first, last = (document.pages[n - 1].label or str(n) for n in (place.page, place.page_end))
    key = "p" if first == last else "pp"
    page = words[key].format(n=escape(first), last=escape(last))
    link = f'<a href="{escape(address_of(place.doc_id, place.page, place.span))}">{page}</a>'
    source = (escape(document.author or ""), f"<cite>{escape(document.title)}</cite>", year, link)
    told = "".join(f"<li>{_said(d, words)}</li>" for d in place.differences)
    return (
        f'<blockquote lang="{spoken}">{"".join(_marked(place))}</blockquote>'
        f'<p class="foot">{", ".join(str(part) for part in source if part)}</p>'
        f"{f'<ul>{told}</ul>' if told else ''}"
    )


def _marked(place: QuotePlace) -> Iterator[str]:
    """The text of a place; where the quotation has other words they stand struck out before."""
    at, beginning = 0, place.span.start
    for difference in sorted(place.differences, key=lambda d: d.span):
        start, end = difference.span.start - beginning, difference.span.end - beginning
        if difference.kind != "words" or start < at:
            continue
        yield escape(place.text[at:start])
        if difference.quoted:
            apart = "" if place.text[:start][-1:].isspace() else " "
            yield f"{apart}<del>{escape(difference.quoted)}</del> "
        if difference.found:
            yield f"<ins>{escape(place.text[start:end])}</ins>"
        at = end
    yield escape(place.text[at:])


def _said(difference: Difference, words: dict[str, str]) -> str:
    quoted, found = (
        f"“{escape(text)}”" if text.strip() else words["nothing"]
        for text in (difference.quoted, difference.found)
    )
    have = words["have"].format(quoted=quoted, found=found)
    return f"{words[difference.kind]}: {have}"
