"""The protocol by which the chat asks: calls that take and give plain data.

Owns: the shape of what the page sees, and how its failures become sentences. The dicts are those
of the HTTP API's JSON. Whoever hosts the page writes the adapter.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from dipnot_ui.labels import Lang

T = TypeVar("T")

logger = logging.getLogger(__name__)


class BackendError(Exception):
    """A failure whose ``str()`` is a sentence for the reader; ``code`` names its kind."""

    def __init__(self, sentence: str, code: str = "failed") -> None:
        """Take a sentence, and the kind of failure as the HTTP API codes it."""
        super().__init__(sentence)
        self.code = code


class Backend(Protocol):
    """What answers. Every method may raise ``BackendError``; calls come from several threads."""

    def ask(
        self,
        question: str,
        history: Sequence[Mapping[str, str]],
        doc_id: str | None = None,
        lang: Lang = "en",
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        """Answer a question in parts, each named: ``hits`` as soon as found, ``done`` the whole.

        Between them may come each ``citation`` and the ``text`` in pieces: one that ends with a
        space is a sentence that a language model wrote and that holds.

        The whole gives ``question``, ``resolved_question``, ``verdict``, ``answer``, ``language``,
        ``generation``, ``citations`` and ``hits``. ``history`` holds the last turns as
        ``question`` and ``answer``, oldest first. ``lang`` is the page's: a question in neither
        language is answered in it.
        """
        ...

    def nearest(self, question: str, language: str, doc_id: str) -> dict[str, Any] | None:
        """Give the hit of a document's abstract or summary in a language, if there is one."""
        ...

    def stands(self, doc_id: str, start: int, end: int, quote: str) -> bool:
        """Tell whether the text of a document from ``start`` to ``end`` is ``quote``."""
        ...

    def page(self, doc_id: str, number: int) -> dict[str, Any]:
        """Give a page: ``text`` is the document's text from ``start`` to ``end``.

        ``footnotes`` are those of the page, each with its ``label``, ``text``, ``start``, ``end``
        and the ``marker``, the offset at which it hung.
        """
        ...

    def documents(self) -> list[dict[str, Any]]:
        """List the documents with ``title``, ``author``, counts and ``examples``."""
        ...

    def status(self) -> dict[str, Any]:
        """Tell whether questions can be asked yet, and what is under way until then.

        ``damaged``: the newest index cannot be used, and an older one answers.
        """
        ...


@dataclass(frozen=True, slots=True)
class Failure:
    """What came of a call that failed: its kind, and a sentence, None for a general one."""

    sentence: str | None
    code: str = "failed"


def attempt(call: Callable[..., T], *arguments: object) -> T | Failure:
    """Call the backend. Never raise: whatever fails, the reader can go on.

    What was not meant for readers goes to the log, whole, and nowhere else.
    """
    try:
        return call(*arguments)
    except BackendError as error:
        return Failure(str(error), error.code)
    except Exception:
        logger.exception("the backend failed")
        return Failure(None)
