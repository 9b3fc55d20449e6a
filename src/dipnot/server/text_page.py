"""A page of a text as a plain page: where the addresses of citations lead.

Owns: its mark-up. An address ends in `#c<start>-<end>`, offsets of a document's text: every run of
whole sentences is an anchor of that name, and the one that an address names is marked by the style
alone, so that no script is needed.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from urllib.parse import quote

from dipnot.index.build import Index
from dipnot.server.plain import page_of
from dipnot.types import Document, Footnote, Span

_LONGEST = 8  # sentences of a run that can be marked
_WORDS = {
    "tr": {"page": "Sayfa", "before": "Önceki sayfa", "after": "Sonraki sayfa", "notes": "Notlar"},
    "en": {"page": "Page", "before": "Previous page", "after": "Next page", "notes": "Notes"},
}


def address_of(doc_id: str, page: int, span: Span) -> str:
    """The address of a range of a text, which begins on a page."""
    return f"/text/{quote(doc_id, safe='')}/p{page}#c{span.start}-{span.end}"


def text_page(index: Index, document: Document, number: int) -> str | None:
    """Write a page; whole sentences are shown at its end. None when there is no such page."""
    if not 1 <= number <= len(document.pages):
        return None
    page = document.pages[number - 1]
    lang = "en" if document.languages[:1] == ("en",) else "tr"
    words = _WORDS[lang]
    numbers = index.places.sentences_of(document.doc_id, page.span)
    last = int(index.places.ends[numbers[-1]]) if numbers else page.span.end
    shown = Span(page.span.start, max(page.span.end, last))
    label = f"{words['page']} {page.label or number}"
    notes = [note for note in document.footnotes if note.page == number]
    body = (
        f"<header><span>{escape(document.title)}</span><span>{escape(label)}</span></header>\n"
        f"{''.join(_blocks(index, document, shown))}{_notes(index, document, notes, lang)}"
        f"{_leaf(document, number, words)}"
    )
    return page_of(f"{document.title}, {label}", body, lang=lang, style=_marks())


def _blocks(index: Index, document: Document, shown: Span) -> Iterator[str]:
    """Headings and paragraphs in reading order."""
    blocks: list[tuple[int, str]] = []
    for section in document.sections:
        start = section.span.start
        if shown.start <= start < shown.end:
            rank = min(section.level + 1, 6)
            blocks.append((start, f"<h{rank}>{escape(section.heading)}</h{rank}>\n"))
    for paragraph in document.paragraphs:
        if paragraph.kind != "footnote" and paragraph.span.overlaps(shown):
            part = Span(max(paragraph.span.start, shown.start), min(paragraph.span.end, shown.end))
            told = _sentences(index, document, part)
            blocks.append((part.start, f'<p lang="{paragraph.language}">{told}</p>\n'))
    return (html for _, html in sorted(blocks))


def _sentences(index: Index, document: Document, part: Span) -> str:
    """A range of the text, each sentence with the anchors of the runs that begin with it."""
    places, at = index.places, part.start
    out: list[str] = []
    for number in places.sentences_of(document.doc_id, part):
        start, end = int(places.starts[number]), int(places.ends[number])
        first, last = max(start, at), min(end, part.end)
        anchors = "" if start < part.start else _anchors(index, document.doc_id, number)
        out.append(escape(document.text[at:first]))
        out.append(f'<span class="s">{anchors}{escape(document.text[first:last])}</span>')
        at = last
    out.append(escape(document.text[at : part.end]))
    return "".join(out)


def _anchors(index: Index, doc_id: str, number: int) -> str:
    places = index.places
    stop = min(number + _LONGEST, places.sentences_of(doc_id).stop)
    start = int(places.starts[number])
    return "".join(
        f'<a id="c{start}-{int(places.ends[other])}" class="r{other - number + 1}"></a>'
        for other in range(number, stop)
    )


def _notes(index: Index, document: Document, notes: list[Footnote], lang: str) -> str:
    if not notes:
        return ""
    items = "".join(
        f"<p>{escape(note.label)} {_sentences(index, document, note.span)}</p>\n" for note in notes
    )
    return f'<hr>\n<section aria-label="{_WORDS[lang]["notes"]}">\n{items}</section>\n'


def _leaf(document: Document, number: int, words: dict[str, str]) -> str:
    links = [
        f'<a rel="{rel}" href="/text/{quote(document.doc_id, safe="")}/p{other}">{words[key]}</a>'
        for rel, other, key in (("prev", number - 1, "before"), ("next", number + 1, "after"))
        if 1 <= other <= len(document.pages)
    ]
    return f'<nav aria-label="{words["page"]}">{"".join(links)}</nav>\n' if links else ""


def _marks() -> str:
    """Mark the sentence whose anchor is the target, and as many behind it as the run has."""
    selectors = (
        f".s:has(>.r{run}:target){' + .s' * further}"
        for run in range(1, _LONGEST + 1)
        for further in range(run)
    )
    return f"{','.join(selectors)} {{ background: #ffe58a; color: #000 }}\n"
