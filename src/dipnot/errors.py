"""The error tree and its wording: what was found, what was expected, what to type next.

Owns: every error that reaches a person. Knows neither HTTP nor exit codes: ``api`` and ``cli``
map the classes, each in one place.

    DipnotError
    ├── InvalidInput        a value from outside is wrong (names the field)
    │   ├── TooLarge
    │   ├── TextChanged     a quotation that no longer stands where it did
    │   └── SettingsError
    ├── NotFound            an id that the index does not hold
    ├── NotAllowed          admin without, or with a wrong, token
    ├── CorpusError         the corpus or one of its files cannot be read
    ├── EncoderError        the embedding model cannot be loaded
    ├── IndexUnusable       an index that cannot be used
    │   ├── IndexMissing
    │   ├── IndexDamaged
    │   ├── IndexMismatch
    │   └── IndexAway       the engine that holds it does not answer, or refuses
    ├── NotReady            nothing is open yet
    │   └── Stopping        the server was told to stop
    ├── BuildRunning        one build at a time
    ├── BuildFailed         a build in a process of its own came to nothing
    ├── Busy                too many requests at once
    ├── TookTooLong         an answer that was given up
    ├── TooSlow             a body that does not come
    ├── TooOften            more in a minute than is taken
    ├── AlreadyThere        a file that would be overwritten
    └── ServerError         the server cannot start
"""

from __future__ import annotations

from collections.abc import Iterable


class DipnotError(Exception):
    """An error with a sentence for the person who meets it."""


class InvalidInput(DipnotError):
    """A value from outside is not what was expected."""

    def __init__(self, message: str, field: str | None = None) -> None:
        """Keep the sentence and the name of the field at fault."""
        super().__init__(message)
        self.field = field


class TooLarge(InvalidInput):
    """A request body or file is larger than the limit."""


class TextChanged(InvalidInput):
    """A range of a text no longer says what was quoted of it."""


class SettingsError(InvalidInput):
    """A flag, environment variable or key of dipnot.toml is wrong."""


class NotFound(DipnotError):
    """An id names nothing in the index."""


class NotAllowed(DipnotError):
    """An admin call came without the right token."""

    def __init__(self, message: str, *, configured: bool) -> None:
        """``configured``: whether this server has an admin token at all."""
        super().__init__(message)
        self.configured = configured


class CorpusError(DipnotError):
    """The corpus folder, its corpus.toml or one of its files cannot be read."""


class EncoderError(DipnotError):
    """The embedding model is missing, damaged or not what it should be."""


class IndexUnusable(DipnotError):
    """The index cannot be used."""


class IndexMissing(IndexUnusable):
    """There is no index yet."""


class IndexDamaged(IndexUnusable):
    """A file of the index is missing or was altered."""


class IndexMismatch(IndexUnusable):
    """The index was built by another format, encoder or chunking."""


class IndexAway(IndexUnusable):
    """The engine that holds the index does not answer, or refuses; later it may."""


class NotReady(DipnotError):
    """No index is open yet."""


class Stopping(NotReady):
    """The server was told to stop, and begins nothing new."""

    def __init__(self) -> None:
        """It is always the same sentence."""
        super().__init__("The server is stopping. Ask again in a moment.")


class BuildRunning(DipnotError):
    """A build is running already."""


class BuildFailed(DipnotError):
    """A build that ran in a process of its own published nothing."""


class Busy(DipnotError):
    """Too many requests are being answered at once."""


class TookTooLong(DipnotError):
    """What was begun took longer than it may."""


class TooSlow(DipnotError):
    """What a client sends does not come in time."""


class TooOften(DipnotError):
    """Something was sent more often than is taken."""


class AlreadyThere(DipnotError):
    """A file of that name is there, and nothing is overwritten unasked."""


class ServerError(DipnotError):
    """The server cannot start: port taken, host refused."""


REBUILD = "Run `.venv/bin/dipnot build`."


def shown(value: object, limit: int = 60) -> str:
    """Quote a value from outside for a message: printable, on one line, cut at ``limit``."""
    text = value if isinstance(value, str) else repr(value)
    text = text.encode("unicode_escape").decode("ascii") if _unprintable(text) else text
    return f"'{text[:limit]}…'" if len(text) > limit else f"'{text}'"


def _unprintable(text: str) -> bool:
    return any(not c.isprintable() for c in text)


def reason_of(error: BaseException) -> str:
    """The first line of what an error of a library says; its kind where it says nothing."""
    said = str(error).strip()
    return said.splitlines()[0] if said else type(error).__name__


def listed(names: Iterable[str]) -> str:
    """Name what there is for a message, in order; the first ten of many."""
    known = sorted(names)
    return ", ".join(known[:10]) + (" …" if len(known) > 10 else "")
