"""A text of the corpus as a reference, and a place in it as what a note names.

Owns: which fields of CSL-JSON a text has, what is missing of it, and what stands beside a note: the
sources that the author cites there, and whether the place is a note of the text itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from dipnot.citing.names import names_of
from dipnot.document.build import page_at
from dipnot.types import Document, Language, Span

Item = dict[str, Any]
"""A reference in CSL-JSON."""

_LOCALES = {"tr": "tr-TR", "en": "en-US"}
_FIELDS = {
    "journal": "container-title",
    "volume": "volume",
    "issue": "issue",
    "pages": "page",
    "publisher": "publisher",
    "place": "publisher-place",
    "doi": "DOI",
    "url": "URL",
}


@dataclass(frozen=True, slots=True)
class Cited:
    """A place that is cited: its text word for word, and its pages as printed where that is known.

    ``attribution``: the references that stand in it. ``note``: the label of the text's own note, if
    the place is one.
    """

    document: Document
    span: Span
    quote: str
    pages: str
    attribution: tuple[str, ...]
    note: str | None


def cited(document: Document, span: Span) -> Cited:
    """Look a range of a text up, which must lie in it."""
    references = [r.span for r in document.references if span.holds(r.span)]
    note = next((n for n in document.footnotes if n.span.holds(span)), None)
    first, last = page_at(document, span.start), page_at(document, max(span.start, span.end - 1))
    pages = dict.fromkeys(document.pages[n - 1].label or str(n) for n in (first, last))
    return Cited(
        document=document,
        span=span,
        quote=" ".join(document.text[span.start : span.end].split()),
        pages="-".join(pages),
        attribution=tuple(
            dict.fromkeys(" ".join(document.text[r.start : r.end].split()) for r in references)
        ),
        note=note.label if note else None,
    )


def beside(place: Cited, language: Language) -> str:
    """Say what stands beside a note, a sentence each: whose note it is, and whom the author cites.

    The references stay as the author wrote them.
    """
    article = place.document.imprint.journal is not None
    said = []
    if place.note is not None:
        if language == "tr":
            said.append(f"{'Makalenin' if article else 'Metnin'} kendi dipnotu: {place.note}.")
        else:
            said.append(f"The {'article' if article else 'text'}’s own note: {place.note}.")
    if place.attribution:
        label = "Kaynak aktarımı" if language == "tr" else "Citing"
        said.append(f"{label}: {'; '.join(place.attribution).rstrip('.')}.")
    return " ".join(said)


def item_of(document: Document) -> Item:
    """Put what is known of a text into CSL-JSON."""
    imprint = document.imprint
    language = document.languages[0] if document.languages else "tr"
    item: Item = {
        "id": document.doc_id,
        "type": _type_of(document),
        "title": document.title,
        "author": names_of(document.author, language),
        "issued": date_of(imprint.year),
        **{name: getattr(imprint, key) for key, name in _FIELDS.items()},
        "language": _LOCALES.get(language, language),
    }
    if imprint.doi:
        item["DOI"] = re.sub(r"(?i)^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", "", imprint.doi)
        item["URL"] = None  # the same place
    return {key: value for key, value in item.items() if value}


def _type_of(document: Document) -> str:
    if document.imprint.journal:
        return "article-journal"
    return "book" if document.imprint.publisher else "document"


def date_of(year: str | None) -> dict[str, Any] | None:
    """Read a year, a month `2023-06` or a day `2023-06-15`; anything else stays as it is."""
    if year is None:
        return None
    found = re.fullmatch(r"(\d{1,4})(?:-(0?[1-9]|1[0-2])(?:-([0-2]?\d|3[01]))?)?", year.strip())
    if found is None:
        return {"literal": year}
    return {"date-parts": [[int(part) for part in found.groups() if part]]}


def missing_of(document: Document) -> tuple[str, ...]:
    """Name the keys of ``corpus.toml`` that a full footnote to this text would want."""
    imprint = document.imprint
    wanted = {"title": document.title, "author": document.author, "year": imprint.year}
    if imprint.publisher and not imprint.journal:
        wanted["place"] = imprint.place
    else:
        wanted |= {
            key: getattr(imprint, key) for key in ("journal", "volume", "issue", "pages", "doi")
        }
        if imprint.url:
            wanted["doi"] = imprint.url
    return tuple(key for key, value in wanted.items() if not value)
