"""Markdown: CommonMark with tables, footnotes (`[^1]`) and a YAML head, which is about the text.

Owns: which token of Markdown is which block of a text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.front_matter import front_matter_plugin

from dipnot.errors import CorpusError, shown
from dipnot.formats import html
from dipnot.formats.blocks import Draft, Text
from dipnot.formats.columns import NAMES
from dipnot.formats.encodings import decode
from dipnot.types import About, Role, SourcePage

_PANDOC_RAISED = re.compile(r"(?<=\S)\^([\w*†‡+−-]{1,6})\^")
_PANDOC_LOWERED = re.compile(r"(?<=\w)~([\d+−-]{1,4})~")
_NOTE = re.compile(r"\[\^[^\]\s]+\]:")
_FIELD = re.compile(r"([A-Za-z_-]+):(?:\s+(.*))?$")
_ITEM = re.compile(r"\s*-\s+(.*\S)")
_YEAR = re.compile(r"(?:1\d|20)\d{2}")
_NESTING = 60  # the parser recurses; no text needs more


def read(name: str, data: bytes) -> tuple[SourcePage, ...]:
    """Read the bytes of a Markdown file into one page of blocks."""
    source = _with_notes_joined(decode(name, data))
    parser = MarkdownIt("commonmark", {"maxNesting": _NESTING + 1}).enable("table")
    parser.use(footnote_plugin, move_to_end=False, always_match_refs=True)
    parser.use(front_matter_plugin)
    env: dict[str, Any] = {}
    try:
        tokens = parser.parse(source, env)
    except RecursionError:
        tokens = None
    if tokens is None or any(token.level >= _NESTING for token in tokens):
        raise CorpusError(
            f"{shown(name)} nests lists or quotations more than {_NESTING} deep. Flatten them."
        )
    walk = _Walk(env.get("footnotes", {}))
    walk.over(tokens)
    head = next((token.content for token in tokens if token.type == "front_matter"), "")
    if head:
        walk.draft.entitle(_about(head))
    return walk.draft.source_pages()


def _with_notes_joined(source: str) -> str:
    """Bring notes that a formatter has wrapped into the form that the parser knows.

    `[^1]:` may stand on a line of its own, and its paragraphs two spaces in instead of four.
    """
    lines = source.split("\n")
    for i, line in enumerate(lines[:-1]):
        opens = _NOTE.match(line)
        if not opens:
            continue
        end = i + 1
        while end < len(lines) and (not lines[end].strip() or lines[end][:1] in " \t"):
            if lines[end].strip() and not lines[end].startswith(("    ", "\t")):
                lines[end] = f"    {lines[end].lstrip()}"
            end += 1
        if not line[opens.end() :].strip() and end > i + 1 and lines[i + 1].strip():
            lines[i : i + 2] = [f"{line.rstrip()} {lines[i + 1].strip()}"]
            lines.insert(end - 1, "")  # the lines below keep their numbers
    return "\n".join(lines)


def _about(head: str) -> About:
    """Read what a YAML head says of the text; only plain values on one line, and lists of them."""
    values: dict[str, str] = {}
    key = ""
    for line in head.splitlines():
        field = _FIELD.match(line)
        item = _ITEM.match(line)
        if field:
            key = field[1].lower()
            values.setdefault(key, _unquoted(field[2] or ""))
        elif line[:1] in " \t" and key and values[key] == "" and not item:
            values[key] = _unquoted(line)
        elif item and key:
            name = _unquoted(item[1].removeprefix("name:"))
            values[key] = f"{values[key]}, {name}" if values[key] else name
    year = _YEAR.search(values.get("date", "") or values.get("year", ""))
    language = values.get("lang") or values.get("language") or ""
    return About(
        title=values.get("title") or None,
        author=values.get("author") or values.get("authors") or values.get("yazar") or None,
        year=year.group() if year else None,
        language=language[:2].lower() or None,
    )


def _unquoted(value: str) -> str:
    value = value.strip()
    if value[:1] == "[" and value[-1:] == "]":
        return ", ".join(_unquoted(item) for item in value[1:-1].split(","))
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return " ".join((value[1:-1] if quoted else value.lstrip("|>")).split())


class _Walk:
    """Goes through the tokens once and remembers what is open."""

    def __init__(self, notes: dict[str, Any]) -> None:
        self.draft = Draft()
        self._order: dict[str, int] = notes.get("refs", {})
        self._inline_notes: dict[int, dict[str, list[Token]]] = notes.get("list", {})
        self._text = Text()
        self._open: list[Role] = []
        self._note = ""
        self._number = 1
        self._raised = False
        self._strong = 0
        self._in_head = False

    def over(self, tokens: Sequence[Token]) -> None:
        """Turn the tokens into blocks."""
        for token in tokens:
            if token.map:
                self._number = token.map[0] + 1
            if token.nesting > 0:
                self._enter(token)
            elif token.nesting < 0:
                self._leave(token)
            elif token.type == "inline":
                self._inline(token.children or ())
            elif token.type in ("code_block", "fence"):
                self._text.add(token.content)
                self._end("paragraph")
            elif token.type == "html_block":
                self._html(token.content)

    def _enter(self, token: Token) -> None:
        kind = token.type
        self._in_head = kind == "thead_open" or (self._in_head and kind != "tbody_open")
        if kind == "blockquote_open":
            self._open.append("quotation")
        elif kind == "list_item_open":
            self._open.append("list")
            if token.info:  # its number is text
                self._text.add(f"{token.info}{token.markup} ")
        elif kind in ("th_open", "td_open") and self._text:
            self._text.add(" | ")
        elif kind == "table_open":
            self.draft.begin_table()
        elif kind == "footnote_reference_open":
            self._note = str(token.meta["label"])

    def _leave(self, token: Token) -> None:
        kind = token.type
        if kind in ("blockquote_close", "list_item_close"):
            self._end("paragraph")
            self._open.pop()
        elif kind == "heading_close" and not self._open:
            self._end("heading", int(token.tag[1]))
        elif kind in ("paragraph_close", "heading_close"):
            self._end("paragraph")
        elif kind == "tr_close":
            self._end("table", NAMES if self._in_head else 0)
        elif kind == "table_close":
            self.draft.end_table()
        elif kind == "footnote_reference_close":
            self._note = ""

    def _end(self, role: Role, level: int = 0) -> None:
        if self._note:
            self.draft.add_note(self._text, f":{self._note}", self._label(self._note), self._number)
        else:
            within = self._open[-1] if self._open and role != "table" else role
            self.draft.add(self._text, within, self._number, level=level)

    def _inline(self, tokens: Sequence[Token]) -> None:
        for token in tokens:
            if token.type == "footnote_ref":
                self._refer(token)
            elif token.type in ("softbreak", "hardbreak"):
                self._text.add(" ")
            elif token.type == "html_inline":
                tag = token.content.lower()
                self._raised = tag.startswith("<sup") or (self._raised and tag != "</sup>")
                self._text.add(" " if tag.startswith("<br") else "")
            elif self._raised:
                self._text.add_raised(token.content)
            else:  # text, code and what stands for an image
                self._strong += (token.type == "strong_open") - (token.type == "strong_close")
                self._words(token.content)
        self._raised, self._strong = False, 0

    def _words(self, words: str) -> None:
        """Add text; what Pandoc raises (`10^6^`) is raised, what it lowers (`H~2~O`) is not."""
        for i, part in enumerate(_PANDOC_RAISED.split(_PANDOC_LOWERED.sub(r"\1", words))):
            if i % 2:
                self._text.add_raised(part)
            else:
                self._text.add(part, bold=self._strong > 0)

    def _refer(self, token: Token) -> None:
        label = token.meta.get("label")
        if label is not None:
            self._text.mark(f":{label}", self._label(str(label)))
            return
        number = int(token.meta["id"])
        key, inner = f"^{number}", self._inline_notes.get(number, {}).get("tokens", [])
        self._text.mark(key, str(number + 1))
        outer, self._text = self._text, Text()
        self._inline(inner)
        self.draft.add_note(self._text, key, str(number + 1), self._number)
        self._text = outer

    def _label(self, label: str) -> str:
        """Give what is printed: a number as it was typed, the place in order for a name."""
        order = self._order.get(f":{label}", -1)
        return label if label.isdigit() or order < 0 else str(order + 1)

    def _html(self, content: str) -> None:
        """HTML between paragraphs: its text alone."""
        for line in html.plain(content):
            self._text.add_line(line)
            self._end("paragraph")
