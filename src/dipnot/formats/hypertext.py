"""Footnotes of an HTML page: which links are markers, and which elements are their notes.

Owns: the patterns that pages really use: ARIA and EPUB roles, Markdown's and Wikipedia's lists,
Word's `_ftn1`, plain superscripts that lead to a note below, and notes that stand in the margin,
inside their sentence. A link may be absolute, as in a page saved by a browser.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from urllib.parse import unquote

Node = Any

_LABEL = re.compile(
    r"[\[({]?\s*(\d{1,4}|[*†‡§¶]{1,9}|[ivxlc]{1,6}|[a-z]"
    r"|[^\W\d_][^\W\d_-]{0,14}\.?(?:[\s\xa0]?\d{1,3}|[\s\xa0][a-z]))\s*[\])}]?",  # `not 1`
    re.IGNORECASE,
)
_NOTE_ID = re.compile(
    r"_?(?:user-content-)?(?:fn|ftn|edn|en|foot-?note|end-?note|note|not|dip-?not|dip|cite_note|sdfootnote"
    r"|sdendnote|n)(?![a-z]*ref)[-_:.]?[^\s]*",
    re.IGNORECASE,
)
_MARGIN = re.compile(
    r"(?:^|[\s_-])(?:(?:side|margin)-?notes?|inline-?(?:foot)?notes?)"
    r"(?:[_-](?!num|ref|mark|label|link|toggle|back)\w{1,40}"
    r"(?:-(?!num|ref|mark|label|link|toggle|back)\w{1,40}){0,5})?(?:$|\s)",
    re.IGNORECASE,
)
_COUNT = re.compile(r"(?<=\d)[-_]\d{1,3}$")  # `cite_ref-1-0`, `cite_ref-1-1`
_NOTE_CLASS = re.compile(r"foot-?note|end-?note|dipnot", re.IGNORECASE)
_MARKER_CLASS = re.compile(r"ref", re.IGNORECASE)  # `footnote-reference`, `footnote-backref`
_NOTE_ROLES = frozenset("doc-footnote doc-endnote footnote endnote rearnote".split())
_REF_ROLES = frozenset("doc-noteref noteref".split())
BACK = frozenset("↩ ↑ ⤴ ⏎ ^ ↵ ↩︎ ↩️ ⇑ ▲".split())
_BRACKETED = 3  # elements: a bracket, the link, a bracket
_BLOCKS = frozenset("li p div aside dd td section blockquote".split())


@dataclass(slots=True)
class Notes:
    """``markers``: element to key and label. ``bodies``: key to label and element."""

    markers: dict[Node, tuple[str, str]] = field(default_factory=dict)
    bodies: dict[str, tuple[str, Node]] = field(default_factory=dict)
    left_out: set[Node] = field(default_factory=set)


def find_notes(root: Node) -> Notes:
    """Find the markers of a page and the notes they lead to."""
    notes = Notes()
    targets: dict[str, Node] = {}
    links: list[Node] = []
    for element in root.iter():
        for name in (element.get("id"), element.get("name") if element.tag == "a" else None):
            if name:
                targets.setdefault(name, element)
        if element.tag == "a" and "#" in element.get("href", ""):
            links.append(element)
    named = {_fragment(link) for link in links if _label(link) is not None}
    inside: set[Node] = set()
    taken: dict[Node, str] = {}
    for link in links:
        if link in inside:
            continue
        name = _fragment(link)
        label = _label(link)
        target = targets.get(name)
        if label is None or not _is_reference(link, name, target):
            continue
        if target is None and not link.get("href").startswith("#"):
            name = link.get("href")  # the note stands in another file
        key, body = name, None if target is None else _body(target, named)
        if body is not None and (body in _ancestors(link) or taken.setdefault(body, key) != key):
            if body in _ancestors(link):
                continue
            body = None
        marker = _whole(link)
        notes.markers[marker] = (key, label)
        notes.left_out.add(marker)
        if body is not None and key not in notes.bodies:
            notes.bodies[key] = (label, body)
            inside.update(body.iter("a"))
    _add_margins(root, notes)
    _add_unmarked(root, notes)
    _leave_out(notes)
    return notes


def _fragment(link: Node) -> str:
    """Give the name of the place that a link leads to."""
    return unquote(link.get("href", "").partition("#")[2])


def _label(link: Node) -> str | None:
    """Give what the marker shows, without its brackets."""
    text = "".join(link.itertext()).strip()
    match = _LABEL.fullmatch(text)
    if match:
        return " ".join(match.group(1).split())  # `not 1`, with a space that does not break
    return text[:20] if text and _roles(link) & _REF_ROLES else None


def _shown(element: Node) -> str:
    return "".join(element.itertext()).strip()


def _roles(element: Node) -> set[str]:
    return {*element.get("role", "").split(), *element.get("epub:type", "").split()}


def _ancestors(element: Node) -> set[Node]:
    return set(element.iterancestors())


def _is_reference(link: Node, name: str, target: Node) -> bool:
    if _roles(link) & _REF_ROLES or link.get("data-footnote-ref") is not None:
        return True
    text = "".join(link.itertext()).strip()
    raised = (
        any(a.tag == "sup" for a in [*link.iterancestors()][:3]) or link.find(".//sup") is not None
    )
    shaped = raised or text[:1] in "[(*†‡" or "footnote" in link.get("class", "")
    if not shaped:
        return target is not None and _is_note(target)
    if target is None:
        return _NOTE_ID.fullmatch(name) is not None
    return _is_note(target) or _NOTE_ID.fullmatch(name) is not None


def _is_note(target: Node) -> bool:
    return any(
        _roles(element) & _NOTE_ROLES or _is_classed(element)
        for element in [target, *target.iterancestors()][:4]
    )


def _is_classed(element: Node) -> bool:
    name = element.get("class", "")
    return _NOTE_CLASS.search(name) is not None and not _MARKER_CLASS.search(name)


def _body(target: Node, named: set[str]) -> Node:
    """Give the block that holds the note a link leads to; None where there is none."""
    block = target
    if target.tag == "table":
        return target if _is_classed(target) else None
    while block is not None and block.tag not in _BLOCKS and block.tag != "dt":
        block = block.getparent()
    if block is not None and block.tag == "dt":  # the label; the note is what it is said of
        block = next((e for e in block.itersiblings() if e.tag == "dd"), None)
    if block is None or re.fullmatch("h[1-6]", target.tag):
        return None
    parent = block.getparent()
    whole = parent is not None and parent.tag in ("li", "div", "aside")
    if (
        whole
        and block.tag == "p"
        and (
            _roles(parent) & _NOTE_ROLES
            or _NOTE_ID.fullmatch(parent.get("id", ""))
            or (_NOTE_CLASS.search(parent.get("class", "")) and _holds_one(parent, named))
        )
    ):
        return parent
    return block


def _holds_one(element: Node, named: set[str]) -> bool:
    """Tell whether an element holds one note, by the links that lead into it."""
    inside = (e for e in element.iter() if e.get("id") in named or e.get("name") in named)
    return len(list(islice(inside, 2))) == 1


def _whole(link: Node) -> Node:
    """Give the outermost element that shows nothing but the marker."""
    marker = link
    shown = len("".join(link.itertext()).strip())
    for element in [*link.iterancestors()][:3]:
        text = _shown(element) if len(element) <= _BRACKETED else ""
        if (
            element.tag in _BLOCKS
            or not text
            or len(text) > shown + 2
            or not _LABEL.fullmatch(text)
        ):
            break
        marker = element
    return marker


def _add_margins(root: Node, notes: Notes) -> None:
    """Take in the notes that stand in the margin: inside their sentence, at their own marker."""
    known = {e for _, element in notes.bodies.values() for e in element.iter()}
    for number, element in enumerate(_margins(root), start=1):
        if element in known or not "".join(element.itertext()).strip():
            continue
        unnumbered = "margin" in element.get("class", "").lower()
        label = "*" if unnumbered else str(number)
        key = f"margin {number}"
        notes.markers[element] = (key, label)
        notes.bodies[key] = (label, element)
        for toggle in _toggles(element):
            notes.left_out.add(toggle)


def _margins(root: Node) -> list[Node]:
    """Find the elements inside paragraphs that are set in the margin."""
    return [
        element
        for element in root.iter("span", "small", "aside", "i", "em")
        if (_MARGIN.search(element.get("class", "")) or _is_inline(element) or _is_aside(element))
        and any(e.tag in _BLOCKS or e.tag == "body" for e in element.iterancestors())
        and element.find(".//p") is None
    ]


def _is_inline(element: Node) -> bool:
    """Tell whether a span that calls itself a footnote holds the note and not its marker."""
    return (
        element.tag == "span"
        and _NOTE_CLASS.search(element.get("class", "")) is not None
        and len(_shown(element).split()) > 1
        and not _LABEL.fullmatch(_shown(element))
        and element.find(".//a[@href]") is None
    )


def _is_aside(element: Node) -> bool:
    """Tell an aside that is a note and stands inside a sentence."""
    kind = f"{element.get('class', '')} {element.get('role', '')}"
    inside = element.getparent() is not None and element.getparent().tag == "p"
    goes_on = (element.tail or "").strip()
    return element.tag == "aside" and inside and bool(goes_on and _NOTE_CLASS.search(kind))


def _toggles(element: Node) -> list[Node]:
    """Find the marks and buttons right before a note in the margin."""
    found: list[Node] = []
    before = element.getprevious()
    while before is not None and before.tag in ("label", "input", "sup", "a"):
        text = _shown(before)
        if (before.tail or "").strip() or (
            text and not _LABEL.fullmatch(text) and not re.fullmatch(r"\W{1,2}", text)
        ):
            break
        found.append(before)
        before = before.getprevious()
    return found


def _add_unmarked(root: Node, notes: Notes) -> None:
    """Take in the notes that no marker leads to."""
    known = {element for _, element in notes.bodies.values()}
    within = {e for element in known for e in element.iter()}
    for number, element in enumerate(root.iter("li", "aside", "div", "p")):
        listed = element.tag == "li" and any(
            _NOTE_CLASS.search(a.get("class", "")) for a in [*element.iterancestors()][:2]
        )
        if element not in within and (listed or _roles(element) & _NOTE_ROLES):
            words = "".join(element.itertext()).split()
            start = _LABEL.match(words[0]) if words else None
            label = start.group(1) if start and start.group(1).isdigit() else "?"
            notes.bodies[f"?{number}"] = (label, element)
            within.update(element.iter())


def _leave_out(notes: Notes) -> None:
    """Leave the notes out of the running text, and the links back out of the notes."""
    back = {
        name
        for marker in notes.markers
        for element in (marker, *marker.iter(), *[*marker.iterancestors()][:2])
        for name in (element.get("id"), element.get("name"))
        if name
    }
    counted = {_COUNT.sub("", name) for name in back if _COUNT.search(name)}
    for _, body in notes.bodies.values():
        notes.left_out.add(body)
        label = body.getprevious()
        if label is not None and label.tag == "dt" and _LABEL.fullmatch(_shown(label)):
            notes.left_out.add(label)
        for element in body.iter("sup", "span"):
            if _LABEL.fullmatch(_shown(element)) and _opens(element, body, notes.left_out):
                notes.left_out.add(element)
        for link in body.iter("a"):
            text = "".join(link.itertext()).strip()
            name = _fragment(link) if "#" in link.get("href", "") else ""
            leads_back = name in back or (name != "" and _COUNT.sub("", name) in counted)
            if leads_back or text in BACK or "doc-backlink" in _roles(link):
                notes.left_out.add(_whole(link))


def _opens(element: Node, body: Node, left_out: set[Node]) -> bool:
    """Tell whether nothing is printed in ``body`` before ``element``, but what is left out."""
    while element is not body:
        before = element.getprevious()
        while before is not None:
            if before not in left_out or (before.tail or "").strip():
                return False
            before = before.getprevious()
        element = element.getparent()
        if (element.text or "").strip():
            return False
    return True
