"""Ranked sentences to an answer: the sentences that answer, their citations, and a verdict.

Owns: which sentences are quoted, what is said of each, and when the text is held not to say.
Everything quoted is cut out of ``Document.text`` by its offsets, never written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dipnot.folding import fold, fold_with_map
from dipnot.types import Citation, Document, Language, Passage, Span, Verdict, Voice

MODE = "extractive"
MAX_SENTENCES = 3
# A further sentence is quoted while its score is this close to the best one's, in deviations.
_MARGIN = 3.0
_MAX_WORDS = 110

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
    r"|\b\d{1,2}\.\d{1,2}\.\d{4}\b|\b1\d{3}\b|\b20\d{2}\b"
)
_REPORTED = re.compile(r"['’](?:[yn]?[ea]|ye|ya) göre\b|\baccording to [A-Z]")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may be quoted: where it stands, how it scored, the passage it is."""

    document: Document
    passage: Passage
    order: int  # position of the sentence among all sentences of the index
    score: float


def choose(candidates: Sequence[Candidate]) -> list[list[Candidate]]:
    """Choose the sentences to quote, best first, adjacent ones of a paragraph together.

    ``candidates`` are ranked, best first.
    """
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
    groups: list[list[Candidate]] = []
    for candidate in chosen:
        near = next((g for g in groups if _adjoins(g, candidate)), None)
        if near is None:
            groups.append([candidate])
        else:
            near.append(candidate)
            near.sort(key=lambda c: c.order)
    return groups


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
    groups: Sequence[Sequence[Candidate]], question: str, by_span: Mapping[tuple[str, Span], str]
) -> tuple[Citation, ...]:
    """Make the citations of the chosen sentences, numbered from 1.

    ``by_span`` gives the id of the passage that covers a range exactly, where there is one.
    """
    wants_date = bool(_TIME_QUESTION.search(fold(question)))
    citations = []
    for n, group in enumerate(groups, start=1):
        first, last = group[0].passage, group[-1].passage
        document = group[0].document
        span = Span(first.span.start, last.span.end)
        quote = document.text[span.start : span.end]
        references = [r for r in document.references if span.holds(r.span)]
        attribution = tuple(document.text[r.span.start : r.span.end] for r in references)
        outside = [Span(r.span.start - span.start, r.span.end - span.start) for r in references]
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
                highlight=dates_in(quote, outside) if wants_date else (),
                attribution=attribution,
                voice=_voice(quote, bool(attribution), first.kind == "quotation"),
                passage_id=by_span.get((document.doc_id, span), first.passage_id),
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


def _voice(quote: str, has_source: bool, is_quotation: bool) -> Voice:
    quoted = sum(len(m.group()) for m in re.finditer(r"[“\"«][^“”\"»]*[”\"»]", quote))
    if is_quotation or quoted > 0.5 * len(quote):
        return "quoted"
    return "cited" if has_source or _REPORTED.search(quote) else "author"


# How well the words of the question are met by the sentence that meets them best: the mean
# late-interaction cosine. The thresholds are the ones that told the development set's answerable
# questions from its off-topic ones best; they say nothing about near misses, which is why most
# verdicts between them are `partial`.
ANSWERED_AT = 0.50
NOT_IN_TEXT_BELOW = 0.36


def judge(match: float, lexical: float) -> Verdict:
    """Give the verdict for the best sentence's match and BM25 score."""
    if match < NOT_IN_TEXT_BELOW and lexical < 6:
        return "not_in_text"
    return "answered" if match >= ANSWERED_AT else "partial"


def frame(verdict: Verdict, language: Language) -> str:
    """Say in the question's language what the quotations are, or that there are none."""
    return _FRAMES[language][verdict]


def compose(verdict: Verdict, citations: Sequence[Citation], language: Language) -> str:
    """Write the answer: a short frame in the question's language, then the quotes."""
    if verdict == "not_in_text":
        return frame(verdict, language)
    return " ".join([frame(verdict, language), *(f"“{c.quote}” [{c.n}]" for c in citations)])
