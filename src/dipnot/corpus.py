"""The corpus folder: which texts lie in it, what ``corpus.toml`` says of them, their hashes.

Owns: finding and naming the texts. A text that cannot be read is reported with its reason; it
never keeps the others from being read.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import unicodedata
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, fields, replace
from difflib import get_close_matches
from functools import lru_cache
from itertools import count
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from dipnot.checksums import open_regular, read_toml
from dipnot.document.build import make_document
from dipnot.errors import CorpusError, InvalidInput, shown
from dipnot.formats import MAX_BYTES, SUFFIXES, read_pages
from dipnot.language.folding import fold
from dipnot.question.limits import check_question
from dipnot.types import Document, FileFailure, Imprint, Source

CATALOGUE = "corpus.toml"
_READING = "13"  # raise it when reading a text gives another Document than before
_TEXT_KEYS = ("title", "title_en", "author")
_IMPRINT_KEYS = tuple(f.name for f in fields(Imprint))
_NUMBERS = ("year", "volume", "issue")  # may stand without quotation marks
_LIST_KEYS = ("languages", "examples")
_KEYS = ("file", "id", *_TEXT_KEYS, *_IMPRINT_KEYS, *_LIST_KEYS)
_NO_TEXTS = "questions"  # the folder of question sets
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_DOC_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST_ID = 80
Stamp = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class Text:
    """A text found in a corpus folder; ``content_hash`` covers its bytes and its entry."""

    source: Source
    path: Path
    content_hash: str
    folder: Path | None = None  # that it may not lead out of; None: the one that it lies in


@dataclass(frozen=True, slots=True)
class Corpus:
    """The texts of a folder in order of their file names, and the files that cannot be read."""

    texts: tuple[Text, ...]
    failed: tuple[FileFailure, ...]

    def hashes(self) -> dict[str, str]:
        """Content hash by document id."""
        return {text.source.doc_id: text.content_hash for text in self.texts}


def scan_corpus(folder: Path) -> Corpus:
    """List the texts of a corpus folder with their hashes, without understanding them.

    Raises CorpusError when the folder or its catalogue cannot be read.
    """
    if not folder.is_dir():
        raise CorpusError(
            f"The corpus folder {shown(str(folder))} does not exist. Make it and put texts into "
            "it, or name another with --corpus."
        )
    entries = {source.file: source for source in read_catalogue(folder / CATALOGUE)}
    texts: list[Text] = []
    failed: list[FileFailure] = []
    seen: dict[str, str] = {}
    for name, path in list_texts(folder, entries).items():
        source = entries.get(name) or Source(name, make_doc_id(name))
        try:
            text = _hash(source, path, folder)
            if source.doc_id in seen:
                raise CorpusError(
                    f"{shown(name)} has the id {shown(source.doc_id)}, which "
                    f"{shown(seen[source.doc_id])} has too. Give it another in {CATALOGUE}."
                )
        except CorpusError as error:
            failed.append(FileFailure(name, str(error)))
            continue
        seen[source.doc_id] = name
        texts.append(text)
    return Corpus(tuple(texts), tuple(failed))


def read_text(text: Text) -> Document:
    """Read and understand one text of the corpus; raises CorpusError naming the file.

    The document's hash is that of the bytes read here: the file may have been saved since the scan.
    """
    data = read_bytes(text.path, text.folder or text.path.parent)
    pages = read_pages(text.source.file, data)
    document = make_document(text.source, pages, _digest(text.source, data))
    if not document.text:
        doubt = next((page.doubt for page in pages if page.doubt), "no text")
        raise CorpusError(f"{shown(text.source.file)} cannot be read: {doubt}.")
    return document


def _texts_in(folder: Path) -> Iterator[tuple[str, Path]]:
    """Names of the texts inside a folder and those in it, parts joined by `/`, with their paths.

    What is named like a text and is none, links to folders and folders that cannot be listed are
    among them: reading them says why it cannot be. Raises OSError for the folder itself. Hidden
    folders are not entered.
    """
    closed: list[Path] = []

    def note(error: OSError) -> None:
        if error.filename is None or Path(error.filename) == folder:
            raise error
        if not isinstance(error, FileNotFoundError):  # it was taken away meanwhile
            closed.append(Path(error.filename))

    for where, inner, files in os.walk(folder, onerror=note):
        inner[:] = [n for n in inner if not n.startswith(".")]
        if Path(where) == folder and _NO_TEXTS in inner:
            inner.remove(_NO_TEXTS)
        links = [path for path in (Path(where) / n for n in inner) if path.is_symlink()]
        texts = [path for path in (Path(where) / n for n in files) if _is_text(path)]
        for path in (*links, *texts):
            yield _written(path.relative_to(folder)), path
    for path in closed:
        yield _written(path.relative_to(folder)), path


def _written(path: Path) -> str:
    """A path as text; one that is not UTF-8 is taken for Turkish of old (Latin-5)."""
    name = os.fsencode(path.as_posix())
    try:
        return name.decode("utf-8")
    except UnicodeDecodeError:
        return name.decode("iso8859-9")


def name_of(path: Path) -> str:
    """The name that a text has by its path in the corpus folder, in the usual form of letters."""
    return unicodedata.normalize("NFC", _written(path))


def find_texts(folder: Path) -> dict[str, Path]:
    """List the texts of a corpus folder by their names inside it, in order; raises CorpusError.

    A file may have its letters in parts, as macOS gives them; where another has the same name with
    whole letters, it is named as it is. Where that is taken too, it gets a number.
    """
    try:
        found = sorted(_texts_in(folder), key=_rank)
    except OSError as error:
        raise CorpusError(f"{shown(str(folder))} cannot be read: {error.strerror}.") from None
    named: dict[str, Path] = {}
    twins: list[tuple[str, Path]] = []
    for name, path in found:
        if named.setdefault(unicodedata.normalize("NFC", name), path) is not path:
            twins.append((name, path))
    for name, path in twins:
        named[next(n for n in _further(name) if n not in named)] = path
    return dict(sorted(named.items()))


def _rank(found: tuple[str, Path]) -> tuple[bool, bool, str]:
    """Of files that fall on one name: whole letters come first, and UTF-8 before Latin-5."""
    name, path = found
    in_utf8 = os.fsencode(path).endswith(name.encode("utf-8"))
    return not unicodedata.is_normalized("NFC", name), not in_utf8, name


def _further(name: str) -> Iterator[str]:
    path = PurePosixPath(name)
    yield name
    yield from (str(path.with_stem(f"{path.stem} ({number})")) for number in count(2))


def list_texts(folder: Path, entries: Collection[str]) -> dict[str, Path]:
    """List the texts of a corpus folder, then those that its catalogue alone names."""
    found = find_texts(folder)
    return found | {name: folder / name for name in sorted(set(entries) - set(found))}


def _is_text(path: Path) -> bool:
    about = path.name.startswith(".") or path.name.lower() == "readme.md"  # of the folder
    return path.suffix.lower() in SUFFIXES and not about


def read_bytes(path: Path, folder: Path | None = None) -> bytes:
    """Read a file of at most MAX_BYTES; raises CorpusError naming it.

    Where a ``folder`` is given, what was opened must be a file inside it, whatever links say.
    """
    name = shown(os.fsencode(path.name).decode("utf-8", "replace"))
    try:
        with open_regular(path) as file:
            if folder is not None and not _is_inside_of(folder, path, file):
                raise CorpusError(f"{name} leads out of the corpus folder. Copy it there.")
            size = os.fstat(file.fileno()).st_size
            data = b"" if size > MAX_BYTES else file.read(MAX_BYTES + 1)
            size = max(size, len(data))  # it may have grown meanwhile
    except OSError as error:
        if path.is_symlink():
            raise CorpusError(
                f"{name} is a link to no file that can be read. Copy the file there."
            ) from None
        raise CorpusError(f"{name} cannot be read: {error.strerror}.") from None
    if size > MAX_BYTES:
        raise CorpusError(
            f"{name} has {size:,} bytes; at most {MAX_BYTES:,} are read. Split the file."
        )
    return data


def _is_inside_of(folder: Path, path: Path, file: BinaryIO) -> bool:
    """Whether an open file is the one that a path inside the folder leads to by now."""
    place = path.resolve()
    same = os.path.samestat(place.stat(), os.fstat(file.fileno()))
    return same and place.is_relative_to(folder.resolve())


def _hash(source: Source, path: Path, folder: Path) -> Text:
    if not os.path.lexists(path):
        raise CorpusError(
            f"{CATALOGUE} names {shown(source.file)}, which is not in the corpus folder."
        )
    return Text(source, path, _digest(source, read_bytes(path, folder)), folder)


def _digest(source: Source, data: bytes) -> str:
    """Hash a text's bytes and its catalogue entry, and how texts are read."""
    digest = hashlib.sha256(_READING.encode())
    digest.update(json.dumps(asdict(source), sort_keys=True).encode())
    digest.update(data)
    return digest.hexdigest()[:32]


