"""A quotation as HTML: its words, its footnote, the text's own notes, its paragraph, its menu.

Owns: the mark-up of a citation and of the line that says where something stands. Pure functions,
escaped through ``escaping``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote as percent

from dipnot_ui.context import Context, Note
from dipnot_ui.escaping import esc, marked
from dipnot_ui.labels import Lang, as_lang, has_label, label

_STYLES = (("chicago", "Chicago"), ("apa", "APA 7"), ("isnad", "İSNAD 2"), ("mla", "MLA 9"))
_FORMATS = (("bibtex", "BibTeX"), ("ris", "RIS"), ("csl-json", "CSL-JSON"))


def citation(
    lang: Lang,
    place: Mapping[str, Any],
    context: Context | None,
    key: str,
    *,
    fallen: bool = False,
    unchecked: bool = False,
) -> str:
    """Write a quotation with its footnote. ``fallen``: it is no longer in the text like this.

    ``unchecked``: nobody knows whether it is, so nothing says that it is a quotation.
    """
    stands = not (fallen or unchecked)
    number = esc(place.get("n", ""))
    spoken = as_lang(place.get("language")) or "tr"
    quote = marked(str(place.get("quote") or ""), place.get("highlight"))
    notes = context.notes_of_quote() if context else ()
    opens = esc(label(lang, "open_quotation", n=place.get("n", "")))
    address = _address(place) if stands else None
    mark = f"<span>{number}</span>"
    if address:
        mark = f'<a href="{esc(address)}" aria-label="{opens}">{number}</a>'
    warning = f'<p class="dn-fallen">{esc(label(lang, "fallen"))}</p>' if fallen else ""
    where = " ".join(
        f'data-{name}="{esc(place.get(field, ""))}"'
        for name, field in (("doc", "doc_id"), ("start", "start"), ("end", "end"), ("n", "n"))
    )
    words = f'<blockquote class="dn-quote" lang="{spoken}">{quote}</blockquote>{warning}'
    if unchecked:
        words = f'<p class="dn-near" lang="{spoken}">{esc(place.get("quote") or "")}</p>'
    return (
        f'<li class="dn-citation" value="{number}" {where}><span class="dn-number">{mark}</span>'
        f'{words}<div class="dn-foot">{footline(lang, place, context, key, linked=stands)}'
        f"{_notes(lang, notes, spoken)}</div>{_menu(lang, place, stands=stands)}</li>"
    )


def footline(
    lang: Lang,
    place: Mapping[str, Any],
    context: Context | None = None,
    key: str = "",
    *,
    linked: bool = True,
) -> str:
    """Write where something stands: author, title, year, page; section, kind, whose words."""
    source = [
        f'<span class="dn-author">{esc(place["author"])}</span>' if place.get("author") else "",
        f"<cite>{esc(place['title'])}</cite>" if place.get("title") else "",
        _journal(place),
        esc(place["year"]) if place.get("year") else "",
        _page(lang, place, context, key, linked=linked),
    ]
    parts: list[tuple[str, str]] = []
    headings = [str(h) for h in place.get("headings") or () if h]
    if headings:
        path = esc(" › ".join(headings))
        parts.append(("dn-section", f'<span title="{path}">{esc(headings[-1])}</span>'))
    kind = str(place.get("kind") or "body")
    if kind != "body":
        known = has_label("kind_" + kind)
        parts.append(("dn-kind", esc(label(lang, "kind_" + kind) if known else kind)))
    sources = "; ".join(str(source) for source in place.get("attribution") or ())
    if sources:
        voice = str(place.get("voice"))
        key = "voice_" + (voice if voice in ("author", "quoted") else "cited")
        parts.append(("dn-voice", esc(label(lang, key, sources=sources))))
    line = " · ".join(f'<span class="{name}">{part}</span>' for name, part in parts)
    rest = f'<p class="dn-footrest">{line}</p>' if line else ""
    return f'<p class="dn-footline">{", ".join(filter(None, source))}</p>{rest}'


def _journal(place: Mapping[str, Any]) -> str:
    """Name the journal with its volume and issue: `Dergi 19/4`."""
    number = "/".join(str(place[name]) for name in ("volume", "issue") if place.get(name))
    return esc(f"{place['journal']} {number}".rstrip()) if place.get("journal") else ""


def _address(place: Mapping[str, Any]) -> str | None:
    """The address of a place in our own pages, whatever an address a browser kept."""
    doc_id, page = place.get("doc_id"), place.get("page")
    start, end = place.get("start"), place.get("end")
    if not isinstance(doc_id, str) or not all(isinstance(v, int) for v in (page, start, end)):
        return None
    return f"/text/{percent(doc_id, safe='')}/p{page}#c{start}-{end}"


def _page(
    lang: Lang, place: Mapping[str, Any], context: Context | None, key: str, *, linked: bool
) -> str:
    """Write the page, which opens the place; beside it the paragraph that hovering shows."""
    words, address = esc(pages(lang, place)), _address(place)
    if not linked or address is None:
        return f'<span class="dn-page">{words}</span>'
    if context is None:
        return f'<a class="dn-page" href="{esc(address)}">{words}</a>'
    spoken = as_lang(place.get("language")) or "tr"
    return (
        f'<span class="dn-peeks"><a class="dn-page" href="{esc(address)}" '
        f'aria-describedby="{esc(key)}">{words}</a><span class="dn-peek" id="{esc(key)}" '
        f'role="tooltip" lang="{spoken}">{paragraph(context)}</span></span>'
    )


def pages(lang: Lang, place: Mapping[str, Any]) -> str:
    """Word the page or pages of a place, by the number that is printed where there is one."""
    first, last = place.get("page"), place.get("page_end") or place.get("page")
    printed = place.get("label")
    if first == last:
        return label(lang, "page", first=printed or first)
    if printed and str(printed).isdecimal() and isinstance(first, int) and isinstance(last, int):
        return label(lang, "pages", first=printed, last=int(printed) + last - first)
    return label(lang, "pages", first=first, last=last)


def _notes(lang: Lang, notes: Sequence[Note], spoken: str) -> str:
    """Write the notes of the text itself; their numbers are the text's and are called so."""
    if not notes:
        return ""
    items = "".join(
        f'<li><span class="dn-note-of">{esc(label(lang, "note", label=n.label))}</span> '
        f'<span lang="{spoken}">{esc(n.text)}</span></li>'
        for n in notes
    )
    return f'<ul class="dn-notes">{items}</ul>'


