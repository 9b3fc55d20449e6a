"""Markdown: CommonMark with tables, footnotes (`[^1]`) and a YAML head, which is about the text.

Owns: which token of Markdown is which block of a text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.front_matter import front_matter_plugin

from dipnot.errors import CorpusError, shown
from dipnot.formats import html
from dipnot.formats.blocks import Draft, Text
from dipnot.formats.columns import NAMES
from dipnot.formats.encodings import decode
from dipnot.formats.equations import equation_at
from dipnot.formats.hypertext import BACK
from dipnot.formats.raised import lowered_text
from dipnot.language.headings import lists_sources
from dipnot.types import About, Role, SourcePage

_NOTE_SIGN = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}|[*†‡]{1,3} ")
_PANDOC_RAISED = re.compile(r"(?:^|(?<=\S))\^([\w*†‡+−-]{1,6})\^")
_PANDOC_LOWERED = re.compile(r"(?<=\w)~([\d+−-]{1,4})~")
_NOTE = re.compile(r"\[\^[^\]\s]+\]:")
_FIELD = re.compile(r"([A-Za-z_-]+)(?::|\s*=)(?:\s+(.*))?$")
_TOML = re.compile(r"\A\+\+\+[ \t]*\n(.*?\n)\+\+\+[ \t]*(?:\n|$)", re.DOTALL)
_FENCE = re.compile(r"-{3,}[ \t]*")
_HEAD_ENDS = re.compile(r"(?:-{3,}|\.{3})[ \t]*")
_KEY = re.compile(r"""["']?[^\W\d][\w .-]{0,40}["']?[ \t]*[:=](?:\s|$)""")
# Comments, lines further in, items, brackets, and fields whose names are no plain words.
_IN_HEAD = re.compile(
    r"#|[ \t]*$|[ \t]+\S|-(?:\s|$)|[{}()\[\]]|[^\s.!?:]{1,40}:|[^.!?:]{1,60}:(?:\s|$)"
)
_PERCENT = re.compile(r"(?:%.*\n(?:[ \t]+\S.*\n)*){1,3}")
_FIELDS = re.compile(r"title:.*\n(?:(?:[a-z][\w -]*:|[ \t]+\S).*\n)*(?=[ \t]*\n)", re.IGNORECASE)
_FOLDED = re.compile(r"[|>][+-]?\d?$")
_ITEM = re.compile(r"\s*-\s+(.*\S)")
_YEAR = re.compile(r"(?:1\d|20)\d{2}")
# `Hale, M. (2003)` on a line of its own behind a full stop opens the next source of a list.
_SOURCE = re.compile(r"(?:[^\W\d_][\w’'-]{1,40} ){0,2}[^\W\d_][\w’'-]{1,40}, (?:[^\W\d_]\.)")
_NESTING = 60  # the parser recurses; no text needs more


def read(name: str, data: bytes) -> tuple[SourcePage, ...]:
    """Read the bytes of a Markdown file into one page of blocks."""
    text = decode(name, data).replace("\r\n", "\n").replace("\r", "\n")
    source = _with_notes_joined(_with_head_fenced(_TOML.sub(r"---\n\1---\n", text, count=1)))
    parser = MarkdownIt("commonmark", {"maxNesting": _NESTING + 1}).enable("table")
    parser.use(footnote_plugin, move_to_end=False, always_match_refs=True)
    if _has_head(source) or _TOML.match(text):  # else it opens with a rule
        parser.use(front_matter_plugin)
    parser.use(dollarmath_plugin, allow_labels=False, allow_space=False, allow_digits=False)
    parser.inline.ruler.before("escape", "bracketed_math", _bracketed_math)
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


def _bracketed_math(state: StateInline, silent: bool) -> bool:
    r"""Read TeX between `\(` and `\)` or `\[` and `\]`."""
    if not state.src.startswith(("\\(", "\\["), state.pos):
        return False
    found = equation_at(state.src, state.pos)
    if found is None:
        return False
    if not silent:
        state.push("math_inline", "math", 0).content = found[1]
    state.pos = found[0]
    return True


def _has_head(source: str) -> bool:
    """Tell a head from a rule on top: up to the next rule it holds nothing but fields."""
    first, *lines = source.split("\n")
    if not _FENCE.fullmatch(first):
        return False
    keys = 0
    for line in lines:
        if keys and _HEAD_ENDS.fullmatch(line):
            return True
        is_key = _KEY.match(line) is not None
        keys += is_key
        if not is_key and not (_IN_HEAD.match(line) and (keys or line[:1] in ("#", ""))):
            return False
    return False


def _with_head_fenced(source: str) -> str:
    """Fence a head that stands without fences: Pandoc's `% Title`, MultiMarkdown's `Title: …`."""
    percent, fields = _PERCENT.match(source), _FIELDS.match(source)
    if fields:
        return f"---\n{fields.group()}---\n{source[fields.end() :]}"
    if percent is None:
        return source
    said = re.split(r"^%", percent.group(), flags=re.MULTILINE)[1:]
    pairs = zip(("title", "author", "date"), said, strict=False)
    head = "".join(f"{key}: {' '.join(words.split())}\n" for key, words in pairs)
    return f"---\n{head}---\n{source[percent.end() :]}"


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
    """Read what a YAML or TOML head says of the text: plain values, folded ones and lists."""
    values: dict[str, str] = {}
    key, goes_on = "", False  # the value, on lines further in
    for line in head.splitlines():
        field = _FIELD.match(line)
        item = _ITEM.match(line)
        if field:
            key, said = field[1].lower(), (field[2] or "").strip()
            goes_on = not said.startswith(("[", '"', "'"))
            values.setdefault(key, "" if _FOLDED.match(said) else _unquoted(said))
        elif item and key:
            name, goes_on = _unquoted(item[1].removeprefix("name:")), False
            values[key] = f"{values[key]}, {name}" if values[key] else name
        elif line[:1] in " \t" and line.strip() and key and goes_on:
            values[key] = f"{values[key]} {_unquoted(line)}".strip()
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


def _lowered(match: re.Match[str]) -> str:
    return lowered_text(match[1])


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
        self._raised = self._lowered = False
        self._strong = 0
        self._in_head = self._lists_sources = False

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
            elif token.type == "math_block":
                self._text.add_equation(" ".join(token.content.split()))
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
            self._lists_sources = lists_sources(self._text.words)
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
        broken = ended = False
        for token in tokens:
            raised = token.content.startswith("<sup") and self._text.opens_raised
            if broken and (raised or (token.type == "text" and _NOTE_SIGN.match(token.content))):
                self._end("paragraph")  # notes on lines of their own, in one paragraph
            broken = broken and not token.content
            if ended and token.type == "text" and _SOURCE.match(token.content):
                self._end("paragraph")
            ended = ended and not token.content
            if token.type == "footnote_ref":
                self._refer(token)
            elif token.type == "math_inline":
                self._text.add_equation(token.content)
            elif token.type in ("softbreak", "hardbreak"):
                broken = token.type == "hardbreak"
                ended = self._lists_sources and self._text.ends_with(".")
                self._text.add(" ")
            elif token.type == "html_inline":
                tag = token.content.lower()
                self._lowered = tag.startswith("<sub") or (self._lowered and tag != "</sub>")
                self._raised = tag.startswith("<sup") or (self._raised and tag != "</sup>")
                self._text.add(" " if tag.startswith("<br") else "")
            elif self._raised:
                self._text.add_raised(token.content)
            elif self._lowered:
                self._text.add(lowered_text(token.content))
            else:  # text, code and what stands for an image
                self._strong += (token.type == "strong_open") - (token.type == "strong_close")
                self._words(token.content)
        self._raised, self._lowered, self._strong = False, False, 0

    def _words(self, words: str) -> None:
        words = "" if words in BACK else words  # the way back from a note
        """Add text; what Pandoc raises (`10^6^`) is raised, what it lowers (`H~2~O`) lowered."""
        for i, part in enumerate(_PANDOC_RAISED.split(_PANDOC_LOWERED.sub(_lowered, words))):
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
        lines = [*html.plain(content)]
        for line, following in zip(lines, [*lines[1:], None], strict=False):
            self._text.add_line(line)
            if following is not None and following.joins:
                self._text.add(" ")  # a page number stood here
            else:
                self._end("paragraph")
