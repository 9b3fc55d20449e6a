"""Ranked sentences to an answer: the sentences that answer, and their citations.

Owns: which sentences are quoted, in which order, and what is said of each. Everything quoted is
cut out of ``Document.text`` by its offsets, never written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from dipnot.document.voices import voice_of
from dipnot.language.folding import fold
from dipnot.language.tokens import index_terms
from dipnot.question.answer_type import first_date, holds_kind
from dipnot.retrieval.context import columns_of
from dipnot.types import (
    ABRIDGED,
    AnswerKind,
    Citation,
    Document,
    Language,
    Passage,
    Reading,
    Span,
)

Kinds = frozenset[AnswerKind]

MODE = "extractive"
MAX_SENTENCES = 3
_MAX_WORDS = 110
# For a question that asks for several things, and where it is not sure that any sentence answers.
MAX_LISTED = 6
_MAX_LISTED_WORDS = 220
# A further sentence is quoted while its score is this close to the best one's, in log-odds; the
# second figure is for those questions. ``_KIND_BONUS`` is fitted with the weights of the score.
_MARGIN, _WIDER_MARGIN = 1.5, 3.0
_KIND_BONUS = 1.02

_PARALLEL = 0.7  # of the terms of two sentences that say the same of two things

_FRAMES: dict[Language, dict[str, str]] = {
    "tr": {
        "answered": "Metinde şöyle geçiyor:",
        "partial": "Metnin konuyla ilgili yerleri şunlar; soruyu tam karşılamıyor olabilir:",
        "not_in_text": "Metin bu soruyu yanıtlamıyor.",
        "more": "Konuyla ilgili sonraki yerler:",
        "no_more": "Metinde bu konuda gösterilecek başka bir yer yok.",
        "source": "Metnin burada gösterdiği kaynak:",
        "nothing_quoted": "Son yanıtta alıntı yoktu; gösterilecek bir kaynak da yok.",
        "article": "Metin bu sözler için kaynak göstermiyor; geçtikleri madde:",
        "no_source": "Metin bu sözler için kaynak göstermiyor:",
    },
    "en": {
        "answered": "The text says:",
        "partial": "These places of the text bear on it; they may not answer all of it:",
        "not_in_text": "The text does not answer this question.",
        "more": "The next places that bear on it:",
        "no_more": "The text has no further place to show on this.",
        "source": "The source that the text gives here:",
        "nothing_quoted": "Nothing was quoted last, so there is no source to give.",
        "article": "The text gives no source for these words; they stand in this article:",
        "no_source": "The text gives no source for these words:",
    },
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may be quoted: where it stands, how it scored, the passage it is.

    ``reading``: what the reader makes of it; None where it was not read. ``highlight``: the words
    in it that answer, relative to the sentence; None where that is not sure.
    """

    document: Document
    passage: Passage
    order: int  # position of the sentence among all sentences of the index
    score: float
    reading: Reading | None = None
    highlight: Span | None = None


def choose(
    kinds: Kinds, candidates: Sequence[Candidate], *, unsure: bool = False
) -> list[list[Candidate]]:
    """Choose the sentences to quote, best first, adjacent ones of a section together.

    A sentence that holds the kind of thing asked for (a date, a number, a source) is preferred. A
    chronology is put in order of time. ``unsure``: more places are shown to look for the answer in.
    Title and keywords name what a text is about; they answer only what is asked of the text itself.
    """
    told = [c for c in candidates if c.passage.kind != "front" or "about" in kinds]
    ranked = sorted(
        (
            replace(c, score=c.score + _KIND_BONUS) if _fits(kinds, c) else c
            for c in told or candidates
        ),
        key=lambda c: -c.score,
    )
    ranked = _with_parallels(ranked)
    most, most_words, margin = (
        (MAX_LISTED, _MAX_LISTED_WORDS, _WIDER_MARGIN)
        if unsure or "several" in kinds
        else (MAX_SENTENCES, _MAX_WORDS, _MARGIN)
    )
    chosen: list[Candidate] = []
    words = 0
    for candidate in ranked:
        if len(chosen) == most or candidate.score < ranked[0].score - margin:
            break
        count = len(candidate.passage.text.split())
        if chosen and words + count > most_words:
            continue
        chosen.append(candidate)
        words += count
    if chosen and all(c.passage.kind in ABRIDGED for c in chosen):
        # An abstract or summary stands nearer to a question in its language than the text that
        # it abridges; the reader wants the place where the text itself says it.
        chosen = chosen[: MAX_SENTENCES - 1]
        chosen += [c for c in ranked if c.passage.kind not in ABRIDGED][:1]
    groups = grouped(chosen)
    if "chronology" in kinds:
        groups.sort(key=lambda g: first_date(g[0].passage.text) or (9999, 0, 0))
    return groups