def paragraph(context: Context) -> str:
    """Write a paragraph (or several) with the quotation marked and raised labels of its notes."""
    inserts = [(context.mark[0], 2, "<mark>"), (context.mark[1], 0, "</mark>")]
    for note in context.notes:
        hung = note.marker - context.start
        if 0 < hung <= len(context.text):
            inserts.append((hung, 1, f'<sup class="dn-marker">{esc(note.label)}</sup>'))
    parts: list[str] = []
    done = 0
    for place, _, tag in sorted(inserts):
        parts += (esc(context.text[done:place]), tag)
        done = max(place, done)
    return "".join((*parts, esc(context.text[done:])))


def _menu(lang: Lang, place: Mapping[str, Any], *, stands: bool) -> str:
    """What can be done with a quotation; what is rare is behind an ellipsis.

    Of one that does not stand nothing is left but its words: its place may say something else now.
    """
    copy = f'<button type="button" data-do="copy-quote">{esc(label(lang, "copy_quote"))}</button>'
    if not stands:
        return f'<div class="dn-tools dn-citation-tools">{copy}</div>'
    styles = "".join(
        f'<li><button type="button" data-do="cite" data-style="{style}">{name}</button></li>'
        for style, name in _STYLES
    )
    formats = "".join(
        f'<li><button type="button" data-do="cite" data-format="{form}">{name}</button></li>'
        for form, name in _FORMATS
    )
    characters = label(lang, "characters", start=place.get("start"), end=place.get("end"))
    return (
        '<div class="dn-tools dn-citation-tools">'
        f'{copy}<button type="button" data-do="cite">{esc(label(lang, "copy_citation"))}</button>'
        f'<details class="dn-menu"><summary aria-label="{esc(label(lang, "more"))}">…</summary>'
        f'<div class="dn-menu-body"><ul aria-label="{esc(label(lang, "citation_style"))}">{styles}'
        f'</ul><ul aria-label="{esc(label(lang, "citation_format"))}">{formats}</ul>'
        f'<p class="dn-characters">{esc(characters)}</p></div></details></div>'
    )
