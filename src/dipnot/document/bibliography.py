"""The list of sources at the end of a text, and which of them each citation means.

Owns: the entries of a bibliography, citations by number (`[12]`, `[3, 5]`, `[3-5]`), and tying
citations to entries. Where two entries fit equally well, none is named.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from dipnot.document.references import find_doubtful, find_references
from dipnot.language.folding import fold
from dipnot.language.headings import lists_sources
from dipnot.types import Paragraph, Reference, Section, Span

_NUMBER = re.compile(r"\s*(?:\[(\d{1,4})\]|(\d{1,4})[.)](?!\d))\s*")
_BULLET = re.compile(r"\s*[-–—•*·▪]\s+(?=\w)")
_SAME_AUTHOR = re.compile(r"\s*(?:[-–—_]\s?){2,}[\s.,]*|\s*—[\s.,]+")
_YEAR = re.compile(r"(?<!\d)(?:1[4-9]|20)\d{2}[a-z]?(?!\w)")
_IN_BRACKETS = re.compile(r"\(\D{0,12}((?:1[4-9]|20)\d{2}[a-z]?)(?:[,)]|\s)")
_AUTHOR = re.compile(r"(?:[^\W\d_]{1,2}\.[\s-]?)*[^\W\d_][^\d,;:.(“\"«]*")
_HEAD = 200  # authors stand at an entry's beginning, before its first year
_MORE = re.compile(
    r"(?:(?<!\s)\s+)?(?:[,;&/]|\b(?:ve|and|ile|diğerleri|others)\b|\b(?:et al|vd|vdğ)\b\.?)\s*"
)
_CITED = re.compile(
    r"\[(?P<numbers>\d{1,4}(?:\s?[-–,;]\s?\d{1,4})*)"
    r"(?:,\s*(?P<locator>(?:ss?|pp?)\.?\s?\d[^\[\]]{0,40}))?\]"
)
_WIDEST = 50  # `[3-5]` may name so many; `[1914-1918]` names years


@dataclass(frozen=True, slots=True)
class _Entry:
    """An entry: where it stands, its number if printed, whose work of when it is."""

    span: Span
    number: int | None
    author: str
    head: str  # folded: all that stands before the year or the title
    year: str | None
    years: frozenset[str]


def cited_sources(
    text: str, sections: Sequence[Section], paragraphs: Sequence[Paragraph]
) -> tuple[Reference, ...]:
    """Find all citations of a text, each with its entry where the text lists its sources."""
    listed = [s.span for s in sections if lists_sources(s.heading)]
    of_list = [p for p in paragraphs if any(s.holds(p.span) for s in listed)]
    others = [p for p in paragraphs if not any(s.holds(p.span) for s in listed)]
    found = [r for p in others for r in find_references(text, p.span)]
    if not of_list:
        return tuple(found)
    entries = list(_entries(text, of_list))
    found = [replace(r, entry=_entry_of(r, entries)) for r in found]
    found.extend(_confirmed(text, others, entries, [r.span for r in found]))
    numbers = _numbered(entries, by_place=not found)
    for paragraph in others if numbers else ():
        found.extend(_by_number(text, paragraph.span, numbers))
    return tuple(sorted(found, key=lambda r: r.span))  # stable: `[3, 5]` stays in its order


# --- entries -----------------------------------------------------------------------------------


def _entries(text: str, paragraphs: Iterable[Paragraph]) -> Iterator[_Entry]:
    last = ""
    for paragraph in paragraphs:
        words = text[paragraph.span.start : paragraph.span.end]
        number = _NUMBER.match(words)
        lead = number or _BULLET.match(words)
        words = words[lead.end() :] if lead else words
        same = _SAME_AUTHOR.match(words)
        if same:  # `———, (1995), …`: by the author of the entry before
            words = f"{last}, {words[same.end() :]}"
        author = _AUTHOR.match(words)
        if author is None:
            continue
        last = author.group().strip()
        bracketed = _IN_BRACKETS.search(words, 0, _HEAD)
        years = _YEAR.findall(words)
        year = bracketed.group(1) if bracketed else years[-1] if years else None
        yield _Entry(
            span=paragraph.span,
            number=int(number.group(1) or number.group(2)) if number else None,
            author=last,
            head=fold(re.split(r"[(\d“\"«]", words[:_HEAD], maxsplit=1)[0]),
            year=year,
            years=frozenset([year] if bracketed and year else years),
        )


def _numbered(entries: Sequence[_Entry], *, by_place: bool) -> Mapping[int, _Entry]:
    """Entries by number.

    A list numbered by the word processor has lost its numbers: then, if the text cites in no
    other way, they count ``by_place``.
    """
    printed = {e.number: e for e in entries if e.number is not None}
    if printed or not by_place:
        return printed
    return dict(enumerate(entries, start=1))


# --- citations ---------------------------------------------------------------------------------


def _by_number(text: str, within: Span, entries: Mapping[int, _Entry]) -> Iterator[Reference]:
    """Find citations by number; those of one pair of brackets all stand at the whole of it."""
    for match in _CITED.finditer(text, within.start, within.end):
        cited = list(dict.fromkeys(_numbers(match["numbers"])))
        if cited and all(n in entries for n in cited):
            for n in cited:
                entry = entries[n]
                yield Reference(
                    Span(*match.span()), entry.author, entry.year, match["locator"], entry.span
                )


def _numbers(group: str) -> Iterator[int]:
    for piece in re.split(r"[,;]", group):
        first, *rest = (int(n) for n in re.findall(r"\d+", piece))
        last = rest[-1] if rest else first
        if last - first < _WIDEST:
            yield from range(first, last + 1)


def _entry_of(reference: Reference, entries: Sequence[_Entry]) -> Span | None:
    """Give the one entry that a citation means; None where none or several fit."""
    names = [fold(name) for name in _MORE.split(reference.author) if name]
    if not names:
        return None
    fitting = [e for e in entries if _opens_with(e.head, names[0])]
    year = _YEAR.search(reference.year or "")
    if year:
        fitting = [e for e in fitting if _is_of(e, year.group())]
    if len(fitting) > 1:  # `Gürün ve Ada, 1991` beside `Gürün, 1991`
        rest = [e for e in fitting if all(_has(e.head, name) for name in names[1:])]
        alone = [e for e in rest if _has_one_author(e.head)]
        fitting = alone if len(names) == 1 and len(alone) == 1 else rest
    return fitting[0].span if len(fitting) == 1 else None


def _confirmed(
    text: str, paragraphs: Iterable[Paragraph], entries: Sequence[_Entry], taken: Sequence[Span]
) -> Iterator[Reference]:
    """Find citations of a doubtful form, where the list has their source by its whole name."""
    ends = [span.end for span in taken]
    for paragraph in paragraphs:
        for readings in find_doubtful(text, paragraph.span):
            at = bisect_right(ends, readings[0].span.start)
            if at < len(taken) and taken[at].overlaps(readings[0].span):
                continue
            for reference in readings:
                names = [fold(name) for name in _MORE.split(reference.author) if name]
                called = [e for e in entries if names and _is_called(e.author, names[0])]
                entry = _entry_of(reference, called) if called else None
                if entry is not None:
                    yield replace(reference, entry=entry)
                    break


def _is_called(author: str, name: str) -> bool:
    """Tell whether all of a name is an author's: `Lozan` is no `Lozan Barış Konferansı`."""
    words = [word for word in fold(author).replace(".", " ").split() if len(word) > 1]
    return bool(words) and (" ".join(words) == name or name.rsplit(maxsplit=1)[-1] == words[-1])


def _is_of(entry: _Entry, year: str) -> bool:
    """`2000` may mean what the list calls `2000a`, but `2000a` no other year."""
    return any(y == year or (y[:4] == year and y[4:]) for y in entry.years)


def _opens_with(head: str, name: str) -> bool:
    """Tell whether the first author is called so: `Gürün, K.`, `Kamuran Gürün, …`."""
    first = re.split(r"[,;&]|\bve\b|\band\b", head, maxsplit=1)[0].rstrip(" .")
    *given, surname = name.split()
    if _begins(head, name) or first.endswith(f" {surname}"):
        return True
    return bool(given) and first == surname and _has(head, given[0])


def _begins(head: str, name: str) -> bool:
    return head.startswith(name) and not head[len(name) : len(name) + 1].isalnum()


def _has(head: str, name: str) -> bool:
    return re.search(rf"\b{re.escape(name)}\b", head) is not None


def _has_one_author(head: str) -> bool:
    return not re.search(r"[;&]|\bve\b|\band\b", head)
