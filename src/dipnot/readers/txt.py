"""Plain text: prose, and text taken out of a PDF with its lines, pages and footnotes.

Owns: what white space means in a ``.txt`` file. Two kinds are told apart. In a *double-spaced*
file an empty line follows each printed line: there a page starts at a line of one space and then
text whose line above is not empty, a line of many spaces opens the footnotes of a page, and a line
of a few spaces is an empty paragraph. In any other file a form feed starts a page and an empty
line a paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from dipnot.errors import CorpusError, shown
from dipnot.readers.widths import full_width, line_width
from dipnot.types import Line, SourcePage

_PAGE_TOP = re.compile(r" \S")
_NOTE_RULE = re.compile(r" {20,}$")
_UNWRAPPED = 160


def read(name: str, data: bytes) -> tuple[SourcePage, ...]:
    """Read the bytes of a text file into pages of lines."""
    raw = re.split(r"\r\n|[\n\r\x0b\x85\u2028\u2029]", decode(name, data))
    return _read_double_spaced(raw) if is_double_spaced(raw) else _read_prose(raw)


def decode(name: str, data: bytes) -> str:
    """Decode UTF-8, or UTF-16 with its mark; anything else is an error that names the byte."""
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise CorpusError(
            f"{shown(name)}: byte {error.start:,} is not {encoding.removesuffix('-sig').upper()}. "
            "Save the file as UTF-8."
        ) from None
    if "\x00" in text:
        raise CorpusError(
            f"{shown(name)}: holds NUL characters, so it is no text file. Save it as UTF-8 text."
        )
    return text


def is_double_spaced(lines: Sequence[str]) -> bool:
    """Tell whether an empty line follows nearly every printed one, throughout the file."""
    printed = [i for i, line in enumerate(lines[:-1]) if line.strip()]
    if len(printed) < 8:
        return False
    followed = sum(not lines[i + 1].strip() for i in printed)
    runs = sum(
        not lines[i + 1].strip() and i + 2 < len(lines) and bool(lines[i + 2].strip())
        for i in printed
    )
    return followed >= 0.9 * len(printed) and runs >= 0.85 * len(printed)


def _read_double_spaced(raw: Sequence[str]) -> tuple[SourcePage, ...]:
    pages: list[tuple[list[Line], list[Line]]] = [([], [])]
    in_notes = False
    for i, line in enumerate(raw):
        if i > 0 and _PAGE_TOP.match(line) and raw[i - 1] != "":
            pages.append(([], []))
            in_notes = False
        if _NOTE_RULE.match(line):
            in_notes = True
        elif line.strip():
            pages[-1][in_notes].append(Line(" ".join(line.split()), i + 1))
        elif line and not in_notes:
            pages[-1][0].append(Line("", i + 1))
    bodies = _measured([body for body, _ in pages])
    notes = _measured([notes for _, notes in pages])
    return tuple(SourcePage(tuple(b), tuple(n)) for b, n in zip(bodies, notes, strict=True))


def _measured(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """Give each line its ``fill``.

    The measure is taken page by page, since a page may be set smaller than the next; a page with
    few lines takes that of the page before it.
    """
    measure = 0.0
    lines = [line for page in pages for line in page]
    after = {a.number: b.text for a, b in pairwise(lines)}
    measured: list[list[Line]] = []
    for page in pages:
        printed = [line.text for line in page if line.text]
        if len(printed) >= 8 or not measure:
            measure = full_width(printed)
        measured.append([_with_fill(line, after.get(line.number, ""), measure) for line in page])
    return measured


def _with_fill(line: Line, following: str, measure: float) -> Line:
    width = line_width(f"{line.text} {following.split(' ', 1)[0]}".rstrip())
    return Line(line.text, line.number, fill=width / measure if measure else 1.0)


def _read_prose(raw: Sequence[str]) -> tuple[SourcePage, ...]:
    printed = sorted(len(line) for line in raw if line.strip())
    unwrapped = bool(printed) and printed[len(printed) * 9 // 10] > _UNWRAPPED
    pages: list[list[Line]] = [[]]
    for number, line in enumerate(raw, start=1):
        first, *others = line.split("\f")
        for i, part in enumerate((first, *others)):
            if i > 0:
                pages.append([])
            text = " ".join(part.split())
            if text or not others:
                pages[-1].append(Line(text, number))
            if unwrapped and text:
                pages[-1].append(Line("", number))
    if len(pages) > 1 and not any(line.text for line in pages[-1]):
        pages.pop()
    return tuple(SourcePage(tuple(page)) for page in pages)
