"""A follow-up read twice: with what it leaves out, and as it was asked; by what was quoted last.

Owns: putting the two readings together, and where the last answer stands in the text. Joined with
what was asked before, a question finds that answer again; by itself it may find another subject.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from dipnot.answer.choice import Candidate
from dipnot.answer.found import Considered, candidates_of, matches_of
from dipnot.models.reader import Reader
from dipnot.retrieval.rank import Ranking
from dipnot.retrieval.rerank import SentenceScore, cut_windows, read_score
from dipnot.types import Question, Reading

_BEFORE, _BEHIND = 2, 4  # sentences of the same section
_MOST = 12  # sentences read
# Log-odds that a sentence is evidence for a follow-up, fitted on 273 of conversations: what both
# readings count, and what it adds to have been quoted last, to stand behind that, or right behind.
_WHOLE, _OWN = 0.53, 0.51
_QUOTED = 1.3
_NEXT, _NEXT_REACH = 3.0, 2
_NEAR, _NEAR_REACH = 1.4, 6


def leans(question: Question) -> bool:
    """Whether a question is searched for with what it leaves out, put before its own words."""
    return question.standalone != question.own and question.standalone.endswith(question.own)


def read_on(
    found: Considered,
    whole: Sequence[SentenceScore],
    own: Sequence[SentenceScore],
    quoted: Sequence[int],
    reader: Reader | None,
) -> tuple[SentenceScore, ...]:
    """Rank the sentences anew.

    ``whole``: those found for the question with what it leaves out. ``own``: those found for it as
    it was asked; nothing, where it took the place of the one before. ``quoted``: numbers of the
    sentences quoted last.
    """
    near = _around(found, quoted)
    readings = _read(found, near, reader) if own and near and reader is not None else {}
    first, second = ({s.order: s for s in scored} for scored in (whole, own))
    known = first | second
    match = matches_of(found, sorted({c.order for c in near} - known.keys()))
    below_first, below_second = _lowest(whole), _lowest(own)
    ranked = []
    for order in known.keys() | match.keys():
        joined, alone = first.get(order), second.get(order)
        score = _bonus(order, quoted, goes_on=bool(own))
        if own:
            score += _WHOLE * (joined.score if joined else below_first)
            score += _OWN * (alone.score if alone else below_second)
        else:
            score += joined.score if joined else below_first
        ranked.append(
            SentenceScore(
                order,
                score,
                known[order].match if order in known else match[order],
                _reading_of(found.question, joined, alone, readings.get(order)),
            )
        )
    return tuple(sorted(ranked, key=lambda s: -s.score))


def _reading_of(
    question: Question,
    joined: SentenceScore | None,
    alone: SentenceScore | None,
    near: Reading | None,
) -> Reading | None:
    """What is made of a sentence that was read for the question in both of its readings."""
    whole = joined.reading if joined else None
    own = _surest(alone.reading if alone else None, near)
    return _between(whole, own) if leans(question) else own or whole


def best_met(ranking: Ranking) -> list[int]:
    """The number of the sentence that meets a query best; nothing where none was considered."""
    matches: Mapping[int, float] = {s: float(row.mean()) for s, row in ranking.matches.items()}
    return [max(matches, key=lambda order: matches[order])] if matches else []


def _bonus(order: int, quoted: Sequence[int], *, goes_on: bool) -> float:
    """What standing by the last quotation adds; ``goes_on``: no thing took another one's place."""
    if order in quoted:
        return _QUOTED
    behind = min((order - q for q in quoted if order > q), default=_NEAR_REACH + 1)
    if behind <= _NEXT_REACH and goes_on:
        return _NEXT
    return _NEAR * (behind <= _NEAR_REACH)


def _lowest(scored: Sequence[SentenceScore]) -> float:
    return min((s.score for s in scored), default=0.0)


def _surest(*readings: Reading | None) -> Reading | None:
    """The reading that looks most like an answer."""
    return max((r for r in readings if r), key=read_score, default=None)


def _between(whole: Reading | None, own: Reading | None) -> Reading | None:
    """The mean of two readings: what answers only the question before must not pass for this."""
    if whole is None or own is None:
        return whole or own
    best = max(whole, own, key=read_score)
    return replace(
        best,
        evidence=(whole.evidence + own.evidence) / 2,
        span=(whole.span + own.span) / 2,
    )


def _around(found: Considered, quoted: Sequence[int]) -> list[Candidate]:
    """The sentences by the quotations, of their sections, in reading order."""
    near: dict[int, Candidate] = {}
    for order in quoted:
        own = found.index.sentence(order)
        for candidate in candidates_of(found.index, order - _BEFORE, order + _BEHIND + 1):
            passage = candidate.passage
            if (passage.doc_id, passage.headings) == (own.doc_id, own.headings):
                near.setdefault(candidate.order, candidate)
        if len(near) >= _MOST:
            break
    return [near[order] for order in sorted(near)][: 2 * _MOST]


def _read(found: Considered, near: Sequence[Candidate], reader: Reader) -> dict[int, Reading]:
    """Read these sentences with the question and what it leaves out."""
    goes_on = [i > 0 and c.order == near[i - 1].order + 1 for i, c in enumerate(near)]
    windows = cut_windows([len(c.passage.text.split()) for c in near], goes_on)
    texts = [[near[i].passage.text for i in window] for window in windows]
    read = reader.read(found.question.standalone, texts)
    return {
        near[i].order: reading
        for window, own in zip(windows, read, strict=True)
        for i, reading in zip(window, own, strict=True)
    }
