"""What a reader takes away: citations, and a conversation with its footnotes.

Owns: which formats there are, and how questions, answers, notes and the bibliography are put
together in each.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import get_args

from dipnot.citing.bibtex import as_bibtex
from dipnot.citing.items import Cited, Item, beside, item_of
from dipnot.citing.processor import IN_TEXT, Markup, Written, escaped, write
from dipnot.citing.ris import as_ris
from dipnot.types import CitationFormat as Format
from dipnot.types import CitationStyle as Style
from dipnot.types import Language, Verdict

FORMATS: tuple[Format, ...] = get_args(Format)
ENDINGS: dict[Format, str] = {
    "text": "txt", "markdown": "md", "bibtex": "bib", "ris": "ris", "csl-json": "json",
}  # fmt: skip
_WORDS: dict[Language, dict[str, str]] = {
    "tr": {
        "title": "Dipnot ile sorulanlar",
        "apa": "Kaynakça",
        "mla": "Kaynakça",
        "notes": "Dipnotlar",
        "answered": "Yanıtlandı.",
        "partial": "Kısmen yanıtlandı.",
        "not_in_text": "Metinde yok.",
    },
    "en": {
        "title": "Asked with Dipnot",
        "apa": "References",
        "mla": "Works Cited",
        "notes": "Notes",
        "answered": "Answered.",
        "partial": "Answered in part.",
        "not_in_text": "Not in the text.",
    },
}
_LISTS = {"tr": "Kaynakça", "en": "Bibliography"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, its answer, and the places that the answer cites as [1], [2] and so on."""

    question: str
    answer: str
    places: tuple[Cited, ...]
    verdict: Verdict | None = None


def cite(places: Sequence[Cited], style: Style, language: Language, format_: Format) -> str:
    """Write citations: a note for each place; what a style names shortly is listed in full below.

    In a format for reference managers: each text that is cited, once.
    """
    if format_ not in ("text", "markdown"):
        return _references(places, format_, quotes={})
    written = write(places, style, language, format_)
    between = "\n\n" if format_ == "markdown" else "\n"  # there a single one joins two lines
    lines = between.join(notes_of(places, written, language, format_))
    if style not in IN_TEXT or not lines:
        return lines
    listed = between.join(written.bibliography)
    return f"{lines}\n\n{_WORDS[language][style]}\n\n{listed}"


def notes_of(
    places: Sequence[Cited], written: Written, language: Language, markup: Markup
) -> list[str]:
    """Give each note, with what stands beside it."""
    safe = escaped if markup == "markdown" else str
    return [
        f"{note} {safe(beside(place, language))}".rstrip()
        for place, note in zip(places, written.notes, strict=True)
    ]


def export(turns: Sequence[Asked], style: Style, language: Language, format_: Format) -> str:
    """Write a conversation with its footnotes numbered through, and what it cites at the end.

    In a format for reference managers: each text that is cited, once, with what was quoted of it.
    """
    places = [place for turn in turns for place in turn.places]
    if format_ not in ("text", "markdown"):
        return _references(places, format_, quotes=_quotes(places, language))
    written = write(places, style, language, format_)
    notes = notes_of(places, written, language, format_)
    body = _as_markdown if format_ == "markdown" else _as_text
    return "\n\n".join(body(turns, notes, written, _WORDS[language], _list_of(style, language)))


def _list_of(style: Style, language: Language) -> str:
    return _WORDS[language].get(style, _LISTS[language])


def _as_markdown(
    turns: Sequence[Asked],
    notes: Sequence[str],
    written: Written,
    words: dict[str, str],
    list_: str,
) -> Iterator[str]:
    yield f"# {words['title']}"
    before = 0
    for turn in turns:
        yield f"## {escaped(_line(turn.question))}"
        if turn.verdict in words:
            yield f"*{words[turn.verdict]}*"
        yield _numbered(turn, before, escaped, "[^{}]")
        before += len(turn.places)
    if notes:
        yield "\n".join(f"[^{n}]: {note}" for n, note in enumerate(notes, start=1))
        yield f"## {list_}"
        yield "\n\n".join(written.bibliography) + "\n"


def _as_text(
    turns: Sequence[Asked],
    notes: Sequence[str],
    written: Written,
    words: dict[str, str],
    list_: str,
) -> Iterator[str]:
    yield words["title"]
    before = 0
    for turn in turns:
        yield _line(turn.question)
        if turn.verdict in words:
            yield words[turn.verdict]
        yield _numbered(turn, before, str, "[{}]")
        before += len(turn.places)
    if notes:
        yield words["notes"]
        yield "\n".join(f"[{n}] {note}" for n, note in enumerate(notes, start=1))
        yield list_
        yield "\n".join(written.bibliography) + "\n"


def _numbered(turn: Asked, before: int, safe: Callable[[str], str], form: str) -> str:
    """Number an answer's marks on from those before it, and leave what it quotes as it is.

    A number of no place is the answer's own.
    """
    quotes = {safe(f"“{_line(place.quote)}”") for place in turn.places}
    mark = re.escape(safe("[")) + r"(\d+)" + re.escape(safe("]"))
    numbered = 0

    def number(found: re.Match[str]) -> str:
        nonlocal numbered
        if found.group(1) is None:
            return found.group()
        numbered += 1
        n = int(found.group(1))
        return form.format(before + n) if 1 <= n <= len(turn.places) else found.group()

    told = [re.escape(quote) for quote in sorted(quotes, key=len, reverse=True)]
    answer = re.sub("|".join([*told, mark]), number, safe(_line(turn.answer)))
    if numbered == 0 and turn.places:
        marks = "".join(form.format(before + n) for n in range(1, len(turn.places) + 1))
        return f"{answer} {marks}"
    return answer


def _line(text: str) -> str:
    return " ".join(text.split())


def _references(places: Sequence[Cited], format_: Format, quotes: dict[str, list[str]]) -> str:
    documents = {place.document.doc_id: place.document for place in places}
    items = [item_of(document) for document in documents.values()]
    if format_ == "bibtex":
        return as_bibtex(items, quotes)
    if format_ == "ris":
        return as_ris(items, quotes)
    noted: list[Item] = [
        item | ({"note": "\n".join(quotes[item["id"]])} if item["id"] in quotes else {})
        for item in items
    ]
    return json.dumps(noted, ensure_ascii=False, indent=2) + "\n"


def _quotes(places: Sequence[Cited], language: Language) -> dict[str, list[str]]:
    """What was quoted of each text, with its pages and what stands beside it."""
    found: dict[str, list[str]] = {}
    for place in places:
        label = ("s." if language == "tr" else "p.") if "-" not in place.pages else "ss."
        if language == "en" and "-" in place.pages:
            label = "pp."
        told = f"“{place.quote}” ({label} {place.pages}) {beside(place, language)}".rstrip()
        quotes = found.setdefault(place.document.doc_id, [])
        if told not in quotes:
            quotes.append(told)
    return found
