"""HTML and XHTML: the text of the page without navigation, scripts and what is not shown.

Owns: which element is which block. Which links are footnotes is told in ``hypertext``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from dipnot.errors import CorpusError, shown
from dipnot.formats.blocks import Draft, Text
from dipnot.formats.columns import NAMES
from dipnot.formats.encodings import decode
from dipnot.formats.equations import equation_text
from dipnot.formats.hypertext import Notes, find_notes
from dipnot.types import Line, Role, SourcePage

Node = Any  # lxml names no public type for an element

_DECLARED = re.compile(
    rb"""<\?xml[^>]{0,80}\sencoding\s*=\s*["']([\w.:-]+)|<meta[^>]{0,200}?\bcharset\s*=\s*["']?\s*([\w.:-]+)""",
    re.IGNORECASE,
)
_DEPTH = 250
_RAISED = 12  # more letters, raised, are text
_SKIPPED = frozenset(
    """script style noscript template nav head form button select textarea svg iframe object
    audio video canvas dialog datalist map frameset noframes""".split()
)
_BLOCKS = frozenset(
    """address article aside blockquote body caption center dd details dir div dl dt fieldset
    figcaption figure footer h1 h2 h3 h4 h5 h6 header hgroup hr legend li main menu ol p pre section
    summary table tbody tfoot thead tr ul html""".split()
)
_HEADING = re.compile(r"h[1-6]")
_NUMBERED = re.compile(r"\(?\w{1,4}[.)]\s")
_PAGE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:page-?(?:num(?:ber)?|no|break)|pb|pgnum|sayfa-?no)s?(?:$|[\s_-])",
    re.IGNORECASE,
)
_PAGE_NAME = re.compile(r"(?:page|pg|sayfa)[-_]?(?:\d{1,4}|[ivxlc]{1,7})", re.IGNORECASE)
_PAGE_SHOWN = re.compile(r"[\[({]?(?:(?:page|pg|p|s|sayfa)\b\.?\s*)?\d{1,4}[\])}]?", re.IGNORECASE)
_PRINTED = re.compile(r"(?:^|[^a-z\d])(\d{1,4}|[ivxlc]{1,8})(?:$|[^a-z\d])", re.IGNORECASE)
_LONGEST_NUMBER = 16
_BLANK_LINE = re.compile(r"\n[ \t]*\n")


def read(name: str, data: bytes) -> tuple[SourcePage, ...]:
    """Read the bytes of a page; it is one page unless it marks where printed pages begin."""
    declared = _DECLARED.search(data[:2048])
    label = (declared.group(1) or declared.group(2)).decode("ascii") if declared else None
    root = _parse(name, decode(name, data, label))
    if root is None:
        return (SourcePage(()),)
    walk = _Walk(find_notes(root), _layout_rows(root))
    title = root.find(".//title")
    if title is not None and root.find(".//h1") is None:
        walk.text.add("".join(title.itertext()))
        walk.draft.add(walk.text, "title", title.sourceline or 1)
    walk.over(_main(root))
    for key, (label, element) in walk.notes.bodies.items():
        walk.note(key, label, element)
    return walk.draft.source_pages()


def plain(fragment: str) -> Iterator[Line]:
    """Give the text of a piece of HTML, block by block."""
    root = _parse("the HTML", fragment)
    if root is not None:
        walk = _Walk(Notes(), set())
        walk.over(root)
        yield from walk.draft.pages[0].lines


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
    """Find what the page is about, where it says so."""
    for path in (".//main", ".//*[@role='main']", ".//article"):
        found = root.findall(path)
        if len(found) == 1 and "".join(found[0].itertext()).strip():
            return found[0]
    body = root.find("body")
    return root if body is None else body


def _layout_rows(root: Node) -> set[Node]:
    """Find table rows that only place things: one holds headings, lists, tables or paragraphs."""
    rows: list[Node] = []
    layout: set[Node] = set()
    paragraphs = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if element.tag == "tr":
            rows.append(element) if event == "start" else rows.pop()
        elif event == "start" and rows:
            if element.tag in ("td", "th"):
                paragraphs = 0
            paragraphs += element.tag == "p"
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


