"""Plain data to HTML: every string the page shows is made here, and escaped here.

Owns: the mark-up of the conversation. Pure functions: dicts, turns and a language in, HTML out.
Nothing is read as Markdown, and nothing from outside reaches the page but through ``esc``.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dipnot_ui.context import Context, Note
from dipnot_ui.labels import Lang, as_lang, has_label, label
from dipnot_ui.turns import Turn

_NEAREST = 5
_NEAREST_CHARACTERS = 420
_QUOTE_MARKS = "\"'“”‘’«»„ \t\n"
_TRAILING_REFERENCES = re.compile(r"(?:\s*\[\d+\])+$")
_REFERENCE = re.compile(r"\[(\d{1,3})\]")
_LETTER = re.compile(r"[^\W\d_]")


def esc(value: object) -> str:
    """Make a value safe inside an element and inside a quoted attribute."""
    # A lone surrogate cannot be sent at all.
    return html.escape(str(value).encode("utf-8", "replace").decode("utf-8"), quote=True)


def spans_within(spans: object, length: int) -> list[tuple[int, int]]:
    """Clip spans to a text, drop what is no span, and join what overlaps."""
    clipped: list[tuple[int, int]] = []
    for span in spans if isinstance(spans, Sequence) and not isinstance(spans, str) else ():
        try:
            start, end = (int(edge) for edge in span)
        except (TypeError, ValueError):
            continue
        start, end = max(0, start), min(length, end)
        if start < end:
            clipped.append((start, end))
    joined: list[tuple[int, int]] = []
    for start, end in sorted(clipped):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def marked(text: str, spans: object) -> str:
    """Escape a text and put ``<mark>`` around the spans."""
    parts: list[str] = []
    at = 0
    for start, end in spans_within(spans, len(text)):
        parts += (esc(text[at:start]), f"<mark>{esc(text[start:end])}</mark>")
        at = end
    return "".join((*parts, esc(text[at:])))


def conversation(lang: Lang, turns: Sequence[Turn], *, name_documents: bool = False) -> str:
    """Write the conversation, oldest turn first."""
    body = "".join(_turn(lang, turn, name_documents) for turn in turns)
    return (
        f'<section class="dn-log" role="log" aria-live="polite" '
        f'aria-label="{esc(label(lang, "conversation"))}">{body}</section>'
    )


def _turn(lang: Lang, turn: Turn, name_documents: bool) -> str:
    if turn.error is not None:
        body = _error(lang, turn.error)
    elif turn.answer is None:
        waiting = esc(label(lang, "searching"))
        body = f'<p class="dn-searching" role="status">{waiting}</p>'
    else:
        body = _answer(lang, turn.answer, turn, name_documents)
    asked = f'<span class="dn-sr">{esc(label(lang, "asked"))}: </span>'
    return (
        f'<article class="dn-turn" id="dn-turn-{esc(turn.key)}">'
        f'<h2 class="dn-question">{asked}{esc(turn.question)}</h2>{body}</article>'
    )


def _error(lang: Lang, sentence: str) -> str:
    return (
        f'<div class="dn-error"><p><strong>{esc(label(lang, "error"))}</strong> '
        f"{esc(sentence)}</p></div>"
    )


def _answer(lang: Lang, answer: Mapping[str, Any], turn: Turn, name_documents: bool) -> str:
    verdict = str(answer.get("verdict"))
    known = verdict if verdict in ("answered", "partial", "no_question") else "not_in_text"
    citations = answer.get("citations") or ()
    said = framing(str(answer.get("answer") or ""), citations)
    spoken = as_lang(answer.get("language")) or lang
    parts = [_verdict(lang, known, said, spoken)]
    if citations:
        contexts = (*turn.contexts, *(None for _ in citations))
        items = "".join(
            _citation(lang, citation, context, f"dn-{turn.key}-{i}", name_documents)
            for i, (citation, context) in enumerate(zip(citations, contexts, strict=False))
        )
        name = esc(label(lang, "citations"))
        parts.append(f'<ol class="dn-citations" aria-label="{name}">{items}</ol>')
    hits = answer.get("hits") or ()
    if known == "not_in_text" and hits:
        parts.append(_nearest(lang, hits[:_NEAREST], turn.key, name_documents))
    return f'<div class="dn-answer" data-verdict="{known}">{"".join(parts)}</div>'


def _verdict(lang: Lang, verdict: str, said: str, spoken: Lang) -> str:
    """The verdict in a word, and what the answer says beside its quotations."""
    badge = f'<span class="dn-verdict dn-{verdict}">{esc(label(lang, "verdict_" + verdict))}</span>'
    fallback = label(lang, "not_in_text" if verdict == "not_in_text" else f"gloss_{verdict}")
    words = (
        f'<span class="dn-framing" lang="{spoken}">{_references(said)}</span>'
        if said
        else (f'<span class="dn-framing">{esc(fallback)}</span>')
    )
    return f'<p class="dn-verdict-line">{badge} {words}</p>'


def framing(answer: str, citations: Iterable[Mapping[str, Any]]) -> str:
    """Give what an answer says beside its quotations, which are shown on their own.

    The references ``[1]`` stay where they were if words follow them.
    """
    left = answer
    for quote in (str(c.get("quote") or "") for c in citations):
        at = left.find(quote) if quote else -1
        if at >= 0:
            before = left[:at].rstrip(_QUOTE_MARKS)
            left = f"{before} {left[at + len(quote) :].lstrip(_QUOTE_MARKS)}"
    words = _TRAILING_REFERENCES.sub("", " ".join(left.split()))
    return words if _LETTER.search(_REFERENCE.sub("", words)) else ""


def _references(text: str) -> str:
    return _REFERENCE.sub(r'<span class="dn-ref">[\1]</span>', esc(text))


def _citation(
    lang: Lang,
    citation: Mapping[str, Any],
    context: Context | None,
    key: str,
    name_documents: bool,
) -> str:
    number = esc(citation.get("n", ""))
    spoken = as_lang(citation.get("language")) or "tr"
    quote = marked(str(citation.get("quote") or ""), citation.get("highlight"))
    notes = context.notes_of_quote() if context else ()
    return (
        f'<li class="dn-citation" value="{number}"><span class="dn-number" aria-hidden="true">'
        f'{number}</span><blockquote class="dn-quote" lang="{spoken}">{quote}</blockquote>'
        f"{_footline(lang, citation, name_documents)}{_notes(lang, notes, spoken)}"
        f"{_paragraph(lang, citation, context, key, spoken)}</li>"
    )


def _footline(lang: Lang, place: Mapping[str, Any], name_documents: bool) -> str:
    """Write where something stands: section, page, kind, whose words they are, characters."""
    headings = [str(h) for h in place.get("headings") or () if h]
    parts: list[tuple[str, str]] = []
    if name_documents and place.get("title"):
        parts.append(("dn-title", esc(place["title"])))
    if headings:
        path = esc(" › ".join(headings))
        parts.append(("dn-section", f'<span title="{path}">{esc(headings[-1])}</span>'))
    parts.append(("dn-page", esc(pages(lang, place))))
    kind = str(place.get("kind") or "body")
    if kind != "body":
        known = has_label("kind_" + kind)
        parts.append(("dn-kind", esc(label(lang, "kind_" + kind) if known else kind)))
    sources = "; ".join(str(source) for source in place.get("attribution") or ())
    if sources:
        voice = str(place.get("voice"))
        key = "voice_" + (voice if voice in ("author", "quoted") else "cited")
        parts.append(("dn-voice", esc(label(lang, key, sources=sources))))
    characters = label(lang, "characters", start=place.get("start"), end=place.get("end"))
    parts.append(("dn-characters", esc(characters)))
    line = "".join(f'<span class="{name}">{part}</span>' for name, part in parts)
    return f'<p class="dn-footline">{line}</p>'


def pages(lang: Lang, place: Mapping[str, Any]) -> str:
    """Word the page or pages of a place."""
    first = place.get("page")
    last = place.get("page_end") or first
    return label(lang, "page" if first == last else "pages", first=first, last=last)


def _notes(lang: Lang, notes: Sequence[Note], spoken: str) -> str:
    if not notes:
        return ""
    items = "".join(
        f'<li><sup aria-hidden="true">{esc(n.label)}</sup><span class="dn-sr">'
        f"{esc(label(lang, 'note', label=n.label))}: </span>"
        f'<span lang="{spoken}">{esc(n.text)}</span></li>'
        for n in notes
    )
    return f'<ul class="dn-notes">{items}</ul>'


def _paragraph(
    lang: Lang,
    citation: Mapping[str, Any],
    context: Context | None,
    key: str,
    spoken: str,
) -> str:
    """Write the paragraph to be opened, with the quotation marked and its footnotes below."""
    if context is None:
        return ""
    headings = " › ".join(esc(h) for h in citation.get("headings") or () if h)
    path = f'<p class="dn-path">{headings}</p>' if headings else ""
    summary = esc(label(lang, "in_paragraph"))
    return (
        f'<details class="dn-context" id="{esc(key)}"><summary>{summary}</summary>'
        f'<div class="dn-context-body">{path}<div class="dn-paragraph" lang="{spoken}">'
        f"{paragraph(context)}</div>{_notes(lang, context.notes, spoken)}</div></details>"
    )


def paragraph(context: Context) -> str:
    """Write a paragraph (or several) with the quotation marked and raised labels of its notes."""
    written: list[str] = []
    at = 0
    for piece in context.text.split("\n\n"):
        # What goes in, where; at one place a mark ends before a label, and a label before a mark.
        start, end = max(context.mark[0] - at, 0), min(context.mark[1] - at, len(piece))
        inserts = [(start, 2, "<mark>"), (end, 0, "</mark>")] if start < end else []
        for note in context.notes:
            hung = note.marker - context.start - at
            if 0 < hung <= len(piece):
                inserts.append((hung, 1, f'<sup class="dn-marker">{esc(note.label)}</sup>'))
        parts: list[str] = []
        done = 0
        for place, _, tag in sorted(inserts):
            parts += (esc(piece[done:place]), tag)
            done = place
        written.append(f"<p>{''.join(parts)}{esc(piece[done:])}</p>")
        at += len(piece) + 2
    return "".join(written)


def _nearest(lang: Lang, hits: Sequence[Mapping[str, Any]], key: str, name_documents: bool) -> str:
    """Write the nearest places of a question the text does not answer, folded away."""
    items = "".join(
        f'<li><p class="dn-near" lang="{as_lang(hit.get("language")) or "tr"}">'
        f"{esc(_clipped(str(hit.get('text') or '')))}</p>"
        f"{_footline(lang, hit, name_documents)}</li>"
        for hit in hits
    )
    return (
        f'<details class="dn-nearest" id="dn-{esc(key)}-nearest">'
        f"<summary>{esc(label(lang, 'nearest'))}</summary><ol>{items}</ol></details>"
    )


def _clipped(text: str) -> str:
    if len(text) <= _NEAREST_CHARACTERS:
        return text
    return text[:_NEAREST_CHARACTERS].rpartition(" ")[0] + "\u00a0…"
