"""DOCX: the text of a Word file with its headings, lists, tables, footnotes and endnotes.

Owns: which element of WordprocessingML is which block. Fields are taken as they were last saved,
numbers are counted in ``wordnumbers``; deleted text stays out.
"""

from __future__ import annotations

import io
import lzma
import re
import struct
import zipfile
import zlib
from typing import Any

from lxml import etree

from dipnot.errors import CorpusError, shown
from dipnot.formats.blocks import Draft, Text
from dipnot.formats.columns import NAMES
from dipnot.formats.equations import equation_text
from dipnot.formats.wordnumbers import Lists, note_labels, value_of
from dipnot.types import About, Role, SourcePage

Node = Any  # lxml names no public type for an element

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_MAX_PART = 100 * 1024 * 1024
_MAX_RATIO = 200
_DAMAGES = (  # what zipfile raises on a damaged or encrypted file
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError, RuntimeError,
    NotImplementedError, ValueError, OverflowError,
)  # fmt: skip
_SMALL = 1024 * 1024  # below this no ratio is dangerous
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}oMath"
_TITLE = "{http://purl.org/dc/elements/1.1/}title"
_PARTS = (
    "word/document.xml", "word/styles.xml", "word/footnotes.xml", "word/endnotes.xml",
    "word/numbering.xml", "word/settings.xml", "docProps/core.xml",
)  # fmt: skip
_FILE_LIKE = re.compile(r"\.\w{2,5}$|microsoft|word|document|belge|adsız|untitled", re.IGNORECASE)
_OLE = b"\xd0\xcf\x11\xe0"
_HEADING = re.compile(r"heading (\d)")
_QUOTES = frozenset(("quote", "intense quote", "block text", "block quote", "blockquote", "alıntı"))
_TITLES = frozenset(("title",))
_LEVELS = frozenset("012345678")
_LOOKS = (
    ("b", f"{_W}rPr/{_W}b"),
    ("sz", f"{_W}rPr/{_W}sz"),
    ("jc", f"{_W}pPr/{_W}jc"),
)
_OFF = ("0", "false", "off", "none")
_LONGEST_MARK = 4
_INLINE = {"t": "", "sym": "", "tab": " ", "br": " ", "cr": " ", "ptab": " ", "noBreakHyphen": "-"}
_LISTED = re.compile(r"list\b|list paragraph")
_CONTENTS = re.compile(r"toc \d|table of figures")
_SKIPPED = frozenset(
    "del moveFrom instrText delText pPr rPr sectPr tblPr trPr tcPr tblGrid sdtPr".split()
)


def read(name: str, data: bytes) -> tuple[SourcePage, ...]:
    """Read the bytes of a DOCX; its pages are those that Word noted when it last saved it."""
    parts = _unpack(name, data)
    document = _parse(name, "word/document.xml", parts.get("word/document.xml", b""))
    styles = _styles(_parse(name, "word/styles.xml", parts.get("word/styles.xml", b"")))
    body = document.find(f"{_W}body") if document is not None else None
    if body is None:
        raise CorpusError(
            f"{shown(name)} holds no Word text; expected word/document.xml with a body. Save it as "
            "DOCX again."
        )
    paged = next(body.iter(f"{_W}lastRenderedPageBreak"), None) is not None
    lists = Lists(_parse(name, "word/numbering.xml", parts.get("word/numbering.xml", b"")))
    settings = _parse(name, "word/settings.xml", parts.get("word/settings.xml", b""))
    walk = _Walk(styles, lists, note_labels(body, settings), paged=paged)
    walk.over(body)
    walk.draft.about = _about(
        _parse(name, "docProps/core.xml", parts.get("docProps/core.xml", b""))
    )
    for kind in ("footnote", "endnote"):
        root = _parse(name, f"word/{kind}s.xml", parts.get(f"word/{kind}s.xml", b""))
        for note in root.findall(f"{_W}{kind}") if root is not None else ():
            walk.note(kind, note)
    return walk.draft.source_pages()


def _about(root: Node) -> About | None:
    """Take the title from the properties, unless a program made it up."""
    title = " ".join((root.findtext(_TITLE) or "").split()) if root is not None else ""
    return About(title=title) if len(title.split()) > 1 and not _FILE_LIKE.search(title) else None


def _unpack(name: str, data: bytes) -> dict[str, bytes]:
    """Take the parts we read out of the zip, none larger than it may be."""
    if data.startswith(_OLE):
        raise CorpusError(
            f"{shown(name)} is encrypted, or an old .doc under another name. Open it in Word and "
            "save it as DOCX without a password."
        )
    parts: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for info in archive.infolist():
                if info.filename not in _PARTS:
                    continue
                ratio = info.file_size / max(info.compress_size, 1)
                if info.file_size > _MAX_PART or (ratio > _MAX_RATIO and info.file_size > _SMALL):
                    raise CorpusError(
                        f"{shown(name)}: {shown(info.filename)} unpacks to {info.file_size:,} "
                        f"bytes, {ratio:,.0f} times its size; at most {_MAX_PART:,} and "
                        f"{_MAX_RATIO} times are read. Split the file."
                    )
                with archive.open(info) as part:
                    parts[info.filename] = part.read(_MAX_PART)
    except _DAMAGES as error:
        raise CorpusError(
            f"{shown(name)} cannot be read as DOCX: {error}. Save it as DOCX again."
        ) from None
    return parts


