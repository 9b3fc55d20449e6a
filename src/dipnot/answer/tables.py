"""Tables and lists as things: the row that names the columns, and how many rows there are.

Owns: quoting a row with its header, and counting what is listed. Both go by the structure that the
document keeps, never by a text's words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from dipnot.answer.choice import Candidate
from dipnot.answer.found import Considered, Groups, Told, candidate_of, documents_called
from dipnot.answer.frames import said
from dipnot.index.build import Index
from dipnot.language.folding import fold
from dipnot.language.known import joined, pattern
from dipnot.language.tokens import index_terms
from dipnot.retrieval.context import columns_of
from dipnot.types import Document

_LISTED = re.compile(rf"\b(?:{pattern(lambda own: own.listed)})\b")
_TABLE = pattern(lambda own: own.tables)
_TABLES = re.compile(rf"(?:{pattern(lambda own: own.asks['number'])}) (?:{_TABLE})")
_TELLING = joined(lambda own: own.telling)
_WORD = re.compile(r"\w+(?:'\w+)*")
_MOST_HEADERS = 2
_MOST_TEXTS = 3


def with_columns(index: Index, groups: Sequence[Sequence[Candidate]]) -> Groups:
    """Put before the rows of a table the row that names its columns, once for each table."""
    out: Groups = []
    taken = {c.order for group in groups for c in group}
    headers = 0
    for group in groups:
        above = _columns_of(index, group[0])
        if above is not None and above not in taken and headers < _MOST_HEADERS:
            taken.add(above)
            headers += 1
            out.append([candidate_of(index, above)])
        out.append(list(group))
    return out


def _columns_of(index: Index, candidate: Candidate) -> int | None:
    """The number of the sentence that names the columns of a row; None where it is no row."""
    columns = columns_of(candidate.document, candidate.passage)
    if columns is None:
        return None
    orders = index.places.sentences_of(candidate.document.doc_id, columns)
    return next(iter(orders), None)


def counted(found: Considered) -> Told | None:
    """Say how many rows or items a list has that is asked for; None for all other questions."""
    question = found.question
    folded = fold(question.standalone)
    if "number" not in question.kinds or question.request != "ask" or not _LISTED.search(folded):
        return None
    if _TABLES.search(folded):
        return _tables_counted(found)
    words = _WORD.findall(_LISTED.sub(" ", folded))
    asked = set(index_terms(" ".join(w for w in words if w not in _TELLING)))
    lists: Counter[tuple[str, ...]] = Counter()
    for doc_id in dict.fromkeys(hit.passage.doc_id for hit in found.hits):
        lists.update(_items_of(found.index, found.index.documents[doc_id]))
    nearest = [h for h in lists if asked <= set(index_terms(h[-1]))]
    fitting = nearest or [h for h in lists if asked <= set(index_terms(" ".join(h)))]
    if not asked or len(fitting) != 1:
        return None
    heading = next(h for h in reversed(fitting[0]) if asked & set(index_terms(h)))
    told = said("rows", found.language, n=lists[fitting[0]], heading=heading)
    return Told("not_in_text", said("counted", found.language, facts=told))


def _tables_counted(found: Considered) -> Told | None:
    """Say how many tables the texts have that are meant and have any."""
    documents = documents_called(found)
    facts = []
    for document in documents:
        n = len({p.columns for p in document.paragraphs if p.columns is not None})
        told = said("tables", found.language, n=n)
        facts += [f"{document.title}: {told}" if len(documents) > 1 else told] if n else []
    shown = "; ".join(facts[:_MOST_TEXTS])
    return Told("not_in_text", said("counted", found.language, facts=shown)) if facts else None


def _items_of(index: Index, document: Document) -> Iterator[tuple[str, ...]]:
    """The title and headings over each item of a list and each row of a table but the first."""
    headers = {p.columns for p in document.paragraphs if p.columns is not None}
    for paragraph in document.paragraphs:
        if paragraph.kind != "list" or paragraph.span in headers:
            continue
        orders = index.places.sentences_of(document.doc_id, paragraph.span)
        for order in list(orders)[:1]:
            headings = index.sentence(order).headings
            over = headings if paragraph.columns is None else headings[:-1]
            yield (document.title, *over)
