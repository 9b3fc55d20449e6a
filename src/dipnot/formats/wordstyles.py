"""What the styles of a Word file say: roles, levels, numbers and looks.

Owns: inheritance from style to style, and which names of styles mean what.
"""

from __future__ import annotations

import re
from typing import Any

from dipnot.formats.wordnumbers import W, value_of
from dipnot.types import Role

Node = Any  # lxml names no public type for an element

OFF = ("0", "false", "off", "none")
_HEADING = re.compile(r"heading (\d)")
_QUOTES = frozenset(("quote", "intense quote", "block text", "block quote", "blockquote", "alıntı"))
_TITLES = frozenset(("title",))
_LISTED = re.compile(r"list\b|list paragraph")
_CONTENTS = re.compile(r"toc \d|table of figures")
_LOOKS = (
    ("b", f"{W}rPr/{W}b"),
    ("sz", f"{W}rPr/{W}sz"),
    ("jc", f"{W}pPr/{W}jc"),
)


class Styles:
    """What the styles of a file say: role and level by style id."""

    def __init__(self) -> None:
        """Start with styles that say nothing."""
        self.roles: dict[str, tuple[Role, int]] = {}
        self.contents: set[str] = set()
        self.raised: set[str] = set()
        self.numbered: dict[str, Node] = {}  # what their paragraphs are numbered by
        self.looks: dict[str, dict[str, str]] = {}  # `b`, `sz` and `jc` by style id

    def said(self, run: Node, what: str) -> str:
        """Find what a run, its style or its paragraph's style says of its look."""
        properties = run.find(f"{W}rPr") if run is not None else None
        own = properties.find(f"{W}{what}") if properties is not None else None
        if own is not None:
            return str(own.get(f"{W}val", "1"))
        paragraph = run
        while paragraph is not None and paragraph.tag != f"{W}p":
            paragraph = paragraph.getparent()
        of_run = value(properties, "rStyle") if properties is not None else ""
        of_paragraph = value_of(paragraph, f"{W}pPr/{W}pStyle")
        for style in (of_run, of_paragraph, ""):
            if what in self.looks.get(style, {}):
                return self.looks[style][what]
        return ""

    def bold_of(self, run: Node) -> bool:
        """Tell whether a run is bold."""
        return self.said(run, "b") not in ("", *OFF)

    def size_of(self, run: Node) -> float:
        """Give the size of a run in half points; 0 where nothing says it."""
        size = self.said(run, "sz")
        return float(size) if size.isdigit() else 0.0


def read_styles(root: Node) -> Styles:
    """Read ``word/styles.xml``; None where a file has no such part."""
    styles = Styles()
    elements = {s.get(f"{W}styleId"): s for s in root.iter(f"{W}style")} if root is not None else {}
    for style_id, style in elements.items():
        chain: list[Node] = []
        ancestor = style
        while ancestor is not None and ancestor not in chain:
            chain.append(ancestor)
            ancestor = elements.get(value(ancestor, "basedOn"))
        heights = [value(a.find(f"{W}rPr"), "vertAlign") for a in chain if _has_look(a)]
        if next(filter(None, heights), "") == "superscript":
            styles.raised.add(style_id)
        for what, path in _LOOKS:
            said = next((e for a in chain if (e := a.find(path)) is not None), None)
            if said is not None:
                styles.looks.setdefault(style_id, {})[what] = said.get(f"{W}val", "1")
        numbers = [a.find(f"{W}pPr/{W}numPr") for a in chain]
        styles.numbered[style_id] = next((n for n in numbers if n is not None), None)
        for ancestor in chain:
            name = value(ancestor, "name").lower()
            if _CONTENTS.match(name):
                styles.contents.add(style_id)
            role = _role_of(name, ancestor)
            if role is not None:
                styles.roles[style_id] = role
                break
    _add_defaults(styles, root)
    return styles


def _add_defaults(styles: Styles, root: Node) -> None:
    """What no style says, the defaults of the file say; they have no id."""
    for what in ("b", "sz"):
        path = f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}{what}"
        default = root.find(path) if root is not None else None
        if default is not None:
            styles.looks.setdefault("", {})[what] = default.get(f"{W}val", "1")
    for style in root.iter(f"{W}style") if root is not None else ():
        if style.get(f"{W}default") == "1" and style.get(f"{W}type") == "paragraph":
            of_style = styles.looks.get(style.get(f"{W}styleId"), {})
            styles.looks.setdefault("", {}).update(of_style)


def _role_of(name: str, style: Node) -> tuple[Role, int] | None:
    outline = style.find(f"{W}pPr/{W}outlineLvl")
    level = outline.get(f"{W}val", "9") if outline is not None else "9"
    heading = _HEADING.fullmatch(name)
    if heading or level in "012345678":
        return "heading", int(heading.group(1)) if heading else int(level) + 1
    if name in _TITLES:
        return "title", 0
    if name in _QUOTES:
        return "quotation", 0
    numbered = style.find(f"{W}pPr/{W}numPr") is not None
    return ("list", 0) if numbered or _LISTED.match(name) else None


def _has_look(style: Node) -> bool:
    return style.find(f"{W}rPr") is not None


def value(element: Node, child: str) -> str:
    """Give the value of a child, or nothing."""
    found = element.find(f"{W}{child}")
    return "" if found is None else found.get(f"{W}val", "")
