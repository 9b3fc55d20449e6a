"""Numbers in prose: digits, words and Roman numerals of Turkish and English, as values.

Owns: reading them, so that `üç`, `three`, `3` and `III` are one number, and `1.500`, `1,500` and
`bin beş yüz` another. One is no number here when it is written in letters: `bir` and `one` are
articles and pronouns more often.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from dipnot.language.folding import fold
from dipnot.types import Language

Values = frozenset[Decimal]

_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
_ROMAN = re.compile(r"\b(?=[IVXLC]{2,}\b)(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})\b|\bC{1,3}[XLVI]*\b")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_WORD = re.compile(r"[^\W\d_]+")
_LONGEST = 24  # digits


def _table(*words: str) -> dict[str, int]:
    pairs = (word.split("=") for word in " ".join(words).split())
    return {name: int(value) for name, value in pairs}


_WORDS: Mapping[Language, Mapping[str, int]] = {
    "tr": _table(
        """bir=1 iki=2 uc=3 dort=4 bes=5 alti=6 yedi=7 sekiz=8 dokuz=9 on=10 yirmi=20 otuz=30
        kirk=40 elli=50 altmis=60 yetmis=70 seksen=80 doksan=90 yuz=100 bin=1000 milyon=1000000
        milyar=1000000000"""
    ),
    "en": _table(
        """one=1 two=2 three=3 four=4 five=5 six=6 seven=7 eight=8 nine=9 ten=10 eleven=11 twelve=12
        thirteen=13 fourteen=14 fifteen=15 sixteen=16 seventeen=17 eighteen=18 nineteen=19 twenty=20
        thirty=30 forty=40 fifty=50 sixty=60 seventy=70 eighty=80 ninety=90 hundred=100
        thousand=1000 million=1000000 billion=1000000000 dozen=12 both=2 twice=2"""
    ),
}
_ORDINALS: Mapping[Language, Mapping[str, int]] = {
    "tr": _table(
        """birinci=1 ikinci=2 ucuncu=3 dorduncu=4 besinci=5 altinci=6 yedinci=7 sekizinci=8
        dokuzuncu=9 onuncu=10 yirminci=20 otuzuncu=30 kirkinci=40 ellinci=50 yuzuncu=100"""
    ),
    "en": _table(
        """first=1 second=2 third=3 fourth=4 fifth=5 sixth=6 seventh=7 eighth=8 ninth=9 tenth=10
        eleventh=11 twelfth=12 thirteenth=13 fourteenth=14 fifteenth=15 sixteenth=16 seventeenth=17
        eighteenth=18 nineteenth=19 twentieth=20 thirtieth=30 fortieth=40 fiftieth=50 hundredth=100
        seconds=2"""
    ),
}
_ENDS: Mapping[Language, Mapping[str, int]] = {
    "tr": _table("ilk=1 son=-1 sonuncu=-1"),
    "en": _table("last=-1 final=-1"),
}
_PLACES = {own: {**_ORDINALS[own], **_ENDS[own]} for own in _ORDINALS}
_ORDINAL_DIGITS = re.compile(r"(\d{1,4})(?:\.|st|nd|rd|th|'?[iu]nc[iu])")
_ALL = {own: {**_WORDS[own], **_ORDINALS[own]} for own in _WORDS}
_SCALE = 1000  # from here on a word multiplies what stands before it


@dataclass(frozen=True, slots=True)
class Mention:
    """A number where it stands: the values that it may have, or the parts that make it.

    `1.500` may be 1500 or 1.5. `61.4 million` is 61400000, or the parts 61.4 and 1000000 where a
    table says `million` in its head.
    """

    values: Values
    parts: tuple[Values, ...] = ()

    def stands_among(self, known: Values) -> bool:
        """Whether the number, or each of its parts, is among those known."""
        if self.values & known:
            return True
        return bool(self.parts) and all(part & known for part in self.parts)


def is_number_word(word: str, language: Language) -> bool:
    """Whether a word, in any case, is a numeral in letters."""
    return fold(word) in _ALL[language]


def ordinal_of(word: str) -> int | None:
    """The place in a row that a word stands for, in any language: `third`, `3rd`, `üçüncü`, `3.`.

    -1 for the last.
    """
    folded = fold(word)
    digits = _ORDINAL_DIGITS.fullmatch(folded)
    if digits is not None:
        return int(digits.group(1))
    return next((own[folded] for own in _PLACES.values() if folded in own), None)


def values_of(mentions: Iterable[Mention]) -> Values:
    """All values that the numbers of a text may have, parts too."""
    found: set[Decimal] = set()
    for mention in mentions:
        found.update(mention.values, *mention.parts)
    return frozenset(found)


def numbers_in(text: str, language: Language) -> list[Mention]:
    """Read the numbers of a text."""
    found = [m for match in _DIGITS.finditer(text) for m in _read_digits(text, match, language)]
    romans = (m.group() for m in _ROMAN.finditer(text))
    found += [Mention(frozenset({Decimal(_roman(own))})) for own in romans if len(own) > 1]
    return found + _in_words(text, language)


def _read_digits(text: str, match: re.Match[str], language: Language) -> list[Mention]:
    groups = re.split(r"[.,]", match.group()[:_LONGEST])
    values = _readings(groups)
    if not values:  # a date, a section: `16.03.1921`
        return [Mention(frozenset({Decimal(g)})) for g in groups if g]
    behind = _WORD.match(text, match.end() + 1)
    scale = _WORDS[language].get(fold(behind.group()), 0) if behind else 0
    if scale < _SCALE:
        return [Mention(values)]
    scaled = frozenset(value * scale for value in values)
    return [Mention(scaled, (values, frozenset({Decimal(scale)})))]


def _readings(groups: Sequence[str]) -> Values:
    """What digits between stops or commas may stand for; nothing where they are several numbers."""
    whole = "".join(groups)
    found = set()
    if len(groups) == 1 or (len(groups[0]) <= 3 and all(len(g) == 3 for g in groups[1:])):
        found.add(Decimal(whole))
    if len(groups) == 2:
        found.add(Decimal(".".join(groups)))
    return frozenset(found)


def _roman(numeral: str) -> int:
    values = [_ROMAN_VALUES[letter] for letter in numeral]
    pairs = zip(values, [*values[1:], 0], strict=True)
    return sum(-own if own < behind else own for own, behind in pairs)


def _in_words(text: str, language: Language) -> list[Mention]:
    """Read runs of numerals in letters, each as one number."""
    table, runs, run = _ALL[language], list[list[int]](), list[int]()
    after_digits = False
    words = re.findall(r"[^\W_]+", fold(text))
    for word in words:
        value = table.get(word)
        joins = word == "and" and bool(run) and run[-1] >= 100
        if value is None and not joins:
            runs.append(run)
            run = []
        elif value is not None and not (after_digits and value >= _SCALE):
            run.append(value)
        after_digits = word.isdigit()
    totals = [_total(own) for own in [*runs, run] if own]
    return [Mention(frozenset({Decimal(total)})) for total in totals if total != 1]


def _total(run: Sequence[int]) -> int:
    total = current = 0
    for value in run:
        if value >= _SCALE:
            total += max(current, 1) * value
            current = 0
        elif value == 100:
            current = max(current, 1) * value
        else:
            current += value
    return total + current
