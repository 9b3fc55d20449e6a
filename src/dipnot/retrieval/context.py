"""What a line must be read with: the header of a table's row, the title over a labelled line.

Owns: telling rows and labelled lines from prose, by the document's structure and a line's form.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from dipnot.index.build import Index
from dipnot.types import KINDS, Document, Paragraph, Passage, Span

# `Seats: 38`: a label of a few words, a colon, and hardly more.
_LABELLED = re.compile(r"(?=.{4,90}$)[^:.!?;]{2,50}:\s+(?:\S|\S.*[^.!?…])$")
_MOST_WORDS = 12


def is_labelled(text: str) -> bool:
    """Whether a line says one thing behind a label, without a verb's help."""
    return bool(_LABELLED.match(text)) and len(text.split()) <= _MOST_WORDS


def context_of(index: Index, order: int) -> str | None:
    """What the sentence of a number is read with; None for prose, which needs nothing."""
    passage = index.sentence(order)
    document = index.documents[passage.doc_id]
    columns = columns_of(document, passage)
    if columns is not None:
        return document.text[slice(*columns)]
    if is_labelled(passage.text):
        return passage.headings[-1] if passage.headings else document.title
    return None


def headers_of(index: Index, orders: Sequence[int]) -> dict[int, int]:
    """For each row of a table among sentences, the number of the one that names its columns."""
    found: dict[int, int] = {}
    places = index.places
    for order in orders:
        if KINDS[places.kinds[places.sentences[order]]] != "list":
            continue
        passage = index.sentence(order)
        columns = columns_of(index.documents[passage.doc_id], passage)
        above = [] if columns is None else places.sentences_of(passage.doc_id, columns)
        header = next(iter(above), order)
        if header != order:
            found[order] = header
    return found


def columns_of(document: Document, passage: Passage) -> Span | None:
    """Where the row stands that names the columns of a row; None where it is no row."""
    paragraph = _paragraph_of(document, passage)
    return None if paragraph is None else paragraph.columns


def _paragraph_of(document: Document, passage: Passage) -> Paragraph | None:
    at = bisect_right(document.paragraphs, passage.span.start, key=lambda p: p.span.start) - 1
    own = document.paragraphs[at] if at >= 0 else None
    return own if own is not None and own.span.end >= passage.span.end else None