def _parse(name: str, part: str, data: bytes) -> Node:
    """Parse a part without entities and network; None where the file has no such part."""
    if not data:
        return None
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True,
        remove_comments=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(data.replace(_STRICT[1:-1].encode(), _W[1:-1].encode()), parser)
    except (etree.LxmlError, ValueError) as error:
        raise CorpusError(
            f"{shown(name)}: {shown(part)} is not well-formed XML: {error}. Save it as DOCX again."
        ) from None
    if root.getroottree().docinfo.doctype:
        raise CorpusError(
            f"{shown(name)}: {shown(part)} declares a document type, which no Word file does. "
            "Save it as DOCX again."
        )
    return root


class _Styles:
    """What the styles of a file say: role and level by style id."""

    def __init__(self) -> None:
        self.roles: dict[str, tuple[Role, int]] = {}
        self.contents: set[str] = set()
        self.raised: set[str] = set()
        self.numbered: dict[str, Node] = {}  # what their paragraphs are numbered by
        self.looks: dict[str, dict[str, str]] = {}  # `b`, `sz` and `jc` by style id

    def said(self, run: Node, what: str) -> str:
        """Find what a run, its style or its paragraph's style says of its look."""
        properties = run.find(f"{_W}rPr") if run is not None else None
        own = properties.find(f"{_W}{what}") if properties is not None else None
        if own is not None:
            return str(own.get(f"{_W}val", "1"))
        paragraph = run
        while paragraph is not None and paragraph.tag != f"{_W}p":
            paragraph = paragraph.getparent()
        of_run = _value(properties, "rStyle") if properties is not None else ""
        of_paragraph = value_of(paragraph, f"{_W}pPr/{_W}pStyle")
        for style in (of_run, of_paragraph, ""):
            if what in self.looks.get(style, {}):
                return self.looks[style][what]
        return ""

    def bold_of(self, run: Node) -> bool:
        """Tell whether a run is bold."""
        return self.said(run, "b") not in ("", *_OFF)

    def size_of(self, run: Node) -> float:
        """Give the size of a run in half points; 0 where nothing says it."""
        size = self.said(run, "sz")
        return float(size) if size.isdigit() else 0.0


def _styles(root: Node) -> _Styles:
    styles = _Styles()
    elements = (
        {s.get(f"{_W}styleId"): s for s in root.iter(f"{_W}style")} if root is not None else {}
    )
    for style_id, style in elements.items():
        chain: list[Node] = []
        ancestor = style
        while ancestor is not None and ancestor not in chain:
            chain.append(ancestor)
            ancestor = elements.get(_value(ancestor, "basedOn"))
        heights = [_value(a.find(f"{_W}rPr"), "vertAlign") for a in chain if _has_look(a)]
        if next(filter(None, heights), "") == "superscript":
            styles.raised.add(style_id)
        for what, path in _LOOKS:
            said = next((e for a in chain if (e := a.find(path)) is not None), None)
            if said is not None:
                styles.looks.setdefault(style_id, {})[what] = said.get(f"{_W}val", "1")
        numbers = [a.find(f"{_W}pPr/{_W}numPr") for a in chain]
        styles.numbered[style_id] = next((n for n in numbers if n is not None), None)
        for ancestor in chain:
            name = _value(ancestor, "name").lower()
            if _CONTENTS.match(name):
                styles.contents.add(style_id)
            role = _role_of(name, ancestor)
            if role is not None:
                styles.roles[style_id] = role
                break
    _add_defaults(styles, root)
    return styles


def _add_defaults(styles: _Styles, root: Node) -> None:
    """What no style says, the defaults of the file say; they have no id."""
    for what in ("b", "sz"):
        path = f"{_W}docDefaults/{_W}rPrDefault/{_W}rPr/{_W}{what}"
        default = root.find(path) if root is not None else None
        if default is not None:
            styles.looks.setdefault("", {})[what] = default.get(f"{_W}val", "1")
    for style in root.iter(f"{_W}style") if root is not None else ():
        if style.get(f"{_W}default") == "1" and style.get(f"{_W}type") == "paragraph":
            of_style = styles.looks.get(style.get(f"{_W}styleId"), {})
            styles.looks.setdefault("", {}).update(of_style)


