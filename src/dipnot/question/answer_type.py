"""What kind of answer a question asks for, told from its words in Turkish or English.

Owns: the kinds (a date, a number, a reason, a list, a chronology, a source) and what each looks
like in a sentence. Goes by question words and grammar, never by what a text is about.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from dipnot.language.folding import fold
from dipnot.language.known import KNOWN, joined, noun, pattern
from dipnot.language.tokens import STOPWORDS
from dipnot.language.turkish import TURKISH
from dipnot.types import AnswerKind, Language, Span

# What stands for a text as a thing: who wrote it, what it is called.
_TEXT = noun(lambda own: own.text_nouns)
_TEXT_NAMED = re.compile(rf"\b{_TEXT}")
_FRONT_ASKED = re.compile(rf"\b(?:{pattern(lambda own: own.front)})\b")
_MONTH_NUMBERS = {fold(name): n for own in KNOWN for n, name in enumerate(own.months, 1)}
_MONTHS = "|".join(_MONTH_NUMBERS)
DATE = re.compile(
    rf"\b\d{{1,2}}(?:\s?-\s?\d{{1,2}})? (?:{_MONTHS})(?: \d{{4}})?\b"
    rf"|\b(?:{_MONTHS}) \d{{1,2}}, \d{{4}}\b|\b(?:{_MONTHS}) \d{{4}}\b"
    r"|\b\d{1,2}\.\d{1,2}\.\d{4}\b|(?<![-–\d])\b(?:1\d|20)\d{2}\b(?!\s?[-–])"
)
_NUMBER = {
    own.language: re.compile(rf"\d|\b(?:{own.numbers})\b") for own in KNOWN
}  # ten is `on` in Turkish
_PARENTHESES = re.compile(r"\([^()]*\)")  # sources, with years and pages that answer nothing
_YEAR = re.compile(r"\b(?:1\d|20)\d{2}\b")


def _asked(kind: AnswerKind) -> re.Pattern[str]:
    return re.compile(pattern(lambda own: own.asks[kind]).replace("{text}", _TEXT))


# Of each kind, what a question must hold.
_PATTERNS: Mapping[AnswerKind, re.Pattern[str]] = {kind: _asked(kind) for kind in TURKISH.asks}


def kinds_of(question: str) -> frozenset[AnswerKind]:
    """Tell what kinds of answer a question asks for; several may hold."""
    folded = fold(question)
    kinds = {kind for kind, pattern in _PATTERNS.items() if pattern.search(folded)}
    if "chronology" in kinds:
        kinds.add("several")
    named, front = _TEXT_NAMED.search(folded), _FRONT_ASKED.search(folded)
    if "byline" in kinds or (named and front):
        kinds.add("front")
    if "byline" in kinds or named or front:
        kinds.add("about")
    return frozenset(kinds)


def holds_kind(kinds: frozenset[AnswerKind], text: str, language: Language) -> bool | None:
    """Whether a sentence holds the date or number asked for; None where neither is asked for.

    ``language``: the sentence's.
    """
    if not kinds & {"date", "number"}:
        return None
    bare = fold(_PARENTHESES.sub(" ", text))
    return bool((DATE if "date" in kinds else _NUMBER[language]).search(bare))


def years_in(text: str) -> frozenset[str]:
    """The years that a text names, but for those of sources in parentheses."""
    return frozenset(_YEAR.findall(_PARENTHESES.sub(" ", text)))


TITLES = joined(lambda own: own.titles)
_ABBREVIATED = joined(lambda own: own.abbreviations)
_NAME = re.compile(r"(?P<name>[^\W\d_][\w-]+)(?P<suffix>['’]\w+)?")


def names_in(question: str) -> tuple[Span, ...]:
    """Where a question has names: words with a capital letter that no sentence begins with.

    The first word of a sentence counts where a suffix is set apart (`Roma'da`) or all of it is in
    capitals; in a question all in capitals nothing tells a name.
    """
    if question.isupper():
        return ()
    found = []
    for match in _NAME.finditer(question):
        name = match["name"]
        before = question[: match.start()].rstrip(' "“‘(')
        word = before.removesuffix(".").rpartition(" ")[2].lower()
        first = not before or (before[-1] in ".?!:…" and word not in _ABBREVIATED)
        if first and not name.isupper() and fold(name) in STOPWORDS:  # `What's`
            continue
        if name[0].isupper() and (not first or match["suffix"] or name.isupper()):
            found.append(Span(*match.span("name")))
    return tuple(found)


def runs_of(text: str, names: Sequence[Span]) -> list[Span]:
    """Names of a text with their neighbours: `Ali Fuat Paşa` and `Mr. Rudd` are one each."""
    runs: list[Span] = []
    for name in names:
        between = text[runs[-1].end : name.start] if runs else ""
        last = text[slice(*runs[-1])].rpartition(" ")[2].lower() if runs else ""
        if len(between) == 1 or (between == ". " and last in _ABBREVIATED):
            runs[-1] = Span(runs[-1].start, name.end)
        else:
            runs.append(name)
    return runs


def first_date(text: str) -> tuple[int, int, int] | None:
    """Year, month and day of the first date of a sentence, 0 for what it leaves out."""
    for match in DATE.finditer(fold(_PARENTHESES.sub(" ", text))):
        words = re.findall(r"[a-z]+|\d+", match.group())
        year = next((int(w) for w in words if len(w) == 4 and w.isdigit()), None)
        if year is None:
            continue
        month = next((_MONTH_NUMBERS[w] for w in words if w in _MONTH_NUMBERS), 0)
        day = next((int(w) for w in words if w.isdigit() and len(w) < 3), 0)
        return year, month, day
    return None


_YEARS_SPANNED = re.compile(
    r"\b(?P<first>(?:1\d|20)\d{2})\b(?:\W?\w{2,3})?\W{1,3}(?:(?:and|to|until|ile|ve|through) )?"
    r"(?P<last>(?:1\d|20)\d{2})\b\W?(?:\w{1,4} )?(?P<behind>aras|yillari)?"
)
_BETWEEN = re.compile(r"\b(?:between|from) $")
# `in 1931 and 1933` are two years, `in 1931-1933` are three.
_DURING = re.compile(r"\b(?:years|during|in) $")
_TO = re.compile(r"\d\s?[-–—]\s?\d|\b(?:to|until|through)\b")
_LONGEST_SPAN = 60  # years


def years_spanned(question: str) -> tuple[frozenset[str], bool]:
    """All years from one to another, as in `1931 ile 1933 arasında`, and whether there are any."""
    folded = fold(question)
    match = _YEARS_SPANNED.search(folded)
    if match is None:
        return frozenset(), False
    before = folded[: match.start()]
    during = _DURING.search(before) and _TO.search(match.group())
    if not (match["behind"] or _BETWEEN.search(before) or during):
        return frozenset(), False
    first, last = int(match["first"]), int(match["last"])
    if not first < last <= first + _LONGEST_SPAN:
        return frozenset(), False
    return frozenset(str(year) for year in range(first, last + 1)), True
