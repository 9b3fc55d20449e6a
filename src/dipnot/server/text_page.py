"""A page of a text as it was printed: where the addresses of citations lead.

Owns: its mark-up. An address ends in `#c<start>-<end>`, offsets of a document's text: every run of
whole sentences is an anchor of that name, and the one that an address names is marked by the style
alone, so that no script is needed. The chat shows the same page beside a conversation.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from urllib.parse import quote, urlencode

from dipnot.index.build import Index
from dipnot.server.find_in_text import Found, find_in_text
from dipnot.server.plain import page_of
from dipnot.types import Document, Footnote, Span

_LONGEST = 8  # sentences of a run that can be marked
_AROUND = 40  # characters shown on either side of a hit
_LISTED = 100
_WORDS = {
    "tr": {
        "page": "Sayfa", "before": "Önceki sayfa", "after": "Sonraki sayfa", "notes": "Notlar",
        "outline": "İçindekiler", "find": "Metinde ara", "go": "Ara", "found": "{n} yerde geçiyor",
        "none": "“{find}” metinde geçmiyor.", "more": "ilk {n} yer", "of": "{n} / {count}",
        "p": "s. {n}", "ask": "Bunu sor",
        "copy": "Kaynağıyla kopyala", "copied": "Kopyalandı.", "not_copied": "Kopyalanamadı.",
        "changed": "Metin değişmiş: sayfayı yenileyip yeniden seçin.",
        "about": "{quote} Metin bu konuda başka ne diyor?",
        "turn": "Sayfayı çevir", "on": "Okumayı sürdür", "close": "Aramayı kapat",
    },
    "en": {
        "page": "Page", "before": "Previous page", "after": "Next page", "notes": "Notes",
        "outline": "Contents", "find": "Search the text", "go": "Search", "found": "{n} places",
        "found_one": "{n} place",
        "none": "“{find}” does not occur in the text.", "more": "the first {n} places",
        "of": "{n} / {count}", "p": "p. {n}", "ask": "Ask about this",
        "copy": "Copy with its reference", "copied": "Copied.",
        "not_copied": "Could not be copied.",
        "changed": "The text has changed: load the page anew and choose again.",
        "about": "{quote} What else does the text say about this?",
        "turn": "Turn the page", "on": "Read on", "close": "Close the search",
    },
}  # fmt: skip


def text_page(
    index: Index, document: Document, number: int, find: str = "", lang: str | None = None
) -> str | None:
    """Write a page; whole sentences are shown at its end. None when there is no such page.

    ``find`` is marked wherever it occurs, in any case and with or without diacritics; ``lang`` is
    the language of the words around the text, by default the text's.
    """
    if not 1 <= number <= len(document.pages):
        return None
    page = document.pages[number - 1]
    spoken = "en" if document.languages[:1] == ("en",) else "tr"
    lang = lang if lang in _WORDS else spoken
    words = _WORDS[lang]
    numbers = index.places.sentences_of(document.doc_id, page.span)
    last = int(index.places.ends[numbers[-1]]) if numbers else page.span.end
    shown = Span(page.span.start, max(page.span.end, last))
    found = find_in_text(document, find) if find.strip() else None
    notes = [note for note in document.footnotes if note.page == number]
    writer = _Writer(index, document, found.spans if found else (), page.span.end)
    keep = {
        k: v for k, v in (("find", find.strip()), ("lang", lang if lang != spoken else "")) if v
    }
    label = page.label or str(number)
    body = (
        f"{_head(document, number, label, spoken, words)}"
        f"{_tools(document, number, words, keep)}{_found(document, found, find, words, keep)}"
        f'<article class="sheet" lang="{spoken}">{"".join(_blocks(writer, shown))}'
        f"{_notes(writer, notes, words)}</article>\n{_leaf(document, number, words, keep, 'on')}"
        f"{_facts(document, number, label, words)}"
    )
    title = f"{document.title}, {words['p'].format(n=label)}"
    return page_of(title, body, lang=lang, script="text.js")


def _head(document: Document, number: int, label: str, spoken: str, words: dict[str, str]) -> str:
    """The running head: author and title, and the number that is printed on the page."""
    section = next(
        (s.heading for s in reversed(document.sections)
         if s.span.start < document.pages[number - 1].span.end), "",
    )  # fmt: skip
    return (
        f'<header class="running"><h1 class="title" lang="{spoken}">{escape(document.title)}'
        f'</h1><span class="section" lang="{spoken}">{escape(section)}</span>'
        f'<span class="folio"><span class="sr">{words["page"]} </span>{escape(label)}</span>'
        "</header>\n"
    )


def _tools(document: Document, number: int, words: dict[str, str], keep: dict[str, str]) -> str:
    """What leads elsewhere: outline, search, the pages before and after."""
    entries = "".join(
        f'<li class="level-{min(max(s.level, 1), 4)}"><a href="'
        f'{_address(document, _page_at(document, s.span.start), keep)}#h{s.span.start}">'
        f"{escape(s.heading)}</a></li>"
        for s in document.sections
    )
    outline = (
        f'<details class="outline"><summary>{words["outline"]}</summary>'
        f'<nav aria-label="{words["outline"]}"><ol>{entries}</ol></nav></details>'
        if entries
        else ""
    )
    hidden = f'<input type="hidden" name="lang" value="{keep["lang"]}">' if "lang" in keep else ""
    find = escape(keep.get("find", ""), quote=True)
    form = (
        f'<form class="find" role="search" action="{_address(document, number, {})}">{hidden}'
        f'<input type="search" name="find" value="{find}" maxlength="200" '
        f'aria-label="{words["find"]}" placeholder="{words["find"]}">'
        f"<button>{words['go']}</button></form>"
    )
    return f'<div class="tools">{outline}{form}{_leaf(document, number, words, keep)}</div>\n'


def _found(
    document: Document, found: Found | None, find: str, words: dict[str, str], keep: dict[str, str]
) -> str:
    """Where in the whole text the words occur that were searched for."""
    if found is None:
        return ""
    close = {k: v for k, v in keep.items() if k != "find"}
    if not found.spans:
        said = escape(words["none"].format(find=find.strip()))
        return f'<section class="found" role="status"><p>{said}</p></section>\n'
    items = "".join(
        f'<li><a href="{_address(document, page, keep)}#f{span.start}">'
        f"{words['p'].format(n=escape(document.pages[page - 1].label or str(page)))}</a> "
        f"{_snippet(document, span)}</li>"
        for span, page in list(zip(found.spans, found.pages, strict=True))[:_LISTED]
    )
    key = "found_one" if len(found.spans) == 1 and "found_one" in words else "found"
    told = words[key].format(n=len(found.spans))
    if len(found.spans) > _LISTED:
        told += f" ({words['more'].format(n=_LISTED)})"
    here = _address(document, found.pages[0], close)
    return (
        f'<section class="found" aria-label="{words["find"]}"><p role="status">{told} '
        f'<a class="unfind" href="{here}">{words["close"]}</a></p><ol>{items}</ol></section>\n'
    )


def _snippet(document: Document, span: Span) -> str:
    text = document.text
    before = text[max(span.start - _AROUND, 0) : span.start].rpartition("\n")[2]
    after = text[span.end : span.end + _AROUND].partition("\n")[0]
    return (
        f"<span>…{escape(before)}<mark>{escape(text[span.start : span.end])}</mark>"
        f"{escape(after)}…</span>"
    )


class _Writer:
    """Writes ranges of a text: its sentences with their anchors, hits, markers of notes."""

    def __init__(
        self, index: Index, document: Document, hits: Sequence[Span], page_end: int
    ) -> None:
        self.index, self.document = index, document
        self._inserts: list[tuple[int, int, str]] = []
        for hit in hits:
            self._inserts.append((hit.start, 3, f'<mark class="hit" id="f{hit.start}">'))
            self._inserts.append((hit.end, 0, "</mark>"))
        for i, note in enumerate(document.footnotes):
            link = f'<a href="#n{i}" id="m{i}">{escape(note.label)}</a>'
            self._inserts.append((note.marker, 1, f'<sup class="marker">{link}</sup>'))
        if page_end < document.pages[-1].span.end:
            self._inserts.append((page_end, 2, '<span class="break" aria-hidden="true"></span>'))
        self._inserts.sort()

    def range(self, start: int, end: int) -> str:
        """A range with what hangs in it. A hit is closed at its edges, so that tags nest."""
        out: list[str] = []
        at, inside = start, ""
        for place, rank, tag in self._inserts:
            if rank == 3 and place < start:
                inside = tag.replace(" id=", " data-of=")
            elif rank == 0 and place <= start:
                inside = ""
            elif (start < place <= end) if rank < 3 else (start <= place < end):
                if not out:
                    out.append(inside)
                out.append(escape(self.document.text[at:place]))
                out.append(tag)
                inside = tag if rank == 3 else "" if rank == 0 else inside
                at = place
        if not out:
            out.append(inside)
        out.append(escape(self.document.text[at:end]))
        return "".join(out) + ("</mark>" if inside else "")

    def sentences(self, part: Span) -> str:
        """A range of the text, each sentence with the anchors of the runs that begin with it."""
        places, at = self.index.places, part.start
        out: list[str] = []
        for number in places.sentences_of(self.document.doc_id, part):
            start, end = int(places.starts[number]), int(places.ends[number])
            first, last = max(start, at), min(end, part.end)
            anchors = "" if start < part.start else self._anchors(number)
            out.append(self.range(at, first))
            out.append(
                f'<span class="s" data-at="{start}-{end}">{anchors}{self.range(first, last)}</span>'
            )
            at = last
        out.append(self.range(at, part.end))
        return "".join(out)

    def _anchors(self, number: int) -> str:
        places = self.index.places
        stop = min(number + _LONGEST, places.sentences_of(self.document.doc_id).stop)
        start = int(places.starts[number])
        return "".join(
            f'<a id="c{start}-{int(places.ends[other])}" class="r{other - number + 1}"></a>'
            for other in range(number, stop)
        )


def _blocks(writer: _Writer, shown: Span) -> Iterator[str]:
    """Headings and paragraphs in reading order."""
    blocks: list[tuple[int, str]] = []
    rank = 1  # the title's; no rank is left out on a page
    for section in writer.document.sections:
        start = section.span.start
        if shown.start <= start < shown.end:
            rank = min(section.level + 1, rank + 1, 6)
            heading = writer.range(start, start + len(section.heading))
            if not writer.document.text.startswith(section.heading, start):
                heading = escape(section.heading)
            blocks.append((start, f'<h{rank} id="h{start}">{heading}</h{rank}>\n'))
    for paragraph in writer.document.paragraphs:
        if paragraph.kind != "footnote" and paragraph.span.overlaps(shown):
            part = Span(max(paragraph.span.start, shown.start), min(paragraph.span.end, shown.end))
            told = writer.sentences(part)
            running = ' class="on"' if paragraph.span.start < shown.start else ""
            kind = f' data-kind="{paragraph.kind}"' if paragraph.kind != "body" else ""
            html = f'<p lang="{paragraph.language}"{running}{kind}>{told}</p>\n'
            blocks.append((part.start, html))
    return (html for _, html in sorted(blocks))


def _notes(writer: _Writer, notes: list[Footnote], words: dict[str, str]) -> str:
    if not notes:
        return ""
    numbered = {id(note): i for i, note in enumerate(writer.document.footnotes)}
    items = "".join(
        f'<p id="n{numbered[id(note)]}"><a class="back" href="#m{numbered[id(note)]}">'
        f"{escape(note.label)}</a> {writer.sentences(note.span)}</p>\n"
        for note in notes
    )
    return f'<hr>\n<section class="notes" aria-label="{words["notes"]}">\n{items}</section>\n'


def _leaf(
    document: Document, number: int, words: dict[str, str], keep: dict[str, str], key: str = "turn"
) -> str:
    links = [
        f'<a rel="{rel}" href="{_address(document, other, keep)}" title="{words[key]}">'
        f'<span aria-hidden="true">{arrow}</span><span class="word">{words[key]}</span></a>'
        for rel, other, key, arrow in (
            ("prev", number - 1, "before", "←"), ("next", number + 1, "after", "→")
        )
        if 1 <= other <= len(document.pages)
    ]  # fmt: skip
    count = f'<span class="count">{words["of"].format(n=number, count=len(document.pages))}</span>'
    links.insert(1 if number > 1 else 0, count)
    return f'<nav class="leaf" aria-label="{words[key]}">{"".join(links)}</nav>\n'


def _facts(document: Document, number: int, label: str, words: dict[str, str]) -> str:
    """What the script needs to cite a sentence that was selected, and its words."""
    facts = {
        "doc": document.doc_id, "page": number, "label": label, "title": document.title,
        "author": document.author or "", "year": document.imprint.year or "", "p": words["p"],
        **{key: words[key] for key in ("ask", "copy", "copied", "not_copied", "changed", "about")},
    }  # fmt: skip
    data = " ".join(
        f'data-{key.replace("_", "-")}="{escape(str(value), quote=True)}"'
        for key, value in facts.items()
    )
    return f'<div class="acts" {data}></div>\n'


def _page_at(document: Document, offset: int) -> int:
    return next((p.number for p in document.pages if offset < p.span.end), len(document.pages))


def _address(document: Document, page: int, keep: dict[str, str]) -> str:
    told = f"?{escape(urlencode(keep))}" if keep else ""
    return f"/text/{quote(document.doc_id, safe='')}/p{page}{told}"
