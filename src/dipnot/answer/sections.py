"""Sections and numbered articles that a question names: what they say, what they list.

Owns: finding the part of a text whose heading or number stands in a question, be it a heading of
its own or one that a paragraph begins with (`Article 5 – Title.`), and what is quoted of it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from dipnot.answer.choice import MAX_LISTED, Candidate, grouped
from dipnot.answer.found import (
    Considered,
    Groups,
    Told,
    documents_meant,
    matches_of,
    sentences_in,
)
from dipnot.answer.frames import said
from dipnot.language.folding import fold
from dipnot.language.known import joined, noun, pattern
from dipnot.language.numerals import ordinal_of
from dipnot.language.tokens import index_terms
from dipnot.types import Document, Span

_NUMBERED = re.compile(r"(?P<noun>[^\W\d_]{2,}) (?P<number>\d+)\b\W*")
_ORDER = re.compile(r"^[\W\d]*(?:[ivx]+[.)])?\W*")
_ASKS = re.compile(rf"(?:{pattern(lambda own: own.question_words)})")
_BRACKETS = re.compile(r"\([^()]*\)")
_NUMBER = re.compile(r"(?<![\w-])\d+(?![\w-]*\d)")
_WORD = re.compile(r"\w+(?:'\w+)*")
_PART = re.compile(rf"(?:{pattern(lambda own: own.parts_of_text)})\w*")
_CALLED = re.compile(rf"\b(?:{pattern(lambda own: own.parts_of_text)}) (?P<label>\d+|[a-z])\b")
_COUNTED = re.compile(
    rf"(?<![\w.])(?P<nth>\w+(?:'\w+)?\.?) (?:{pattern(lambda own: own.parts_of_text)})\w*"
)
_APART = joined(lambda own: own.abstracts | own.summaries | own.bibliographies)
_WORKS = re.compile(noun(lambda own: own.works))
_TELLING = joined(lambda own: own.telling)
_SHORTEST_ASKED = 3  # words of a heading that is a question
_LONGEST_TITLE = 8  # words of a heading that a paragraph begins with
_MOST_BESIDE = 1  # words beside the heading: `what maintenance is needed`
_MOST_BESIDE_PART = 2  # where a part of the text is asked for: `sum up the part about …, please`
_MOST_TEXTS = 3
_FEWEST_COUNTED = 3  # numbered paragraphs that are a row of articles
_OPENING = 40  # characters of a paragraph in which its number stands
_MOST_WORDS = 220
_MOST_SENTENCES = 400  # of a section that are looked at


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a text: its heading, the number that it goes by if any, where it stands."""

    heading: str
    number: str
    span: Span


def section_named(found: Considered, document: Document) -> Groups:
    """How the section that a question names opens and closes, and what meets the question best."""
    part = _named(found, document)
    if part is None:
        return []
    return grouped(_picked(found, _prose_of(found, document, part), most=4, ends=True))


def listed_under(found: Considered) -> Told | None:
    """What stands under the heading that an open question is about; None for all others."""
    question = found.question
    if question.request != "ask":
        return None
    told = _asked_by_heading(found)
    if told is not None:
        return told
    if "several" not in question.kinds or question.names:
        return None
    for document in documents_meant(found)[:_MOST_TEXTS]:
        part = _named(found, document)
        if part is not None and _asks_for(question.standalone, _title_of(part)):
            return _under(found, document, part)
    return None


def _asked_by_heading(found: Considered) -> Told | None:
    """What stands under a heading that is the question itself, as among frequent questions."""
    asked = _plain(found.question.standalone)
    if len(asked.split()) < _SHORTEST_ASKED:
        return None
    for document in documents_meant(found)[:_MOST_TEXTS]:
        for part in _sections(document):
            if _plain(_title_of(part)) == asked and _prose_of(found, document, part):
                return _under(found, document, part)
    return None


def _plain(text: str) -> str:
    return " ".join(_WORD.findall(fold(text)))


def _under(found: Considered, document: Document, part: Part) -> Told:
    own = _prose_of(found, document, part)
    frame = said("section", found.language, label=part.heading)
    return Told("answered", frame, grouped(_picked(found, own, most=MAX_LISTED)))


