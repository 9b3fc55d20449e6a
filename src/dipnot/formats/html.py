"""HTML and XHTML: the text of the page without navigation, scripts and what is not shown.

Owns: what of a page is read: its main part, its title, which tables only place things.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile
from typing import Any

from lxml import etree

from dipnot.errors import CorpusError, shown
from dipnot.formats.elements import is_unseen
from dipnot.formats.encodings import decode
from dipnot.formats.htmlwalk import Walk
from dipnot.formats.hypertext import Notes, find_notes
from dipnot.formats.spanning import spanned_cells
from dipnot.formats.webfurniture import contents_of, letters_of
from dipnot.types import Line, SourcePage

Node = Any  # lxml names no public type for an element

_DECLARED = re.compile(
    rb"""<\?xml[^>]{0,80}\sencoding\s*=\s*["']([\w.:-]+)|<meta[^>]{0,200}?\bcharset\s*=\s*["']?\s*([\w.:-]+)""",
    re.IGNORECASE,
)
_AROUND = frozenset("a aside footer header".split())
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_DEPTH = 250
_LONG_CELL = 60  # words; more, with empty lines between them, are no cell of data


def read(name: str, data: bytes) -> tuple[SourcePage, ...]:
    """Read the bytes of a page; it is one page unless it marks where printed pages begin."""
    declared = _DECLARED.search(data[:2048])
    label = (declared.group(1) or declared.group(2)).decode("ascii") if declared else None
    root = _parse(name, decode(name, data, label))
    if root is None:
        return (SourcePage(()),)
    layout = _layout_rows(root)
    notes = find_notes(root)
    notes.left_out |= contents_of(root)
    walk = Walk(notes, layout, spanned_cells(root, layout))
    main = _main(root)
    title = _title_outside(root, main)
    if title is not None:
        walk.text.add("".join(title.itertext()))
        walk.draft.add(walk.text, "title", title.sourceline or 1)
    walk.over(main)
    for key, (label, element) in walk.notes.bodies.items():
        walk.note(key, label, element)
    return walk.draft.source_pages()


def plain(fragment: str) -> Iterator[Line]:
    """Give the text of a piece of HTML, block by block; its pages are one."""
    root = _parse("the HTML", fragment)
    if root is not None:
        walk = Walk(Notes(), set(), {})
        walk.over(root)
        for page in walk.draft.pages:
            yield from page.lines


def _parse(name: str, text: str) -> Node:
    parser = etree.HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, no_network=True
    )
    data = text.encode("utf-8", "replace")
    try:
        root = etree.fromstring(data, parser) if data.strip() else None
    except (etree.LxmlError, ValueError) as error:
        raise CorpusError(
            f"{shown(name)} cannot be read as HTML: {error}. Save the page again."
        ) from None
    depth = deepest = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")) if root is not None else ():
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    if deepest > _DEPTH or any("depth" in entry.message for entry in parser.error_log):
        raise CorpusError(
            f"{shown(name)} nests its elements more than {_DEPTH} deep; pages made by people stay "
            "below 50. Save its text as .txt or .md."
        )
    return root


def _main(root: Node) -> Node:
    """Find what the page is about, where it says so; an article is where it tells most of it."""
    body = root.find("body")
    body = root if body is None else body
    for path in (".//main", ".//*[@role='main']", ".//article"):
        found = root.findall(path)
        if len(found) != 1 or not "".join(found[0].itertext()).strip():
            continue
        if found[0].tag != "article" or 2 * _told(found[0]) > _told(body):
            return found[0]
    return body


def _title_outside(root: Node, main: Node) -> Node:
    """Find the title where the main part does not begin with it.

    It is the `<h1>` with which `<title>` begins, or `<title>`; one in a link is the site's name.
    """
    title = root.find(".//title")
    if title is None or _is_headed(root, main, title):
        return None
    inside = set(main.iter("h1"))
    for heading in root.iter("h1"):
        words = letters_of(heading)
        if (
            heading not in inside
            and words
            and letters_of(title).startswith(words)
            and heading.find(".//a") is None
        ):
            return heading
    return title


def _is_headed(root: Node, main: Node, title: Node) -> bool:
    """Tell whether the main part says its title itself: in an `<h1>`, or in the one heading on top.

    Where no part of the page has an `<h1>`, headings do not name the whole.
    """
    headings = list(main.iter(*_HEADINGS))
    if not headings or root.find(".//h1") is None:
        return False
    first = headings[0]
    if main.find(".//h1") is not None or letters_of(title).startswith(letters_of(first) or " "):
        return True
    before = takewhile(lambda element: element is not first, main.iter())
    said = any((element.text or "").rstrip().endswith((".", "!", "?")) for element in before)
    return not said and all(h.tag > first.tag for h in headings[1:])


def _told(root: Node) -> int:
    """Count the letters below an element outside links and what stands around a text."""
    told = 0
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        if event == "end":
            told += len((element.tail or "").strip()) if element is not root else 0
        elif element is not root and (element.tag in _AROUND or is_unseen(element)):
            walk.skip_subtree()
        else:
            told += len((element.text or "").strip())
    return told


def _layout_rows(root: Node) -> set[Node]:
    """Find table rows that only place things: one holds headings, lists, tables or paragraphs."""
    rows: list[Node] = []
    layout: set[Node] = set()
    seen: set[Node] = set()  # cells whose words were counted
    paragraphs = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if element.tag == "tr":
            rows.append(element) if event == "start" else rows.pop()
        elif event == "start" and rows:
            if element.tag in ("td", "th"):
                paragraphs = 0
            paragraphs += element.tag == "p"
            if element.tag == "br" and _is_second(element):
                cell = next(element.iterancestors("td", "th"), None)
                if cell is not None and cell not in seen:
                    seen.add(cell)
                    paragraphs += 2 * (len("".join(cell.itertext()).split()) >= _LONG_CELL)
            if paragraphs > 1 or element.tag in (
                "table",
                "ul",
                "ol",
                "blockquote",
                "h1",
                "h2",
                "h3",
            ):
                layout.update(rows)
    return layout


def _is_second(line_break: Node) -> bool:
    """Tell the second of two line breaks in a row: they part paragraphs."""
    before = line_break.getprevious()
    return before is not None and before.tag == "br" and not (before.tail or "").strip()
