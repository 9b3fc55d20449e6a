"""What a question owes to the turns before it.

Owns: which earlier questions a follow-up leans on, what is put into their place, the requests that
are about the last answer itself (more of it, its source), and the quotations that earlier answers
gave. Nothing is kept between questions: the turns come with each.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from dipnot.language.folding import fold
from dipnot.language.known import joined, pattern
from dipnot.language.tokens import STOPWORDS, index_terms
from dipnot.question.about_text import names_this_text, text_part_of
from dipnot.question.answer_type import names_in, runs_of
from dipnot.question.courtesy import not_asked
from dipnot.question.ellipsis import (
    ASKING,
    QUESTION_WORD,
    contrasted,
    first_named,
    names_only,
    nouns_alike,
    topic_of,
)
from dipnot.types import Request, Turn

Leaning = Literal["no", "maybe", "yes"]

_WORD = re.compile(r"\w+")
_POINTS_BACK = joined(lambda own: own.points_back)
_ANAPHORA = joined(lambda own: own.anaphora)
_SMALL, _POINTS_NOWHERE = STOPWORDS | _ANAPHORA, STOPWORDS - _ANAPHORA
_CONTRASTS = re.compile(rf"(?:(?<!\W)\W+)?(?:{pattern(lambda own: own.contrasts)})")
# `let's talk about the mill`: what stands behind `about` is the new subject, and stays.
_CHANGES = re.compile(
    rf"\W*(?:{pattern(lambda own: own.changes)})\w*(?:(?<! about)[^.,:;!?–—]{{0,15}}[.:;!–—,])?\s*"
)
_VERB = re.compile(pattern(lambda own: own.verb))
_OWNERLESS = re.compile(pattern(lambda own: own.ownerless))
_CONDITIONAL = re.compile(pattern(lambda own: own.conditional))
_WHO = re.compile(rf"\b(?:{pattern(lambda own: own.who)})\b")
_POINTS_AT = re.compile(pattern(lambda own: own.points_at))
_PERSONAL = joined(lambda own: own.personal)
# `the treaty that was signed`, `is there`: these point at what stands in the sentence itself.
_POINTS_ON = re.compile(
    rf"\b(?!(?:{'|'.join(sorted(STOPWORDS))})\b)[a-z]+ that (?!\W*$)|\b(?:is|are|was|were) there\b"
)
_AUXILIARIES = pattern(lambda own: own.auxiliaries)
# `what about his sister`, `who bought her`: nobody is named before whom these could mean.
_HIS = r"(?:his|her|its|their)\b"
_BEFORE_HIS = rf"(?:{'|'.join(sorted(STOPWORDS))}|(?:{_AUXILIARIES})(?:n.t)?)\b"
_POSSESSED = re.compile(
    rf"^\W*+(?:(?!{_HIS})(?>how (?!{_HIS})\w+|{_BEFORE_HIS})\W+)*+(?:\w+ to )?{_HIS}|^.* her\W*$"
)
_LONGEST_FOLLOW_UP = 14
_LONGEST_UNSURE = 6
_LONGEST_CONTRAST = 5
_TURNS_BACK = 5
_WITH_A_SUBJECT = (None, "section")  # what is asked of: not a text as a thing
_ENOUGH = 2  # words that say what a question is about


def unannounced(question: str) -> tuple[str, bool]:
    """A question without `let's change the subject`, and whether that was said."""
    match = _CHANGES.match(fold(question))
    if match is None or match.end() >= len(question):
        return question, False
    return question[match.end() :], True


def standalone(question: str, history: Sequence[Turn]) -> str:
    """Put before a follow-up what the question before it is about, or itself into that question.

    What it leans on may lean on another: so a pronoun is followed through several turns. After `who
    keeps the house?`, `she` is who the answer names.
    """
    if history and _points_past(question, history[-1]):
        history = history[:-1]
    earlier = [unannounced(turn.question)[0] for turn in history[-_TURNS_BACK:]]
    earlier = [asked for asked in earlier if text_part_of(asked)[0] in _WITH_A_SUBJECT]
    if not earlier:
        return question
    if leaning(question) == "no":
        short = question.rstrip().endswith("?") and names_only(question)
        return (contrasted(question, _before(earlier)) or question) if short else question
    person = _person_told(question, history)
    whole = _whole(question, earlier)
    return f"{person} {whole}" if person and whole.endswith(question) else whole


def _points_past(question: str, last: Turn) -> bool:
    """Whether `these by-laws` cannot be of the last turn: it quoted nothing, nor has the word."""
    if quotes_of([last]):
        return False
    nouns = (match.split()[-1] for match in _POINTS_AT.findall(fold(question)))
    own = {t for n in nouns if n not in STOPWORDS and not _VERB.search(n) for t in index_terms(n)}
    return bool(own) and own.isdisjoint(index_terms(last.question))


def _person_told(question: str, history: Sequence[Turn]) -> str | None:
    """Whom a pronoun of a question means where it was asked who: the name that was quoted.

    That may be some turns back, while each turn since has such a pronoun.
    """
    for turn in reversed(history[-_TURNS_BACK:]):
        if not _says_who(question):
            return None
        if _WHO.search(fold(turn.question)) and not _names_whom(turn.question):
            return _first_quoted(turn)
        question = turn.question
    return None


def _names_whom(question: str) -> bool:
    """Whether a question for somebody says no more than the name: `who is Selim?`."""
    named = " ".join(question[slice(*name)] for name in names_in(question))
    return frozenset(index_terms(topic_of(question))) <= frozenset(index_terms(named))


def _first_quoted(turn: Turn) -> str | None:
    """The first name of the first quotation of an answer that the question does not have."""
    asked = frozenset(index_terms(turn.question))
    for quote in _quoted_in(turn.answer)[:1]:
        names = (quote[slice(*run)] for run in runs_of(quote, names_in(quote)))
        return next((name for name in names if asked.isdisjoint(index_terms(name))), None)
    return None


def _whole(question: str, earlier: Sequence[str]) -> str:
    """A question that leans, with what it leaves out."""
    if not earlier:
        return question
    last = earlier[-1]
    if names_only(question) and not _has_owner(
        question
    ):  # what is asked stands in the question before
        before = _before(earlier)
        changed = contrasted(question, last)
        if changed is not None and before.endswith(last):
            named = before.removesuffix(last)
            # Who takes the place of `he` needs nobody before it.
            return changed if _says_who(last) and not _says_who(changed) else f"{named}{changed}"
        return contrasted(question, before) or f"{before} {question}"
    words = _WORD.findall(fold(question))
    if all(w in _POINTS_NOWHERE or QUESTION_WORD.fullmatch(w) for w in words):
        # `why?`: of what happened, not only of the things that it happened to
        return f"{_before(earlier)} {question}"
    topic = _topic(last, earlier[:-1])
    return f"{topic}: {question}" if topic else question


def _says_who(question: str) -> bool:
    """Whether a pronoun of a question stands for a person."""
    return not _PERSONAL.isdisjoint(_WORD.findall(fold(question)))


def _has_owner(question: str) -> bool:
    """Whether a question opens with what is of something named before: `what about its price`."""
    return bool(_POSSESSED.match(_CONTRASTS.sub("", fold(question), count=1)))


def _topic(last: str, others: Sequence[str]) -> str:
    """What the last question is about; what it leaves out of that, the ones before it say."""
    topic = topic_of(last)
    if names_only(last):
        return topic_of(_whole(last, others))
    if names_in(last) or not others:
        return topic
    poor = len(topic.split()) < _ENOUGH and leaning(last) != "no"
    if not poor and not _ANAPHORA.intersection(_WORD.findall(fold(last))):
        return topic
    whole = _whole(last, others)
    named = first_named(whole.removesuffix(last))
    if named is not None:
        return f"{named} {topic}".strip()
    return topic_of(whole) if poor else topic


def _before(earlier: Sequence[str]) -> str:
    """The last question, with what it leaves out."""
    last = earlier[-1]
    leans = leaning(last) == "yes" or names_only(last)
    return _whole(last, earlier[:-1]) if leans else last


def leaning(question: str) -> Leaning:
    """Tell whether a question leans on what was said before it.

    It does where a word points back, where it opens as a contrast, or where it has no noun of its
    own. A short one with a verb may.
    """
    folded = fold(question)
    words = _WORD.findall(folded)
    if len(words) > _LONGEST_FOLLOW_UP or names_this_text(question) or _says_itself(question):
        return "no"
    alike = nouns_alike(question)
    if (_POINTS_BACK - alike).intersection(_WORD.findall(_POINTS_ON.sub(" ", folded))):
        return "yes"
    if any(p.search(folded) for p in (_POSSESSED, _CONDITIONAL, _OWNERLESS)):
        return "yes"
    told = _WORD.findall(ASKING.sub(" ", folded))  # without `how much`
    nouns = [w for w in told if w in alike or not (_asks_or_points(w) or _VERB.search(w))]
    if not nouns:
        return "yes"
    if _CONTRASTS.match(folded) and len(words) <= _LONGEST_CONTRAST:
        return "yes"
    asks = len(nouns) < len(words) or len(words) == 1
    return "maybe" if asks and len(words) <= _LONGEST_UNSURE else "no"


def _asks_or_points(word: str) -> bool:
    return word in _SMALL or bool(QUESTION_WORD.fullmatch(word))


def _says_itself(question: str) -> bool:
    """Whether an utterance of two sentences names in the first what the second points at."""
    first, _, rest = question.partition(". ")
    return bool(rest) and len(topic_of(first).split()) >= _ENOUGH and bool(names_in(first))


_FILLER = rf"(?:{pattern(lambda own: own.fillers)})?[\s,]*"
_MORE = re.compile(rf"{_FILLER}(?:{pattern(lambda own: own.more)})[\s.!?…]*")
_SOURCE = re.compile(rf"{_FILLER}(?:{pattern(lambda own: own.source)})[\s.!?]*")
_QUOTED_END = re.compile(r"” \[\d+\]")


def request_of(question: str, history: Sequence[Turn]) -> Request:
    """Tell whether a question asks for more of the last answer, for its source, or for itself."""
    if history:
        folded = " ".join(fold(question).split())
        if _MORE.fullmatch(folded):
            return "more"
        if _SOURCE.fullmatch(folded):
            return "source"
    return not_asked(question) or "ask"


def turns_asked(history: Sequence[Turn]) -> list[Turn]:
    """The turns that asked something of the texts, without requests about an answer."""
    return [history[i] for i in _asking(history)]


def turns_of_topic(history: Sequence[Turn]) -> list[Turn]:
    """The last turn that asked something, and the requests about its answer behind it."""
    asked = _asking(history)
    return list(history[asked[-1] :]) if asked else []


def _asking(history: Sequence[Turn]) -> list[int]:
    """Numbers of the turns that asked something of the texts."""
    return [i for i, turn in enumerate(history) if request_of(turn.question, history[:i]) == "ask"]


def quotes_of(turns: Sequence[Turn]) -> list[str]:
    """The quotations in earlier answers, as ``answer.compose`` writes them."""
    return [quote for turn in turns for quote in _quoted_in(turn.answer)]


def _quoted_in(answer: str) -> list[str]:
    """What stands between a mark that opens and the next that closes before a footnote.

    In one pass: fifty answers of nothing but marks may come with a question.
    """
    found, at = [], 0
    for end in _QUOTED_END.finditer(answer):
        begin = answer.find("“", at, end.start()) + 1
        if 0 < begin < end.start():
            found.append(answer[begin : end.start()])
            at = end.end()
    return found
