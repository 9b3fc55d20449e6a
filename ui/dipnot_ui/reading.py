"""A document as it was read, as HTML: its outline, and one page with its footnotes.

Owns: the mark-up of the text view. Pure functions, escaped like ``render``. What they are given is
the API's JSON; they know no kinds of paragraphs, since that JSON tells none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dipnot_ui.labels import Lang, label
from dipnot_ui.render import esc

_BREAK = "\n\n"
_DEEPEST = 6
_TOP = 2  # h1 is the name of the page, h2 the number of the one shown


def page_at(document: Mapping[str, Any], offset: int) -> int:
    """Give the number of the page on which an offset of the text stands; 0 if on none."""
    within = (p for p in document.get("pages") or () if int(p["start"]) <= offset < int(p["end"]))
    return next((int(page["number"]) for page in within), 0)


def outline(lang: Lang, document: Mapping[str, Any], number: int) -> str:
    """Write the headings, indented by level, each a button to its page."""
    sections = document.get("sections") or ()
    here = [s for s in sections if int(s["page"]) == number]
    before = [s for s in sections if int(s["page"]) < number]
    current = {int(s["start"]) for s in here or before[-1:]}
    items = "".join(_entry(lang, s, int(s["start"]) in current) for s in sections)
    title = esc(label(lang, "outline"))
    body = f"<ol>{items}</ol>" if items else f"<p>{esc(label(lang, 'no_headings'))}</p>"
    return f'<nav class="dn-outline" aria-label="{title}"><h2>{title}</h2>{body}</nav>'


def _entry(lang: Lang, section: Mapping[str, Any], current: bool) -> str:
    number = int(section["page"])
    level = min(max(int(section["level"]), 1), _DEEPEST)
    mark = ' aria-current="true"' if current else ""
    return (
        f'<li class="dn-level-{level}"><button type="button" data-page="{number}" '
        f'data-at="{int(section["start"])}"{mark}>{esc(section["heading"])} '
        f'<span class="dn-at">{esc(label(lang, "page", first=number))}</span></button></li>'
    )


def leaf(
    lang: Lang,
    document: Mapping[str, Any],
    page: Mapping[str, Any],
    before: Mapping[str, Any] | None = None,
    goal: int | None = None,
) -> str:
    """Write a page: its text with headings and raised markers, and its footnotes below a rule.

    ``before`` is the page before it, which tells whether a paragraph runs on from there; ``goal``
    is the offset of the heading that was asked for.
    """
    number, count = int(page["number"]), len(document.get("pages") or ())
    languages = list(document.get("languages") or ())
    spoken = f' lang="{esc(languages[0])}"' if len(languages) == 1 else ""
    text = str(page["text"])
    parts = [_number(lang, page, count)]
    if before is not None and _runs_on(before):
        parts.append(_aside(lang, "runs_on_before"))
    parts.append(f'<div class="dn-body"{spoken}>{_body(document, page, goal)}</div>')
    if not text.strip():
        parts.append(_aside(lang, "page_empty"))
    elif number < count and _runs_on(page):
        parts.append(_aside(lang, "runs_on_after"))
    parts.append(_footnotes(lang, document, page, spoken))
    return f'<article class="dn-leaf" data-number="{number}">{"".join(parts)}</article>'


def _number(lang: Lang, page: Mapping[str, Any], count: int) -> str:
    words = esc(label(lang, "page_of", number=int(page["number"]), count=count))
    printed = page.get("label")
    if printed:
        words += f' <span class="dn-printed">{esc(label(lang, "printed", label=printed))}</span>'
    return f'<h2 class="dn-page-of" role="status">{words}</h2>'


def _aside(lang: Lang, key: str) -> str:
    return f'<p class="dn-aside">{esc(label(lang, key))}</p>'


def _runs_on(page: Mapping[str, Any]) -> bool:
    """Tell whether the last paragraph of a page goes on after it."""
    text = str(page["text"])
    return bool(text.strip()) and not text.endswith("\n")


def _body(document: Mapping[str, Any], page: Mapping[str, Any], goal: int | None) -> str:
    start = int(page["start"])
    markers = [
        (int(note["marker"]) - start, i, str(note["label"]))
        for i, note in enumerate(document.get("footnotes") or ())
        if note.get("marker") is not None
    ]
    written: list[str] = []
    for at, piece, level in _blocks(str(page["text"]), start, document.get("sections") or ()):
        if not piece.strip():
            continue
        inside = _with_markers(piece, [(m - at, i, mark) for m, i, mark in markers])
        tag = f"h{min(level + _TOP, _DEEPEST)}" if level else "p"
        sought = ' data-goal=""' if level and goal == start + at else ""
        written.append(f"<{tag}{sought}>{inside}</{tag}>")
    return "".join(written)


def _blocks(
    text: str, start: int, sections: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[int, str, int]]:
    """Cut a page into headings and paragraphs: offset in the page, text, level (0: no heading)."""
    headings = {
        int(s["start"]) - start: (len(str(s["heading"])), max(int(s["level"]), 1))
        for s in sections
        if int(s["start"]) >= start and text.startswith(str(s["heading"]), int(s["start"]) - start)
    }
    at = 0
    for piece in text.split(_BREAK):
        done = at
        for head in sorted(h for h in headings if at <= h < at + len(piece)):
            length, level = headings[head]
            yield done, text[done:head], 0
            yield head, text[head : head + length], level
            done = head + length
        yield done, text[done : at + len(piece)], 0
        at += len(piece) + len(_BREAK)


def _with_markers(piece: str, markers: Sequence[tuple[int, int, str]]) -> str:
    """Escape a paragraph and raise the labels of the notes that hang in it."""
    parts: list[str] = []
    done = 0
    for at, i, mark in sorted(m for m in markers if 0 < m[0] <= len(piece)):
        link = f'<a href="#dn-note-{i}">{esc(mark)}</a>'
        raised = f'<sup class="dn-marker" id="dn-marker-{i}">{link}</sup>'
        parts += (esc(piece[done:at]), raised)
        done = at
    return "".join((*parts, esc(piece[done:])))


def _footnotes(
    lang: Lang, document: Mapping[str, Any], page: Mapping[str, Any], spoken: str
) -> str:
    """Write the notes printed on a page; a marker that hangs on another page is told."""
    number = int(page["number"])
    items: list[str] = []
    for i, note in enumerate(document.get("footnotes") or ()):
        if int(note["page"]) != number:
            continue
        marker = note.get("marker")
        hung = page_at(document, int(marker) - 1) if marker is not None else 0
        back = f'<a href="#dn-marker-{i}">{esc(note["label"])}</a>'
        away = ""
        if hung != number:
            back = esc(note["label"])
            words = label(lang, "hangs_on", page=hung) if hung else label(lang, "hangs_nowhere")
            away = f' <span class="dn-aside">{esc(words)}</span>'
        items.append(
            f'<li id="dn-note-{i}"><sup>{back}</sup><span class="dn-note-text"{spoken}>'
            f"{esc(note['text'])}</span>{away}</li>"
        )
    if not items:
        return ""
    name = esc(label(lang, "page_notes"))
    return f'<ol class="dn-page-notes" aria-label="{name}">{"".join(items)}</ol>'


def problem(sentence: str) -> str:
    """Write why there is nothing to read."""
    return f'<div class="dn-error" role="alert"><p>{esc(sentence)}</p></div>'