def _asks_for(question: str, title: str) -> bool:
    """Whether a question asks which things a heading names; not what somebody did who is named so.

    A title of one word stands right behind the word that asks: `which faults`.
    """
    terms = frozenset(index_terms(title))
    words = _WORD.findall(fold(question))
    behind = [w for asking, w in pairwise(words) if _ASKS.fullmatch(asking)]
    return len(terms) > 1 or any(terms <= set(index_terms(w)) for w in behind)


def heading_named(found: Considered, document: Document) -> str | None:
    """The heading of the section that a question names."""
    part = _named(found, document)
    return None if part is None else part.heading


def missing_part(found: Considered, documents: Sequence[Document]) -> str | None:
    """The number that a question names a part by where the texts have such parts, and not this."""
    folded = fold(found.question.standalone)
    words = _WORD.findall(folded)
    called = _CALLED.search(folded) or _COUNTED.search(folded)
    if called is None or not (number := _NUMBER.search(called.group())):
        return None
    parts = [p for d in documents for p in (*_articles(found, d, words), *_sections(d)) if p.number]
    has = {part.number for part in parts}
    return number.group() if has and number.group() not in has else None


def articles_counted(found: Considered) -> Told | None:
    """Say how many numbered articles a text has, asked by their noun; None for all else."""
    question = found.question
    if "number" not in question.kinds or question.request != "ask" or question.names:
        return None
    words = [w for w in _WORD.findall(fold(question.standalone)) if w not in _TELLING]
    nouns = [w for w in words if not (_ASKS.fullmatch(w) or _WORKS.fullmatch(w))]
    if len(nouns) != 1:
        return None
    for document in documents_meant(found)[:_MOST_TEXTS]:
        numbers = {p.number for p in _articles(found, document, nouns) if p.number}
        if len(numbers) >= _FEWEST_COUNTED:
            told = said("articles", found.language, n=len(numbers), noun=nouns[0])
            return Told("not_in_text", said("counted", found.language, facts=told))
    return None


def openings_of(found: Considered, candidates: Sequence[Candidate]) -> list[Candidate]:
    """The sentences that open the numbered articles in which sentences stand, if there are any."""
    rows: dict[str, list[Part]] = {}
    openings = []
    for c in candidates:
        doc_id = c.document.doc_id
        if doc_id not in rows:
            rows[doc_id] = _row_of_articles(found, c.document)
        article = next((a for a in rows[doc_id] if a.span.holds(c.passage.span)), None)
        if article is not None:
            openings.append(sentences_in(found.index, c.document, article.span)[0])
    return openings


def _row_of_articles(found: Considered, document: Document) -> list[Part]:
    """The numbered articles; one alone that begins so (`The lake 1887`) is none."""
    articles = _articles(found, document, ())
    nouns = Counter(fold(article.heading).split()[0] for article in articles)
    return [a for a in articles if nouns[fold(a.heading).split()[0]] > 1]


def _named(found: Considered, document: Document) -> Part | None:
    """The part whose number or heading stands in the question, which asks for little else."""
    folded = fold(found.question.standalone)
    words = [w for w in _WORD.findall(folded) if w not in _TELLING]
    articles, sections = _articles(found, document, words), _sections(document)
    called = _CALLED.search(folded)
    if called is not None:
        begins = re.compile(rf"{called.group(0)}\b")
        own = [p for p in sections if begins.match(fold(p.heading))]
        own += [p for p in (*articles, *sections) if p.number == called["label"]]
    else:
        numbers = frozenset(_NUMBER.findall(folded))
        own = [p for p in articles if p.number in numbers] or _counted(document, sections, folded)
    own = own or _titled(found, [*sections, *articles], words)
    return next((p for p in own if _prose_of(found, document, p)), None)


def _counted(document: Document, sections: Sequence[Part], folded: str) -> list[Part]:
    """The part that a question counts: `the last section`, `3. bölüm`; by its number if it has one.

    What stands beside the text (an abstract, a bibliography) is not counted.
    """
    words = (m["nth"] for m in _COUNTED.finditer(folded))
    nth = next((n for n in map(ordinal_of, words) if n is not None), None)
    if nth is None:
        return []
    levels = [section.level for section in document.sections]
    top = min((own for own in levels if levels.count(own) > 1), default=1)
    pairs = zip(document.sections, sections, strict=True)
    own = [part for section, part in pairs if section.level == top]
    own = [part for part in own if _title_of(part).strip() not in _APART]
    numbered = [part for part in own if part.number == str(nth)]
    at = nth - 1 if nth > 0 else nth
    return numbered or own[at:][:1]


