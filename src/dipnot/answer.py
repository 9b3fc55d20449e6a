"""Ranked sentences to an answer: the sentences that answer, their citations, and a verdict.

Owns: which sentences are quoted, what is said of each, and when the text is held not to say.
Everything quoted is cut out of ``Document.text`` by its offsets, never written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from dipnot.folding import fold, fold_with_map
from dipnot.types import Citation, Document, Language, Passage, Span, Verdict
from dipnot.voices import voice_of

MODE = "extractive"
MAX_SENTENCES = 3
# A further sentence is quoted while its score is this close to the best one's, in deviations.
_MARGIN = 3.0
_MAX_WORDS = 110
_ABRIDGED = ("abstract", "summary")

_FRAMES: dict[Language, dict[Verdict, str]] = {
    "tr": {
        "answered": "Metinde şöyle geçiyor:",
        "partial": "Metnin konuyla ilgili yerleri şunlar; soruyu tam karşılamıyor olabilir:",
        "not_in_text": "Metin bu soruyu yanıtlamıyor.",
    },
    "en": {
        "answered": "The text says:",
        "partial": "These places of the text bear on it; they may not answer all of it:",
        "not_in_text": "The text does not answer this question.",
    },
}

_TIME_QUESTION = re.compile(
    r"\bne zaman|\bhangi (?:tarih|gun|yil|ay|sene)|\bkac(?:inci)? (?:yil|sene)|\btarihi ne"
    r"|\bne zmn\b|\bwhen\b|\b(?:what|which) (?:\w+ )?(?:date|day|year|month)"
)
_MONTHS = (
    "ocak|subat|mart|nisan|mayis|haziran|temmuz|agustos|eylul|ekim|kasim|aralik|january|february"
    "|march|april|may|june|july|august|september|october|november|december"
)
_DATE = re.compile(
    rf"\b\d{{1,2}}(?:\s?-\s?\d{{1,2}})? (?:{_MONTHS})(?: \d{{4}})?\b"
    rf"|\b(?:{_MONTHS}) \d{{1,2}}, \d{{4}}\b|\b(?:{_MONTHS}) \d{{4}}\b"
    r"|\b\d{1,2}\.\d{1,2}\.\d{4}\b|(?<![-–\d])\b(?:1\d|20)\d{2}\b(?!\s?[-–])"
)
_NUMBER_QUESTION = re.compile(r"\bkac\b|\bne kadar\b|\bhow (?:many|much|large|long|far|old)\b")
_NUMBER = re.compile(
    r"\d|\b(?:iki|uc|dort|bes|alti|yedi|sekiz|dokuz|on|yirmi|otuz|kirk|elli|yuz|bin|milyon|yarim"
    r"|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|hundred|thousand|million|half)\b"
)
_PARENTHESES = re.compile(r"\([^()]*\)")  # sources, with years and pages that answer nothing
_TYPE_BONUS = 1.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may be quoted: where it stands, how it scored, the passage it is."""

    document: Document
    passage: Passage
    order: int  # position of the sentence among all sentences of the index
    score: float


def choose(question: str, candidates: Sequence[Candidate]) -> list[list[Candidate]]:
    """Choose the sentences to quote, best first, adjacent ones of a paragraph together.

    A sentence that holds the kind of thing asked for (a date, a number) is preferred.
    """
    wanted = _wanted(question)
    if wanted is not None:
        candidates = [
            replace(c, score=c.score + _TYPE_BONUS)
            if wanted.search(fold(_PARENTHESES.sub(" ", c.passage.text)))
            else c
            for c in candidates
        ]
    candidates = sorted(candidates, key=lambda c: -c.score)
    chosen: list[Candidate] = []
    words = 0
    for candidate in candidates:
        if len(chosen) == MAX_SENTENCES or candidate.score < candidates[0].score - _MARGIN:
            break
        count = len(candidate.passage.text.split())
        if chosen and words + count > _MAX_WORDS:
            continue
        chosen.append(candidate)
        words += count
    if chosen and all(c.passage.kind in _ABRIDGED for c in chosen):
        # An abstract or summary stands nearer to a question in its language than the text that
        # it abridges; the reader wants the place where the text itself says it.
        chosen = chosen[: MAX_SENTENCES - 1]
        chosen += [c for c in candidates if c.passage.kind not in _ABRIDGED][:1]
    groups: list[list[Candidate]] = []
    for candidate in chosen:
        near = next((g for g in groups if _adjoins(g, candidate)), None)
        if near is None:
            groups.append([candidate])
        else:
            near.append(candidate)
            near.sort(key=lambda c: c.order)
    return groups


