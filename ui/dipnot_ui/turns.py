"""A conversation: its turns, how a question becomes one, and the form in which a browser keeps it.

Owns: the asking, and the reading of what a browser gives back, which may be anything. Knows neither
Gradio nor HTML; a failure becomes a turn like any other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from dipnot_ui.backend import Backend, Failure, attempt
from dipnot_ui.context import Context, Note, find_context
from dipnot_ui.labels import Lang

MAX_QUESTION = 2000
_MAX_ANSWER = 8000
_HISTORY = 10
_PAGES_KEPT = 128
_NEAREST_KEPT = 5

GenerationPageReader = Callable[[str, str, int], Mapping[str, Any]]
History = Sequence[Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Turn:
    """A question with what came of it: an answer, a failure, a first place found, or nothing yet.

    ``cited`` and ``written``: the quotations and the checked sentences that are there before the
    whole answer is.

    ``contexts`` holds the paragraph of each citation, in their order, where it was found; ``other``
    a place in the reader's language where the citations are in another; ``fallen`` the numbers of
    citations that no longer stand in the text as they were quoted; ``unchecked`` a turn that was
    kept, and could not be looked up in the text since.
    """

    question: str
    key: str = ""
    answer: Mapping[str, Any] | None = None
    failure: Failure | None = None
    first: Mapping[str, Any] | None = None
    cited: tuple[Mapping[str, Any], ...] = ()
    written: tuple[str, ...] = ()
    contexts: tuple[Context | None, ...] = ()
    other: Mapping[str, Any] | None = None
    fallen: frozenset[int] = frozenset()
    unchecked: bool = False


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
    history: History,
    doc_id: str | None = None,
    lang: Lang = "en",
) -> Iterator[Turn]:
    """Ask the question of a turn; give it with what is there so far, and in the end the whole.

    Never raises.
    """
    if not turn.question.strip() or len(turn.question) > MAX_QUESTION:
        code = "too_long" if turn.question.strip() else "empty"
        yield replace(turn, failure=Failure(None, code))
        return
    coming = turn
    parts = attempt(backend.ask, turn.question, history, doc_id, lang)
    while not isinstance(parts, Failure):
        part = attempt(next, parts, None)
        if isinstance(part, Failure) or part is None:
            parts = part or Failure(None)
        elif part[0] == "done":
            yield _answered(backend, read_page, turn, part[1])
            return
        elif (grown := _grown(coming, *part)) is not coming:
            coming = grown
            yield coming
    yield replace(turn, failure=parts)


def _grown(turn: Turn, name: str, data: Mapping[str, Any]) -> Turn:
    """Add a part of an answer to a turn; the same turn where there is nothing of it to show."""
    if name == "hits" and data.get("hits"):
        return replace(turn, first=data["hits"][0])
    if name == "citation":
        return replace(turn, cited=(*turn.cited, data))
    if name == "text" and data["text"].endswith(" "):
        return replace(turn, written=(*turn.written, data["text"].strip()))
    return turn


def _answered(
    backend: Backend, read_page: GenerationPageReader, turn: Turn, answer: Mapping[str, Any]
) -> Turn:
    """Give a turn its answer, without the hits that the page does not show."""
    shown = _NEAREST_KEPT if answer.get("verdict") == "not_in_text" else 0
    kept = {**answer, "hits": list(answer.get("hits") or ())[:shown]}
    contexts = _contexts(answer, read_page)
    return replace(turn, answer=kept, contexts=contexts, other=_other(backend, turn, answer))


def _other(backend: Backend, turn: Turn, answer: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Find what the text says in the reader's language, if all quoted is in another."""
    citations = answer.get("citations") or ()
    asked = str(answer.get("language"))
    if not citations or any(c.get("language") == asked for c in citations):
        return None
    found = attempt(backend.nearest, turn.question, asked, str(citations[0]["doc_id"]))
    return None if isinstance(found, Failure) else found


def _contexts(
    answer: Mapping[str, Any], read_page: GenerationPageReader
) -> tuple[Context | None, ...]:
    """Find the paragraph of each citation. An answer is worth showing without one, too."""
    generation = str(answer.get("generation") or "")

    def read(doc_id: str, number: int) -> Mapping[str, Any]:
        return read_page(generation, doc_id, number)

    found = [attempt(find_context, c, read) for c in answer.get("citations") or ()]
    return tuple(None if isinstance(context, Failure) else context for context in found)


def check(backend: Backend, turn: Turn) -> Turn:
    """Look up each quotation of a kept turn: the text, or the browser's store, may have changed."""
    citations = turn.answer.get("citations") or () if turn.answer else ()
    fallen = frozenset(
        i
        for i, c in enumerate(citations)
        if attempt(backend.stands, c["doc_id"], c["start"], c["end"], c["quote"]) is not True
    )
    return replace(turn, fallen=fallen)


def history_of(data: object) -> list[dict[str, str]]:
    """Read the turns before a question as a browser gives them, oldest first."""
    turns = data if isinstance(data, list) else []
    return [
        {"question": str(t["question"])[:MAX_QUESTION], "answer": str(t["answer"])[:_MAX_ANSWER]}
        for t in turns[-_HISTORY:]
        if isinstance(t, dict) and t.get("question") and isinstance(t.get("answer"), str)
    ]


def as_data(turn: Turn) -> dict[str, Any]:
    """Give a turn in the form in which a browser keeps it."""
    data: dict[str, Any] = {"key": turn.key, "question": turn.question}
    if turn.failure is not None:
        data["error"] = {"code": turn.failure.code, "sentence": turn.failure.sentence}
    if turn.answer is not None:
        contexts = [None if c is None else _context_data(c) for c in turn.contexts]
        data |= {"answer": dict(turn.answer), "contexts": contexts, "other": turn.other}
    return data


def _context_data(context: Context) -> dict[str, Any]:
    notes = [[n.label, n.text, n.marker] for n in context.notes]
    return {"text": context.text, "start": context.start, "mark": context.mark, "notes": notes}


def read_turn(data: object) -> Turn:
    """Read a turn that a browser kept. What is no turn becomes one that says so."""
    try:
        return _read(data)
    except (KeyError, TypeError, ValueError, AttributeError):
        known = data if isinstance(data, dict) else {}
        question, key = (str(known.get(name) or "") for name in ("question", "key"))
        return Turn(question or "…", key, failure=Failure(None, "unreadable"))


def _read(data: Any) -> Turn:
    question, key = str(data["question"]), str(data["key"])
    error, answer = data.get("error"), data.get("answer")
    if answer is None:
        failure = Failure(error.get("sentence"), str(error["code"])) if error is not None else None
        return Turn(question, key, failure=failure)
    for citation in answer["citations"]:
        if not all(isinstance(citation[k], int) for k in ("start", "end", "page")):
            raise ValueError("a citation has no place")
        if not all(isinstance(citation[k], str) for k in ("quote", "doc_id")):
            raise ValueError("a citation has no quotation")
    contexts = tuple(None if c is None else _read_context(c) for c in data.get("contexts") or ())
    other = data.get("other")
    return Turn(
        question, key, answer=dict(answer), contexts=contexts, other=dict(other) if other else None
    )


def _read_context(data: Any) -> Context:
    notes = tuple(Note(str(name), str(text), int(at)) for name, text, at in data["notes"])
    text, (start, end) = str(data["text"]), (int(edge) for edge in data["mark"])
    if not 0 <= start < end <= len(text):
        raise ValueError("the mark is outside the paragraph")
    return Context(text, int(data["start"]), (start, end), notes)
