"""What is not so: questions that ask for it, and premises that the text denies.

Owns: telling the questions by the words and endings that say no, and what a sentence denies: the
verb that has the ending, the words right behind `never` or before `yok`, or most of a clause. That
a premise is denied, in whatever words, the reader tells.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from dipnot.answer.choice import Candidate
from dipnot.language.folding import fold
from dipnot.language.known import joined, pattern
from dipnot.language.tokens import STOPWORDS, index_terms
from dipnot.models.reader import Reader
from dipnot.types import Question

_NEGATES = re.compile(pattern(lambda own: own.negates))
_VERB = re.compile(pattern(lambda own: own.verb))
_NEGATED = re.compile(rf"(?P<stem>\w{{2,40}}?)(?:{pattern(lambda own: own.negated_verb)})")
_BEHIND = joined(lambda own: own.denies_behind)
_BEFORE = re.compile(pattern(lambda own: own.denies_before))
_DESCRIBED = re.compile(pattern(lambda own: own.described))
_IDENTIFIES = re.compile(pattern(lambda own: own.identifies))
_REJECTS = re.compile(pattern(lambda own: own.rejects))
_REJECTED = re.compile(rf"\b(?:{_REJECTS.pattern})\b")
_CLAUSE = re.compile(
    rf"[;:.,()\"]|\b(?:{'|'.join(sorted(joined(lambda own: own.opens_clause)))})\b"
)
# A verb with and without the passive or the causative is one verb.
_VOICE = re.compile(r"(?:[iu]?l|[iu]?n|[iu]r|d[iu]r|t|[iu]s)")
_AORIST = re.compile(r"[iuae]r$|[ae]bil\w*")
_YES_NO = re.compile(pattern(lambda own: own.yes_no))
_WORD = re.compile(r"\w+")
_SHORTEST_STEM = 3
_REACH, _CLOSE_BY = 3, 2  # words between `never` and what it denies; where no more is asked of
_AT_HAND = 7  # words before or after one that rejects
_SEVERAL = 2  # words of the question in one clause
_MOST = 0.6  # of a clause


def asks_what_is_not(question: Question) -> bool:
    """Whether a question asks who or what did not; not why, not whether, and not of what did not.

    `What happens to an unused ticket?` asks what happens.
    """
    folded = fold(question.text)
    if not question.negated or "reason" in question.kinds or _YES_NO.search(folded):
        return False
    asked = folded if _IDENTIFIES.search(folded) else _DESCRIBED.sub(" ", folded)
    return bool(_NEGATES.search(asked))


def denies(candidate: Candidate) -> bool:
    """Whether a sentence says no to anything, or forbids it."""
    folded = fold(candidate.passage.text)
    return bool(_NEGATES.search(folded) or _REJECTED.search(folded))


def denying(question: Question, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Those that say what is not so, for a question that asks for it; all for any other.

    Where some deny what the question names, these; what else is not so is no answer to it.
    """
    if not asks_what_is_not(question):
        return list(candidates)
    own = [c for c in candidates if denies(c)]
    return [c for c in own if contradicts(question, c)] or own


def denial_of(
    question: Question, candidates: Sequence[Candidate], reader: Reader | None, at_least: float
) -> Candidate | None:
    """The sentence that denies what a question takes for granted, if one does.

    ``at_least``: the log-odds that are wanted of it.
    """
    if reader is None or question.negated or _YES_NO.search(fold(question.text)):
        return None
    odds = reader.denials(question.standalone, [c.passage.text for c in candidates])
    likely = max(zip(odds, candidates, strict=True), key=lambda own: own[0], default=None)
    return likely[1] if likely is not None and likely[0] >= at_least else None


def contradicts(question: Question, candidate: Candidate) -> bool:
    """Whether a sentence denies what a question takes for granted, in one of its clauses."""
    asked = frozenset(index_terms(question.text))
    stems = _all_stems(question.text)
    # A clause that rejects holds the thing asked about; of two things named, one may be elsewhere.
    needed = _SEVERAL if "reason" in question.kinds else min(_SEVERAL, max(1, len(asked) - 1))
    return any(
        _is_denied(_WORD.findall(clause), asked, stems, needed)
        for clause in _CLAUSE.split(fold(candidate.passage.text))
    )


def _is_denied(
    words: Sequence[str], asked: frozenset[str], stems: frozenset[str], needed: int
) -> bool:
    """Whether a clause denies something asked; ``needed``: of its words, for one that rejects."""
    terms = [frozenset(index_terms(word)) for word in words]
    shared = asked & _all(terms)
    for i, word in enumerate(words):
        if _REJECTS.fullmatch(word):
            near = _all(terms[max(0, i - _AT_HAND) : i + 1 + _AT_HAND])
            if len(shared & near) >= needed:
                return True
        verb = _NEGATED.fullmatch(word)
        if verb and _of_what(verb["stem"], stems, shared - terms[i]):
            return True
        most = max(_SEVERAL, _MOST * len(_all(terms) - terms[i]))
        if (verb or word in _BEHIND) and len(shared) >= most:
            return True
        if _denies_near(word, i, terms, asked):
            return True
    return False


def _of_what(verb: str, stems: frozenset[str], shared: frozenset[str]) -> bool:
    """Whether a verb is one asked, of the same thing: `give way` and `give an answer` are two."""
    return bool(shared) and any(_same_verb(verb, stem) for stem in stems)


def _denies_near(
    word: str, at: int, terms: Sequence[frozenset[str]], asked: frozenset[str]
) -> bool:
    """Whether a word that says no stands before or behind something asked, or after most of it."""
    # `no other doctor` says nothing of the doctor, and `may not run the machine` nothing of who
    # made it, unless the clause is about what is asked.
    about = len(asked & _all(terms)) >= _SEVERAL
    reach = _REACH if about else _CLOSE_BY
    if word in _BEHIND and asked & _all(terms[at + 1 : at + 1 + reach]) and (about or word != "no"):
        return True
    if word == "not" and len(asked & _all(terms[:at])) >= _SEVERAL:
        return True
    return at > 0 and bool(_BEFORE.fullmatch(word)) and bool(terms[at - 1] & asked)


def _all(terms: Sequence[frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*terms)


def _same_verb(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    if len(short) < _SHORTEST_STEM or not long.startswith(short):
        return False
    return short == long or bool(_VOICE.fullmatch(long[len(short) :]))


def _all_stems(text: str) -> frozenset[str]:
    """Of each word that may be a verb, what stands before the ending."""
    found: set[str] = set()
    for word in _WORD.findall(fold(text)):
        if word in STOPWORDS:
            continue
        ends = _VERB.search(word)
        found |= {word, word[: ends.start()] if ends else word, _AORIST.sub("", word)}
    return frozenset(found)