def stamp_corpus(folder: Path) -> Stamp:
    """Tell of each text and of the catalogue how large it is and when it was changed, by its name.

    Equal stamps mean equal texts, as far as the file system tells; a folder that cannot be listed
    has no files. Reads no file but a catalogue that was changed.
    """
    catalogue = folder / CATALOGUE
    told = _told(catalogue)
    found = [] if told is None else [(CATALOGUE, *told)]
    with suppress(CorpusError):
        for name, path in list_texts(folder, _named_by(catalogue, told)).items():
            about = _told(path)
            if about is not None:
                found.append((name, *about))
    return tuple(sorted(found))


def _told(path: Path) -> tuple[int, int] | None:
    with suppress(OSError):
        about = path.stat()
        return about.st_size, about.st_mtime_ns
    return None


@lru_cache(maxsize=8)
def _named_by(catalogue: Path, told: tuple[int, int] | None) -> tuple[str, ...]:
    """The files that a catalogue names while what is ``told`` of it stays; none of a wrong one."""
    with suppress(CorpusError):
        return tuple(source.file for source in read_catalogue(catalogue) if told is not None)
    return ()


def make_doc_id(file: str) -> str:
    """Make an id from a path without its ending: lower case, ASCII letters, digits, hyphens."""
    words = re.findall(r"[a-z0-9]+", fold(str(PurePosixPath(file).with_suffix(""))))
    doc_id = "-".join(words)[:_LONGEST_ID].strip("-")
    return doc_id or "text-" + hashlib.sha256(file.encode()).hexdigest()[:8]


