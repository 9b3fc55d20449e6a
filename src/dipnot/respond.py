"""A question, with the turns before it, to a whole answer.

Owns: the order of the steps (what is asked, ranking, choice, verdict, citations) and the requests
about the last answer: more of it, its source. Pure functions of an index and the models.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from dipnot.answer import (
    MAX_SENTENCES,
    MODE,
    Candidate,
    choose,
    cite,
    compose,
    follows,
    grouped,
    with_antecedents,
    with_whole_list,
)
from dipnot.asking import Asked, asked_for, holds_kind
from dipnot.conversation import quotes_of, request_of, standalone, turns_asked, turns_of_topic
from dipnot.folding import fold
from dipnot.index import Index
from dipnot.language import question_language
from dipnot.reader import Reader
from dipnot.retrieval import Filters, Ranking, SentenceScore, make_query, rank
from dipnot.types import Answer, Encoder, Hit, Language, Span, Turn, Verdict
from dipnot.verdict import Signals, judge, support_of

_CANDIDATES = 20
# In a follow-up, sentences this near to what the last answer quoted are preferred by so much.
_NEAR = 4
_NEAR_BONUS = 0.5
_MOST_QUOTES = 60  # of earlier answers; a history comes from outside and may be anything
_SOURCE_REACH = 3  # sentences behind a quotation that may carry its source
# The reader's words are marked when its logit for them is at least this.
_SURE_SPAN = 2.0
_LONGEST_MARKED = 15  # words; longer ones mark nothing out

Groups = list[list[Candidate]]


@dataclass(frozen=True, slots=True)
class Models:
    """What reads: the encoder, and the trained reader where there is one that fits it."""

    encoder: Encoder
    reader: Reader | None = None


@dataclass(frozen=True, slots=True)
class _Asking:
    """One question to one index, with what every step needs to know of it."""

    index: Index
    question: str
    language: Language
    ranking: Ranking
    asked: Asked


def rank_passages(index: Index, models: Models, text: str, k: int, filters: Filters) -> Ranking:
    """Rank the passages for a question that stands alone."""
    query = make_query(text, models.encoder.encode_queries([text]), index)
    return rank(index, query, k, filters, models.reader)


def consider(
    index: Index,
    ranking: Ranking,
    asked: Asked,
    *,
    without: Collection[int] = (),
    near: Collection[int] = (),
) -> tuple[list[Candidate], Groups, Signals]:
    """Choose sentences to quote out of candidates, with what speaks for and against them.

    Sentences ``without`` are left out, those by ``near`` preferred; both are numbers of sentences.
    """
    rest = [s for s in ranking.sentences if s.order not in without]
    candidates = [_nearer(_candidate(index, s.order, s), near) for s in rest[:_CANDIDATES]]
    chosen = choose(asked, candidates)
    return candidates, chosen, _signals(ranking, asked, chosen)


def respond(
    index: Index,
    models: Models,
    question: str,
    history: Sequence[Turn],
    k: int,
    filters: Filters,
) -> Answer:
    """Answer a question, or a request about the last answer."""
    request = request_of(question, history)
    earlier = turns_asked(history)
    if request == "ask":
        text = standalone(question, earlier)
        language = question_language(question)
    else:
        text = standalone(earlier[-1].question, earlier[:-1])
        language = question_language(question) or question_language(text)
    ranking = rank_passages(index, models, text, k, filters)
    asked = asked_for(question if request == "ask" else text)
    asking = _Asking(index, question, language or "en", ranking, asked)
    leans = request != "ask" or text != question
    quoted = _places(index, quotes_of(turns_of_topic(history))) if leans else []
    if request == "source" and quoted:
        return _give_sources(asking, quoted)
    if request == "more":
        _, chosen, signals = consider(index, ranking, asked, without=quoted)
        if not chosen or judge(signals) == "not_in_text":
            return _answer(asking, "not_in_text", [], "no_more")
        return _answer(asking, "partial", chosen, "more")
    if asked.byline:
        bylines = _bylines(index, ranking)
        if bylines:
            return _answer(asking, "answered", bylines)
    candidates, chosen, signals = consider(index, ranking, asked, near=quoted)
    verdict = judge(signals) if chosen else "not_in_text"
    if verdict == "partial":
        chosen = choose(asked, candidates, unsure=True)
    if verdict == "not_in_text":
        return _answer(asking, verdict, [])
    if asked.several:
        chosen = with_whole_list(chosen, partial(_candidates, index))
    elif not asked.reason:
        chosen = _marked(index, chosen, models.reader, text)
    chosen = with_antecedents(chosen, partial(_candidate, index))
    return _answer(asking, verdict, chosen)


def _bylines(index: Index, ranking: Ranking) -> Groups:
    """Where the texts that were found give their title and author, with the notes to the names.

    What these are, the document knows; a name alone is like no question.
    """
    groups: Groups = []
    for doc_id in dict.fromkeys(hit.passage.doc_id for hit in ranking.hits):
        document = index.documents[doc_id]
        front = [_candidate(index, order) for order in _front(index, doc_id)]
        for n, byline in enumerate(front):
            if document.author and fold(document.author) in fold(byline.passage.text):
                above = [c for c in front[:n] if c.order == byline.order - 1]
                groups.append([*above, byline])
                groups += [[_candidate(index, order)] for order in _notes(index, byline)]
                break
    return groups[:MAX_SENTENCES]


def _front(index: Index, doc_id: str) -> list[int]:
    """Numbers of the sentences of a document's title block and keywords."""
    of = [index.passages[row] for row in index.layout.sentences]
    return [order for order, p in enumerate(of) if p.doc_id == doc_id and p.kind == "front"]


