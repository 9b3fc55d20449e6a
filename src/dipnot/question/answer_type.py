"""What kind of answer a question asks for, told from its words in Turkish or English.

Owns: the kinds (a date, a number, a reason, a list, a chronology, a source) and what each looks
like in a sentence. Goes by question words and grammar, never by what a text is about.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from dipnot.language.folding import fold, fold_with_map
from dipnot.types import AnswerKind, Span

_DATE_ASKED = re.compile(
    r"\bne zaman|\bhangi (?:tarih|gun|yil|ay|sene)|\bkac(?:inci)? (?:yil|sene)|\btarihi ne"
    r"|\bne zmn\b|\bwhen\b|\b(?:what|which) (?:\w+ )?(?:date|day|year|month)"
)
_NUMBER_ASKED = re.compile(r"\bkac\b|\bne kadar\b|\bhow (?:many|much|large|long|far|old)\b")
_REASON_ASKED = re.compile(
    r"\bneden(?:i|iyle|leri)?\b|\bniye\b|\bnicin\b|\bsebeb\w*|\bsebep\w*|\bne amac\w*|\bamaci\b"
    r"|\bgerekce\w*|\bhangi etken\w*|\bwhy\b|\breasons?\b|\bcauses?\b|\bpurpose\b|\bwhat led\b"
)
_LIST_ASKED = re.compile(
    r"\bneler\w*|\bkimler\w*|\bhangileri\w*|\bnereler\w*|\bmaddeler\w*|\bsirala\w*|\bsayar mis\w*"
    r"|\bhangi (?:\w+ )?\w+l[ae]r\w*\b|\bhepsi\w*|\bbutun\b|\btum\b|\blist\b|\bname (?:the|all)\b"
    r"|\b(?:which|what) (?:were |are )?(?:the )?(?:\w{3,} )?"
    r"(?!(?:is|was|does|has)\b)\w+(?<![su])s\b"
    r"|\beach\b|\bsonuclari\b|\bnedenleri\b|\bsebepleri\b|\bkosullari\b|\bsartlari\b"
    r"|\b(?:iki|uc|dort|bes|alti|two|three|four|five|six) \w+"
)
_CHRONOLOGY_ASKED = re.compile(
    r"\bkronoloji\w*|\bsirasiyla\b|\btarihleriyle\b|\btarih sirasi\w*|\bzaman sirasi\w*"
    r"|\bgelismeler\w*|\b\d{4}\W?(?:ten|tan|den|dan) (?:\d{4}|bugun)\w*"
    r"|\b\d{4}\s?[-–]\s?\d{4} (?:arasi\w*|yillari\w*)|\bchronolog\w*|\btimeline\b"
    r"|\bin order of\b|\bfrom \d{4} (?:to|until|on)\b|\bbetween \d{4} and \d{4}\b|\basamalar\w*"
)
_SOURCE_ASKED = re.compile(
    r"\bkaynak\w*|\bkaynag\w*|\bhangi (?:eser|belge|arsiv|calisma|yazar)\w*|\batif\w*"
    r"|\bneye dayan\w*|\bkime dayan\w*|\bkimden aktar\w*|\bdipnot\w*|\bsources?\b"
    r"|\bcit(?:e|ed|ation)|\bfootnotes?\b|\baccording to (?:which|whom|what)\b"
    r"|\breference[sd]?\b|\barchiv\w*"
)
_ABRIDGED_NAMED = re.compile(r"\b(?:ozet\w*|oz (?:kism|bolum)\w*|abstract\w*|summar\w*)")
# About the text as a thing: who wrote it, what it is called.
_TEXT = r"(?:makale|yazi|calisma|metn|metin|kitap|article|paper|study|text)\w*"
_TEXT_NAMED = re.compile(rf"\b{_TEXT}")
_FRONT_ASKED = re.compile(
    r"\b(?:yazar\w*|yazan\w*|yazmis\w*|yazdi|baslig\w*|baslik|adi ne\w*|anahtar|jel|turu"
    r"|author\w*|wrote|written|called|titled?|keywords?)\b"
)
# Who wrote it, not who wrote a letter that it mentions; or its title.
_BYLINE_ASKED = re.compile(
    rf"\b{_TEXT} (?:yazar\w+ (?:adi )?|yazan |kaleme alan )kim|\b{_TEXT} yazar\w* (?:adi|ismi) ne"
    rf"|\b{_TEXT} kim\w*(?: tarafindan)? (?:yaz|kaleme|hazirla)"
    r"|^\W*(?:peki |ya )?yazar[il]\w* kim|^\W*(?:and )?who (?:is|are) the authors?\W*$"
    rf"|\bwho (?:wrote|authored|has written) (?:this|the) {_TEXT}"
    rf"|\b(?:who|name)\b.*\bauthors? of (?:this|the) {_TEXT}"
    rf"|\b{_TEXT} (?:adi|ismi|basligi) ne|\b(?:title|name) of (?:this|the) {_TEXT}\W*$"
    rf"|\bwhat is (?:this|the) {_TEXT} (?:called|titled)"
)

_MONTHS = (
    "ocak|subat|mart|nisan|mayis|haziran|temmuz|agustos|eylul|ekim|kasim|aralik|january|february"
    "|march|april|may|june|july|august|september|october|november|december"
)
DATE = re.compile(
    rf"\b\d{{1,2}}(?:\s?-\s?\d{{1,2}})? (?:{_MONTHS})(?: \d{{4}})?\b"
    rf"|\b(?:{_MONTHS}) \d{{1,2}}, \d{{4}}\b|\b(?:{_MONTHS}) \d{{4}}\b"
    r"|\b\d{1,2}\.\d{1,2}\.\d{4}\b|(?<![-–\d])\b(?:1\d|20)\d{2}\b(?!\s?[-–])"
)
NUMBER = re.compile(
    r"\d|\b(?:iki|uc|dort|bes|alti|yedi|sekiz|dokuz|on|yirmi|otuz|kirk|elli|yuz|bin|milyon|yarim"
    r"|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|hundred|thousand|million|half)\b"
)
_PARENTHESES = re.compile(r"\([^()]*\)")  # sources, with years and pages that answer nothing
_YEAR = re.compile(r"\b(?:1\d|20)\d{2}\b")
_MONTH_NUMBERS = {name: i % 12 + 1 for i, name in enumerate(_MONTHS.split("|"))}


# Of each kind, what a question must hold.
_PATTERNS: Mapping[AnswerKind, re.Pattern[str]] = {
    "date": _DATE_ASKED,
    "number": _NUMBER_ASKED,
    "reason": _REASON_ASKED,
    "several": _LIST_ASKED,
    "chronology": _CHRONOLOGY_ASKED,
    "source": _SOURCE_ASKED,
    "abridged": _ABRIDGED_NAMED,
    "byline": _BYLINE_ASKED,
}


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


def holds_kind(kinds: frozenset[AnswerKind], text: str) -> bool | None:
    """Whether a sentence holds the date or number asked for; None where neither is asked for."""
    if not kinds & {"date", "number"}:
        return None
    bare = fold(_PARENTHESES.sub(" ", text))
    return bool((DATE if "date" in kinds else NUMBER).search(bare))


def dates_in(quote: str, outside: Sequence[Span] = ()) -> tuple[Span, ...]:
    """Find the date of a quote; nothing where it holds several, for then which one is not sure.

    Dates inside the ranges ``outside`` (sources in parentheses) do not count.
    """
    folded = fold_with_map(quote)
    found = [folded.span(m.start(), m.end()) for m in DATE.finditer(folded.text)]
    found = [f for f in found if not any(o.overlaps(f) for o in outside)]
    whole = [f for f in found if f.end - f.start > 4]
    sure = whole if len(whole) == 1 else found
    return tuple(sure) if len(sure) == 1 else ()


def years_in(text: str) -> frozenset[str]:
    """The years that a text names, but for those of sources in parentheses."""
    return frozenset(_YEAR.findall(_PARENTHESES.sub(" ", text)))


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
        first = not before or before[-1] in ".?!:…"
        if name[0].isupper() and (not first or match["suffix"] or name.isupper()):
            found.append(Span(*match.span("name")))
    return tuple(found)


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
