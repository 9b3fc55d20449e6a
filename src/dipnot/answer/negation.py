"""What is not so: questions that ask for it, and premises that the text denies.

Owns: telling both by the words and endings that say no, and what a sentence denies: the verb that
has the ending, the words right behind `never` or before `yok`, or most of a clause.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from dipnot.answer.choice import Candidate
from dipnot.language.folding import fold
from dipnot.language.known import NAME_LIKE_DENIAL, asks_no, joined, negates, pattern
from dipnot.language.tokens import STOPWORDS, index_terms
from dipnot.types import Question

_VERB = re.compile(pattern(lambda own: own.verb))
_NEGATED = re.compile(rf"(?P<stem>\w{{2,40}}?)(?:{pattern(lambda own: own.negated_verb)})")
_BEHIND = joined(lambda own: own.denies_behind)
_BEFORE = re.compile(pattern(lambda own: own.denies_before))
_DESCRIBED = re.compile(pattern(lambda own: own.described))
_IDENTIFIES = re.compile(pattern(lambda own: own.identifies))
_REJECTS = re.compile(pattern(lambda own: own.rejects))
_ACCEPTS = re.compile(rf"\b(?:{pattern(lambda own: own.accepts)})")
_REJECTED = re.compile(rf"\b(?:{_REJECTS.pattern})\b")
_CLAUSE = re.compile(
    rf"[;:.,()\"]|\b(?:{'|'.join(sorted(joined(lambda own: own.opens_clause)))})\b"
)
# A verb with and without the passive or the causative is one verb.
_VOICE = re.compile(r"(?:[iu]?l|[iu]?n|[iu]r|d[iu]r|t|[iu]s)")
_AORIST = re.compile(r"[iuae]r$|[ae]bil\w*")
_CONDITIONAL = re.compile(pattern(lambda own: own.conditional))
_YES_NO = re.compile(pattern(lambda own: own.yes_no))
_WORD = re.compile(r"\w+(?:['’]\w+)*")
_SHORTEST_STEM = 3
_CLOSE = 12  # candidates
_MET = 0.42  # cosine
_SURE = 0.8  # logit of the reader's words, in a sentence that is no denial
_REACH, _CLOSE_BY = 3, 2  # words between `never` and what it denies; where no more is asked of
_AT_HAND = 7  # words before or after one that rejects
_SEVERAL = 2  # words of the question in one clause
_MOST = 0.6  # of a clause
# `not only in Kars`, `in Kars and not in Moscow` deny nothing of what stands before.
_NOT_ALONE, _LINKS = frozenset({"only", "just", "merely"}), frozenset({"and", "but"})


def asks_what_is_not(question: Question) -> bool:
    """Whether a question asks who or what did not; not why, not whether, and not of what did not.

    `What happens to an unused ticket?` asks what happens, and so does `If it is not used?`.
    """
    folded = fold(NAME_LIKE_DENIAL.sub(" ", _asked(question)))
    if not question.negated or "reason" in question.kinds:
        return False
    if _YES_NO.search(folded) or _CONDITIONAL.search(folded):
        return False
    asked = folded if _IDENTIFIES.search(folded) else _DESCRIBED.sub(" ", folded)
    return bool(asks_no(question.language).search(asked))


def asks_of_refusal(question: Question) -> bool:
    """Whether a question asks who refused or what is forbidden: something that is so."""
    return bool(_REJECTED.search(fold(_asked(question))))


def denies(candidate: Candidate) -> bool:
    """Whether a sentence says no to anything, or forbids it."""
    folded = _folded(candidate)
    says_no = negates(candidate.passage.language).search(folded)
    return bool(says_no or _REJECTED.search(folded))


def denying(question: Question, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Those that say what is not so, for a question that asks for it; all for any other.

    Where some deny what the question names, these; what else is not so is no answer to it.
    """
    if not asks_what_is_not(question):
        return list(candidates)
    own = [c for c in candidates if denies(c)]
    return [c for c in own if contradicts(question, c)] or own


def denial_of(
    question: Question,
    quoted: Sequence[Candidate],
    others: Sequence[Candidate],
    matches: Mapping[int, float],
) -> Candidate | None:
    """The sentence that denies what a question takes for granted, if there is one.

    The best one quoted counts; of the others, one that denies the question's verb, where none
    quoted has it, or one that meets the question well (``matches``, by number), where the reader
    finds no answer in what is quoted.
    """
    folded = fold(_asked(question))
    if question.negated or _YES_NO.search(folded):
        return None
    if _REJECTED.search(folded):  # why a thing is forbidden, what follows where it is
        return None
    best = max(quoted, key=lambda c: c.score, default=None)
    if best is not None and contradicts(question, best):
        return best
    stems = _stems(question)
    if any(w.startswith(s) for c in quoted for w in _words(c) for s in stems):
        return None
    asked = frozenset(index_terms(_asked(question)))
    near = others[:_CLOSE]
    denied = next((c for c in near if _verb_denied(stems, asked, c)), None)
    if denied is not None or any(_is_sure(c) for c in quoted):
        return denied
    close = (c for c in near if matches.get(c.order, 0.0) >= _MET and _shares(asked, c))
    return next((c for c in close if contradicts(question, c)), None)


