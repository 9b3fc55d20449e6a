"""A question understood, once: what is asked, in which language, and what it leans on.

Owns: putting together what the other rooms of the question know into one frozen value. Whatever is
told from a question's words is told here and not again further down.
"""

from __future__ import annotations

from collections.abc import Sequence

from dipnot.language.detection import question_language
from dipnot.question.answer_type import kinds_of, names_in, years_in
from dipnot.question.conversation import (
    quotes_of,
    request_of,
    standalone,
    turns_asked,
    turns_of_topic,
)
from dipnot.types import Question, Turn


def understand(text: str, history: Sequence[Turn] = ()) -> Question:
    """Understand a question, checked by ``limits``, with the turns before it."""
    request = request_of(text, history)
    earlier = turns_asked(history)
    if request == "ask":
        whole = standalone(text, earlier)
        kinds = kinds_of(text)
    else:
        whole = standalone(earlier[-1].question, earlier[:-1])
        kinds = kinds_of(whole)
    leans = request != "ask" or whole != text
    return Question(
        text=text,
        standalone=whole,
        language=question_language(text) or question_language(whole),
        request=request,
        kinds=kinds,
        names=names_in(whole),
        years=years_in(whole),
        quoted=tuple(quotes_of(turns_of_topic(history))) if leans else (),
    )