class _Walk:
    """Goes through the elements once, without recursion, and remembers what is open."""

    def __init__(self, notes: Notes, layout: set[Node]) -> None:
        self.draft = Draft()
        self.text = Text()
        self.notes = notes
        self._layout = layout
        self._open: list[Role] = []
        self._rows: list[Node] = []
        self._counts: list[int | None] = []
        self._heading = 0
        self._note: tuple[str, str] | None = None
        self._number = 1
        self._broken = False
        self._prefix = ""
        self._bold = 0
        self._centred = 0
        self._turning: str | None = None  # the label of a page that begins at the next word

    def note(self, key: str, label: str, element: Node) -> None:
        """Read the element that holds a note."""
        self._note = (key, label)
        self._open, self._rows, self._counts = [], [], []
        self.over(element)
        self._note = None

    def over(self, root: Node) -> None:
        """Turn what is below ``root`` into blocks."""
        walk = etree.iterwalk(root, events=("start", "end"))
        left_out: Node = None
        for event, element in walk:
            if event == "start" and element is not root and self._is_left_out(element):
                walk.skip_subtree()
                left_out = element
                self._refer(element)
            elif event == "start" and self._is_raised(element):
                walk.skip_subtree()
                left_out = element
                self.text.add_raised("".join(element.itertext()))
            elif event == "start" and _is_initial(element):
                self._add(element.get("alt").strip())
            elif event == "start" and element.tag == "math":
                walk.skip_subtree()
                left_out = element
                self._add(equation_text(element))
            elif event == "start" and _is_page_number(element):
                walk.skip_subtree()
                left_out = element
                label = _page_label(element)
                if label != self.draft.pages[-1].label or not label:
                    self._skip_page(label)
                    self._turning = label
            elif event == "start":
                self._enter(element)
                self._words(element, element.text)
            else:
                if element is not left_out:
                    self._leave(element)
                if element is not root:
                    self._words(element.getparent(), element.tail)
        self._end()

    def _is_left_out(self, element: Node) -> bool:
        return element in self.notes.left_out or _is_unseen(element)

    def _is_raised(self, element: Node) -> bool:
        """Tell whether an element is raised figures or letters, and nothing else."""
        return (
            (element.tag == "sup" or "vertical-align:super" in _style(element))
            and len("".join(element.itertext()).strip()) <= _RAISED
            and not any(e in self.notes.markers or e.tag in _BLOCKS for e in element.iter())
        )

    def _refer(self, element: Node) -> None:
        """Hang the note that an element points to."""
        mark = self.notes.markers.get(element)
        if mark is not None and self._note is None:
            self.text.mark(*mark)
        if element.tag in _BLOCKS:
            self._end()

    def _enter(self, element: Node) -> None:
        tag = element.tag
        self._bold += _is_bold(element)
        if tag in _BLOCKS and not (self._rows and tag in ("p", "div")):
            self._end()
        self._centred += _is_centred(element)
        self._number = element.sourceline or self._number
        if tag == "blockquote":
            self._open.append("quotation")
        elif tag in ("li", "dd"):
            self._open.append("list")
            self._prefix = self._item_number(element)
        elif tag in ("ol", "ul", "menu", "dir"):
            self._counts.append(_start(element) if tag == "ol" else None)
        elif tag == "tr" and element not in self._layout:
            self._rows.append(element)
        elif tag == "table":
            self.draft.begin_table()
        elif tag in ("td", "th"):
            if not self._rows:
                self._end()
            elif self.text:
                self.text.add(" | ")
        elif tag == "br":
            self._break()
        elif tag == "q":
            self.text.add("“")
        elif _HEADING.fullmatch(tag):
            self._heading = int(tag[1])

    def _leave(self, element: Node) -> None:
        tag = element.tag
        if tag in _BLOCKS and not (self._rows and tag in ("p", "div")):
            self._end()
        self._bold -= _is_bold(element)
        self._centred -= _is_centred(element)
        if tag in ("blockquote", "li", "dd") and self._open:
            self._open.pop()
        elif tag in ("ol", "ul", "menu", "dir") and self._counts:
            self._counts.pop()
        elif tag == "tr" and self._rows and self._rows[-1] is element:
            self._rows.pop()
        elif tag == "table" and not self._rows:
            self.draft.end_table()
        elif tag == "q":
            self.text.add("”")
        elif self._rows and tag in ("p", "div"):
            self.text.add(" ")

    def _words(self, parent: Node, words: str | None) -> None:
        if not words:
            return
        if self._broken and words.strip():
            self._broken = False
        if parent is not None and parent.tag == "pre":
            first, *others = _BLANK_LINE.split(words)
            self._add(first)
            for other in others:
                self._end()
                self._add(other)
        else:
            self._add(words)

    def _add(self, words: str) -> None:
        if self._prefix and words.strip():
            prefix, self._prefix = self._prefix, ""
            if not _NUMBERED.match(words.lstrip()):
                self.text.add(prefix)
        if self._turning is not None and words.strip():
            words = self._turn(words)
        self.text.add(words, bold=self._bold > 0)

    def _break(self) -> None:
        """One line break is a space, two are the end of a paragraph."""
        if self._broken and not self._rows:
            self._end()
        else:
            self.text.add(" ")
        self._broken = True

    def _skip_page(self, label: str) -> None:
        """Turn a page on which nothing stands, before the one of another label."""
        if self._turning not in (None, label) and self._note is None:
            inside = bool(self.text)
            self._end()
            self.draft.turn_page(self._turning or None, inside=inside)

    def _turn(self, words: str) -> str:
        """Begin the page before the next word; a word that a page number cuts stays whole."""
        label, self._turning = self._turning, None
        if self.text and not self.text.ends_open and not words[:1].isspace():
            head, space, words = words.partition(" ")
            self.text.add(head + space)
        inside = bool(self.text)
        if inside and self._note is None:
            heading, broken = self._heading, self._broken
            self._end()
            self._heading, self._broken = heading, broken
        if self._note is None:
            self.draft.turn_page(label or None, inside=inside)
        return words

    def _item_number(self, element: Node) -> str:
        if not self._counts or self._counts[-1] is None:
            return ""
        value = element.get("value", "")
        number = int(value) if re.fullmatch(r"\d{1,6}", value) else self._counts[-1]
        self._counts[-1] = number + 1
        return f"{number}. "

    def _end(self) -> None:
        """End the block that is being read."""
        self._broken = False
        if self._note is not None:
            self.draft.add_note(self.text, *self._note, self._number)
        elif self._heading and not self._open:
            self.draft.add(self.text, "heading", self._number, level=self._heading)
        else:
            role: Role = "table" if self._rows else self._open[-1] if self._open else "paragraph"
            level = NAMES if self._rows and _names_columns(self._rows[-1]) else 0
            self.draft.add(self.text, role, self._number, level=level, centred=self._centred > 0)
        self._heading = 0