def _asked(question: Question) -> str:
    """A question as it was asked; one that changes a thing of the last with what it takes over."""
    whole = question.standalone
    return question.text if whole.endswith(question.own) else whole


def _is_sure(candidate: Candidate) -> bool:
    """Whether the reader finds words in a sentence that answer."""
    return candidate.reading is not None and candidate.reading.span >= _SURE


def _shares(asked: frozenset[str], candidate: Candidate) -> bool:
    """Whether a sentence has a third of the words asked, at least."""
    return len(asked & frozenset(index_terms(candidate.passage.text))) * 3 >= len(asked)


def contradicts(question: Question, candidate: Candidate) -> bool:
    """Whether a sentence denies what a question takes for granted, in one of its clauses."""
    asked, stems, needed = _named(_asked(question), why="reason" in question.kinds)
    return any(
        _is_denied(_WORD.findall(clause), asked, stems, needed)
        for clause in _CLAUSE.split(_folded(candidate))
    )


def _folded(candidate: Candidate) -> str:
    return fold(NAME_LIKE_DENIAL.sub(" ", candidate.passage.text))


@lru_cache(maxsize=16)
def _named(text: str, *, why: bool) -> tuple[frozenset[str], frozenset[str], int]:
    """Of a question its words, the stems of its verbs, and how many words a rejection must have."""
    asked, stems = frozenset(index_terms(text)), _all_stems(text)
    if _ACCEPTS.search(fold(text)):  # what is rejected is what was to be accepted
        return asked, stems, 1
    # A clause that rejects holds the thing asked about; of two things named, one may be elsewhere.
    return asked, stems, _SEVERAL if why else min(_SEVERAL, max(1, len(asked) - 1))


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
        if verb and shared - terms[i] and _is_asked(verb["stem"], word, stems):
            return True
        # A verb denies what stands before it, `without` what stands behind.
        beside = _all(terms[:i] if verb else terms[i + 1 :]) - terms[i]
        most = max(_SEVERAL, _MOST * len(_all(terms) - terms[i]))
        if (verb or word in _BEHIND) and len(asked & beside) >= most:
            return True
        if _denies_near(words, i, terms, asked):
            return True
    return False


def _is_asked(stem: str, word: str, asked: frozenset[str]) -> bool:
    """Whether a verb that says no is one asked, by its stem or as it stands (`olamaz`)."""
    return word in asked or any(_same_verb(stem, own) for own in asked)


def _denies_near(
    words: Sequence[str], at: int, terms: Sequence[frozenset[str]], asked: frozenset[str]
) -> bool:
    """Whether a word that says no stands before or behind something asked, or after most of it."""
    # `no other doctor` says nothing of the doctor, and `may not run the machine` nothing of who
    # made it, unless the clause is about what is asked.
    word, about = words[at], len(asked & _all(terms)) >= _SEVERAL
    reach = _REACH if about else _CLOSE_BY
    if word in _BEHIND and asked & _all(terms[at + 1 : at + 1 + reach]) and (about or word != "no"):
        return True
    contrasts = _NOT_ALONE.intersection(words[at + 1 : at + 2]) or (at and words[at - 1] in _LINKS)
    if word == "not" and not contrasts and len(asked & _all(terms[:at])) >= _SEVERAL:
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


def _verb_denied(stems: Sequence[str], asked: frozenset[str], candidate: Candidate) -> bool:
    """Whether a clause denies the verb that a question ends with, of the things that it names."""
    for clause in _CLAUSE.split(_folded(candidate)):
        words = _WORD.findall(clause)
        shared = asked & frozenset(index_terms(clause))
        for word in words:
            verb = _NEGATED.fullmatch(word)
            own = frozenset(index_terms(word))
            enough = len(shared - own) >= min(_SEVERAL, len(asked) - 1)
            if verb and enough and any(_same_verb(verb["stem"], stem) for stem in stems):
                return True
    return False


def _words(candidate: Candidate) -> list[str]:
    return _WORD.findall(fold(candidate.passage.text))


def _stems(question: Question) -> list[str]:
    """Of the words that may be its verb, what stands before the ending."""
    words = _WORD.findall(fold(_asked(question)))
    ends = [(w, _VERB.search(w)) for w in words[-2:]]
    return [w[: m.start()] for w, m in ends if m and m.group() and m.start() >= _SHORTEST_STEM]
