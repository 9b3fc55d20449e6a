"""Plain text: prose, and text taken out of a PDF with its lines, pages and footnotes.

Owns: what white space means in a ``.txt`` file. Two kinds are told apart. In a *double-spaced*
file an empty line follows each printed line: there a page starts at a line of one space and then
text whose line above is not empty, a line of many spaces opens the footnotes of a page, and a line
of a few spaces is an empty paragraph. In any other file a form feed starts a page and an empty
line a paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from dipnot.formats.blocks import UNSEEN
from dipnot.formats.encodings import decode
from dipnot.formats.equations import equations_in
from dipnot.formats.furniture import strip_furniture
from dipnot.formats.notesigns import is_rule
from dipnot.formats.pagenumbers import split_at_numbers
from dipnot.formats.textcolumns import in_reading_order
from dipnot.formats.textrows import aligned, part_rows, quoted, underlines
from dipnot.formats.typednotes import tie_typed
from dipnot.formats.widths import Width, full_width, line_width
from dipnot.types import EQUATION, Line, Mark, Role, SourcePage

_PAGE_TOP = re.compile(r" \S")
_NOTE_RULE = re.compile(r" {20,}$")
_DIVIDER = re.compile(r"\s*(?:(?:\*\s+){2,}\*|([~*#+])\1{4,}|--)\s*")  # `* * *`, `~~~~~`
_BROKEN = re.compile(r"(?<=[^\W\d_])[\xad¬](?=\s*$)")  # where a word was cut, as programs write it
_UNWRAPPED = 160
_LONGEST_HEAD = 80
_FEW_LINES = 6
_MUCH = 0.8
_FULL = 0.985  # as a share of the column, see Line.fill
_SENTENCE_END = re.compile(r"[.!?…:][”’\"')\]\d]*\s*$")
_LAST_OF_PARAGRAPH = re.compile(r"[.!?…:][”’\"')\]\d]* {2,3}$")


def read(name: str, data: bytes) -> tuple[SourcePage, ...]:
    """Read the bytes of a text file into pages of lines."""
    lines = re.split(r"\r\n|[\n\r\x0b\x85\u2028\u2029]", decode(name, data))
    raw = [_BROKEN.sub("-", line).translate(UNSEEN) for line in lines]
    if is_double_spaced(raw):
        return _read_double_spaced(raw)
    return _read_prose(in_reading_order([line.expandtabs() for line in raw]))


def is_double_spaced(lines: Sequence[str]) -> bool:
    """Tell whether an empty line follows nearly every printed one, throughout the file.

    Prose with an empty line behind each paragraph looks the same, but its lines end sentences
    where those of a printed page mostly go on in the next one.
    """
    printed = [i for i, line in enumerate(lines[:-1]) if line.strip()]
    if len(printed) < 8:
        return False
    followed = sum(not lines[i + 1].strip() for i in printed)
    runs = sum(
        not lines[i + 1].strip() and i + 2 < len(lines) and bool(lines[i + 2].strip())
        for i in printed
    )
    goes_on = sum(
        not _ends_sentence(lines[a]) and lines[b].lstrip()[:1].islower()
        for a, b in pairwise(printed)
    )
    lengths = sorted(len(lines[i]) for i in printed)
    return (
        followed >= 0.9 * len(printed)
        and runs >= 0.85 * len(printed)
        and goes_on >= 0.3 * len(printed)
        and lengths[len(lengths) * 9 // 10] <= _UNWRAPPED
    )


def _ends_sentence(line: str) -> bool:
    return bool(_SENTENCE_END.search(line[-_UNWRAPPED:]))


def _read_double_spaced(raw: Sequence[str]) -> tuple[SourcePage, ...]:
    pages: list[tuple[list[Line], list[Line]]] = [([], [])]
    in_notes = False
    for i, line in enumerate(raw):
        if line.startswith("\f") or (i > 0 and _PAGE_TOP.match(line) and raw[i - 1] != ""):
            pages.append(([], []))
            in_notes = False
        if _NOTE_RULE.match(line):
            in_notes = True
        elif line.strip():
            # Each printed line ends in one space; a second one was typed at a paragraph's end.
            fill = 0.0 if _LAST_OF_PARAGRAPH.search(line[-9:]) else 1.0
            pages[-1][in_notes].append(Line(" ".join(line.split()), i + 1, fill=fill))
        elif line and not in_notes:
            pages[-1][0].append(Line("", i + 1))
    bodies = _measured([body for body, _ in pages])
    notes = _measured([notes for _, notes in pages])
    return tuple(SourcePage(tuple(b), tuple(n)) for b, n in zip(bodies, notes, strict=True))


def _measured(
    pages: Sequence[Sequence[Line]], width: Width = line_width, measure: float = 0.0
) -> list[list[Line]]:
    """Give each line its ``fill``.

    The measure is taken page by page, since a page may be set smaller than the next; a page with
    few lines takes that of the page before it, the first one ``measure``.
    """
    lines = [line for page in pages for line in page]
    after = {a.number: b.text for a, b in pairwise(lines)}
    measured: list[list[Line]] = []
    for page in pages:
        printed = [line.text for line in page if line.text]
        if len(printed) >= 8 or not measure:
            measure = full_width(printed, width)
        measured.append(
            [_with_fill(line, after.get(line.number, ""), measure, width) for line in page]
        )
    return measured


def _with_fill(line: Line, following: str, measure: float, width: Width) -> Line:
    if not line.fill or not measure:
        return line
    gap = "" if line.text.endswith(("-", "‐")) else " "
    reach = width(f"{line.text}{gap}{following.split(' ', 1)[0]}".rstrip())
    return replace(line, fill=reach / measure)


def _read_prose(raw: Sequence[str]) -> tuple[SourcePage, ...]:
    unwrapped = _is_unwrapped([line for line in raw if line.strip()])
    found = _pages_of(raw, unwrapped=unwrapped)
    sheets = strip_furniture(found) if len(found) > 1 else split_at_numbers(found[0])
    pages = [list(_with_initials(sheet.lines)) for sheet in sheets]
    gaps = not unwrapped and not _has_no_gaps(pages)
    if not unwrapped:
        pages = _parted(pages)
    for before, page in pairwise(pages):
        if before and _ends_sentence(before[-1].text) and page[1:2] and not page[1].text:
            page.insert(0, Line("", page[0].number))  # a line by itself on top: a heading
    tied = tie_typed(
        [SourcePage(tuple(li), label=s.label) for li, s in zip(pages, sheets, strict=True)]
    )
    tied = tuple(replace(page, lines=tuple(map(_without_rule, page.lines))) for page in tied)
    if gaps:
        rows = {at + 1: joins for at, joins in aligned(raw).items()}
        tied = tuple(replace(page, lines=tuple(part_rows(page.lines, rows))) for page in tied)
    return tuple(replace(page, lines=tuple(map(_with_equations, page.lines))) for page in tied)


def _without_rule(line: Line) -> Line:
    """A rule that parts no notes from the text parts blocks."""
    return replace(line, text="") if is_rule(line.text) else line


def _with_equations(line: Line) -> Line:
    """Mark the equations that a line holds as TeX; its text stays as it is."""
    found = equations_in(line.text) if "$" in line.text or "\\" in line.text else ()
    marks = tuple(Mark(EQUATION, words, start) for start, words in found)
    return replace(line, marks=line.marks + marks) if marks else line


def _is_unwrapped(printed: Sequence[str]) -> bool:
    """Tell whether each line is a paragraph: some are very long, or most end a sentence."""
    widths = sorted(len(line) for line in printed)
    ended = sum(_ends_sentence(line) for line in printed)
    return bool(widths) and (
        widths[len(widths) * 9 // 10] > _UNWRAPPED or ended > 0.7 * len(printed)
    )


def _pages_of(raw: Sequence[str], *, unwrapped: bool) -> list[list[Line]]:
    """Cut the lines into pages at form feeds; an empty last page is none."""
    pages: list[list[Line]] = [[]]
    said, rules = quoted(raw), underlines(raw)
    for number, line in enumerate(raw, start=1):
        if number - 1 in said or number - 2 in said:
            _quote(pages[-1], said.get(number - 1, ""), number)
        if number - 1 in said:
            continue
        first, *others = line.split("\f")
        for i, part in enumerate((first, *others)):
            if i > 0:
                pages.append([])
            text = "" if _DIVIDER.fullmatch(part) or number - 1 in rules else " ".join(part.split())
            if text or not others:
                pages[-1].append(Line(text, number))
            if unwrapped and text:
                pages[-1].append(Line("", number))
    if len(pages) > 1 and not any(line.text for line in pages[-1]):
        pages.pop()
    return pages


def _quote(page: list[Line], words: str, number: int) -> None:
    """Go on with the quoted lines of a page; an empty one parts them."""
    text = " ".join(words.split())
    joins = bool(page) and page[-1].role == "quotation"
    role: Role | None = "quotation" if text else None
    page.append(Line(text, number, role=role, joins=joins and bool(text)))


def _with_initials(page: Sequence[Line]) -> Iterator[Line]:
    """Put a letter that was dropped before a paragraph, and came as a line, back on its word."""
    initial = ""
    for line, following in zip(page, [*page[1:], None], strict=False):
        alone = len(line.text) == 1 and line.text.isupper()
        if alone and following and following.text[:1].islower():
            initial = line.text
        else:
            yield replace(line, text=initial + line.text) if initial else line
            initial = ""


def _parted(pages: list[list[Line]]) -> list[list[Line]]:
    """Make out where paragraphs of wrapped lines end, where no empty line tells."""
    if not _has_no_gaps(pages):
        return [list(_with_heads_parted(page)) for page in pages]
    texts = [line.text for page in pages for line in page]
    width = _width_of(texts)
    measured = _measured(pages, width, full_width([text for text in texts if text], width))
    return [[_surely(line) for line in page] for page in measured]


def _has_no_gaps(pages: Sequence[Sequence[Line]]) -> bool:
    """Tell whether paragraphs follow each other without an empty line between them."""
    lines = [line.text for page in pages for line in page]
    gaps = sum(not line.text for page in pages for line in page[1:-1])
    return sum(map(bool, lines)) >= _FEW_LINES and gaps <= 0.05 * len(lines)


def _with_heads_parted(page: Sequence[Line]) -> Iterator[Line]:
    """Part lines in capitals from the prose that follows them without an empty line."""
    for line, following in zip(page, [*page[1:], None], strict=False):
        yield line
        if following and _is_capitals(line.text) and _is_prose(following.text):
            yield Line("", line.number)


def _is_capitals(text: str) -> bool:
    letters = sum(char.isalpha() for char in text)
    return (
        text.isupper() and letters > 3 and len(text) <= _LONGEST_HEAD and not _ends_sentence(text)
    )


def _is_prose(text: str) -> bool:
    return text[:1].isupper() and not text.isupper() and len(text.split()) > 3


def _surely(line: Line) -> Line:
    """The widths are estimates: a line that ends no sentence is short only if it is much so."""
    sure = line.fill < _MUCH or _ends_sentence(line.text)
    return line if sure else replace(line, fill=1.0)


def _width_of(lines: Sequence[str]) -> Width:
    """Choose how lines were measured when they were broken: by characters or as they are printed.

    By the right measure few lines stop short inside a sentence.
    """
    goes_on = [(a, b) for a, b in pairwise(lines) if a and b and not _ends_sentence(a)]

    def short(width: Width) -> int:
        full = full_width([line for line in lines if line], width)
        return sum(width(f"{a} {b.split(' ', 1)[0]}") < _FULL * full for a, b in goes_on)

    return min((line_width, len), key=short)