def _role_of(name: str, style: Node) -> tuple[Role, int] | None:
    outline = style.find(f"{_W}pPr/{_W}outlineLvl")
    level = outline.get(f"{_W}val", "9") if outline is not None else "9"
    heading = _HEADING.fullmatch(name)
    if heading or level in "012345678":
        return "heading", int(heading.group(1)) if heading else int(level) + 1
    if name in _TITLES:
        return "title", 0
    if name in _QUOTES:
        return "quotation", 0
    numbered = style.find(f"{_W}pPr/{_W}numPr") is not None
    return ("list", 0) if numbered or _LISTED.match(name) else None


def _has_look(style: Node) -> bool:
    return style.find(f"{_W}rPr") is not None


def _value(element: Node, child: str) -> str:
    found = element.find(f"{_W}{child}")
    return "" if found is None else found.get(f"{_W}val", "")


class _Walk:
    """Goes through the elements once, without recursion."""

    def __init__(
        self, styles: _Styles, lists: Lists, labels: dict[str, str], *, paged: bool
    ) -> None:
        self.draft = Draft()
        self._styles = styles
        self._lists = lists
        self._labels = labels
        self._names = False  # the row names the columns of its table
        self._custom: Node = None  # the run whose text is the mark of a note
        self._drop_cap = ""
        self._paged = paged
        self._texts = [Text()]  # more than one inside a text box
        self._rows = 0
        self._number = 0
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
                    self._texts[-1].add(equation_text(element))
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
            inside = bool(text)
            if inside:
                self._end(element)
            self.draft.turn_page(inside=inside)
        elif tag == "txbxContent":
            self._texts.append(Text())
        elif tag == "tr":
            self._rows += 1
            header = element.find(f"{_W}trPr/{_W}tblHeader")
            self._names = header is not None and header.get(f"{_W}val") not in _OFF
        elif tag == "tbl":
            self.draft.begin_table()
        elif tag == "tc" and text:
            text.add(" | ")
        elif tag == "p":
            if text and not self._rows:
                self._end(element)
            self._begin(element)

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
            text.add(element.text or "", bold=bold, size=size)
        else:
            text.add(_INLINE[tag])

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
        style = _value(properties, "pStyle") if properties is not None else ""
        inherited = self._styles.numbered.get(style)
        number = own if own is not None else inherited
        if number is not None:
            num_id = _value(number, "numId") or (
                _value(inherited, "numId") if inherited is not None else ""
            )
            level = _value(number, "ilvl")
            printed = self._lists.next(num_id, int(level) if level in _LEVELS else 0)
            text.add(f"{printed} " if printed else "")

    def _leave(self, tag: str, element: Node) -> None:
        if tag == "p":
            self._number += 1
            if self._rows:
                self._texts[-1].add(" ")
            else:
                self._end(element)
        elif tag == "tr":
            self._rows -= 1
            if not self._rows:
                self._finish("table", NAMES if self._names else 0)
        elif tag == "tbl" and not self._rows:
            self.draft.end_table()
        elif tag == "txbxContent" and len(self._texts) > 1:
            self._texts.pop()

    def _is_raised(self, run: Node) -> bool:
        properties = run.find(f"{_W}rPr") if run is not None else None
        if properties is None:
            return False
        height = _value(properties, "vertAlign")
        return height == "superscript" or (
            not height and _value(properties, "rStyle") in self._styles.raised
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
        style = _value(element.find(f"{_W}pPr"), "pStyle") if _has_style(element) else ""
        frame = element.find(f"{_W}pPr/{_W}framePr") if element is not None else None
        if frame is not None and frame.get(f"{_W}dropCap") in ("drop", "margin"):
            self._drop_cap += self._texts[-1].take()[0]
            return
        if style in self._styles.contents:
            self._texts[-1].take()
            return
        role, level = self._styles.roles.get(style, ("paragraph", 0))
        outline = element.find(f"{_W}pPr/{_W}outlineLvl") if element is not None else None
        if outline is not None and outline.get(f"{_W}val", "9") in "012345678":
            role, level = "heading", int(outline.get(f"{_W}val")) + 1
        elif role == "paragraph" and _is_listed(element):
            role = "list"
        self._finish(role, level, centred=self._is_centred(element))

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


def _has_style(element: Node) -> bool:
    return element is not None and element.find(f"{_W}pPr") is not None


def _is_listed(element: Node) -> bool:
    number = element.find(f"{_W}pPr/{_W}numPr/{_W}numId") if element is not None else None
    return number is not None and number.get(f"{_W}val") != "0"


def _is_hidden(run: Node) -> bool:
    hidden = run.find(f"{_W}rPr/{_W}vanish")
    return hidden is not None and hidden.get(f"{_W}val") not in _OFF


def _symbol(element: Node) -> str:
    code = element.get(f"{_W}char", "")
    if not re.fullmatch(r"[0-9A-Fa-f]{4}", code):
        return ""
    char = chr(int(code, 16))
    return char if char.isprintable() else "•"
