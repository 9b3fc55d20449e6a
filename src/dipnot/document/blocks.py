"""Printed lines to blocks: headings, paragraphs and list items.

Owns: where one begins and ends, and what looks like a heading. What each is, is told in ``kinds``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from dipnot.types import Kind, Line, Role

# Shares of the column, see Line.fill. A first line is indented by some 8 % of it, so a line that
# leaves more room than that, and ends no sentence, is a heading.
_FULL = 0.985
_HEADING = 0.895
_HEADING_LINES = 3
HEADING_WORDS = 20
BULLET = re.compile(r"(?:[-–—•*·▪]|\(?(?:\d{1,2}|[a-zçğıöşü])\))\s+\S")
_ARTICLE = re.compile(
    r"(?:(?:geçici|ek)\s)?(?:madde|article)\s\d{1,3}\s?(?:[-–—.:]|\()", re.IGNORECASE
)
_FROM_LABEL = re.compile(r"[\s\d().]*")  # to the first word behind `Article 5 (1)`
_AROUND = 8  # lines
_FULL_LETTERS, _NEARLY = 40, 0.75
SENTENCE_END = re.compile(r"[.!?…:][”’\"')\]]*$")


@dataclass(slots=True)
class Running:
    """A printed line of the running text with the footnote markers taken out of it."""

    page: int
    line: Line
    markers: list[tuple[str, int]] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The words of the line."""
        return self.line.text


@dataclass(slots=True)
class Block:
    """The lines of one heading or paragraph.

    ``open_quotes`` more quotations are opened than closed in it; ``under_title``: the text's title,
    in another language say, stands right above the heading and belongs to it.
    """

    lines: list[Running]
    after_gap: bool = False
    kind: Kind | None = None
    heading: bool = False
    level: int = 0
    open_quotes: int = 0
    under_title: bool = False

    @property
    def text(self) -> str:
        """The words of the block on one line."""
        return " ".join(line.text for line in self.lines)

    def append(self, line: Running) -> None:
        """Go on with a line."""
        self.lines.append(line)
        self.open_quotes += line.text.count("“") - line.text.count("”")

    @property
    def role(self) -> Role | None:
        """What the format itself says the block is."""
        return self.lines[0].line.role


def make_blocks(running: Sequence[Running]) -> list[Block]:
    """Put lines together into headings, paragraphs and list items."""
    blocks: list[Block] = []
    current = Block([], after_gap=True)
    for i, item in enumerate(running):
        around = running[max(0, i - _AROUND) : i + _AROUND + 1]
        breaks = not item.text or (bool(current.lines) and _breaks(current, item, around))
        if breaks:
            if current.lines:
                blocks.append(current)
            current = Block([], after_gap=not item.text)
        if item.text:
            current.append(item)
    return [*blocks, current] if current.lines else blocks


def _breaks(current: Block, new: Running, around: Sequence[Running]) -> bool:
    """Tell whether ``new`` opens a block of its own."""
    last = current.lines[-1]
    if new.line.role:
        return not new.line.joins
    if _is_item(new.text) and not _only_looks_like_an_item(current, new, around):
        return True
    ended = bool(SENTENCE_END.search(last.text))
    if ended and last.line.fill < (_FULL if len(current.lines) > 1 else _HEADING):
        return True  # a first line is indented, so that much room is none
    if ended and new.line.fill < _FULL and not SENTENCE_END.search(new.text):
        return current.open_quotes <= 0  # indented, or a heading
    return is_heading(current) and opens(new.text)


def _is_item(text: str) -> bool:
    return bool(BULLET.match(text) or _ARTICLE.match(text))


def _only_looks_like_an_item(current: Block, new: Running, around: Sequence[Running]) -> bool:
    """Tell a line that a sentence was broken at: `– ki kuraktı –`, `Article 5 (1) of the Act`.

    The line before it is full and ends nothing; it goes on in small letters, and no other item
    stands near.
    """
    last, text = current.lines[-1], new.text
    longest = max(len(line.text) for line in around)
    if (
        last.line.fill < _FULL
        or len(last.text) < max(_FULL_LETTERS, _NEARLY * longest)
        or SENTENCE_END.search(last.text)
        or last.text[-1] in ",;"
        or _is_item(current.lines[0].text)
    ):
        return False
    bullet, article = BULLET.match(text), _ARTICLE.match(text)
    if bullet:
        others = any(line is not new and BULLET.match(line.text) for line in around)
        return not others and text[bullet.end() - 1].islower()
    if article is None or (text[0].isupper() and text[article.end() - 1] not in ".("):
        return False
    begins = _FROM_LABEL.match(text, article.end())
    return begins is not None and text[begins.end() : begins.end() + 1].islower()


def is_heading(block: Block) -> bool:
    """A few lines that end no sentence and stop well before the margin.

    After an empty paragraph, and with its words in capitals, it may come closer to the margin.
    """
    if len(block.lines) > _HEADING_LINES:
        return False
    text, last = block.text, block.lines[-1].line
    room = _FULL if block.after_gap and _in_title_case(text) else _HEADING
    return (
        last.fill < room
        and not SENTENCE_END.search(text)
        and text[-1] not in ",;-–"
        and len(text.split()) <= HEADING_WORDS
        and opens(text)
        and not BULLET.match(text)
        and text[0] not in '“"«'
        and not (text[0] == "(" and text[-1] == ")")
        and any(char.isalpha() for char in text)
    )


def _in_title_case(text: str) -> bool:
    words = [w for w in re.findall(r"[^\W\d_]+", text) if len(w) > 3]
    return bool(words) and sum(w[0].isupper() for w in words) >= 0.8 * len(words)


def opens(text: str) -> bool:
    """Tell a text that begins as a heading or a sentence does."""
    return text[:1].isupper() or text[:1].isdigit() or text[:1] in '“"«('
