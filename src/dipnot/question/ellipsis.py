"""What a follow-up leaves out: the subject of the question before, or all of it but one thing.

Owns: what a question is about, without the words that ask; and putting the one thing that a short
question names into the place of its like in the question before.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from dipnot.language.folding import fold, fold_with_map
from dipnot.language.known import joined, pattern
from dipnot.language.numerals import ordinal_of
from dipnot.language.tokens import STOPWORDS
from dipnot.question.answer_type import TITLES, names_in, runs_of, years_in
from dipnot.types import AnswerKind, Span

_WORD = re.compile(r"\w+(?:[-'’]\w+)*")
_ASKS_FOR: tuple[AnswerKind, ...] = ("date", "number", "reason")
ASKING = re.compile(pattern(lambda own: "|".join(own.asks[kind] for kind in _ASKS_FOR)))
_ASKS_WHEN = re.compile(rf"(?:{pattern(lambda own: own.asks['date'])})\w*")
QUESTION_WORD = re.compile(rf"(?:{pattern(lambda own: own.question_words)})")
_JOINS = re.compile(rf"(?:{pattern(lambda own: own.joins_sides)})")
_VERB = re.compile(pattern(lambda own: own.verb))
_CONTRASTS = re.compile(rf"(?:\W*+(?:{pattern(lambda own: own.contrasts)}))++")
_STEP = re.compile(
    rf"(?:{_CONTRASTS.pattern})?\W*(?:the )?(?:(?:{pattern(lambda own: own.onward)})"
    rf"|(?P<back>{pattern(lambda own: own.backward)})) (?P<part>\w+)\W*"
)
# Without what an ending adds: `üçüncü` of `üçüncüsünde`.
_ORDINAL = re.compile(r"\b(?:\w{2,12}?[nN][cC][ıiuüİIUÜ]|\w{3,12})")
_YEAR = re.compile(r"\b(?:1\d|20)\d{2}\b")
_YEAR_ENDED = re.compile(rf"{_YEAR.pattern}(?:['’]\w+)?")
# Where verbs have endings of their own, these tell them.
_HAPPENED = re.compile(
    rf"(?:{pattern(lambda own: '' if own.verb else own.events)})(?:ed|red|s|ing)?"
)
_PRONOUNS = joined(lambda own: own.pronouns)
_SUBJECT = re.compile(rf"\b(?:{pattern(lambda own: own.subject_pronouns)})\b")
_NOUNS_ALIKE = joined(lambda own: own.nouns_alike)
_EMPTY = STOPWORDS | joined(lambda own: own.anaphora | own.telling)
_LONGEST_NAME = 4  # words
_LONGEST = 5  # words of a question that names one thing
_LONGEST_BARE = 2  # of one without `and` or `what about`
_SHORTEST_ENDING = 3  # letters that two words of the same case share
_HARMONY = str.maketrans("eu", "ai")  # `annesi`, `babası` have the same ending


def topic_of(question: str) -> str:
    """The words of a question without those that ask and its verb, as it has them."""
    folded = fold_with_map(question)
    asking = [folded.span(*m.span()) for m in ASKING.finditer(folded.text)]
    words = list(_WORD.finditer(question))
    asks = question.rstrip().endswith("?") or any(QUESTION_WORD.fullmatch(w) for w in _bare(words))
    told = [
        not any(start <= m.start() < end for start, end in asking) and _tells(m.group(), verb=asks)
        for m in words
    ]
    for i in range(1, len(words) - 1):  # `Dostluk ve Tarafsızlık`
        tied = told[i - 1] and told[i + 1] and _JOINS.fullmatch(fold(words[i].group()))
        told[i] = told[i] or bool(tied)
    return " ".join(m.group() for m, tells in zip(words, told, strict=True) if tells)


def _bare(words: Sequence[re.Match[str]]) -> list[str]:
    return [fold(m.group()).partition("'")[0] for m in words]


def _tells(word: str, *, verb: bool = True) -> bool:
    """Whether a word narrows down what a question is about; ``verb``: it may be its verb."""
    bare = fold(word).partition("'")[0]
    if nouns_alike(word):
        return True
    if bare in _EMPTY or QUESTION_WORD.fullmatch(bare) or _HAPPENED.fullmatch(bare):
        return False
    return word[0].isupper() or not (verb and _VERB.search(bare))


def nouns_alike(text: str) -> frozenset[str]:
    """The nouns of a text that look like small words once folded: `su` and not `şu`."""
    return _NOUNS_ALIKE.intersection(_WORD.findall(text.lower()))


def contrasted(question: str, earlier: str) -> str | None:
    """The earlier question with the one thing of the new one in its place; None where it has none.

    `And in 1929?` takes the place of the year or of `when`, `what about Britain?` that of a name,
    `Kuşlara?` and `the board?` that of a word with the same ending or head, or of the only one.
    `The next article?` is the one behind the number that the earlier question names.
    """
    if not names_only(question):
        return None
    beside = _beside(question, earlier) or _of_another_number(question, earlier)
    if beside is not None or years_in(question):
        return beside or _of_another_year(question, earlier)
    new = _thing(question)
    if new is None or fold(question[slice(*new)]) in fold(earlier):
        return None
    if _PRONOUNS.intersection(_WORD.findall(fold(question))):  # it names that, too
        return None
    is_name = _is_name(question, new)
    place = _place_of(question[slice(*new)], earlier, is_name=is_name)
    if place is None and _CONTRASTS.match(fold(question)):
        place = (_subject_pronoun(earlier) if is_name else None) or _single(earlier, name=is_name)
    if place is None:
        return None
    return earlier[: place.start] + question[slice(*new)] + earlier[place.end :]


def _of_another_number(question: str, earlier: str) -> str | None:
    """The earlier question of another one of a row: `and the third?`, `peki üçüncüsünde?`."""
    thing = _thing(question)
    new = _ORDINAL.match(question[slice(*thing)]) if thing else None
    if new is None or ordinal_of(fold(new.group())) is None:
        return None
    old = [m for m in _ORDINAL.finditer(earlier) if ordinal_of(fold(m.group())) is not None]
    if len(old) != 1:
        return None
    return earlier[: old[0].start()] + new.group() + earlier[old[0].end() :]


def _of_another_year(question: str, earlier: str) -> str | None:
    """The earlier question of the year of this one; None where either has several."""
    years, old = sorted(years_in(question)), sorted(years_in(earlier))
    if len(years) == 1 and not old:
        return _in_place_of_when(question, earlier)
    return _with_year(question, years[0], earlier) if len(years) == len(old) == 1 else None


def _with_year(question: str, year: str, earlier: str) -> str:
    """The earlier question with another year, with the ending that this one has."""
    new = next((w for w in _WORD.findall(question) if w.startswith(year)), year)
    if new == year:
        return _YEAR.sub(year, earlier, count=1)
    return _YEAR_ENDED.sub(new, earlier, count=1)


def _beside(question: str, earlier: str) -> str | None:
    """The earlier question of the part before or behind the numbered one that it names."""
    step = _STEP.fullmatch(fold(question))
    if step is None:
        return None
    folded, part = fold_with_map(earlier), re.escape(step["part"])
    number = re.search(rf"\b{part}\w* (\d{{1,4}})\b|\b(\d{{1,4}})(?:\.|\w\w)? {part}", folded.text)
    if number is None:
        return None
    own = folded.span(*number.span(number.lastindex or 0))
    wanted = int(earlier[slice(*own)]) + (-1 if step["back"] else 1)
    return f"{earlier[: own[0]]}{wanted}{earlier[own[1] :]}" if wanted else None


def _in_place_of_when(question: str, earlier: str) -> str | None:
    """The earlier question of a year that this one names; None where it does not ask when."""
    folded = fold_with_map(earlier)
    when = _ASKS_WHEN.search(folded.text)
    if when is None:
        return None
    place, opening = folded.span(*when.span()), _CONTRASTS.match(fold(question))
    named = question[opening.end() if opening else 0 :].strip(" ?!.")
    return earlier[: place.start] + named + earlier[place.end :]


def names_only(question: str) -> bool:
    """Whether a question is short and has neither a verb nor a word that asks."""
    opening = _CONTRASTS.match(fold(question))
    words = _WORD.findall(question, opening.end() if opening else 0)
    return 0 < len(words) <= (_LONGEST if opening else _LONGEST_BARE) and not any(
        QUESTION_WORD.fullmatch(fold(w)) or (_VERB.search(fold(w)) and not w[0].isupper())
        for w in words
    )


def _thing(question: str) -> Span | None:
    """The words that a short question names, without what opens it and the small ones before."""
    opening = _CONTRASTS.match(fold(question))
    words = _WORD.finditer(question, opening.end() if opening else 0)
    own = [m for m in words if fold(m.group()) not in _EMPTY]
    if not own or len(own) > _LONGEST_BARE + 1:
        return None
    return Span(own[0].start(), own[-1].end())


def _is_name(question: str, thing: Span) -> bool:
    """Whether a thing is a name: its capital is not only that of the first word."""
    word = question[slice(*thing)]
    tied = re.search(r"['’\d-]", word) or thing.start > len(question) - len(question.lstrip())
    return word[0].isupper() and bool(tied)


def _place_of(thing: str, earlier: str, *, is_name: bool) -> Span | None:
    """Where in the earlier question the like of a thing stands."""
    named = _name_like(thing, earlier) if is_name else None
    return _same_head(thing, earlier) or named or _same_ending(thing, earlier)


def _same_head(thing: str, earlier: str) -> Span | None:
    """As many words up to the one that both have: `audit board` for `management board`."""
    own = thing.split()
    words = list(_WORD.finditer(earlier))
    for i, word in enumerate(words):
        if len(own) > 1 and fold(word.group()) == fold(own[-1]) and i >= len(own) - 1:
            return Span(words[i - len(own) + 1].start(), word.end())
    return None


def _name_like(thing: str, earlier: str) -> Span | None:
    """A name with the same ending, or with one as well; else the first."""
    ending = _ending(thing)
    whole = [Span(p.start, _whole_end(earlier, p)) for p in _names(earlier)]
    ends = [_ending(earlier[slice(*p)]) for p in whole]
    same = [p for p, own in zip(whole, ends, strict=True) if own == ending]
    alike = [p for p, own in zip(whole, ends, strict=True) if bool(own) == bool(ending)]
    return next(iter(same or alike or whole), None)


def _names(text: str) -> list[Span]:
    """Where a text has names; a title that opens it is part of the first: `Sir Matthew`."""
    first, runs = _first_name(text), runs_of(text, names_in(text))
    titled = first and runs and fold(text[slice(*first[0])]) in TITLES
    if titled and not text[first[0].end : runs[0].start].strip(". "):
        return [Span(first[0].start, runs[0].end), *runs[1:]]
    return [*first, *runs]


def first_named(text: str) -> str | None:
    """The first name of a question, with what follows it: whom or what later pronouns mean."""
    runs = runs_of(text, sorted({*_first_name(text), *names_in(text)}))
    if not runs:
        return None
    name = text[slice(*runs[0])].split(maxsplit=1)[0]
    words = topic_of(text).split()
    first = next((i for i, word in enumerate(words) if word.startswith(name)), None)
    return None if first is None else " ".join(words[first : first + _LONGEST_NAME])


def _first_name(text: str) -> Sequence[Span]:
    """The word that a question begins with, where it may be a name."""
    first = _WORD.search(text)
    if first is None or not first.group()[0].isupper() or not _tells(first.group()):
        return []
    if any(name.start == first.start() for name in names_in(text)):
        return []
    return [Span(first.start(), first.start() + len(re.split("['’]", first.group())[0]))]


def _whole_end(text: str, name: Span) -> int:
    match = re.compile(r"['’]\w+").match(text, name.end)
    return match.end() if match else name.end


def _ending(word: str) -> str:
    return fold(word).replace("’", "'").partition("'")[2]


def _same_ending(thing: str, earlier: str) -> Span | None:
    """The word that ends as the thing does, and asks nothing."""
    own = fold(thing).translate(_HARMONY)
    alike = [
        (_shared(own, fold(m.group()).translate(_HARMONY)), m)
        for m in _WORD.finditer(earlier)
        if _tells(m.group())
    ]
    best = max(alike, key=lambda pair: pair[0], default=(0, None))
    if best[1] is None or best[0] < _SHORTEST_ENDING:
        return None
    return Span(*best[1].span())


def _subject_pronoun(text: str) -> Span | None:
    """Where a question says `he` for its subject."""
    folded = fold_with_map(text)
    found = _SUBJECT.search(folded.text)
    return Span(*folded.span(*found.span())) if found else None


def _single(earlier: str, *, name: bool) -> Span | None:
    """The only word that says what a question is about; no name where the new one is none.

    `And the daughter?` does not take the place of `Josiah's`.
    """
    told = [m for m in _WORD.finditer(earlier) if m.group() in topic_of(earlier).split()]
    own = Span(*told[0].span()) if len(told) == 1 else None
    return None if own is not None and not name and _is_name(earlier, own) else own


def _shared(one: str, other: str) -> int:
    """How many letters two words share at their ends."""
    n = 0
    while n < min(len(one), len(other)) and one[-1 - n] == other[-1 - n]:
        n += 1
    return n
