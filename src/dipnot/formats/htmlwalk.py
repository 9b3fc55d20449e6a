"""The elements of a page, gone through once, to blocks of text.

Owns: which element is which block, and where printed pages begin. Which links are footnotes is
told in ``hypertext``.
"""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from dipnot.formats.blocks import Draft, Text
from dipnot.formats.columns import NAMES
from dipnot.formats.elements import (
    BLOCKS,
    heads_what_follows,
    is_block,
    is_bold,
    is_centred,
    is_initial,
    is_lowered,
    is_page_number,
    is_unseen,
    names_columns,
    page_label,
    stand_apart,
    style,
)
from dipnot.formats.equations import equation_of
from dipnot.formats.hypertext import Notes
from dipnot.formats.raised import lowered_text
from dipnot.formats.wordnumbers import as_printed
from dipnot.types import Role

Node = Any  # lxml names no public type for an element

_SAID = {"q": "“", "input": " "}  # what an element says where it begins
_LISTS = ("ol", "ul", "menu", "dir")
_FORMS = {
    "a": "lowerLetter", "lower-alpha": "lowerLetter", "lower-latin": "lowerLetter",
    "A": "upperLetter", "upper-alpha": "upperLetter", "upper-latin": "upperLetter",
    "i": "lowerRoman", "lower-roman": "lowerRoman", "I": "upperRoman", "upper-roman": "upperRoman",
}  # fmt: skip
_LOWEST = 6  # the level of what no heading sets off
_RAISED = 12  # more letters, raised, are text
_HEADING = re.compile(r"h[1-6]")
_NUMBERED = re.compile(r"\(?\w{1,4}[.)]\s")
_LABELLED = re.compile(r"(?:\[[\w*†‡]{1,3}\]|\(\d{1,3}\)|[*†‡]{1,3})\s*\S")
_COUNTED = re.compile(r"\s*(\d{1,3})[.)]\s+\S")
_BLANK_LINE = re.compile(r"\n[ \t]*\n")


