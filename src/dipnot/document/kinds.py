"""What each block of a text is: title block, heading of a level, list, quotation, summary.

Owns: the kinds and the levels. Where a block begins and ends is told in ``blocks``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from dipnot.document.blocks import BULLET, HEADING_WORDS, SENTENCE_END, Block, is_heading, opens
from dipnot.language.folding import fold, letters
from dipnot.language.headings import (
    levels_by_number,
    lists_notes,
    lists_sources,
    opens_appendix,
)
from dipnot.language.known import joined
from dipnot.types import Kind, Source

_HEADINGS_IN_A_ROW = 3
FRONT_BLOCKS = 12
_TITLE_BLOCKS = 4
_NUMBERED = re.compile(r"(?:\d{1,2}(?:\.\d{1,2})*|[IVX]{1,5})[.)]\s")
_PART = re.compile(r"\b(?:BÖLÜM|KISIM|KİTAP|CHAPTER|PART|BOOK)\b")  # no title goes on so
_COUNTED = re.compile(r"([^\W\d_]+)\s(?:\d{1,3}|[IVXLC]{1,6})\b")  # `Chapter 3`
_LABELLED = re.compile(r"([^\W\d_][^:.!?]{1,40}):\s\S")
_YEARS = re.compile(r"\b(1\d{3}|20\d{2})\s?[-–]\s?(1\d{3}|20\d{2})\b")

_ABSTRACTS = joined(lambda own: own.abstracts)
_SUMMARIES = joined(lambda own: own.summaries)
_EXTENDED = frozenset(name for name in _SUMMARIES if " " in name)  # `extended summary`
# What papers put a colon behind in their title blocks, by how the label begins (folded).
_FRONT_LABELS = (
    "anahtar kelime", "anahtar sozcuk", "keyword", "key word", "jel ", "doi", "orcid", "issn",
    "gelis tarihi", "gonderim tarihi", "basvuru tarihi", "kabul tarihi", "yayin tarihi",
    "e-posta", "eposta", "e-mail", "email", "sorumlu yazar", "corresponding author",
    "correspondence", "cite as", "to cite", "alinti icin", "makale ", "makalenin ", "article ",
)  # fmt: skip
# Those that a text may also define; in a title block names or figures stand behind them.
_FRONT_WORDS = (
    "makale", "article", "received", "revised", "accepted", "published", "yazar", "author", "atif",
    "citation",
)  # fmt: skip


def classify(blocks: list[Block], source: Source) -> list[Block]:
    """Tell headings, title block and labelled lines (`Keywords: …`) from paragraphs."""
    titles = {letters(t) for t in (source.title, source.title_en) if t}
    author = letters(source.author or "")
    blocks = _merge_title(blocks, titles)
    measured = any(line.line.fill != 1.0 for block in blocks for line in block.lines)
    abridged = False
    for i, block in enumerate(blocks):
        bare = letters(block.text)
        at_front = i < FRONT_BLOCKS or abridged
        named = bare in titles or (bare == author and i <= 3)
        if named or (at_front and _is_front_label(block)):
            block.kind = "front"
        elif block.role:
            _take_role(block)
        elif i + 1 < len(blocks) and _heads(block, measured=measured):
            titled = i == 0 and not titles and not _NUMBERED.match(block.text)
            titled = titled and not _is_first_of_many(blocks)
            block.kind = "front" if titled else None
            block.heading = block.kind is None
        if block.heading:
            abridged = fold(block.text) in _ABSTRACTS | _SUMMARIES
        block.under_title = block.heading and i > 0 and letters(blocks[i - 1].text) in titles
    if not measured:
        _unset_lists(blocks)
    if any(block.heading and block.role for block in blocks):
        _raise_levels(blocks)
    else:
        _set_levels(blocks)
    return blocks


def _heads(block: Block, *, measured: bool) -> bool:
    """Tell a heading by its looks; `Bakım: haftada bir` says something, `Bölüm 2: Bakım` heads."""
    label = _LABELLED.match(block.text)
    if label and not label.group(1)[-1].isdigit():
        return False
    return is_heading(block) if measured else _is_prose_heading(block)


def _is_first_of_many(blocks: Sequence[Block]) -> bool:
    """Tell whether a text begins with one of its headings, right above prose, without a title."""
    first, second = blocks[0].text, blocks[1].text
    prose = SENTENCE_END.search(second) and len(second.split()) > HEADING_WORDS
    alike = any(
        b.text.isupper() and _is_prose_heading(b) and not lists_notes(b.text) for b in blocks[1:]
    )
    return bool(prose and ((first.isupper() and alike) or _counts_on(blocks)))


def _counts_on(blocks: Sequence[Block]) -> bool:
    """Tell whether the first of several headings that are counted alike stands on top."""
    heads = [block.text for block in blocks if block.role or _is_prose_heading(block)]
    words = [counted.group(1).casefold() for text in heads if (counted := _COUNTED.match(text))]
    first = _COUNTED.match(blocks[0].text)
    if first is not None:
        return words.count(first.group(1).casefold()) > 1
    return blocks[0].text.startswith("1 ") and any(t.startswith(("1.1", "2 ")) for t in heads)


def _take_role(block: Block) -> None:
    """Give a block the kind and level that its format says it has."""
    block.heading, block.level = block.role == "heading", block.lines[0].line.level
    if block.role == "title":
        block.kind = "front"
    elif block.role in ("list", "table"):
        block.kind = "list"  # a row of a table stands by itself, as an item does
    elif block.role == "quotation":
        block.kind = "quotation"


def _raise_levels(blocks: Sequence[Block]) -> None:
    """Let the highest heading stand at level 1.

    A single one above all others, near the top, is the title of the text.
    """
    headings = [block for block in blocks if block.heading]
    top = min((block.level for block in headings), default=1)
    first = next(iter(headings), None)
    if (
        first is not None
        and len(headings) > 1
        and not _NUMBERED.match(first.text)
        and _titles_again(first, blocks[:_TITLE_BLOCKS])
        and any(block is first for block in blocks[:_TITLE_BLOCKS])
        and [block.level for block in headings].count(top) == 1
        and first.level == top
    ):
        first.heading, first.kind = False, "front"
        top = min(block.level for block in headings[1:])
    for block in headings:
        block.level = max(1, block.level - top + 1)


def _titles_again(heading: Block, top: Sequence[Block]) -> bool:
    """Tell whether no other title than this one stands on top."""
    titles = [letters(block.text) for block in top if block.role == "title"]
    own = letters(heading.text)
    return not titles or any(own in title or title in own for title in titles)


def _merge_title(blocks: list[Block], titles: set[str]) -> list[Block]:
    """Put the lines of a title of several lines into one block."""
    for count in range(min(5, len(blocks)), 1, -1):
        merged = Block([line for block in blocks[:count] for line in block.lines], after_gap=True)
        capitals = all(b.text.isupper() and is_heading(b) for b in blocks[:count])
        capitals = capitals and not any(_PART.search(b.text) for b in blocks[1:count])
        if letters(merged.text) in titles or (capitals and not titles):
            return [merged, *blocks[count:]]
    return blocks


def _unset_lists(blocks: Sequence[Block]) -> None:
    """Take many short paragraphs in a row for a list or verse, not for headings of nothing."""
    for headings, group in groupby(blocks, lambda block: block.heading and not block.role):
        run = list(group)
        if headings and len(run) > _HEADINGS_IN_A_ROW:
            for block in run:
                block.heading = False


def _is_front_label(block: Block) -> bool:
    """Tell `Anahtar Kelimeler: …` from `Bakım: …`: only labels that papers use are front matter."""
    text = block.text
    label, colon, value = text.partition(":")
    return bool(
        block.role in (None, "paragraph")
        and colon
        and value.strip()
        and len(block.lines) <= 3
        and len(text.split()) <= 40
        and len(label.split()) <= 3
        and (
            fold(label).startswith(_FRONT_LABELS)
            or (fold(label).startswith(_FRONT_WORDS) and _names(value))
        )
    )


def _names(value: str) -> bool:
    """Tell names, dates and numbers from words that say what something is."""
    words = value.split()
    return sum(not word[:1].islower() for word in words) >= 0.5 * len(words)


def _is_prose_heading(block: Block) -> bool:
    """Prose without a measure: a short paragraph of one line that ends no sentence."""
    text = block.text
    return (
        len(block.lines) == 1
        and len(text.split()) <= 12
        and opens(text)
        and not SENTENCE_END.search(text)
        and text[-1] not in ",;"
        and not BULLET.match(text)
    )


def _set_levels(blocks: Iterable[Block]) -> None:
    """Give each heading its level.

    Capitals and the names that every article uses stand at level 1. So does any other heading,
    but where its number says another, inside a summary, or where its years lie within those of
    the heading that was opened before it: `(1918-1923)` is a part of `(1918-1939)`. A summary has
    parts of its own where it is an extended one, or comes behind the body of the text.
    """
    in_summary = in_body = False
    opened: tuple[int, int] | None = None
    headings = [block for block in blocks if block.heading]
    numbered = levels_by_number([block.text for block in headings])
    for i, block in enumerate(headings):
        name, years = fold(block.text), _year_range(block.text)
        within = bool(years and opened and opened[0] <= years[0] and years[1] <= opened[1])
        if name in _SUMMARIES:
            block.level, in_summary, opened = 1, in_body or name in _EXTENDED, None
        elif block.text.isupper() or name in _ABSTRACTS or (in_summary and _stands_behind(name)):
            block.level, in_summary, opened = 1, False, None
        elif (in_summary and (in_body or i not in numbered)) or (within and years != opened):
            block.level = 2
        elif i in numbered:
            block.level, in_summary, opened = numbered[i], False, None
        else:
            block.level, opened = 1, years
        in_body = in_body or (name not in _SUMMARIES | _ABSTRACTS and not in_summary)


def _stands_behind(heading: str) -> bool:
    """Tell what stands behind a whole text, and in no summary."""
    return lists_sources(heading) or lists_notes(heading) or opens_appendix(heading)


def _year_range(text: str) -> tuple[int, int] | None:
    match = _YEARS.search(text)
    return (int(match.group(1)), int(match.group(2))) if match else None


def kinds_of(blocks: Sequence[Block]) -> Iterator[Kind]:
    """Give each block the kind of text that it is."""
    part: Kind = "body"
    before = ""
    for block in blocks:
        text = block.text
        if block.heading:
            if block.level == 1:
                name = fold(text)
                part = (
                    "abstract" if name in _ABSTRACTS
                    else "summary" if name in _SUMMARIES
                    else "body"
                )  # fmt: skip
            yield part
        elif block.kind:
            yield block.kind
        elif BULLET.match(text):
            yield "list"
        elif (
            part == "body"
            and text[0] in '“«"'
            and text.rstrip(".")[-1] in '”»"'
            and before.endswith(":")
        ):
            yield "quotation"
        else:
            yield part
        before = text
