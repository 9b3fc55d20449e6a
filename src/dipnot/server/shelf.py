"""The corpus folder as a shelf: files are put on it, taken off it, and looked at.

Owns: which names a file may have, how one gets there whole or not at all, and how a file stands
against the index that is served. A name from a request is never a path: what is put has one plain
part, and what is read or taken off is looked up in the list of what lies there.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import tempfile
import threading
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, Literal

from dipnot.corpus import (
    CATALOGUE,
    Corpus,
    find_texts,
    make_doc_id,
    read_catalogue,
    scan_corpus,
)
from dipnot.errors import (
    AlreadyThere,
    Busy,
    CorpusError,
    InvalidInput,
    NotFound,
    TooLarge,
    listed,
    shown,
)
from dipnot.formats import MAX_BYTES, SUFFIXES, read_pages
from dipnot.inspection import inspect_file
from dipnot.types import Manifest

_LONGEST_NAME = 200  # bytes in UTF-8
# An entry of the catalogue; comments right before the next one are that one's.
_ENTRY = re.compile(
    r"^\[\[document\]\](?s:.*?)(?=^(?:[^\S\n]*(?:#.*)?\n)*\[\[document\]\]|\Z)", re.MULTILINE
)
State = Literal["indexed", "changed", "new", "failed", "removed"]


@dataclass(frozen=True, slots=True)
class Shelved:
    """A file of the corpus and where it stands; ``reason``: why it cannot be read."""

    file: str
    doc_id: str | None
    state: State
    reason: str | None = None
    size: int | None = None


# --- putting and taking ------------------------------------------------------------------------


def check_name(given: str) -> str:
    """Give a file name in its usual form; raises InvalidInput unless it is a plain one."""
    name = unicodedata.normalize("NFC", given)
    plain = name == name.strip() and name.isprintable() and not set(name) & set('/\\:*?"<>|')
    if not plain or name.startswith(".") or name.lower() == "readme.md":
        raise InvalidInput(
            f"{shown(given)} is no name for a text; expected a plain name such as kopruler.pdf.",
            "file",
        )
    if len(name.encode()) > _LONGEST_NAME:
        raise InvalidInput(
            f"{shown(given)} is too long; expected at most {_LONGEST_NAME} bytes.", "file"
        )
    if PurePosixPath(name).suffix.lower() not in SUFFIXES:
        raise InvalidInput(
            f"{shown(given)} has a format that is not read; expected {', '.join(SUFFIXES)}.", "file"
        )
    return name


class Incoming:
    """A file on its way: written beside its place under a hidden name, then checked and moved."""

    def __init__(self, folder: Path, name: str, path: Path, file: BinaryIO) -> None:
        """Write to ``file``, which is open at ``path`` in ``folder``."""
        self._folder, self._name, self._path, self._file = folder, name, path, file
        self.size = 0

    def write(self, chunk: bytes) -> None:
        """Add bytes; raises TooLarge past what is read of a file."""
        self.size += len(chunk)
        if self.size > MAX_BYTES:
            raise TooLarge(
                f"{shown(self._name)} has more than {MAX_BYTES:,} bytes, which is the most that "
                "is read. Split the file.",
                "body",
            )
        self._file.write(chunk)

    def publish(self, *, replace: bool) -> bool:
        """Read the file as a build would, then give it its name; tells whether it replaced one.

        Raises InvalidInput where it cannot be read, AlreadyThere where the name is taken.
        """
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.seek(0)
        try:
            _check_readable(self._name, self._file.read())
        except CorpusError as error:
            raise InvalidInput(str(error), "body") from None
        check_free(self._folder, self._name, replace=replace)
        self._path.chmod(0o644)  # as other texts of the folder
        place = _place(self._folder, self._name)
        there = os.path.lexists(place)
        if replace:
            self._path.replace(place)  # a link there is replaced itself
        else:
            with _taken(self._name):
                _name_it(self._path, place)
        _sync(self._folder)
        return there


def _check_readable(name: str, data: bytes) -> None:
    pages = read_pages(name, data)
    if not any(line.text for page in pages for line in page.lines):
        doubt = next((page.doubt for page in pages if page.doubt), "no text")
        raise CorpusError(f"{shown(name)} cannot be read: {doubt}.")


@contextlib.contextmanager
def incoming(folder: Path, name: str) -> Iterator[Incoming]:
    """Take a file in; whatever happens, nothing but the file that was published stays.

    Raises CorpusError where the folder is missing or cannot be written to.
    """
    path = None
    try:
        handle, path = tempfile.mkstemp(prefix=".dipnot-", suffix=".part", dir=folder)
        with os.fdopen(handle, "w+b") as file:
            yield Incoming(folder, name, Path(path), file)
    except OSError as error:  # the folder is not there, or the disk is full
        raise CorpusError(
            f"The corpus folder {shown(str(folder))} takes no file: {error.strerror}."
        ) from None
    finally:
        if path is not None:
            Path(path).unlink(missing_ok=True)


def _name_it(path: Path, place: Path) -> None:
    """Give a file its name, never over another; raises FileExistsError."""
    try:
        place.hardlink_to(path)
    except FileExistsError:
        raise
    except OSError:  # there are file systems without such links: the name is taken first
        os.close(os.open(place, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        try:
            path.replace(place)
        except OSError:
            place.unlink()
            raise


@contextlib.contextmanager
def _taken(name: str) -> Iterator[None]:
    try:
        yield
    except FileExistsError:
        raise _there(name) from None


def _there(name: str) -> AlreadyThere:
    return AlreadyThere(
        f"{shown(name)} is in the corpus already. Replace it with ?replace=true, or give the file "
        "another name."
    )


def check_free(folder: Path, name: str, *, replace: bool) -> str:
    """Give the id that a file would have; raises AlreadyThere where name or id is taken."""
    ids = _ids(folder)
    if os.path.lexists(_place(folder, name)) and not replace:
        raise _there(name)
    doc_id = _named(folder).get(name, make_doc_id(name))
    other = next((file for file, known in ids.items() if known == doc_id and file != name), None)
    if other is not None:
        raise AlreadyThere(
            f"{shown(name)} would have the id {shown(doc_id)}, which {shown(other)} has already. "
            "Give the file another name."
        )
    return doc_id


def _place(folder: Path, name: str) -> Path:
    """Where the file lies that the list shows by a name; else where it is to lie."""
    return find_texts(folder).get(name, folder / name)


def take_off(folder: Path, given: str) -> str:
    """Remove a file of the corpus folder itself, and its entry in the catalogue; gives its name.

    Raises NotFound, CorpusError.
    """
    name, path = find(folder, given)
    if "/" in name:
        raise InvalidInput(
            f"{shown(name)} lies in a folder of the corpus; take it out there by hand.", "file"
        )
    try:
        path.unlink()
    except OSError as error:
        raise CorpusError(f"{shown(name)} cannot be removed: {error.strerror}.") from None
    _strike_out(folder / CATALOGUE, name)
    _sync(folder)
    return name


def _strike_out(catalogue: Path, name: str) -> None:
    """Take a file's entry out of the catalogue; every other line stays as its author wrote it.

    Where that cannot be done by taking out whole lines, the catalogue is left alone: an entry
    without a file is told of, and one entry too few would not be.
    """
    with contextlib.suppress(OSError, ValueError, KeyError):
        text = catalogue.read_text("utf-8-sig")
        entries = tomllib.loads(text)["document"]
        kept = [entry for entry in entries if unicodedata.normalize("NFC", entry["file"]) != name]
        for part in _ENTRY.findall(text) if kept != entries else ():
            left = text.replace(part, "", 1)
            if tomllib.loads(left).get("document", []) == kept and not catalogue.is_symlink():
                _rewrite(catalogue, left)
                return


def _rewrite(path: Path, text: str) -> None:
    """Put a text in the place of a file's, whole or not at all."""
    handle, made = tempfile.mkstemp(prefix=".dipnot-", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        shutil.copymode(path, made)
        Path(made).replace(path)
    finally:
        Path(made).unlink(missing_ok=True)


def find(folder: Path, given: str) -> tuple[str, Path]:
    """Find a file by the name that the list has for it; gives both. Raises NotFound, CorpusError.

    The name may be another than the file system's: see ``find_texts``.
    """
    names = find_texts(folder)
    if given not in names:
        raise NotFound(f"There is no file {shown(given)} in the corpus; known: {listed(names)}.")
    return given, names[given]


def _sync(folder: Path) -> None:
    """Have the folder's names on the disk."""
    if os.name != "nt":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _named(folder: Path) -> dict[str, str]:
    return {source.file: source.doc_id for source in read_catalogue(folder / CATALOGUE)}


def _ids(folder: Path) -> dict[str, str]:
    named = _named(folder)
    return {name: named.get(name, make_doc_id(name)) for name in find_texts(folder)}


# --- looking -----------------------------------------------------------------------------------


class Reader:
    """Looks at files, one at a time: a file made to harm takes a process, and no more."""

    def __init__(self) -> None:
        """Begin with none looked at."""
        self._place = threading.Lock()

    @contextlib.contextmanager
    def place(self) -> Iterator[None]:
        """Take the place; raises Busy where another file is being read."""
        if not self._place.acquire(blocking=False):
            raise Busy("Another file of the corpus is being read. Try again.")
        try:
            yield
        finally:
            self._place.release()

    def inspect(self, folder: Path, given: str) -> dict[str, Any]:
        """Say what is understood of a file, as ``dipnot inspect`` does.

        Raises NotFound, InvalidInput where the file cannot be read, Busy; CorpusError where the
        folder or its catalogue cannot.
        """
        name, path = find(folder, given)
        read_catalogue(folder / CATALOGUE)
        try:
            with self.place():
                return inspect_file(path, folder, name)
        except CorpusError as error:
            raise InvalidInput(str(error), "file") from None


class Listing:
    """Looks at the whole folder, which reads every file, and again only where one has changed."""

    def __init__(self, folder: Path) -> None:
        """Begin with nothing looked at."""
        self._folder = folder
        self._looking = threading.Lock()
        self._last: tuple[object, list[Shelved]] | None = None

    def look(self, manifest: Manifest | None) -> list[Shelved]:
        """Tell the same as ``look``; raises CorpusError."""
        with self._looking:
            seen = (manifest and manifest.generation, _stamps(self._folder))
            if self._last is None or self._last[0] != seen:
                self._last = (seen, look(self._folder, manifest))
            return self._last[1]


def _stamps(folder: Path) -> dict[str, object]:
    """What the file system tells of each text and link and of what decides how they are read."""
    texts = find_texts(folder) if folder.is_dir() else {}
    texts |= {"": folder, CATALOGUE: folder / CATALOGUE}
    return {name: (_stamp(path), _stamp(path, follow=False)) for name, path in texts.items()}


def _stamp(path: Path, *, follow: bool = True) -> tuple[int, ...] | None:
    try:
        told = path.stat(follow_symlinks=follow)
    except OSError:
        return None
    return told.st_ino, told.st_mode, told.st_size, told.st_mtime_ns, told.st_ctime_ns


def look(folder: Path, manifest: Manifest | None) -> list[Shelved]:
    """Tell of each file where it stands against the index; raises CorpusError."""
    corpus, found = scan_corpus(folder), find_texts(folder)
    built = manifest.documents if manifest else {}
    failed = {failure.file: failure.reason for failure in manifest.failed} if manifest else {}
    shelved = [
        Shelved(failure.file, None, "failed", failure.reason, _size(found.get(failure.file)))
        for failure in corpus.failed
    ]
    for text in corpus.texts:
        name, doc_id = text.source.file, text.source.doc_id
        reason = failed.get(name)
        state: State = "new"
        if built.get(doc_id) == text.content_hash:
            state, reason = "indexed", None
        elif reason is not None and manifest and not _later(text.path, manifest.created_at):
            state = "failed"
        else:
            state, reason = "changed" if doc_id in built else "new", None
        shelved.append(Shelved(name, doc_id, state, reason, _size(text.path)))
    shelved += [Shelved("", doc_id, "removed") for doc_id in _gone(built, corpus)]
    return sorted(shelved, key=lambda s: (s.file == "", s.file))


def _gone(built: dict[str, str], corpus: Corpus) -> Iterator[str]:
    there = corpus.hashes()
    return (doc_id for doc_id in built if doc_id not in there)


def _size(path: Path | None) -> int | None:
    with contextlib.suppress(OSError):
        return path.stat().st_size if path is not None else None
    return None


def _later(path: Path, when: str) -> bool:
    """Whether a file was changed after a time; it was if that cannot be told."""
    try:
        return path.stat().st_mtime > datetime.fromisoformat(when).timestamp()
    except (OSError, ValueError):
        return True
