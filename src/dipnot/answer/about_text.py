"""Questions about a text as a thing: its gist, its conclusion, a footnote, what the catalogue has.

Owns: where each of these stands in a document, and what is said of it. What is catalogue data is
said, never quoted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from dipnot.answer.choice import MAX_SENTENCES, Candidate, grouped
from dipnot.answer.found import (
    Considered,
    Groups,
    Told,
    candidate_of,
    documents_called,
    matches_of,
    notes_of,
    sentences_in,
)
from dipnot.answer.frames import said
from dipnot.answer.sections import heading_named, missing_part, section_named, unnumbered
from dipnot.index.build import Index
from dipnot.language.folding import fold
from dipnot.language.known import joined, pattern
from dipnot.question.about_text import names_this_text
from dipnot.types import ABRIDGED, RUNNING, Document, Language, Section, TextPart

Tell = Callable[[Document, Language], list[str]]

_MOST_SAID = 4  # sentences of an abstract or a section
_BEGINNING = 12  # sentences in which a text without an abstract says what it is
_MOST_TEXTS = 3
_MOST_HEADINGS = 12
_MOST_WORKS = 6
_KEYWORDS = re.compile(pattern(lambda own: own.asks_text["keywords"]))
_CONCLUSIONS = joined(lambda own: own.conclusions)
_BIBLIOGRAPHIES = joined(lambda own: own.bibliographies)
_BYLINE = re.compile(pattern(lambda own: own.byline))
_SHORT_LINE = 12  # words of a heading taken for a sentence


def about_text(found: Considered, about: TextPart) -> Told | None:
    """Answer what is asked of the text as a thing; None where that is left to the texts' words."""
    documents = documents_called(found)
    if about == "conclusion":
        documents = [d for d in documents if _conclusions_of(d)] or documents
    if about in _QUOTED:
        groups = [g for d in documents[:_MOST_TEXTS] for g in _QUOTED[about](found, d)]
        if groups:
            label, frame = found.question.label, _FRAME[about]
            if about == "section":
                label = next(filter(None, (heading_named(found, d) for d in documents)))
            if about == "conclusion" and not any(map(_conclusions_of, documents)):
                frame = "ending"
            return Told("answered", said(frame, found.language, label=label), groups)
        if about == "footnote":
            text = said("no_footnote", found.language, label=found.question.label)
            return Told("not_in_text", text)
        if about == "section" and (number := missing_part(found, documents)):
            return Told("not_in_text", said("no_part", found.language, label=number))
        return _catalogued(found, documents, about) if about in _FACTS else None
    if about == "author" and len(documents) == 1 and not documents[0].author:
        groups = _byline(found, documents[0])
        if groups:
            return Told("answered", said("byline", found.language), groups)
    return _catalogued(found, documents, about)


def bylines_of(found: Considered) -> Groups:
    """Where the texts that were found give their title and author, with the notes to the names.

    What these are, the document knows; a name alone is like no question.
    """
    index = found.index
    groups: Groups = []
    for doc_id in dict.fromkeys(hit.passage.doc_id for hit in found.hits):
        document = index.documents[doc_id]
        orders = index.places.sentences_of(doc_id)
        front = [candidate_of(index, o) for o in orders if index.sentence(o).kind == "front"]
        for n, byline in enumerate(front):
            if document.author and fold(document.author) in fold(byline.passage.text):
                above = [c for c in front[:n] if c.order == byline.order - 1]
                groups.append([*above, byline])
                groups += [[candidate_of(index, order)] for order in notes_of(index, byline)]
                break
    return groups[:MAX_SENTENCES]


def _gist(found: Considered, document: Document) -> Groups:
    """Title and abstract, in the question's language if there is one; else how the text begins."""
    sentences = sentences_in(found.index, document)
    for kind in ABRIDGED:
        own = [c for c in sentences if c.passage.kind == kind]
        same = [c for c in own if c.passage.language == found.language]
        if own:
            return [*_title(found, document), *grouped((same or own)[:_MOST_SAID])]
    beginning = _running(found, document)[:_BEGINNING]
    # `This paper follows the family through three generations.`
    beginning.sort(key=lambda c: not names_this_text(c.passage.text))
    own = sorted(beginning[:MAX_SENTENCES], key=lambda c: c.order)
    return [*_title(found, document), *grouped(own)]


def _scope(found: Considered, document: Document) -> Groups:
    """Of what the text says of itself, what meets the question best: title, abstract, beginning."""
    sentences = sentences_in(found.index, document)
    abridged = [c for c in sentences if c.passage.kind in ABRIDGED]
    same = [c for c in abridged if c.passage.language == found.language]
    running = _running(found, document)
    own = [c for group in _title(found, document) for c in group]
    own += [*(same or abridged), *running[:_BEGINNING]]
    match = matches_of(found, [c.order for c in own])
    return grouped(sorted(own, key=lambda c: -match[c.order])[:MAX_SENTENCES])


def _conclusion(found: Considered, document: Document) -> Groups:
    """The sentences of the conclusion that meet the question best, else how it opens and closes."""
    sections = [_prose_of(found.index, document, s) for s in _conclusions_of(document)]
    sections.sort(key=lambda own: own[0].passage.language != found.language if own else 2)
    own = next(iter(sections), [])
    if not own:  # a story has none; it ends
        return grouped(_running(found, document)[-MAX_SENTENCES:])
    ends = {c.order for c in (*own[:2], *own[-2:])}
    match = matches_of(found, [c.order for c in own])
    best = sorted(match, key=lambda order: -match[order])[:2]
    return grouped([c for c in own if c.order in ends.union(best)])


def _conclusions_of(document: Document) -> list[Section]:
    return [
        section
        for section in document.sections
        if _title_of(section).partition(" ")[0].rstrip(":.") in _CONCLUSIONS
    ]