def _with_parallels(ranked: Sequence[Candidate]) -> list[Candidate]:
    """Put right behind the best sentence those that say the same in other documents.

    Manuals of three models have it three times, but for the model: one that is named is met better
    by far, else which is meant is not known.
    """
    if not ranked:
        return []
    best, *rest = ranked
    own = frozenset(index_terms(best.passage.text))
    near = (c for c in rest if c.score >= best.score - _WIDER_MARGIN)
    same = [c for c in near if _is_parallel(best, own, c)]
    others = [c for c in rest if c not in same]
    return [best, *(replace(c, score=best.score) for c in same), *others]


def _is_parallel(best: Candidate, terms: frozenset[str], other: Candidate) -> bool:
    if other.document.doc_id == best.document.doc_id:
        return False
    own = frozenset(index_terms(other.passage.text))
    return len(own & terms) >= _PARALLEL * len(own | terms)


def _fits(kinds: Kinds, candidate: Candidate) -> bool:
    if holds_kind(kinds, candidate.passage.text, candidate.passage.language):
        return True
    return "source" in kinds and any(
        candidate.passage.span.holds(r.span) for r in candidate.document.references
    )


def grouped(chosen: Sequence[Candidate]) -> list[list[Candidate]]:
    """Bring sentences that adjoin together, in reading order; groups in order of the best."""
    groups: list[list[Candidate]] = []
    for candidate in chosen:
        near = [g for g in groups if _adjoins(g, candidate)]
        if not near:
            groups.append([candidate])
            continue
        # A sentence between two groups makes them one.
        merged = sorted([candidate, *(c for g in near for c in g)], key=lambda c: c.order)
        groups[groups.index(near[0])] = merged
        for other in near[1:]:
            groups.remove(other)
    return groups


def _adjoins(group: Sequence[Candidate], new: Candidate) -> bool:
    return follows(new, group[0]) or follows(group[-1], new)


def follows(before: Candidate, after: Candidate) -> bool:
    """Whether a sentence stands right behind another, in the same paragraph."""
    if after.order != before.order + 1 or after.document.doc_id != before.document.doc_id:
        return False
    between = before.document.text[before.passage.span.end : after.passage.span.start]
    return before.passage.headings == after.passage.headings and between == " "


_POINTS_BACK = re.compile(
    r"(?:bu|bunun|bunlar\w*|buna|bunu|bundan|bununla|boylece|boylelikle|soz konusu|adi gecen|anilan"
    r"|ayni|onun|onlar\w*|ona|onu|o|this|these|that|those|it|its|they|their|he|she|his|her|such"
    r"|the (?:latter|former|same|said))\b"
    r"(?! (?:makale|calisma|arastirma|yazi|article|study|paper)\w*)"
)


def points_back(candidate: Candidate) -> bool:
    """Whether a sentence opens with what the one before it names: `bu antlaşma`, `it`."""
    return bool(_POINTS_BACK.match(fold(candidate.passage.text)))