class Walk:
    """Goes through the elements once, without recursion, and remembers what is open."""

    def __init__(self, notes: Notes, layout: set[Node], spanned: dict[Node, list[str]]) -> None:
        """Take the notes of the page, the rows that only place things, and the cells said again."""
        self.draft = Draft()
        self.text = Text()
        self.notes = notes
        self._layout = layout
        self._spanned = spanned
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
            if event == "start" and element is not root and self._is_taken_whole(element):
                walk.skip_subtree()
                left_out = element
            elif event == "start":
                self._enter(element)
                self._words(element, element.text)
            else:
                if element is not left_out:
                    self._leave(element)
                if element is not root:
                    self._words(element.getparent(), element.tail)
                    if stand_apart(element):
                        self.text.add(" ")
        self._end()

    def _is_taken_whole(self, element: Node) -> bool:
        """Take what is not read word by word: left out, raised, an equation, a page number."""
        equation = equation_of(element)
        if equation is not None and element not in self.notes.left_out:
            self._add(equation, equation=True)
        elif self._is_left_out(element):
            self._refer(element)
        elif self._is_raised(element):
            if self._broken and self.text.opens_raised:
                self._end()  # notes on lines of their own, in one paragraph
            self.text.add_raised("".join(element.itertext()))
        elif is_lowered(element):
            self._add(lowered_text("".join(element.itertext())))
        elif is_initial(element):
            self._add(element.get("alt").strip())
        elif is_page_number(element):
            self._begin_page(page_label(element))
        else:
            return False
        return True

    def _begin_page(self, label: str) -> None:
        """Begin a page at the next word; what names the same page again begins none."""
        if label != self.draft.pages[-1].label or not label:
            self._skip_page(label)
            self._turning = label

    def _is_left_out(self, element: Node) -> bool:
        return element in self.notes.left_out or is_unseen(element)

    def _is_raised(self, element: Node) -> bool:
        """Tell whether an element is raised figures or letters, and nothing else."""
        return (
            (element.tag == "sup" or "vertical-align:super" in style(element))
            and len("".join(element.itertext()).strip()) <= _RAISED
            and not any(e in self.notes.markers or e.tag in BLOCKS for e in element.iter())
        )

    def _refer(self, element: Node) -> None:
        """Hang the note that an element points to."""
        mark = self.notes.markers.get(element)
        if mark is not None and self._note is None:
            self.text.mark(*mark)
        if element.tag in BLOCKS and mark is None:
            self._end()

    def _enter(self, element: Node) -> None:
        tag = element.tag
        self._bold += is_bold(element)
        self._part(element)
        self._centred += is_centred(element)
        self._number = element.sourceline or self._number
        if tag == "blockquote":
            self._open.append("quotation")
        elif tag in ("li", "dd"):
            self._open.append("list")
            self._prefix = self._item_number(element)
        elif tag in _LISTS:
            self._counts.append(_start(element) if tag == "ol" else None)
        elif tag == "tr" and element not in self._layout:
            self._rows.append(element)
        elif tag == "table":
            self.draft.begin_table()
        elif tag in ("td", "th"):
            if not self._rows:
                self._end()
            self._span(element)
            if self._rows and self.text:
                self.text.add(" | ")
        elif tag == "br":
            self._break()
        elif tag in _SAID:
            self.text.add(_SAID[tag])
        elif level := _level_of(element):
            self._end()
            self._heading = level

    def _part(self, element: Node) -> None:
        """End a block where an element begins or ends one."""
        if element.tag in BLOCKS:
            if not (self._rows and element.tag in ("p", "div")):
                self._end()
        elif is_block(element):
            if self._heading or self._rows:
                self.text.add(" ")
            else:
                self._end()

    def _span(self, element: Node) -> None:
        """Say again the cells that reach down from the rows above, where they stand."""
        for words in self._spanned.get(element, ()):
            self.text.add(f" | {words}" if self.text else words)

    def _leave(self, element: Node) -> None:
        tag = element.tag
        if tag == "tr":
            self._span(element)
        self._part(element)
        self._bold -= is_bold(element)
        self._centred -= is_centred(element)
        if tag in ("blockquote", "li", "dd") and self._open:
            self._open.pop()
        elif tag in _LISTS and self._counts:
            self._counts.pop()
        elif tag == "tr" and self._rows and self._rows[-1] is element:
            self._rows.pop()
        elif tag == "table" and not self._rows:
            self.draft.end_table()
        elif tag == "q":
            self.text.add("”")
        elif heads_what_follows(element):
            self._end()
        elif self._rows and tag in ("p", "div"):
            self.text.add(" ")

    def _words(self, parent: Node, words: str | None) -> None:
        if not words:
            return
        if self._broken and words.strip():
            if self._is_next(words):
                self._end()  # notes below each other: `[1] …<br>[2] …`
            self._broken = False
        if parent is not None and parent.tag == "pre":
            first, *others = _BLANK_LINE.split(words)
            self._add(first)
            for other in others:
                self._end()
                self._add(other)
        else:
            self._add(words)

    def _is_next(self, words: str) -> bool:
        """Tell whether words behind a line break are labelled as what they follow is."""
        if _LABELLED.match(words.lstrip()):
            return self.text.opens_with(_LABELLED) is not None
        first, following = self.text.opens_with(_COUNTED), _COUNTED.match(words)
        if first is None or following is None:
            return False
        return int(first[1]) + 1 == int(following[1])

    def _add(self, words: str, *, equation: bool = False) -> None:
        if self._prefix and words.strip():
            prefix, self._prefix = self._prefix, ""
            if not _NUMBERED.match(words.lstrip()):
                self.text.add(prefix)
        if self._turning is not None and words.strip():
            words = self._turn(words)
        if equation:
            self.text.add_equation(words)
        else:
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
        return f"{as_printed(number, _form(next(element.iterancestors(*_LISTS))))}. "

    def _end(self) -> None:
        """End the block that is being read."""
        self._broken = False
        if self._note is not None:
            self.draft.add_note(self.text, *self._note, self._number)
        elif self._heading and not self._open:
            self.draft.add(self.text, "heading", self._number, level=self._heading)
        else:
            role: Role = "table" if self._rows else self._open[-1] if self._open else "paragraph"
            level = NAMES if self._rows and names_columns(self._rows[-1]) else 0
            self.draft.add(self.text, role, self._number, level=level, centred=self._centred > 0)
        self._heading = 0


def _level_of(element: Node) -> int:
    """Give the level of a heading; 0 for what heads nothing."""
    if _HEADING.fullmatch(element.tag):
        return int(element.tag[1])
    return _LOWEST if heads_what_follows(element) else 0


def _form(element: Node) -> str:
    """Give what Word calls the look of the numbers of a list."""
    said = style(element).partition("list-style-type:")[2].partition(";")[0]
    return _FORMS.get(element.get("type", "") or said, "decimal")


def _start(element: Node) -> int:
    value = element.get("start", "1")
    return int(value) if re.fullmatch(r"\d{1,6}", value) else 1
