"""Years and strings that a question names: what the text has of them, and what it has not.

Owns: leaving out sentences of other years, and refusing what no text names. A year counts where the
text itself names it, not where a source bears it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from dipnot.answer.choice import Candidate, follows, frame, grouped, points_back
from dipnot.answer.found import Considered, Told, candidate_of, matches_of, sentences_over
from dipnot.answer.frames import said
from dipnot.index.build import Index
from dipnot.language.folding import fold
from dipnot.language.known import joined, pattern
from dipnot.language.tokens import STOPWORDS, index_terms
from dipnot.question.answer_type import first_date
from dipnot.question.exact import holds
from dipnot.retrieval.rerank import SentenceScore
from dipnot.types import RUNNING, Passage

_YEAR = re.compile(r"(?<!\d)(?:1\d|20)\d{2}(?!\d)")
_MOST_ROWS = 64
_MOST_TOLD = 6  # sentences
_UNDATED = (9999, 0, 0)
_EVENT = re.compile(pattern(lambda own: own.events))
_NEAR, _MOST_NEAR = 0.35, 2  # cosine, sentences
_BELOW_BEST = 0.1  # cosine: what meets the question so much less has to do with something else
_PLAIN = re.compile(r"yil\w*|year\w*|aras\w*|seneler\w*")
_WORD = re.compile(r"\w+")
_TELLING = joined(lambda own: own.telling)
_ENDING = re.compile(r"'\w+")


def not_there(found: Considered) -> Told | None:
    """Refuse a question about years or strings that stand nowhere; None for all others."""
    question, language = found.question, found.language
    if question.request != "ask":
        return None
    if question.exact and not question.about:
        missing = [e for e in question.exact if not rows_holding(found, e)]
        if len(missing) == len(question.exact):
            return Told("not_in_text", said("exact", language, exact=missing[0]))
    years = sorted(question.years)
    if years and not question.cites and not question.exact and not _known(found):
        # `1,850 pounds` is no year.
        if any(rows_holding(found, f"{y[0]}{stop}{y[1:]}") for y in years for stop in ",."):
            return None
        shown = f"{years[0]}–{years[-1]}" if question.spans_years else ", ".join(years)
        return Told("not_in_text", said("year", language, years=shown))
    return None


def rows_holding(found: Considered, string: str) -> list[int]:
    """The rows that hold a string as it is, best first."""
    rows = _rows_with(found, string)
    return [row for row in rows if holds(found.index.passages[row].text, [string])]


def fitting(found: Considered) -> list[SentenceScore]:
    """The sentences ranked, without those that name other years than the question only."""
    years = found.question.years
    if not years or found.question.cites:
        return list(found.sentences)
    own = [(s, _told_of(found.index, s.order)) for s in found.sentences]
    return [s for s, named in own if not named or named & years]


def _told_of(index: Index, order: int) -> frozenset[str]:
    """The years that a sentence names; of one without, those of the sentence it points back at."""
    own = candidate_of(index, order)
    named = named_years(index, own.passage)
    if named or not order or not points_back(own):
        return named
    before = candidate_of(index, order - 1)
    return named_years(index, before.passage) if follows(before, own) else named


def named_years(index: Index, passage: Passage) -> frozenset[str]:
    """The years that a passage names, but for those of the sources that it cites."""
    references = index.documents[passage.doc_id].references
    cited = [r.span for r in references if passage.span.overlaps(r.span)]
    return frozenset(
        match.group()
        for match in _YEAR.finditer(passage.text)
        if not any(span.start <= passage.span.start + match.start() < span.end for span in cited)
    )


def _known(found: Considered) -> bool:
    return any(
        year in named_years(found.index, found.index.passages[row])
        for year in found.question.years
        for row in _rows_with(found, year)
    )


def _rows_with(found: Considered, text: str) -> list[int]:
    terms = tuple(dict.fromkeys(index_terms(text)))
    rows, _ = found.index.legs.lexical.best(terms, _MOST_ROWS, found.filters)
    return [int(row) for row in rows]


def by_year(found: Considered) -> Told | None:
    """What the text tells of the years of a question that names nothing else, in order of time."""
    question = found.question
    words = _WORD.findall(_ENDING.sub(" ", fold(question.standalone)))
    if not question.years or question.request != "ask" or not all(map(_says_nothing, words)):
        return None
    return _in_order(found, _telling_of(found))


def happened(found: Considered) -> Told | None:
    """What the text tells of the years of a question for what happened then, to whom it names."""
    question = found.question
    words = _WORD.findall(fold(question.standalone))
    if not question.years or not any(_EVENT.fullmatch(w) for w in words[-2:] + words[:2]):
        return None
    told = _telling_of(found)
    match = matches_of(found, [c.order for c in told])
    best = max(match.values(), default=0.0)
    return _in_order(found, [c for c in told if match[c.order] >= best - _BELOW_BEST])


def bears_on(found: Considered) -> Told | None:
    """The places that name the year of a follow-up and meet it best, where none answers it."""
    question = found.question
    if not question.years or not question.quoted:
        return None
    told = _telling_of(found)
    match = matches_of(found, [c.order for c in told])
    near = sorted((c for c in told if match[c.order] >= _NEAR), key=lambda c: -match[c.order])
    if not near:
        return None
    return Told("partial", frame("partial", found.language), grouped(near[:_MOST_NEAR]))


def _telling_of(found: Considered) -> list[Candidate]:
    """The sentences that name a year of the question, those of the text itself if there are any."""
    question, index = found.question, found.index
    orders = {
        order
        for year in question.years
        for order in sentences_over(index, _rows_with(found, year))
        if named_years(index, index.sentence(order)) & question.years
    }
    own = [candidate_of(index, order) for order in sorted(orders)]
    return [c for c in own if c.passage.kind in RUNNING] or own


def _in_order(found: Considered, told: Sequence[Candidate]) -> Told | None:
    """Tell of the first in order of time; None where there is nothing to tell."""
    if not told:
        return None
    in_time = sorted(told, key=lambda c: first_date(c.passage.text) or _UNDATED)
    groups = [[c] for c in in_time[:_MOST_TOLD]]
    return Told("answered", frame("answered", found.language), groups)


def _says_nothing(word: str) -> bool:
    """Whether a word narrows nothing down: a year, its ending, `happened`."""
    bare = word in STOPWORDS or word in _TELLING
    return bare or word.isdigit() or bool(_EVENT.fullmatch(word)) or bool(_PLAIN.fullmatch(word))
