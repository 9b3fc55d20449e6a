"""A question, with the turns before it, to a whole answer.

Owns: the order of the steps (what is asked, ranking, choice, verdict, citations) and the requests
about the last answer: more of it, its source. Pure functions of an index and the models.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from dipnot.answer.choice import (
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
from dipnot.answer.verdict import Signals, coverage, judge, support_of
from dipnot.index.build import Index
from dipnot.language.folding import fold
from dipnot.models.reader import Reader
from dipnot.question.answer_type import holds_kind
from dipnot.retrieval.query import documents_like, make_query
from dipnot.retrieval.rank import WEIGHTS, Ranking, Weights, hits_of, rank
from dipnot.retrieval.rerank import SentenceScore, rank_sentences, reread, strangeness
from dipnot.types import (
    Answer,
    Encoder,
    Filters,
    Hit,
    Language,
    Part,
    Query,
    Question,
    Span,
    Verdict,
)

_CANDIDATES = 20
# In a follow-up, sentences this near to what the last answer quoted are preferred by so much.
_NEAR = 4
_NEAR_BONUS = 0.5
_MOST_QUOTES = 60  # of earlier answers; a history comes from outside and may be anything
_SOURCE_REACH = 3  # sentences behind a quotation that may carry its source
# The reader's words are marked when its logit for them is at least this: then F1 of what is marked
# on texts held out is 0.84 (training/README.md).
_SURE_SPAN = 0.5
_LONGEST_MARKED = 15  # words; longer ones mark nothing out

Groups = list[list[Candidate]]


@dataclass(frozen=True, slots=True)
class Models:
    """What reads: the encoder, the trained reader where there is one that fits it, and weights."""

    encoder: Encoder
    reader: Reader | None = None
    weights: Weights = WEIGHTS


@dataclass(frozen=True, slots=True)
class Considered:
    """One question to one index, with what was found for it.

    ``coverage``: the share of the question's words that the index has.
    """

    index: Index
    question: Question
    hits: tuple[Hit, ...]
    sentences: tuple[SentenceScore, ...]
    strange: float
    coverage: float

    @property
    def language(self) -> Language:
        """In which the answer is framed."""
        return self.question.language or "en"


def search(
    index: Index, models: Models, question: Question, k: int, filters: Filters
) -> tuple[Hit, ...]:
    """Find passages for a question, without reading them."""
    query = make_query(question, models.encoder, index)
    return hits_of(index, rank(index, query, filters, models.weights), k)


def respond(
    index: Index, models: Models, question: Question, k: int, filters: Filters
) -> Iterator[Part]:
    """Answer a question, or a request about the last answer, part by part.

    The hits come first, as they were found; those of the whole are in the reader's order.
    """
    query = make_query(question, models.encoder, index)
    ranking = rank(index, query, filters, models.weights)
    yield hits_of(index, ranking, k)
    answer = _answered(consider(index, models, query, ranking, k), models.reader)
    yield from answer.citations
    yield answer.text
    yield answer


def consider(index: Index, models: Models, query: Query, ranking: Ranking, k: int) -> Considered:
    """Have what was found read, where there is a reader, and rank its sentences."""
    question = query.question
    if models.reader is not None:
        ranking = reread(index, question.standalone, ranking, models.reader, models.weights)
    return Considered(
        index=index,
        question=question,
        hits=hits_of(index, ranking, k),
        sentences=rank_sentences(index, query, ranking, models.weights),
        strange=strangeness(query, ranking),
        coverage=coverage(query.terms, index.legs.lexical.frequency, len(index.passages)),
    )


def choice_of(
    found: Considered, *, without: Collection[int] = (), near: Collection[int] = ()
) -> tuple[list[Candidate], Groups, Signals]:
    """Choose sentences to quote out of candidates, with what speaks for and against them.

    Sentences ``without`` are left out, those by ``near`` preferred; both are numbers of sentences.
    """
    rest = [s for s in found.sentences if s.order not in without]
    candidates = [_nearer(_candidate(found.index, s.order, s), near) for s in rest[:_CANDIDATES]]
    chosen = choose(found.question.kinds, candidates)
    return candidates, chosen, _signals(found, chosen)


def _answered(found: Considered, reader: Reader | None) -> Answer:
    index, question = found.index, found.question
    quoted = _places(index, question.quoted)
    if question.request == "source" and quoted:
        return _give_sources(found, quoted)
    if question.request == "more":
        _, chosen, signals = choice_of(found, without=quoted)
        if not chosen or judge(signals) == "not_in_text":
            return _answer(found, "not_in_text", [], "no_more")
        return _answer(found, "partial", chosen, "more")
    if "byline" in question.kinds:
        bylines = _bylines(found)
        if bylines:
            return _answer(found, "answered", bylines)
    candidates, chosen, signals = choice_of(found, near=quoted)
    verdict = judge(signals) if chosen else "not_in_text"
    if verdict == "partial":
        chosen = choose(question.kinds, candidates, unsure=True)
    if verdict == "not_in_text":
        return _answer(found, verdict, [])
    if "several" in question.kinds:
        chosen = with_whole_list(chosen, partial(_candidates, index))
    elif "reason" not in question.kinds:
        chosen = _marked(index, chosen, reader, question.standalone)
    chosen = with_antecedents(chosen, partial(_candidate, index))
    return _answer(found, verdict, chosen)


def _bylines(found: Considered) -> Groups:
    """Where the texts that were found give their title and author, with the notes to the names.

    What these are, the document knows; a name alone is like no question.
    """
    index = found.index
    groups: Groups = []
    for doc_id in dict.fromkeys(hit.passage.doc_id for hit in found.hits):
        document = index.documents[doc_id]
        orders = index.places.sentences_of(doc_id)
        front = [_candidate(index, o) for o in orders if index.sentence(o).kind == "front"]
        for n, byline in enumerate(front):
            if document.author and fold(document.author) in fold(byline.passage.text):
                above = [c for c in front[:n] if c.order == byline.order - 1]
                groups.append([*above, byline])
                groups += [[_candidate(index, order)] for order in _notes(index, byline)]
                break
    return groups[:MAX_SENTENCES]


def _notes(index: Index, candidate: Candidate) -> list[int]:
    """Numbers of the sentences of the footnotes that hang on a sentence."""
    span = candidate.passage.span
    return [
        order
        for note in candidate.document.footnotes
        if span.start <= note.marker <= span.end
        for order in index.places.sentences_of(candidate.document.doc_id, note.span)
    ]


def _give_sources(found: Considered, quoted: Sequence[int]) -> Answer:
    """The sentences quoted last with what carries their source: a sentence behind, a footnote."""
    index = found.index
    orders: list[int] = []
    given = False
    for order in quoted:
        own = _candidate(index, order)
        orders.append(order)
        behind: list[int] = []
        for near in _onwards(index, own):
            if near.order not in orders:
                behind.append(near.order)
            if any(near.passage.span.holds(r.span) for r in near.document.references):
                orders += behind
                given = True
                break
        notes = _notes(index, own)
        orders += notes
        given = given or bool(notes)
    groups = grouped([_candidate(index, order) for order in dict.fromkeys(orders)])
    verdict: Verdict = "answered" if given else "partial"
    return _answer(found, verdict, groups, "source" if given else "no_source")


def _onwards(index: Index, candidate: Candidate) -> list[Candidate]:
    """A sentence, and those behind it in its paragraph that may carry its source."""
    found = [candidate]
    for after in _candidates(index, candidate.order + 1, candidate.order + 1 + _SOURCE_REACH):
        if not follows(found[-1], after):
            break
        found.append(after)
    return found


def _candidate(index: Index, order: int, score: SentenceScore | None = None) -> Candidate:
    passage = index.sentence(order)
    return Candidate(
        document=index.documents[passage.doc_id],
        passage=passage,
        order=order,
        score=score.score if score else 0.0,
        reading=score.reading if score else None,
    )


def _candidates(index: Index, first: int, last: int) -> list[Candidate]:
    orders = range(max(first, 0), min(last, len(index.places.sentences)))
    return [_candidate(index, order) for order in orders]


def _nearer(candidate: Candidate, quoted: Collection[int]) -> Candidate:
    if any(abs(candidate.order - order) <= _NEAR for order in quoted):
        return replace(candidate, score=candidate.score + _NEAR_BONUS)
    return candidate


def _places(index: Index, quotes: Sequence[str]) -> list[int]:
    """Numbers of the sentences that were quoted, in that order, as far as they still stand."""
    orders: list[int] = []
    for quote in quotes[:_MOST_QUOTES]:
        for doc_id in documents_like(index, quote):
            start = index.documents[doc_id].text.find(quote)
            if start >= 0:
                orders += index.places.sentences_of(doc_id, Span(start, start + len(quote)))
                break
    return list(dict.fromkeys(orders))


def _signals(found: Considered, chosen: Groups) -> Signals:
    matches = [s.match for s in found.sentences]
    quoted = [c for group in chosen for c in group]
    readings = [c.reading for c in quoted if c.reading is not None]
    kinds, language = found.question.kinds, found.question.language
    # In another language's text a question's words are not to be expected.
    expected = all(language in (None, c.passage.language) for c in quoted[:1])
    return Signals(
        evidence=max((r.evidence for r in readings), default=None),
        span=max((r.span for r in readings), default=None),
        support=support_of(matches),
        best=max(matches, default=-1.0),
        lacks_kind=all(holds_kind(kinds, c.passage.text) is False for c in quoted),
        strange=found.strange,
        coverage=found.coverage if expected else None,
        passages=len(found.index.passages),
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


def _answer(
    found: Considered, verdict: Verdict, chosen: Groups, frame: str | None = None
) -> Answer:
    citations = cite(chosen, partial(_passage_over, found.index))
    return Answer(
        question=found.question.text,
        verdict=verdict,
        text=compose(verdict, citations, found.language, frame),
        citations=citations,
        hits=found.hits,
        mode=MODE,
        language=found.language,
        generation=found.index.manifest.generation,
    )


def _passage_over(index: Index, first: int, last: int) -> str:
    """Id of the passage of exactly these sentences; of the first of them where there is none."""
    return index.passages[index.places.row_over(first, last)].passage_id
