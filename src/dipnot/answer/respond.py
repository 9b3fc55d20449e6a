"""A question, with the turns before it, to a whole answer.

Owns: the order of the steps (what is asked, ranking, choice, verdict, citations) and the requests
about the last answer: more of it, its source. Pure functions of an index and the models.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from dipnot.answer.about_text import about_text, bylines_of
from dipnot.answer.by_source import by_source, by_string, uncited
from dipnot.answer.choice import (
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
from dipnot.answer.choice import frame as frame_of
from dipnot.answer.counting_off import with_counted
from dipnot.answer.following import best_met, leans, read_on
from dipnot.answer.found import (
    Considered,
    Groups,
    Told,
    candidate_of,
    candidates_of,
    notes_of,
    passage_over,
    places_of,
    read_now,
)
from dipnot.answer.frames import said
from dipnot.answer.negation import (
    asks_of_refusal,
    asks_what_is_not,
    contradicts,
    denial_of,
    denies,
    denying,
)
from dipnot.answer.rivals import above_of, lacks_what_is_new, rightly
from dipnot.answer.sections import articles_counted, listed_under, openings_of
from dipnot.answer.tables import counted, with_columns
from dipnot.answer.unasked import is_noise, unasked
from dipnot.answer.verdict import (
    Signals,
    confidence,
    coverage,
    judge,
    summed,
    support_of,
)
from dipnot.answer.years import bears_on, by_year, fitting, happened, not_there
from dipnot.index.build import Index
from dipnot.language.folding import fold
from dipnot.language.tokens import index_terms
from dipnot.models.reader import Reader
from dipnot.models.utterances import Utterances
from dipnot.question.answer_type import TITLES, holds_kind, kinds_of, names_in, years_in
from dipnot.question.understanding import understand
from dipnot.retrieval.query import frequencies_of, make_query
from dipnot.retrieval.rank import WEIGHTS, Ranking, Weights, hits_of, rank
from dipnot.retrieval.readings import settle
from dipnot.retrieval.rerank import SentenceScore, oov_distance, rank_sentences, reread
from dipnot.types import (
    Answer,
    Citation,
    Encoded,
    Encoder,
    Filters,
    Hit,
    Part,
    Query,
    Question,
    Span,
    Turn,
    Verdict,
)

EVERYTHING = Filters()
_CANDIDATES = 20
# In a follow-up, sentences this near to what the last answer quoted are preferred by so much.
_NEAR = 4
_NEAR_BONUS = 0.5
_NEXT = 2  # sentences behind the last one quoted, where nothing else bears on it
_MOST_OF_A_PART = 2  # quotations for each of several questions in one
_AGAIN = 1.0  # what was quoted just now loses: who asks on wants what is new
_SOURCE_REACH = 3  # sentences behind a quotation that may carry its source
# The reader's words are marked when its logit for them is at least this: then F1 of what is marked
# on texts held out is 0.84 (training/README.md).
_SURE_SPAN = 0.5
_LIKELY_SPAN = -1.0  # of the first reading: below it a sentence is not read again
_LONGEST_MARKED = 15  # words; longer ones mark nothing out


def _go_on() -> None:
    """Take all the time there is."""


@dataclass(frozen=True, slots=True)
class Models:
    """What reads: the encoder, the trained reader where there is one that fits it, and weights."""

    encoder: Encoder
    reader: Reader | None = None
    weights: Weights = WEIGHTS
    utterances: Utterances | None = None
    go_on: Callable[[], None] = _go_on  # raises where the time is over


def search(
    index: Index, models: Models, question: Question, k: int, filters: Filters, *, rerank: bool
) -> tuple[Hit, ...]:
    """Find passages for a question; ``rerank``: have the best of them read with it."""
    query = make_query(question, models.encoder, index)
    ranking = rank(index, query, filters, models.weights)
    if rerank and models.reader is not None:
        ranking = reread(index, question.standalone, ranking, models.reader, models.weights)
    return hits_of(index, ranking, k)


def respond(
    index: Index,
    models: Models,
    question: Question,
    k: int,
    filters: Filters,
    encoded: Encoded | None = None,
) -> Iterator[Part]:
    """Answer a question, or a request about the last answer, part by part.

    The hits come first, as they were found; those of the whole are in the reader's order.
    ``encoded``: the question as it was asked, if it was embedded already.
    """
    query, ranking = settle(index, models.encoder, question, filters, models.weights, encoded)
    yield hits_of(index, ranking, k)
    sure = question.alone is None and not question.surely
    answer = _short_answer(index, query, filters, ranking, k, sure=sure)
    if answer is None:
        found = consider(index, models, query, ranking, k, filters)
        answer = _answered(found, question, models, encoded)
        own = query.question
        if own.sides:
            answer = _of_sides(index, models, query, answer, filters)
        elif own.parts and own.request == "ask":
            answer = _in_parts(index, models, query, answer, filters)
    yield from answer.citations
    yield answer.text
    yield answer


def _in_parts(
    index: Index, models: Models, query: Query, whole: Answer, filters: Filters
) -> Answer:
    """Answer a question of several by the answer to each; by the whole's own if none has one.

    A part may lean on the one before: `who was the arbitrator, and where did he sit?`
    """
    turns: list[Turn] = []
    answers: list[Answer] = []
    for part in query.question.parts:
        own = understand(part, turns)
        of_part, ranking = settle(index, models.encoder, own, filters, models.weights)
        found = consider(index, models, of_part, ranking, max(len(whole.hits), 1), filters)
        answers.append(_answered(found, own, models, None))
        turns.append(Turn(part, answers[-1].text))
    verdicts = {answer.verdict for answer in answers}
    if "answered" not in verdicts:
        return whole
    every = verdicts == {"answered"}
    told = [whole, *answers] if whole.verdict == "answered" else answers
    quoted = [_quoted(index, c) for own in told for c in own.citations[:_MOST_OF_A_PART]]
    groups = with_columns(index, _apart(quoted))
    unread = Considered(index, query, filters, whole.hits, ())
    if every or whole.verdict == "answered":
        return _answer(unread, "answered", groups)
    if "partial" in verdicts:
        return _answer(unread, "partial", groups)
    return _say(unread, "partial", said("parts", unread.language), groups)


def _quoted(index: Index, citation: Citation) -> list[Candidate]:
    """The sentences of a quotation."""
    orders = index.places.sentences_of(citation.doc_id, citation.span)
    return [candidate_of(index, order) for order in orders]


def _of_sides(
    index: Index, models: Models, query: Query, whole: Answer, filters: Filters
) -> Answer:
    """Answer a comparison for each of its sides; the whole's answer if neither has one.

    What bears on a side is quoted, though it may not answer.
    """
    question, k = query.question, max(len(whole.hits), 1)
    groups: Groups = []
    sure = told = 0
    for side in question.sides:
        own = replace(question, standalone=side, parts=(), sides=(), names=names_in(side))
        own = replace(own, years=years_in(side) or question.years)
        of_side = make_query(replace(own, kinds=kinds_of(side)), models.encoder, index)
        ranking = rank(index, of_side, filters, models.weights)
        found = consider(index, models, of_side, ranking, k, filters)
        _, chosen, signals = choice_of(found)
        verdict = judge(signals) if chosen else "not_in_text"
        sure += verdict == "answered"
        told += verdict != "not_in_text"
        if verdict != "not_in_text":
            groups += [g for g in chosen[:_MOST_OF_A_PART] if g not in groups]
    if not groups:
        return whole
    unread = Considered(index, query, filters, whole.hits, ())
    both: Verdict = "answered" if sure == len(question.sides) else "partial"
    apart = with_columns(index, _apart(groups))
    frame = "sides" if told == len(question.sides) else "parts"
    return _say(unread, both, said(frame, unread.language), apart)


def _apart(groups: Groups) -> Groups:
    """The same without sentences that an earlier group has."""
    return grouped(list({c.order: replace(c, highlight=None) for g in groups for c in g}.values()))


def _short_answer(
    index: Index, query: Query, filters: Filters, ranking: Ranking, k: int, *, sure: bool
) -> Answer | None:
    """Answer what needs no reading; None for all else.

    ``sure``: it leans on no turn before, where a word may be a piece of one, and no network is sure
    that it asks something.
    """
    question = query.question
    if sure and not question.about and question.request == "ask" and is_noise(index, query):
        query = replace(query, question=replace(question, request="noise"))
    unread = Considered(index, query, filters, hits_of(index, ranking, k), ())
    if not query.question.asks:
        return _say(unread, "no_question", unasked(index, query.question, unread.language))
    told = about_text(unread, question.about) if question.about else None
    told = told or counted(unread) or articles_counted(unread)
    told = told or not_there(unread) or listed_under(unread)
    if told is None:
        return None
    return _say(unread, told.verdict, told.text, with_columns(index, told.groups))


def consider(
    index: Index,
    models: Models,
    query: Query,
    ranking: Ranking,
    k: int,
    filters: Filters = EVERYTHING,
) -> Considered:
    """Have what was found read, where there is a reader, and rank its sentences."""
    models.go_on()
    read = ranking
    if models.reader is not None:
        asked = query.question.standalone
        read = reread(index, asked, ranking, models.reader, models.weights)
    return Considered(
        index=index,
        query=query,
        filters=filters,
        hits=hits_of(index, read, k),
        sentences=rank_sentences(index, ranking, read.readings, models.weights),
        oov_distance=oov_distance(query, ranking),
        coverage=coverage(
            frequencies_of(index, query.terms, query.counterparts), len(index.passages)
        ),
    )


def choice_of(
    found: Considered, *, without: Collection[int] = (), near: Collection[int] = ()
) -> tuple[list[Candidate], Groups, Signals]:
    """Choose sentences to quote out of candidates, with what speaks for and against them.

    Sentences ``without`` are left out, those by ``near`` preferred; both are numbers of sentences.
    """
    rest = [s for s in fitting(found) if s.order not in without]
    all_ = [_nearer(candidate_of(found.index, s.order, s), near) for s in rest]
    candidates = denying(found.question, all_)[:_CANDIDATES]
    chosen = choose(found.question.kinds, candidates)
    return candidates, chosen, _signals(found, chosen)


def _answered(
    found: Considered, asked: Question, models: Models, encoded: Encoded | None
) -> Answer:
    """Answer by what was found; ``asked``: the question in the reading with what it leaves out."""
    index, question = found.index, found.question
    quoted = places_of(index, question.quoted)
    if question.request == "source" and quoted:
        return _give_sources(found, quoted)
    if question.request == "source" and frame_of("not_in_text", found.language) in question.told:
        return _answer(found, "not_in_text", [], "nothing_quoted")
    if question.request == "more":
        return _give_more(found, quoted)
    bylines = bylines_of(found) if "byline" in question.kinds else []
    if bylines:
        return _answer(found, "answered", bylines)
    told = by_source(found) or uncited(found) or by_string(found) or by_year(found)
    if told is not None:
        return _say(found, told.verdict, told.text, with_columns(index, told.groups))
    return _quote(_going_on(found, asked, quoted, models, encoded), models.reader)


def _going_on(
    found: Considered,
    asked: Question,
    quoted: Sequence[int],
    models: Models,
    encoded: Encoded | None,
) -> Considered:
    """Of a question that may lean on the turns before, rank the sentences by both its readings.

    Where it is searched for with what it leaves out, what was quoted counts, too: a question that
    is answered right behind that went on.
    """
    question, index = found.question, found.index
    if asked.standalone == asked.own or question.request != "ask":
        return found
    if question.told and frame_of("not_in_text", found.language) not in question.told:
        query = make_query(_bare(question, question.told), models.encoder, index)
        quoted = best_met(rank(index, query, found.filters, models.weights))
    whole, own = found.sentences, found.sentences
    if not leans(asked):
        own = ()
    elif leans(question):
        own = _sentences(found, _bare(question, question.own), models, encoded)
    else:
        whole = _sentences(found, asked, models, None)
    return replace(found, sentences=read_on(found, whole, own, quoted, models.reader))


def _sentences(
    found: Considered, question: Question, models: Models, encoded: Encoded | None
) -> tuple[SentenceScore, ...]:
    """The sentences found for a question in its other reading."""
    query = make_query(question, models.encoder, found.index, encoded)
    ranking = rank(found.index, query, found.filters, models.weights)
    return consider(found.index, models, query, ranking, len(found.hits), found.filters).sentences


def _bare(question: Question, text: str) -> Question:
    """The same question in other words, which name nothing."""
    return replace(question, standalone=text, names=(), alone=None)


def _quote(found: Considered, reader: Reader | None) -> Answer:
    """Quote what was found, unless it does not answer or says that it is not so."""
    index, question = found.index, found.question
    candidates, chosen, signals = choice_of(found)
    if reader is not None and not any(c.reading for group in chosen for c in group):
        # What fits best was not read, since other sentences meet the question better.
        found = read_now(found, [c.order for group in chosen for c in group], reader)
        candidates, chosen, signals = choice_of(found)
    verdict = judge(signals) if chosen else "not_in_text"
    if verdict == "partial" and question.passing:
        verdict = "not_in_text"
    if verdict == "partial":
        chosen = choose(question.kinds, candidates, unsure=True)
    likely = None if signals.evidence is None else confidence(signals)
    if verdict == "not_in_text":
        told = None if question.passing else bears_on(found) or _denied(found, candidates)
        if told is not None:
            return _say(found, told.verdict, told.text, told.groups, confidence=likely)
        return _answer(found, verdict, [], confidence=likely)
    if asks_what_is_not(question) and not _says_what_is_not(question, chosen[0], verdict):
        asks = asks_of_refusal(question)
        none = frame_of("not_in_text", found.language) if asks else said("negated", found.language)
        return _say(found, "not_in_text", none, confidence=likely)
    denial = denial_of(question, chosen[0], candidates, _matches(found))
    if denial is not None:
        return _say(
            found, "partial", said("premise", found.language), [[denial]], confidence=likely
        )
    told = happened(found)
    if told is not None:
        return _say(found, verdict, told.text, told.groups, confidence=likely)
    if "several" in question.kinds:
        chosen = with_whole_list(chosen, partial(candidates_of, index))
    elif "reason" not in question.kinds and reader is not None:
        judged = verdict
        chosen, verdict = rightly(found, candidates, chosen, verdict, reader)
        likely = likely if verdict == judged else None
        chosen = _marked(index, chosen, reader, question.standalone)
    chosen = with_counted(chosen, partial(candidates_of, index))
    chosen = with_antecedents(chosen, partial(candidate_of, index))
    chosen = with_columns(index, chosen)
    if verdict == "answered" and lacks_what_is_new(found, chosen[0]):
        chosen = [[replace(c, highlight=None) for c in group] for group in chosen]
        verdict, likely = "partial", None
    return _answer(found, verdict, chosen, confidence=likely)


def _says_what_is_not(question: Question, best: Sequence[Candidate], verdict: Verdict) -> bool:
    """Whether the best quotation denies anything; where it is not sure, what the question names."""
    sure = verdict == "answered"
    return any(denies(c) and (sure or contradicts(question, c)) for c in best)


def _matches(found: Considered) -> dict[int, float]:
    return {s.order: s.match for s in found.sentences}


def _denied(found: Considered, candidates: Sequence[Candidate]) -> Told | None:
    """The sentence that denies what a question without an answer takes for granted."""
    denial = denial_of(found.question, candidates[:1], candidates, _matches(found))
    if denial is None:
        return None
    return Told("partial", said("premise", found.language), [[denial]])


def _give_more(found: Considered, quoted: Sequence[int]) -> Answer:
    """What the text goes on with, and the next places that bear on the question before."""
    _, chosen, signals = choice_of(found, without=quoted, near=quoted)
    if judge(signals) == "not_in_text":
        chosen = []
    chosen = _apart([*_behind(found.index, quoted), *chosen])
    if not chosen:
        return _answer(found, "not_in_text", [], "no_more")
    return _answer(found, "partial", chosen, "more")


def _behind(index: Index, quoted: Sequence[int]) -> Groups:
    """What the text goes on with behind the sentences quoted last."""
    if not quoted:
        return []
    last = index.sentence(quoted[-1])
    behind = candidates_of(index, quoted[-1] + 1, quoted[-1] + 1 + _NEXT)
    same = [
        c for c in behind if (c.passage.doc_id, c.passage.headings) == (last.doc_id, last.headings)
    ]
    return grouped([c for c in same if c.order not in quoted])


def _give_sources(found: Considered, quoted: Sequence[int]) -> Answer:
    """The sentences quoted last with what carries their source: a sentence behind, a footnote."""
    index = found.index
    orders: list[int] = []
    given = False
    for order in quoted:
        own = candidate_of(index, order)
        orders.append(order)
        behind: list[int] = []
        for near in _onwards(index, own):
            if near.order not in orders:
                behind.append(near.order)
            if any(near.passage.span.holds(r.span) for r in near.document.references):
                orders += behind
                given = True
                break
        notes = notes_of(index, own)
        orders += notes
        given = given or bool(notes)
    told = [candidate_of(index, order) for order in dict.fromkeys(orders)]
    if given:
        return _answer(found, "answered", grouped(told), "source")
    articles = openings_of(found, told)
    groups = grouped(list({c.order: c for c in [*articles, *told]}.values()))
    return _answer(found, "partial", groups, "article" if articles else "no_source")


def _onwards(index: Index, candidate: Candidate) -> list[Candidate]:
    """A sentence, and those behind it in its paragraph that may carry its source."""
    found = [candidate]
    for after in candidates_of(index, candidate.order + 1, candidate.order + 1 + _SOURCE_REACH):
        if not follows(found[-1], after):
            break
        found.append(after)
    return found


def _nearer(candidate: Candidate, quoted: Collection[int]) -> Candidate:
    if candidate.order in quoted:
        return replace(candidate, score=candidate.score - _AGAIN)
    if any(abs(candidate.order - order) <= _NEAR for order in quoted):
        return replace(candidate, score=candidate.score + _NEAR_BONUS)
    return candidate


def _signals(found: Considered, chosen: Groups) -> Signals:
    matches = [s.match for s in found.sentences]
    quoted = [c for group in chosen for c in group]
    read = [s.reading for s in found.sentences if s.reading is not None]
    # Where nothing quoted was read, all that was read was found wanting.
    own = [c.reading for c in quoted if c.reading is not None] or read
    kinds, language = found.question.kinds, found.question.language
    return Signals(
        evidence=max((r.evidence for r in own), default=None),
        span=summed([r.span for r in read]) if read else None,
        support=support_of(matches),
        best=max(matches, default=-1.0),
        lacks_kind=all(
            holds_kind(kinds, c.passage.text, c.passage.language) is False for c in quoted
        ),
        oov_distance=found.oov_distance,
        coverage=found.coverage,
        across=any(language not in (None, c.passage.language) for c in quoted[:1]),
        passages=len(found.index.passages),
    )


def _marked(index: Index, chosen: Groups, reader: Reader, text: str) -> Groups:
    """Mark in the best sentence the words that answer, where the reader is sure of them.

    It is read again for that, in other company; ``text``: the question as it was searched for.
    """
    best = max((c for g in chosen for c in g), key=lambda c: c.score, default=None)
    if best is None or best.reading is None or best.reading.span < _LIKELY_SPAN:
        return chosen
    sentence = best.passage.text
    again = reader.read_again(text, sentence, above_of(index, best))
    if again.span < _SURE_SPAN:
        return chosen
    start, end = again.words
    while start < end and not sentence[start].isalnum():
        start += 1
    while end > start and not (sentence[end - 1].isalnum() or sentence[end - 1] in ")’”"):
        end -= 1
    words = sentence[start:end]
    if len(words.split()) > _LONGEST_MARKED or _repeats(text, words):
        return chosen
    marked = replace(best, highlight=Span(start, end))
    return [[marked if c is best else c for c in group] for group in chosen]


def _repeats(question: str, words: str) -> bool:
    """Whether words say no more than the question does; a title says nothing."""
    told = (w for w in words.split() if fold(w.strip(".")) not in TITLES)
    return frozenset(index_terms(" ".join(told))) <= frozenset(index_terms(question))


def _answer(
    found: Considered,
    verdict: Verdict,
    chosen: Groups,
    frame: str | None = None,
    *,
    confidence: float | None = None,
) -> Answer:
    words = frame_of(frame or verdict, found.language)
    return _say(found, verdict, words, chosen, confidence=confidence)


def _say(
    found: Considered,
    verdict: Verdict,
    frame: str,
    chosen: Groups | None = None,
    *,
    confidence: float | None = None,
) -> Answer:
    """Put an answer together: what is said, then what is quoted."""
    question = found.question
    citations = cite(chosen or [], partial(passage_over, found.index))
    return Answer(
        question=question.text,
        verdict=verdict,
        text=compose(frame, citations),
        citations=citations,
        hits=found.hits,
        mode=MODE,
        language=found.language,
        generation=found.index.manifest.generation,
        resolved_question=question.standalone if question.asks else None,
        confidence=confidence,
    )
