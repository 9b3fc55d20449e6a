"""Which language a text or a question is in: Turkish, English, or neither.

Owns: the decision, from letters, function words and endings. Turkish typed without its own
letters (`antlasma ne zaman imzalandi`) counts as Turkish.
"""

from __future__ import annotations

import re

from dipnot.language.english import ENGLISH
from dipnot.language.folding import fold
from dipnot.language.turkish import TURKISH
from dipnot.types import Language

_TURKISH_LETTERS = re.compile(TURKISH.letters)
_TURKISH_SHAPE = re.compile(TURKISH.shape)
_ENGLISH_SHAPE = re.compile(ENGLISH.shape)
_WORD = re.compile(r"[^\W\d_]+")
# Enough of other languages to tell that a question is in neither; letters that Turkish shares with
# them prove nothing beside these.
_OTHER_LETTERS = re.compile("[äßéèêëàùñåøœãõ¿¡]")
_OTHER_WORDS = frozenset(
    """der die das und ist wie wer was wann warum wo welche welcher welches nicht ein eine den dem
    des von mit fur auf im zu war wurde wurden
    le la les du et est que qui quand pourquoi comment une dans pour avec sur quel quelle ete de
    el los las del es quien cuando por como para con fue cual donde cuanto
    il lo gli di che chi perche per stato dove""".split()
)
# A name within a sentence or question tells nothing of its language: `Who was İsmet İnönü?`.
_NAME = re.compile(r"(?<=\S\s)[A-ZÇĞİÖŞÜÂÎÛ]\w*(?:['’]\w+)?")
_SMALL = re.compile(r"(?<![\w'’])[a-zçğıöşü]")
_A_WORD = 3.0  # evidence of one function word
_PROSE_WORDS = 5
_PROSE_SHARE = 1.0  # evidence per word; titles have less


def language_scores(text: str) -> tuple[float, float]:
    """Count the evidence for Turkish and for English in ``text``."""
    turkish = 2.0 * len(_TURKISH_LETTERS.findall(text))
    english = 0.0
    for match in _WORD.finditer(text):
        word = fold(match.group())
        if word in ENGLISH.telling:
            english += 3.0
        elif word in TURKISH.telling:
            turkish += 3.0
        elif len(word) > 4 and _TURKISH_SHAPE.search(word):
            turkish += 1.0
        elif _ENGLISH_SHAPE.search(word):
            english += 1.0
    return turkish, english


def evidence_in(text: str) -> tuple[float, float]:
    """Count the evidence that the words of a paragraph give, its names aside.

    Where the words say nothing the names count too; where one word says other than they, neither.
    """
    words = text if text.isupper() else _NAME.sub(" ", text)
    turkish, english = language_scores(words)
    if words == text or max(turkish, english) >= 2 * _A_WORD:
        return turkish, english
    whole = language_scores(text)
    if whole[1] < 2 * _A_WORD and not _SMALL.search(text):
        return _evidence_in_names(whole, english)
    if max(turkish, english) < _A_WORD or (turkish > english) == (whole[0] > whole[1]):
        return whole
    return 0.0, 0.0


def _evidence_in_names(whole: tuple[float, float], first: float) -> tuple[float, float]:
    """Weigh what holds no word in small letters: `Can Yücel` and `Yusuf Has Hacib` are names.

    ``first``: the evidence for English of the first word, which is capitalised anyway.
    """
    turkish, english = whole
    if english >= _A_WORD and (turkish or first < _A_WORD):
        return (0.0, 0.0) if first >= _A_WORD else (turkish, english - _A_WORD)
    return whole


def language_of(text: str, default: Language = "tr") -> Language:
    """Decide between Turkish and English for a paragraph of the corpus."""
    return stronger(evidence_in(text), default)


def stronger(evidence: tuple[float, float], default: Language) -> Language:
    """Name the language that there is more evidence for."""
    turkish, english = evidence
    if turkish == english:
        return default
    return "tr" if turkish > english else "en"


def language_of_note(text: str, around: Language) -> Language:
    """Decide for a footnote; ``around`` is the language of the paragraph that it hangs on.

    A title in another language does not make a note one of that language: prose does.
    """
    turkish, english = language_scores(text)
    margin = english - turkish if around == "tr" else turkish - english
    words = len(_WORD.findall(text))
    if words >= _PROSE_WORDS and margin > _PROSE_SHARE * words:
        return "en" if around == "tr" else "tr"
    return around


def question_language(question: str) -> Language | None:
    """Name the language of a question; None when it is neither Turkish nor English.

    A question with no evidence at all (a bare name or number) gives None as well.
    """
    letters = sum(c.isalpha() for c in question)
    latin = sum(c.isalpha() and ord(c) < 0x250 for c in question)
    if letters and latin < 0.5 * letters:
        return None
    turkish, english = language_scores(question if question.isupper() else _NAME.sub(" ", question))
    if not turkish and not english:
        turkish, english = language_scores(question)
    words = [fold(word) for word in _WORD.findall(question)]
    other = 3.0 * sum(word in _OTHER_WORDS for word in words)
    other += 3.0 * len(_OTHER_LETTERS.findall(question.lower()))
    if max(turkish, english) < max(1.0, other):
        return None
    return "tr" if turkish >= english else "en"
