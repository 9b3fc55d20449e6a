"""Notes and bibliographies as a citation style has them, by citeproc-py from CSL files.

Owns: which styles there are, and what the processor leaves undone: whole given names, commas
before a closing quotation mark in English, none before `ve` in Turkish, telling two works of one
author apart, sorting by the alphabet of the language. The style files themselves stay as their
authors publish them.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from types import SimpleNamespace
from typing import Any, Literal

from citeproc import (
    Citation,
    CitationItem,
    CitationStylesBibliography,
    CitationStylesStyle,
    Locator,
)
from citeproc.model import CitationStylesElement, Macro, Parent
from citeproc.source.json import CiteProcJSON

from dipnot.citing.items import Cited, Item, item_of
from dipnot.types import CitationStyle as Style
from dipnot.types import Language

Markup = Literal["text", "markdown"]
STYLES: dict[Style, str] = {
    "chicago": "chicago-notes-bibliography.csl",
    "apa": "apa.csl",
    "isnad": "isnad-dipnotlu.csl",
    "mla": "modern-language-association.csl",
}
IN_TEXT: tuple[Style, ...] = ("apa", "mla")  # these name a source shortly, and list it in full
_LOCALES: dict[Language, str] = {"tr": "tr-TR", "en": "en-US"}
_HYPHEN = "\ue000"  # between two pages, until the string is finished
_ALPHABET = "abcçdefgğhıijklmnoöprsştuüvyz"
_WRITING = threading.Lock()  # a style that is loaded holds what it is writing


@dataclass(frozen=True, slots=True)
class Written:
    """A note for each place cited, in their order, and the bibliography of what they cite."""

    notes: tuple[str, ...]
    bibliography: tuple[str, ...]


def write(
    places: Sequence[Cited], style: Style, language: Language, markup: Markup = "text"
) -> Written:
    """Write notes and bibliography; where a style shortens later notes, they are shortened."""
    with _WRITING:
        return _write(places, style, language, markup)


def _write(places: Sequence[Cited], style: Style, language: Language, markup: Markup) -> Written:
    documents = {place.document.doc_id: place.document for place in places}
    items = _told_apart([item_of(d) for d in documents.values()], language)
    loaded = _load(style, language, alike=_share_an_author(items))
    form = loaded.root.get("page-range-format")
    hand = _Hand(style, language, markup)
    items = [_set(item, form, markup) for item in items]
    source = CiteProcJSON(items)
    shelf = CitationStylesBibliography(loaded, source, _MARKUPS[markup])
    notes = []
    for place in places:
        pages = escaped(place.pages) if markup == "markdown" else place.pages
        locator = Locator("page", range_of(pages, form))
        note = Citation([CitationItem(place.document.doc_id, locator=locator)])
        shelf.register(note)
        notes.append(hand.finished(shelf.cite(note, _unknown)))
    ordered = sorted(items, key=lambda item: _order(item, language))
    entries = [hand.entry(loaded, item) for item in ordered]
    return Written(tuple(notes), tuple(entries))


def _unknown(item: Any) -> str:
    raise KeyError(item.key)  # every item is in the source


@cache
def _load(style: Style, language: Language, *, alike: bool) -> Any:
    """Read a style once, for reading takes longer than writing does."""
    with as_file(files("dipnot.citing").joinpath("styles", STYLES[style])) as path:
        loaded = CitationStylesStyle(str(path), locale=_LOCALES[language], validate=False)
    _keep_given_names(loaded.root)
    for element in loaded.root.iter():
        if element.get("disambiguate") == "true" and not alike:
            element.set("type", "none")  # the processor would take it for met
        if language == "tr":
            if element.get("and") == "symbol":
                element.set("and", "text")
            if element.get("delimiter-precedes-last") or element.tag.endswith("}name"):
                element.set("delimiter-precedes-last", "never")
    return loaded


@cache
def _macros(root: Any) -> dict[str, Any]:
    """Give the macros of a style by name; the first of a name counts."""
    found = root.findall("cs:macro", namespaces=root.nsmap)
    return {macro.get("name"): macro for macro in reversed(found)}


def _macro(element: Any, name: str) -> Any:
    return _macros(element.get_root())[name]


# The processor searches the whole style for a macro each time that it is named, thousands of times
# for one note of Chicago's: most of the time that a note took.
CitationStylesElement.get_macro = _macro
Macro.calls_variable = cache(Parent.calls_variable)


def _keep_given_names(root: Any) -> None:
    """Shorten given names only where a style says so; the processor does not know how it says it.

    `initialize="false"` undoes what the whole style has.
    """
    with_ = root.attrib.pop("initialize-with", None)
    for name in root.iter("{*}name"):
        if name.get("initialize") == "false":
            name.attrib.pop("initialize-with", None)
        elif with_ is not None and "initialize-with" not in name.attrib:
            name.set("initialize-with", with_)


def _share_an_author(items: Sequence[Item]) -> bool:
    authors = Counter(family for item in items if (family := _family(item)))
    return any(count > 1 for count in authors.values())


def _told_apart(items: list[Item], language: Language) -> list[Item]:
    """Give works of one author and year the letters a, b … in the order of the bibliography."""
    ordered = sorted(items, key=lambda item: _order(item, language))
    keys = [(_family(item) or item["title"], repr(item.get("issued"))) for item in ordered]
    made = []
    for at, (item, key) in enumerate(zip(ordered, keys, strict=True)):
        if keys.count(key) > 1:
            item = item | {"year-suffix": chr(ord("a") + keys[:at].count(key) % 26)}  # noqa: PLW2901
        made.append(item)
    return made


def _family(item: Item) -> str:
    names = item.get("author", ())
    return " ".join(name.get("family") or name.get("literal", "") for name in names)


def _order(item: Item, language: Language) -> tuple[Any, ...]:
    """Where a work stands in a bibliography: by its authors, or its title where it has none."""
    names = item.get("author", ())
    whole = [f"{n.get('family', n.get('literal', ''))} {n.get('given', '')}" for n in names]
    year = str(item.get("issued", ""))
    return tuple(
        collated(text, language) for text in (" ".join(whole) or item["title"], year, item["title"])
    )


def collated(text: str, language: Language) -> tuple[tuple[int, str], ...]:
    """A key that sorts as the alphabet of a language does; what is no letter comes first."""
    if language == "tr":
        small = text.replace("I", "ı").replace("İ", "i").lower().translate(_CIRCUMFLEX)
    else:
        split = unicodedata.normalize("NFKD", text.replace("ı", "i").casefold())
        small = "".join(c for c in split if not unicodedata.combining(c))
    return tuple((_ALPHABET.find(c) if language == "tr" else 0, c) for c in small if c != "'")


_CIRCUMFLEX = str.maketrans("âîû", "aiu")


def range_of(pages: str, form: str | None) -> str:
    """Shorten the end of a range of pages as the style says; the hyphen is put in at the end.

    The processor shortens those of references alone, and some of them wrongly.
    """
    found = re.fullmatch(r"(\d+)\s*[-–]\s*(\d+)", pages.strip())
    if found is None:
        return re.sub(r"(?:(?<!\s)\s+)?[-–]\s*", _HYPHEN, pages.strip())
    first, last = found.groups()
    kept = len(last)
    if len(first) == len(last) and first < last:
        changed = next(n for n, (a, b) in enumerate(zip(first, last, strict=True)) if a != b)
        if form == "minimal-two":
            kept = max(2, len(last) - changed)
        elif form == "chicago-16" and int(first) > 100 and int(first) % 100:
            kept = max(1 if int(first) % 100 < 10 else 2, len(last) - changed)
    return f"{first}{_HYPHEN}{last[-kept:]}"


def _set(item: Item, form: str | None, markup: Markup) -> Item:
    """Give the processor what it is to set: pages as the style has them, and no mark-up."""
    told = item | ({"page": range_of(item["page"], form)} if "page" in item else {})
    return _safe(told) if markup == "markdown" else told


def _safe(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        return {k: _safe(v, k) for k, v in value.items()}
    if isinstance(value, list):
        return [_safe(v) for v in value]
    if key in ("URL", "DOI"):
        return re.sub(r"[\s<>\[\]()*`\\]", lambda m: f"%{ord(m.group()):02X}", value)
    return value if key in ("id", "type") or not isinstance(value, str) else escaped(value)


@dataclass(frozen=True, slots=True)
class _Hand:
    """What is done by hand to a string of the processor's."""

    style: Style
    language: Language
    markup: Markup

    def entry(self, loaded: Any, item: Item) -> str:
        """Write an entry of the bibliography.

        Chicago lists no documents that were not published; here they are listed as web pages are.
        """
        for kind in (item["type"], "webpage"):
            source = CiteProcJSON([item | {"type": kind}])
            alone = CitationStylesBibliography(loaded, source, _MARKUPS[self.markup])
            alone.register(Citation([CitationItem(item["id"])]))
            for text in alone.bibliography():
                line = str(text)
                return self.finished(line if "author" in item else _once(line, item["title"]))
        return self.finished(item["title"])

    def finished(self, text: Any) -> str:
        """Bring a string to its end: one line, quotation marks, hyphens, and the stop of a note."""
        line = " ".join(str(text).split())
        line = line.replace(_HYPHEN, "–" if self.language == "en" else "-")
        line = re.sub(r"([.!?]”?\*?)\.(?=\s|$)", r"\1", line)
        if self.language == "en":
            line = re.sub(r"([.!?]?)”([,.])", _inside, line)
        if self.style not in IN_TEXT and not re.search(r"[.!?][”’*]*$", line):
            line += "."
        return line


