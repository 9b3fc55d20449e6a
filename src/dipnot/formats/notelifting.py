"""Lines with the marks of their notes lifted out, and notes without the labels that open them.

Owns: what is cut out of a line, what stands in its place, and where the mark hung. Which marks lead
to notes is told in ``typednotes``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from dipnot.formats.notesigns import Unit, ends_sentence
from dipnot.formats.raised import RAISED, as_text, plain_label
from dipnot.types import Line, Mark, SourcePage

_CLINGS = tuple(".,;:!?…)]»”’")
_STEPS, _MOSTLY = 2, 0.8
_Edit = tuple[int, int, str, Mark | None]  # a range of a line, what stands for it, what hangs there


def lift(pages: Sequence[SourcePage], units: Sequence[Unit]) -> tuple[SourcePage, ...]:
    """Give the pages again: running lines without marks, and the notes below them."""
    running: list[list[Line]] = [[] for _ in pages]
    mark_notes = _mark_notes(units)
    notes = [[_lowered(line, mark_notes) for line in page.notes] for page in pages]
    for number, unit in enumerate(units):
        line = _without_markers(unit, mark_notes)
        if unit.note is None:
            _append(running[unit.page], line, had_text=bool(unit.line.text))
        elif line.text:
            opens = unit.note.unit == number
            mark = Mark(unit.note.key, unit.note.label) if opens else None
            page = units[unit.note.unit].page
            notes[page].append(replace(line, note=mark, joins=not opens, role="paragraph"))
    for lines, below in zip(running, notes, strict=True):
        if below:
            _open_end(lines)
    return tuple(
        replace(page, lines=tuple(lines), notes=tuple(below))
        for page, lines, below in zip(pages, running, notes, strict=True)
    )


def _mark_notes(units: Sequence[Unit]) -> bool:
    """Tell whether raised figures mark notes: some were tied, or they count 1, 2, 3."""
    raised = [m for u in units for m in u.markers if m.style == "raised" and m.label.isdigit()]
    if any(m.key for m in raised):
        return True
    labels = [int(m.label) for m in raised if not m.power]
    steps = [b - a == 1 for a, b in pairwise(labels) if b != 1]  # each page may begin anew
    return len(steps) >= _STEPS and sum(steps) >= _MOSTLY * len(steps)


def _open_end(lines: list[Line]) -> None:
    """Let a sentence that the notes at a page's foot interrupt go on, on the next page."""
    end = len(lines)
    while end and not lines[end - 1].text:
        end -= 1
    if end and not ends_sentence(lines[end - 1].text):
        del lines[end:]


def _append(lines: list[Line], line: Line, *, had_text: bool) -> None:
    """Add a line; of one that was nothing but a marker, the marker hangs on the line before."""
    if line.text.startswith(_CLINGS) and line.marks and lines and lines[-1].text:
        lines[-1], line = _with_stop(lines[-1], line)
    if line.text or not had_text:
        lines.append(line)
    elif lines and line.marks:
        last = lines[-1]
        hung = tuple(m._replace(column=len(last.text)) for m in line.marks)
        lines[-1] = replace(last, marks=last.marks + hung)


def _with_stop(before: Line, line: Line) -> tuple[Line, Line]:
    """Where a marker began a wrapped line, let the stop behind it end the line before."""
    first, *others = line.marks
    if first.column:
        return before, line
    rest = line.text.lstrip("".join(_CLINGS))
    stop, shift = line.text[: len(line.text) - len(rest)], len(line.text) - len(rest.lstrip())
    hung = first._replace(column=len(before.text))
    marks = tuple(m._replace(column=max(0, m.column - shift)) for m in others)
    return (
        replace(before, text=before.text + stop, marks=(*before.marks, hung)),
        replace(line, text=rest.lstrip(), marks=marks),
    )


def _without_markers(unit: Unit, mark_notes: bool) -> Line:
    """Take out the label that opens a note, and the markers that hang."""
    keyed = [m for m in unit.markers if m.key]
    raised = {(m.start, m.label): m.key for m in keyed if m.style == "raised"}
    edits: list[_Edit] = [
        (m.start, m.end, "", Mark(m.key, m.label)) for m in keyed if m.style != "raised"
    ]
    line, note = unit.line, unit.note
    opener = unit.opener if note is not None and unit.opener is note else None
    for mark in line.marks:
        if mark.key != RAISED:
            edits.append((mark.column, mark.column, "", mark))
        elif not (opener and opener.style == "raised" and mark.column == 0):
            key = raised.get((mark.column, plain_label(mark.label)))
            hung = Mark(key, plain_label(mark.label)) if key else None
            edits.append((mark.column, mark.column, *_resolved(line.text, mark, hung, mark_notes)))
    text, marks = _edited(line.text, opener.body if opener else 0, edits)
    if note is not None and note.style == "named" and text.endswith("]"):
        text = text[:-1].rstrip()
    return replace(line, text=text, marks=tuple(marks))


def _lowered(line: Line, mark_notes: bool) -> Line:
    """Put what is raised in a line of a note that was tied already."""
    if not any(mark.key == RAISED for mark in line.marks):
        return line
    return _without_markers(Unit(0, line, begins=True), mark_notes)


def _resolved(
    text: str, raised: Mark, hung: Mark | None, mark_notes: bool
) -> tuple[str, Mark | None]:
    """What stands for raised letters: a marker, or their text."""
    if hung is not None:
        return "", hung
    return as_text(text, raised, marks_notes=mark_notes)


def _edited(text: str, start: int, edits: Sequence[_Edit]) -> tuple[str, list[Mark]]:
    out, at, marks = "", start, []
    for begin, end, words, mark in sorted(edits, key=lambda e: (e[0], e[1])):
        if begin < at:
            continue
        out += text[at:begin] + words
        at = end
        if mark is not None:
            after = text[at : at + 1]
            if end > begin and out.endswith(" ") and (after in ("", " ") or after in _CLINGS):
                out = out.rstrip()
            marks.append(mark._replace(column=len(out)))
    out = (out + text[at:]).rstrip()
    lead = len(out) - len(out.lstrip())
    return out[lead:], [
        m._replace(column=min(max(0, m.column - lead), len(out) - lead)) for m in marks
    ]