def _title_of(section: Section) -> str:
    return unnumbered(fold(section.heading)).rstrip(" :.")


def _prose_of(index: Index, document: Document, section: Section) -> list[Candidate]:
    own = sentences_in(index, document, section.span)
    return [c for c in own if c.passage.kind != "footnote" and _is_prose(c)]


def _running(found: Considered, document: Document) -> list[Candidate]:
    """The sentences of running text, without what a bibliography lists."""
    listed = [s.span for s in document.sections if _title_of(s) in _BIBLIOGRAPHIES]
    return [
        c
        for c in sentences_in(found.index, document)
        if c.passage.kind in RUNNING
        and _is_prose(c)
        and not any(span.holds(c.passage.span) for span in listed)
    ]


def _byline(found: Considered, document: Document) -> Groups:
    """Where a text says at its beginning who wrote it."""
    beginning = sentences_in(found.index, document)[:_BEGINNING]
    return [[c] for c in beginning if _BYLINE.search(c.passage.text)][:1]


def _footnote(found: Considered, document: Document) -> Groups:
    label = found.question.label
    notes = [note for note in document.footnotes if note.label == label]
    spans = [note.span for note in notes]
    return grouped(
        [
            candidate_of(found.index, order)
            for span in spans
            for order in found.index.places.sentences_of(document.doc_id, span)
        ]
    )


def _keywords(found: Considered, document: Document) -> Groups:
    """The lines of the title block that are labelled as keywords, in the question's language.

    A text without such lines says in its beginning what it is about.
    """
    lines = [
        c
        for c in sentences_in(found.index, document)
        if c.passage.kind in ("front", *ABRIDGED) and _KEYWORDS.search(fold(c.passage.text)[:40])
    ]
    lines.sort(key=lambda c: c.passage.language != found.language)
    return [[c] for c in lines[:2]] or _gist(found, document)


def _title(found: Considered, document: Document) -> Groups:
    """Where the text gives its title."""
    title = fold(document.title)
    front = (c for c in sentences_in(found.index, document) if c.passage.kind == "front")
    return [[c] for c in front if title in fold(c.passage.text)][:1]


def _is_prose(candidate: Candidate) -> bool:
    text = candidate.passage.text
    return len(text.split()) >= _SHORT_LINE or text.rstrip().endswith((".", "!", "?", "…"))


_QUOTED: Mapping[TextPart, Callable[[Considered, Document], Groups]] = {
    "gist": _gist,
    "scope": _scope,
    "conclusion": _conclusion,
    "footnote": _footnote,
    "keywords": _keywords,
    "title": _title,
    "section": section_named,
}
_FRAME: Mapping[TextPart, str] = {
    "gist": "gist",
    "scope": "gist",
    "conclusion": "conclusion",
    "footnote": "footnote",
    "keywords": "gist",
    "title": "title",
    "section": "section",
}


def _catalogued(found: Considered, documents: Sequence[Document], about: TextPart) -> Told | None:
    language = found.language
    if about == "author" and bylines_of(found):
        return None
    if about == "documents":
        titles = "; ".join(d.title for d in found.index.documents.values())
        return Told("no_question", said("texts", language, texts=titles))
    several = len(documents) > 1
    facts = [
        f"{document.title}: {fact}" if several else fact
        for document in documents[:_MOST_TEXTS]
        for fact in _FACTS[about](document, language)
    ]
    if not facts:
        return Told("not_in_text", said("unknown", language))
    frame = "counted" if about in _COUNTED else "catalogue"
    return Told("not_in_text", said(frame, language, facts="; ".join(facts)))


def _published(document: Document, language: Language) -> list[str]:
    facts = {"journal": document.imprint.journal, "year_of": document.imprint.year}
    return [said(name, language, value=value) for name, value in facts.items() if value]


def _author(document: Document, language: Language) -> list[str]:
    return [said("author", language, value=document.author)] if document.author else []


def _named(document: Document, language: Language) -> list[str]:
    return [said("named", language, value=document.title)]


def _sectioned(document: Document, language: Language) -> list[str]:
    """How many sections, and the headings of the uppermost."""
    if not document.sections:
        return []
    level = min(section.level for section in document.sections)
    upper = [s.heading for s in document.sections if s.level == level]
    shown = upper if len(upper) > 1 else [s.heading for s in document.sections]
    count = said("sections", language, n=len(document.sections))
    more = " …" if len(shown) > _MOST_HEADINGS else ""
    return [f"{count}: " + ", ".join(f"“{h}”" for h in shown[:_MOST_HEADINGS]) + more]


def _cited(document: Document, language: Language) -> list[str]:
    """How many works the text cites, and which most often."""
    cited = Counter((r.author, r.year) for r in document.references if r.year)
    if not cited:
        return []
    count = said("works", language, n=len(cited))
    most = (f"{author} {year} ({n})" for (author, year), n in cited.most_common(_MOST_WORKS))
    return [f"{count}: {', '.join(most)}{' …' if len(cited) > _MOST_WORKS else ''}"]


def _counted(what: str, count: Callable[[Document], int]) -> Tell:
    def tell(document: Document, language: Language) -> list[str]:
        n = count(document)
        return [said(what, language, n=n)] if n else []

    return tell


_FACTS: Mapping[TextPart, Tell] = {
    "published": _published,
    "author": _author,
    "pages": _counted("pages", lambda d: len(d.pages)),
    "footnotes": _counted("footnotes", lambda d: len(d.footnotes)),
    "references": _counted("references", lambda d: len(d.references)),
    "sections": _sectioned,
    "works": _cited,
    "title": _named,
}
_COUNTED: frozenset[TextPart] = frozenset({"pages", "footnotes", "references", "sections", "works"})
