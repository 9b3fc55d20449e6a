"""DOCX: the text of a Word file with its headings, lists, tables, footnotes and endnotes.

Owns: which element of WordprocessingML is which block. Fields are taken as they were last saved,
numbers are counted in ``wordnumbers``; deleted text stays out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from lxml import etree

from dipnot.errors import CorpusError, shown
from dipnot.formats.blocks import Draft, Text
from dipnot.formats.columns import NAMES
from dipnot.formats.equations import equation_text
from dipnot.formats.raised import lowered_text
from dipnot.formats.spanning import merged_cells
from dipnot.formats.wordnumbers import Lists, note_labels, value_of
from dipnot.formats.wordparts import parse_part, unpack
from dipnot.formats.wordstyles import OFF, Styles, read_styles, value
from dipnot.types import About, Line, Role, SourcePage

Node = Any  # lxml names no public type for an element

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}oMath"
_TITLE = "{http://purl.org/dc/elements/1.1/}title"
_FILE_LIKE = re.compile(r"\.\w{2,5}$|microsoft|word|document|belge|adsız|untitled", re.IGNORECASE)
_LEVELS = frozenset("012345678")
_LONGEST_MARK = 4
_PROSE = 10  # words of a paragraph; what data say is shorter
_INLINE = {"t": "", "sym": "", "tab": " ", "br": " ", "cr": " ", "ptab": " ", "noBreakHyphen": "-"}
_SKIPPED = frozenset(
    "del moveFrom instrText delText pPr rPr sectPr tblPr trPr tcPr tblGrid sdtPr".split()
)


def read(name: str, data: bytes) -> tuple[SourcePage, ...]:
    """Read the bytes of a DOCX; its pages are those that Word noted when it last saved it."""
    parts = unpack(name, data)
    document = parse_part(name, "word/document.xml", parts.get("word/document.xml", b""))
    styles = read_styles(parse_part(name, "word/styles.xml", parts.get("word/styles.xml", b"")))
    body = document.find(f"{_W}body") if document is not None else None
    if body is None:
        raise CorpusError(
            f"{shown(name)} holds no Word text; expected word/document.xml with a body. Save it as "
            "DOCX again."
        )
    paged = next(body.iter(f"{_W}lastRenderedPageBreak"), None) is not None
    lists = Lists(parse_part(name, "word/numbering.xml", parts.get("word/numbering.xml", b"")))
    settings = parse_part(name, "word/settings.xml", parts.get("word/settings.xml", b""))
    walk = _Walk(body, styles, lists, note_labels(body, settings), paged=paged)
    walk.over(body)
    walk.draft.about = _about(
        parse_part(name, "docProps/core.xml", parts.get("docProps/core.xml", b""))
    )
    for kind in ("footnote", "endnote"):
        root = parse_part(name, f"word/{kind}s.xml", parts.get(f"word/{kind}s.xml", b""))
        for note in root.findall(f"{_W}{kind}") if root is not None else ():
            walk.note(kind, note)
    return walk.draft.source_pages()


def _about(root: Node) -> About | None:
    """Take the title from the properties, unless a program made it up."""
    title = " ".join((root.findtext(_TITLE) or "").split()) if root is not None else ""
    return About(title=title) if len(title.split()) > 1 and not _FILE_LIKE.search(title) else None


@dataclass(slots=True)
class _Breaks:
    """The page breaks of a row; each of its cells says them again."""

    in_cell: int = 0
    in_row: int = 0
    before: int = 0

    def precede(self, *, row_is_empty: bool) -> bool:
        """Take a page break; tell whether the row begins behind it."""
        self.in_cell += 1
        self.in_row = max(self.in_row, self.in_cell)
        first = row_is_empty and self.in_cell > self.before
        self.before += first
        return first

    def behind(self) -> int:
        """Give how many pages begin inside the row, and start again."""
        inside, self.in_row, self.before = self.in_row - self.before, 0, 0
        return inside


class _Walk:
    """Goes through the elements once, without recursion."""

    def __init__(
        self, body: Node, styles: Styles, lists: Lists, labels: dict[str, str], *, paged: bool
    ) -> None:
        self.draft = Draft()
        self._styles = styles
        self._lists = lists
        self._labels = labels
        self._merged = merged_cells(body)
        self._names = False  # the row names the columns of its table
        self._custom: Node = None  # the run whose text is the mark of a note
        self._drop_cap = ""
        self._paged = paged
        self._texts = [Text()]  # more than one inside a text box
        self._rows = 0
        self._placing: set[Node] = set()  # rows that only place things
        self._boxed: list[Line] = []  # what text boxes of a cell say
        self._breaks = _Breaks()
        self._number = 0
        self._turning = False  # a page begins behind the word that is being read
        self._note: tuple[str, str] | None = None

    def note(self, kind: str, element: Node) -> None:
        """Read a note; the lines that Word draws between are no notes."""
        key = f"{kind} {element.get(f'{_W}id')}"
        if element.get(f"{_W}type") in (None, "normal"):
            self._note = (key, self._labels.get(key, "?"))
            self.over(element)
            self._note = None

    def over(self, root: Node) -> None:
        """Turn what is below ``root`` into blocks."""
        walk = etree.iterwalk(root, events=("start", "end"))
        skipped: Node = None
        for event, element in walk:
            if not isinstance(element.tag, str) or not element.tag.startswith(_W):
                if event == "start" and element.tag == _FALLBACK:
                    walk.skip_subtree()  # the same once more, for old readers
                elif event == "start" and element.tag == _MATH:
                    walk.skip_subtree()
                    self._texts[-1].add_equation(equation_text(element))
                continue
            tag = element.tag[len(_W) :]
            if event == "start" and (tag in _SKIPPED or (tag == "r" and _is_hidden(element))):
                walk.skip_subtree()
                skipped = element
            elif event == "start":
                self._enter(tag, element)
            elif element is not skipped:
                self._leave(tag, element)

    def _enter(self, tag: str, element: Node) -> None:
        text = self._texts[-1]
        if tag in _INLINE:
            self._add(tag, element)
        elif tag in ("footnoteReference", "endnoteReference"):
            self._refer(tag.removesuffix("Reference"), element)
        elif tag == "lastRenderedPageBreak" and self._paged and self._note is None:
            self._break_page(element)
        elif tag == "txbxContent":
            self._texts.append(Text())
        elif tag == "tr":
            self._begin_row(element)
        elif tag == "tbl":
            self.draft.begin_table()
        elif tag == "tc" and self._rows:
            self._breaks.in_cell = 0
            text.add(" | " if text else "")
            text.add(self._merged.get(element, ""))
        elif tag == "p":
            if text and not self._rows:
                self._end(element)
            self._begin(element)

    def _begin_row(self, row: Node) -> None:
        if self._places(row):
            self._placing.add(row)
            return
        self._rows += 1
        header = row.find(f"{_W}trPr/{_W}tblHeader")
        self._names = header is not None and header.get(f"{_W}val") not in OFF

    def _break_page(self, element: Node) -> None:
        """Begin a page at once, or behind the word or the row that is being read."""
        if self._rows:
            if self._breaks.precede(row_is_empty=not any(self._texts)):
                self.draft.turn_page()
        elif self._texts[-1].ends_open:
            self._turn(element)
        else:
            self._turning = True

    def _add(self, tag: str, element: Node) -> None:
        """Add what stands inside a run."""
        text = self._texts[-1]
        if tag in ("t", "sym") and self._custom is not None:
            self._take_mark(element)
        elif tag == "t" and self._is_raised(element.getparent()):
            text.add_raised(element.text or "")
        elif tag == "sym":
            text.add(_symbol(element))
        elif tag == "t":
            run = element.getparent()
            bold, size = self._styles.bold_of(run), self._styles.size_of(run)
            words = element.text or ""
            words = lowered_text(words) if _is_lowered(run) else words
            if self._turning and " " in words:
                head, words = words.split(" ", 1)
                text.add(f"{head} ", bold=bold, size=size)
                self._turn(element)
            text.add(words, bold=bold, size=size)
        else:
            text.add(_INLINE[tag])

    def _turn(self, element: Node) -> None:
        """Begin a page; a word stands on one page, where it began."""
        self._turning = False
        inside = bool(self._texts[-1])
        if inside:
            self._end(element)
        self.draft.turn_page(inside=inside)

    def _begin(self, element: Node) -> None:
        """Begin a paragraph with the letter dropped before it, or with its number."""
        text, self._custom = self._texts[-1], None
        if self._drop_cap and not text:
            text.add(self._drop_cap)
            self._drop_cap = ""
        if next(element.iter(f"{_W}t"), None) is None:
            return
        properties = element.find(f"{_W}pPr")
        own = properties.find(f"{_W}numPr") if properties is not None else None
        style = value(properties, "pStyle") if properties is not None else ""
        inherited = self._styles.numbered.get(style)
        number = own if own is not None else inherited
        if number is not None:
            num_id = value(number, "numId") or (
                value(inherited, "numId") if inherited is not None else ""
            )
            level = value(number, "ilvl")
            printed = self._lists.next(num_id, int(level) if level in _LEVELS else 0)
            text.add(f"{printed} " if printed else "")

    def _leave(self, tag: str, element: Node) -> None:
        if tag == "p":
            self._number += 1
            if self._rows:
                self._say_boxed()
            else:
                self._end(element)
            if self._turning:
                self._turn(element)
        elif tag == "tr" and element not in self._placing:
            self._rows -= 1
            if not self._rows:
                self._finish("table", NAMES if self._names else 0)
                for _ in range(self._breaks.behind()):
                    self.draft.turn_page()
        elif tag == "tbl" and not self._rows:
            self.draft.end_table()
        elif tag == "txbxContent" and len(self._texts) > 1:
            words, marks = self._texts.pop().take()
            if words:
                self._boxed.append(Line(words, self._number, marks=marks))

    def _say_boxed(self) -> None:
        """End a paragraph of a cell with what its text boxes say."""
        self._texts[-1].add(" ")
        for line in self._boxed:
            self._texts[-1].add_line(line)
            self._texts[-1].add(" ")
        self._boxed = []

    def _places(self, row: Node) -> bool:
        """Tell a row that only places things: headings, a table, or paragraphs of prose a cell."""
        told = _told_cells(row)
        held = [element for cell in told for element in cell]
        return bool(told) and (
            (all(len(cell) > 1 for cell in told) and any(map(_is_prose, held)) and _is_apart(row))
            or any(e.tag == f"{_W}tbl" or self._role_of(e)[0] == "heading" for e in held)
        )

    def _is_raised(self, run: Node) -> bool:
        properties = run.find(f"{_W}rPr") if run is not None else None
        if properties is None:
            return False
        height = value(properties, "vertAlign")
        return height == "superscript" or (
            not height and value(properties, "rStyle") in self._styles.raised
        )

    def _refer(self, kind: str, element: Node) -> None:
        key = f"{kind} {element.get(f'{_W}id')}"
        if element.get(f"{_W}customMarkFollows") in ("1", "true", "on"):
            self._custom = element.getparent()
            follows = "".join(t.text or "" for t in self._custom.iter(f"{_W}t"))
            self._labels[key] = follows.strip()[:10] or "*"
        self._texts[-1].mark(key, self._labels.setdefault(key, "?"))

    def _take_mark(self, element: Node) -> None:
        """Leave out the mark that somebody typed for a note, in the run or the one behind it."""
        self._custom = None
        words = (element.text or "").strip()
        mark = self._texts[-1].marks[-1] if self._texts[-1].marks else None
        if len(words) > _LONGEST_MARK:
            self._texts[-1].add(element.text or "")
        elif mark is not None and element.tag == f"{_W}t" and words:
            self._labels[mark.key] = words
            self._texts[-1].marks[-1] = mark._replace(label=words)

    def _end(self, element: Node) -> None:
        """End a paragraph, or the part of it that stands on a page."""
        while element is not None and element.tag != f"{_W}p":
            element = element.getparent()
        style = _style_of(element)
        frame = element.find(f"{_W}pPr/{_W}framePr") if element is not None else None
        if frame is not None and frame.get(f"{_W}dropCap") in ("drop", "margin"):
            self._drop_cap += self._texts[-1].take()[0]
            return
        if style in self._styles.contents:
            self._texts[-1].take()
            return
        role, level = self._role_of(element)
        self._finish(role, level, centred=self._is_centred(element))

    def _role_of(self, element: Node) -> tuple[Role, int]:
        role, level = self._styles.roles.get(_style_of(element), ("paragraph", 0))
        outline = element.find(f"{_W}pPr/{_W}outlineLvl") if element is not None else None
        if outline is not None and outline.get(f"{_W}val", "9") in "012345678":
            return "heading", int(outline.get(f"{_W}val")) + 1
        listed = role == "paragraph" and _is_listed(element)
        return ("list", level) if listed else (role, level)

    def _is_centred(self, element: Node) -> bool:
        own = value_of(element, f"{_W}pPr/{_W}jc")
        style = value_of(element, f"{_W}pPr/{_W}pStyle")
        return (own or self._styles.looks.get(style, {}).get("jc", "")) == "center"

    def _finish(self, role: Role, level: int = 0, *, centred: bool = False) -> None:
        if self._note is not None:
            self.draft.add_note(self._texts[-1], *self._note, self._number)
        else:
            text = self._texts[-1]
            self.draft.add(text, role, self._number, level=level, centred=centred)


def _told_cells(row: Node) -> list[list[Node]]:
    """Give what the cells of a row hold that say something."""
    cells = [
        [e for e in cell.iterchildren(f"{_W}p", f"{_W}tbl") if e.find(f".//{_W}t") is not None]
        for cell in row.iterchildren(f"{_W}tc")
    ]
    return [cell for cell in cells if cell]


def _is_prose(element: Node) -> bool:
    """Tell whether a paragraph says something: it ends as a sentence, or has many words."""
    words = "".join(t.text or "" for t in element.iter(f"{_W}t")).split()
    return len(words) >= _PROSE or "".join(words[-1:]).endswith((".", "!", "?", "…", ":"))


def _is_apart(row: Node) -> bool:
    """Tell whether a row is none of data: no row names columns, none beside it has more cells."""
    first = row.getparent().find(f"{_W}tr")
    header = first.find(f"{_W}trPr/{_W}tblHeader") if first is not None else None
    if header is not None and header.get(f"{_W}val") not in OFF:
        return False
    beside = [e for e in (row.getprevious(), row.getnext()) if e is not None and e.tag == row.tag]
    told = len(_told_cells(row))
    return all(len(_told_cells(other)) <= told for other in beside)


def _style_of(element: Node) -> str:
    return value_of(element, f"{_W}pPr/{_W}pStyle") if element is not None else ""


def _is_listed(element: Node) -> bool:
    number = element.find(f"{_W}pPr/{_W}numPr/{_W}numId") if element is not None else None
    return number is not None and number.get(f"{_W}val") != "0"


def _is_hidden(run: Node) -> bool:
    hidden = run.find(f"{_W}rPr/{_W}vanish")
    return hidden is not None and hidden.get(f"{_W}val") not in OFF


def _is_lowered(run: Node) -> bool:
    return run is not None and value_of(run, f"{_W}rPr/{_W}vertAlign") == "subscript"


def _symbol(element: Node) -> str:
    code = element.get(f"{_W}char", "")
    if not re.fullmatch(r"[0-9A-Fa-f]{4}", code):
        return ""
    char = chr(int(code, 16))
    return char if char.isprintable() else "•"
