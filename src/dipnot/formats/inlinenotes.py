"""Notes typed into the sentence that they explain: `the quay [Footnote 1: In 1811.] was long`.

Owns: where such a note begins and ends, in one line or over several, and the mark it leaves.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from dipnot.types import Line, Mark, SourcePage

_NAMED = re.compile(
    r"(?<=\S)\s?\[\s*(?:foot-?note|end-?note|dipnot|sonnot)"
    r"(?:\s+(?P<label>\d{1,3}|[*†‡§]{1,3}|[a-zA-Z]|[ivxlc]{2,6}))?\s*[:.]\s*",
    re.IGNORECASE,
)
_MOST_LINES = 40  # of one note


def lift_inline(pages: Sequence[SourcePage]) -> tuple[SourcePage, ...]:
    """Take notes out of the sentences that they stand in; each hangs where it stood."""
    return tuple(_lifted(page, number) for number, page in enumerate(pages))


def _lifted(page: SourcePage, number: int) -> SourcePage:
    lines = list(page.lines)
    notes: list[Line] = []
    at = 0
    while at < len(lines):
        match = _NAMED.search(lines[at].text)
        ends = _end(lines, at, match.end()) if match else None
        if match is None or ends is None:
            at += 1
            continue
        key = f"inline {number}.{len(notes)}"
        label = match["label"] or "*"
        last, column = ends
        inside = [line.text for line in lines[at : last + 1]]
        inside[-1] = inside[-1][:column]
        inside[0] = inside[0][match.end() :]
        words = " ".join(part.strip() for part in inside if part.strip())
        notes.append(Line(words, lines[at].number, role="paragraph", note=Mark(key, label)))
        lines[at : last + 1] = _closed_up(lines, at, match.start(), last, column + 1, key, label)
    return replace(page, lines=tuple(lines), notes=(*page.notes, *notes)) if notes else page


def _end(lines: Sequence[Line], first: int, start: int) -> tuple[int, int] | None:
    """Find the bracket that closes a note, in its own block; inner brackets come in pairs."""
    depth = 1
    for at in range(first, min(len(lines), first + _MOST_LINES)):
        text = lines[at].text
        if at > first and (not text or (lines[at].role is not None and not lines[at].joins)):
            return None
        for column in range(start if at == first else 0, len(text)):
            depth += (text[column] == "[") - (text[column] == "]")
            if not depth:
                return at, column
    return None


def _closed_up(
    lines: Sequence[Line], first: int, start: int, last: int, column: int, key: str, label: str
) -> list[Line]:
    """Give what stands before and behind a note, on one line where it stood on one."""
    head, tail = lines[first], lines[last]
    mark = Mark(key, label, start)
    before = tuple(m for m in head.marks if m.column <= start)
    after = [m for m in tail.marks if m.column >= column]
    rest = tail.text[column:]
    if first == last:
        moved = tuple(m._replace(column=m.column - column + start) for m in after)
        text = head.text[:start] + rest
        return [replace(head, text=text.rstrip(), marks=(*before, mark, *moved))]
    lead = column + len(rest) - len(rest.lstrip())
    moved = tuple(m._replace(column=max(0, m.column - lead)) for m in after)
    above = replace(head, text=head.text[:start], marks=(*before, mark))
    below = replace(tail, text=rest.strip(), marks=moved)
    return [above, below] if below.text else [replace(above, fill=tail.fill)]
