"""Pages of lines to a ``Document``: one text, and where its parts stand in it.

Owns: paragraphs rejoined across lines, pages and footnote blocks; headings and their level;
footnotes lifted out and tied to their markers; the kind and language of each paragraph.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from dipnot.folding import fold
from dipnot.language import language_of
from dipnot.references import find_references
from dipnot.types import (
    Document,
    Footnote,
    Kind,
    Language,
    Line,
    Page,
    Paragraph,
    Section,
    Source,
    SourcePage,
    Span,
)

# Shares of the column, see Line.fill. A first line is indented by some 8 % of it, so a line that
# leaves more room than that, and ends no sentence, is a heading.
_FULL = 0.985
_HEADING = 0.895
_HEADING_LINES = 3
_HEADING_WORDS = 20
_BULLET = re.compile(r"(?:[-–—•*·▪]|\(?(?:\d{1,2}|[a-zçğıöşü])\))\s+\S")
_SENTENCE_END = re.compile(r"[.!?…:][”’\"')\]]*$")
_LABELLED = re.compile(r"[^\W\d_][^:.!?]{1,40}:\s\S")
_NOTE_START = re.compile(r"(\d{1,3})[ \t]+(\S.*)$")
_YEARS = re.compile(r"\b(1\d{3}|20\d{2})\s?[-–]\s?(1\d{3}|20\d{2})\b")
_LABEL_LIKE = re.compile(r"(?:\b(?:s|ss|pp?|c|no|vol|md)\.?|\d[.,:/-])$", re.IGNORECASE)

_ABSTRACTS = frozenset("oz ozet abstract".split())
_SUMMARIES = frozenset(
    ("extended summary", "summary", "extended abstract", "genisletilmis ozet", "genis ozet")
)


@dataclass(slots=True)
class _Running:
    """A printed line of the running text with the footnote markers taken out of it."""

    page: int
    line: Line
    markers: list[tuple[str, int]] = field(default_factory=list)

    @property
    def text(self) -> str:
        return self.line.text


@dataclass(slots=True)
class _Block:
    """The lines of one heading or paragraph."""

    lines: list[_Running]
    after_gap: bool = False
    kind: Kind | None = None
    heading: bool = False
    level: int = 0

    @property
    def text(self) -> str:
        return " ".join(line.text for line in self.lines)


@dataclass(slots=True)
class _Note:
    label: str
    page: int
    lines: list[str]


def make_document(source: Source, pages: Sequence[SourcePage], content_hash: str = "") -> Document:
    """Understand the lines of a text.

    ``content_hash`` identifies the file and its entry in ``corpus.toml``.
    """
    notes = _collect_notes(pages)
    running = _running_lines(pages, notes)
    blocks = _classify(_blocks(running), source)
    writer = _Writer(_hyphen_rule(blocks))
    default: Language = "en" if source.languages[:1] == ("en",) else "tr"
    paragraphs: list[Paragraph] = []
    headings: list[tuple[int, int, int, str]] = []
    kinds = _kinds(blocks)
    for block, kind in zip(blocks, kinds, strict=True):
        span = writer.add(block.lines)
        if block.heading:
            headings.append((span.start, span.end, block.level, writer.text[span.start :]))
        else:
            language = language_of(writer.text[span.start :], default)
            # What says little, as `JEL Codes: …` does, is in the language of what is around it.
            default = language
            paragraphs.append(Paragraph(span, kind, language))
    page_spans = writer.page_spans(len(pages))
    sections = _sections(headings, len(writer.text))

    footnotes: list[Footnote] = []
    for note in notes:
        lines = [_Running(note.page, Line(text, 0)) for text in note.lines]
        marker = writer.markers.get(note.label, page_spans[note.page].end)
        span = writer.add(lines)
        footnotes.append(Footnote(note.label, span, marker, note.page + 1))
        language = language_of(writer.text[span.start :], default)
        paragraphs.append(Paragraph(span, "footnote", language))

    text = writer.text
    found = Counter(p.language for p in paragraphs)
    title = source.title or _title_of(blocks, source)
    return Document(
        doc_id=source.doc_id,
        title=title,
        author=source.author,
        languages=source.languages or tuple(language for language, _ in found.most_common()),
        text=text,
        source=source.file,
        content_hash=content_hash,
        pages=tuple(
            Page(i + 1, page.label, span)
            for i, (page, span) in enumerate(zip(pages, page_spans, strict=True))
        ),
        sections=sections,
        paragraphs=tuple(paragraphs),
        footnotes=tuple(footnotes),
        references=tuple(r for p in paragraphs for r in find_references(text, p.span)),
        title_en=source.title_en,
        year=source.year,
        journal=source.journal,
        examples=source.examples,
    )


# --- footnotes ---------------------------------------------------------------------------------


def _collect_notes(pages: Sequence[SourcePage]) -> list[_Note]:
    """Cut the lines below the footnote rules into notes.

    A note starts only at the label after the last one; other lines go on with the last note,
    across pages too.
    """
    notes: list[_Note] = []
    for number, page in enumerate(pages):
        for line in page.notes:
            start = _NOTE_START.match(line.text)
            expected = int(notes[-1].label) + 1 if notes else None
            if start and (expected is None or int(start.group(1)) == expected):
                notes.append(_Note(start.group(1), number, [start.group(2)]))
            elif notes:
                notes[-1].lines.append(line.text)
    return notes


def _running_lines(pages: Sequence[SourcePage], notes: Sequence[_Note]) -> list[_Running]:
    """Give the lines with the markers of the notes taken out of them.

    Lines below a footnote rule are running text after all where no note was found.
    """
    running: list[_Running] = []
    for number, page in enumerate(pages):
        lines = [_Running(number, line) for line in page.lines]
        if page.notes and not notes:
            lines.extend(_Running(number, line) for line in page.notes)
        first = 0
        for note in (n for n in notes if n.page == number):
            at = _find_marker(lines, note.label, first)
            if at is None:
                continue
            first, column = at
            _cut_marker(lines[first], note.label, column)
        running.extend(lines)
    return running


def _find_marker(lines: Sequence[_Running], label: str, first: int) -> tuple[int, int] | None:
    """Find where a marker hangs: digits right behind a word or a mark, with none around them."""
    pattern = re.compile(rf"(?<=[^\s\d(\[/–-]){label}(?![\d\w]|[.,:/-]\d)")
    for i in range(first, len(lines)):
        for match in pattern.finditer(lines[i].text):
            if not _LABEL_LIKE.search(lines[i].text[: match.start()]):
                return i, match.start()
    return None


def _cut_marker(running: _Running, label: str, column: int) -> None:
    text = running.text
    running.line = replace(running.line, text=text[:column] + text[column + len(label) :])
    running.markers.append((label, column))


# --- blocks ------------------------------------------------------------------------------------


def _blocks(running: Sequence[_Running]) -> list[_Block]:
    """Put lines together into headings, paragraphs and list items."""
    blocks: list[_Block] = []
    current = _Block([], after_gap=True)
    for item in running:
        breaks = not item.text or (bool(current.lines) and _breaks(current, item))
        if breaks:
            if current.lines:
                blocks.append(current)
            current = _Block([], after_gap=not item.text)
        if item.text:
            current.lines.append(item)
    return [*blocks, current] if current.lines else blocks


def _breaks(current: _Block, new: _Running) -> bool:
    """Tell whether ``new`` opens a block of its own."""
    last = current.lines[-1]
    if _BULLET.match(new.text):
        return True
    ended = bool(_SENTENCE_END.search(last.text))
    if ended and last.line.fill < (_FULL if len(current.lines) > 1 else _HEADING):
        return True  # a first line is indented, so that much room is none
    if ended and new.line.fill < _FULL and not _SENTENCE_END.search(new.text):
        return current.text.count("“") <= current.text.count("”")  # indented, or a heading
    return _is_heading(current) and _opens(new.text)


def _is_heading(block: _Block) -> bool:
    """A few lines that end no sentence and stop well before the margin.

    After an empty paragraph, and with its words in capitals, it may come closer to the margin.
    """
    text, last = block.text, block.lines[-1].line
    room = _FULL if block.after_gap and _in_title_case(text) else _HEADING
    return (
        len(block.lines) <= _HEADING_LINES
        and last.fill < room
        and not _SENTENCE_END.search(text)
        and text[-1] not in ",;-–"
        and len(text.split()) <= _HEADING_WORDS
        and _opens(text)
        and not _BULLET.match(text)
        and text[0] not in '“"«'
    )


def _in_title_case(text: str) -> bool:
    words = [w for w in re.findall(r"[^\W\d_]+", text) if len(w) > 3]
    return bool(words) and sum(w[0].isupper() for w in words) >= 0.8 * len(words)


def _opens(text: str) -> bool:
    return text[:1].isupper() or text[:1].isdigit() or text[:1] in '“"«('


def _classify(blocks: list[_Block], source: Source) -> list[_Block]:
    """Tell headings, title block and labelled lines (`Keywords: …`) from paragraphs."""
    titles = {_letters(t) for t in (source.title, source.title_en) if t}
    author = _letters(source.author or "")
    blocks = _merge_title(blocks, titles)
    measured = any(line.line.fill != 1.0 for block in blocks for line in block.lines)
    for i, block in enumerate(blocks):
        letters = _letters(block.text)
        followed = i + 1 < len(blocks)
        if letters in titles or (letters == author and i <= 3) or _is_labelled(block):
            block.kind = "front"
        elif followed and (_is_heading(block) if measured else _is_prose_heading(block)):
            block.kind = "front" if i == 0 and not titles else None
            block.heading = block.kind is None
    _set_levels(blocks)
    return blocks


def _merge_title(blocks: list[_Block], titles: set[str]) -> list[_Block]:
    """Put the lines of a title of several lines into one block."""
    for count in range(2, min(5, len(blocks)) + 1):
        merged = _Block([line for block in blocks[:count] for line in block.lines], after_gap=True)
        capitals = all(b.text.isupper() and _is_heading(b) for b in blocks[:count])
        if _letters(merged.text) in titles or (capitals and not titles):
            return _merge_title([merged, *blocks[count:]], titles)
    return blocks


def _is_labelled(block: _Block) -> bool:
    text = block.text
    return bool(
        len(block.lines) <= 3
        and len(text.split()) <= 40
        and text[0].isupper()
        and _LABELLED.match(text)
        and len(text.split(":")[0].split()) <= 3
    )


def _is_prose_heading(block: _Block) -> bool:
    """Prose without a measure: a short paragraph of one line that ends no sentence."""
    text = block.text
    return (
        len(block.lines) == 1
        and len(text.split()) <= 12
        and _opens(text)
        and not _SENTENCE_END.search(text)
        and text[-1] not in ",;"
        and not _BULLET.match(text)
    )


def _letters(text: str) -> str:
    return "".join(c for c in fold(text) if c.isalnum())


def _set_levels(blocks: Iterable[_Block]) -> None:
    """Give each heading its level.

    Capitals and the names that every article uses stand at level 1. So does any other heading,
    but inside a summary, or where its years lie within those of the heading that was opened
    before it: `(1918-1923)` is a part of `(1918-1939)`.
    """
    in_summary = False
    opened: tuple[int, int] | None = None
    for block in blocks:
        if not block.heading:
            continue
        name, years = fold(block.text), _year_range(block.text)
        within = bool(years and opened and opened[0] <= years[0] and years[1] <= opened[1])
        if name in _SUMMARIES:
            block.level, in_summary, opened = 1, True, None
        elif block.text.isupper() or name in _ABSTRACTS:
            block.level, in_summary, opened = 1, False, None
        elif in_summary or (within and years != opened):
            block.level = 2
        else:
            block.level, opened = 1, years


def _year_range(text: str) -> tuple[int, int] | None:
    match = _YEARS.search(text)
    return (int(match.group(1)), int(match.group(2))) if match else None


def _kinds(blocks: Sequence[_Block]) -> Iterator[Kind]:
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
        elif _BULLET.match(text):
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


# --- writing -----------------------------------------------------------------------------------


class _Writer:
    """Joins lines into one text and remembers where pages begin and markers hung."""

    def __init__(self, keeps_hyphen: _HyphenRule) -> None:
        self.text = ""
        self.markers: dict[str, int] = {}
        self._keeps_hyphen = keeps_hyphen
        self._page_starts: list[tuple[int, int]] = []

    def add(self, lines: Sequence[_Running]) -> Span:
        """Append one block; give its range."""
        if self.text:
            self.text += "\n\n"
        start = len(self.text)
        for i, line in enumerate(lines):
            if i > 0:
                self._join(line.text)
            if not self._page_starts or self._page_starts[-1][0] < line.page:
                self._page_starts.append((line.page, len(self.text)))
            for label, column in line.markers:
                self.markers[label] = len(self.text) + column
            self.text += line.text
        return Span(start, len(self.text))

    def _join(self, following: str) -> None:
        if not re.search(r"\w[-‐]$", self.text):
            self.text += " "
        elif not self._keeps_hyphen(self.text, following):
            self.text = self.text[:-1]

    def page_spans(self, count: int) -> list[Span]:
        """Ranges of the pages: without gaps, from 0 to the end of what is written so far."""
        starts = dict(self._page_starts)
        spans: list[Span] = []
        end = len(self.text)
        for number in reversed(range(count)):
            start = 0 if number == 0 else starts.get(number, end)
            spans.append(Span(start, end))
            end = start
        return spans[::-1]


class _HyphenRule:
    """Whether a hyphen at a line's end is the word's own, by the words of the document itself."""

    def __init__(self, words: Counter[str]) -> None:
        self._words = words

    def __call__(self, text: str, following: str) -> bool:
        """Tell for the last word of ``text`` and the first of ``following``."""
        left = re.findall(r"[\w-]+$", text)
        right = re.findall(r"^\w+", following)
        if not left or not right or not right[0][0].islower():
            return True  # numbers and names keep theirs: `1918-1923`, `Türk-İngiliz`
        stem = left[0][:-1]
        return self._words[fold(f"{stem}-{right[0]}")] > self._words[fold(stem + right[0])]


def _hyphen_rule(blocks: Sequence[_Block]) -> _HyphenRule:
    lines = [line.text for block in blocks for line in block.lines]
    return _HyphenRule(
        Counter(w for line in lines for w in re.findall(r"\w+(?:-\w+)*", fold(line)))
    )


def _sections(headings: Sequence[tuple[int, int, int, str]], end: int) -> tuple[Section, ...]:
    """Sections reach to the next heading of the same or a higher level."""
    sections: list[Section] = []
    for i, (start, _, level, heading) in enumerate(headings):
        stop = next((s for s, _, lev, _ in headings[i + 1 :] if lev <= level), end)
        sections.append(Section(heading, level, Span(start, stop)))
    return tuple(sections)


def _title_of(blocks: Sequence[_Block], source: Source) -> str:
    if blocks and blocks[0].kind == "front":
        return blocks[0].text
    return source.file.rsplit(".", 1)[0]


def headings_at(document: Document, offset: int) -> tuple[str, ...]:
    """Headings over an offset of the running text, outermost first."""
    return tuple(s.heading for s in document.sections if s.span.start <= offset < s.span.end)


def page_at(document: Document, offset: int) -> int:
    """Page number of an offset; inside a footnote, the page where the note begins."""
    for note in document.footnotes:
        if note.span.start <= offset < note.span.end:
            return note.page
    for before, after in pairwise(document.pages):
        if offset < after.span.start:
            return before.number
    return document.pages[-1].number
