"""Whose words are these? A sentence on two treaties has a date that belongs to one of them.

Owns: exchanging a name of the question for another of its kind that the sentence names, and reading
again. Where the reader would sooner give the same words to the other, they are the other's. So they
are where `what about Britain?` finds the words that answered for France, and nothing of Britain.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from dipnot.answer.choice import Candidate, choose, follows
from dipnot.answer.found import Considered, Groups, candidates_of
from dipnot.index.build import Index
from dipnot.language.folding import fold
from dipnot.language.tokens import STOPWORDS, index_terms
from dipnot.models.reader import Reader
from dipnot.question.answer_type import names_in, runs_of
from dipnot.types import Reading, Span, Verdict

_APPOSED = re.compile(r"(?:['’]\w+)? \(")
_ANOTHERS = 4.0  # what a sentence loses whose words are another's, in log-odds
_MOST = 3  # rivals that are read
_SAME = 3  # letters by which a name is the same in another language (`Moscow`, `Moskova`)
_OF = re.compile(r" of (?:the )?")


def rightly(
    found: Considered,
    candidates: Sequence[Candidate],
    chosen: Groups,
    verdict: Verdict,
    reader: Reader,
) -> tuple[Groups, Verdict]:
    """Choose anew where the best sentence answers for another name; `partial` if nothing else does.

    What is so quoted has no reading, so that no words of it are marked.
    """
    best = max((c for group in chosen for c in group), key=lambda c: c.score)
    if best.reading is None or not belongs_to_another(found, best, reader):
        return chosen, verdict
    rest = [
        replace(c, score=c.score - _ANOTHERS, reading=None) if c.order == best.order else c
        for c in candidates
    ]
    again = choose(found.question.kinds, rest)
    top = max((c for group in again for c in group), key=lambda c: c.score)
    sure = top.reading is not None and top.reading.span > 0 and _is_named(found, top)
    if sure and not belongs_to_another(found, top, reader):
        return again, verdict
    unread = [replace(c, reading=None) for c in rest]
    return choose(found.question.kinds, unread, unsure=True), "partial"


def belongs_to_another(found: Considered, candidate: Candidate, reader: Reader) -> bool:
    """Whether what the reader takes for the answer in a sentence answers for another name there."""
    question, sentence = found.question.standalone, candidate.passage.text
    exchanged = list(_exchanged(found, question, sentence))[:_MOST]
    if not exchanged:
        return False
    above = above_of(found.index, candidate)
    own = reader.read_again(question, sentence, above)
    others = (reader.read_again(other, sentence, above) for other in exchanged)
    return any(_overlap(own, other) and other.span > own.span for other in others)


def lacks_what_is_new(found: Considered, group: Sequence[Candidate]) -> bool:
    """Whether a quotation has no name that a follow-up put into the place of another."""
    question = found.question
    if question.standalone.endswith(question.own):
        return False
    new = [own for _, own in _asked(found, question.own)]
    return bool(new) and not any(_holds(candidate, new) for candidate in group)


def above_of(index: Index, candidate: Candidate) -> str | None:
    """The sentence right before one, in its paragraph."""
    before = candidates_of(index, candidate.order - 1, candidate.order)
    return next((b.passage.text for b in before if follows(b, candidate)), None)


def _exchanged(found: Considered, question: str, sentence: str) -> Iterator[str]:
    """The question, asked of each other name of its kind in the sentence.

    Of a kind are names that share a word in either language and each have one that the other lacks:
    `Treaty of Moscow`, `Kars Antlaşması`.
    """
    rivals = _named(sentence)
    for span, own in _asked(found, question):
        for rival, called in rivals.items():
            theirs = {term[:_SAME] for term in index_terms(called)}
            shared = [bool(term & theirs) for term in own]
            if any(shared) and not all(shared) and not theirs <= set().union(*own):
                yield question[: span.start] + rival + question[span.end :]


def _is_named(found: Considered, candidate: Candidate) -> bool:
    """Whether all names of the question stand in a sentence, in either language."""
    asked = (own for _, own in _asked(found, found.question.standalone))
    return _holds(candidate, asked)


def _holds(candidate: Candidate, names: Iterable[Sequence[set[str]]]) -> bool:
    held = {term[:_SAME] for term in index_terms(candidate.passage.text)}
    return all(term & held for own in names for term in own)


def _asked(found: Considered, question: str) -> Iterator[tuple[Span, list[set[str]]]]:
    """The names of the question: where each stands, and how each of its words may begin."""
    others = dict(zip(found.query.terms, found.query.counterparts, strict=True))
    for span in _whole(question):
        terms = index_terms(question[slice(*span)])
        yield span, [{t[:_SAME] for t in (term, *others.get(term, ()))} for term in terms]


def _named(sentence: str) -> dict[str, str]:
    """The names of a sentence, with all that each is called: `A (B)` is one thing by two names."""
    runs = _whole(sentence)
    called = {sentence[slice(*run)]: sentence[slice(*run)] for run in runs}
    for one, other in pairwise(runs):
        if _APPOSED.fullmatch(sentence[one.end : other.start]):
            names = sentence[slice(*one)], sentence[slice(*other)]
            called |= dict.fromkeys(names, " ".join(names))
    return called


def _whole(text: str) -> list[Span]:
    """Names with `of` between them are one; a capital that opens the text is part of one."""
    whole: list[Span] = []
    for run in runs_of(text, names_in(text)):
        start = run.start
        if whole and _OF.fullmatch(text[whole[-1].end : start]):
            start = whole.pop().start
        opening = text[:start].rstrip()
        if opening.isalpha() and opening[0].isupper() and fold(opening) not in STOPWORDS:
            start = 0
        whole.append(Span(start, run.end))
    return whole


def _overlap(one: Reading, other: Reading) -> bool:
    return one.words.start < other.words.end and other.words.start < one.words.end
