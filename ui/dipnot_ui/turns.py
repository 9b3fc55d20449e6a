"""A conversation: its turns, and how a question becomes one.

Owns: the asking. Knows neither Gradio nor HTML; a failure becomes a turn like any other.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from dipnot_ui.backend import Backend, Failure, attempt
from dipnot_ui.context import Context, find_context
from dipnot_ui.labels import Lang, label

MAX_QUESTION = 2000
MAX_TURNS = 50
_HISTORY = 10
_PAGES_KEPT = 128

GenerationPageReader = Callable[[str, str, int], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Turn:
    """A question with what came of it: an answer, an error, or nothing yet.

    ``contexts`` holds the paragraph of each citation, in their order, where it was found.
    """

    question: str
    answer: Mapping[str, Any] | None = None
    error: str | None = None
    contexts: tuple[Context | None, ...] = ()
    # A page may hold the same question twice; what a reader opened is remembered by this.
    key: str = field(default_factory=lambda: secrets.token_hex(4))

    @property
    def pending(self) -> bool:
        """Tell whether the turn still waits."""
        return self.answer is None and self.error is None


def page_cache(backend: Backend) -> GenerationPageReader:
    """Keep the pages read last, by the generation of the index they come from."""

    @lru_cache(maxsize=_PAGES_KEPT)
    def read(_generation: str, doc_id: str, number: int) -> Mapping[str, Any]:
        return backend.page(doc_id, number)

    return read


def ask(
    backend: Backend,
    read_page: GenerationPageReader,
    turn: Turn,
    before: Sequence[Turn],
    lang: Lang,
    doc_id: str | None = None,
) -> Turn:
    """Ask the question of a turn and give the turn with what came of it. Never raises."""
    if len(turn.question) > MAX_QUESTION:
        return Turn(turn.question, error=label(lang, "too_long", limit=MAX_QUESTION), key=turn.key)
    answer = attempt(backend.ask, turn.question, history_of(before), doc_id)
    if isinstance(answer, Failure):
        sentence = answer.sentence or label(lang, "error_general")
        return Turn(turn.question, error=sentence, key=turn.key)
    contexts = _contexts(answer, read_page)
    return Turn(turn.question, answer=answer, contexts=contexts, key=turn.key)


def history_of(turns: Sequence[Turn]) -> list[dict[str, str]]:
    """Give the last answered turns as the backend wants them, oldest first."""
    answered = [(t.question, t.answer) for t in turns if t.answer is not None]
    return [
        {"question": question, "answer": str(answer.get("answer") or "")}
        for question, answer in answered[-_HISTORY:]
    ]


def _contexts(
    answer: Mapping[str, Any], read_page: GenerationPageReader
) -> tuple[Context | None, ...]:
    """Find the paragraph of each citation. An answer is worth showing without one, too."""
    generation = str(answer.get("generation") or "")

    def read(doc_id: str, number: int) -> Mapping[str, Any]:
        return read_page(generation, doc_id, number)

    found = [attempt(find_context, c, read) for c in answer.get("citations") or ()]
    return tuple(None if isinstance(context, Failure) else context for context in found)
