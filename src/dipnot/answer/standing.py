"""Whether what a written sentence names stands in the quotation that it cites.

Owns: the check by words: names, years and numbers of the sentence, across the two languages, and
whether both or neither say no. It needs no model, and nothing passes it by likeness.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from dipnot.language.folding import fold
from dipnot.language.known import KNOWN, joined, negates
from dipnot.language.namewords import OPENERS
from dipnot.language.numerals import is_number_word, numbers_in, values_of
from dipnot.language.transliteration import means_same
from dipnot.types import Language, Strike

_WORD = re.compile(r"[^\W\d_]+(?:[’'][^\W\d_]+)?")
_DATE = re.compile(r"\b\d{1,2}[./](\d{1,2})[./]\d{4}\b")
_NO_NAMES = frozenset(fold(w) for w in joined(lambda own: own.no_name)) | OPENERS
_NO_NAMES |= joined(lambda own: own.function_words) | joined(lambda own: own.telling)
_SURNAME = re.compile(r"\b[A-ZÇĞİÖŞÜ]\w*m[ae]z\b")  # `Yılmaz` denies nothing
_MONTHS = [frozenset(fold(name) for name in month) for month in zip(*(o.months for o in KNOWN))]  # noqa: B905 - twelve each


class Quoted(NamedTuple):
    """A quotation and its language."""

    text: str
    language: Language


def lacking(sentence: str, language: Language, quoted: Sequence[Quoted]) -> Strike | None:
    """Say what of a sentence its quotations lack; None where they have all that is checked here.

    A word with a capital letter counts as a name unless it is one that opens sentences: where that
    is not sure, the sentence is lost and nothing is made up.
    """
    for name in names_of(sentence, language):
        if not any(_stands_in(name, language, quotation) for quotation in quoted):
            return "name"
    known = values_of(n for q in quoted for n in numbers_in(q.text, q.language))
    if not all(n.stands_among(known) for n in numbers_in(sentence, language)):
        return "number"
    # Of several quotations one may be what is denied.
    if _denies(sentence, language) not in {_denies(q.text, q.language) for q in quoted}:
        return "denial"
    return None


def _stands_in(name: str, language: Language, quoted: Quoted) -> bool:
    across = language != quoted.language
    words = {word for word, _ in _words(quoted.text)}
    return any(means_same(name, w, across=across) for w in words) or _is_month_of(name, quoted.text)


def names_of(sentence: str, language: Language) -> list[str]:
    """The words of a sentence that may be names."""
    return [
        name
        for name, _ in _words(sentence)
        if name[0].isupper()
        and len(name) > 1
        and fold(name) not in _NO_NAMES
        and not is_number_word(name, language)
        and not re.fullmatch("[IVXLC]+", name)  # a numeral: those are numbers
    ]


def without_names(sentence: str, language: Language) -> str:
    """A sentence without its names, which tell nothing of its language."""
    names = set(names_of(sentence, language))
    return " ".join(word for name, word in _words(sentence) if name not in names)


def _words(text: str) -> Iterator[tuple[str, str]]:
    """Each word without a suffix or ending set apart, and whole."""
    for match in _WORD.finditer(text):
        name, _, rest = match.group().replace("’", "'").partition("'")
        yield (rest if len(name) == 1 and len(rest) > 1 else name), match.group()


def _is_month_of(name: str, text: str) -> bool:
    """Whether a name is the month of a date in digits: `16.03.1921`."""
    months = [int(month) for month in _DATE.findall(text)]
    return any(0 < month <= 12 and fold(name) in _MONTHS[month - 1] for month in months)


def _denies(text: str, language: Language) -> bool:
    return bool(negates(language).search(fold(_SURNAME.sub(" ", text))))
