"""Labels of notes as they are printed: which row opens with one, which raised signs are markers.

Owns: telling a label from a power or an ordinal, and which marker belongs to which note.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from dipnot.formats.pdf.layout import Region
from dipnot.formats.pdf.letters import Word
from dipnot.formats.pdf.rows import CELL_GAP, SMALLER, Row
from dipnot.formats.raised import is_power, lowered_text, raised_text
from dipnot.types import Mark

_SIGNS = "*†‡§¶#∗⁎"
_LABEL = re.compile(
    rf"[\[(]?([1-9]\d{{0,3}}|[a-zçğışöü]|[A-Z]|[ivx]{{1,6}}|[IVX]{{2,6}}|[{_SIGNS}]{{1,9}})[)\].]?"
)
_PLAIN_LABEL = re.compile(
    r"\(?(?:([1-9]\d{0,2})[.)]?[-–—]?|([a-z]|[ivx]{2,5}|(?:[A-Z]|[IVX]{2,5})(?=[.)]))[.)]?)"
)
_GLUED = re.compile(
    r"(?:([1-9]\d{0,2})[.)]?[-–—]?|([a-z]|[ivx]{2,5}|[*†‡§]{1,3}))(?=[A-ZÇĞİÖŞÜ“«][^\W\d_]+\W*$)"
)  # `1Vakıf`, `1-Vakıf`
_BRACKETED = re.compile(r"\[(\d{1,3}|[a-z])\]")
_BEHIND = re.compile(r"(?<=\S)\[(\d{1,3})\](?=[.,;:!?…]*$)|^\[(\d{1,3})\](?=[.,;:!?…]*$)")
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_SUPERSCRIPT = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,4}")
_UNITS = frozenset("m cm mm km dm ft in".split())
_CLINGS = tuple(".,;:!?…)]»”’")
NOTES = re.compile(  # folded headings of endnotes
    r"(?:[\divx]+[.)]?\s*)?(?:notlar|dipnotlar|son ?notlar|aciklamalar|(?:end|foot)?notes)\b.{0,20}"
)
_TOUCHES = 0.05  # between a word and its stop, in sizes of the letters


@dataclass(slots=True)
class Note:
    """A note: its label, its rows with their pages, and the word where it hangs."""

    key: str
    label: str
    rows: list[tuple[int, Row]] = field(default_factory=list)
    marker: Word | None = None


@dataclass(slots=True)
class Marker:
    """A raised label in the text; ``likely``: it follows a word or a stop, as no power does."""

    word: Word
    label: str
    likely: bool
    opens: bool = False  # its row
    plain: bool = False  # `[1]` on the line, which may name a source as well


Tied = dict[tuple[int, str], Note]


# --- labels ------------------------------------------------------------------------------------


def label_of(row: Row, *, raised: bool = False) -> str | None:
    """Give the label that a row opens with; ``raised``: one on the line does not count."""
    first = row.words[0]
    superscript = _SUPERSCRIPT.match(first.text)
    if superscript:
        return superscript.group().translate(_SUPERSCRIPTS)
    says = _says(row.words[1:])  # or a marker stands before the stop of its sentence
    match = _LABEL.fullmatch(first.text) if says or len(row.words) == 1 else None
    if match and is_raised(first, row):
        return match.group(1)
    if match and match.group(1)[0] in _SIGNS:
        return match.group(1)
    if raised or not says:
        return None
    match = _GLUED.match(first.text) or _PLAIN_LABEL.fullmatch(first.text)
    if match:
        return match.group(1) or match.group(2)
    match = _BRACKETED.fullmatch(first.text)
    return match.group(1) if match else None


def _says(words: Sequence[Word]) -> bool:
    return any(char.isalnum() for word in words for char in word.text)


def is_doubtful(row: Row) -> bool:
    """Tell a label that a list of sources may have as well, `[1]`, or that may be a word, `a`."""
    first = row.words[0]
    if is_raised(first, row) or _SUPERSCRIPT.match(first.text):
        return False
    return bool(_BRACKETED.fullmatch(first.text)) or first.text[:1].isalpha()


def without_label(row: Row) -> Row | None:
    """Give what stands behind the label of a row."""
    first = row.words[0]
    superscript = _SUPERSCRIPT.match(first.text)
    if superscript and superscript.end() < len(first.text):
        first.text = first.text[superscript.end() :]
        return row
    glued = _GLUED.match(first.text)
    if glued and not is_raised(first, row):
        first.text = first.text[glued.end() :]
        return row
    words = row.words[1:]
    return Row(words) if words else None


def is_raised(word: Word, row: Row) -> bool:
    """Tell small print above the line."""
    return word.size <= SMALLER * row.size and word.y >= row.y + 0.1 * row.size


def is_lowered(word: Word, row: Row) -> bool:
    """Tell small print below the line."""
    return word.size <= SMALLER * row.size and word.y <= row.y - 0.04 * row.size


# --- markers -----------------------------------------------------------------------------------


def markers_in(regions: Sequence[Region]) -> Iterator[Marker]:
    """Give the raised labels in the text; one that opens a row is a marker only if need be."""
    for region in regions:
        for row in region.rows:
            for before, word in zip((None, *row.words), row.words, strict=False):
                for label in labels_in(word, row) if len(row.words) > 1 else ():
                    likely = before is not None and _is_likely(before, word, row)
                    plain = not is_raised(word, row) and _SUPERSCRIPT.search(word.text) is None
                    yield Marker(word, label, likely, opens=before is None, plain=plain)


def labels_in(word: Word, row: Row) -> list[str]:
    """Labels that a word shows, raised or in superscript letters: `1`, `1,2`, `vardır.¹`."""
    if is_raised(word, row):
        matches = [_LABEL.fullmatch(label) for label in re.split(r"[,;]", word.text.rstrip(",;"))]
        return [match.group(1) for match in matches if match] if all(matches) else []
    if "]" not in word.text and word.text.isascii():
        return []  # as most words, and this is asked of each
    found = [label.translate(_SUPERSCRIPTS) for label in _SUPERSCRIPT.findall(word.text)]
    match = _BEHIND.search(word.text) if not found else None
    return [match.group(1) or match.group(2)] if match else found


def _is_likely(before: Word, word: Word, row: Row) -> bool:
    if is_raised(word, row):
        return _may_bear(before.text)
    text = _BEHIND.sub("", _SUPERSCRIPT.sub("", word.text))
    return _may_bear(text or before.text)


def _may_bear(text: str) -> bool:
    """Tell what a note may hang on from what a power may: `sürdü`, but not `10`, `km`."""
    return (text[-1].isalpha() and text.lower() not in _UNITS) or text[-1] in '.,;:!?)”’"»'


def tie(notes: Sequence[Note], markers: Sequence[Marker], opened: Sequence[str] = ()) -> None:
    """Give each note its marker: the next with its label that no other has.

    ``opened`` are labels of rows in the text itself, as below the names of authors; each of them
    has the first marker of its own. A row that no marker leads to begins with a marker instead.
    """
    taken: set[int] = set()
    for label in opened:
        found = _next(markers, label, taken, 0)[:1]
        taken.update(i for i in found if not markers[i].opens)
    last = 0
    for note in notes:
        found = _next(markers, note.label, taken, last) or _next(markers, note.label, taken, 0)
        if found:
            last = found[0]
            taken.add(last)
            note.marker = markers[last].word


def _next(markers: Sequence[Marker], label: str, taken: set[int], first: int) -> list[int]:
    found = [i for i in range(first, len(markers)) if i not in taken and markers[i].label == label]
    return sorted(found, key=lambda i: (markers[i].opens, not markers[i].likely))


def by_marker(notes: Sequence[Note]) -> Tied:
    """Give each note under the word and label where it hangs."""
    return {(id(note.marker), note.label): note for note in notes if note.marker is not None}


def take_marks(
    row: Row, page: int, tied: Tied, *, cells: bool = False
) -> tuple[str, tuple[Mark, ...]]:
    """Give the text of a row without its markers, and where they hung."""
    written = ""
    marks: list[Mark] = []
    before: Word | None = None
    behind_marker = False
    for word in row.reading:
        labels = labels_in(word, row)
        known = [tied.get((id(word), label)) for label in labels]
        lifted = any(known) or (bool(tied) and _is_orphan(word, row, before, written))
        text, places = _cut_out(word, row) if lifted else (_as_power(word, row, before), [])
        close = before is not None and abs(word.x0 - before.x1) < _TOUCHES * row.size
        clings = (behind_marker or lifted or close) and text.startswith(_CLINGS)
        if text and before is not None and word.space and written and not clings:
            wide = cells and word.x0 - before.x1 > CELL_GAP * row.size
            written += " | " if wide else " "
        for label, note, place in zip(labels, known, places, strict=False):
            key = note.key if note else f"{page}.?{label}.{row.y:.0f}.{word.x0:.0f}"
            marks.append(Mark(key, label, len(written) + place))
        written += text
        before = word if text else before
        behind_marker = lifted
    return written, tuple(marks)


def _cut_out(word: Word, row: Row) -> tuple[str, list[int]]:
    """Take the markers out of a word; tell where in what is left each of them hung."""
    if is_raised(word, row):
        return "", [0] * (word.text.count(",") + word.text.count(";") + 1)
    found = list(_SUPERSCRIPT.finditer(word.text)) or list(_BEHIND.finditer(word.text))
    text, places, last = "", [], 0
    for match in found:
        text += word.text[last : match.start()]
        places.append(len(text))
        last = match.end()
    return text + word.text[last:], places


def _as_power(word: Word, row: Row, before: Word | None) -> str:
    """Give what a word says; small figures behind another are raised or lowered: `10⁶`, `CO₂`."""
    if before is None or word.space:
        return word.text
    if is_raised(word, row):
        return raised_text(word.text) or word.text
    return lowered_text(word.text) if is_lowered(word, row) else word.text


def _is_orphan(word: Word, row: Row, before: Word | None, written: str) -> bool:
    """Tell a marker whose note is not there from a power: `sürdü12`, but `10⁶`, `km²`."""
    if before is None or word.space or not any(map(str.isdigit, labels_in(word, row))):
        return False
    if _BEHIND.search(word.text) or is_power(written, Mark("", word.text, len(written))):
        return False
    return (before.text[-1].isalpha() and before.text.lower() not in _UNITS) or (
        before.text[-1] in ".,;”"
    )