def with_antecedents(
    groups: Sequence[Sequence[Candidate]], sentence: Callable[[int], Candidate]
) -> list[list[Candidate]]:
    """Put before a quotation that opens with `bu antlaşma` or `it` the sentence before it.

    ``sentence`` gives the sentence of a number. Only the sentence before, of the same paragraph,
    is added, and only to the first quotation: the others stand as further reading.
    """
    out = [list(group) for group in groups]
    if not out or not out[0][0].order or not points_back(out[0][0]):
        return out
    before = sentence(out[0][0].order - 1)
    taken = {c.order for group in out for c in group}
    if before.order in taken or not _adjoins(out[0], before):
        return out
    return [[before, *out[0]], *out[1:]]


def with_whole_list(
    groups: Sequence[Sequence[Candidate]], sentences: Callable[[int, int], Sequence[Candidate]]
) -> list[list[Candidate]]:
    """Where two sentences of a list are quoted, or the line that opens it, quote all of it.

    ``sentences`` gives those of a half-open range of numbers, as far as there are any.
    """
    quoted = {c.order: c for group in groups for c in group}
    for candidate in quoted.values():
        opens = candidate.passage.text.rstrip().endswith(":")
        if not opens and candidate.passage.kind != "list":
            continue
        if columns_of(candidate.document, candidate.passage) is not None:  # a row says all it says
            continue
        around = sentences(candidate.order - _LONGEST_LIST, candidate.order + _LONGEST_LIST)
        at = next(i for i, c in enumerate(around) if c.order == candidate.order) + opens
        if at == len(around) or around[at].passage.kind != "list":
            continue
        block = [quoted.get(c.order, c) for c in _list_around(around, at)]
        orders = {c.order for c in block}
        if len(orders & quoted.keys()) < (1 if opens else 2):
            continue
        rest = [[c for c in group if c.order not in orders] for group in groups]
        return [block, *(group for group in rest if group)]
    return [list(group) for group in groups]


_LONGEST_LIST = 20  # sentences


def _list_around(around: Sequence[Candidate], at: int) -> Sequence[Candidate]:
    """The list that a sentence is of, and the sentence before it that ends with a colon."""
    item = around[at]
    first = last = at
    while first > 0 and _is_of(item, around[first - 1]):
        first -= 1
    while last + 1 < len(around) and _is_of(item, around[last + 1]):
        last += 1
    if first > 0 and around[first - 1].passage.text.rstrip().endswith(":"):
        first -= 1
    return around[first : last + 1]


def _is_of(item: Candidate, other: Candidate) -> bool:
    return other.passage.kind == "list" and (
        (other.document.doc_id, other.passage.headings)
        == (item.document.doc_id, item.passage.headings)
    )


def cite(
    groups: Sequence[Sequence[Candidate]], passage_of: Callable[[int, int], str]
) -> tuple[Citation, ...]:
    """Make the citations of the chosen sentences, numbered from 1.

    ``passage_of`` gives the id of the passage that holds the sentences of a half-open range.
    """
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
        # Only the best quotation has the words that answer; the others merely have such words.
        sure = not any(c.highlight for c in citations)
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
                highlight=_highlight(group) if sure else (),
                attribution=attribution,
                voice=voice_of(quote, bool(attribution), first.kind == "quotation"),
                passage_id=passage_of(group[0].order, group[-1].order + 1),
            )
        )
    return tuple(citations)


def _highlight(group: Sequence[Candidate]) -> tuple[Span, ...]:
    """The words of a quotation that answer: the reader's, and no rule's."""
    for candidate in group:
        if candidate.highlight is not None:
            shift = candidate.passage.span.start - group[0].passage.span.start
            return (Span(candidate.highlight.start + shift, candidate.highlight.end + shift),)
    return ()


def frame(kind: str, language: Language) -> str:
    """Say in the question's language what the quotations are, or that there are none.

    ``kind`` is a verdict, or what was requested of the last answer.
    """
    return _FRAMES[language][kind]


def compose(said: str, citations: Sequence[Citation]) -> str:
    """Write the answer: a short frame in the question's language, then the quotes."""
    return " ".join([said, *(f"“{c.quote}” [{c.n}]" for c in citations)])
