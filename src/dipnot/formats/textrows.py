"""Lines of a text file that are rows: with labels, counted, of a table or of a list of contents.

Owns: where such lines part, though no empty line stands between them. Only what many lines share
tells: one label, or one number, may begin any line of prose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from dipnot.formats.widths import full_width
from dipnot.types import Line, Role

_LABEL = re.compile(r"[^\W\d_][^:.!?…]{0,30}:\s+\S")
_COUNTED = re.compile(r"(\d{1,3})[.)]\s+\S")
_LEADERS = re.compile(r"(?:(?<!\.)\.{4,}|(?<!\s\.)(?:\s\.){4,})\s*(?:\d{1,4}|[ivxl]{1,6})$")
_BULLET = re.compile(r"[\W_]*(?:\w{1,3}[.)])?")
_FIGURE = re.compile(r"[^\s\d]*\d\S*")
_GAP = re.compile(r"(?<=\S)\s{3,}(?=\S)")
_ENDED = re.compile(r"[.!?…:;,][”’\"')\]]*$")
_TAIL = 40  # of a line, where it is looked at how it ends
_LONGEST_HEAD = 80
_NEARLY = 0.95
_UNDERLINE = re.compile(r"={3,}|-{3,}")
_QUOTED = re.compile(r"\s{0,3}>")
_PROMPT = ">>>"


def underlines(raw: Sequence[str]) -> set[int]:
    """Find the lines of `===` or `---` that mark the line above them as a heading.

    They are about as long as it; some have another one above it.
    """
    found: set[int] = set()
    for at in range(1, len(raw)):
        rule, head = raw[at].strip(), raw[at - 1].strip("\f ")
        if not _UNDERLINE.fullmatch(rule) or not 0 < len(head) <= _LONGEST_HEAD:
            continue
        over = raw[at - 2].strip() if at > 1 else ""
        alone = over in ("", rule) or raw[at - 1].startswith("\f")
        as_long = abs(len(rule) - len(head)) <= max(2, len(head) // 4)
        row = "|" in head or _GAP.search(head) or not any(map(str.isalpha, head))
        if alone and as_long and not row and not _ENDED.search(head[-_TAIL:]):
            found |= {at, at - 2} if over == rule else {at}
    return found


def quoted(raw: Sequence[str]) -> dict[int, str]:
    """Find the lines that an e-mail quotes with `>`, several in a row; give them without it."""
    found: dict[int, str] = {}
    for mark, group in groupby(enumerate(raw), lambda line: bool(_QUOTED.match(line[1]))):
        run = list(group) if mark else []
        if len(run) > 1 and not all(line.lstrip().startswith(_PROMPT) for _, line in run):
            found |= {at: line.lstrip("> ") for at, line in run}
    return found


def aligned(raw: Sequence[str]) -> dict[int, bool]:
    """Find the rows of tables, and the lines that they go on in: True for these.

    Behind a wide gap of theirs others next to them begin or end at one place.
    """
    found: dict[int, bool] = {}
    table: dict[int, bool] = {}
    last: set[int] = set()
    rows = 0
    for at, line in enumerate([*raw, ""]):
        places, text = _places(line), line.lstrip()
        small = rows > 1 and text[:1].islower() and not _ENDED.search(raw[at - 1].rstrip()[-_TAIL:])
        goes_on = bool(text) and not places and (small or len(line) - len(text) in last)
        if not goes_on and not places & last:
            found |= table if rows > 1 else {}
            table, rows = {}, 0
        if places or goes_on:
            table[at] = goes_on
            rows += not goes_on
            last = last if goes_on else places
        else:
            last = set()
    return found


def _places(line: str) -> set[int]:
    """Where the cells behind a line's gaps begin, and where figures end, below zero.

    Words end at one place in justified prose, too.
    """
    gaps = list(_GAP.finditer(line))
    if not gaps or _BULLET.fullmatch(line[: gaps[0].start()]):
        return set()
    ends = [gap.start() for gap in gaps[1:]] + [len(line.rstrip())]
    cells = [(gap.end(), end) for gap, end in zip(gaps, ends, strict=True)]
    figures = {-end for start, end in cells if _FIGURE.fullmatch(line, start, end)}
    return {start for start, _ in cells} | figures


def part_rows(lines: Sequence[Line], tables: dict[int, bool]) -> list[Line]:
    """Part rows from each other and from the prose around them.

    ``tables`` are the numbers of the lines of tables, and whether they go on with a row.
    """
    measure = _NEARLY * full_width([line.text for line in lines if line.text], len)
    parted: list[Line] = []
    for prose, group in groupby(lines, lambda line: bool(line.text) and line.role is None):
        block = list(group)
        parted.extend(_parted(block, tables, measure) if prose and len(block) > 1 else block)
    return parted


def _parted(block: Sequence[Line], tables: dict[int, bool], measure: float) -> Iterator[Line]:
    """Give the lines of a block again; what is a row of a table or a list is told to be one."""
    texts = [line.text for line in block]
    rows: dict[int, Role] = {at: "table" for at, line in enumerate(block) if line.number in tables}
    leaders = [at for at, text in enumerate(texts) if _LEADERS.search(text)]
    rows |= dict.fromkeys(leaders if len(leaders) > 1 else (), "list")
    begins = {at + 1 for at in rows} - rows.keys()
    counted, labelled = list(_counted(texts)), _labelled(texts, measure)
    items = len(counted) > 1 and _opens(texts, counted[0])
    begins |= set(labelled) if len(labelled) > 1 and _opens(texts, labelled[0]) else set()
    for at, line in enumerate(block):
        if at in begins:
            yield Line("", line.number)
        item = items and at >= counted[0] and at not in rows
        role = "list" if item else rows.get(at)
        joins = at not in counted if item else tables.get(line.number, False)
        yield replace(line, role=role, joins=joins and at > 0)


def _opens(texts: Sequence[str], first: int) -> bool:
    """Tell whether rows begin their block, or stand right below what announces or heads them."""
    before = texts[first - 1] if first else ""
    heads = first == 1 and len(before) <= _LONGEST_HEAD and not _ENDED.search(before[-_TAIL:])
    return first == 0 or before.endswith(":") or heads


def _labelled(texts: Sequence[str], measure: float) -> list[int]:
    """Find the lines that begin with a label, each behind another one or behind a short line."""
    labels = [bool(_LABEL.match(text)) and text[0].isupper() for text in texts]
    return [
        at
        for at, text in enumerate(texts)
        if labels[at] and (not at or labels[at - 1] or _stops(texts[at - 1], text, measure))
    ]


def _stops(text: str, following: str, measure: float) -> bool:
    """Tell whether a line ends a sentence, or ends where the next word would have found room."""
    room = len(text) + 1 + len(following.split(" ", 1)[0]) < measure
    return room or _ENDED.search(text[-_TAIL:]) is not None


def _counted(texts: Sequence[str]) -> Iterator[int]:
    """Find the lines that begin with numbers that count on by one."""
    number = 0
    for at, text in enumerate(texts):
        match = _COUNTED.match(text)
        if match and (not number or int(match.group(1)) == number + 1):
            number = int(match.group(1))
            yield at