def _wanted(question: str) -> re.Pattern[str] | None:
    """The pattern of what a question asks for, where that can be told from its words."""
    folded = fold(question)
    if _TIME_QUESTION.search(folded):
        return _DATE
    return _NUMBER if _NUMBER_QUESTION.search(folded) else None


def _adjoins(group: Sequence[Candidate], new: Candidate) -> bool:
    first, last = group[0], group[-1]
    if new.document.doc_id != first.document.doc_id:
        return False
    before, after = (new, first) if new.order == first.order - 1 else (last, new)
    if after.order - before.order != 1:
        return False
    between = new.document.text[before.passage.span.end : after.passage.span.start]
    return before.passage.headings == after.passage.headings and between == " "


def cite(
    groups: Sequence[Sequence[Candidate]], question: str, passage_of: Callable[[int, int], str]
) -> tuple[Citation, ...]:
    """Make the citations of the chosen sentences, numbered from 1.

    ``passage_of`` gives the id of the passage that holds the sentences of a half-open range.
    """
    wants_date = bool(_TIME_QUESTION.search(fold(question)))
    citations: list[Citation] = []
    for n, group in enumerate(groups, start=1):
        first, last = group[0].passage, group[-1].passage
        document = group[0].document
        span = Span(first.span.start, last.span.end)
        quote = document.text[span.start : span.end]
        references = [r for r in document.references if span.holds(r.span)]
        # `[3, 5]` is two sources and one reference as printed.
        attribution = tuple(
            dict.fromkeys(document.text[r.span.start : r.span.end] for r in references)
        )
        outside = [Span(r.span.start - span.start, r.span.end - span.start) for r in references]
        # Only the best quote with a date has the one that answers; the others merely have one.
        sure = wants_date and not any(c.highlight for c in citations)
        citations.append(
            Citation(
                n=n,
                doc_id=document.doc_id,
                title=document.title,
                headings=first.headings,
                kind=first.kind,
                language=first.language,
                page=first.page,
                page_end=last.page_end,
                span=span,
                quote=quote,
                highlight=dates_in(quote, outside) if sure else (),
                attribution=attribution,
                voice=voice_of(quote, bool(attribution), first.kind == "quotation"),
                passage_id=passage_of(group[0].order, group[-1].order + 1),
            )
        )
    return tuple(citations)


def dates_in(quote: str, outside: Sequence[Span] = ()) -> tuple[Span, ...]:
    """Find the date of a quote; nothing where it holds several, for then which one is not sure.

    Dates inside the ranges ``outside`` (sources in parentheses) do not count.
    """
    folded = fold_with_map(quote)
    found = [folded.span(m.start(), m.end()) for m in _DATE.finditer(folded.text)]
    found = [f for f in found if not any(o.overlaps(f) for o in outside)]
    whole = [f for f in found if f.end - f.start > 4]
    sure = whole if len(whole) == 1 else found
    return tuple(sure) if len(sure) == 1 else ()


# `match` is the mean late-interaction cosine of the question's words with a sentence. Off-topic
# questions are told from others best by the mean of the five best matches, which one chance
# likeness does not lift. Neither says anything about near misses (right names, a fact never
# stated), so a verdict between the two is `partial`. benchmarks/README.md has the figures.
ANSWERED_AT = 0.50
NOT_IN_TEXT_BELOW = 0.295
_SUPPORT = 5


def judge(matches: Sequence[float]) -> Verdict:
    """Give the verdict for the matches of all sentences considered, in any order."""
    best = sorted(matches, reverse=True)[:_SUPPORT]
    if not best or sum(best) / len(best) < NOT_IN_TEXT_BELOW:
        return "not_in_text"
    return "answered" if best[0] >= ANSWERED_AT else "partial"


def frame(verdict: Verdict, language: Language) -> str:
    """Say in the question's language what the quotations are, or that there are none."""
    return _FRAMES[language][verdict]


def compose(verdict: Verdict, citations: Sequence[Citation], language: Language) -> str:
    """Write the answer: a short frame in the question's language, then the quotes."""
    if verdict == "not_in_text":
        return frame(verdict, language)
    return " ".join([frame(verdict, language), *(f"“{c.quote}” [{c.n}]" for c in citations)])