def _once(entry: str, title: str) -> str:
    """Take a title out that stands in the place of the author and once more behind it."""
    words = r"[\W_]+".join(map(re.escape, re.findall(r"\w+", title)))
    shown = re.compile(rf"(?:(?<![*“])[*“]+)?{words}[*”.,?!]*\s*", re.IGNORECASE)
    first = shown.match(entry)
    if not words or first is None:
        return entry
    return entry[: first.end()] + shown.sub("", entry[first.end() :], count=1)


def _inside(found: re.Match[str]) -> str:
    """A stop or comma stands before the quotation mark; a stop gives way to another sign."""
    end, after = found.groups()
    return f"{end}”" if end and after == "." else f"{end}{after}”"


# --- markup --------------------------------------------------------------------------------------

_MARKS = re.compile(r"[\\`*_\[\]<>~]|&(?=#?\w+;)|^[#+-]")


def escaped(text: str) -> str:
    """Write a line of text for Markdown, so that nothing in it is mark-up."""
    return _MARKS.sub(r"\\\g<0>", text)


def _around(mark: str) -> Callable[[Any], str]:
    def wrap(text: Any) -> str:
        inner = str(text)
        bare = inner.strip()
        return inner.replace(bare, f"{mark}{bare}{mark}", 1) if bare else inner

    return wrap


_NAMES = "Italic Oblique Bold Light Underline Superscript Subscript SmallCaps".split()
_ITALIC = {"Italic": _around("*"), "Oblique": _around("*"), "Bold": _around("**")}
_MARKUPS: dict[Markup, Any] = {
    "text": SimpleNamespace(preformat=str, **dict.fromkeys(_NAMES, str)),
    "markdown": SimpleNamespace(preformat=str, **dict.fromkeys(_NAMES, str) | _ITALIC),
}
