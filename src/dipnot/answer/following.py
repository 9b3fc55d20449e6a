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
# Log-odds that a sentence is evidence for a follow-up, fitted on 85 of conversations: what both
# readings count, and what standing near the last quotation or right behind it adds.
_WHOLE, _OWN = 0.58, 0.35
_NEAR, _NEAR_REACH = 1.0, 4
_NEXT, _NEXT_REACH = 1.6, 3


def leans(question: Question) -> bool:
    """Whether a question is searched for with what it leaves out, put before its own words."""
    return question.standalone != question.own and question.standalone.endswith(question.own)


def read_on(
    found: Considered,
    own: Sequence[SentenceScore],
    quoted: Sequence[int],
    reader: Reader | None,
) -> tuple[SentenceScore, ...]:
    """Rank the sentences anew.

    ``own``: those found for the question as it was asked; nothing, where it took the place of the
    one before. ``quoted``: numbers of the sentences quoted last.
    """
    near = _around(found, quoted)
    readings = _read(found, near, reader) if own and near and reader is not None else {}
    whole, alone = ({s.order: s for s in scored} for scored in (found.sentences, own))
    match = matches_of(found, sorted({*alone, *(c.order for c in near)} - whole.keys()))
    below_whole, below_own = _lowest(found.sentences), _lowest(own)
    ranked = []
    for order in whole.keys() | alone.keys() | {c.order for c in near}:
        first, second = whole.get(order), alone.get(order)
        score = _bonus(order, quoted, goes_on=bool(own))
        if own:
            score += _WHOLE * (first.score if first else below_whole)
            score += _OWN * (second.score if second else below_own)
        else:
            score += first.score if first else below_whole
        ranked.append(
            SentenceScore(
                order,
                score,
                first.match if first else match[order],
                _between(
                    first.reading if first else None,
                    _surest(second.reading if second else None, readings.get(order)),
                ),
            )
        )
    return tuple(sorted(ranked, key=lambda s: -s.score))


def best_met(ranking: Ranking) -> list[int]:
    """The number of the sentence that meets a query best; nothing where none was considered."""
    matches: Mapping[int, float] = {s: float(row.mean()) for s, row in ranking.matches.items()}
    return [max(matches, key=lambda order: matches[order])] if matches else []


def _bonus(order: int, quoted: Sequence[int], *, goes_on: bool) -> float:
    """What standing by the last quotation adds; ``goes_on``: no thing took another one's place."""
    near = any(abs(order - q) <= _NEAR_REACH for q in quoted)
    behind = order not in quoted and any(0 < order - q <= _NEXT_REACH for q in quoted)
    return _NEAR * near + _NEXT * (behind and goes_on)


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
