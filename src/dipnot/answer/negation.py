"""What is not so: questions that ask for it, and premises that the text denies.

Owns: telling both by the words and endings that say no. That tells a denial, not its scope.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from dipnot.answer.choice import Candidate
from dipnot.language.folding import fold
from dipnot.language.known import pattern
from dipnot.language.tokens import index_terms
from dipnot.types import Question

_NEGATES = re.compile(pattern(lambda own: own.negates))
_VERB = re.compile(pattern(lambda own: own.verb))
_YES_NO = re.compile(pattern(lambda own: own.yes_no))
_WORD = re.compile(r"\w+")
_SHORTEST_STEM = 4
_CLOSE = 12  # candidates
_REACH = 3  # words between `never` and what it denies


def asks_what_is_not(question: Question) -> bool:
    """Whether a question asks who or what did not; not why, and not whether."""
    if not question.negated or "reason" in question.kinds:
        return False
    return not _YES_NO.search(fold(question.text))


def denies(candidate: Candidate) -> bool:
    """Whether a sentence says no to anything."""
    return bool(_NEGATES.search(fold(candidate.passage.text)))


def denial_of(
    question: Question, quoted: Sequence[Candidate], others: Sequence[Candidate]
) -> Candidate | None:
    """The sentence that denies the very verb that a question takes for granted, if there is one.

    The best one quoted counts; of the others, one that shares a word with the question, where none
    quoted has the verb.
    """
    if question.negated or _YES_NO.search(fold(question.text)):
        return None
    best = max(quoted, key=lambda c: c.score)
    if _denies_verb(question, best):
        return best
    stems = _stems(question)
    if any(w.startswith(s) for c in quoted for w in _words(c) for s in stems):
        return None
    asked = set(index_terms(question.text))
    near = (c for c in others[:_CLOSE] if len(asked & set(index_terms(c.passage.text))) > 1)
    return next((c for c in near if _denied_by_ending(question, fold(c.passage.text))), None)


def _denies_verb(question: Question, candidate: Candidate) -> bool:
    sentence = fold(candidate.passage.text)
    return _denied_by_ending(question, sentence) or _denied_by_word(question, sentence)


def _words(candidate: Candidate) -> list[str]:
    return _WORD.findall(fold(candidate.passage.text))


def _stems(question: Question) -> list[str]:
    """Of the words that may be its verb, what stands before the ending."""
    words = _WORD.findall(fold(question.text))
    ends = [(w, _VERB.search(w)) for w in words[-2:]]
    return [w[: m.start()] for w, m in ends if m and m.group() and m.start() >= _SHORTEST_STEM]


def _denied_by_ending(question: Question, sentence: str) -> bool:
    return any(
        re.search(rf"\b{re.escape(stem)}(?:[iu]l|n)?m(?:[ae]|[iu]yor)\w+", sentence)
        and _NEGATES.search(" ".join(w for w in _WORD.findall(sentence) if w.startswith(stem)))
        for stem in _stems(question)
    )


def _denied_by_word(question: Question, sentence: str) -> bool:
    asked = {t for t in index_terms(question.text) if len(t) > _SHORTEST_STEM}
    words = sentence.split()
    for i, word in enumerate(words):
        if word.strip('.,;“”"') in _DENIALS:
            behind = words[i + 1 : i + 1 + _REACH]
            if any(term in asked for w in behind[:1] for term in index_terms(w)):
                return True
    return False


_DENIALS = frozenset(("not", "never"))