def _is_initial(element: Node) -> bool:
    """Tell whether a picture is the first letter of the text: Project Gutenberg's drop caps."""
    return element.tag == "img" and bool(re.fullmatch(r"\s*[^\W\d_]\s*", element.get("alt", "")))


def _names_columns(row: Node) -> bool:
    """Tell whether a row holds the names of columns and nothing else."""
    cells = [cell.tag for cell in row if cell.tag in ("th", "td")]
    parent = row.getparent()
    return bool(cells) and ("td" not in cells or (parent is not None and parent.tag == "thead"))


def _is_page_number(element: Node) -> bool:
    """Tell whether an element says that a printed page begins here."""
    if element.get("role") == "doc-pagebreak" or element.get("epub:type") == "pagebreak":
        return True
    shown = "".join(element.itertext()).strip()
    if element.tag in _BLOCKS - {"div", "p"} or len(shown) > _LONGEST_NUMBER:
        return False
    if _PAGE_CLASS.search(element.get("class", "")):
        return True
    named = element.get("id") or element.get("name") or ""
    anchor = element.tag in ("a", "span") and not shown and _PAGE_NAME.fullmatch(named)
    return bool(anchor or (element.get("class") == "page" and _PAGE_SHOWN.fullmatch(shown)))


def _page_label(element: Node) -> str:
    """Give what is printed on the page, as far as it is a number."""
    inside = [e.get("id") or e.get("name") or "" for e in element.iter()]
    shown = "".join(element.itertext())
    for words in (element.get("aria-label"), element.get("title"), shown, *inside):
        printed = _PRINTED.search((words or "").strip())
        if printed:
            return printed.group(1)
    return (element.get("aria-label") or element.get("title") or shown).strip()[:20]


def _start(element: Node) -> int:
    value = element.get("start", "1")
    return int(value) if re.fullmatch(r"\d{1,6}", value) else 1


def _is_unseen(element: Node) -> bool:
    return (
        not isinstance(element.tag, str)
        or element.tag in _SKIPPED
        or element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or element.get("role") in ("navigation", "search")
        or ("display:none" in _style(element) and "mwe-math" not in element.get("class", ""))
    )


def _is_bold(element: Node) -> bool:
    weight = _style(element).partition("font-weight:")[2]
    return element.tag in ("b", "strong") or weight.startswith(("bold", "6", "7", "8", "9"))


def _is_centred(element: Node) -> bool:
    return (
        element.tag == "center"
        or element.get("align", "").lower() == "center"
        or "text-align:center" in _style(element)
    )


def _style(element: Node) -> str:
    return str(element.get("style", "")).replace(" ", "").lower()
