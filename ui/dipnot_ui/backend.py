"""The protocol by which the chat asks: six calls that take and give plain data.

Owns: the shape of what the page sees, and how its failures become sentences. The dicts are those
of the HTTP API's JSON. Whoever hosts the page writes the adapter.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

T = TypeVar("T")

logger = logging.getLogger(__name__)


class BackendError(Exception):
    """A failure whose ``str()`` is a sentence for the reader."""


class Backend(Protocol):
    """What answers. Every method may raise ``BackendError``; calls come from several threads."""

    def ask(
        self, question: str, history: Sequence[Mapping[str, str]], doc_id: str | None = None
    ) -> dict[str, Any]:
        """Answer a question.

        Gives ``question``, ``verdict`` (``answered``, ``partial`` or ``not_in_text``), ``answer``,
        ``language``, ``generation``, ``citations`` and ``hits``. ``history`` holds the last turns
        as ``question`` and ``answer``, oldest first.
        """
        ...

    def page(self, doc_id: str, number: int) -> dict[str, Any]:
        """Give a page: ``text`` is the document's text from ``start`` to ``end``.

        ``footnotes`` are those of the page, each with its ``label``, ``text``, ``start``, ``end``
        and the ``marker``, the offset at which it hung.
        """
        ...

    def document(self, doc_id: str) -> dict[str, Any]:
        """Give the parts of a document, without its text.

        ``pages`` and ``sections`` have ``start`` and ``end``, ``sections`` also ``heading``,
        ``level`` and ``page``; ``footnotes`` are as those of ``page``, each with its ``page``.
        """
        ...

    def documents(self) -> list[dict[str, Any]]:
        """List the documents with ``title``, ``author``, counts and ``examples``."""
        ...

    def status(self) -> dict[str, Any]:
        """Tell whether questions can be asked yet, what is under way, and what a rebuild does."""
        ...

    def rebuild(self, token: str) -> dict[str, Any]:
        """Start a rebuild of the index, if ``token`` is the admin's."""
        ...


@dataclass(frozen=True, slots=True)
class Failure:
    """What came of a call that failed: a sentence for the reader, or None for a general one."""

    sentence: str | None


def attempt(call: Callable[..., T], *arguments: object) -> T | Failure:
    """Call the backend. Never raise: whatever fails, the reader can go on.

    What was not meant for readers goes to the log, whole, and nowhere else.
    """
    try:
        return call(*arguments)
    except BackendError as error:
        return Failure(str(error))
    except Exception:
        logger.exception("the backend failed")
        return Failure(None)
