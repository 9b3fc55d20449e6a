"""What is known of one language: the shape of the files ``turkish`` and ``english``.

Owns: the names of the parts. Words are folded (see ``folding``) but for those read in texts as they
are written: ``months``, ``abbreviations``, ``no_name``, ``opens``, ``peoples``. Patterns are
alternatives of regular expressions, for folded text unless said otherwise, and never hold a group
that captures.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dipnot.types import AnswerKind, Language, TextPart


def words(*lines: str) -> frozenset[str]:
    """Cut lines into their words."""
    return frozenset(" ".join(lines).split())


def either(*patterns: str) -> str:
    """Put the patterns of several languages side by side, leaving out empty ones."""
    return "|".join(pattern for pattern in patterns if pattern)


@dataclass(frozen=True, slots=True)
class Words:
    """The words and endings of one language.

    ``function_words``: they carry no subject; question words are among them.
    ``nouns_alike``: nouns in small letters that fold to one of them. ``telling``: words
    that tell the language, with ``letters`` and ``shape``, its letters and the look of its words.
    ``anaphora``: words that point back. ``fillers``: words that a short request begins with.
    ``months``: twelve, in order. ``counts_first`` and ``counts_on``:
    how a sentence opens that counts off the first of several things, or a later one. ``numbers``:
    numerals in letters. ``abbreviations``: written with
    a full stop; ``may_end``: those of them that may end a sentence, ``dotted_may_end`` with a stop
    behind each letter; ``before_names`` and ``before_numbers``: such as are abbreviations only
    there; ``behind_names``: those that only stand behind one. ``finite``: how
    the verb ends that ends a sentence (unfolded). ``no_name``: words with a capital that name
    nobody, of which ``opens`` begin a sentence and follow no ordinal; ``may_close``: abbreviations
    that end one before these (dotted ones among them). ``peoples``: names of peoples that stand
    before a noun. ``adverbial``: unfolded endings.
    ``endings``: folded ones of nouns and verbs, which stand behind a stem of a few letters.

    ``courtesies``: words of greeting, thanks and consent, of which ``thanks``; ``courteous``:
    words that go with them.
    ``addresses``: how somebody is spoken to; ``identity``: how it is asked
    what the one spoken to is; ``of_itself``: stems of what may be asked of the one
    spoken to. ``contrasts``: how a question opens that puts another thing in a place of the last
    one; ``onward`` and ``backward``: what is said of the part behind it, or before;
    ``points_back``: words that do so whatever stands before them; ``points_at``: one of them with
    the noun behind it; ``pronouns``: those that stand for a thing or person named before,
    ``subject_pronouns`` for the subject of a sentence;
    ``titles``: what stands before a name and is part of it; ``conditional``: how an utterance looks
    that is no more than a condition (`what if he stays away`); ``ownerless``: how something is
    asked for whose owner is not said; ``personal``: those of them for one person, ``who``: how one
    is asked for; ``changes``: how a change of subject is
    announced. ``verb``: endings of a finite verb. ``question_words``
    and ``joins``, what ties two questions. ``compares``: how a comparison is asked for, of sides
    that ``joins_sides`` ties. ``tables``: how they are called.
    ``listed``: how it is said that things stand in a list. ``events``:
    stems that stand for anything that may happen. ``auxiliaries``: verbs that follow the question
    word, where the language puts one there. ``yes_no``: how it is asked whether
    something is so. ``negates``: words and endings that say no; ``asks_no``: those by which a
    question asks for what is not so; ``described``: what a question
    tells of a thing that it asks about; ``identifies``: how it asks which things are as described;
    ``negated_verb``: what stands behind the stem of a verb
    that is denied; ``opens_clause``: words between two clauses; ``denies_behind``: words that deny
    what stands behind them, ``denies_before``: those that deny what stands before; ``rejects``:
    verbs that say of a whole clause that it was not so, ``accepts``: those that take it for so.
    ``cites``: how a question names a source.
    ``attributes``: how a sentence tells what somebody says.
    ``byline``: how a text says who wrote it (unfolded).
    ``asks_text``: what is asked of a text as a thing; there ``{work}`` stands for ``works``, stems
    of all that a text may be called, ``{a_work}`` for one with its endings, and ``parts_of_text``
    for what its parts are.

    ``asks``: how a question of each kind is put. ``noun_endings``: what may stand behind a noun.
    ``text_nouns``: stems for a text as a thing, for which ``{text}`` stands in patterns;
    ``front``: what may be asked of one. ``more``, ``source``: requests about the last answer.
    ``abstracts``, ``summaries``, ``bibliographies``,
    ``conclusions``: headings.
    """

    language: Language
    function_words: frozenset[str]
    nouns_alike: frozenset[str]
    telling: frozenset[str]
    letters: str
    shape: str
    anaphora: frozenset[str]
    fillers: str
    months: tuple[str, ...]
    counts_first: str
    counts_on: str
    numbers: str
    abbreviations: frozenset[str]
    may_end: frozenset[str]
    dotted_may_end: frozenset[str]
    before_names: frozenset[str]
    before_numbers: frozenset[str]
    behind_names: str
    finite: str
    no_name: frozenset[str]
    opens: frozenset[str]
    may_close: frozenset[str]
    peoples: frozenset[str]
    adverbial: str
    endings: frozenset[str]
    asks: Mapping[AnswerKind, str]
    noun_endings: str
    text_nouns: str
    front: str
    more: str
    source: str
    abstracts: frozenset[str]
    summaries: frozenset[str]
    bibliographies: frozenset[str]
    conclusions: frozenset[str]
    courtesies: frozenset[str]
    thanks: frozenset[str]
    courteous: frozenset[str]
    addresses: str
    identity: str
    of_itself: str
    contrasts: str
    onward: str
    backward: str
    points_back: frozenset[str]
    points_at: str
    subject_pronouns: str
    pronouns: frozenset[str]
    titles: frozenset[str]
    conditional: str
    ownerless: str
    personal: frozenset[str]
    who: str
    changes: str
    verb: str
    question_words: str
    joins: str
    compares: str
    joins_sides: str
    tables: str
    listed: str
    events: str
    auxiliaries: str
    yes_no: str
    negates: str
    asks_no: str
    described: str
    identifies: str
    negated_verb: str
    opens_clause: frozenset[str]
    denies_behind: frozenset[str]
    denies_before: str
    rejects: str
    accepts: str
    cites: str
    attributes: str
    byline: str
    works: str
    parts_of_text: str
    asks_text: Mapping[TextPart, str]
