"""The corpus folder: which texts lie in it, what ``corpus.toml`` says of them, their hashes.

Owns: finding and naming the texts. A text that cannot be read is reported with its reason; it
never keeps the others from being read.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from dipnot.document.build import make_document
from dipnot.errors import CorpusError, shown
from dipnot.formats import MAX_BYTES, SUFFIXES, read_pages
from dipnot.language.folding import fold
from dipnot.types import Document, FileFailure, Source

CATALOGUE = "corpus.toml"
_READING = "4"  # raise it when reading a text gives another Document than before
_TEXT_KEYS = ("title", "title_en", "author", "year", "journal")
_LIST_KEYS = ("languages", "examples")
_KEYS = ("file", "id", *_TEXT_KEYS, *_LIST_KEYS)
_DOC_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST_ID = 80


@dataclass(frozen=True, slots=True)
class Text:
    """A text found in the corpus; ``content_hash`` covers its bytes and its catalogue entry."""

    source: Source
    path: Path
    content_hash: str


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
    try:
        names = sorted(p.name for p in folder.iterdir() if _is_text(p))
    except OSError as error:
        raise CorpusError(f"{shown(str(folder))} cannot be read: {error.strerror}.") from None
    texts: list[Text] = []
    failed: list[FileFailure] = []
    seen: dict[str, str] = {}
    for name in [*names, *sorted(set(entries) - set(names))]:
        source = entries.get(name) or Source(name, make_doc_id(name))
        try:
            text = _hash(source, folder)
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
    """Read and understand one text of the corpus; raises CorpusError naming the file."""
    pages = read_pages(text.source.file, read_bytes(text.path))
    document = make_document(text.source, pages, text.content_hash)
    if not document.text:
        doubt = next((page.doubt for page in pages if page.doubt), "no text")
        raise CorpusError(f"{shown(text.source.file)} cannot be read: {doubt}.")
    return document


def _is_text(path: Path) -> bool:
    about = path.name.startswith(".") or path.name.lower() == "readme.md"  # of the folder
    return path.suffix.lower() in SUFFIXES and not about and path.is_file()


def read_bytes(path: Path) -> bytes:
    """Read a file of at most MAX_BYTES; raises CorpusError naming it."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise CorpusError(
                f"{shown(path.name)} has {path.stat().st_size:,} bytes; at most {MAX_BYTES:,} are "
                "read. Split the file."
            )
        return path.read_bytes()
    except OSError as error:
        raise CorpusError(f"{shown(path.name)} cannot be read: {error.strerror}.") from None


def _hash(source: Source, folder: Path) -> Text:
    path = folder / source.file
    if not path.exists():
        raise CorpusError(
            f"{CATALOGUE} names {shown(source.file)}, which is not in {shown(str(folder))}."
        )
    if not path.resolve().is_relative_to(folder.resolve()):
        raise CorpusError(f"{shown(source.file)} leads out of the corpus folder. Copy it there.")
    digest = hashlib.sha256(_READING.encode())
    digest.update(json.dumps(asdict(source), sort_keys=True).encode())
    digest.update(read_bytes(path))
    return Text(source, path, digest.hexdigest()[:32])


def make_doc_id(file: str) -> str:
    """Make an id from a file's stem: lower case, ASCII letters, digits, hyphens."""
    words = re.findall(r"[a-z0-9]+", fold(Path(file).stem))
    doc_id = "-".join(words)[:_LONGEST_ID].strip("-")
    return doc_id or "text-" + hashlib.sha256(file.encode()).hexdigest()[:8]


def read_catalogue(path: Path) -> list[Source]:
    """Read ``corpus.toml``; no file is an empty catalogue. Raises CorpusError."""
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return []
    except RecursionError:
        raise CorpusError(f"{path} is nested too deeply. Expected [[document]] tables.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CorpusError(f"{path} is not valid TOML: {error}.") from None
    except OSError as error:
        raise CorpusError(f"{path} cannot be read: {error.strerror}.") from None
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
    if not isinstance(file, str) or not file or file != Path(file).name or file in (".", ".."):
        raise CorpusError(
            f"{where}: `file` is {shown(file)}; expected the name of a file in the corpus folder."
        )
    values = dict(_values(table, where))
    doc_id = table.get("id", make_doc_id(file))
    if not isinstance(doc_id, str) or not _DOC_ID.fullmatch(doc_id) or len(doc_id) > _LONGEST_ID:
        raise CorpusError(
            f"{where}: `id` is {shown(doc_id)}; expected lower-case letters a-z, digits and "
            f"hyphens, at most {_LONGEST_ID}."
        )
    return replace(Source(file, doc_id), **values)


def _values(table: dict[str, Any], where: str) -> Iterator[tuple[str, Any]]:
    for key in _TEXT_KEYS:
        value = table.get(key)
        if key == "year" and isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if value is not None:
            if not isinstance(value, str) or not value.strip() or not value.isprintable():
                raise CorpusError(f"{where}: `{key}` is {shown(value)}; expected a line of text.")
            yield key, value
    for key in _LIST_KEYS:
        items = table.get(key)
        if items is not None:
            if not isinstance(items, list) or not all(isinstance(i, str) and i for i in items):
                raise CorpusError(f"{where}: `{key}` is {shown(items)}; expected a list of texts.")
            yield key, tuple(items)
