"""Where a quotation stands: its whole paragraph, and the footnotes which hang on it.

Owns: joining pages and cutting the paragraph out of them. Offsets are those of the document.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from dipnot_ui.backend import BackendError

_BREAK = "\n\n"
_MOST_PAGES = 4

PageReader = Callable[[str, int], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote: its label, its text, and the offset where it hung."""

    label: str
    text: str
    marker: int


@dataclass(frozen=True, slots=True)
class Context:
    """A paragraph of the document, and the notes that hang in it.

    The quotation is ``text[mark[0]:mark[1]]``; ``start`` is the offset of ``text`` itself.
    """

    text: str
    start: int
    mark: tuple[int, int]
    notes: tuple[Note, ...] = ()

    def notes_of_quote(self) -> tuple[Note, ...]:
        """Give the notes whose marker hangs on the quotation."""
        first, last = (self.start + at for at in self.mark)
        return tuple(n for n in self.notes if first < n.marker <= last)


def find_context(citation: Mapping[str, Any], read_page: PageReader) -> Context | None:
    """Find the paragraph of a citation.

    Give None when the pages do not hold the quotation word for word: better no paragraph than one
    with something else marked in it.
    """
    doc_id, first, start = citation["doc_id"], int(citation["page"]), int(citation["start"])
    last = min(max(first, int(citation.get("page_end") or first)), first + _MOST_PAGES - 1)
    pages = [read_page(doc_id, number) for number in range(first, last + 1)]
    quote = str(citation["quote"])
    if citation.get("kind") == "footnote":
        return _note_itself(quote, start, _footnotes(pages))

    offset = int(pages[0]["start"])
    text = "".join(str(page["text"]) for page in pages)
    at = _place(text, quote, start - offset)
    if at is None:
        return None
    while (left := text.rfind(_BREAK, 0, at)) < 0 and first > 1 and len(pages) < _MOST_PAGES:
        first -= 1
        page = read_page(doc_id, first)
        if int(page["end"]) != offset:
            break
        pages.insert(0, page)
        text, offset, at = page["text"] + text, int(page["start"]), at + len(page["text"])
    end = at + len(quote)
    while (right := text.find(_BREAK, end)) < 0 and len(pages) < _MOST_PAGES:
        last += 1
        following = _page_or_none(read_page, doc_id, last)
        if following is None or int(following["start"]) != offset + len(text):
            break
        pages.append(following)
        text += following["text"]
    left = 0 if left < 0 else left + len(_BREAK)
    right = len(text) if right < 0 else right
    left, right = min(left, at), max(right, end)
    begin = offset + left
    notes = tuple(n for n in _notes(pages) if begin < n.marker <= offset + right)
    return Context(text[left:right], begin, (at - left, end - left), notes)


def _place(text: str, quote: str, expected: int) -> int | None:
    """Find the quotation where it should be, or else wherever it is."""
    if not quote:
        return None
    if expected >= 0 and text.startswith(quote, expected):
        return expected
    found = text.find(quote)
    return found if found >= 0 else None


def _page_or_none(read_page: PageReader, doc_id: str, number: int) -> Mapping[str, Any] | None:
    """Read the page after, if there is one: only the backend knows which page is the last."""
    try:
        return read_page(doc_id, number)
    except BackendError:
        return None


def _note_itself(quote: str, start: int, footnotes: Iterable[Mapping[str, Any]]) -> Context | None:
    """Give the footnote that a citation quotes as its own paragraph."""
    for note in footnotes:
        if int(note["start"]) <= start < int(note["end"]):
            text = str(note["text"])
            at = _place(text, quote, start - int(note["start"]))
            if at is not None:
                return Context(text, int(note["start"]), (at, at + len(quote)))
    return None


def _footnotes(pages: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [note for page in pages for note in page.get("footnotes") or ()]


def _notes(pages: Iterable[Mapping[str, Any]]) -> list[Note]:
    """Give the notes of the pages once each, as they hang."""
    found = {
        Note(str(n["label"]), str(n["text"]), int(n["marker"]))
        for n in _footnotes(pages)
        if n.get("marker") is not None
    }
    return sorted(found, key=lambda note: note.marker)