def read_catalogue(path: Path) -> list[Source]:
    """Read ``corpus.toml``; no file is an empty catalogue. Raises CorpusError."""
    if path.exists() and not path.is_file():
        raise CorpusError(f"{path} is no regular file. Put a file in its place.")
    try:
        data = read_toml(path)
    except ValueError as error:
        raise CorpusError(str(error)) from None
    unknown = [key for key in data if key != "document"]
    tables = data.get("document", [])
    if unknown or not isinstance(tables, list) or not all(isinstance(t, dict) for t in tables):
        found = shown(unknown[0]) if unknown else "`document` of another kind"
        raise CorpusError(f"{path} holds {found}; expected [[document]] tables only.")
    sources = [_source(table, i, path) for i, table in enumerate(tables, start=1)]
    files = [source.file for source in sources]
    twice = next((f for f in files if files.count(f) > 1), None)
    if twice is not None:
        raise CorpusError(f"{path} names {shown(twice)} twice. Keep one [[document]] for it.")
    return sources


def _source(table: dict[str, Any], number: int, path: Path) -> Source:
    where = f"{path}, [[document]] {number}"
    for key in table:
        if key not in _KEYS:
            near = get_close_matches(key, _KEYS, n=1, cutoff=0.0)[0]
            raise CorpusError(f"{where} holds {shown(key)}, which is unknown; did you mean {near}?")
    file = table.get("file")
    if not isinstance(file, str) or not _is_inside(file):
        raise CorpusError(
            f"{where}: `file` is {shown(file)}; expected the path of a file inside the corpus "
            "folder, such as name.txt or folder/name.txt."
        )
    file = unicodedata.normalize("NFC", file)
    values = dict(_values(table, where))
    imprint = Imprint(**{key: values.pop(key) for key in _IMPRINT_KEYS if key in values})
    doc_id = table.get("id", make_doc_id(file))
    if not isinstance(doc_id, str) or not _DOC_ID.fullmatch(doc_id) or len(doc_id) > _LONGEST_ID:
        raise CorpusError(
            f"{where}: `id` is {shown(doc_id)}; expected lower-case letters a-z, digits and "
            f"hyphens, at most {_LONGEST_ID}."
        )
    return replace(Source(file, doc_id, imprint=imprint), **values)


def _is_inside(file: str) -> bool:
    """Whether it is a path as ``_texts_in`` gives them."""
    path = PurePosixPath(file)
    plain = file == str(path) and "\\" not in file and "\0" not in file
    return plain and not path.is_absolute() and path.name != "" and ".." not in path.parts


def _values(table: dict[str, Any], where: str) -> Iterator[tuple[str, Any]]:
    for key in (*_TEXT_KEYS, *_IMPRINT_KEYS):
        value = table.get(key)
        if key in _NUMBERS and isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if value is not None:
            if not isinstance(value, str) or not value.strip() or not value.isprintable():
                raise CorpusError(f"{where}: `{key}` is {shown(value)}; expected a line of text.")
            if key == "url" and not value.startswith(("http://", "https://")):
                raise CorpusError(
                    f"{where}: `url` is {shown(value)}; expected http:// or https://."
                )
            yield key, value
    for key in _LIST_KEYS:
        items = table.get(key)
        if items is not None:
            if not isinstance(items, list) or not all(isinstance(i, str) and i for i in items):
                raise CorpusError(f"{where}: `{key}` is {shown(items)}; expected a list of texts.")
            _check_items(key, items, where)
            yield key, tuple(items)


def _check_items(key: str, items: list[str], where: str) -> None:
    for item in items:
        if key == "languages" and not _LANGUAGE.fullmatch(item):
            raise CorpusError(
                f"{where}: `{key}` has {shown(item)}; expected codes such as tr and en."
            )
        if key == "examples":
            try:
                check_question(item, f"{where}: one of `{key}`")
            except InvalidInput as error:
                raise CorpusError(str(error)) from None