def _titled(found: Considered, parts: Sequence[Part], words: Sequence[str]) -> list[Part]:
    """The parts whose title is asked for, the longest title first.

    All of a title stands in the question; of `the section on` something, some of it is enough.
    """
    own = [w for w in words if not (_PART.fullmatch(w) or _WORKS.fullmatch(w))]
    asked = frozenset(index_terms(" ".join(own)))
    of_a_part = found.question.about == "section"
    others = dict(zip(found.query.terms, found.query.counterparts, strict=True))
    fitting = []
    for part in parts:
        title = frozenset(index_terms(_title_of(part)))
        # A heading may be asked for in another language.
        shared = {t for t in asked if t in title or not title.isdisjoint(others.get(t, ()))}
        whole = bool(title) and title <= asked
        if len(asked - shared) > (_MOST_BESIDE_PART if of_a_part else _MOST_BESIDE):
            continue
        if whole or (shared and of_a_part):
            fitting.append((whole, len(shared), part))
    return [part for *_, part in sorted(fitting, key=lambda f: (-f[0], -f[1]))]


def _prose_of(found: Considered, document: Document, part: Part) -> list[Candidate]:
    own = sentences_in(found.index, document, part.span)[:_MOST_SENTENCES]
    return [c for c in own if c.passage.kind != "footnote"]


def _title_of(part: Part) -> str:
    folded = fold(part.heading)
    numbered = _NUMBERED.match(folded)
    return _BRACKETS.sub(" ", folded[numbered.end() :] if numbered else unnumbered(folded))


def unnumbered(folded: str) -> str:
    """A heading, folded, without the number or letter before it."""
    return _ORDER.sub("", folded)


def _sections(document: Document) -> list[Part]:
    """The sections, each with the number before its heading."""
    parts = []
    for section in document.sections:
        leads = re.match(r"\W*(\d+)[.)]?\s", section.heading)
        parts.append(Part(section.heading, leads.group(1) if leads else "", section.span))
    return parts


def _articles(found: Considered, document: Document, words: Sequence[str]) -> list[Part]:
    """The parts that begin with a noun and a number, each up to the next one or a heading.

    The noun is among the words of the question, or what follows the number is a heading.
    """
    begun: list[tuple[str, str, int]] = []
    for paragraph in document.paragraphs:
        opening = document.text[paragraph.span.start : paragraph.span.start + _OPENING]
        if not opening[:1].isupper() or not any(c.isdigit() for c in opening):
            continue
        begins = _NUMBERED.match(fold(opening))
        if begins is None:
            continue
        own = sentences_in(found.index, document, paragraph.span)
        named = any(word.startswith(begins["noun"]) for word in words)
        titled = len(own) > 1 and len(own[0].passage.text.split()) <= _LONGEST_TITLE
        if own and (named or titled):
            heading = _short(own[0].passage.text)
            begun.append((heading, begins["number"] if named else "", paragraph.span.start))
    end = max((page.span.end for page in document.pages), default=0)
    ends = sorted({start for *_, start in begun} | {s.span.start for s in document.sections})
    return [
        Part(heading, number, Span(start, next((e for e in ends if e > start), end)))
        for heading, number, start in begun
    ]


def _short(sentence: str) -> str:
    """The heading that a sentence is, else its noun and number."""
    words = sentence.split()
    return " ".join(words if len(words) <= _LONGEST_TITLE else words[:2]).rstrip(" .:–-")


def _picked(
    found: Considered, own: Sequence[Candidate], *, most: int, ends: bool = False
) -> list[Candidate]:
    """The best sentences of a part in reading order; ``ends``: its first and last among them."""
    match = matches_of(found, [c.order for c in own])
    best = sorted(own, key=lambda c: -match[c.order])
    first = [own[0], *own[1:2], own[-1]] if ends else []
    taken: dict[int, Candidate] = {}
    words = 0
    for candidate in [*first, *best]:
        count = len(candidate.passage.text.split())
        if candidate.order in taken or (taken and words + count > _MOST_WORDS):
            continue
        taken[candidate.order] = candidate
        words += count
        if len(taken) == most:
            break
    return [taken[order] for order in sorted(taken)]
