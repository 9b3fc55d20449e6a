"""What a written sentence names stands in its quotations, across languages, or it is struck."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dipnot.answer.standing import Quoted, lacking, names_of, without_names
from dipnot.types import LANGUAGES, Language, Strike

BURNED = Quoted("Kıyıdaki değirmen 3 Mayıs 1902’de yandı.", "tr")
BUILT = Quoted("The lighthouse was built by two brothers in 1860.", "en")
SIGNED = Quoted("Türkiye ile Rusya arasında 16.03.1921 tarihinde Ankara’da imzalandı.", "tr")
CITED = Quoted("Köylüler yeni evler yaptı (Yılmaz, 1990).", "tr")
SILENT = Quoted("Bekçi yangını kimseye haber vermedi.", "tr")


@pytest.mark.parametrize(
    ("sentence", "language", "quoted", "why"),
    [
        ("The mill burned on 3 May 1902.", "en", BURNED, None),
        ("The mill burned on May 3, 1902.", "en", BURNED, None),
        ("The mill burned on 4 May 1902.", "en", BURNED, "number"),
        ("The mill burned on 3 June 1902.", "en", BURNED, "name"),
        ("The mill in Bursa burned.", "en", BURNED, "name"),
        ("Selim burned the mill.", "en", BURNED, "name"),
        ("The mill did not burn in 1902.", "en", BURNED, "denial"),
        ("Fener 1860’ta 2 kardeş tarafından yapıldı.", "tr", BUILT, "name"),
        ("Bu fener 1860’ta iki kardeş tarafından yapıldı.", "tr", BUILT, None),
        ("It was signed by Turkey and Russia on 16 March 1921.", "en", SIGNED, None),
        ("It was signed in Ankara on 16 March 1921.", "en", SIGNED, None),
        ("It was signed on 16 April 1921.", "en", SIGNED, "name"),
        ("The watchman told nobody.", "en", SILENT, None),
        ("The watchman told everybody.", "en", SILENT, "denial"),
        ("Bekçi haber verdi.", "tr", SILENT, "denial"),
        ("Köylüler evler yaptı.", "tr", CITED, None),
        ("Köylüler evler yapmaz.", "tr", CITED, "denial"),
    ],
)
def test_names_numbers_and_denials_are_those_of_the_quotation(
    sentence: str, language: Language, quoted: Quoted, why: Strike | None
) -> None:
    assert lacking(sentence, language, [quoted]) == why


def test_of_several_quotations_each_may_give_a_part() -> None:
    both = "The mill burned in 1902 and the lighthouse was built in 1860."
    assert lacking(both, "en", [BURNED]) == "number"
    assert lacking(both, "en", [BURNED, BUILT]) is None
    assert lacking("The watchman told nobody of 1902.", "en", [BURNED, SILENT]) is None


def test_a_word_that_opens_a_sentence_is_a_name_unless_it_is_known_to_be_none() -> None:
    assert names_of("The mill of Selim.", "en") == ["Selim"]
    assert names_of("Selim burned it.", "en") == ["Selim"]
    assert names_of("However, two burned.", "en") == []
    assert names_of("O’Connor came.", "en") == ["Connor"]
    assert names_of("World War II", "en") == ["World", "War"]
    assert without_names("Selim burned the mill", "en") == "burned the mill"


# --- what is never shown, over sentences made at random ------------------------------------------

# A sound is one consonant, however it is written. Only names with other sounds in front are other
# names: behind them may stand what looks like an ending.
SOUNDS = {
    "p": "pb", "t": "td", "k": "kg", "s": "sz", "f": "fv", "m": "m", "n": "n", "l": "l", "r": "r",
    "h": "h", "ş": "ş", "ç": "ç",
}  # fmt: skip
IN_ENGLISH = {"ş": "sh", "ç": "ch"}
LETTERS = {letter: sound for sound, letters in SOUNDS.items() for letter in letters}
Sounded = tuple[str, ...]

WITH_NAME: dict[Language, list[str]] = {
    "tr": ["{} gölü kuruttu.", "Bu gölü {} kuruttu.", "Bu göl {}’da kurudu.", "Bu, {}’nun gölü."],
    "en": ["{} drained it.", "The lake of {} was drained.", "It was {}’s lake.", "It is ({})."],
}
WITH_NUMBER: dict[Language, list[str]] = {
    "tr": ["Bu göl {} evin yanında.", "Bu gölün yanında {} ev var."],
    "en": ["The lake had {} houses.", "It was {} years old, it is told."],
}
QUOTATION: dict[Language, str] = {
    "tr": "Gölü {} kuruttu, yanında {} ev yaptı.",
    "en": "The lake of {} was drained, and {} houses were built.",
}
BETWEEN: dict[Language, str] = {"tr": " ve sonra ", "en": " or maybe "}
languages: st.SearchStrategy[Language] = st.sampled_from(LANGUAGES)


@st.composite
def sounded_names(draw: st.DrawFn) -> Sounded:
    sounds = st.lists(st.sampled_from(sorted(SOUNDS)), min_size=4, max_size=6)
    made = draw(sounds.filter(lambda found: all(a != b for a, b in pairwise(found))))
    return tuple(made)


def spelled(draw: Callable[..., str], sounds: Sounded, vowels: str, language: Language) -> str:
    """A name as a language writes it; the vowels are given, the letters of a sound are not."""
    letters = [draw(st.sampled_from(sorted(SOUNDS[sound]))) for sound in sounds]
    if language == "en":
        letters = [IN_ENGLISH.get(letter, letter) for letter in letters]
    name = "".join(a + b for a, b in zip(letters, vowels, strict=False))
    return name[0].upper() + name[1:]


def beginning(word: str) -> str:
    """The first two consonants of a word, by their sounds."""
    sounds = [LETTERS[c] for c in word.lower() if c in LETTERS]
    return "".join(a for a, b in zip(sounds, [None, *sounds], strict=False) if a != b)[:2]


def number_in(form: str, n: int, language: Language) -> str:
    if form == "roman" and 2 <= n < 90 and n not in (5, 10, 50):
        tens = ["", "X", "XX", "XXX", "XL", "L", "LX", "LXX", "LXXX"]
        ones = ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"]
        return tens[n // 10] + ones[n % 10]
    return in_words(n, language) if form == "words" else str(n)


def in_words(n: int, language: Language) -> str:
    if language == "tr":
        ones = ["", *"bir iki üç dört beş altı yedi sekiz dokuz".split()]
        tens = ["", *"on yirmi otuz kırk elli altmış yetmiş seksen doksan".split()]
        thousand, hundred, rest = n // 1000, n // 100 % 10, n % 100
        made = [ones[thousand] if thousand > 1 else "", "bin" if thousand else ""]
        made += [ones[hundred] if hundred > 1 else "", "yüz" if hundred else ""]
        return " ".join(word for word in [*made, tens[rest // 10], ones[rest % 10]] if word)
    teens = (
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
        "sixteen seventeen eighteen nineteen"
    ).split()
    tens = ["", "", *"twenty thirty forty fifty sixty seventy eighty ninety".split()]
    thousand, hundred, rest = n // 1000, n // 100 % 10, n % 100
    made = [f"{teens[thousand - 1]} thousand"] if thousand else []
    made += [f"{teens[hundred - 1]} hundred"] if hundred else []
    made += ["and"] if made and rest else []
    if rest:
        small = teens[rest - 1] if rest < 20 else f"{tens[rest // 10]} {(['', *teens])[rest % 10]}"
        made.append(small.strip())
    return " ".join(made)


@st.composite
def quoted_with(draw: st.DrawFn) -> tuple[Quoted, list[tuple[Sounded, str]], list[int]]:
    """A quotation, its names (sounds and vowels) and its numbers."""
    language: Language = draw(languages)
    vowels = st.text("aeiou", min_size=6, max_size=6)
    names = draw(st.lists(st.tuples(sounded_names(), vowels), min_size=1, max_size=3))
    numbers = draw(st.lists(st.integers(2, 9999), min_size=1, max_size=3))
    forms = st.sampled_from(["digits", "words", "roman"])
    between = BETWEEN[language]
    told = QUOTATION[language].format(
        between.join(spelled(draw, own, v, language) for own, v in names),
        between.join(number_in(draw(forms), n, language) for n in numbers),
    )
    return Quoted(told, language), names, numbers


@given(quoted_with(), languages, sounded_names(), st.text("aeiou", min_size=6), st.data())
def test_a_name_that_the_quotation_lacks_is_never_shown(
    made: tuple[Quoted, list[tuple[Sounded, str]], list[int]],
    language: Language,
    other: Sounded,
    vowels: str,
    data: st.DataObject,
) -> None:
    quoted, names, _ = made
    known = {beginning(word) for word in re.findall(r"\w+", QUOTATION[quoted.language])}
    known |= {beginning(BETWEEN[quoted.language])} | {own[0] + own[1] for own, _ in names}
    assume(other[0] + other[1] not in known)
    sentence = data.draw(st.sampled_from(WITH_NAME[language]))
    lacked = sentence.format(spelled(data.draw, other, vowels, language))
    assert lacking(lacked, language, [quoted]) == "name", lacked
    own, its_vowels = data.draw(st.sampled_from(names))
    held = sentence.format(spelled(data.draw, own, its_vowels, language))
    # A name may look like a denial: `-madi`.
    assert lacking(held, language, [quoted]) in (None, "denial"), "the same name, spelled otherwise"


@given(quoted_with(), languages, st.integers(2, 9999), st.data())
def test_a_number_that_the_quotation_lacks_is_never_shown(
    made: tuple[Quoted, list[tuple[Sounded, str]], list[int]],
    language: Language,
    other: int,
    data: st.DataObject,
) -> None:
    quoted, _, numbers = made
    assume(other not in numbers)
    form = data.draw(st.sampled_from(["digits", "words", "roman"]))
    sentence = data.draw(st.sampled_from(WITH_NUMBER[language]))
    lacked = sentence.format(number_in(form, other, language))
    assert lacking(lacked, language, [quoted]) == "number", lacked
    own = data.draw(st.sampled_from(numbers))
    held = sentence.format(number_in(form, own, language))
    assert lacking(held, language, [quoted]) in (None, "denial"), "the same number in another form"


@pytest.mark.parametrize(
    ("sentence", "language", "text", "quoted_in"),
    [
        ("Lennon came.", "en", "Lenin geldi.", "tr"),  # the same consonants, across languages
        ("Muleda came.", "en", "Mule came.", "en"),  # what looks like an ending
        ("The man selim came.", "en", "The man came.", "en"),  # in small letters
        ("One house was built.", "en", "İki ev yapıldı.", "tr"),  # an article, more often
        ("Bir ev yapıldı.", "tr", "Two houses were built.", "en"),
        ("Evlerin beşi yapıldı.", "tr", "Evlerin üçü yapıldı.", "tr"),  # with an ending
        ("The fives were built.", "en", "The threes were built.", "en"),
        ("It was in part V.", "en", "It was in part IV.", "en"),  # of one letter
    ],
)
def test_what_is_conceded_is_what_the_page_about_it_says(
    sentence: str, language: Language, text: str, quoted_in: Language
) -> None:
    """Whoever mends one of these takes it out of docs/language-model.md."""
    assert lacking(sentence, language, [Quoted(text, quoted_in)]) is None
