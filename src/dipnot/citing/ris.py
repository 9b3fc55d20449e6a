"""References as RIS.

Owns: its lines: a tag of two signs, two spaces, a hyphen, a space, the value; CR and LF at the end.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from dipnot.citing.items import Item
from dipnot.citing.names import Name

_TYPES = {"article-journal": "JOUR", "book": "BOOK"}
_LANGUAGES = {"tr-TR": "tr", "en-US": "en"}
_TAGS = {
    "container-title": "T2",
    "volume": "VL",
    "issue": "IS",
    "publisher": "PB",
    "publisher-place": "CY",
    "DOI": "DO",
    "URL": "UR",
}


def as_ris(items: Iterable[Item], quotes: Mapping[str, Sequence[str]]) -> str:
    """Write a record a reference; ``quotes``: what was quoted, by id, kept as notes."""
    return "\r\n".join(_record(item, quotes.get(item["id"], ())) for item in items)


def _record(item: Item, quotes: Sequence[str]) -> str:
    return "".join(f"{tag}  - {' '.join(value.split())}\r\n" for tag, value in _lines(item, quotes))


def _lines(item: Item, quotes: Sequence[str]) -> Iterator[tuple[str, str]]:
    yield "TY", _TYPES.get(item["type"], "GEN")
    yield "ID", item["id"]
    for name in item.get("author", ()):
        yield "AU", _author(name)
    yield "TI", item["title"]
    yield from _date(item.get("issued", {}))
    for key, tag in _TAGS.items():
        if key in item:
            yield tag, item[key]
    first, _, last = re.sub(r"(?:(?<!\s)\s+)?[-–]\s*", "-", item.get("page", "")).partition("-")
    if first:
        yield "SP", first
    if last:
        yield "EP", last
    language = str(item["language"])
    yield "LA", _LANGUAGES.get(language, language)
    for quote in quotes:
        yield "N1", quote
    yield "ER", ""


def _date(date: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """The year, and the whole date where more is known: `2023/06/15/`."""
    parts = date.get("date-parts")
    if isinstance(parts, list):
        year, *rest = parts[0]
        yield "PY", f"{year:04}"
        if rest:
            month, day = (*(f"{part:02}" for part in rest), "")[:2]
            yield "DA", f"{year:04}/{month}/{day}/"
    elif date:
        yield "PY", str(date["literal"])


def _author(name: Name) -> str:
    """A name as `Family, Given`; an asterisk would be read as something else."""
    whole = name["literal"] if "literal" in name else f"{name['family']}, {name['given']}"
    return whole.replace("*", "")
