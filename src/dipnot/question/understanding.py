"""A question understood, once: what is asked, in which language, and what it leans on.

Owns: putting together what the other rooms of the question know into one frozen value. Whatever is
told from a question's words is told here and not again further down.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from dipnot.language.detection import question_language
from dipnot.language.folding import fold
from dipnot.language.known import KNOWN, NAME_LIKE_DENIAL, asks_no, pattern
from dipnot.language.tokens import STOPWORDS
from dipnot.question.about_text import names_this_text, text_part_of
from dipnot.question.answer_type import kinds_of, names_in, years_in, years_spanned
from dipnot.question.conversation import (
    leaning,
    quotes_of,
    request_of,
    standalone,
    turns_asked,
    turns_of_topic,
    unannounced,
)
from dipnot.question.courtesy import language_of_courtesy
from dipnot.question.ellipsis import names_only
from dipnot.question.exact import exact_in
from dipnot.question.parts import parts_of, sides_of
from dipnot.question.utterance import asks_surely, is_passing, part_heard, request_heard
from dipnot.types import Heard, Language, Question, Turn

_CITES = re.compile(pattern(lambda own: own.cites))
_MONTHS = "|".join(fold(name) for own in KNOWN for name in own.months)
_CITED = re.compile(r"([A-ZÇĞİÖŞÜ][^\W\d_]{2,40})[,\s(]{1,3}(?:1[5-9]|20)\d{2}[a-z]?\)?(?!\W?\d)")
_LONGEST_TOLD = 400  # characters
_OF_A_THING = frozenset({"documents", "references", "title"})


def understand(text: str, history: Sequence[Turn] = (), heard: Heard | None = None) -> Question:
    """Understand a question, checked by ``limits``, with the turns before it.

    ``heard``: what a network makes of it; without, its form alone tells what it wants.
    """
    request = request_of(text, history)
    earlier = turns_asked(history)
    if request == "ask" and heard is not None and text_part_of(text)[0] is None:
        request = request_heard(text, heard, follows=bool(earlier))
    if request in ("dipnot", "noise") and heard is not None and heard.held:
        request = "ask"  # of what the texts tell, whatever its form
    quoted = tuple(quotes_of(turns_of_topic(history)))
    if request in ("more", "source") and earlier:
        last = earlier[-1].question
        whole = standalone(last, earlier[:-1])
        again = replace(
            _of(text, whole, kinds_from=whole),
            request=request, quoted=quoted, told=_told(earlier[-1]),
        )  # fmt: skip
        if whole == last or leaning(last) == "yes":
            return again
        alone = replace(_of(text, last, kinds_from=last), request=request, quoted=quoted)
        return replace(again, alone=alone)
    own, changed = unannounced(text)
    alone = replace(_of(text, own, kinds_from=own), request=request)
    if heard is not None:
        alone = _with_heard(alone, heard, pointing=bool(earlier) and leaning(own) == "yes")
    if not alone.asks:
        return replace(alone, quoted=quoted, told=_told(earlier[-1]) if earlier else "")
    bare = names_only(own)
    if changed or alone.about is not None or (alone.exact and not (bare and earlier)):
        return alone
    whole = standalone(own, earlier)
    if whole == own:
        return alone
    joined = replace(
        _of(text, whole, kinds_from=own),
        quoted=quoted,
        told="" if quoted else _told(earlier[-1]),
        passing=alone.passing,
        surely=alone.surely,
    )
    sure = leaning(own) == "yes" or (bare and own.rstrip().endswith("?"))
    return joined if sure else replace(joined, alone=alone)


def read_by(question: Question, reader: Language) -> Question:
    """Note the language of who asks, in either reading."""
    alone = question.alone
    return replace(question, reader=reader, alone=alone and replace(alone, reader=reader))


def _with_heard(question: Question, heard: Heard, *, pointing: bool) -> Question:
    """Add what a network hears of the text as a thing, where the form does not tell it.

    ``pointing``: a word of it points at the turns before.
    """
    text = question.standalone
    question = replace(question, passing=is_passing(text, heard), surely=asks_surely(heard))
    if question.about in _OF_A_THING and heard.held:  # `Which works are in the museum?`
        return replace(question, about=None, label=None, exact=exact_in(text))
    if question.about is not None or (pointing and not names_this_text(text)):
        return question
    return replace(question, about=part_heard(text, heard))


def _of(text: str, whole: str, *, kinds_from: str) -> Question:
    # What a follow-up takes along says what it is about; it asks for its own years and strings. One
    # that puts a thing into the place of its like in an earlier question asks what that one asked.
    asked = kinds_from if whole.endswith(kinds_from) else whole
    years, spans = years_spanned(asked)
    names, exact = names_in(whole), exact_in(asked)
    about, label = text_part_of(whole) if asked == whole else (None, None)
    language = (
        question_language(kinds_from)
        or question_language(whole)
        or language_of_courtesy(kinds_from)
    )
    if about == "gist" and (names or exact):  # of another text, which this one tells of
        about = None
    return Question(
        text=text,
        standalone=whole,
        own=kinds_from,
        language=language,
        kinds=kinds_of(asked) | (frozenset({"chronology", "several"}) if spans else set()),
        names=names,
        years=years or years_in(asked),
        about=about,
        label=label,
        exact=exact if about in (None, "section") else (),
        spans_years=spans,
        parts=parts_of(asked),
        sides=sides_of(asked),
        cites=_cites(kinds_from),
        negated=bool(asks_no(language).search(fold(NAME_LIKE_DENIAL.sub(" ", asked)))),
    )


def _told(turn: Turn) -> str:
    return f"{turn.question} {turn.answer}"[:_LONGEST_TOLD]


def _cites(text: str) -> bool:
    """Whether a question may name a work: by a word for citing, or as `Hale (2003)`."""
    named = (fold(match.group(1)) for match in _CITED.finditer(text))
    # `March 1921` and `Peki 1925'te` are dates.
    dated = any(n not in STOPWORDS and not re.fullmatch(_MONTHS, n) for n in named)
    return dated or bool(_CITES.search(fold(text)))