def _notes(index: Index, candidate: Candidate) -> list[int]:
    """Numbers of the sentences of the footnotes that hang on a sentence."""
    span = candidate.passage.span
    return [
        order
        for note in candidate.document.footnotes
        if span.start <= note.marker <= span.end
        for order in _orders(index, candidate.document.doc_id, note.span)
    ]


def _give_sources(asking: _Asking, quoted: Sequence[int]) -> Answer:
    """The sentences quoted last with what carries their source: a sentence behind, a footnote."""
    index = asking.index
    orders: list[int] = []
    found = False
    for order in quoted:
        own = _candidate(index, order)
        orders.append(order)
        behind: list[int] = []
        for near in _onwards(index, own):
            if near.order not in orders:
                behind.append(near.order)
            if any(near.passage.span.holds(r.span) for r in near.document.references):
                orders += behind
                found = True
                break
        notes = _notes(index, own)
        orders += notes
        found = found or bool(notes)
    groups = grouped([_candidate(index, order) for order in dict.fromkeys(orders)])
    verdict: Verdict = "answered" if found else "partial"
    return _answer(asking, verdict, groups, "source" if found else "no_source")


def _onwards(index: Index, candidate: Candidate) -> list[Candidate]:
    """A sentence, and those behind it in its paragraph that may carry its source."""
    found = [candidate]
    for after in _candidates(index, candidate.order + 1, candidate.order + 1 + _SOURCE_REACH):
        if not follows(found[-1], after):
            break
        found.append(after)
    return found


def _candidate(index: Index, order: int, score: SentenceScore | None = None) -> Candidate:
    passage = index.passages[int(index.layout.sentences[order])]
    return Candidate(
        document=index.documents[passage.doc_id],
        passage=passage,
        order=order,
        score=score.score if score else 0.0,
        reading=score.reading if score else None,
    )


def _candidates(index: Index, first: int, last: int) -> list[Candidate]:
    orders = range(max(first, 0), min(last, len(index.layout.sentences)))
    return [_candidate(index, order) for order in orders]


def _nearer(candidate: Candidate, quoted: Collection[int]) -> Candidate:
    if any(abs(candidate.order - order) <= _NEAR for order in quoted):
        return replace(candidate, score=candidate.score + _NEAR_BONUS)
    return candidate


def _places(index: Index, quotes: Sequence[str]) -> list[int]:
    """Numbers of the sentences that were quoted, in that order, as far as they still stand."""
    orders: list[int] = []
    for quote in quotes[:_MOST_QUOTES]:
        for doc_id, document in index.documents.items():
            start = document.text.find(quote)
            if start >= 0:
                orders += _orders(index, doc_id, Span(start, start + len(quote)))
                break
    return list(dict.fromkeys(orders))


def _orders(index: Index, doc_id: str, span: Span) -> list[int]:
    """Numbers of the sentences of a document that lie in a range."""
    return [
        order
        for order, row in enumerate(index.layout.sentences)
        if index.passages[row].doc_id == doc_id and span.overlaps(index.passages[row].span)
    ]


def _signals(ranking: Ranking, asked: Asked, chosen: Groups) -> Signals:
    matches = [s.match for s in ranking.sentences]
    quoted = [c for group in chosen for c in group]
    readings = [c.reading for c in quoted if c.reading is not None]
    return Signals(
        evidence=max((r.evidence for r in readings), default=None),
        span=max((r.span for r in readings), default=None),
        support=support_of(matches),
        best=max(matches, default=-1.0),
        lacks_kind=all(holds_kind(asked, c.passage.text) is False for c in quoted),
        strange=ranking.strange,
    )


def _marked(index: Index, chosen: Groups, reader: Reader | None, text: str) -> Groups:
    """Mark in the best sentence the words that answer, where the reader is sure of them.

    It is read again for that, in other company; ``text``: the question as it was searched for.
    """
    best = max((c for g in chosen for c in g), key=lambda c: c.score, default=None)
    if best is None or best.reading is None or best.reading.span < _SURE_SPAN or reader is None:
        return chosen
    sentence = best.passage.text
    before = [c for c in _candidates(index, best.order - 1, best.order) if follows(c, best)]
    above = before[0].passage.text if before else None
    again = reader.read_again(text, sentence, above)
    if again.span < _SURE_SPAN:
        return chosen
    start, end = again.words
    while start < end and not sentence[start].isalnum():
        start += 1
    while end > start and not (sentence[end - 1].isalnum() or sentence[end - 1] in ")’”"):
        end -= 1
    if start == end or len(sentence[start:end].split()) > _LONGEST_MARKED:
        return chosen
    marked = replace(best, highlight=Span(start, end))
    return [[marked if c is best else c for c in group] for group in chosen]


def _answer(asking: _Asking, verdict: Verdict, chosen: Groups, frame: str | None = None) -> Answer:
    index = asking.index
    citations = cite(chosen, partial(_passage_over, index))
    hits: tuple[Hit, ...] = asking.ranking.hits
    return Answer(
        question=asking.question,
        verdict=verdict,
        text=compose(verdict, citations, asking.language, frame),
        citations=citations,
        hits=hits,
        mode=MODE,
        language=asking.language,
        generation=index.manifest.generation,
    )


def _passage_over(index: Index, first: int, last: int) -> str:
    """Id of the passage of exactly these sentences; of the first of them where there is none."""
    layout = index.layout
    rows = np.flatnonzero((layout.first == first) & (layout.last == last))
    row = int(rows[0]) if len(rows) else int(layout.sentences[first])
    return index.passages[row].passage_id
